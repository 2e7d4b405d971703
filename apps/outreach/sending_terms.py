"""When and how the letters of a mailing leave."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from datetime import UTC, datetime, time, timedelta
from typing import Self

from apps.core.types import JsonObject
from apps.postbox.models import Message
from apps.postbox.selectors.quiet_hours import quiet_end

from .models import Dispatch

#: to be authorised
TIME_TO_ACT = timedelta(hours=48)
#: then to leave: as long as a server that does not answer is tried (RFC 5321 §4.5.4.1)
TIME_TO_SEND = timedelta(days=5)
#: a mailing that has not begun this long after its time needs a new authorisation
LATEST_START = timedelta(hours=1)
#: what reads a value of `Terms.record` that is not kept as it is
READERS: dict[str, Callable[[str], object]] = {
    "send_at": datetime.fromisoformat,
    "ends_at": datetime.fromisoformat,
    "quiet_from": time.fromisoformat,
    "quiet_until": time.fromisoformat,
}


@dataclass(frozen=True)
class Terms:
    """Fields of Dispatch. Without `send_at` it leaves when authorised; without `ends_at` it ends TIME_TO_SEND later."""

    send_at: datetime | None = None
    ends_at: datetime | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None
    per_hour: int | None = None
    per_domain: int | None = None
    pdf_linked: bool = False

    @classmethod
    def of(cls, dispatch: Dispatch) -> Self:
        return cls(**{field.name: getattr(dispatch, field.name) for field in fields(cls)})

    @property
    def values(self) -> dict[str, object]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def stored(cls, record: JsonObject) -> Self:
        """From what `record` returned."""
        values: JsonObject = {
            name: READERS[name](value) if name in READERS else value for name, value in record.items()
        }
        return cls(**values)

    @property
    def record(self) -> JsonObject:
        """For the audit log, without what is not set."""
        return {
            name: value.isoformat() if isinstance(value, datetime | time) else value
            for name, value in self.values.items()
            if value is not None
        }

    @property
    def essence(self) -> JsonObject:
        """For the hash of the plan; empty for a mailing that leaves at once, as a whole. Moments in UTC, as the
        database returns them: it is the same plan in whatever zone somebody chose one."""
        values = {**self.values, "send_at": self.send_at and self.send_at.astimezone(UTC)}
        return {name: str(value) for name, value in values.items() if value and name != "ends_at"}

    def expiry(self, now: datetime, within: timedelta = TIME_TO_ACT) -> datetime:
        return self.ends_at or max(now, self.send_at or now) + within

    def too_late(self, domains: Collection[str], now: datetime) -> int:
        """How many letters at least do not leave before the end, authorised now; `domains` has that of each."""
        window = self.expiry(now, TIME_TO_SEND) - max(now, self.send_at or now)
        hours = int(window / timedelta(hours=1)) + 1  # the first leave at once
        by_domain = Counter(domains)
        if self.per_domain:
            by_domain = Counter({domain: min(n, self.per_domain * hours) for domain, n in by_domain.items()})
        leave = by_domain.total() if self.per_hour is None else min(by_domain.total(), self.per_hour * hours)
        return len(domains) - leave

    def first_moment(self, now: datetime, zone: str) -> datetime:
        """When the letter of a recipient in that zone may leave, if it is authorised now."""
        start = max(now, self.send_at or now)
        quiet = Message(
            quiet_zone=zone if self.quiet_from else "", quiet_from=self.quiet_from, quiet_until=self.quiet_until
        )
        return quiet_end(quiet, start) or start
