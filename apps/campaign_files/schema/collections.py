"""Lists and named fields."""

from dataclasses import dataclass, field

import yaml
from django.utils.translation import gettext as _

from apps.core.similarity import suggestion

from ..faults import Report
from .base import INVALID, Shape, is_null
from .entries import Entry, Items, line_of


@dataclass(frozen=True)
class ListOf(Shape):
    """A list of values, each only once unless `repeats`."""

    item: Shape
    repeats: bool = False
    least: int = 0

    def read(self, node: yaml.Node, report: Report) -> object:
        if not isinstance(node, yaml.SequenceNode):
            report(line_of(node), _("must be a list."))
            return INVALID
        items = Items()
        for child in node.value:
            value = self.item.read(child, report)
            if value is INVALID:
                continue
            if not self.repeats and value in items:
                report(line_of(child), _("“%(value)s” is in the list twice.") % {"value": value})
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

    def read(self, node: yaml.Node, report: Report) -> object:
        if not isinstance(node, yaml.MappingNode):
            report(line_of(node), _("must be a list of names with values (name: value)."))
            return INVALID
        entry = Entry(line_of(node))
        for name_node, value_node in node.value:
            name, value = self.name.read(name_node, report), self.value.read(value_node, report)
            if name is INVALID or value is INVALID:
                continue
            if name in entry:
                report(line_of(name_node), _("“%(name)s” appears twice.") % {"name": name})
            entry[name], entry.lines[name] = value, line_of(name_node)
        return entry


@dataclass(frozen=True)
class Mapping(Shape):
    """Named fields, no others. A field without a value (null, an empty cell) counts as not given, but is refused where
    it is required, or `defaulted`: a default that is not empty would silently replace it."""

    required: dict[str, Shape]
    optional: dict[str, Shape] = field(default_factory=dict)
    defaulted: frozenset[str] = frozenset()

    @property
    def fields(self) -> dict[str, Shape]:
        return self.required | self.optional

    def read(self, node: yaml.Node, report: Report) -> object:
        if not isinstance(node, yaml.MappingNode):
            report(line_of(node), _("must have named fields (name: value)."))
            return INVALID
        entry = Entry(line_of(node))
        seen: set[str] = set()
        for name_node, value_node in node.value:
            name = str(name_node.value) if isinstance(name_node, yaml.ScalarNode) else ""
            shape = self.known(name, name_node, seen, report)
            if shape is None:
                continue
            if is_null(value_node):
                self.report_null(name, value_node, seen, report)
                continue
            seen.add(name)
            if (value := shape.read(value_node, _named(name, shape, report))) is not INVALID:
                entry[name], entry.lines[name] = value, line_of(value_node)
        for name in self.required:
            if name not in seen:
                report(entry.line, _("“%(name)s” is missing.") % {"name": name})
        return entry if all(name in entry for name in self.required) else INVALID

    def report_null(self, name: str, node: yaml.Node, seen: set[str], report: Report) -> None:
        if name in self.required:
            report(line_of(node), _("%(name)s: has no value. Write one.") % {"name": name})
            seen.add(name)
        elif name in self.defaulted:
            report(line_of(node), _("%(name)s: has no value. Write one, or remove the line.") % {"name": name})

    def known(self, name: str, node: yaml.Node, seen: set[str], report: Report) -> Shape | None:
        shape = self.fields.get(name)
        if shape is None:
            close = suggestion(name, self.fields)
            hint = _(" Did you mean “%(close)s”?") % {"close": close} if close else ""
            report(line_of(node), _("“%(name)s” is not a field here.") % {"name": name[:60]} + hint)
        elif name in seen:
            report(line_of(node), _("“%(name)s” appears twice.") % {"name": name})
            return None
        return shape


def _named(name: str, shape: Shape, report: Report) -> Report:
    """A report that begins with the field's name, unless the fields inside it have names."""
    if isinstance(shape, Mapping) or isinstance(getattr(shape, "item", None), Mapping):
        return report
    return lambda line, reason: report(line, f"{name}: {reason}")
