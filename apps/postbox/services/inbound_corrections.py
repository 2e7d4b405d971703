"""What a person says about a mail that came in: what it is, and which of our mails it belongs to."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from apps.core.audit import audit_record
from apps.core.errors import Conflict
from apps.core.types import Actor

from ..inbound.bounce_reasons import BounceReason
from ..inbound.classification import classify_mail
from ..inbound.classified import Classification, MailKind
from ..inbound.parsing import parse_mail
from ..models import InboundMail, Message, MessageEvent, Suppression
from ..selectors.messages import recipient_hashes
from .delivery_reports import reports_apply, reports_withdraw
from .inbound import DUPLICATE, EVENTS, evidence_of, fingerprint_of, is_erased, mail_record, recipient_of
from .suppressions import UnblockReason, address_allow


class Unmatched(Conflict):
    default_message = _("This email does not belong to any of our letters yet. Choose its letter first.")


class AlreadyMatched(Conflict):
    default_message = _("This email already belongs to a letter. Reload the page to see it.")


@transaction.atomic
def inbound_reclassify(*, mail: InboundMail, kind: str, actor: Actor, bounce_reason: str = "") -> InboundMail:
    """A person says what a mail is. What it had reported is taken back, and the address, the letter's state and the
    answers follow what it says now. `bounce_reason` is for the kind "bounce". Raises Unmatched, and ValueError for a
    kind or reason that does not exist."""
    if kind not in EVENTS or (bounce_reason and bounce_reason not in BounceReason):
        raise ValueError(f"{kind!r} with {bounce_reason!r} cannot be chosen")
    reason = str(bounce_reason or BounceReason.OTHER) if kind == MailKind.BOUNCE else ""
    row = InboundMail.objects.select_for_update().get(pk=mail.pk)
    if row.message_id is None:
        raise Unmatched
    if (row.kind, row.bounce_reason) == (kind, reason):
        return row
    message = Message.objects.without_contents().select_for_update().get(pk=row.message_id)
    audit_record(
        verb="inbound.reclassify", subject=row, actor=actor, campaign_id=message.campaign_id,
        was=_word(row.kind, row.bounce_reason), kind=_word(kind, reason),
    )  # fmt: skip
    reports_withdraw(message=message, mail=row, actor=actor)
    if row.kind == MailKind.COMPLAINT:
        _complaint_withdraw(message, actor)
    row.kind, row.bounce_reason, row.evidence = str(kind), reason, ""
    row.reason = gettext_noop("A person decided what it is.")
    row.save(update_fields=["kind", "bounce_reason", "evidence", "reason"])
    _replied_at_follows(message)
    number = MessageEvent.objects.filter(provider_id__startswith=f"inbound:{row.sha256}").count()
    said = Classification(MailKind(kind), row.reason, bounce_reason=reason)
    mail_record(row, message, f"inbound:{row.sha256}:{number}", said, actor)
    message.refresh_from_db(fields=["state", "attempt"])
    reports_apply(message=message)
    return row


@transaction.atomic
def inbound_match(*, mail: InboundMail, message: Message, actor: Actor) -> InboundMail:
    """A person says that a mail answers `message`: it is read again as mail about its recipient, and counts as if it
    had come to its address. Raises AlreadyMatched."""
    row = InboundMail.objects.select_for_update().get(pk=mail.pk)
    if row.message_id is not None:
        raise AlreadyMatched
    answered = Message.objects.select_for_update().get(pk=message.pk)
    read = parse_mail(bytes(row.raw))
    found = classify_mail(read, sender=row.sender, recipient=recipient_of(answered))
    row.fingerprint = fingerprint_of(read)
    row.message, row.kind, row.reason, row.evidence = answered, str(found.kind), found.reason, evidence_of(found)
    row.bounce_reason = found.bounce_reason
    if row.fingerprint and answered.answers.filter(fingerprint=row.fingerprint).exists():
        row.kind, row.bounce_reason, row.evidence = DUPLICATE, "", ""
        row.reason = gettext_noop("The same email came before by another route.")
    if is_erased(answered):
        row.raw, row.sender, row.subject, row.text, row.envelope_to, row.evidence = b"", "", "", "", "", ""
    row.save()
    audit_record(verb="inbound.match", subject=row, actor=actor, campaign_id=answered.campaign_id, kind=row.kind)
    if row.kind in EVENTS:
        mail_record(row, answered, f"inbound:{row.sha256}", found, actor)
    return row


def _word(kind: str, reason: str) -> str:
    return f"{kind}:{reason}" if reason else str(kind)


def _complaint_withdraw(message: Message, actor: Actor) -> None:
    """Mail may go to the address again, unless another mail of it complains."""
    hashes = recipient_hashes(message)
    standing = MessageEvent.objects.filter(kind="complained", corrected=False, message__to_hash__in=hashes)
    blocked = Suppression.objects.filter(address_hash__in=hashes)
    if not standing.exists() and not blocked.exclude(cause=Suppression.Cause.COMPLAINT).exists():
        address_allow(hashes=hashes, actor=actor, campaign_id=message.campaign_id, why=UnblockReason.MISTAKE)


def _replied_at_follows(message: Message) -> None:
    answers = InboundMail.objects.filter(message=message, kind=MailKind.REPLY).order_by("received_at")
    first = answers.values_list("received_at", flat=True).first()
    Message.objects.filter(pk=message.pk).update(replied_at=first, updated_at=Now())
