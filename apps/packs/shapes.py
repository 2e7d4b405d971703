"""What a value in a file may be. A shape reads a node into a plain value, or reports the line and the reason.

Values that failed are INVALID; whoever reads on leaves them out. Mappings become an Entry, lists become Items: an
ordinary dict and list that remember the lines of what they hold, for checks that need the whole campaign.
"""

import difflib
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from .files.text import is_control
from .problems import Report

INVALID: Any = object()
TAG = "tag:yaml.org,2002:"
WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
LOOSE_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
#: what YAML 1.1 makes of a word or figure without quotes
READ_AS = {"bool": later("true"), "int": later("a number"), "float": later("a number"), "timestamp": later("a date")}


class Entry(dict[str, Any]):
    """A mapping that was read: `line` where it begins, `lines` of its fields."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def line_of(self, name: str) -> int:
        return self.lines.get(name, self.line)


class Items(list[Any]):
    """A list that was read, with the line of each item."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


def line_of(node: yaml.Node) -> int:
    """The node's line, from 1."""
    return int(node.start_mark.line) + 1


class Shape:
    """Base: `read` gives the value or INVALID after reporting."""

    def read(self, node: yaml.Node, report: Report) -> Any:
        raise NotImplementedError

    def raw(self, node: yaml.Node, report: Report) -> str:
        """The characters of a single value, or INVALID."""
        if isinstance(node, yaml.ScalarNode):
            return str(node.value)
        report(line_of(node), _("must be a single value, not a list or several fields."))
        return INVALID  # type: ignore[no-any-return]  # a sentinel for every type


@dataclass(frozen=True)
class Text(Shape):
    """Words. `longest` in characters; with it, one line. `pattern` must fit whole; `meant` says what was expected."""

    longest: int | None = None
    pattern: str = ""
    meant: str | Promise = ""

    def read(self, node: yaml.Node, report: Report) -> Any:
        raw = self.raw(node, report)
        if raw is INVALID:
            return INVALID
        fault = self.fault(node, raw.strip())
        if fault:
            report(line_of(node), fault)
            return INVALID
        return raw.strip()

    def fault(self, node: yaml.Node, text: str) -> str:
        kind = node.tag.removeprefix(TAG)
        if kind in READ_AS:
            return _('%(raw)s without quotes is read as %(kind)s. Write it as "%(raw)s".') % {
                "raw": text,
                "kind": "false" if text.lower() in {"no", "off", "n"} else READ_AS[kind],
            }
        if not text:
            return _("is empty.")
        if any(is_control(char) for char in text):
            return _("holds a control character. Remove it.")
        if self.longest and len(text) > self.longest:
            return _("has %(count)d characters; at most %(most)d fit.") % {"count": len(text), "most": self.longest}
        if self.longest and "\n" in text:
            return _("must be one line.")
        if self.pattern and not re.fullmatch(self.pattern, text):
            return _("“%(text)s” is not %(meant)s.") % {"text": text[:60], "meant": self.meant}
        return ""


def fit(model: type[models.Model], name: str) -> Text:
    """A text as long as the model's field takes."""
    return Text(longest=getattr(model._meta.get_field(name), "max_length", None))


KEY = Text(80, r"[a-z0-9][a-z0-9._-]*", later("an id of small letters, digits and hyphens"))
SLUG = Text(50, r"[a-z0-9][a-z0-9-]*", later("a short name of small letters, digits and hyphens"))
COUNTRY = Text(2, r"[A-Z]{2}", later('a country code of two capitals, such as "KE"'))
LANGUAGE = Text(10, r"[a-z]{2}(-[A-Za-z]+)?", later("a language code, such as en"))
URL = Text(600, r"https?://[^\s<>\"]+", later("an address that starts with https:// or http://"))


@dataclass(frozen=True)
class Choice(Text):
    """One of a few words."""

    words: tuple[str, ...] = ()

    def fault(self, node: yaml.Node, text: str) -> str:
        wrong = super().fault(node, text)
        if not wrong and text not in self.words:
            wrong = _("“%(text)s” is not one of: %(words)s.") % {"text": text[:60], "words": ", ".join(self.words)}
        return wrong


def choice(*words: str) -> Choice:
    return Choice(words=words)


class Mail(Text):
    """A mail address."""

    def fault(self, node: yaml.Node, text: str) -> str:
        try:
            validate_email(text)
        except ValidationError:
            return super().fault(node, text) or _("“%(text)s” is no mail address.") % {"text": text[:60]}
        return super().fault(node, text)


@dataclass(frozen=True)
class Integer(Shape):
    """A whole number, written plainly."""

    least: int = 0
    most: int = 32767

    def read(self, node: yaml.Node, report: Report) -> Any:
        raw = self.raw(node, report)
        if raw is INVALID:
            return INVALID
        if node.tag != f"{TAG}int" or not WHOLE.fullmatch(raw):
            report(line_of(node), _("“%(raw)s” is no whole number.") % {"raw": raw[:60]})
            return INVALID
        if len(raw) > 20 or not self.least <= int(raw) <= self.most:
            report(
                line_of(node),
                _("%(raw)s is not between %(least)d and %(most)d.")
                % {"raw": raw[:60], "least": self.least, "most": self.most},
            )
            return INVALID
        return int(raw)


