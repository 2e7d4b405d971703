"""Delimited text: which encoding, which delimiter, and the rows."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext_lazy as _

from apps.core.csv_export import spreadsheet_plain

from .table import MAX_CELL, Row, Table, UnreadableFile, bounded, too_long

#: codec → what it is called on screen, in the order of the list
ENCODINGS = {
    "utf-8": _("UTF-8"),
    "cp1252": _("Windows-1252 (Western Europe)"),
    "utf-16": _("UTF-16 (Excel’s “Unicode text”)"),
    "iso8859-15": _("ISO 8859-15 (Western Europe)"),
    "cp1250": _("Windows-1250 (Central Europe)"),
    "cp1251": _("Windows-1251 (Cyrillic)"),
    "cp1256": _("Windows-1256 (Arabic)"),
    "mac_roman": _("Mac Roman"),
}
DELIMITERS = {",": _("Comma ,"), ";": _("Semicolon ;"), "\t": _("Tab"), "|": _("Bar |")}
#: how many records the guess of the delimiter looks at
LOOKED_AT = 60


def read_text(content: bytes, encoding: str = "", delimiter: str = "") -> Table:
    """The rows of delimited text. Raises UnreadableFile."""
    encoding = encoding or guess_encoding(content)
    text = _decode(content, encoding)
    named, text = _separator_line(text)
    delimiter = delimiter or named or guess_delimiter(text)
    rows = bounded(_rows(text, delimiter, first=2 if named else 1))
    return Table("csv", rows, encoding=encoding, delimiter=delimiter)


def guess_encoding(content: bytes) -> str:
    """By the mark at the start; else UTF-8 where the bytes are that; else Windows-1252, which Excel writes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _decode(content: bytes, encoding: str) -> str:
    if encoding not in ENCODINGS:
        raise UnreadableFile(_("Choose one of the encodings of the list."), field="encoding")
    try:
        return content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeError as error:
        if encoding == "cp1252":  # five of its bytes are free; some programs use them all the same
            return content.decode("cp1252", errors="replace")
        line = content[: getattr(error, "start", 0)].count(b"\n") + 1
        raise UnreadableFile(
            _("The file is not written in %(encoding)s: line %(line)s does not fit. Choose another encoding.")
            % {"encoding": ENCODINGS[encoding], "line": line},
            field="encoding",
        ) from None


def _separator_line(text: str) -> tuple[str, str]:
    """Excel's first line "sep=;" names the delimiter and is no row."""
    head, end, rest = text.partition("\n")
    head = head.strip().strip('"')
    if end and head.lower().startswith("sep=") and head[4:] in DELIMITERS:
        return head[4:], rest
    return "", text


def guess_delimiter(text: str) -> str:
    """The one that cuts the first records into most columns of the same number."""
    best, most = ",", 0.0
    for delimiter in DELIMITERS:
        widths = []
        for _number, cells in zip(range(LOOKED_AT), _records(text, delimiter), strict=False):
            if cells:
                widths.append(len(cells))
        [(width, times)] = Counter(width for width in widths if width > 1).most_common(1) or [(0, 0)]
        score = width * times / max(len(widths), 1)
        if score > most:
            best, most = delimiter, score
    return best


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from reader
    except csv.Error:  # a guess: the true reading says what is wrong
        return


def _rows(text: str, delimiter: str, *, first: int) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = first
    while True:
        line = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a cell longer than the reader takes
            raise too_long(number, _column_too_long(text, delimiter, line)) from None
        if any(len(cell) > MAX_CELL for cell in cells):
            raise too_long(number, next(place for place, cell in enumerate(cells, start=1) if len(cell) > MAX_CELL))
        yield Row(number, [spreadsheet_plain(cell) for cell in cells])
        number += 1


def _column_too_long(text: str, delimiter: str, line: int) -> int:
    """In which column of the record that begins after so many lines a cell is too long; 0 where none is."""
    record = "".join(islice(io.StringIO(text, newline=""), line, None))
    column, start, quoted = 1, 0, False
    for place, sign in enumerate(record):
        if place - start > MAX_CELL:
            return column
        if quoted:
            quoted = sign != '"'
        elif sign == '"':
            quoted = place == start or record[place - 1] == '"'
        elif sign == delimiter:
            column, start = column + 1, place + 1
    return 0
