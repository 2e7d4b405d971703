"""What a search found, as its page and its suggestions show it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse
from django.utils.translation import get_language

from apps.campaigns.models import Campaign, TeamMember
from apps.core.search_query import Rank, SearchQuery, best_first
from apps.core.types import Label
from apps.governments.models import Member
from apps.governments.selectors import member_names
from apps.talkingpoints.search.filters import Filters
from apps.talkingpoints.search.query import SearchResults, evidence_search
from apps.talkingpoints.search.terms import parse_query

#: governments whose recipients and answers are found with them
MOST_GOVERNMENTS = 5
#: tone, glyph, words
type State = tuple[str, str, Label]


@dataclass(frozen=True)
class Hit:
    """`details`: what is shown below the title, each a fact of its own."""

    rank: Rank
    title: str
    url: str
    details: tuple[str, ...] = ()
    state: State | None = None


@dataclass
class Search:
    """One search by one member of the team; kinds share what it has read. `most`: hits of each kind."""

    membership: TeamMember
    query: SearchQuery
    most: int
    language: str = field(default_factory=lambda: get_language() or "en")

    @property
    def campaign(self) -> Campaign:
        return self.membership.campaign

    def url(self, name: str, *parts: object) -> str:
        return reverse(name, args=[self.campaign.slug, *parts])

    @cached_property
    def members(self) -> list[tuple[Rank, Member]]:
        """Governments with the words in a name, a code or the capital; or, without any, with a similar name."""
        names = member_names()
        meant = names.find(self.query.text).members
        near = names.containing(self.query.text) or set(names.close_to(self.query.text))
        found = [(self._member_rank(member, meant), member) for member in near]
        return best_first(sorted(found, key=lambda pair: pair[1].sort_en))

    @property
    def named_members(self) -> list[int]:
        """Ids of the few governments that the words name for certain, best first."""
        return [member.pk for rank, member in self.members[:MOST_GOVERNMENTS] if rank != Rank.SIMILAR]

    def _member_rank(self, member: Member, meant: list[Member]) -> Rank:
        if self.query.text.upper() in {member.code, member.code3}:
            return Rank.EXACT
        rank = self.query.rank(*(member.name_in(code) for code in ("en", "fr", "es", "ar")), member.capital)
        if member in meant:
            return Rank.EXACT if rank is None or len(meant) == 1 else rank
        return Rank.SIMILAR if rank is None else rank

    @cached_property
    def evidence(self) -> SearchResults:
        """Points, facts and sources, as the search of the evidence finds them."""
        return evidence_search(self.campaign, parse_query(self.query.text), Filters())


type Finder = Callable[[Search], list[Hit]]
