"""A worker's run: take what is due, send it, record the result. For Celery and `manage.py drain`."""

import os
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import ProtectedError
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop

from apps.core.retention import retention_job

from ..models import WAITS, InboundMail, Message, MessageQuerySet, MessageState
from ..selectors.kill_switch import hold_reason, switch_read
from ..selectors.messages import UNAUTHORISED, may_leave, messages_due
from ..transports.base import OutgoingMail, SendStatus
from .attempt_results import Outcome, message_mark_in_doubt, messages_finish
from .claims import SLOW, messages_claim
from .composing import outgoing_mails
from .delivery_reports import reports_apply
from .last_step import claims_give_back, messages_to_final, messages_to_final_and_accepted
from .recipient_domains import domains_sweep
from .sender_threads import Event, Job, SenderThreads
from .transitions import attempt_close, event_record, events_renotify, message_expire, message_requeue

log = structlog.get_logger(__name__)

ON_HOLD = "On hold. "
ENDED = gettext_noop("The worker ended before its turn came.")
#: seconds after which the clock and `stop` are looked at again
EVENT_WAIT = 0.5
#: seconds between attempts to commit a last step; the mail server waits with the text
COMMIT_PAUSES = (0.2, 1, 2, 5)
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


def messages_deliver(*, limit: int = 1000, seconds: float = 240, stop: Callable[[], bool] = lambda: False) -> Run:
    """Send up to `limit` due messages for up to `seconds`, over several connections, until `stop()`."""
    run = Run(held=hold_reason(switch_read()))
    ends = time.monotonic() + seconds
    _explain_holds(run.held)
    with SenderThreads() as threads:
        try:
            _send_due(threads, run, limit, lambda: time.monotonic() < ends and not stop())
        except Exception:
            _finish_begun(threads, run)
            raise
    if run.held:
        _explain_holds(run.held)
    run.more = not run.held and messages_due().exists()
    return run


def _send_due(threads: SenderThreads, run: Run, limit: int, may_go_on: Callable[[], bool]) -> None:
    worker = f"{socket.gethostname()[:60]}:{os.getpid()}"
    while True:
        goes_on = not run.held and may_go_on()
        slow, full = threads.slow_domains(), threads.full_domains()
        if slow or full or not goes_on:
            _give_back(threads.withdraw(slow if goes_on else None, full), SLOW if goes_on else ENDED)
        left = limit - run.tries - threads.in_hand
        threads.nothing_else = left <= 0
        room = min(threads.room(), left) if goes_on else 0
        claimed = _claim(threads, worker, room, slow, full) if room > 0 else []
        for job in _prepare(claimed, run):
            threads.start(job)
        if claimed and not threads.in_hand:
            continue  # none of them could be put together
        if not threads.in_hand:
            return
        _serve(threads.events(seconds=EVENT_WAIT), run)


def _claim(threads: SenderThreads, worker: str, room: int, slow: set[str], full: set[str]) -> list[Message]:
    """Mail to domains that take half of the connections comes last."""
    crowded = threads.crowded_domains() - full
    claimed = messages_claim(worker=worker, limit=room, slow=slow, but=full | crowded)
    threads.nothing_else = not claimed
    room -= threads.behind()
    if crowded and not claimed and room > 0:
        claimed = messages_claim(worker=worker, limit=room, slow=slow, but=full)
    return claimed


def _finish_begun(threads: SenderThreads, run: Run) -> None:
    """Before an error ends the run: what servers answer is still recorded, or those letters would be in doubt. What no
    connection has begun goes back to the queue when its lease ends."""
    log.exception("run_broken", in_hand=threads.in_hand)
    threads.withdraw()
    while threads.in_hand:
        _serve(threads.events(seconds=EVENT_WAIT), run)


def _serve(events: list[Event], run: Run) -> None:
    """Commit the last steps that were asked for, and record what has ended."""
    outcomes = []
    for event in events:
        if event.result is None:
            continue
        run.statuses[event.result.status] += 1
        if event.result.status == SendStatus.WITHHELD:
            run.held = run.held or hold_reason(switch_read())
            continue
        if event.result.connection_failed:
            run.held = run.held or event.result.reason
        outcomes.append(Outcome(event.job.message, event.job.attempt, event.result))
    _commit_and_record([event.job for event in events if event.result is None], outcomes)


