"""Values as YAML; the same values give the same bytes."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

TAG = "tag:yaml.org,2002:"
WIDTH = 112
#: longer texts become a block
LONG = 90
#: longer mappings have one field per line
SHORT = 100
#: what some YAML reader takes for a number, date, boolean or null
READ_OTHERWISE = re.compile(
    r"(?i)y|n|yes|no|on|off|true|false|null|~|[-+.]?(inf|nan)|[-+.]*[0-9][0-9a-fox_.,:+-]*(e[-+]?[0-9]+)?|"
)
#: what a folded or literal block would change
UNFIT_FOR_BLOCK = re.compile("  |\t|^ | $|[\x85\u2028\u2029\ufeff]")
UNFIT_FOR_LINES = re.compile("\t|^[ \n]|[ \n]$| \n|[\x85\u2028\u2029\ufeff]")


class Plain(str):
    """A number written without quotes."""

    __slots__ = ()


class Literal(str):
    """Written below a bar (text: |)."""

    __slots__ = ()


class Row(dict[str, object]):
    """Fields written one per line."""


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def yaml_text(fields: Mapping[str, object]) -> str:
    text = yaml.serialize(_node(Row(fields)), Dumper=_Dumper, width=WIDTH, allow_unicode=True)
    return str(text)


def _node(value: object) -> yaml.Node:
    if isinstance(value, dict):
        pairs = [(_node(name), _node(inner)) for name, inner in value.items()]
        return yaml.MappingNode(f"{TAG}map", pairs, flow_style=not isinstance(value, Row) and _is_short(value))
    if isinstance(value, list):
        return yaml.SequenceNode(f"{TAG}seq", [_node(inner) for inner in value], flow_style=_flows(value))
    return _scalar(value)


def _flows(items: list[object]) -> bool:
    """Whether a list is written in brackets."""
    if any(isinstance(item, Row) for item in items):
        return False
    mappings = [item for item in items if isinstance(item, dict)]
    if not mappings:
        return all(len(str(item)) <= SHORT and "\n" not in str(item) for item in items)
    return (len(items) == 1 or len(mappings) < len(items)) and all(_is_short(item) for item in mappings)


def _is_short(fields: Mapping[Any, object]) -> bool:
    length = sum(len(str(name)) + len(str(value)) + 4 for name, value in fields.items())
    return length <= SHORT and not any(
        isinstance(value, dict | list) or "\n" in str(value) for value in fields.values()
    )


def _scalar(value: object) -> yaml.ScalarNode:
    if isinstance(value, Literal):
        return yaml.ScalarNode(f"{TAG}str", value + "\n", style="|")
    if isinstance(value, Plain):
        return yaml.ScalarNode(f"{TAG}{'float' if '.' in value else 'int'}", str(value))
    if isinstance(value, bool):
        return yaml.ScalarNode(f"{TAG}bool", str(value).lower())
    if isinstance(value, int):
        return yaml.ScalarNode(f"{TAG}int", str(value))
    if isinstance(value, date):
        return yaml.ScalarNode(f"{TAG}timestamp", value.isoformat())
    return yaml.ScalarNode(f"{TAG}str", str(value), style=_style(str(value)))


def _style(text: str) -> str | None:
    """Quotes where some reader would misread it, a block if long."""
    if "\n" in text:
        return '"' if UNFIT_FOR_LINES.search(text) else "|"
    if READ_OTHERWISE.fullmatch(text) or UNFIT_FOR_BLOCK.search(text):
        return '"'
    return ">" if len(text) > LONG else None
