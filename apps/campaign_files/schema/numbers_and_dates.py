"""Numbers, days, yes or no."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml
from django.utils.translation import gettext as _

from apps.core.partial_dates import is_loose_day

from ..problems import Report
from .base import INVALID, TAG, Shape, line_of

WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
#: of a figure
LONGEST_AMOUNT = 40


@dataclass(frozen=True)
class Integer(Shape):
    """A whole number, written plainly."""

    least: int = 0
    most: int = 32767

    def read(self, node: yaml.Node, report: Report) -> Any:
        raw = self.raw(node, report)
        if raw is INVALID:
            return INVALID
        if node.tag != f"{TAG}int" or not WHOLE.fullmatch(raw):
            report(line_of(node), _("“%(raw)s” is not a whole number.") % {"raw": raw[:60]})
            return INVALID
        if len(raw) > 20 or not self.least <= int(raw) <= self.most:
            report(
                line_of(node),
                _("%(raw)s is not between %(least)d and %(most)d.")
                % {"raw": raw[:60], "least": self.least, "most": self.most},
            )
            return INVALID
        return int(raw)


class Amount(Shape):
    """A figure: a whole number as int; a decimal number, a month or a date as text (floats have no canonical form), as
    is a whole number of more than 20 digits (many readers of JSON would round it)."""

    def read(self, node: yaml.Node, report: Report) -> Any:
        raw = self.raw(node, report)
        if raw is INVALID:
            return INVALID
        if node.tag == f"{TAG}int" and WHOLE.fullmatch(raw) and len(raw) <= LONGEST_AMOUNT:
            return int(raw) if len(raw) <= 20 else raw
        if node.tag == f"{TAG}float" and DECIMAL.fullmatch(raw) and len(raw) <= LONGEST_AMOUNT:
            # not by Decimal, which rounds to 28 digits
            return raw.rstrip("0").removesuffix(".")
        if node.tag == f"{TAG}str" and is_loose_day(raw):
            return raw
        report(line_of(node), _('“%(raw)s” is not a number or a month such as "2016-10".') % {"raw": raw[:60]})
        return INVALID


class Flag(Shape):
    """true or false."""

    def read(self, node: yaml.Node, report: Report) -> Any:
        raw = self.raw(node, report)
        if raw in {"true", "false"}:
            return raw == "true"
        if raw is not INVALID:
            report(line_of(node), _("“%(raw)s” is neither true nor false.") % {"raw": raw[:60]})
        return INVALID


class Date(Shape):
    """A day, 2017-12-10."""

    def read(self, node: yaml.Node, report: Report) -> Any:
        raw = self.raw(node, report)
        if raw is INVALID:
            return INVALID
        try:
            if len(raw) == 10:
                return date.fromisoformat(raw)
        except ValueError:
            pass
        report(line_of(node), _("“%(raw)s” is not a date. Write it as 2017-12-10.") % {"raw": raw[:60]})
        return INVALID


class LooseDate(Shape):
    """A year, month or day, as text: "2017", "2017-12", "2017-12-10"."""

    def read(self, node: yaml.Node, report: Report) -> Any:
        raw = self.raw(node, report)
        if raw is INVALID:
            return INVALID
        if is_loose_day(raw):
            return raw
        report(
            line_of(node), _("“%(raw)s” is not a year, month or day (2017, 2017-12, 2017-12-10).") % {"raw": raw[:60]}
        )
        return INVALID
