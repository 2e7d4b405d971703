"""A worker's run: take what is due, send it, record the result. For Celery and `manage.py drain`."""

import os
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import ProtectedError
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop

from apps.core.encryption import UnreadableValue
from apps.core.errors import DomainError
from apps.core.types import JsonObject

from ..models import WAITS, InboundMail, Message, MessageQuerySet, MessageState
from ..selectors.kill_switch import hold_reason, switch_read
from ..selectors.messages import UNAUTHORISED, may_leave, messages_due
from ..transports.base import OutgoingMail, SendResult, SendStatus, Transport, get_transport
from ..transports.mime import mail_bytes
from .attempt_results import message_doubt, message_finish
from .claims import message_claim
from .composing import NothingToSay, message_compose
from .delivery_reports import reports_apply
from .recipient_domains import domains_sweep
from .transitions import attempt_close, event_record, events_retell, message_expire, message_requeue

log = structlog.get_logger(__name__)

ON_HOLD = "On hold. "
#: seconds between attempts to record a result without a database; then the lease decides
RECORD_PAUSES = (0.2, 1, 2, 5, 10, 20)


@dataclass
class Run:
    statuses: Counter[str] = field(default_factory=Counter)
    held: str = ""
    more: bool = False

    @property
    def tries(self) -> int:
        return self.statuses.total()


