"""How times are written: in the reader's zone for staff, in the campaign's in public, and the zone always named."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.formats import date_format, time_format
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .languages import Language, language_for
from .territories import city_name


class Zoned(Protocol):
    """The time zones of a campaign: IANA names, and the names of their places."""

    time_zone: str
    venue_time_zone: str

    def text_in(self, field: str, language: str) -> str: ...


def reader_time(moment: datetime, campaign: Zoned | None = None) -> str:
    """ "1 December 2017, 23:59 in Nairobi": in the reader's zone. A campaign has names for its own places."""
    zone = timezone.get_current_timezone()
    return _in_zone(moment.astimezone(zone), place=zone_place(zone, campaign))


def campaign_time(moment: datetime, campaign: Zoned) -> str:
    """ "1 December 2017, 23:59 in Geneva (22:59 UTC)": in the campaign's zone."""
    zone = ZoneInfo(campaign.time_zone)
    text = _in_zone(moment.astimezone(zone), place=zone_place(zone, campaign))
    if zone.key == "UTC":
        return text
    return _("%(time)s (%(utc)s UTC)") % {"time": text, "utc": date_format(moment.astimezone(UTC), "H:i")}


def local_time(moment: datetime, zone: tzinfo, campaign: Zoned | None = None) -> str:
    """ "5 December 2017, 08:00 in Kathmandu": on the clocks of that zone."""
    return _in_zone(moment.astimezone(zone), place=zone_place(zone, campaign))


def page_language() -> Language:
    """How the language of the page writes dates: as letters do, with Django's months, which are shorter in Arabic."""
    language = language_for(get_language() or "en")
    return replace(language, dates=replace(language.dates, months=tuple(str(MONTHS[n]) for n in range(1, 13))))


def written_day(day: date) -> str:
    """ "1 December 2017", as the language of the page writes a day; of a moment, the day in its own zone."""
    return page_language().date(f"{day:%Y-%m-%d}")


def written_month(day: date) -> str:
    """ "December 2017", likewise."""
    return page_language().date(f"{day:%Y-%m}")


def written_clock(at: time) -> str:
    """ "22:00" on whatever clock the sentence names."""
    return time_format(at, "H:i")


def zone_place(zone: tzinfo, campaign: Zoned | None = None) -> str:
    """The place of `zone` in the reader's language: the campaign's name for it, or the city of the IANA name, or
    "UTC"."""
    name, language = str(zone), get_language() or "en"
    if campaign is not None and name in {campaign.time_zone, campaign.venue_time_zone}:
        field = "time_zone_place" if name == campaign.time_zone else "city"
        if place := campaign.text_in(field, language):
            return place
    return city_name(name.rpartition("/")[2].replace("_", " "), language)


#: in the language of whoever reads it, for documents in several
zone_place_lazy = lazy(zone_place, str)


def _in_zone(local: datetime, *, place: str) -> str:
    words = {"day": written_day(local), "time": date_format(local, "H:i"), "place": place}
    return (_("%(day)s, %(time)s UTC") if place == "UTC" else _("%(day)s, %(time)s in %(place)s")) % words
