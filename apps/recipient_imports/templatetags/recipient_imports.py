"""Filters of the pages of imports."""

from django import template

from ..messages import WHY, field_in_words, reason_in_words

register = template.Library()
register.filter("reason", reason_in_words)
register.filter("field_words", field_in_words)


@register.filter
def why_like(code: str) -> str:
    """Why somebody known is offered for a row."""
    return str(WHY[code])
