"""What a search found, in its results."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.core.search_query import SearchQuery
from apps.core.text import script_tag

register = template.Library()


@register.filter
def marked(text: str, query: SearchQuery) -> SafeString:
    """The text, whatever its direction and script, with the words of the query in <mark>."""
    words = format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", piece) if found else piece,) for piece, found in query.pieces(text))
    )
    lang = script_tag(text)
    return format_html('<bdi lang="{}">{}</bdi>', lang, words) if lang else format_html("<bdi>{}</bdi>", words)
