"""A fact's figures in a few words, for the large line over its statement."""

import re
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

#: counts of the calendar and places in a row say nothing in large type
SMALL_UNITS = re.compile(r"\b(year|years|month|day|rank|round)\b")
IN_BRACKETS = re.compile(r"\s*\(.*\)")


def figure_words(figures: list[dict[str, Any]]) -> str:
    """ "620 to 970 billion US dollars", "47 percent of jobs", or "" where there is no number to show.

    `figures` is a fact's: value, unit, year, as_stated. Two values of one unit are a range.
    """
    shown = [figure for figure in figures if _counts(figure)]
    if not shown:
        return ""
    unit = IN_BRACKETS.sub("", str(shown[0]["unit"]))
    values = [float(figure["value"]) for figure in shown if IN_BRACKETS.sub("", str(figure["unit"])) == unit]
    if len(values) > 2:
        return ""
    divisor, scale = _scale(max(values))
    numbers = [_number(value / divisor) for value in sorted(values)]
    amount = _("%(low)s to %(high)s") % {"low": numbers[0], "high": numbers[1]} if len(numbers) == 2 else numbers[0]
    return " ".join(filter(None, (amount, scale, _("US dollars") if unit == "USD" else unit)))


def _counts(figure: dict[str, Any]) -> bool:
    value, unit = figure.get("value"), str(figure.get("unit", ""))
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and value != figure.get("year") and not SMALL_UNITS.search(unit)


def _scale(value: float) -> tuple[float, str]:
    for divisor, word in ((1e12, _("trillion")), (1e9, _("billion")), (1e6, _("million"))):
        if value >= divisor:
            return divisor, word
    return 1.0, ""


def _number(value: float) -> str:
    text = number_format(value, decimal_pos=0 if value == int(value) else 1, use_l10n=True, force_grouping=True)
    return str(text)
