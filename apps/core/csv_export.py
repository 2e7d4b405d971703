"""Tables as delimited text, safe to open: nothing in a cell may run in a spreadsheet program."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

#: Excel reads a CSV file as UTF-8 only where it starts with this mark
BOM = "\ufeff"
#: a cell that starts so is taken for a formula (OWASP, "CSV Injection"): the signs, their full-width forms, and control
#: signs that some programs skip. Where the list separator is a semicolon, as in much of Europe, Excel starts a new cell
#: after one, quoted or not; invisible signs and quotes before the formula do not stop it.
_INVISIBLE = "\\s\"'\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0000-\u001f"
_RUNS = f"(?=[\t\r\n]|[{_INVISIBLE}]*[=+\\-@＝＋－＠﹢﹣−﹦﹫])"
_FORMULA = re.compile(f"(^|;){_RUNS}")
_MADE_SAFE = re.compile(f"(^|;)'{_RUNS}")


def spreadsheet_safe(cell: str) -> str:
    """The text with an apostrophe before whatever a spreadsheet would run; other text as it is."""
    return _FORMULA.sub(r"\1'", cell)


def spreadsheet_plain(cell: str) -> str:
    """The text without what `spreadsheet_safe` put into it, so that a file of ours comes back as it was."""
    return _MADE_SAFE.sub(r"\1", cell) if "'" in cell else cell


def csv_file(heads: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> tuple[bytes, int]:
    """(UTF-8 with BOM, commas, CRLF after RFC 4180; number of rows without the heads). Text cells are made safe."""
    text = io.StringIO(newline="")
    text.write(BOM)
    write = csv.writer(text, lineterminator="\r\n").writerow
    write(heads)
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007  # the number of the last row is the count
        write([spreadsheet_safe(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode(), count
