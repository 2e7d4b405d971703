"""Filters of the outreach pages."""

from typing import Any

from django import template

from ..selectors import first_lines, language_name

register = template.Library()
register.filter("first_lines", first_lines)


@register.filter("language_name")
def language_name_of(code: Any) -> str:
    """ "en" → "English", in the page's language."""
    return language_name(str(code))
