"""Which due mail a worker takes. Contents stay unread here: a row that cannot be decrypted must not stop the others."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop

from apps.core.prepared_statements import server_cursor

from ..models import SEALED, Message, MessageState, Priority, RecipientDomain
from ..selectors.messages import MAY_LEAVE, messages_due, suppression_causes, unauthorised_may_leave
from ..selectors.quiet_hours import quiet_end
from .recipient_domains import LIMITED, OWN_LIMIT, domain_hold, domains_locked
from .transitions import event_record, message_expire, message_move

QUIET = gettext_noop("These are quiet hours where its recipient is. It is sent when they end.")
SLOW = gettext_noop("The mail server is slow to answer for this domain. It is tried again soon.")
SLOW_PAUSE = timedelta(seconds=60)
#: of a held domain, so many more are put off at once, so that they are not taken one by one
PUT_OFF_TOGETHER = 1000

_PLAIN = [field.attname for field in Message._meta.concrete_fields if field.name not in {*SEALED, "headers"}]
#: by the index on priority and time, which gives the first rows without reading those that are due later
_OF_PRIORITY = f"""SELECT * FROM (
  SELECT {", ".join(_PLAIN)} FROM postbox_message
  WHERE state = 'queued' AND priority = {{priority}} AND next_at <= statement_timestamp() AND {MAY_LEAVE}
    AND to_domain <> ALL($2::text[])
  ORDER BY next_at, created_at LIMIT {{most}} FOR UPDATE SKIP LOCKED
) priority_{{priority}}"""  # noqa: S608 – names of columns
#: priority by priority, and only until there are enough. `most` is part of the text, so that the plan follows from it
_DUE = """
SELECT due.*, coalesce(expires_at <= statement_timestamp(), false),
  EXISTS (SELECT FROM postbox_suppression WHERE address_hash = to_hash)
  OR EXISTS (SELECT FROM postbox_recipientdomain WHERE key = to_domain)
FROM ({every} LIMIT {most}) due
"""
_TAKE = """
WITH taken AS (
  UPDATE postbox_message SET state = 'claimed', attempt = attempt + 1, last_code = NULL,
    lease_until = statement_timestamp() + make_interval(secs => $1), updated_at = statement_timestamp(),
    explanation = 'Being sent, attempt ' || attempt + 1 || '.'
  WHERE id = ANY($2) RETURNING id, attempt
)
INSERT INTO postbox_attempt (message_id, number, worker, started_at, stage, outcome, reply)
SELECT id, attempt, $3, statement_timestamp(), '', '', '' FROM taken
"""


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
            taken = _sendable(due, slow)
            if taken:
                _take(taken, worker)
                return taken


def _due_locked(limit: int, but: Collection[str]) -> list[Message]:
    """In their order, without contents, each with `over` (it has expired) and `known` (something is known of its
    recipient or the domain)."""
    with server_cursor() as cursor:
        cursor.execute(_due(limit), [unauthorised_may_leave(), list(but)])
        rows = cursor.fetchall()
    found = []
    for *values, over, known in rows:
        message = Message.from_db(DEFAULT_DB_ALIAS, _PLAIN, values)
        message.over, message.known = over, known  # type: ignore[attr-defined]
        found.append(message)
    return sorted(found, key=lambda message: (message.priority, message.next_at, message.created_at))


@cache
def _due(most: int) -> str:
    parts = [_OF_PRIORITY.format(priority=priority, most=most) for priority in Priority.values]
    return _DUE.format(every=" UNION ALL ".join(parts), most=most)


def _sendable(due: list[Message], slow: Collection[str]) -> list[Message]:
    known = [message for message in due if message.known]  # type: ignore[attr-defined]  # by _due_locked
    causes = suppression_causes(due if len(settings.LOOKUP_KEYS) > 1 else known)
    domains = domains_locked(keys=[message.to_domain for message in known]) if known else {}
    taken: list[Message] = []
    for message in sorted(due, key=lambda each: each.to_domain):  # rows of new domains are made in one order
        if message.over:  # type: ignore[attr-defined]  # by _due_locked
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
    lease = float(settings.POSTBOX["LEASE"])
    with server_cursor() as cursor:
        cursor.execute(_TAKE, [lease, [message.pk for message in messages], worker[:80]])
    for message in messages:
        message.state, message.attempt = MessageState.CLAIMED, message.attempt + 1
