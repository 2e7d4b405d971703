"""Filters of the outreach pages."""

from django import template

from ..pages.dispatches import language_name
from ..pages.timeline import reply_beginning

register = template.Library()
register.filter("reply_beginning", reply_beginning)


@register.filter("language_name")
def language_name_of(code: str) -> str:
    """ "en" → "English", in the page's language."""
    return language_name(code)
