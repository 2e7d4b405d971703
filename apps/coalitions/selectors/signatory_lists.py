"""Names of signatories, by country, for the public."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan
from django.utils.translation import get_language

from apps.core.territories import INTERNATIONAL, countries_containing, territory_name
from apps.core.text import clean_line, name_key, name_sort_key, script_tag
from apps.core.types import JsonObject
from apps.letters.models import Letter

from ..models import SignOn, SignOnCall
from ..models.sign_ons import NAMED_PUBLICLY, SEARCHED
from .calls import newest_call
from .signatory_counts import SignatoryCounts, version_counts

#: on the letter's page: names per country, countries, latest signatories
SHORT_NAMES, SHORT_COUNTRIES, LATEST = 3, 24, 5
#: names in a search result
MOST = 500
FIELDS = (
    "id", "kind", "country", "name_key", "org_name", "org_name_english", "display_name", "confirmed_at",
)  # fmt: skip
ORDER = ("name_key", "id")
WHOLE_ORDER = ("country", *ORDER)
#: with the condition of NAMED_PUBLICLY, as the index has it
FIRST_NAMES = """
SELECT names.* FROM unnest(%(codes)s::text[]) AS wanted(code), LATERAL (
  SELECT of_version.* FROM unnest(%(versions)s::bigint[]) AS listed(version), LATERAL (
    SELECT id, kind, country, name_key, org_name, org_name_english, display_name, confirmed_at FROM coalitions_signon
    WHERE version_id = listed.version AND country = wanted.code
      AND state = 'confirmed' AND moderation = 'accepted' AND visibility = 'public'
    ORDER BY name_key, id LIMIT %(each)s
  ) AS of_version ORDER BY name_key, id LIMIT %(each)s
) AS names
"""


@dataclass(frozen=True)
class Signatory:
    """`lang` is the language tag of the name's script, "" for Latin."""

    name: str
    english: str
    country: str
    organisation: bool
    confirmed_at: datetime
    lang: str = ""
    id: int = 0

    @property
    def country_name(self) -> str:
        return territory_name(self.country, _language())


@dataclass
class CountrySignatories:
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
class PublicSignatories:
    countries: list[CountrySignatories]
    latest: list[Signatory]


def public_signatories(letter: Letter, names_each: int | None = None) -> list[CountrySignatories]:
    """All countries in the page's language, with at most `names_each` of their public names."""
    call = newest_call(letter)
    return call_signatories(call, version_counts(call.version), names_each) if call is not None else []


def call_signatories(
    call: SignOnCall, counts: SignatoryCounts, names_each: int | None = None
) -> list[CountrySignatories]:
    named = {} if call.names_hidden_at else counts.named
    if names_each is None:
        return _rolls(publicly_named(call).order_by(*ORDER).values(*FIELDS), counts.by_country, named)
    return _rolls(_first_names(call, list(named), names_each), counts.by_country, named)


def short_roll(call: SignOnCall, counts: SignatoryCounts) -> PublicSignatories:
    """The short list of the letter's page in the page's language."""
    named = {} if call.names_hidden_at else counts.named
    codes = sorted(named, key=_place_in_list)[:SHORT_COUNTRIES]
    totals = {code: counts.by_country[code] for code in codes}
    by_country = _rolls(_first_names(call, codes, SHORT_NAMES), totals, named)
    return PublicSignatories(by_country, latest_signatories(call))


def latest_signatories(call: SignOnCall) -> list[Signatory]:
    rows = publicly_named(call).order_by("-confirmed_at").values(*FIELDS)[:LATEST]
    return [_signatory(row) for row in rows]


