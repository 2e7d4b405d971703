"""A time that says UTC is in UTC, whatever zone the reader has chosen."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
#: a clock time, and "UTC" soon after it on the same line
SAID_UTC = re.compile(r'(\|utc)?\|date:"[^"]*H:i[^"]*"[^\n]{0,90}?UTC')

#: a head of a column of times
HEAD_SAYS_UTC = re.compile(r"\(UTC\)")
CLOCK = re.compile(r'(\|utc)?\|date:"[^"]*H:i[^"]*"')


def test_columns_headed_utc_hold_utc() -> None:
    wrong = [
        f"{path.relative_to(TEMPLATES)}: {found.group(0)}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        if HEAD_SAYS_UTC.search(page := path.read_text(encoding="utf-8"))
        for found in CLOCK.finditer(page)
        if not found.group(1)
    ]
    assert not wrong, "write |utc|date: where the head of the column says UTC:\n" + "\n".join(wrong)


def test_every_time_that_says_utc_is_turned_to_utc() -> None:
    wrong = [
        f"{path.relative_to(TEMPLATES)}: {found.group(0)[:60]}"
        for path in sorted(TEMPLATES.rglob("*"))
        if path.suffix in {".html", ".txt"}
        for found in SAID_UTC.finditer(path.read_text(encoding="utf-8"))
        if not found.group(1)
    ]
    assert not wrong, "write |utc|date: where the words say UTC:\n" + "\n".join(wrong)
