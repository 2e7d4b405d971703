"""Dates and texts in the ways of public pages."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.core.text import script_tag

register = template.Library()


@register.filter
def conference_dates(campaign: Campaign) -> str:
    """ "10 to 13 December 2017": month and year only once if they are the same."""
    first, last = campaign.starts_on, campaign.ends_on
    end = date_format(last, "j F Y")
    if first == last:
        return end
    same_month = (first.year, first.month) == (last.year, last.month)
    start = date_format(first, "j" if same_month else "j F" if first.year == last.year else "j F Y")
    return _("%(start)s to %(end)s") % {"start": start, "end": end}


@register.filter
def venue_time(moment: datetime, campaign: Campaign) -> str:
    """ "Monday 20 November 2017, 11:32 in Buenos Aires (14:32 UTC)"."""
    local = moment.astimezone(ZoneInfo(campaign.venue_time_zone))
    return _("%(day)s, %(time)s in %(place)s (%(utc)s UTC)") % {
        "day": date_format(local, "l j F Y"),
        "time": date_format(local, "H:i"),
        "place": campaign.city,
        "utc": date_format(moment.astimezone(ZoneInfo("UTC")), "H:i"),
    }


@register.filter
def in_language(text: str, language: str) -> SafeString:
    """The text with its direction and `language`, or the language of its script if that is not Latin."""
    return format_html('<bdi lang="{}">{}</bdi>', script_tag(text) or language, text)
