"""Words and dates of letters in the languages letters are written in. Pages are translated by gettext; these are not,
because a letter's language is its own and what is frozen must not change with a catalogue."""

from datetime import date
from typing import NamedTuple

from django.utils import dateformat, translation

#: names that take an article in English running text, by the code of the member
WITH_ARTICLE_EN = frozenset(
    {"AE", "BS", "CD", "CF", "CG", "CZ", "DO", "EU", "GB", "GM", "KG", "KM", "MV", "NL", "PH", "SB", "US", "MK"}
)
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "dv", "ps"})


class General(NamedTuple):
    """What a text to nobody in particular says: in the general edition, and where no recipient is known yet."""

    name: str
    delegation: str
    capital: str
    salutation_all: str
    salutation: str
    recipient: str
    office: str
    some: str


GENERAL = {
    "en": General(
        "your country", "your delegation", "your capital", "Excellencies", "Excellency",
        "the minister responsible for trade", "Ministry responsible for trade", "some",
    ),
    "fr": General(
        "votre pays", "votre délégation", "votre capitale", "Excellences", "Excellence",
        "le ministre chargé du commerce", "Ministère chargé du commerce", "plusieurs",
    ),
    "es": General(
        "su país", "su delegación", "su capital", "Excelencias", "Excelencia",
        "el ministro encargado de comercio", "Ministerio encargado de comercio", "varias",
    ),
    "ar": General(
        "بلدكم", "وفدكم", "عاصمتكم", "أصحاب المعالي", "معالي الوزير",
        "الوزير المكلف بالتجارة", "الوزارة المكلفة بالتجارة", "بعض",
    ),
}  # fmt: skip


def general(language: str) -> General:
    """The general words of a language; English where there are none."""
    return GENERAL.get(language[:2], GENERAL["en"])


def direction(language: str) -> str:
    """ "rtl" or "ltr"."""
    return "rtl" if language[:2] in RIGHT_TO_LEFT else "ltr"


def with_article(code: str, name: str, language: str) -> str:
    """ "the Philippines", "Kenya": a member's name in the middle of a sentence. Only English needs it here."""
    if language[:2] != "en" or code not in WITH_ARTICLE_EN or name.lower().startswith("the "):
        return name
    return f"the {name}"


def day_in_words(day: date, language: str) -> str:
    """ "10 December 2017", "10 décembre 2017", "10 de diciembre de 2017"."""
    pattern = r"j \d\e F \d\e Y" if language[:2] == "es" else "j F Y"
    with translation.override(language):
        return dateformat.format(day, pattern)


def span_in_words(first: date, last: date, language: str) -> str:
    """ "10 to 13 December 2017"; what both days share is said once."""
    short = language[:2]
    end = day_in_words(last, language)
    if first == last:
        return end
    start = day_in_words(first, language)
    if first.year == last.year:
        with translation.override(language):
            month = {"es": r"j \d\e F"}.get(short, "j F")
            start = str(first.day) if first.month == last.month else dateformat.format(first, month)
    opening, joint = {"fr": ("du ", " au "), "es": ("del ", " al "), "ar": ("من ", " إلى ")}.get(short, ("", " to "))
    return f"{opening}{start}{joint}{end}"
