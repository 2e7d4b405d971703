"""The day that a page about governments shows: which one the address asks for, and which are worth looking at."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign

from ..selectors import position_days, reference_day

#: days in the row of dates: more than that, and those in the midst are left out
MOST_DAYS = 14


@dataclass(frozen=True)
class AsOfDate:
    """The day a page shows. `usual` is the campaign's own, which needs no word in the address; `wrong` says why what
    was asked for is not shown."""

    day: date
    usual: date
    today: date
    wrong: str = ""

    @property
    def on(self) -> str:
        """What links carry on to keep the day: "" on the usual one."""
        return "" if self.day == self.usual else self.day.isoformat()


def parse_as_of_date(campaign: Campaign, said: str) -> AsOfDate:
    """The day of "2017-12-13"; the campaign's own where nothing is said, or no day that can be shown."""
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
        return AsOfDate(usual, usual, today, _("“%(said)s” is no day. Write it as 2017-12-13.") % {"said": said})
    if day > today:
        return AsOfDate(usual, usual, today, _("That day is still to come. Ask for today or an earlier one."))
    return AsOfDate(day, usual, today)


def as_of_dates(campaign: Campaign, shown: date, today: date) -> list[date]:
    """Days worth looking at: those on which a position was taken, the conference, today, and the one that is shown.

    Where they are many: the first, the last, and those around the one that is shown.
    """
    known = {*position_days(campaign), campaign.starts_on, campaign.ends_on, today}
    days = sorted(day for day in {*known, shown} if day <= max(today, shown))
    if len(days) <= MOST_DAYS:
        return days
    at = days.index(shown)
    start = max(0, min(at - MOST_DAYS // 2 + 1, len(days) - MOST_DAYS + 1))
    return sorted({days[0], *days[start : start + MOST_DAYS - 2], days[-1]})
