"""JSON Lines: an object a row, in UTF-8 (RFC 8259); keys are the columns, whatever language the words are in."""

import json
from itertools import islice
from typing import BinaryIO

from ..datasets import Cell, Selection, plain
from ..datasets.base import PORTION
from .csv import Progress


def write_json_lines(selection: Selection, out: BinaryIO, progress: Progress) -> int:
    """Returns the number of rows."""
    keys = [column.key for column in selection.columns]
    count, rows = 0, selection.rows()
    while portion := list(islice(rows, PORTION)):
        lines = [
            json.dumps(dict(zip(keys, map(_value, row), strict=True)), ensure_ascii=False) + "\n" for row in portion
        ]
        out.write("".join(lines).encode())
        count += len(portion)
        progress(count)
    return count


def _value(cell: Cell) -> str | int | bool | None:
    return cell if isinstance(cell, bool) else plain(cell)