class Amount(Shape):
    """A figure: a whole number as int; a decimal number, a month or a date as text (floats have no canonical form)."""

    def read(self, node: yaml.Node, report: Report) -> Any:
        raw = self.raw(node, report)
        if raw is INVALID:
            return INVALID
        if node.tag == f"{TAG}int" and WHOLE.fullmatch(raw) and len(raw) <= 20:
            return int(raw)
        if node.tag == f"{TAG}float" and DECIMAL.fullmatch(raw) and len(raw) <= 40:
            return format(Decimal(raw).normalize(), "f")
        if node.tag == f"{TAG}str" and LOOSE_DATE.fullmatch(raw):
            return raw
        report(line_of(node), _('“%(raw)s” is no number, and no month such as "2016-10".') % {"raw": raw[:60]})
        return INVALID


class Flag(Shape):
    """true or false."""

    def read(self, node: yaml.Node, report: Report) -> Any:
        raw = self.raw(node, report)
        if raw in {"true", "false"}:
            return raw == "true"
        if raw is not INVALID:
            report(line_of(node), _("“%(raw)s” is neither true nor false.") % {"raw": raw[:60]})
        return INVALID


class Date(Shape):
    """A day, 2017-12-10."""

    def read(self, node: yaml.Node, report: Report) -> Any:
        raw = self.raw(node, report)
        if raw is INVALID:
            return INVALID
        try:
            if len(raw) == 10:
                return date.fromisoformat(raw)
        except ValueError:
            pass
        report(line_of(node), _("“%(raw)s” is no date. Write it as 2017-12-10.") % {"raw": raw[:60]})
        return INVALID


class LooseDate(Shape):
    """A year, month or day, as text: "2017", "2017-12", "2017-12-10"."""

    def read(self, node: yaml.Node, report: Report) -> Any:
        raw = self.raw(node, report)
        if raw is INVALID:
            return INVALID
        try:
            if LOOSE_DATE.fullmatch(raw):
                date.fromisoformat((raw + "-01-01")[:10])
                return raw
        except ValueError:
            pass
        report(line_of(node), _("“%(raw)s” is no year, month or day (2017, 2017-12, 2017-12-10).") % {"raw": raw[:60]})
        return INVALID


@dataclass(frozen=True)
class ListOf(Shape):
    """A list of values that differ from each other (`repeats` allows the same twice)."""

    item: Shape
    repeats: bool = False
    least: int = 0

    def read(self, node: yaml.Node, report: Report) -> Any:
        if not isinstance(node, yaml.SequenceNode):
            report(line_of(node), _("must be a list."))
            return INVALID
        items = Items()
        for child in node.value:
            value = self.item.read(child, report)
            if value is INVALID:
                continue
            if not self.repeats and value in items:
                report(line_of(child), _("“%(value)s” stands in the list twice.") % {"value": value})
                continue
            items.append(value)
            items.lines.append(line_of(child))
        if len(node.value) < self.least:
            report(line_of(node), _("must not be empty."))
        return items


@dataclass(frozen=True)
class MapOf(Shape):
    """Fields whose names are values themselves, such as {fr: …, es: …}."""

    name: Shape
    value: Shape

    def read(self, node: yaml.Node, report: Report) -> Any:
        if not isinstance(node, yaml.MappingNode):
            report(line_of(node), _("must be a list of names with values (name: value)."))
            return INVALID
        entry = Entry(line_of(node))
        for name_node, value_node in node.value:
            name, value = self.name.read(name_node, report), self.value.read(value_node, report)
            if name is INVALID or value is INVALID:
                continue
            if name in entry:
                report(line_of(name_node), _("“%(name)s” stands here twice.") % {"name": name})
            entry[name], entry.lines[name] = value, line_of(name_node)
        return entry


@dataclass(frozen=True)
class Mapping(Shape):
    """Named fields. Unknown ones are refused; a field without a value (null, an empty cell) counts as not given."""

    required: dict[str, Shape]
    optional: dict[str, Shape] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, Shape]:
        return {**self.required, **self.optional}

    def read(self, node: yaml.Node, report: Report) -> Any:
        if not isinstance(node, yaml.MappingNode):
            report(line_of(node), _("must have named fields (name: value)."))
            return INVALID
        entry = Entry(line_of(node))
        seen = set()
        for name_node, value_node in node.value:
            name = str(name_node.value) if isinstance(name_node, yaml.ScalarNode) else ""
            shape = self.known(name, name_node, seen, report)
            if shape is None or value_node.tag == f"{TAG}null":
                continue
            value = shape.read(value_node, _named(name, shape, report))
            seen.add(name)
            if value is not INVALID:
                entry[name], entry.lines[name] = value, line_of(value_node)
        for name in self.required:
            if name not in seen:
                report(entry.line, _("“%(name)s” is missing.") % {"name": name})
        return entry if all(name in entry for name in self.required) else INVALID

    def known(self, name: str, node: yaml.Node, seen: set[str], report: Report) -> Shape | None:
        shape = self.fields.get(name)
        if shape is None:
            close = difflib.get_close_matches(name, self.fields, n=1)
            hint = _(" Is it “%(close)s”?") % {"close": close[0]} if close else ""
            report(line_of(node), _("“%(name)s” is no field here.") % {"name": name[:60]} + hint)
        elif name in seen:
            report(line_of(node), _("“%(name)s” stands here twice.") % {"name": name})
            return None
        return shape


def _named(name: str, shape: Shape, report: Report) -> Report:
    """A report that begins with the field's name; fields inside it name themselves."""
    if isinstance(shape, Mapping) or isinstance(getattr(shape, "item", None), Mapping):
        return report
    return lambda line, reason: report(line, f"{name}: {reason}")
