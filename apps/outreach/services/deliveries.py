"""Advance authorised mailings: render and queue letters, and finish.

Each step is one transaction over rows that record what is left, so it may be killed, lost or repeated. A delivery
without a message is the work; its row lock keeps workers apart.
"""

import secrets
from collections.abc import Collection

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.core.audit import audit_record
from apps.core.errors import DomainError
from apps.core.models import Blob
from apps.core.site_url import site_url
from apps.core.tokens import token_hash
from apps.governments.models import Recipient
from apps.letters.rendering import MissingValue
from apps.postbox.models import MessageState, Policy
from apps.postbox.selectors.kill_switch import hold_reason, switch_read
from apps.postbox.services.queue import AlreadyQueued, message_queue
from apps.postbox.transports.email_addresses import address_header

from ..letter_rendering import dispatch_enclosure, render_letter
from ..models import Delivery, Dispatch, Exclusion
from ..selectors.dispatch_plan import address_key, once_key
from ..selectors.dispatches import (
    CALLED_BACK,
    annex_changed,
    deliveries_waiting,
    has_begun,
    has_ended,
    letters_allowed,
    missed_schedules,
    text_replaced,
    unusable,
)
from .cancellation import UNFINISHED, dispatch_expire, dispatch_reopen
from .hidden_names import letters_remake
from .preparation import dispatch_locked

log = structlog.get_logger(__name__)


def dispatches_advance(*, limit: int = 40) -> bool:
    """End overdue mailings, pause those whose signatories changed, queue up to `limit` letters, finish what is done.
    Returns whether letters are left."""
    unfinished = Dispatch.objects.filter(state__in=UNFINISHED)
    for dispatch in unfinished.filter(expires_at__lte=timezone.now()):
        dispatch_expire(dispatch=dispatch)
    for dispatch in _sending():
        _pause_if_changed(dispatch)
    held = bool(hold_reason(switch_read()))
    for dispatch in missed_schedules():
        dispatch_reopen(dispatch=dispatch, reason=Dispatch.PauseReason.SCHEDULE_MISSED)
    letters_remake()
    waiting = deliveries_waiting(limit + 1, held=held)
    for delivery in waiting[:limit]:
        _try(delivery)
    for dispatch in _sending():
        dispatch_finish(dispatch=dispatch)
    return len(waiting) > limit


def _sending() -> QuerySet[Dispatch]:
    return Dispatch.objects.filter(state=Dispatch.State.AUTHORISED).select_related("annex")


def _try(delivery: Delivery) -> None:
    """A letter that fails must not hold up the others."""
    try:
        if not delivery_queue(delivery=delivery):
            _pause_if_changed(delivery.dispatch)
    except Exception:
        log.exception("delivery_not_queued", delivery=delivery.pk, dispatch=delivery.dispatch_id)
        Delivery.objects.filter(pk=delivery.pk).update(updated_at=timezone.now())  # behind the others next time


def _pause_if_changed(dispatch: Dispatch) -> None:
    if text_replaced(dispatch):
        dispatch_reopen(dispatch=dispatch, reason=Dispatch.PauseReason.TEXT_REPLACED)
    elif annex_changed(dispatch):
        dispatch_reopen(dispatch=dispatch, reason=Dispatch.PauseReason.LIST_CHANGED)


@transaction.atomic
def delivery_queue(*, delivery: Delivery) -> bool:
    """Render one letter and queue it, if that is still to do; a letter that cannot be made becomes an exclusion.
    Returns False if the text or the list of signatories is outdated and nothing has left: then it waits."""
    unmade = Delivery.objects.filter(pk=delivery.pk, message=None)
    held = unmade.select_for_update(no_key=True, skip_locked=True).first()
    if held is None:
        return True
    # read again now that the row is held: cancelling and pausing wait for this row before they look at its message
    dispatch = Dispatch.objects.select_related("campaign", "letter", "version", "annex", "addendum").get(
        pk=held.dispatch_id
    )
    if dispatch.state != Dispatch.State.AUTHORISED:
        return True
    if text_replaced(dispatch) or annex_changed(dispatch):
        return False
    if dispatch.per_hour is not None and not (_alone(dispatch) and letters_allowed(dispatch) > 0):
        return True
    held.dispatch = dispatch
    if held.is_copy and held.copy_of_id is None:
        _leave_out(held, Exclusion.Reason.NOTHING_TO_COPY)
        return True
    # held as well: a merge of recipients waits until this letter's key is taken, or is seen here
    held.recipient = Recipient.objects.select_for_update(no_key=True).get(pk=held.recipient_id)
    reason = unusable(held)
    if reason:
        _leave_out(held, reason)
        return True
    try:
        with transaction.atomic():
            _queue(held)
    except AlreadyQueued:
        _leave_out(held, Exclusion.Reason.ALREADY_SENT)
    except MissingValue as error:
        _leave_out(held, Exclusion.Reason.MISSING_VALUE, ", ".join(error.keys))
    except DomainError as error:  # an address or a mail that the postbox refuses to make
        _leave_out(held, Exclusion.Reason.NO_MAIL, str(error))
    return True


