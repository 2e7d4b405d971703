"""Signatures and organisations that a member of the team may see, by name, or by the exact email address."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Length

from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission
from apps.core.search_query import Rank, SearchQuery, best_first

from ..models import Coalition, Organisation, SignOn
from ..models.sign_ons import NAMED_PUBLICLY, SEARCHED
from .organisations import organisations_visible_to

#: names of each way of looking that are ranked: the same, at the beginning, in the index of public names, in the other
MOST_COMPARED = 200


def sign_ons_visible_to(membership: TeamMember) -> QuerySet[SignOn]:
    """Those whose names the person may see: all for people who may see contact data, else the public ones."""
    rows = SignOn.objects.filter(campaign=membership.campaign)
    return rows if membership.may(Permission.SEE_CONTACTS) else rows.named_publicly()


def sign_ons_matching(membership: TeamMember, query: SearchQuery, most: int) -> list[tuple[Rank, SignOn]]:
    """At most `most`, best first, in three statements. Whoever is only counted is found by their address alone."""
    visible = sign_ons_visible_to(membership).order_by()
    sees = membership.may(Permission.SEE_CONTACTS)
    if query.address_hashes and sees:
        ids = _ids(visible.filter(email_hash__in=[each.digest for each in query.address_hashes]))
    else:
        ids = _ids(visible.filter(name_key=query.folded), visible.filter(name_key__startswith=query.folded))
        if len(ids) < most and query.indexed_words:  # a word that many names have takes long to find within them
            parts = [NAMED_PUBLICLY, ~NAMED_PUBLICLY] if sees else [NAMED_PUBLICLY]
            ids |= _ids(*(_with_words(visible.filter(part), query) for part in parts))
    rows = SignOn.objects.filter(pk__in=ids).select_related("letter", "organisation").order_by("name_key", "id")
    return best_first((_rank(row, query), row) for row in rows.defer("person_name", "person_post", "email"))[:most]


def _ids(*ways: QuerySet[SignOn]) -> set[int]:
    """Of at most MOST_COMPARED rows of each, in no order: sorting would read all of them."""
    first, *others = (way.values_list("pk", flat=True)[:MOST_COMPARED] for way in ways)
    return set(first.union(*others).order_by()) if others else set(first)


def _with_words(rows: QuerySet[SignOn], query: SearchQuery) -> QuerySet[SignOn]:
    """Those with all words in one of the columns: an index answers that for several words as fast as for the rarest."""
    wanted = Q()
    for column in SEARCHED:
        in_column = Q()
        for word in query.indexed_words:
            in_column &= Q(**{f"{column}__icontains": word})
        wanted |= in_column
    return rows.filter(wanted)


def _rank(row: SignOn, query: SearchQuery) -> Rank | None:
    if query.address_hashes:
        return Rank.EXACT
    return query.rank(row.shown_name, row.org_name_english, row.org_acronym)


def organisations_matching(membership: TeamMember, query: SearchQuery, most: int) -> list[tuple[Rank, Organisation]]:
    """At most `most`, best first. One statement finds the names, one the organisations. The further names of an
    organisation are not public."""
    named = Organisation.objects.filter(campaign=membership.campaign)
    named = named if membership.may(Permission.SEE_CONTACTS) else named.whole()
    beginning = Q(name_key__startswith=query.folded) | Q(acronym__iexact=query.text)
    containing = Q()
    for word in query.words:
        containing &= Q(name_key__contains=word) | Q(name_english__icontains=word) | Q(acronym__icontains=word)
    wanted = beginning | containing if query.indexed_words else beginning
    names = named.filter(wanted).order_by(Length("name_key"), "name_key").annotate(kept=Coalesce("merged_into", "id"))
    known: dict[int, list[str]] = {}
    for kept, *texts in names.values_list("kept", "name", "name_english", "acronym")[: 2 * MOST_COMPARED]:
        known.setdefault(kept, []).extend(texts)
    rows = organisations_visible_to(membership).filter(pk__in=known).order_by("name_key", "pk")
    return best_first((query.rank(row.name, *known[row.pk]), row) for row in rows)[:most]


def coalitions_matching(membership: TeamMember, query: SearchQuery, most: int) -> list[tuple[Rank, Coalition]]:
    """Coalitions of the campaign; of those without public organisations only for people who may see contact data."""
    rows: Iterable[Coalition] = Coalition.objects.filter(campaign=membership.campaign)
    if not membership.may(Permission.SEE_CONTACTS):
        rows = Coalition.objects.filter(organisations__in=organisations_visible_to(membership)).distinct()
    return best_first((query.rank(row.name, similar=True), row) for row in rows)[:most]
