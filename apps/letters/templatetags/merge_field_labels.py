"""Merge fields in texts that people compare, by what they are called and not by their key."""

import json
import re

from django import template

from apps.core.types import JsonObject

from ..merge_fields import field_labels

register = template.Library()
KEY = re.compile(r"\{([a-z]+(?:\.[a-z_]+)?)\}")


@register.filter
def fields_named(text: str) -> str:
    """ "Accept, {recipient.salutation}, …" as "Accept, {Salutation}, …"."""
    return KEY.sub(lambda found: f"{{{field_labels([found[1]])[0]}}}", text)


@register.filter
def as_json(nodes: JsonObject | list[JsonObject]) -> str:
    """Nodes of a letter for an attribute, which the template escapes."""
    return json.dumps(nodes, ensure_ascii=False)
