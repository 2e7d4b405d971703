"""Numbers, dates, true or false."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from apps.core.partial_dates import is_partial_date

from .base import InvalidValue, Scalar

WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
LONGEST_AMOUNT = 40


@dataclass(frozen=True)
class Integer(Scalar):
    least: int = 0
    most: int = 32767

    def parse(self, raw: str, tag: str) -> int:
        if tag != "int" or not WHOLE.fullmatch(raw):
            raise InvalidValue(_("“%(raw)s” is not a whole number.") % {"raw": raw[:60]})
        if len(raw) > 20 or not self.least <= int(raw) <= self.most:
            values = {"raw": raw[:60], "least": self.least, "most": self.most}
            raise InvalidValue(_("%(raw)s is not between %(least)d and %(most)d.") % values)
        return int(raw)


class Amount(Scalar):
    """A figure: a whole number as int; a decimal number, a month or a date as text, since floats have no canonical
    form. A whole number of more than 20 digits is text too: many JSON readers would round it."""

    def parse(self, raw: str, tag: str) -> int | str:
        if tag == "int" and WHOLE.fullmatch(raw) and len(raw) <= LONGEST_AMOUNT:
            return int(raw) if len(raw) <= 20 else raw
        if tag == "float" and DECIMAL.fullmatch(raw) and len(raw) <= LONGEST_AMOUNT:
            # Decimal would round to 28 digits
            return raw.rstrip("0").removesuffix(".")
        if tag == "str" and is_partial_date(raw):
            return raw
        raise InvalidValue(_('“%(raw)s” is not a number or a month such as "2016-10".') % {"raw": raw[:60]})


class Flag(Scalar):
    def parse(self, raw: str, tag: str) -> bool:
        if raw not in {"true", "false"}:
            raise InvalidValue(_("“%(raw)s” is neither true nor false.") % {"raw": raw[:60]})
        return raw == "true"


class Date(Scalar):
    def parse(self, raw: str, tag: str) -> date:
        with suppress(ValueError):
            if len(raw) == 10:
                return date.fromisoformat(raw)
        raise InvalidValue(_("“%(raw)s” is not a date. Write it as 2017-12-10.") % {"raw": raw[:60]})


class LooseDate(Scalar):
    """A year, month or day, as text: "2017", "2017-12", "2017-12-10"."""

    def parse(self, raw: str, tag: str) -> str:
        if not is_partial_date(raw):
            raise InvalidValue(
                _("“%(raw)s” is not a year, month or day (2017, 2017-12, 2017-12-10).") % {"raw": raw[:60]}
            )
        return raw
