"""Tags of the look: glyphs, states, times with a place. Built in: templates need not load them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

#: glyphs that point somewhere turn round where text runs from right to left
FLIPS = {"sent", "reply", "bounce"}


@register.simple_tag
def glyph(name: str, label: str = "") -> SafeString:
    """An icon of templates/_symbols.html: decoration, unless it has a label."""
    css = "i i-flip" if name in FLIPS else "i"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="#{}"/></svg>', css, label, name)
    return format_html('<svg class="{}" aria-hidden="true"><use href="#{}"/></svg>', css, name)


@register.simple_tag
def state(tone: str, name: str, words: str) -> SafeString:
    """A state: a glyph and a word, never a coloured pill. `tone` is ok, warn, bad, ink or idle."""
    return format_html('<span class="st st-{}">{}{}</span>', tone, glyph(name), words)


@register.filter
def at_place(moment: datetime | None, campaign: object) -> str:
    """ "1 December 2017, 23:59 in Geneva (22:59 UTC)": a time in the campaign's zone, and in UTC."""
    if moment is None:
        return ""
    local = moment.astimezone(ZoneInfo(getattr(campaign, "time_zone", "UTC")))
    utc = timezone.localtime(moment, ZoneInfo("UTC"))
    return _("%(day)s, %(time)s in %(place)s (%(utc)s UTC)") % {
        "day": date_format(local, "j F Y"),
        "time": date_format(local, "H:i"),
        "place": getattr(campaign, "time_zone_place", "UTC"),
        "utc": date_format(utc, "H:i"),
    }


@register.simple_tag
def times_place(campaign: object) -> str:
    """ "Times in Geneva.": where the clock of this page stands, which is that of whoever reads it."""
    zone = str(timezone.get_current_timezone())
    places = {
        getattr(campaign, "venue_time_zone", ""): getattr(campaign, "city", ""),
        getattr(campaign, "time_zone", ""): getattr(campaign, "time_zone_place", ""),
        "UTC": "UTC",
    }
    return _("Times in %(place)s.") % {"place": places.get(zone) or zone.rpartition("/")[2].replace("_", " ")}


@register.filter
def hash_groups(digest: str) -> str:
    """Eight digits at a time, so that two people can compare a hash aloud."""
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))


@register.filter
def get(mapping: dict[object, object], key: object) -> object:
    """mapping[key] or "" (templates cannot look up by a variable)."""
    return mapping.get(key, "")
