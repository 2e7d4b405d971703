"""Lists of names: by country for the public, and rows for those who may see more."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from apps.core.territories import countries_containing, territory_name, territory_sort_key
from apps.core.text import clean_line, name_key, script_tag
from apps.letters.models import Letter

from ..models import SignOn
from ..models.sign_on_fields import EXPORTED
from .calls import newest_call
from .counts import kept_for_a_minute, public_cache_key, signatory_counts

#: names per country on the letter's own page, and countries
SHORT_NAMES, SHORT_COUNTRIES = 3, 24
LATEST = 5
#: names on one page of the full list
MOST = 500
FIELDS = ("id", "kind", "country", "org_name", "org_name_english", "org_acronym", "display_name", "confirmed_at")
AUDIENCES = ("public", "government")


@dataclass(frozen=True)
class Signatory:
    """A name as lists show it. `lang` is a tag for its script, "" for Latin."""

    name: str
    english: str
    country: str
    organisation: bool
    confirmed_at: datetime
    lang: str = ""

    @property
    def country_name(self) -> str:
        return territory_name(self.country)


@dataclass
class CountryRoll:
    """A country's signatories: names that are shown here, and how many signed from it in all."""

    code: str
    total: int
    names: list[Signatory] = field(default_factory=list)
    named: int = 0

    @property
    def name(self) -> str:
        return territory_name(self.code)

    @property
    def more(self) -> int:
        """Names that are public but not shown here."""
        return self.named - len(self.names)

    @property
    def unnamed(self) -> int:
        """Those who are counted, and named nowhere in public."""
        return self.total - self.named


@dataclass(frozen=True)
class PublicRoll:
    """What a letter's page shows: countries with some of their names, and who signed last."""

    countries: list[CountryRoll]
    countries_left: int
    latest: list[Signatory]


def signatories_public(letter: Letter, names_each: int | None = None) -> list[CountryRoll]:
    """Every country with its public names by name, at most `names_each` of them; countries in order of their names."""
    named = _public(letter)
    totals: dict[str, int] = dict(named.order_by().values_list("country").annotate(n=Count("id")))
    if names_each is not None:
        place = Window(RowNumber(), partition_by=[F("country")], order_by=[F("name_key").asc(), F("id").asc()])
        named = named.annotate(place=place).filter(place__lte=names_each)
    rolls = _rolls(named.order_by("name_key", "id").values(*FIELDS), signatory_counts(letter).by_country)
    for roll in rolls:
        roll.named = totals.get(roll.code, 0)
    return rolls


def names_at_stake(letter: Letter) -> int:
    """How many names some list shows, or would show were they not hidden all at once."""
    shown = SignOn.objects.filter(letter=letter).confirmed().exclude(visibility=SignOn.Visibility.COUNTED)
    return shown.filter(moderation=SignOn.Moderation.ACCEPTED).count()


def public_ids(sign_ons: Iterable[SignOn]) -> set[int]:
    """The ids of those that the public page of their letter names now."""
    found: dict[int, list[SignOn]] = {}
    for sign_on in sign_ons:
        found.setdefault(sign_on.letter_id, []).append(sign_on)
    return {
        pk
        for rows in found.values()
        for pk in _public(rows[0].letter).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)
    }


def country_signatories(letter: Letter, code: str) -> CountryRoll:
    """All public names of one country, by name, and how many signed from it in all."""
    rows = _public(letter).filter(country=code).order_by("name_key", "id").values(*FIELDS)
    names = [_signatory(row) for row in rows]
    return CountryRoll(code, signatory_counts(letter).by_country.get(code, 0), names, len(names))


def signatories_found(letter: Letter, words: str) -> tuple[list[CountryRoll], bool]:
    """Public names, English names, acronyms and countries that contain the words, whatever case and accents; and
    whether there were more than MOST, which are cut off."""
    typed = clean_line("".join(char for char in words if char.isprintable()))[:100]
    folded = name_key(typed) if typed else ""
    if not folded:
        return [], False
    wanted = Q(country__in=countries_containing(folded)) | Q(name_key__contains=folded)
    for column in ("org_name", "org_name_english", "org_acronym", "display_name"):
        wanted |= Q(**{f"{column}__icontains": typed})
    rows = list(_public(letter).filter(wanted).order_by("name_key", "id").values(*FIELDS)[: MOST + 1])
    rolls = [roll for roll in _rolls(rows[:MOST], {}) if roll.names]
    for roll in rolls:
        roll.total = roll.named = len(roll.names)
    return rolls, len(rows) > MOST


def public_roll_cached(letter: Letter) -> PublicRoll:
    """The short list of the letter's page, at most a minute old."""
    return kept_for_a_minute(public_cache_key("roll", letter.pk), lambda: _short_roll(letter))


def signatories_for_export(letter: Letter, audience: str) -> Iterator[dict[str, Any]]:
    """{field: value} of each named signatory, by country and name: `kind`, `display_name` and the exported fields,
    nothing else. `audience` "public" gives those that the public may see, "government" also those for governments
    only. Those who are only counted are never listed. Raises ValueError for another audience."""
    if audience not in AUDIENCES:
        raise ValueError(f"the audience is one of {AUDIENCES}, not {audience!r}")
    call = newest_call(letter)
    if call is None:
        return
    every = SignOn.objects.covering(call.version)
    rows = every.named_publicly() if audience == "public" else every.named_to_governments()
    codes = sorted(set(rows.order_by().values_list("country", flat=True)), key=territory_sort_key)
    for code in codes:
        some = rows.filter(country=code).order_by("name_key", "id")
        yield from some.values("kind", "display_name", *EXPORTED).iterator(chunk_size=2000)


def _public(letter: Letter) -> QuerySet[SignOn]:
    """Who may be named to everybody, for the text that is or was last open for signature."""
    call = newest_call(letter)
    return SignOn.objects.covering(call.version).named_publicly() if call is not None else SignOn.objects.none()


def _short_roll(letter: Letter) -> PublicRoll:
    rolls = [roll for roll in signatories_public(letter, SHORT_NAMES) if roll.names]
    latest = _public(letter).order_by("-confirmed_at").values(*FIELDS)[:LATEST]
    return PublicRoll(
        rolls[:SHORT_COUNTRIES], max(len(rolls) - SHORT_COUNTRIES, 0), [_signatory(row) for row in latest]
    )


def _rolls(rows: Iterable[dict[str, Any]], totals: dict[str, int]) -> list[CountryRoll]:
    """Rows, already in order, under their countries; every country of `totals` has a roll, if only a number."""
    rolls = {code: CountryRoll(code, total) for code, total in totals.items()}
    for row in rows:
        rolls.setdefault(row["country"], CountryRoll(row["country"], 0)).names.append(_signatory(row))
    return sorted(rolls.values(), key=lambda roll: territory_sort_key(roll.code))


def _signatory(row: dict[str, Any]) -> Signatory:
    organisation = row["kind"] == SignOn.Kind.ORGANISATION
    name = row["org_name"] if organisation else row["display_name"]
    english = row["org_name_english"] if organisation and row["org_name_english"] != name else ""
    return Signatory(name, english, row["country"], organisation, row["confirmed_at"], script_tag(name))