@contextmanager
def sole_run(what: str = "postbox.deliver_due") -> Iterator[bool]:
    """Yields False while another connection does the same. A lost connection ends the lock with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [what])
        [alone] = cursor.fetchone()
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [what])


def messages_deliver(*, limit: int = 200, seconds: float = 240, stop: Callable[[], bool] = lambda: False) -> Run:
    """Send up to `limit` due messages for up to `seconds`, over one transport, until `stop()`."""
    run = Run(held=hold_reason(switch_read()))
    ends, worker = time.monotonic() + seconds, f"{socket.gethostname()[:60]}:{os.getpid()}"
    _explain_holds(run.held)
    with get_transport() as transport:
        while not run.held and run.tries < limit and time.monotonic() < ends and not stop():
            message = message_claim(worker=worker)
            if message is None:
                break
            result = _try(message, message.attempt, transport)
            run.statuses[result.status] += 1
            if result.status == SendStatus.WITHHELD:
                run.held = hold_reason(switch_read())
            elif result.connection_failed:
                run.held = result.reason
    if run.held:
        _explain_holds(run.held)
    run.more = not run.held and messages_due().exists()
    return run


def _try(message: Message, attempt: int, transport: Transport) -> SendResult:
    commit = partial(message_to_final, message=message, attempt=attempt)
    try:
        result = transport.send(_outgoing(message), commit)
    except NothingToSay as error:
        Message.objects.filter(pk=message.pk).update(cancel_reason=str(error))
        result = SendResult(SendStatus.DEFERRED, "prepare", reason=str(error))
    except (UnreadableValue, DomainError, ValueError) as error:
        result = SendResult(SendStatus.DEFERRED, "prepare", reason=f"The mail could not be put together: {error}")
    except (DatabaseError, InterfaceError):  # raised by the commit before the dot: the server has no mail
        log.exception("commit_failed", message=str(message.pk), attempt=attempt)
        reason = gettext_noop("The database did not answer before the last step, so the dot was not sent.")
        result = SendResult(SendStatus.DEFERRED, "body", reason=reason)
    if result.status != SendStatus.WITHHELD:
        _record(message, attempt, result)
    return result


def _outgoing(message: Message) -> OutgoingMail:
    full = Message.objects.prefetch_related("attachments__blob").get(pk=message.pk)
    message_compose(message=full)
    files = [(file.filename, file.content_type, bytes(file.blob.content)) for file in full.attachments.all()]
    return OutgoingMail(full.envelope_from, full.to_address, mail_bytes(full, files))


def _record(message: Message, attempt: int, result: SendResult) -> None:
    """Retries while the database is away; if it stays away, the lease runs out and the letter is in doubt."""
    for pause in (*RECORD_PAUSES, None):
        try:
            message_finish(message=message, attempt=attempt, result=result)
        except (OperationalError, InterfaceError):
            if pause is None:
                log.exception("outcome_not_recorded", message=str(message.pk), attempt=attempt, status=result.status)
                return
            connection.close()
            time.sleep(pause)
        else:
            return


def _explain_holds(reason: str) -> None:
    """Write into every due row why it waits, and remove that when it moves again."""
    due = Message.objects.filter(state=MessageState.QUEUED, next_at__lte=Now())
    if reason:
        held = f"{ON_HOLD}{reason}"
        _explain(due.exclude(explanation=held), held)
        return
    _explain(due.filter(may_leave(), explanation__startswith=ON_HOLD), WAITS)
    unauthorised = f"{ON_HOLD}{UNAUTHORISED}"
    _explain(due.exclude(may_leave()).exclude(explanation=unauthorised), unauthorised)


def _explain(rows: MessageQuerySet, explanation: str) -> None:
    """Skips locked rows: they are about to move, and waiting for them could deadlock."""
    with transaction.atomic():
        free = list(rows.order_by("pk").select_for_update(skip_locked=True).values_list("pk", flat=True))
        if free:
            Message.objects.filter(pk__in=free).update(explanation=explanation, updated_at=Now())


#: postmaster's mail, and answers to addresses that are not ours
UNMATCHED_KEPT = timedelta(days=90)
#: longer than any wait for the answer to the dot, so only a dead worker's lease runs out
FINAL_MARGIN = timedelta(seconds=60)


def _seconds(name: str) -> timedelta:
    box: JsonObject = settings.POSTBOX
    return timedelta(seconds=box[name])


def message_to_final(*, message: Message, attempt: int) -> bool:
    """Commit that this attempt may send the dot: claimed → final by compare-and-swap, while holding the switch. After
    True the message may have left. False: killed, cancelled, or the lease went to another worker; the dot must not
    be sent."""
    with transaction.atomic(durable=True):
        reason = hold_reason(switch_read(share=True))
        if not reason:
            lease = Now() + _seconds("DOT_TIMEOUT") + FINAL_MARGIN
            rows = Message.objects.filter(may_leave(), cancel_reason="", pk=message.pk, attempt=attempt)
            moved = rows.filter(state=MessageState.CLAIMED).update(
                state=MessageState.FINAL,
                lease_until=lease,
                updated_at=Now(),
                explanation=f"Attempt {attempt} was handed over; waiting for the server’s reply.",
            )
            if moved == 1:
                return True
        _give_back(message, attempt, reason)
        return False


def _give_back(message: Message, attempt: int, reason: str) -> None:
    """Requeue the row without sending the dot, or cancel it if asked for."""
    waiting = Message.objects.without_contents().filter(pk=message.pk, attempt=attempt, state=MessageState.CLAIMED)
    row = waiting.select_for_update().first()
    if row is None:
        return  # the lease ran out and the sweep has dealt with it
    attempt_close(message=row, attempt=attempt, outcome="killed" if reason else "withheld", stage="body")
    if reason:
        event_record(message=row, kind="held", detail=reason)
    why = reason or row.cancel_reason or gettext_noop("It lost its authorisation.")
    message_requeue(message=row, reason=f"Stopped before its last step; nothing left. {why}", pause=timedelta(0))


def leases_sweep(*, limit: int = 500) -> int:
    """Handle messages whose worker is gone: claimed → queued; final → in_doubt, repeatable mail → queued."""
    swept = 0
    overdue = Message.objects.without_contents().overdue_leases(Now())
    for pk in list(overdue.order_by("lease_until").values_list("pk", flat=True)[:limit]):
        with transaction.atomic(durable=True):
            row = overdue.select_for_update(skip_locked=True).filter(pk=pk).first()
            if row is None:
                continue
            attempt_close(message=row, attempt=row.attempt, outcome="lost")
            if row.state == MessageState.CLAIMED:
                reason = gettext_noop("The worker that had it did not come back; nothing was handed over.")
                event_record(message=row, kind="lost", detail=reason)
                message_requeue(message=row, reason=reason)
            else:
                message_doubt(
                    message=row, reason=gettext_noop("The worker did not come back after the last step began.")
                )
            reports_apply(message=row)
            swept += 1
    return swept


def expiries_sweep(*, limit: int = 500) -> int:
    """queued → expired, also while sending is stopped. Returns how many."""
    swept = 0
    over = Message.objects.without_contents().filter(state=MessageState.QUEUED, expires_at__lte=Now())
    for pk in list(over.order_by("expires_at").values_list("pk", flat=True)[:limit]):
        with transaction.atomic(durable=True):
            row = over.select_for_update(skip_locked=True).filter(pk=pk).first()
            if row is not None and message_expire(message=row, why=gettext_noop("It expired before it could be sent.")):
                swept += 1
    return swept


def unmatched_sweep() -> int:
    """Delete mail that answers none of ours and that nobody filed. Returns how many."""
    deleted = 0
    over = InboundMail.objects.filter(message=None, received_at__lt=timezone.now() - UNMATCHED_KEPT)
    for mail in over.only("pk")[:500]:
        with suppress(ProtectedError):
            deleted += mail.delete()[0]
    return deleted


def postbox_sweep() -> dict[str, int]:
    """All that the clock does; safe to run at any time and concurrently."""
    return {
        "leases": leases_sweep(),
        "expired": expiries_sweep(),
        "retold": events_retell(),
        "unmatched": unmatched_sweep(),
        "domains": domains_sweep(),
    }
