"""What the words of a search mean: themselves, similar words, governments and groups, the number of a fact."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from apps.campaigns.models import Campaign
from apps.sources.search_triggers import folded

from .similar_words import MIN_LENGTH, similar_words

MAX_WORDS = 10
#: numbers of facts as pages show them: "7.3", "context 16"
NUMBER = re.compile(r"(\d{1,3})\.(\d{1,4})")
CONTEXT = re.compile(r"\bcontext[oe]?\s+(\d{1,3})(?=\s|$)")
KIND = re.compile(r"\b(?:fact|point)\s+(?=\d{1,3}(?:\.\d|\s|$))")
PARTS = re.compile(r"[^\W_]+")
PUNCTUATION = ".,;:!?()\"'“”«»"

#: every distinct word of the evidence, split at spaces
WORDS = """
WITH texts AS (
  SELECT search FROM talkingpoints_fact WHERE campaign_id = %(campaign)s AND retired_at IS NULL
  UNION ALL SELECT search FROM sources_source WHERE campaign_id = %(campaign)s
  UNION ALL SELECT search FROM talkingpoints_talkingpoint WHERE campaign_id = %(campaign)s
  UNION ALL SELECT translated.search FROM talkingpoints_pointtranslation translated
    JOIN talkingpoints_talkingpoint point ON point.id = translated.point_id AND point.campaign_id = %(campaign)s
)
SELECT DISTINCT unnest(string_to_array(search, ' ')) FROM texts
"""
#: the governments and groups that facts and points name: code or slug, names, folded names
NAMES = """
WITH named AS (
  SELECT unnest(applies_to) AS code FROM talkingpoints_fact WHERE campaign_id = %(campaign)s AND retired_at IS NULL
  UNION SELECT unnest(related_countries || related_groups) FROM talkingpoints_talkingpoint
    WHERE campaign_id = %(campaign)s
), names AS (
  SELECT code, concat_ws(' ', name, name_fr, name_es, official_name,
    jsonb_path_query_array(earlier_names, '$[*].keyvalue() ? (@.key starts with "name").value')) AS name
    FROM governments_member
  UNION ALL SELECT slug, concat_ws(' ', label, label_fr, label_es) FROM governments_group
)
SELECT code, name, evidence_fold(name) FROM names JOIN named USING (code)
"""


@dataclass(frozen=True)
class SearchTerm:
    """A folded word. `alike`: (similar word, similarity below 1), best first. `named`: {code: name} of the governments
    and groups it names; `named_alike`: those that a similar word names. `fact_number`: (point or None, position)."""

    word: str
    alike: tuple[tuple[str, float], ...] = ()
    named: dict[str, str] = field(default_factory=dict)
    named_alike: dict[str, str] = field(default_factory=dict)
    fact_number: tuple[int | None, int] | None = None


def parse_query(query: str) -> list[str]:
    """The distinct words, folded. "Fact 3.1" and "point 3" become the number; "Context 16" is one word."""
    words = KIND.sub("", folded(query.replace("\x00", "\N{REPLACEMENT CHARACTER}")))  # PostgreSQL takes no NUL
    found = CONTEXT.findall(words)
    rest = [word.strip(PUNCTUATION) or word for word in CONTEXT.sub(" ", words).split()]
    return list(dict.fromkeys([*(f"context {number}" for number in found), *rest]))[:MAX_WORDS]


def search_terms(campaign: Campaign, words: list[str]) -> list[SearchTerm]:
    """What the (folded) words mean in the campaign's evidence, in two queries."""
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute(NAMES, {"campaign": campaign.pk})
        names = {code: (name, _parts([name_folded])) for code, name, name_folded in cursor.fetchall()}
        cursor.execute(WORDS, {"campaign": campaign.pk})
        known = _parts(piece for (piece,) in cursor.fetchall())
    known.update(*(parts for _name, parts in names.values()))
    known |= {word[:-1] for word in known if len(word) > MIN_LENGTH and word.endswith("s")}  # singulars
    return [_search_term(word, known, names) for word in words]


def _search_term(word: str, known: set[str], names: dict[str, tuple[str, set[str]]]) -> SearchTerm:
    alike = similar_words(word, known)
    near = {code: name for code, (name, parts) in names.items() if not parts.isdisjoint(dict(alike))}
    return SearchTerm(word, alike, _named(word, names), near, _fact_number(word))


def _parts(pieces: Iterable[str]) -> set[str]:
    """The words in the pieces; of "e-commerce" also "commerce"."""
    parts: set[str] = set()
    for piece in pieces:
        found = PARTS.findall(piece)
        parts.update(found)
        if len(found) > 1:
            parts.add(piece.strip(PUNCTUATION))
    return parts


def _named(word: str, names: dict[str, tuple[str, set[str]]]) -> dict[str, str]:
    """Those with the word in their name; otherwise those with a word that begins with it. Mali is not Somalia."""
    whole = {code: name for code, (name, parts) in names.items() if word in parts}
    if whole or len(word) < MIN_LENGTH:
        return whole
    return {code: name for code, (name, parts) in names.items() if any(part.startswith(word) for part in parts)}


def _fact_number(word: str) -> tuple[int | None, int] | None:
    if found := NUMBER.fullmatch(word):
        return int(found[1]), int(found[2])
    if found := CONTEXT.fullmatch(word):
        return None, int(found[1])
    return None
