"""Mails that ask signers to confirm what the team entered. The row that waits is the queue."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.encryption import lookup_hashes
from apps.core.errors import Conflict
from apps.core.wakeups import wake
from apps.postbox.transports.email_addresses import BadAddress

from ..models import CollectedSignOn, SignOn, SignOnToken
from .signer_mails import address_lock, address_may_get_mail, mail_send, token_issue

log = structlog.get_logger(__name__)
#: mails of one run, so that a worker is free again soon
AT_ONCE = 1000
#: until the next mail to an address that has had its share, or that did not answer
WAIT, AGAIN_AFTER = timedelta(hours=1), timedelta(days=1)


class NoMailNow(Conflict):
    default_message = _(
        "No email can be sent now: the signature no longer waits, has no address, or got an email less than a day ago."
    )


def collected_mails_send() -> int:
    """Send the mails that are due. Returns how many. Killed half-way, or run twice at once, nobody gets two."""
    due = CollectedSignOn.objects.filter(mail_due_at__lte=timezone.now()).order_by("mail_due_at", "id")
    ids = list(due.values_list("pk", "sign_on_id")[:AT_ONCE])
    sent = sum(_send(pk, sign_on_id) for pk, sign_on_id in ids)
    if len(ids) == AT_ONCE:
        wake("collected_mails")
    return sent


@transaction.atomic
def collected_mail_again(*, collected: CollectedSignOn, actor: User) -> None:
    """Ask the signer again. Raises NoMailNow."""
    sign_on = SignOn.objects.locked().filter(pk=collected.sign_on_id).first()
    collected = CollectedSignOn.objects.select_for_update().get(pk=collected.pk)
    last = collected.mailed_at
    recent = last is not None and last > timezone.now() - AGAIN_AFTER
    if sign_on is None or sign_on.state != SignOn.State.PENDING or not sign_on.email or recent:
        raise NoMailNow
    collected.mail_due_at = timezone.now()
    collected.save(update_fields=["mail_due_at"])
    audit_record(verb="sign_on.mail_again", subject=sign_on, actor=actor)
    wake("collected_mails")


@transaction.atomic
def _send(pk: int, sign_on_id: int) -> bool:
    sign_on = SignOn.objects.locked().filter(pk=sign_on_id).first()
    rows = CollectedSignOn.objects.select_for_update(of=("self",), skip_locked=True)
    rows = rows.select_related("entered_by", "batch").defer("batch__content")
    collected = rows.filter(pk=pk, sign_on_id=sign_on_id, mail_due_at__isnull=False).first()
    if sign_on is None or collected is None:
        return False
    collected.mail_due_at, sent = None, False
    if sign_on.state == SignOn.State.PENDING and sign_on.email:
        hashes = lookup_hashes(sign_on.email)
        address_lock(hashes)
        if address_may_get_mail(hashes):
            sent = _mail(sign_on, collected)
            collected.mailed_at = timezone.now()
        else:
            collected.mail_due_at = timezone.now() + WAIT
    collected.save(update_fields=["mail_due_at", "mailed_at"])
    return sent


def _mail(sign_on: SignOn, collected: CollectedSignOn) -> bool:
    token = token_issue(sign_on=sign_on, purpose=SignOnToken.Purpose.CONFIRM, expires_at=sign_on.expires_at)
    who = collected.entered_by.name if collected.entered_by else sign_on.campaign.sender_name
    is_elsewhere = collected.batch is not None and collected.batch.signed_other_text
    template = "petition" if is_elsewhere else "collected"
    try:
        mail_send(template=template, sign_on=sign_on, token=token, entered_by=who, came_by=collected.came_by)
    except BadAddress:
        log.warning("collected_address_refused", sign_on=sign_on.pk)
        return False
    return True
