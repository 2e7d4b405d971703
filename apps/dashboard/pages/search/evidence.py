"""Points, facts and sources among what a search found."""

from django.utils.translation import gettext as _

from apps.core.search_query import Rank
from apps.talkingpoints.models import Fact
from apps.talkingpoints.pages.facts import VERIFICATIONS
from apps.talkingpoints.search.match_reasons import point_reasons

from .hits import Hit, Search


def _rank(search: Search, *texts: str) -> Rank:
    """The search of the evidence ranks by words; here the same and the beginning of a title go first. It also finds by
    what belongs to a row, such as whom a fact concerns, and, where a word stands nowhere, by one that is like it."""
    rank = search.query.rank(*texts)
    elsewhere = Rank.SIMILAR if any(term.alike for term in search.evidence.terms) else Rank.PART
    return elsewhere if rank is None else rank


def point_hits(search: Search) -> list[Hit]:
    hits = []
    for point in search.evidence.points[: search.most]:
        named = _("Point %(number)s") % {"number": point.number}
        translated = [text for row in point.translations.all() for text in (row.title, row.claim)]
        is_number = search.query.number == point.number
        texts = point.title, named, f"point {point.number}", point.claim, *point.topics, *translated
        rank = Rank.EXACT if is_number else _rank(search, *texts)
        words = search.query.excerpt(point.claim)
        is_seen = is_number or words or search.query.rank(point.title, named) is not None
        why = [] if is_seen else point_reasons(point, search.evidence.terms)
        url = search.url("evidence:point", point.number)
        hits.append(Hit(rank, point.title, url, (named, *why, words or point.claim)))
    return sorted(hits, key=lambda hit: hit.rank)


def fact_hits(search: Search) -> list[Hit]:
    hits = []
    for fact in search.evidence.facts[: search.most]:
        glyph, tone, words = VERIFICATIONS[Fact.Verification(fact.verification)]
        number = f"{fact.point.number}.{fact.position}" if fact.point else ""
        rank = Rank.EXACT if search.query.text in {number, fact.key} else max(_rank(search, fact.statement), Rank.WORDS)
        details = tuple(filter(None, (number or _("Context"), fact.source.title)))
        url = search.url("evidence:fact", fact.key)
        hits.append(Hit(rank, fact.statement, url, details, (tone, glyph, words)))
    return sorted(hits, key=lambda hit: hit.rank)


def source_hits(search: Search) -> list[Hit]:
    hits = []
    for source in search.evidence.sources[: search.most]:
        authors = ", ".join(source.authors)
        rank = _rank(search, source.title, source.key, authors, source.publisher)
        details = tuple(filter(None, dict.fromkeys((authors, source.publisher, str(source.year or "")))))
        hits.append(Hit(rank, source.title, search.url("evidence:source", source.key), details))
    return sorted(hits, key=lambda hit: hit.rank)
