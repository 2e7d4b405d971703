"""What every shape is: a reader of nodes; and the values that remember their lines."""

from abc import ABC, abstractmethod
from typing import Any

import yaml
from django.utils.translation import gettext as _

from ..problems import Report

INVALID: Any = object()
TAG = "tag:yaml.org,2002:"


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


def is_null(node: yaml.Node) -> bool:
    """Whether nothing is there: "~", "null", or nothing after the colon; in a CSV file an empty cell."""
    return bool(node.tag == f"{TAG}null")


class Shape(ABC):
    """Base: `read` gives the value or INVALID after reporting."""

    @abstractmethod
    def read(self, node: yaml.Node, report: Report) -> Any:
        """The value the node stands for."""

    def raw(self, node: yaml.Node, report: Report) -> str:
        """The characters of a single value, or INVALID."""
        if isinstance(node, yaml.ScalarNode) and not is_null(node):
            return str(node.value)
        if is_null(node):
            report(line_of(node), _("has no value."))
        else:
            report(line_of(node), _("must be a single value, not a list or several fields."))
        return INVALID