def _first_names(call: SignOnCall, codes: list[str], each: int) -> list[JsonObject]:
    """The first names of each country, from the index of public names: at a million signatures as at a thousand."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST_NAMES, {"codes": codes, "versions": call.listed_versions, "each": each})
        return [dict(zip(FIELDS, row, strict=True)) for row in cursor.fetchall()]


def named_after(call: SignOnCall, after: int, most: int) -> list[Signatory] | None:
    """The next public names by country code and name: the first, where `after` is 0, or those behind that of the
    signature with this id. None if it has no public name any more."""
    rows = publicly_named(call).order_by(*WHOLE_ORDER)
    if after:
        last = rows.filter(pk=after).values_list(*WHOLE_ORDER).first()
        if last is None:
            return None
        rows = rows.filter(TupleGreaterThan(Tuple(*WHOLE_ORDER), last))
    return [_signatory(row) for row in rows.values(*FIELDS)[:most]]


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
        if (call := newest_call(rows[0].letter)) is not None
        for pk in publicly_named(call).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)
    }


def country_signatories(letter: Letter, code: str, *, after: int = 0, most: int | None = None) -> CountrySignatories:
    """The public names of one country, in order: at most `most` that follow that of the signature `after`, or the first
    where that has no public name."""
    call = newest_call(letter)
    if call is None:
        return CountrySignatories(code, 0)
    counts, named = version_counts(call.version), publicly_named(call).filter(country=code)
    rows = named.order_by(*ORDER)
    if last := named.filter(pk=after).values_list("name_key", flat=True).first():
        rows = rows.filter(name_key__gte=last).exclude(name_key=last, id__lte=after)
    names = [_signatory(row) for row in rows.values(*FIELDS)[:most]]
    shown = 0 if call.names_hidden_at else counts.named.get(code, 0)
    return CountrySignatories(code, counts.by_country.get(code, 0), names, shown)


def search_signatories(letter: Letter, words: str) -> tuple[list[CountrySignatories], bool]:
    """Signatories whose name, acronym or country contains the words; and whether there are more than MOST."""
    typed = clean_line("".join(char for char in words if char.isprintable()))[:100]
    folded, call = name_key(typed) if typed else "", newest_call(letter)
    if not folded or call is None or call.names_hidden_at:
        return [], False
    codes = sorted(countries_containing(folded, _language()) & version_counts(call.version).named.keys())
    each = MOST // len(codes) + 1 if codes else 0
    found = {row["id"]: row for row in _first_names(call, codes, each)}
    wanted = Q(name_key__icontains=folded)
    for column in SEARCHED[1:]:
        wanted |= Q(**{f"{column}__icontains": typed})
    # ordered by the database, it would walk through all names in their order
    for row in publicly_named(call).filter(wanted).order_by().values(*FIELDS)[: MOST + 1]:
        found[row["id"]] = row
    rows = sorted(found.values(), key=lambda row: (row["name_key"], row["id"]))
    by_country = _rolls(rows[:MOST], {}, {})
    for roll in by_country:
        roll.total = roll.named = len(roll.names)
    return by_country, len(rows) > MOST


def _language() -> str:
    return get_language() or "en"


def publicly_named(call: SignOnCall) -> QuerySet[SignOn]:
    """The publicly named signatories of the call's version. A signature that a later version carried on has left it;
    one that a correction carried over is still one to the version that its signer confirmed."""
    found = SignOn.objects.filter(NAMED_PUBLICLY)
    if call.corrected_versions:
        found = found.filter(version_id__in=call.listed_versions)
    else:
        found = found.filter(version_id=call.version_id)
    return found.none() if call.names_hidden_at else found


def _rolls(rows: Iterable[JsonObject], totals: dict[str, int], named: dict[str, int]) -> list[CountrySignatories]:
    """The rows by country; countries of `totals` without rows are included."""
    by_country = {code: CountrySignatories(code, total, named=named.get(code, 0)) for code, total in totals.items()}
    for row in rows:
        by_country.setdefault(row["country"], CountrySignatories(row["country"], 0)).names.append(_signatory(row))
    return sorted(by_country.values(), key=lambda roll: _place_in_list(roll.code))


def _place_in_list(code: str) -> tuple[bool, str]:
    """By name in the page's language; INTERNATIONAL last."""
    return code == INTERNATIONAL, name_sort_key(territory_name(code, _language()), _language())


def _signatory(row: JsonObject) -> Signatory:
    organisation = row["kind"] == SignOn.Kind.ORGANISATION
    name = row["org_name"] if organisation else row["display_name"]
    english = row["org_name_english"] if organisation and row["org_name_english"] != name else ""
    return Signatory(name, english, row["country"], organisation, row["confirmed_at"], script_tag(name), row["id"])
