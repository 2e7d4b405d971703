"""Tags of the look: glyphs, states, times with a place. Built in: templates need not load them."""

from html import unescape

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString

register = template.Library()

#: glyphs that point somewhere turn round where text runs from right to left
FLIPS = {"sent", "reply", "bounce"}


@register.simple_tag
def glyph(name: str, label: str = "") -> SafeString:
    """An icon of templates/_symbols.html: decoration, unless it has a label."""
    css = "icon icon-flip" if name in FLIPS else "icon"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="#{}"/></svg>', css, label, name)
    return format_html('<svg class="{}" aria-hidden="true"><use href="#{}"/></svg>', css, name)


@register.simple_tag(takes_context=True)
def heading_text(context: template.Context) -> str:
    """The text of the page's block `heading`: the title of every page that does not have another one."""
    heading = context.render_context[BLOCK_CONTEXT_KEY].get_block("heading")
    return " ".join(unescape(strip_tags(heading.render(context))).split()) if heading else ""


@register.simple_tag
def state(tone: str, name: str, words: str) -> SafeString:
    """A state: a glyph and a word, never a coloured pill. `tone` is ok, warn, bad, ink or idle."""
    return format_html('<span class="state state-{}">{}{}</span>', tone, glyph(name), words)


@register.filter
def hash_groups(digest: str) -> str:
    """Eight digits at a time, so that two people can compare a hash aloud."""
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))


@register.filter
def get(mapping: dict[object, object], key: object) -> object:
    """mapping[key] or "" (templates cannot look up by a variable)."""
    return mapping.get(key, "")
