"""CSV as the same tree as YAML: a list of mappings."""

import csv
import io
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

import yaml
from django.utils.translation import gettext as _

from apps.core.types import JsonObject

from ..faults import Report
from .text_reader import read_text

STR, SEQ, MAP = (f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map"))


def read_table(path: Path, report: Report, lists: Collection[str]) -> yaml.SequenceNode | None:
    """The rows as a sequence of mappings without empty cells, or None after reporting why not. `lists` names columns
    whose cells contain several values, separated by semicolons."""
    text = read_text(path, report)
    if text is None:
        return None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[yaml.Node] = []
    begun = 1
    try:
        header = next(reader, [])
        if not _is_header(header, report):
            return None
        begun = reader.line_num + 1
        for cells in reader:
            first, begun = begun, reader.line_num + 1
            if len(cells) == len(header):
                rows.append(_row(header, cells, first, lists))
            elif cells:
                counts = {"count": len(cells), "head": len(header)}
                report(first, _("has %(count)d cells, but the header has %(head)d.") % counts)
    except csv.Error as error:
        report(begun, _broken(error, begun, reader.line_num))
        return None
    mark = _mark(1)
    return yaml.SequenceNode(SEQ, rows, mark, mark)


def _broken(error: csv.Error, begun: int, noticed: int) -> str:
    """A quote left open is noticed only lines below."""
    if noticed == begun:
        return _("is not valid CSV: %(reason)s.") % {"reason": error}
    message = _("is not valid CSV: a quote opened here is not closed. Noticed in line %(line)d: %(reason)s.")
    return message % {"line": noticed, "reason": error}


def _is_header(header: list[str], report: Report) -> bool:
    if not header:
        report(0, _("is empty."))
        return False
    for name in header:
        if not name or header.count(name) > 1:
            report(1, _("has the column “%(name)s” twice, or a column without a name.") % {"name": name})
            return False
    return True


def _row(header: list[str], cells: list[str], line: int, lists: Collection[str]) -> yaml.MappingNode:
    mark = _mark(line)

    def text(value: str) -> yaml.ScalarNode:
        return yaml.ScalarNode(STR, value, mark, mark, style='"')

    def cell(name: str, value: str) -> yaml.Node:
        if name not in lists:
            return text(value)
        return yaml.SequenceNode(SEQ, [text(item.strip()) for item in value.split(";")], mark, mark)

    pairs = [
        (text(name), cell(name, value.strip())) for name, value in zip(header, cells, strict=True) if value.strip()
    ]
    return yaml.MappingNode(MAP, pairs, mark, mark)


def _mark(line: int) -> yaml.Mark:
    """`line` counts from 1, marks from 0."""
    return yaml.Mark("", 0, line - 1, 0, None, 0)


def table_text(header: Sequence[str], rows: list[JsonObject]) -> str:
    """Lists with semicolons, dates as 2017-12-10, missing values empty."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_cell(row.get(name, "")) for name in header])
    return file.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ";".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)
