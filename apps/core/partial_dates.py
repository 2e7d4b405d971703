"""Dates that may be a year, a month or a day: "2017", "2017-12", "2017-12-10"."""

import re
from datetime import date

FIRST_YEAR, LAST_YEAR = 1000, 2999
PARTIAL = re.compile(r"[12][0-9]{3}(-[0-9]{2}(-[0-9]{2})?)?")


def is_partial_date(raw: str) -> bool:
    """Whether this is such a date from FIRST_YEAR to LAST_YEAR, and exists."""
    try:
        return bool(PARTIAL.fullmatch(raw) and date.fromisoformat(f"{raw}-01-01"[:10]))
    except ValueError:
        return False