def _alone(dispatch: Dispatch) -> bool:
    """Whether no other worker queues letters of this mailing until this transaction ends: their number is limited."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('outreach.per_hour', %s))", [dispatch.pk])
        [alone] = cursor.fetchone()
    return bool(alone)


def _queue(delivery: Delivery) -> None:
    """Leaves the envelope sender to the postbox: failures come back to the letter's own token."""
    dispatch = delivery.dispatch
    # the list is read for each letter: somebody may withdraw between two, or the mailing be authorised again
    token = secrets.token_urlsafe(32) if dispatch.pdf_linked else ""
    link = site_url(reverse("letter_pdf", args=[token])) if token else ""
    letter = render_letter(delivery, dispatch_enclosure(dispatch), link=link)
    message = message_queue(
        kind="letter",
        policy=Policy.ONCE,
        to_address=delivery.address.address,
        from_header=address_header(dispatch.sender_name, dispatch.sender_address),
        subject=letter.subject,
        text_body=letter.text,
        html_body=letter.html,
        attachments=letter.attachments,
        once_key=once_key(dispatch.letter_id, delivery.recipient_id, dispatch.addendum_id),
        address_key=address_key(dispatch.letter_id, delivery.address.address_hash, dispatch.addendum_id),
        origin="outreach.delivery",
        origin_id=str(delivery.pk),
        campaign_id=dispatch.campaign_id,
        authorisation=f"dispatch:{dispatch.pk}",
        expires_at=dispatch.expires_at,
        language=delivery.language,
        want_answers=True,
        quiet_zone=delivery.recipient.office.time_zone if dispatch.quiet_from is not None else "",
        quiet_from=dispatch.quiet_from,
        quiet_until=dispatch.quiet_until,
        domain_limit=dispatch.per_domain or 0,
    )
    delivery.message = message
    delivery.pdf_token_hash = token_hash(token) if token else ""
    delivery.pdf = Blob.objects.keep(letter.pdf, "application/pdf")
    delivery.save(update_fields=["message", "pdf", "pdf_token_hash", "updated_at"])


def _leave_out(delivery: Delivery, reason: str, detail: str = "") -> None:
    Exclusion.objects.create(
        dispatch=delivery.dispatch,
        member_id=delivery.member_id,
        recipient_id=delivery.recipient_id,
        reason=reason,
        detail=detail[:300],
    )
    audit_record(
        verb="delivery.leave_out",
        subject=delivery,
        campaign_id=delivery.dispatch.campaign_id,
        dispatch=delivery.dispatch_id,
        recipient=delivery.recipient_id,
        reason=reason,
    )
    delivery.delete()


@transaction.atomic
def dispatch_finish(*, dispatch: Dispatch) -> bool:
    """Close an authorised mailing whose letters are all finished. Returns whether it did."""
    locked = dispatch_locked(dispatch)
    if locked.state != Dispatch.State.AUTHORISED or not has_ended(locked):
        return False
    locked.state, locked.ended_at = Dispatch.State.FINISHED, timezone.now()
    locked.save(update_fields=["state", "ended_at", "updated_at"])
    audit_record(verb="dispatch.finish", subject=locked, letters=locked.deliveries.count(), begun=has_begun(locked))
    return True


@transaction.atomic
def deliveries_erase(*, hashes: Collection[str], **_: object) -> int:
    """Receiver of `personal_data_erase`. Empties the values of finished letters to this address and removes their PDFs.
    Returns how many are open and must be erased later."""
    rows = Delivery.objects.filter(address__address_hash__in=hashes).select_related("dispatch", "message")
    later = 0
    for row in rows.select_for_update(no_key=True, of=("self",)):
        if _is_open(row):
            later += 1
            continue
        row.envelope, row.pdf, row.pdf_token_hash = "{}", None, ""
        row.save(update_fields=["envelope", "pdf", "pdf_token_hash", "updated_at"])
        audit_record(verb="delivery.erase", subject=row, campaign_id=row.dispatch.campaign_id)
    return later


def _is_open(delivery: Delivery) -> bool:
    """Whether the letter may still leave, also by a message that is to be made anew."""
    message = delivery.message
    if message is None or (message.state == MessageState.CANCELLED and message.cancel_reason in CALLED_BACK):
        return delivery.dispatch.state in UNFINISHED
    return message.state in MessageState.OPEN
