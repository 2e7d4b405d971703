"""The evidence in the editor: ranked for a government, with the blocks to insert."""

import secrets

from apps.campaigns.models import Campaign
from apps.core.digits import western_digits
from apps.core.languages import primary_language
from apps.core.types import JsonObject
from apps.governments.models import Member
from apps.governments.selectors import reference_day
from apps.sources.citation.formatter import citation_text, printed_point
from apps.sources.models import Source
from apps.sources.selectors import campaign_document
from apps.talkingpoints.models import Fact, TalkingPoint
from apps.talkingpoints.pages.suggested_points import RankedPoint, points_for_member
from apps.talkingpoints.search.query import evidence_matching
from apps.talkingpoints.search.terms import parse_query
from apps.talkingpoints.selectors import points_of
from apps.talkingpoints.translated_words import point_words, words_in_step
from apps.talkingpoints.translation_status import ORIGINAL

from ..document.schema import UNTRANSLATED
from ..document.traversal import ALPHABET

#: the order in which facts are chosen for a passage
BEST_FIRST = {Fact.Verification.VERIFIED: 0, Fact.Verification.CONSISTENT: 1, Fact.Verification.UNVERIFIED: 2}


def evidence_for(
    campaign: Campaign, member: Member | None, words: str = "", language: str = ORIGINAL
) -> list[JsonObject]:
    """The points that `words` find, with facts and blocks to insert: first the one whose number they are, then those
    that fit the member best. What has no words in `language` is inserted in those of the original, each block with a
    mark that somebody is to look at."""
    if member is None:
        ranked = [RankedPoint(point, [], list(point.facts.all())) for point in points_of(campaign).order_by("number")]
    else:
        ranked = points_for_member(campaign, member, reference_day(campaign))
    document = campaign_document(campaign)
    if wanted := parse_query(words):
        ranked = _kept(ranked, *evidence_matching(campaign, wanted))
        number = western_digits(words.strip()).partition(".")[0]  # of a point or of one of its facts
        ranked.sort(key=lambda entry: str(entry.point.number) != number)
    return [_point(entry, document, language) for entry in ranked]


def _kept(ranked: list[RankedPoint], points: set[int], facts: set[int]) -> list[RankedPoint]:
    """The points found, with all their facts; other points with the facts found."""
    kept = []
    for entry in ranked:
        found = entry.facts if entry.point.pk in points else [fact for fact in entry.facts if fact.pk in facts]
        if found or entry.point.pk in points:
            kept.append(RankedPoint(entry.point, entry.reasons, found, entry.near))
    return kept


def fact_entry(fact: Fact, document: Source | None = None) -> JsonObject:
    return {
        "key": fact.key,
        "number": fact.number,
        "statement": fact.statement,
        "kind": fact.kind,
        "verification": fact.verification,
        "caution": fact.caution,
        "citation": citation_text(fact.source, fact.locator, document=document),
        "retired": fact.retired_at is not None,
        "source": fact.source.key,
        "place": printed_point(fact.source, fact.locator) or "",
    }


def _point(entry: RankedPoint, document: Source | None, language: str) -> JsonObject:
    """The fact that is inserted with the point comes first: its caution must be on the screen."""
    point, chosen = entry.point, _surest(entry.facts)
    facts = sorted(entry.facts, key=lambda fact: fact is not chosen)
    return {
        "number": point.number,
        "title": point.title,
        "claim": point.claim,
        "reasons": [str(reason) for reason in entry.reasons],
        "insert": [_passage(point, chosen, language)],
        "inserts": chosen.key if chosen else None,
        "facts": [
            {**fact_entry(fact, document), "why": entry.why(fact), "insert": _cited(fact, language)} for fact in facts
        ],
    }


def _surest(facts: list[Fact]) -> Fact | None:
    """Without a caution if possible, then the surest, then the first."""
    sure = [fact for fact in facts if fact.verification in BEST_FIRST]
    return min(
        sure, key=lambda fact: (bool(fact.caution), BEST_FIRST[Fact.Verification(fact.verification)]), default=None
    )


def _passage(point: TalkingPoint, fact: Fact | None, language: str) -> JsonObject:
    """A block of heading, passage, and the fact with its citation."""
    words, untranslated = point_words(point, language), _is_foreign(language) and not words_in_step(point, language)
    heading, *paragraphs = [words["title"], *filter(str.strip, words["passage"].split("\n"))]
    content: list[JsonObject] = [
        {"type": "heading", "attrs": {"id": _id(), "level": 2}, "content": _words(heading, untranslated)},
        *(
            {"type": "paragraph", "attrs": {"id": _id()}, "content": _words(paragraph, untranslated)}
            for paragraph in paragraphs
        ),
    ]
    if fact:
        content.append({"type": "paragraph", "attrs": {"id": _id()}, "content": _cited(fact, language)})
    return {"type": "point", "attrs": {"id": _id(), "number": point.number}, "content": content}


def _cited(fact: Fact, language: str) -> list[JsonObject]:
    """Facts have words in the original language only."""
    return [*_words(fact.statement, _is_foreign(language)), {"type": "citation", "attrs": {"fact": fact.key}}]


def _words(words: str, untranslated: bool) -> list[JsonObject]:
    mark = [{"type": "lost", "attrs": {"what": UNTRANSLATED}}] if untranslated else []
    return [*mark, {"type": "text", "text": words}]


def _is_foreign(language: str) -> bool:
    return primary_language(language) != ORIGINAL


def _id() -> str:
    return "b" + "".join(secrets.choice(ALPHABET) for _turn in range(8))
