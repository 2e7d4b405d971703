"""Mails as pages show them."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

ADDRESS = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]])")


@register.filter
def with_links(text: str) -> SafeString:
    """The text, escaped, with its web addresses to press. Mail programs do the same with plain text."""
    pieces = ADDRESS.split(text)  # words and addresses take turns
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<a href="{0}" rel="noreferrer">{0}</a>', piece) if i % 2 else piece,)
            for i, piece in enumerate(pieces)
        ),
    )
