"""Text in the language of its content."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.core.text import script_tag

register = template.Library()


@register.filter
def in_language(text: str, language: str) -> SafeString:
    """The text with its direction and `language`, or the language of its script if that is not Latin."""
    return format_html('<bdi lang="{}">{}</bdi>', script_tag(text) or language, text)
