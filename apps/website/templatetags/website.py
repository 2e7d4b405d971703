"""Dates and languages as public pages say them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.core.text import script_tag

register = template.Library()


@register.filter
def conference_dates(campaign: Campaign) -> str:
    """ "10 to 13 December 2017", with month and year only once where they are the same."""
    first, last = campaign.starts_on, campaign.ends_on
    end = date_format(last, "j F Y")
    if first == last:
        return end
    same_month = (first.year, first.month) == (last.year, last.month)
    start = date_format(first, "j" if same_month else "j F" if first.year == last.year else "j F Y")
    return _("%(start)s to %(end)s") % {"start": start, "end": end}


@register.filter
def today_there(moment: datetime, campaign: Campaign) -> str:
    """ "Monday 20 November 2017, 11:32 in Buenos Aires (14:32 UTC)"."""
    there = moment.astimezone(ZoneInfo(campaign.venue_time_zone))
    return _("%(day)s, %(time)s in %(place)s (%(utc)s UTC)") % {
        "day": date_format(there, "l j F Y"),
        "time": date_format(there, "H:i"),
        "place": campaign.city,
        "utc": date_format(moment.astimezone(ZoneInfo("UTC")), "H:i"),
    }


@register.filter
def language_named(code: str) -> str:
    """The language's own name: fr → français; the code where it is not known."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


@register.filter
def language_here(code: str) -> str:
    """What the page's own language calls it: fr → "French"; the code where it is not known."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


@register.filter
def runs(code: str) -> SafeString | str:
    """Attributes of a paragraph in that language, where it runs from right to left; else nothing."""
    try:
        return format_html('lang="{}" dir="rtl"', code) if get_language_info(code)["bidi"] else ""
    except KeyError:
        return ""


@register.filter
def spoken(text: str, language: str) -> SafeString:
    """Text that is written in `language`, unless it is in another script than the Latin; it runs its own way."""
    return format_html('<bdi lang="{}">{}</bdi>', script_tag(text) or language, text)
