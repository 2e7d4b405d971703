"""Sending an authorised report: some mails at a time wait in the postbox, so that it can be stopped. Each step is one
transaction over rows that say what is left, and may be killed, lost or repeated."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import has_permission
from apps.coalitions.models import SignOn
from apps.coalitions.services.signer_mails import MAIL_ORIGIN, manage_token_issue
from apps.core.audit import audit_record
from apps.core.errors import DomainError
from apps.postbox.models import Message, Policy, Priority
from apps.postbox.services.queue import message_queue_composed, messages_cancel
from apps.postbox.transports.email_addresses import address_header

from ..models import SignerReport, SignerReportMail
from ..selectors.reports import UNDERWAY, mails_left, reachable, report_progress
from .exceptions import NotEntitled
from .report_mails import COMPOSER
from .reports import ReportClosed, report_locked

log = structlog.get_logger(__name__)

#: mails of a report that wait in the postbox at one time
MOST_WAITING = 1000
#: a mail that could not leave by then is of no use
LIFETIME = timedelta(days=3)


def reports_advance(*, limit: int = 200) -> bool:
    """Queue up to `limit` mails of each authorised report, and finish what is done. Returns whether more can be queued
    at once."""
    sending = SignerReport.objects.filter(state=SignerReport.State.AUTHORISED)
    return bool(sum(report_advance(report=report, limit=limit) for report in sending))


@transaction.atomic
def report_advance(*, report: SignerReport, limit: int = 200) -> bool:
    rows = SignerReport.objects.select_for_update(no_key=True, of=("self",), skip_locked=True)
    held = rows.filter(pk=report.pk, state=SignerReport.State.AUTHORISED).select_related("campaign", "letter").first()
    if held is None:
        return False
    waiting = held.mails.filter(message__state__in=UNDERWAY).count()
    batch = list(mails_left(held).order_by("pk")[: max(0, min(limit, MOST_WAITING - waiting))])
    _queue(held, batch)
    if not waiting and not batch:
        _finish(held)
    return bool(batch) and waiting + len(batch) < MOST_WAITING


def _queue(report: SignerReport, batch: list[SignerReportMail]) -> None:
    """Who took the consent back, erased the signature or cannot be reached any more is skipped."""
    ids = [row.sign_on_id for row in batch]
    found = reachable(report.letter).filter(pk__in=ids).select_related("campaign", "call").order_by()
    readers = {sign_on.pk: sign_on for sign_on in found}
    for row in batch:
        reader = readers.get(row.sign_on_id)
        row.message = _message_or_none(report, reader) if reader is not None else None
        row.skipped = row.message is None
    SignerReportMail.objects.bulk_update(batch, ["skipped", "message"])


def _message_or_none(report: SignerReport, reader: SignOn) -> Message | None:
    """An address that the postbox refuses must not hold up the others."""
    try:
        with transaction.atomic():
            return _message(report, reader)
    except DomainError:
        log.exception("report_not_queued", report=report.pk, sign_on=reader.pk)
        return None


def _message(report: SignerReport, reader: SignOn) -> Message:
    """Erased with the signature, like every mail about it."""
    return message_queue_composed(
        kind="report", composer=COMPOSER, values={"report": report.pk, "token": manage_token_issue(sign_on=reader)},
        from_header=address_header(report.sender_name, report.sender_address), to_address=reader.email,
        reply_to=report.campaign.contact_address, origin=MAIL_ORIGIN, origin_id=reader.pk, policy=Policy.ONCE,
        expires_at=timezone.now() + LIFETIME, once_key=f"report:{report.pk}:sign_on:{reader.pk}",
        campaign_id=report.campaign_id, authorisation=f"report:{report.pk}", language=reader.language,
        priority=Priority.UPDATE,
    )  # fmt: skip


def _finish(report: SignerReport) -> None:
    report.state, report.ended_at = SignerReport.State.FINISHED, timezone.now()
    report.save(update_fields=["state", "ended_at", "updated_at"])
    audit_record(verb="signer_report.finish", subject=report, sent=report_progress(report)["sent"])


@transaction.atomic
def signer_report_stop(*, report: SignerReport, actor: User) -> int:
    """Queue nothing more and cancel what waits; what is being sent at that moment may still arrive. Returns how many
    will not be sent. Raises NotEntitled, ReportClosed."""
    if not has_permission(report.campaign, actor, Permission.PREPARE):
        raise NotEntitled
    held = report_locked(report)
    if held.state != SignerReport.State.AUTHORISED:
        raise ReportClosed
    waiting = Message.objects.without_contents().filter(
        pk__in=held.mails.filter(message__state__in=UNDERWAY).values("message")
    )
    cancelled = len(messages_cancel(messages=waiting, reason="The report was stopped.", actor=actor))
    kept = cancelled + mails_left(held).update(skipped=True)
    held.state, held.ended_at = SignerReport.State.STOPPED, timezone.now()
    held.save(update_fields=["state", "ended_at", "updated_at"])
    audit_record(verb="signer_report.stop", subject=held, actor=actor, not_sent=kept)
    return kept
