"""Values that were read, and remember their lines."""

from typing import Any

import yaml


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
