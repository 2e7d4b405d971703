"""Filters for pages of letters."""

from django import template
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def language_name(code: str) -> str:
    """ "en" → "English" in the reader's language; the code itself where Django knows no name."""
    try:
        return str(_(get_language_info(code)["name"]))
    except KeyError:
        return code


@register.filter
def language_names(codes: list[str]) -> str:
    """["en", "fr"] → "English, French"."""
    return ", ".join(language_name(code) for code in codes)
