"""Which due mail a worker takes. Contents stay unread here: a row that cannot be decrypted must not stop the others."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat, Now
from django.utils import timezone
from django.utils.translation import gettext_noop

from ..models import Attempt, Message, MessageState, Priority, RecipientDomain
from ..selectors.messages import messages_due, suppression_causes
from ..selectors.quiet_hours import quiet_end
from .recipient_domains import LIMITED, OWN_LIMIT, domain_hold, domains_locked
from .transitions import event_record, message_expire, message_move

QUIET = gettext_noop("These are quiet hours where its recipient is. It leaves when they end.")
SLOW = gettext_noop("The mail server is slow to answer for this domain. It is tried again soon.")
SLOW_PAUSE = timedelta(seconds=60)
#: of a held domain, so many more are put off at once, so that they are not taken one by one
PUT_OFF_TOGETHER = 1000


def message_claim(*, worker: str) -> Message | None:
    """The next due message, claimed; None when nothing is due."""
    return next(iter(messages_claim(worker=worker, limit=1)), None)


def messages_claim(*, worker: str, limit: int, slow: Collection[str] = (), but: Collection[str] = ()) -> list[Message]:
    """Take up to `limit` due messages, by priority, and number their attempts. Messages that are expired or suppressed
    end on the way; those in quiet hours, or to a domain that is held back, are put off; so are those to the `slow`
    ones, except what somebody waits for. What goes to the domains of `but` stays as it is. Empty when nothing else is
    due."""
    while True:
        with transaction.atomic(durable=True):
            due = _due_locked(limit, but)
            if not due:
                return []
            taken = _leavable(due, slow)
            if taken:
                _take(taken, worker)
                return taken


def _due_locked(limit: int, but: Collection[str]) -> list[Message]:
    """Priority by priority: the index then gives the first rows without reading those that are due later."""
    found: list[Message] = []
    for priority in Priority.values:
        rows = messages_due().without_contents().filter(priority=priority).order_by("next_at", "created_at")
        rows = rows.exclude(to_domain__in=but) if but else rows
        rows = rows.annotate(over=Q(expires_at__isnull=False, expires_at__lte=Now()))
        found += rows.select_for_update(skip_locked=True)[: limit - len(found)]
        if len(found) == limit:
            break
    return found


def _leavable(due: list[Message], slow: Collection[str]) -> list[Message]:
    causes = suppression_causes(due)
    domains = domains_locked(keys=[message.to_domain for message in due])
    taken: list[Message] = []
    for message in sorted(due, key=lambda each: each.to_domain):  # rows of new domains are made in one order
        if message.over:  # type: ignore[attr-defined]  # annotated by _due_locked
            message_expire(message=message, why=gettext_noop("It expired before it could be sent."))
        elif why := causes.get(message.pk):
            message_move(message=message, to=MessageState.SUPPRESSED, explanation=why)
            event_record(message=message, kind="suppressed", detail=why)
        elif hold := _hold(message, domains.get(message.to_domain), slow, taken):
            _put_off(message, *hold)
        else:
            taken.append(message)
    return [message for message in due if message in taken]


def _hold(
    message: Message, domain: RecipientDomain | None, slow: Collection[str], taken: Collection[Message]
) -> tuple[datetime, str] | None:
    """(until when, why) it may not leave now; None if it may."""
    now = timezone.now()
    if end := quiet_end(message, now):
        return end, QUIET
    if message.to_domain in slow and message.priority != Priority.WAITED_FOR:
        return now + SLOW_PAUSE, SLOW
    return domain_hold(message=message, domain=domain, taken=taken)


def _put_off(message: Message, until: datetime, why: str) -> None:
    """Let it wait, or end it if its time would be over then. What else waits for the same reason waits with it."""
    if message.expires_at and until >= message.expires_at:
        message_expire(message=message, why=f"{why} Its time ends before that.")
        return
    Message.objects.filter(pk=message.pk).update(next_at=until, explanation=why, updated_at=Now())
    if why == QUIET:
        return
    same = messages_due().filter(to_domain=message.to_domain).filter(Q(expires_at=None) | Q(expires_at__gt=until))
    if why == OWN_LIMIT:
        same = same.filter(authorisation=message.authorisation, domain_limit=message.domain_limit)
    if why in {SLOW, LIMITED}:
        same = same.exclude(priority=Priority.WAITED_FOR)
    others = same.exclude(pk=message.pk).order_by("pk").select_for_update(skip_locked=True)
    together = list(others.values_list("pk", flat=True)[:PUT_OFF_TOGETHER])
    if together:
        Message.objects.filter(pk__in=together).update(next_at=until, explanation=why, updated_at=Now())


def _take(messages: list[Message], worker: str) -> None:
    number = F("attempt") + 1
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(
        state=MessageState.CLAIMED,
        attempt=number,
        lease_until=Now() + timedelta(seconds=settings.POSTBOX["LEASE"]),
        last_code=None,
        explanation=Concat(Value("Being sent, attempt "), Cast(number, CharField()), Value(".")),
        updated_at=Now(),
    )
    for message in messages:
        message.state, message.attempt = MessageState.CLAIMED, message.attempt + 1
    Attempt.objects.bulk_create(
        Attempt(message=message, number=message.attempt, worker=worker[:80], started_at=Now()) for message in messages
    )
