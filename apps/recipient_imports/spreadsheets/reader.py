"""From the bytes of a file to a sheet with headings. What a file is, its content says, never its name."""

from django.utils.translation import gettext_lazy as _

from ..column_mapping import guess_heading_row
from .delimited_text import read_text
from .table import MAX_BYTES, Options, Sheet, Table, UnreadableFile, starts_with, with_headings
from .xlsx import read_workbook

#: what is no table, by its first bytes (lower case), and what to do with it
FOREIGN = {
    b"%pdf": _(
        "This is a PDF, whatever its name says. Ask for the table it was made from, or copy it into "
        "a spreadsheet and save that as XLSX or CSV."),
    b"\xd0\xcf\x11\xe0": _(
        "This is an old Excel workbook (XLS), or one with a password. Open it, save it as XLSX "
        "without a password, and choose that file."),
    b"<!doctype": _(
        "This is a web page, whatever its name says. Open it in a spreadsheet program and save it as "
        "XLSX or CSV."),
    b"<html": _(
        "This is a web page, whatever its name says. Open it in a spreadsheet program and save it as "
        "XLSX or CSV."),
    b"<table": _(
        "This is a web page, whatever its name says. Open it in a spreadsheet program and save it as "
        "XLSX or CSV."),
    b"<?xml": _("This is XML, no table. Open it in a spreadsheet program and save it as XLSX or CSV."),
    b"{\\rtf": _("This is a text document (RTF). Copy its table into a spreadsheet and save that as XLSX or CSV."),
    b"\x89png": _("This is a picture, no table. Type what it shows into a spreadsheet and save that as XLSX or CSV."),
    b"\xff\xd8\xff": _(
        "This is a picture, no table. Type what it shows into a spreadsheet and save that as XLSX or "
        "CSV."),
    b"\x1f\x8b": _("This file is compressed (GZIP). Unpack it and choose the table that is in it."),
    b"7z\xbc\xaf": _("This file is compressed (7-Zip). Unpack it and choose the table that is in it."),
    b"rar!": _("This file is compressed (RAR). Unpack it and choose the table that is in it."),
}  # fmt: skip


def read_sheet(content: bytes, options: Options | None = None) -> Sheet:
    """The sheet in the bytes. Raises UnreadableFile with the cause and the cure."""
    options = options or Options()
    table = read_table(content, options)
    return with_headings(table, options.heading_row or guess_heading_row(table))


def read_table(content: bytes, options: Options) -> Table:
    if len(content) > MAX_BYTES:
        raise UnreadableFile(
            _("The file has %(size)s MB; at most %(most)s MB are read. Divide it, or leave out what is not needed.")
            % {"size": len(content) // 2**20, "most": MAX_BYTES // 2**20}
        )
    if not content.strip(b"\xef\xbb\xbf \r\n\t"):
        raise UnreadableFile(_("The file is empty. Choose the one with the recipients."))
    if content.startswith(b"PK\x03\x04"):
        return read_workbook(content, options.sheet)
    foreign = starts_with(content, FOREIGN)
    if foreign:
        raise UnreadableFile(foreign)
    table = read_text(content, options.encoding, options.delimiter)
    if not table.rows:
        raise UnreadableFile(_("The file is empty. Choose the one with the recipients."))
    return table
