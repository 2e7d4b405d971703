"""The day as of which a page shows governments, and the days it offers."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign

from ..selectors import position_days, reference_day

#: at most so many dates are offered
MOST_DAYS = 14


@dataclass(frozen=True)
class AsOfDate:
    """`usual` is the campaign's default, which links leave out; `wrong` says why the requested day is not shown."""

    day: date
    usual: date
    today: date
    wrong: str = ""

    @property
    def on(self) -> str:
        """The query parameter that keeps the day in links; "" for the usual one."""
        return "" if self.day == self.usual else self.day.isoformat()


def parse_as_of_date(campaign: Campaign, said: str) -> AsOfDate:
    """Parse "2017-12-13"; the campaign's default for an empty or invalid text."""
    usual = reference_day(campaign)
    today = timezone.localdate(timezone=ZoneInfo(campaign.time_zone))
    said = said.strip()[:20]
    if not said:
        return AsOfDate(usual, usual, today)
    try:
        day = parse_date(said)
    except ValueError:
        day = None
    if day is None:
        return AsOfDate(usual, usual, today, _("“%(said)s” is not a date. Enter it as 2017-12-13.") % {"said": said})
    if day > today:
        return AsOfDate(usual, usual, today, _("That day is in the future. Choose today or an earlier day."))
    return AsOfDate(day, usual, today)


def as_of_dates(campaign: Campaign, shown: date, today: date) -> list[date]:
    """The days with positions, the conference, today and the shown day. Of many: the first, the last, and those around
    the shown day."""
    known = {*position_days(campaign), campaign.starts_on, campaign.ends_on, today}
    days = sorted(day for day in {*known, shown} if day <= max(today, shown))
    if len(days) <= MOST_DAYS:
        return days
    at = days.index(shown)
    start = max(0, min(at - MOST_DAYS // 2 + 1, len(days) - MOST_DAYS + 1))
    return sorted({days[0], *days[start : start + MOST_DAYS - 2], days[-1]})
