"""Domains that take no mail at the moment, or only so many mails an hour. The rows are shared by all workers."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop

from apps.core.encryption import UnreadableValue

from ..models import Attempt, Message, MessageState, Priority, RecipientDomain
from ..transports.base import SendResult, SendStatus

log = structlog.get_logger(__name__)

#: failures in a row after which a domain's mail is held back
FAILURES = 5
FIRST_HOLD = timedelta(minutes=2)
LONGEST_HOLD = timedelta(hours=1)
HOUR = timedelta(hours=1)
#: rows that tell nothing any more are kept this long
KEPT = timedelta(days=7)

HELD = "Mail to this domain keeps failing, so it is held back. "
LIMITED = gettext_noop(
    "As many emails as allowed were sent to this domain within an hour. This one is sent in the next hour."
)
OWN_LIMIT = gettext_noop("As many letters of its mailing as allowed have gone to this domain within an hour.")
#: steps in which the answer, or its absence, can be about the recipient's domain
_ABOUT_THE_DOMAIN = frozenset({"rcpt", "data", "body", "dot"})


def domains_locked(*, keys: Iterable[str]) -> dict[str, RecipientDomain]:
    """The rows of these domains, locked in one order; those without trouble or limit have none."""
    rows = RecipientDomain.objects.defer("name").filter(key__in=set(keys) - {""}).order_by("key")
    return {row.key: row for row in rows.select_for_update()}


def domain_hold(
    *, message: Message, domain: RecipientDomain | None, taken: Iterable[Message] = ()
) -> tuple[datetime, str] | None:
    """(until when, why) a due message has to wait for its domain, locked by the caller; None if it may leave, which is
    counted. Of a domain whose time is over, one message goes first. `taken`: what leaves with it, without an attempt
    so far."""
    now = timezone.now()
    if domain and domain.opened_at:
        if domain.held_until and domain.held_until > now:
            return domain.held_until, f"{HELD}{domain.reason}"
        domain.held_until = now + _probe_time()
        domain.save(update_fields=["held_until", "updated_at"])
        return None
    limit = int(settings.POSTBOX["DOMAIN_LIMIT"])
    if not message.to_domain or not (limit or message.domain_limit):
        return None
    if domain is None:  # made even without a count: its lock keeps other workers apart
        RecipientDomain.objects.get_or_create(key=message.to_domain, defaults={"name": domain_name(message)})
        domain = domains_locked(keys=[message.to_domain])[message.to_domain]
    if message.domain_limit and (free := _own_limit_ends(message, taken, now)):
        return free, OWN_LIMIT
    return _count(message, domain, limit, now) if limit else None


def _own_limit_ends(message: Message, taken: Iterable[Message], now: datetime) -> datetime | None:
    """When one more message of its mailing may go to the domain; None if that is now. Any hour counts, not only full
    ones, and each attempt, as it costs their server the same."""
    same = (message.authorisation, message.to_domain)
    room = message.domain_limit - sum((other.authorisation, other.to_domain) == same for other in taken)
    if room <= 0:
        return now + HOUR
    attempts = Attempt.objects.filter(
        message__authorisation=message.authorisation, message__to_domain=message.to_domain,
        message__domain_limit__gt=0, started_at__gt=now - HOUR,
    )  # fmt: skip
    last = list(attempts.order_by("-started_at").values_list("started_at", flat=True)[:room])
    return last[-1] + HOUR if len(last) == room else None


def _count(message: Message, domain: RecipientDomain, limit: int, now: datetime) -> tuple[datetime, str] | None:
    """What somebody waits for is counted, but never held back."""
    if domain.hour_started is None or domain.hour_started + HOUR <= now:
        domain.hour_started, domain.hour_count = now, 0
    if domain.hour_count >= limit and message.priority != Priority.WAITED_FOR:
        return domain.hour_started + HOUR, LIMITED
    domain.hour_count += 1
    domain.save(update_fields=["hour_started", "hour_count", "updated_at"])
    return None


def domain_result_record(*, message: Message, result: SendResult) -> None:
    """Let the domain's row follow a result, in the caller's transaction: the fifth failure in a row holds the domain's
    mail back, and any other answer ends that."""
    if not message.to_domain or result.status == SendStatus.WITHHELD or result.connection_failed:
        return
    if concerns_domain(result):
        _fail(message, result)
    elif result.status in {SendStatus.ACCEPTED, SendStatus.REFUSED}:
        domains_close(keys=[message.to_domain])


def concerns_domain(result: SendResult) -> bool:
    """Whether a failure would meet the next mail to the domain too. A full mailbox or an unknown name would not."""
    if result.status not in {SendStatus.DEFERRED, SendStatus.IN_DOUBT, SendStatus.REFUSED}:
        return False
    if result.stage not in _ABOUT_THE_DOMAIN or result.connection_failed:
        return False
    code = result.enhanced_code
    if result.status == SendStatus.REFUSED:
        return code[2:4] == "7."  # by its policy, not for the address (RFC 3463 §3.8)
    return code[2:4] not in {"1.", "2."}


def _fail(message: Message, result: SendResult) -> None:
    defaults = {"name": domain_name(message)}
    row, _made = RecipientDomain.objects.get_or_create(key=message.to_domain, defaults=defaults)
    row = RecipientDomain.objects.defer("name").select_for_update().get(pk=row.pk)
    row.failures, row.reason = min(row.failures + 1, 1000), result.reason[:500]
    if row.failures >= FAILURES:
        now = timezone.now()
        row.opened_at = row.opened_at or now
        row.held_until = now + min(LONGEST_HOLD, FIRST_HOLD * 2 ** min(row.failures - FAILURES, 10))
        log.warning("domain_held_back", domain=row.key[:12], failures=row.failures, until=row.held_until)
    row.save(update_fields=["failures", "reason", "opened_at", "held_until", "updated_at"])


def domains_close(*, keys: Iterable[str]) -> None:
    """Forget the failures of these domains, and let their waiting mail leave."""
    wanted = set(keys) - {""}
    if not wanted:
        return
    rows = RecipientDomain.objects.filter(key__in=wanted, failures__gt=0).order_by("key")
    found = dict(rows.select_for_update().values_list("key", "opened_at"))
    if not found:
        return
    RecipientDomain.objects.filter(key__in=found).update(
        failures=0, opened_at=None, held_until=None, reason="", updated_at=Now()
    )
    opened = [key for key, opened_at in found.items() if opened_at]
    waiting = Message.objects.filter(to_domain__in=opened, state=MessageState.QUEUED, explanation__startswith=HELD)
    free = waiting.order_by("pk").select_for_update(skip_locked=True).values_list("pk", flat=True)
    Message.objects.filter(pk__in=list(free[:10_000])).update(next_at=Now(), updated_at=Now())


def domains_sweep() -> int:
    """Delete rows without failures and limits in use. Returns how many."""
    over = RecipientDomain.objects.filter(updated_at__lt=timezone.now() - KEPT)
    return over.filter(opened_at=None).delete()[0]


def domain_name(message: Message) -> str:
    """For operators; "" where the address cannot be decrypted."""
    with suppress(UnreadableValue):
        return message.to_address.rpartition("@")[2]
    return ""


def _probe_time() -> timedelta:
    """After this the one mail that tries has been answered, or its worker is gone."""
    box = settings.POSTBOX
    return timedelta(seconds=box["STEP_TIMEOUT"] + box["DOT_TIMEOUT"])
