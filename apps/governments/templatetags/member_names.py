"""The name of a government in the language of the page."""

from django import template
from django.utils.translation import get_language

from ..models import Member

register = template.Library()


@register.filter
def member_name(member: Member | None) -> str:
    """Today's short name; "" without a government."""
    return member.name_in(get_language() or "en") if member else ""
