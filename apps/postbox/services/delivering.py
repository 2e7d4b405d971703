"""One run of a worker: take what is due, hand it over, record it. Celery and `manage.py drain` both call this."""

import os
import socket
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models.functions import Now

from apps.core.encryption import UnreadableValue
from apps.core.errors import DomainError

from ..models import WAITS, Message, MessageQuerySet, MessageState
from ..selectors import hold_reason, messages_due, switch_read
from ..selectors.sending import UNAUTHORISED, may_leave
from ..transports.mime import mail_bytes
from ..transports.parcels import Outcome, Parcel, Verdict
from ..transports.smtp import Line
from .claiming import message_claim, message_to_final
from .finishing import message_finish

log = structlog.get_logger(__name__)

#: what a held row's explanation begins with, so that it can be taken away again
ON_HOLD = "On hold. "
#: seconds between tries to record an outcome while the database does not answer; after that the lease decides
RECORD_PAUSES = (0.2, 1, 2, 5, 10, 20)


@dataclass
class Run:
    """What a run did: how many messages ended in which verdict, why it stopped early, and whether more is due."""

    verdicts: Counter[str] = field(default_factory=Counter)
    held: str = ""
    more: bool = False

    @property
    def tries(self) -> int:
        return self.verdicts.total()


def worker_name() -> str:
    """host:pid, as it stands in Attempt.worker."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


def messages_deliver(*, limit: int = 200, seconds: float = 240, stop: Callable[[], bool] = lambda: False) -> Run:
    """Hand over what is due, at most `limit` messages or for `seconds`, over one connection. `stop()` is asked
    between messages. Never raises for what a mail or a mail server does; database errors of claiming pass."""
    run = Run(held=hold_reason(switch_read()))
    ends = time.monotonic() + seconds
    _explain_holds(run.held)
    with Line() as line:
        while not run.held and run.tries < limit and time.monotonic() < ends and not stop():
            message = message_claim(worker=worker_name())
            if message is None:
                break
            outcome = _try(message, message.attempt, line)
            run.verdicts[outcome.verdict] += 1
            if outcome.verdict == Verdict.WITHHELD:
                run.held = hold_reason(switch_read())
            elif outcome.line_down:
                run.held = outcome.reason
    if run.held:
        _explain_holds(run.held)
    run.more = not run.held and messages_due().exists()
    return run


def _try(message: Message, attempt: int, line: Line) -> Outcome:
    """One message over the line, recorded."""
    commit = partial(message_to_final, message=message, attempt=attempt)
    try:
        outcome = line.hand_over(_parcel(message), commit)
    except (UnreadableValue, DomainError, ValueError) as error:
        outcome = Outcome(Verdict.DEFERRED, "prepare", reason=f"The mail could not be put together: {error}")
    except DatabaseError:  # raised by the commit before the dot: the socket is closed, the server has no mail
        log.exception("commit_failed", message=str(message.pk), attempt=attempt)
        reason = "The database did not answer before the last step, so the dot was not sent."
        outcome = Outcome(Verdict.DEFERRED, "body", reason=reason)
    if outcome.verdict != Verdict.WITHHELD:
        _record(message, attempt, outcome)
    return outcome


def _parcel(message: Message) -> Parcel:
    full = Message.objects.prefetch_related("attachments__blob").get(pk=message.pk)
    files = [(file.filename, file.content_type, bytes(file.blob.content)) for file in full.attachments.all()]
    return Parcel(full.envelope_from, full.to_address, mail_bytes(full, files))


def _record(message: Message, attempt: int, outcome: Outcome) -> None:
    """Write the outcome, insisting while the database is away. Where it stays away the lease runs out, and the
    sweep finds a letter in doubt: late, but neither lost nor sent twice."""
    for pause in (*RECORD_PAUSES, None):
        try:
            message_finish(message=message, attempt=attempt, outcome=outcome)
        except (OperationalError, InterfaceError):
            if pause is None:
                log.exception("outcome_not_recorded", message=str(message.pk), attempt=attempt, verdict=outcome.verdict)
                return
            connection.close()
            time.sleep(pause)
        else:
            return


def _explain_holds(reason: str) -> None:
    """Write into every due row why it does not move, and take that away when it moves again."""
    due = Message.objects.filter(state=MessageState.QUEUED, next_at__lte=Now())
    if reason:
        held = f"{ON_HOLD}{reason}"
        _explain(due.exclude(explanation=held), held)
        return
    _explain(due.filter(may_leave(), explanation__startswith=ON_HOLD), WAITS)
    unauthorised = f"{ON_HOLD}{UNAUTHORISED}"
    _explain(due.exclude(may_leave()).exclude(explanation=unauthorised), unauthorised)


def _explain(rows: MessageQuerySet, explanation: str) -> None:
    """Rows that somebody else holds are passed over: they are about to move, and waiting for them while others wait
    for ours would be a deadlock."""
    with transaction.atomic():
        free = list(rows.order_by("pk").select_for_update(skip_locked=True).values_list("pk", flat=True))
        if free:
            Message.objects.filter(pk__in=free).update(explanation=explanation, updated_at=Now())
