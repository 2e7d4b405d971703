"""What differs between languages: quotation marks, dates, and the few words of a citation."""

from dataclasses import dataclass
from datetime import date

from django.utils import dateformat, translation


@dataclass(frozen=True)
class Words:
    """Date formats are Django's letters; `first` is that of the first of a month."""

    opens: str
    closes: str
    day: str
    first: str
    month: str
    others: str
    cited_in: str
    above: str
    point: str
    accessed: str
    undated: str
    span: str


#: narrow no-break space: French sets it inside quotation marks, and they never part from their words at a line's end
THIN = "\N{NARROW NO-BREAK SPACE}"
WORDS = {
    "en": Words(
        "“", "”", "j F Y", "j F Y", "F Y", "et al.", "cited in", "note {n} above", "point",
        "accessed on {day}", "n.d.", "{start} to {end}",
    ),
    "fr": Words(
        f"«{THIN}", f"{THIN}»", "j F Y", r"j\e\r F Y", "F Y", "et al.", "cité dans", "note {n} ci-dessus", "point",
        "consulté le {day}", "s.d.", "{start} au {end}",
    ),
    "es": Words(
        "«", "»", r"j \d\e F \d\e Y", r"j \d\e F \d\e Y", r"F \d\e Y", "et al.", "citado en", "nota {n} supra", "punto",
        "consultado el {day}", "s.f.", "{start} al {end}",
    ),
}  # fmt: skip


def words_in(language: str) -> Words:
    """The words of the language; English ones where it has none here."""
    return WORDS.get(language[:2], WORDS["en"])


def citation_language(language: str) -> str:
    """The language in which a page in `language` cites: its own where there are words for it, else English."""
    return language[:2] if language[:2] in WORDS else "en"


def day_text(day: date, language: str) -> str:
    """ "12 May 2017", "1er mai 2017", "12 de mayo de 2017"."""
    words = words_in(language)
    with translation.override(language):
        return dateformat.format(day, words.first if day.day == 1 else words.day)


def date_text(value: str, language: str) -> str:
    """A date as exact as it is known, from 2017, 2017-05 or 2017-05-12: "2017", "May 2017", "12 May 2017".

    What is no such date comes back as it is: a page says what is written rather than nothing.
    """
    try:
        year, *rest = (int(part) for part in value.split("-"))
        when = date(year, *[*rest, 1, 1][:2])
    except (ValueError, TypeError):
        return value
    if not rest:
        return str(year)
    if len(rest) > 1:
        return day_text(when, language)
    with translation.override(language):
        return dateformat.format(when, words_in(language).month)


def span_text(start: str, end: str, language: str) -> str:
    """Two dates as one: "10 to 13 December 2017", "30 novembre au 2 décembre 2017"; one where there is no other."""
    first, last = date_text(start, language).split(), date_text(end, language).split()
    if not last or first == last:
        return " ".join(first)
    if len(first) == len(last):  # equally exact: what both end with is said once
        differs = max(i for i, pair in enumerate(zip(first, last, strict=True)) if pair[0] != pair[1])
        first = first[: differs + 1]
    return words_in(language).span.format(start=" ".join(first), end=" ".join(last))
