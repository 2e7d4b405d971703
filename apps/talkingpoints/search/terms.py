"""What the words of a search mean: themselves, words nearly like them, whom they name, the number of a fact.

A word that is nowhere as typed, whole or as the beginning of a word, is taken for the nearest words of the
campaign's library, by letters too many, too few, wrong, or swapped with their neighbour. Short words and numbers have
to be right: 2016 is not nearly 2017. The words of the library are compared, each once, not its rows: five thousand
facts have six thousand words. Codes and groups in the rows are found by the names they belong to.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from rapidfuzz.distance import OSA, Prefix

from apps.campaigns.models import Campaign
from apps.sources.search_triggers import folded

#: no shorter word is meant by another; "wrk" may be "work", but nothing is nearly "EU"
SHORTEST = 4
#: from so many letters on, two may be wrong, though not the first
LONG = 6
#: of the words near to one, the nearest
MOST_ALIKE = 20
#: nobody looks for more words at once
MOST_WORDS = 10
#: a fact's number as pages show it: "7.3", and "context 16" for those beside the points
NUMBER = re.compile(r"(\d{1,3})\.(\d{1,4})")
CONTEXT = re.compile(r"\bcontext[oe]?\s+(\d{1,3})(?=\s|$)")
KIND = re.compile(r"\b(?:fact|point)\s+(?=\d{1,3}(?:\.\d|\s|$))")
PARTS = re.compile(r"[^\W_]+")
#: characters around words that are not part of them
SIGNS = ".,;:!?()\"'“”«»"

#: every distinct word of the library, split at spaces
PIECES = """
WITH texts AS (
  SELECT search FROM talkingpoints_fact WHERE campaign_id = %(campaign)s AND retired_at IS NULL
  UNION ALL SELECT search FROM sources_source WHERE campaign_id = %(campaign)s
  UNION ALL SELECT search FROM talkingpoints_talkingpoint WHERE campaign_id = %(campaign)s
  UNION ALL SELECT translated.search FROM talkingpoints_pointtranslation translated
    JOIN talkingpoints_talkingpoint point ON point.id = translated.point_id AND point.campaign_id = %(campaign)s
)
SELECT DISTINCT unnest(string_to_array(search, ' ')) FROM texts
"""
#: the members and groups that facts and points name: code or slug, names, and the names folded
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
class Sought:
    """A word to look for, folded. `alike`: words of the library that it may be meant for, with how near they are (below
    1), the nearest first. `named`: the codes of those it names, with their names; `named_alike` the same by a word that
    is only near. `place`: the fact of that point (None: of none) at that position, where the word is its number."""

    word: str
    alike: tuple[tuple[str, float], ...] = ()
    named: dict[str, str] = field(default_factory=dict)
    named_alike: dict[str, str] = field(default_factory=dict)
    place: tuple[int | None, int] | None = None


def words_of(query: str) -> list[str]:
    """The words to look for, folded, each once. "Fact 3.1" and "point 3" are their number; "Context 16" is one word."""
    words = KIND.sub("", folded(query.replace("\x00", "\N{REPLACEMENT CHARACTER}")))  # PostgreSQL takes no NUL
    found = CONTEXT.findall(words)
    rest = [word.strip(SIGNS) or word for word in CONTEXT.sub(" ", words).split()]
    return list(dict.fromkeys([*(f"context {number}" for number in found), *rest]))[:MOST_WORDS]


def sought_in(campaign: Campaign, words: list[str]) -> list[Sought]:
    """What the (folded) words mean in the campaign's library, in two queries."""
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute(NAMES, {"campaign": campaign.pk})
        names = {code: (name, _parts([name_folded])) for code, name, name_folded in cursor.fetchall()}
        cursor.execute(PIECES, {"campaign": campaign.pk})
        held = _parts(piece for (piece,) in cursor.fetchall())
    held.update(*(parts for _name, parts in names.values()))
    held |= {
        word[:-1] for word in held if len(word) > SHORTEST and word.endswith("s")
    }  # one of those of which there are several
    return [_sought(word, held, names) for word in words]


def _sought(word: str, held: set[str], names: dict[str, tuple[str, set[str]]]) -> Sought:
    alike = _alike(word, held)
    near = {code: name for code, (name, parts) in names.items() if not parts.isdisjoint(dict(alike))}
    return Sought(word, alike, _named(word, names), near, _place(word))


def _parts(pieces: Iterable[str]) -> set[str]:
    """The words in the pieces, and those with a hyphen as a whole, too: "e-commerce" and "commerce"."""
    parts: set[str] = set()
    for piece in pieces:
        found = PARTS.findall(piece)
        parts.update(found)
        if len(found) > 1:
            parts.add(piece.strip(SIGNS))
    return parts


def _alike(word: str, held: set[str]) -> tuple[tuple[str, float], ...]:
    """The nearest words, with how near they are. Where the word is there, or is the beginning of one, only such as have
    a hyphen more or less: "ecommerce" is "e-commerce"."""
    size = len(word)
    if size < SHORTEST - 1 or any(sign.isdigit() for sign in word):
        return ()
    joined = word.replace("-", "")
    if same := [other for other in held if other != word and other.replace("-", "") == joined]:
        return tuple((other, 1.0) for other in same)
    if any(other.startswith(word) for other in held):
        return ()
    most = 2 if size >= LONG else 1
    wrong = {
        other: distance
        for other in held
        if len(other) >= SHORTEST and abs(len(other) - size) <= most
        and (distance := OSA.distance(word, other, score_cutoff=most)) <= most
        and (distance == 1 or other[0] == word[0]) and not any(sign.isdigit() for sign in other)
    }  # fmt: skip
    nearest = min(wrong.values(), default=0)
    found = [(other, 1 - nearest / size) for other in sorted(wrong) if wrong[other] == nearest]
    if nearest != 1:
        kin = sorted(other for other in held if other.startswith(word[:LONG]) and other not in wrong)
        found += [(other, alike) for other in kin if (alike := _kinship(word, other))]
    return tuple(found[:MOST_ALIKE])


def _kinship(word: str, other: str) -> float:
    """How much of a long word is the beginning of the other, where both end soon after: "privacite" and "privacy"."""
    alike = Prefix.similarity(word, other)
    kin = alike >= LONG and 3 * alike >= 2 * len(word) and len(other) - alike <= 3
    return alike / len(word) if kin else 0.0


def _named(word: str, names: dict[str, tuple[str, set[str]]]) -> dict[str, str]:
    """Those with the word in their name; where there are none, those with one that begins so. Mali is not Somalia."""
    whole = {code: name for code, (name, parts) in names.items() if word in parts}
    if whole or len(word) < SHORTEST:
        return whole
    return {code: name for code, (name, parts) in names.items() if any(part.startswith(word) for part in parts)}


def _place(word: str) -> tuple[int | None, int] | None:
    if found := NUMBER.fullmatch(word):
        return int(found[1]), int(found[2])
    if found := CONTEXT.fullmatch(word):
        return None, int(found[1])
    return None
