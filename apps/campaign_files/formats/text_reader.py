"""Reading a file as text."""

from pathlib import Path

from django.utils.translation import gettext as _

from ..faults import Report

#: the largest file so far has 62 KB
MOST_BYTES = 2_000_000
ALLOWED_CONTROLS = frozenset("\t\n\r")


def read_text(path: Path, report: Report) -> str | None:
    """With "\\n" as line break and without byte order mark; None after reporting."""
    if not path.is_file():
        report(0, _("is not an ordinary file."))
        return None
    if path.stat().st_size > MOST_BYTES:
        report(0, _("is larger than %(most)d KB. Split the campaign, or remove what is not text.") % {"most": 2000})
        return None
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        report(
            line, _("is not UTF-8 (byte %(byte)s). Save the file as UTF-8.") % {"byte": f"0x{data[error.start]:02x}"}
        )
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, line_text in enumerate(text.split("\n"), start=1):
        if any(is_control(char) for char in line_text):
            report(number, _("contains a control character. Remove it."))
            return None
    return text


def is_control(char: str) -> bool:
    """Characters that PostgreSQL or a letter would refuse."""
    code = ord(char)
    return (code < 0x20 and char not in ALLOWED_CONTROLS) or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000
