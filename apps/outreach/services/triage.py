"""Sorting of incoming mail: who looks after it, what it is, and whether it still needs an answer."""

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.governments.models import Member
from apps.postbox.inbound.classification import MailKind
from apps.postbox.models import InboundMail
from apps.postbox.services.inbound_corrections import inbound_match, inbound_reclassify

from ..models import Delivery, MailTriage
from ..selectors.tracking import possible_assignees
from .follow_ups import NotInTeam
from .tracking_rights import tracking_check

#: labels of what no person wrote: such a mail is no answer
AUTOMATIC = {MailTriage.Label.OUT_OF_OFFICE, MailTriage.Label.CAPTCHA}


@transaction.atomic
def mail_sort(
    *, campaign: Campaign, mail: InboundMail, member: Member, actor: User, assignee: User | None, label: str,
    closed: bool,
) -> MailTriage:  # fmt: skip
    """Say who looks after a mail, what it is, and whether it is dealt with. Mail labelled as automatic is no longer
    counted as an answer. Raises NotYourGovernment, NotInTeam."""
    tracking_check(campaign=campaign, member=member, actor=actor)
    InboundMail.objects.select_for_update().only("pk").get(pk=mail.pk)
    row = MailTriage.objects.filter(mail=mail).first() or MailTriage(mail=mail, campaign=campaign)
    new = assignee if assignee is not None and assignee.pk != row.assignee_id else None
    if new is not None and not possible_assignees(campaign).filter(pk=new.pk).exists():
        raise NotInTeam(field="assignee")
    before = (row.assignee_id, row.label, row.closed_at is not None)
    row.assignee, row.label = assignee, label
    row.closed_at = (row.closed_at or timezone.now()) if closed else None
    if row.pk is None or before != (row.assignee_id, row.label, closed):
        row.save()
        audit_record(
            verb="mail.sort", subject=mail, actor=actor, campaign_id=campaign.pk, label=label, closed=closed,
            assignee=assignee.pk if assignee else None,
        )  # fmt: skip
    if label in AUTOMATIC and mail.kind == MailKind.REPLY:
        inbound_reclassify(mail=mail, kind=MailKind.AUTO_REPLY, actor=actor)
    return row


@transaction.atomic
def mail_file(*, delivery: Delivery, mail: InboundMail, actor: User) -> InboundMail:
    """Say which letter a mail is about. Raises NotYourGovernment, AlreadyMatched."""
    tracking_check(campaign=delivery.dispatch.campaign, member=delivery.member, actor=actor)
    assert delivery.message, "letters to choose from have left"
    return inbound_match(mail=mail, message=delivery.message, actor=actor)


@transaction.atomic
def mail_correct(
    *, delivery: Delivery, mail: InboundMail, actor: User, kind: str, bounce_reason: str = ""
) -> InboundMail:
    """Say what a mail about this letter is. Raises NotYourGovernment, and what `inbound_reclassify` does."""
    tracking_check(campaign=delivery.dispatch.campaign, member=delivery.member, actor=actor)
    return inbound_reclassify(mail=mail, kind=kind, actor=actor, bounce_reason=bounce_reason)


@transaction.atomic
def mail_set_aside(*, campaign: Campaign, mail: InboundMail, actor: User) -> None:
    """Mail that matches no letter and is not about the campaign: it waits no more, and is deleted in its time.
    Raises NotYourGovernment."""
    tracking_check(campaign=campaign, member=None, actor=actor)
    InboundMail.objects.select_for_update().only("pk").get(pk=mail.pk)
    _row, made = MailTriage.objects.update_or_create(
        mail=mail,
        defaults={"closed_at": timezone.now()},
        create_defaults={"campaign": campaign, "closed_at": timezone.now()},
    )
    if made:
        audit_record(verb="mail.set_aside", subject=mail, actor=actor, campaign_id=campaign.pk)
