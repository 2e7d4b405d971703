"""The parts of a language of letters."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from ..types import Label

#: ranks of recipients; the first whose words a post contains counts, so that a deputy minister is not a minister
RANKS = ("other", "premier", "ambassador", "minister", "president")
#: the prepositions before a country's name
OF, TO, IN = "of", "to", "in"
#: narrow no-break space
NARROW = "\N{NARROW NO-BREAK SPACE}"


@dataclass(frozen=True, kw_only=True)
class Dates:
    """Patterns of dates: a day, a date with its year (also a month with its year), a period, and a time of day."""

    months: tuple[str, ...]
    moment: str
    day_month: str = "{day} {month}"
    with_year: str = "{date} {year}"
    first_day: str = "1"
    period: str = "{start} to {end}"
    #: a period of months or years
    loose_period: str = "{start} to {end}"
    #: the digits 0 to 9
    digits: str = "0123456789"


@dataclass(frozen=True, kw_only=True)
class GenericRecipient:
    """Words in place of a recipient: in the general letter, and while no recipient is known."""

    country: str
    delegation: str
    capital: str
    salutation_all: str
    salutation: str
    recipient: str
    office: str
    some: str
    #: "the delegation of {country}", or "la délégation {of}"; "" where no pattern fits every country
    delegation_of: str = ""
    #: "of your country", "to your country", "in your country"
    of_country: str = ""
    to_country: str = ""
    in_country: str = ""


#: plural forms, chosen by `Language.plural`; {n} is the number
type Forms = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Signatures:
    """Words about signatures."""

    heading: str
    without_numbers: str
    organisations: Forms
    people: Forms
    #: both together
    signatories: Forms
    countries: Forms
    joined: str
    counted: Forms
    #: all of them international
    counted_alone: Forms
    unnamed: Forms
    as_of: str
    removed: str
    #: before the SHA-256 of the list, and in its place before the list is frozen
    fingerprint: str
    fingerprint_later: str
    #: of a name that our fonts cannot print
    no_font: str


@dataclass(frozen=True, kw_only=True)
class Notes:
    """Labels of footnotes and pages."""

    heading: str
    note: str
    back: str
    page: str


@dataclass(frozen=True, kw_only=True)
class VerificationWords:
    """Words beside the address where the text is checked; `code` is what a screen reader says of the QR code."""

    heading: str
    frozen: str
    code: str


@dataclass(frozen=True, kw_only=True)
class CitationTerms:
    """Words of citations, as in CSL's locales."""

    et_al: str
    cited_in: str
    above: str
    point: str
    accessed: str
    undated: str
    quotes: tuple[str, str]
    delimiter: str = ", "


