"""Facts as pages show them: the figure in large type, the verification in words, the citation."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.types import JsonObject, Label
from apps.sources.citation.formatter import citation_text, citation_url, locator_text
from apps.sources.models import Source

from ..models import Fact

#: units of numbers that are not worth large type
SMALL_UNITS = re.compile(r"\b(year|years|month|day|rank|round)\b")
IN_BRACKETS = re.compile(r"\s*\(.*\)")
SCALES = (
    (Decimal(10**12), gettext_lazy("trillion")),
    (Decimal(10**9), gettext_lazy("billion")),
    (Decimal(10**6), gettext_lazy("million")),
)
#: verification: glyph, tone, words
VERIFICATIONS = {
    Fact.Verification.VERIFIED: ("ok", "ok", gettext_lazy("Checked against another source")),
    Fact.Verification.CONSISTENT: ("half", "ok", gettext_lazy("Agrees with other sources")),
    Fact.Verification.UNVERIFIED: ("ring", "idle", gettext_lazy("From one source")),
    Fact.Verification.CAUTION: ("warn", "warn", gettext_lazy("Known discrepancy")),
}


@dataclass(frozen=True)
class FactLine:
    """`citations`: (text, URL or ""), the main source first. `why`: the reasons of a search."""

    fact: Fact
    figure: str
    glyph: str
    tone: str
    verified: Label
    citations: list[tuple[str, str]]
    locator: str
    why: tuple[str, ...] = ()


def fact_lines(facts: Iterable[Fact], document: Source | None, language: str = "en") -> list[FactLine]:
    """`document` is the campaign's own, which locators refer to."""
    return [_line(fact, document, language) for fact in facts]


def _line(fact: Fact, document: Source | None, language: str) -> FactLine:
    sources = [fact.source, *fact.additional_sources.all()]
    glyph, tone, words = VERIFICATIONS[Fact.Verification(fact.verification)]
    return FactLine(
        fact=fact,
        figure=figure_words(fact.figures),
        glyph=glyph,
        tone=tone,
        verified=words,
        citations=[
            (citation_text(source, fact.locator, language, document), citation_url(source)) for source in sources
        ],
        locator=locator_text(fact.locator, document, language),
    )


def figure_words(figures: list[JsonObject]) -> str:
    """ "620 to 970 billion US dollars", "62.5 percent of population", or "". Two values of one unit are a range."""
    numbers = [(figure, number) for figure in figures if (number := _number(figure)) is not None]
    if not numbers:
        return ""
    unit = _unit(numbers[0][0])
    values = sorted(number for figure, number in numbers if _unit(figure) == unit)
    if len(values) > 2:
        return ""
    divisor, scale = next(((size, str(word)) for size, word in SCALES if values[-1] >= size), (Decimal(1), ""))
    shown = [_written(value / divisor) for value in values]
    amount = _("%(low)s to %(high)s") % {"low": shown[0], "high": shown[1]} if len(shown) == 2 else shown[0]
    return " ".join(filter(None, (amount, scale, _("US dollars") if unit == "USD" else unit)))


def _unit(figure: JsonObject) -> str:
    return IN_BRACKETS.sub("", str(figure.get("unit", "")))


def _number(figure: JsonObject) -> Decimal | None:
    """The figure's value, unless it is missing, a date, or the year itself."""
    value = figure.get("value")
    if value is None or value == figure.get("year") or SMALL_UNITS.search(str(figure.get("unit", ""))):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:  # a month such as 2016-10
        return None


def _written(value: Decimal) -> str:
    decimals = 0 if value == value.to_integral_value() else 1
    return str(number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True))
