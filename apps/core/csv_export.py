"""CSV files whose cells cannot run as formulas in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from itertools import chain

#: Excel reads a CSV file as UTF-8 only where it starts with this byte order mark
BOM = "\ufeff"
#: a cell that starts like this is a formula (OWASP, "CSV Injection"), also with full-width characters or after control
#: characters that some programs skip. Where the list separator is a semicolon, as in much of Europe, Excel starts a
#: new cell after one, quoted or not; invisible characters and quotes before the formula do not stop it.
_INVISIBLE = "\\s\"'\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0000-\u001f"
_STARTS = "[=+\\-@＝＋－＠﹢﹣−﹦﹫]"
_RUNS = f"(?=[\t\r\n]|[{_INVISIBLE}]*{_STARTS})"
_FORMULA = re.compile(f"(^|;){_RUNS}")
_MADE_SAFE = re.compile(f"(^|;)'{_RUNS}")
#: finds every cell that would run in the lines of a CSV file that begins with a line break, quoted or not, and now and
#: then one that would not. A set of characters stands first, which the search skips to
SUSPICIOUS_LINES = re.compile(
    f'[,;"\n](?:[{_INVISIBLE}]*{_STARTS}|"?[\t\r]|(?<=[,;\n])"\n|(?<=;)\n)',
)


def spreadsheet_safe(cell: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run as a formula."""
    return _FORMULA.sub(r"\1'", cell)


def spreadsheet_plain(cell: str) -> str:
    """The text without the apostrophes of `spreadsheet_safe`, for files of ours that come back."""
    return _MADE_SAFE.sub(r"\1", cell) if "'" in cell else cell


def csv_file(
    heads: Sequence[str], rows: Iterable[Sequence[str | int | None]], *, bom: bool = True
) -> tuple[bytes, int]:
    """(UTF-8, commas, CRLF after RFC 4180; number of rows without the heads). Text cells are made safe, heads too:
    they may be those of somebody's file."""
    text = io.StringIO(newline="")
    text.write(BOM if bom else "")
    write = csv.writer(text, lineterminator="\r\n").writerow
    count = 0
    for count, row in enumerate(chain([heads], rows)):  # noqa: B007  # the number of the last row is the count
        write([spreadsheet_safe(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode(), count