@dataclass(frozen=True, kw_only=True)
class Salutations:
    """For each rank: masculine, feminine, unknown."""

    premier: tuple[str, str, str]
    ambassador: tuple[str, str, str]
    minister: tuple[str, str, str]
    president: tuple[str, str, str]
    other: tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class Language:
    """A language of letters, one module each. See docs/how-to.md."""

    code: str
    #: the name on staff pages
    name: Label
    #: names and codes in imported lists, separated by "|"
    aliases: str
    #: position in lists of languages
    position: int = 100
    right_to_left: bool = False
    #: of a list whose author chose none: "letters" (Latin ones) or "decimal"
    list_numbering: str = "letters"
    dates: Dates
    general: GenericRecipient
    signatures: Signatures
    notes: Notes
    checking: VerificationWords
    citation: CitationTerms
    salutations: Salutations
    #: {rank: words of a post; "*" stands for any ending}
    posts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: index of the plural form for a number
    plural: Callable[[int], int] = lambda number: 0 if number == 1 else 1
    #: the article before a member's name in a sentence, from its code and name, with its space: "the ", "l’", ""
    article: Callable[[str, str], str] = lambda code, name: ""
    #: a member's name with its article after OF, TO or IN, from its code, its name and the preposition:
    #: "to the Philippines", "aux Philippines"; "" where the language has no rule
    after_preposition: Callable[[str, str, str], str] = lambda code, name, preposition: ""
    #: accented letters that sort as letters of their own, each with the letter before it
    own_letters: Mapping[str, str] = field(default_factory=dict)

    @property
    def direction(self) -> str:
        """ "rtl" or "ltr"."""
        return "rtl" if self.right_to_left else "ltr"

    def day(self, day: date) -> str:
        """ "12 May 2017", "1er mai 2017", "12 de mayo de 2017"."""
        return self.date(day.isoformat())

    def date(self, value: str) -> str:
        """A partial date: 2017, 2017-05 or 2017-05-12 as "2017", "May 2017", "12 May 2017". Other text is unchanged."""
        parts = _parsed(value)
        return self._written(parts) if parts else value

    def moment(self, at: datetime, place: str) -> str:
        """ "1 December 2017, 23:59 in Geneva (22:59 UTC)": in the zone of `at`, whose place is `place`."""
        if place == "UTC":
            return f"{self.day(at.date())}, {at:%H:%M} UTC"
        utc = f"{at.astimezone(UTC):%H:%M}"
        return self.dates.moment.format(day=self.day(at.date()), time=f"{at:%H:%M}", place=place, utc=utc)

    def period(self, start: str, end: str) -> str:
        """Two such dates as one: "10 to 13 December 2017", "du 30 novembre au 2 décembre 2017". What both share is
        written once. Without an end, or with the same one: the date alone."""
        first, last = _parsed(start), _parsed(end)
        if not last or first == last:
            return self.date(start)
        shared = 0
        if first and len(first) == len(last):
            shared = next(i for i, pair in enumerate(zip(first, last, strict=True)) if pair[0] != pair[1])
        opening = self._written(first, shared) if first else start
        pattern = self.dates.period if len(first) == len(last) == 3 else self.dates.loose_period
        return pattern.format(start=opening, end=self._written(last))

    def _written(self, parts: tuple[int, ...], shared: int = 0) -> str:
        """(year, month, day), (year, month) or (year,), without the first `shared` parts."""
        year, month, day = (*parts, 0, 0)[:3]
        text = ""
        if day:
            text = self.dates.first_day if day == 1 else str(day)
        if month and shared < 2:
            name = self.dates.months[month - 1]
            text = self.dates.day_month.format(day=text, month=name) if text else name
        if not shared:
            text = self.dates.with_year.format(date=text, year=year) if text else str(year)
        return text.translate(str.maketrans("0123456789", self.dates.digits))

    def count(self, forms: Forms, number: int) -> str:
        """ "1 organisation", "287 organisations"."""
        return forms[self.plural(number)].format(n=number)

    def signed_by(self, organisations: int, people: int, countries: int) -> str:
        """Who has signed, with numbers; without numbers, that the organisations named below have."""
        words = self.signatures
        if not (organisations or people):
            return words.without_numbers
        sentences = words.counted if countries else words.counted_alone
        sentence = sentences[self.plural(organisations + people)]
        return sentence.format(who=self.signers(organisations, people), where=self.count(words.countries, countries))

    def signers(self, organisations: int, people: int) -> str:
        """ "287 organisations and 12 people", without a kind that nobody is of."""
        words = self.signatures
        counts = ((words.organisations, organisations), (words.people, people))
        return words.joined.join(self.count(forms, number) for forms, number in counts if number)

    def in_sentence(self, code: str, name: str) -> str:
        """ "the Philippines", "Kenya": a member's name in a sentence."""
        article = self.article(code, name)
        return name if article and name.lower().startswith(article) else article + name

    def collated(self, text: str) -> str:
        """Lower case, with letters of their own after the letter before them: in Spanish ñ after n."""
        text = text.casefold()
        if self.own_letters:
            text = unicodedata.normalize("NFC", text)
        for letter, before in self.own_letters.items():
            text = text.replace(letter, f"{before}\uffff")
        return text

    def quoted(self, text: str) -> str:
        opening, closing = self.citation.quotes
        return f"{opening}{text}{closing}"


def _parsed(value: str) -> tuple[int, ...]:
    """(2017, 5, 12), (2017, 5) or (2017,); () for other text."""
    try:
        parts = tuple(int(part) for part in value.split("-"))
        date(*[*parts, 1, 1][:3])
    except (ValueError, TypeError):
        return ()
    return parts if len(parts) <= 3 else ()
