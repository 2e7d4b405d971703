"""What a file is: its content says, never its name. The parser process imports this module."""

from __future__ import annotations

from collections.abc import Iterator

from .delimited_text import read_text
from .table import Options, ParseError, Row, Table, _
from .xlsx import read_workbook

WEB_PAGE = _("This is a web page. Open it in a spreadsheet program and save it as XLSX or CSV.")
PICTURE = _("This is a picture. Type what it shows into a spreadsheet and save that as XLSX or CSV.")
COMPRESSED = _("This file is compressed. Unpack it and choose the table that is in it.")
#: files that are not tables, by their first bytes in lower case
OTHER_TYPES = {
    b"%pdf": _(
        "This is a PDF. Ask for the table it was made from, or copy it into a spreadsheet and save that as XLSX or CSV."
    ),
    b"\xd0\xcf\x11\xe0": _(
        "This is an old Excel workbook (XLS), or one with a password. Save it as XLSX without a password and choose "
        "that file."
    ),
    b"<!doctype": WEB_PAGE,
    b"<html": WEB_PAGE,
    b"<table": WEB_PAGE,
    b"<?xml": _("This is XML. Open it in a spreadsheet program and save it as XLSX or CSV."),
    b"{\\rtf": _("This is a text document (RTF). Copy its table into a spreadsheet and save that as XLSX or CSV."),
    b"\x89png": PICTURE,
    b"\xff\xd8\xff": PICTURE,
    b"\x1f\x8b": COMPRESSED,
    b"7z\xbc\xaf": COMPRESSED,
    b"rar!": COMPRESSED,
}


def read_file(content: bytes, options: Options) -> tuple[Table, Iterator[Row]]:
    """How the file is read, and its rows, which are not yet checked. Raises ParseError."""
    if content.startswith(b"PK\x03\x04"):
        return read_workbook(content, options.sheet)
    start = content[:1024].lstrip().lower()
    for mark, message in OTHER_TYPES.items():
        if start.startswith(mark):
            raise ParseError(message)
    return read_text(content, options)
