"""Delimited text: which delimiter, and the rows. The parser process imports this module."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from apps.core.csv_export import spreadsheet_plain

from .encodings import ENCODINGS, decode, guess_encoding
from .table import MAX_CELL, Options, ParseError, Row, Table, _, too_long

DELIMITERS = (",", ";", "\t", "|")
#: how much of the text the guess of the delimiter looks at
SAMPLE_RECORDS, SAMPLE_LENGTH = 60, 1_000_000


def read_text(content: bytes, options: Options) -> tuple[Table, Iterator[Row]]:
    """How the text is read, and its rows. Raises ParseError."""
    encoding = options.encoding or guess_encoding(content)
    text = _decoded(content, encoding)
    declared, text = _separator_line(text)
    delimiter = options.delimiter or declared or guess_delimiter(text[:SAMPLE_LENGTH])
    rows = _rows(text, delimiter, first=2 if declared else 1)
    return Table("csv", encoding=encoding, delimiter=delimiter), rows


def _decoded(content: bytes, encoding: str) -> str:
    if encoding not in ENCODINGS:
        raise ParseError(_("Choose one of the encodings of the list."), field="encoding")
    try:
        return decode(content, encoding)
    except UnicodeError as error:
        raise ParseError(
            _("The file is not in %(encoding)s: line %(line)s does not fit. Choose another encoding."),
            field="encoding",
            encoding=ENCODINGS[encoding][0],
            line=content[: getattr(error, "start", 0)].count(b"\n") + 1,
        ) from None


def _separator_line(text: str) -> tuple[str, str]:
    """Excel's first line "sep=;" declares the delimiter and is not a row."""
    head, end, rest = text[:20].partition("\n")
    head = head.strip().strip('"')
    if end and head.lower().startswith("sep=") and head[4:] in DELIMITERS:
        return head[4:], text[len(text[:20]) - len(rest) :]
    return "", text


def guess_delimiter(text: str) -> str:
    """The one that divides the first records into the most columns of the same number."""
    best, highest = ",", 0.0
    for delimiter in DELIMITERS:
        widths = [len(cells) for cells in islice(_records(text, delimiter), SAMPLE_RECORDS) if cells]
        [(width, times)] = Counter(width for width in widths if width > 1).most_common(1) or [(0, 0)]
        score = width * times / max(len(widths), 1)
        if score > highest:
            best, highest = delimiter, score
    return best


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:  # this is a guess: reading says what is wrong
        return


def _rows(text: str, delimiter: str, *, first: int) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = first - 1
    while True:
        line, number = reader.line_num, number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a cell longer than the reader takes
            raise too_long(number, _column_too_long(text, delimiter, line)) from None
        yield Row(number, [spreadsheet_plain(cell) for cell in cells] if cells else cells)


def _column_too_long(text: str, delimiter: str, line: int) -> int:
    """In which column of the record after so many lines a cell is too long; 0 where none is."""
    record = "".join(islice(io.StringIO(text, newline=""), line, None))
    column, start, quoted = 1, 0, False
    for index, char in enumerate(record):
        if index - start > MAX_CELL:
            return column
        if quoted:
            quoted = char != '"'
        elif char == '"':
            quoted = index == start or record[index - 1] == '"'
        elif char == delimiter:
            column, start = column + 1, index + 1
    return 0
