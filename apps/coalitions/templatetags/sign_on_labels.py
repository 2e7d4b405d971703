"""Names in their script, countries, and what a signature's choices are called."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from apps.core.territories import territory_name
from apps.core.text import script_tag
from apps.letters.models import LetterVersion
from apps.letters.selectors import public_title as letter_title

from ..models import SignOn
from ..pages.labels import ORGANISATION_KINDS, SEEN_BY, STATES, VISIBILITIES

register = template.Library()


@register.filter
def own_script(name: str) -> SafeString:
    """The name in a `bdi`, so that it runs in its own direction, with a language tag for its script."""
    tag = script_tag(name)
    if tag:
        return format_html('<bdi lang="{}">{}</bdi>', tag, name)
    return format_html("<bdi>{}</bdi>", name)


@register.filter
def country(code: str) -> str:
    """KE → Kenya."""
    return territory_name(code)


@register.filter
def public_title(version: LetterVersion) -> str:
    """What the letter is called outside the team, in the language being shown."""
    return letter_title(version, get_language() or "")


@register.filter
def seen_by(sign_on: SignOn) -> Any:
    """Who may see the name, as a phrase."""
    return SEEN_BY.get(SignOn.Visibility(sign_on.visibility), "")


@register.filter
def organisation_kind(value: str) -> Any:
    """What the kind is called."""
    return dict(ORGANISATION_KINDS).get(value, value)


@register.filter
def state_row(state: str) -> tuple[str, str, Any]:
    """(glyph, tone, word) of a state, or of "waiting"."""
    return STATES[state]


@register.filter
def shows(sign_on: SignOn) -> str:
    """The state that matters to staff: "waiting" where a confirmed one waits for a look."""
    waits = sign_on.moderation == SignOn.Moderation.WAITING
    return "waiting" if sign_on.state == SignOn.State.CONFIRMED and waits else sign_on.state


@register.filter
def day_there(moment: datetime | None, campaign: Any) -> str:
    """ "1 December": the day of a moment in the campaign's zone."""
    return date_format(moment.astimezone(ZoneInfo(campaign.time_zone)), "j F") if moment else ""


@register.filter
def seen_by_short(sign_on: SignOn) -> Any:
    """Who may see the name, in few words."""
    return next(label for value, label, _hint in VISIBILITIES if value == sign_on.visibility)
