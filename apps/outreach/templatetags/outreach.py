"""Filters of the outreach pages."""

from typing import Any

from django import template

from ..pages.dispatches import language_name
from ..pages.timeline import first_lines

register = template.Library()
register.filter("first_lines", first_lines)


@register.filter("language_name")
def language_name_of(code: Any) -> str:
    """ "en" → "English", in the page's language."""
    return language_name(str(code))
