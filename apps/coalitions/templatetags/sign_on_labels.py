"""Labels of signatures: names in their script, countries, states, visibility."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import localize
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, npgettext

from apps.campaigns.models import Campaign
from apps.core.territories import territory_name
from apps.core.text import name_sort_key, script_tag
from apps.core.times import written_day
from apps.core.types import Label
from apps.letters.models import LetterVersion
from apps.letters.selectors.editions import public_title as letter_title

from ..models import CollectedSignOn, SignOn, WithdrawalRequest
from ..pages.sign_on_labels import CAME_BY, ORGANISATION_KINDS, SEEN_BY, STATES, VISIBILITIES
from ..selectors.signatory_lists import CountrySignatories

register = template.Library()


@register.filter
def own_script(name: str) -> SafeString:
    """The name with its own direction and the language tag of its script."""
    if name.isascii():
        return SafeString(f"<bdi>{escape(name)}</bdi>")  # a page may have a thousand
    tag = script_tag(name)
    return format_html('<bdi lang="{}">{}</bdi>', tag, name) if tag else format_html("<bdi>{}</bdi>", name)


@register.filter
def more_names(roll: CountrySignatories) -> str:
    """ "and 12 more". As `without_names` a filter, since a page has 250 and {% blocktranslate %} takes five times as
    long."""
    return npgettext("names", "and %(n)s more", "and %(n)s more", roll.more) % {"n": localize(roll.more)}


@register.filter
def without_names(roll: CountrySignatories) -> str:
    """ "and 3 without names", after some that are shown."""
    number = roll.unnamed
    if roll.named:
        text = ngettext("and %(n)s without a name", "and %(n)s without names", number)
    else:
        text = ngettext("%(n)s without a name", "%(n)s without names", number)
    return text % {"n": localize(number)}


@register.filter
def country(code: str) -> str:
    return territory_name(code, get_language() or "en")


@register.filter
def by_country_name(numbers: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """(country, number), in the order of the names that the page shows."""
    return sorted(numbers, key=lambda pair: name_sort_key(country(pair[0]), get_language() or "en"))


@register.filter
def public_title(version: LetterVersion) -> str:
    return letter_title(version, get_language() or "")


@register.filter
def seen_by(sign_on: SignOn) -> Label:
    return SEEN_BY.get(SignOn.Visibility(sign_on.visibility), "")


@register.filter
def came_by(row: CollectedSignOn | WithdrawalRequest) -> Label:
    """ "On paper"."""
    return dict(CAME_BY)[row.came_by]


@register.filter
def organisation_kind(value: str) -> Label:
    return dict(ORGANISATION_KINDS).get(value, value)


@register.filter
def state_row(state: str) -> tuple[str, str, Label]:
    """(glyph, tone, label) of what `display_state` returns."""
    return STATES[state]


@register.filter
def display_state(sign_on: SignOn) -> str:
    return sign_on.moderation_state


@register.filter
def iso_moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@register.filter
def campaign_day(moment: datetime | None, campaign: Campaign) -> str:
    """ "1 December 2017", in the campaign's time zone."""
    return written_day(moment.astimezone(ZoneInfo(campaign.time_zone))) if moment else ""


@register.filter
def seen_by_short(sign_on: SignOn) -> Label:
    return next(label for value, label, _hint in VISIBILITIES if value == sign_on.visibility)
