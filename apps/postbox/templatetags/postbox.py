import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

ADDRESS = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]])")


@register.filter
def with_links(text: str) -> SafeString:
    pieces = ADDRESS.split(text)  # words and addresses take turns
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<a href="{0}" rel="noreferrer">{0}</a>', piece) if i % 2 else piece,)
            for i, piece in enumerate(pieces)
        ),
    )
