"""Organisations for staff pages, and those that may be the same."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Permission
from apps.core.optimistic_locking import fingerprint
from apps.core.similarity import most_similar
from apps.core.text import fold, name_key

from ..email_domains import own_domain, website_host
from ..models import Coalition, Organisation, SignOn

#: names at least this similar are suggested (0 to 1)
ALIKE = 0.8
#: names of one country that are compared
COMPARED = 2000


@dataclass(frozen=True)
class Subject:
    """An organisation, or a signature of one: what suggestions compare. `domains`: of its website and addresses."""

    id: int
    organisation_id: int | None
    country: str
    names: tuple[str, ...]
    domains: tuple[str, ...]


@dataclass(frozen=True)
class SimilarOrganisation:
    """An organisation that may be the same. `share` is the similarity of the names in per cent, 0 where only the
    domain is the same; `domain` is "" where it differs."""

    organisation_id: int
    name: str
    share: int
    domain: str


class _Known(NamedTuple):
    """A name that others are compared with. `keys`: its words in alphabetical order, and how they start."""

    organisation_id: int
    name: str
    keys: list[tuple[str, frozenset[str]]]
    domain: str


def organisations_visible_to(membership: TeamMember) -> QuerySet[Organisation]:
    """All for people who may see contact data; for others those that the public page of a letter names."""
    found = Organisation.objects.whole().filter(campaign=membership.campaign)
    if membership.may(Permission.SEE_CONTACTS):
        return found
    return found.filter(Exists(SignOn.objects.named_publicly().filter(organisation=OuterRef("pk"))))


def organisations_found(
    membership: TeamMember, *, words: str, country: str, coalition: int | None
) -> QuerySet[Organisation]:
    """Visible ones that have the words in one of their names."""
    found = organisations_visible_to(membership)
    return organisations_narrowed(membership.campaign, found, words=words, country=country, coalition=coalition)


def organisations_narrowed(
    campaign: Campaign, found: QuerySet[Organisation], *, words: str, country: str, coalition: int | None
) -> QuerySet[Organisation]:
    """Those of the campaign's organisations `found` that have the words in one of their names."""
    for word in fold(words).split():
        named = Q(name_key__contains=word) | Q(name_english__icontains=word) | Q(acronym__icontains=word)
        known_as = Organisation.objects.filter(campaign=campaign, name_key__contains=word)
        found = found.filter(named | Q(pk__in=known_as.values("merged_into")))
    found = found.filter(country=country) if country else found
    return found.filter(coalitions=coalition) if coalition is not None else found


def organisation_groups(
    organisations: QuerySet[Organisation],
) -> tuple[list[tuple[str, int]], list[tuple[Coalition, int]]]:
    """(country, number) and (coalition, number), only those that occur."""
    countries = list(organisations.order_by("country").values_list("country").annotate(n=Count("pk")))
    coalitions = Coalition.objects.filter(organisations__in=organisations).annotate(n=Count("organisations"))
    return countries, [(coalition, coalition.n) for coalition in coalitions]


def with_signature_counts(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    counted = Count("sign_ons", filter=Q(sign_ons__state=SignOn.State.CONFIRMED), distinct=True)
    return organisations.annotate(letters=counted).prefetch_related("coalitions")


def organisation_fingerprint(organisation: Organisation) -> str:
    """A hash of what the page to edit it shows."""
    values = [getattr(organisation, name) for name in ("name", "name_english", "acronym", "website", "kind")]
    names = sorted(organisation.merged.values_list("pk", "name"))
    return fingerprint([values, names, sorted(organisation.coalitions.values_list("pk", flat=True))])


def organisation_subject(organisation: Organisation) -> Subject:
    names = _keys(organisation.name_key, organisation.name_english)
    domains = tuple(filter(None, [own_domain(website_host(organisation.website))]))
    return Subject(organisation.pk, organisation.pk, organisation.country, names, domains)


def alike(campaign: Campaign, subjects: Iterable[Subject]) -> dict[int, list[SimilarOrganisation]]:
    """{id of a subject: organisations that may be the same, the likeliest first}, in one query: those of its country
    with a similar name or the same domain."""
    subjects = list(subjects)
    if not subjects:
        return {}
    rows = Organisation.objects.filter(campaign=campaign, country__in={subject.country for subject in subjects})
    values = rows.order_by("-id").values_list(
        "id", "merged_into_id", "country", "name", "name_key", "name_english", "website"
    )
    known: dict[str, list[_Known]] = {}
    for pk, merged_into, country, name, key, english, website in values:
        of_country = known.setdefault(country, [])
        if len(of_country) < COMPARED:
            keys = [(_words_sorted(each), _word_starts(each)) for each in _keys(key, english)]
            of_country.append(_Known(merged_into or pk, name, keys, own_domain(website_host(website))))
    return {subject.id: _alike(subject, known.get(subject.country, [])) for subject in subjects}


def _keys(key: str, english: str) -> tuple[str, ...]:
    english = name_key(english) if english else ""
    return (key, english) if english and english != key else (key,)


def _alike(subject: Subject, known: list[_Known]) -> list[SimilarOrganisation]:
    found: dict[int, SimilarOrganisation] = {}
    others = [row for row in known if row.organisation_id != subject.organisation_id]
    for name in filter(None, subject.names):
        starts = _word_starts(name)
        near = {key: row for row in others for key, begins in row.keys if not starts.isdisjoint(begins)}
        best = most_similar(_words_sorted(name), near, least=ALIKE)
        if best is not None:
            row = near[best[0]]
            found.setdefault(
                row.organisation_id, SimilarOrganisation(row.organisation_id, row.name, round(best[1] * 100), "")
            )
    for row in others:
        if row.domain and row.domain in subject.domains:
            before = found.get(row.organisation_id, SimilarOrganisation(row.organisation_id, row.name, 0, ""))
            found[row.organisation_id] = replace(before, domain=row.domain)
    return sorted(found.values(), key=lambda each: (-each.share, each.organisation_id))


def _words_sorted(key: str) -> str:
    """In alphabetical order, so that "Forum on Data Rights" is similar to "Data Rights Forum"."""
    return " ".join(sorted(key.split()))


def _word_starts(key: str) -> frozenset[str]:
    """The first three letters of each word. Names that share none are not compared."""
    return frozenset(word[:3] for word in key.split())
