"""Filters for the names and directions of languages."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ..language_names import language_label, language_name, local_language_name
from ..languages import direction
from ..text import joined
from ..times import page_language

register = template.Library()
register.filter("language_label", language_label)
register.filter("language_name", language_name)
register.filter("local_language_name", local_language_name)


@register.filter
def language_names(codes: list[str]) -> str:
    """["en", "fr"] → "English, French"."""
    return joined(language_name(code) for code in codes)


@register.filter
def partial_date(value: str | int | None) -> str:
    """ "2017-05" → "May 2017", in the page's language."""
    return page_language().date(str(value or ""))


@register.filter
def direction_attributes(code: str) -> SafeString | str:
    """Attributes for a paragraph in a language that runs against that of the page; "" for others."""
    runs = direction(code)
    return "" if runs == direction(get_language() or "en") else format_html('lang="{}" dir="{}"', code, runs)


register.filter("direction", direction)
