"""Base classes, and values that remember their lines."""

from abc import ABC, abstractmethod
from typing import Any

import yaml
from django.utils.translation import gettext as _

from ..faults import Report

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
    """ "~", "null", or nothing after the colon."""
    return bool(node.tag == f"{TAG}null")


class Shape(ABC):
    @abstractmethod
    def read(self, node: yaml.Node, report: Report) -> Any:
        """The node's value, or INVALID after reporting."""


class InvalidValue(Exception):
    """Why a single value is not valid."""


class Scalar(Shape):
    def read(self, node: yaml.Node, report: Report) -> object:
        try:
            if is_null(node):
                raise InvalidValue(_("has no value."))
            if not isinstance(node, yaml.ScalarNode):
                raise InvalidValue(_("must be a single value, not a list or several fields."))
            return self.parse(str(node.value), node.tag.removeprefix(TAG))
        except InvalidValue as error:
            report(line_of(node), str(error))
            return INVALID

    @abstractmethod
    def parse(self, raw: str, tag: str) -> object:
        """`tag` is YAML's type: str, int, float, bool, timestamp. Raises InvalidValue."""
