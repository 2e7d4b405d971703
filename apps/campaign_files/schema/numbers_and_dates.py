"""Numbers, dates, true or false."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from apps.core.partial_dates import is_partial_date
from apps.core.text import number_value

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
    """A figure: a number as `number_value` stores it, or a month or date as text."""

    def parse(self, raw: str, tag: str) -> int | str:
        number = {"int": WHOLE, "float": DECIMAL}.get(tag)
        if number and number.fullmatch(raw) and len(raw) <= LONGEST_AMOUNT:
            return number_value(raw)
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
