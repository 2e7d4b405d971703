"""Names of signatories: by country for the public, and rows for exports."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import get_language

from apps.core.territories import countries_containing, territory_name, territory_sort_key
from apps.core.text import clean_line, name_key, name_sort_key, script_tag
from apps.core.types import JsonObject
from apps.letters.models import Letter

from ..models import SignOn
from ..models.sign_on_fields import EXPORTED
from .calls import newest_call
from .signatory_counts import cached_value, public_cache_key, signatory_counts

#: on the letter's page: names per country, countries, latest signatories
SHORT_NAMES, SHORT_COUNTRIES, LATEST = 3, 24, 5
#: names in a search result
MOST = 500
FIELDS = ("id", "kind", "country", "org_name", "org_name_english", "org_acronym", "display_name", "confirmed_at")
AUDIENCES = ("public", "government")


@dataclass(frozen=True)
class Signatory:
    """`lang` is the language tag of the name's script, "" for Latin."""

    name: str
    english: str
    country: str
    organisation: bool
    confirmed_at: datetime
    lang: str = ""

    @property
    def country_name(self) -> str:
        return territory_name(self.country, _language())


@dataclass
class CountryRoll:
    """A country: the names shown, the number of public names and of signatures."""

    code: str
    total: int
    names: list[Signatory] = field(default_factory=list)
    named: int = 0

    @property
    def name(self) -> str:
        return territory_name(self.code, _language())

    @property
    def more(self) -> int:
        return self.named - len(self.names)

    @property
    def unnamed(self) -> int:
        return self.total - self.named


@dataclass(frozen=True)
class PublicRoll:
    countries: list[CountryRoll]
    latest: list[Signatory]


def public_signatories(letter: Letter, names_each: int | None = None) -> list[CountryRoll]:
    """All countries in the page's language, with at most `names_each` of their public names."""
    named = _public(letter)
    totals: dict[str, int] = dict(named.order_by().values_list("country").annotate(n=Count("id")))
    if names_each is not None:
        number = Window(RowNumber(), partition_by=[F("country")], order_by=[F("name_key").asc(), F("id").asc()])
        named = named.annotate(number=number).filter(number__lte=names_each)
    rolls = _rolls(named.order_by("name_key", "id").values(*FIELDS), signatory_counts(letter).by_country)
    for roll in rolls:
        roll.named = totals.get(roll.code, 0)
    return rolls


def hideable_name_count(letter: Letter) -> int:
    shown = SignOn.objects.filter(letter=letter).confirmed().exclude(visibility=SignOn.Visibility.COUNTED)
    return shown.filter(moderation=SignOn.Moderation.ACCEPTED).count()


def publicly_named_ids(sign_ons: Iterable[SignOn]) -> set[int]:
    """The ids of those that are named on the public page of their letter."""
    found: dict[int, list[SignOn]] = {}
    for sign_on in sign_ons:
        found.setdefault(sign_on.letter_id, []).append(sign_on)
    return {
        pk
        for rows in found.values()
        for pk in _public(rows[0].letter).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)
    }


def country_signatories(letter: Letter, code: str) -> CountryRoll:
    rows = _public(letter).filter(country=code).order_by("name_key", "id").values(*FIELDS)
    names = [_signatory(row) for row in rows]
    return CountryRoll(code, signatory_counts(letter).by_country.get(code, 0), names, len(names))


def search_signatories(letter: Letter, words: str) -> tuple[list[CountryRoll], bool]:
    """Signatories whose name, acronym or country contains the words; and whether there are more than MOST."""
    typed = clean_line("".join(char for char in words if char.isprintable()))[:100]
    folded = name_key(typed) if typed else ""
    if not folded:
        return [], False
    wanted = Q(country__in=countries_containing(folded, _language())) | Q(name_key__contains=folded)
    for column in ("org_name", "org_name_english", "org_acronym", "display_name"):
        wanted |= Q(**{f"{column}__icontains": typed})
    rows = list(_public(letter).filter(wanted).order_by("name_key", "id").values(*FIELDS)[: MOST + 1])
    rolls = [roll for roll in _rolls(rows[:MOST], {}) if roll.names]
    for roll in rolls:
        roll.total = roll.named = len(roll.names)
    return rolls, len(rows) > MOST


def public_roll_cached(letter: Letter) -> PublicRoll:
    """The short list of the letter's page in the page's language, up to a minute old."""
    return cached_value(public_cache_key(f"roll-{get_language()}", letter.pk), lambda: _short_roll(letter))


def signatories_for_export(letter: Letter, audience: str) -> Iterator[JsonObject]:
    """{field: value} of each signatory that the audience may see named, by country and name. Raises ValueError."""
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


def _language() -> str:
    return get_language() or "en"


def _public(letter: Letter) -> QuerySet[SignOn]:
    """Publicly named signatories of the version that is or was last open for signature."""
    call = newest_call(letter)
    return SignOn.objects.covering(call.version).named_publicly() if call is not None else SignOn.objects.none()


def _short_roll(letter: Letter) -> PublicRoll:
    rolls = [roll for roll in public_signatories(letter, SHORT_NAMES) if roll.names]
    latest = _public(letter).order_by("-confirmed_at").values(*FIELDS)[:LATEST]
    return PublicRoll(rolls[:SHORT_COUNTRIES], [_signatory(row) for row in latest])


def _rolls(rows: Iterable[JsonObject], totals: dict[str, int]) -> list[CountryRoll]:
    """The rows by country; countries of `totals` without rows are included."""
    rolls = {code: CountryRoll(code, total) for code, total in totals.items()}
    for row in rows:
        rolls.setdefault(row["country"], CountryRoll(row["country"], 0)).names.append(_signatory(row))
    return sorted(rolls.values(), key=lambda roll: name_sort_key(roll.name, _language()))


def _signatory(row: JsonObject) -> Signatory:
    organisation = row["kind"] == SignOn.Kind.ORGANISATION
    name = row["org_name"] if organisation else row["display_name"]
    english = row["org_name_english"] if organisation and row["org_name_english"] != name else ""
    return Signatory(name, english, row["country"], organisation, row["confirmed_at"], script_tag(name))
