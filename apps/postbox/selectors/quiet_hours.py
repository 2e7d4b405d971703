"""Quiet hours where the recipient lives."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError

from ..models import Message


class UnknownZone(DomainError):
    default_message = _("Choose a time zone from the list, like Asia/Kathmandu.")


def zone_check(name: str) -> None:
    """Raises UnknownZone, unless `name` is empty or a time zone."""
    if name and _zone(name) is None:
        raise UnknownZone(field="quiet_zone")


def quiet_end(message: Message, now: datetime) -> datetime | None:
    """When the quiet hours end in which `message` would be sent at `now`; None outside them."""
    zone = _zone(message.quiet_zone) if message.quiet_zone else None
    if zone is None or message.quiet_from is None or message.quiet_until is None:
        return None
    local = now.astimezone(zone)
    if not _within(local.time(), message.quiet_from, message.quiet_until):
        return None
    later = local.time() >= message.quiet_until  # they end on the next day
    end = datetime.combine(local.date() + timedelta(days=later), message.quiet_until)
    # where clocks are changed at that very time, the later of the two moments that could be meant
    return max(end.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))


def _within(at: time, first: time, last: time) -> bool:
    return first <= at < last if first <= last else at >= first or at < last


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
