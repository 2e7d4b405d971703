"""Sending an authorised report: some mails at a time wait in the postbox, so that it can be stopped. Each step is one
transaction over rows that say what is left, and may be killed, lost or repeated."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import has_permission
from apps.coalitions.models import SignOn
from apps.coalitions.services.signer_mails import MAIL_ORIGIN, manage_tokens_issue
from apps.core.audit import audit_record
from apps.postbox.models import Message, Policy, Priority
from apps.postbox.services.queue import MailTo, messages_cancel, messages_queue_composed
from apps.postbox.transports.email_addresses import address_header

from ..models import SignerReport, SignerReportMail
from ..selectors.reports import (
    UNDERWAY,
    next_hash,
    readers_passed_over,
    readers_up_to,
    report_allowance,
    report_progress,
)
from .exceptions import NotEntitled
from .report_mails import COMPOSER
from .reports import ReportClosed, report_locked

#: mails of a report that wait in the postbox at one time
MOST_WAITING = 5000
#: mails queued in one transaction
BATCH = 1000
#: a mail that could not leave by then is of no use
LIFETIME = timedelta(days=3)


def reports_advance(*, now: datetime | None = None) -> bool:
    """Queue some mails of each authorised report, and finish what is done. Returns whether more can be queued at
    once."""
    sending = SignerReport.objects.filter(state=SignerReport.State.AUTHORISED)
    return bool(sum(report_advance(report=report, now=now or timezone.now()) for report in sending))


@transaction.atomic
def report_advance(*, report: SignerReport, now: datetime) -> bool:
    """A worker that finds another at it leaves it alone. What is queued, and how far, is stored together."""
    rows = SignerReport.objects.select_for_update(no_key=True, of=("self",), skip_locked=True)
    held = rows.filter(pk=report.pk, state=SignerReport.State.AUTHORISED).select_related("campaign", "letter").first()
    if held is None:
        return False
    waiting = held.mails.filter(message__state__in=UNDERWAY).count()
    room = min(BATCH, MOST_WAITING - waiting, report_allowance(held, now))
    if room <= 0:
        return False
    upto = next_hash(held, room)
    if upto:
        _queue(held, readers_up_to(held, upto))
        held.queued_to = upto
        held.save(update_fields=["queued_to", "updated_at"])
    elif not waiting:
        _end(held)
    return bool(upto) and room == BATCH


def _end(report: SignerReport) -> None:
    """All had their turn; those who were passed over have it now."""
    late = readers_passed_over(report, BATCH)
    if late:
        _queue(report, late)
    else:
        _finish(report)


def _queue(report: SignerReport, batch: list[SignOn]) -> None:
    """In three statements, whatever their number. Erased with the signature, like every mail about it."""
    tokens = manage_tokens_issue(sign_ons=batch)
    mails = [
        MailTo(
            sign_on.email, sign_on.pk, {"report": report.pk, "token": tokens[sign_on.pk]},
            f"report:{report.pk}:sign_on:{sign_on.pk}", sign_on.language,
        )
        for sign_on in batch
    ]  # fmt: skip
    messages = messages_queue_composed(
        mails=mails, kind="report", composer=COMPOSER, policy=Policy.ONCE, priority=Priority.UPDATE,
        from_header=address_header(report.sender_name, report.sender_address), origin=MAIL_ORIGIN,
        reply_to=report.campaign.contact_address, expires_at=timezone.now() + LIFETIME,
        campaign_id=report.campaign_id, authorisation=f"report:{report.pk}",
    )  # fmt: skip
    SignerReportMail.objects.bulk_create(
        SignerReportMail(report=report, sign_on=sign_on, message=messages.get(sign_on.pk)) for sign_on in batch
    )


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
    kept = cancelled + max(0, held.readers - held.mails.count())
    held.state, held.ended_at = SignerReport.State.STOPPED, timezone.now()
    held.save(update_fields=["state", "ended_at", "updated_at"])
    audit_record(verb="signer_report.stop", subject=held, actor=actor, not_sent=kept)
    return kept
