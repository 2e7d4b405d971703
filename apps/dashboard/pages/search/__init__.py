"""One search over everything in a campaign that a member of its team may see."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.campaigns.models import TeamMember
from apps.core.search_query import Rank, SearchQuery
from apps.core.types import Label

from .evidence import fact_hits, point_hits, source_hits
from .governments import government_hits, recipient_hits
from .hits import Finder, Hit, Search
from .letters import letter_hits
from .mail import answer_hits, mailing_hits
from .places import page_hits, team_hits
from .signatories import organisation_hits, signature_hits

__all__ = ["KINDS", "Found", "Hit", "search_everything", "suggestions"]

#: on the page: hits of a kind among others, and of one kind alone
FEW, MANY = 5, 50
#: suggestions of one kind, and all
MOST_OF_KIND, MOST_SUGGESTED = 3, 8
#: key in addresses → (label of the list, what one hit is, what finds them), in the order of the page
KINDS: dict[str, tuple[Label, Label, Finder]] = {
    "pages": (_("Pages"), pgettext_lazy("search result", "Page"), page_hits),
    "letters": (_("Letters"), pgettext_lazy("search result", "Letter"), letter_hits),
    "governments": (_("Governments"), pgettext_lazy("search result", "Government"), government_hits),
    "recipients": (_("Recipients"), pgettext_lazy("search result", "Recipient"), recipient_hits),
    "organisations": (_("Organisations"), pgettext_lazy("search result", "Organisation"), organisation_hits),
    "signatures": (_("Signatures"), pgettext_lazy("search result", "Signature"), signature_hits),
    "answers": (_("Answers"), pgettext_lazy("search result", "Answer"), answer_hits),
    "mailings": (_("Mailings"), pgettext_lazy("search result", "Mailing"), mailing_hits),
    "points": (_("Points"), pgettext_lazy("search result", "Point"), point_hits),
    "facts": (_("Facts"), pgettext_lazy("search result", "Fact"), fact_hits),
    "sources": (_("Sources"), pgettext_lazy("search result", "Source"), source_hits),
    "team": (_("Team"), pgettext_lazy("search result", "Team"), team_hits),
}


@dataclass(frozen=True)
class Found:
    """The hits of a kind, best first; `more`: there are more than MANY. `shown`: the first few among other kinds."""

    key: str
    label: Label
    hits: list[Hit]
    shown: list[Hit]
    more: bool = False


def search_everything(membership: TeamMember, query: SearchQuery, kind: str = "") -> list[Found]:
    """What was found of every kind, or of one; kinds without hits are left out. The kind with the best hit is first."""
    found = []
    for key, hits in _hits(Search(membership, query, MANY + 1), [kind] if kind else KINDS).items():
        few = hits[: MANY if kind else FEW]
        found.append(Found(key, KINDS[key][0], hits[:MANY], few, len(hits) > MANY))
    return sorted(found, key=lambda of_kind: of_kind.hits[0].rank > Rank.EXACT)


def suggestions(membership: TeamMember, query: SearchQuery) -> list[tuple[Label, Hit]]:
    """The best few of all kinds, each with its kind."""
    found = _hits(Search(membership, query, MOST_OF_KIND), KINDS)
    hits = [(KINDS[key][1], hit) for key, of_kind in found.items() for hit in of_kind[:MOST_OF_KIND]]
    return sorted(hits, key=lambda pair: pair[1].rank)[:MOST_SUGGESTED]


def _hits(search: Search, kinds: Iterable[str]) -> dict[str, list[Hit]]:
    """{kind: hits}, of those that have any. What is only similar is left out where anything else is found."""
    found = {key: KINDS[key][2](search) for key in kinds} if search.query else {}
    if any(hit.rank != Rank.SIMILAR for hits in found.values() for hit in hits):
        found = {key: [hit for hit in hits if hit.rank != Rank.SIMILAR] for key, hits in found.items()}
    return {key: hits for key, hits in found.items() if hits}
