"""Dates that may be a year, a month or a day: "2017", "2017-12", "2017-12-10"."""

import re
from datetime import date

PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
FIRST_YEAR, LAST_YEAR = 1000, 2999


def is_partial_date(raw: str) -> bool:
    """Whether this is such a date, and exists."""
    pieces = PARTIAL.fullmatch(raw)
    if not pieces:
        return False
    year, month, day = (int(piece) if piece else 1 for piece in pieces.groups())
    try:
        return FIRST_YEAR <= date(year, month, day).year <= LAST_YEAR
    except ValueError:
        return False
