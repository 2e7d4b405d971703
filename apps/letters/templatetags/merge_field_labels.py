"""Texts that people compare: merge fields by what they are called and not by their key, bold and italic as such."""

import json
import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from apps.core.types import JsonObject

from ..document import differences
from ..document.differences import MARK_SIGNS, MARKED, Piece
from ..merge_fields import field_labels

register = template.Library()
TAGS = {MARK_SIGNS["bold"]: "b", MARK_SIGNS["italic"]: "i"}
KEY = re.compile(r"\{([a-z]+(?:\.[a-z_]+)?)\}")


@register.filter
def fields_named(text: str) -> SafeString:
    """ "Accept, {recipient.salutation}, …" as "Accept, {Salutation}, …", with the marks of `document.differences`."""
    named = KEY.sub(lambda found: f"{{<bdi>{escape(field_labels([found[1]])[0])}</bdi>}}", escape(text))
    return mark_safe(MARKED.sub(_marked, named))  # noqa: S308 – escaped before the marks are put in


@register.filter
def fields_named_plainly(text: str) -> str:
    """The same without marks, for mail."""
    return MARKED.sub(r"\2", KEY.sub(lambda found: f"{{{field_labels([found[1]])[0]}}}", text))


def _marked(found: re.Match[str]) -> str:
    tags = [TAGS[sign] for sign in found[1]]
    return "".join(f"<{tag}>" for tag in tags) + found[2] + "".join(f"</{tag}>" for tag in reversed(tags))


@register.filter
def only_formatting(pieces: list[Piece]) -> bool:
    return differences.only_formatting(pieces)


@register.filter
def as_json(nodes: JsonObject | list[JsonObject]) -> str:
    """Nodes of a letter for an attribute, which the template escapes."""
    return json.dumps(nodes, ensure_ascii=False)