def _commit_and_record(jobs: list[Job], outcomes: list[Outcome]) -> None:
    """In one transaction where both are wanted and the outcomes are the usual ones. Where that fails, and for what is
    left of it, first the last steps, for which servers wait, and then the outcomes."""
    accepted = [each for each in outcomes if each.result.status == SendStatus.ACCEPTED]
    failed = False
    if jobs and accepted:
        try:
            claims = [(job.message, job.attempt) for job in jobs]
            moved, recorded = messages_to_final_and_accepted(claims=claims, accepted=accepted)
        except (DatabaseError, InterfaceError):
            log.exception("commit_with_outcomes_failed", messages=[str(job.message.pk) for job in jobs])
            connection.close()
            failed = True
        else:
            _answer(jobs, moved)
            jobs, outcomes = [], [each for each in outcomes if each.message.pk not in recorded]
    _commit(jobs, again=failed)
    _record(outcomes)


def _answer(jobs: list[Job], moved: set[UUID]) -> None:
    """Where this process was asleep past a lease and has taken a message again, only its newest attempt has moved."""
    newest: Counter[UUID] = Counter()
    for job in jobs:
        newest[job.message.pk] = max(newest[job.message.pk], job.attempt)
    for job in jobs:
        job.answer.put(job.message.pk in moved and job.attempt == newest[job.message.pk])


def _commit(jobs: list[Job], *, again: bool) -> None:
    """`again`: it was tried before, and may have happened."""
    if not jobs:
        return
    for pause in (*COMMIT_PAUSES, None):
        try:
            moved = messages_to_final(claims=[(job.message, job.attempt) for job in jobs], again=again)
        except (DatabaseError, InterfaceError) as error:
            log.exception("commit_failed", messages=[str(job.message.pk) for job in jobs])
            if pause is None or not isinstance(error, (OperationalError, InterfaceError)):
                for job in jobs:
                    job.answer.put(error)
                return
            connection.close()
            time.sleep(pause)
            again = True
        else:
            _answer(jobs, moved)
            return


def _prepare(claimed: list[Message], run: Run) -> Iterator[Job]:
    """Jobs of those messages that can be put together; the failures of the others are recorded."""
    failed = []
    for message, mail in outgoing_mails(claimed):
        if isinstance(mail, OutgoingMail):
            yield Job(message, message.attempt, mail)
        else:
            run.statuses[mail.status] += 1
            failed.append(Outcome(message, message.attempt, mail))
    _record(failed)


def _give_back(jobs: list[Job], reason: str) -> None:
    if jobs:
        claims_give_back(claims=[(job.message, job.attempt) for job in jobs], reason=reason)


def _record(outcomes: list[Outcome]) -> None:
    """Retries while the database is away; if it stays away, the leases run out and the letters are in doubt. Where
    something is wrong with one of many, each is recorded by itself."""
    if not outcomes:
        return
    for pause in (*RECORD_PAUSES, None):
        try:
            messages_finish(outcomes=outcomes)
        except (OperationalError, InterfaceError):
            if pause is None:
                for each in outcomes:
                    log.exception("outcome_not_recorded", message=str(each.message.pk), status=each.result.status)
                return
            connection.close()
            time.sleep(pause)
        except Exception:
            if len(outcomes) == 1:
                raise
            log.exception("outcomes_recorded_one_by_one", number=len(outcomes))
            for each in outcomes:
                _record([each])
            return
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
                message_mark_in_doubt(
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
    with retention_job("unmatched_mail") as job:
        for mail in over.only("pk")[:500]:
            with suppress(ProtectedError), transaction.atomic():
                deleted += job.deleted(mail.delete()[1].get(InboundMail._meta.label, 0))
    return deleted


def postbox_sweep() -> dict[str, int]:
    """All that the clock does; safe to run at any time and concurrently."""
    return {
        "leases": leases_sweep(),
        "expired": expiries_sweep(),
        "retold": events_renotify(),
        "unmatched": unmatched_sweep(),
        "domains": domains_sweep(),
    }
