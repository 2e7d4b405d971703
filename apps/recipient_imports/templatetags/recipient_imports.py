"""Filters of the pages of imports."""

from django import template

from ..messages import MATCHES, change_label, reason_text

register = template.Library()
register.filter("reason", reason_text)
register.filter("field_words", change_label)


@register.filter
def why_like(code: str) -> str:
    """Why somebody known is offered for a row."""
    return str(MATCHES[code])
