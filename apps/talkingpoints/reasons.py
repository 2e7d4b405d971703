"""Why a search found a row, in words a reader can check: where each word stands, or the like word that stands there."""

import re
from difflib import SequenceMatcher
from functools import lru_cache

from django.utils.translation import gettext as _

from apps.governments.names import sort_key
from apps.sources.models import Source

from .models import Fact, TalkingPoint

WORDS = re.compile(r"[^\W_]+")
type Place = tuple[str, str]


def point_reasons(point: TalkingPoint, words: list[str]) -> list[str]:
    """For each word: the title, the claim, a topic, or a translation."""
    places = [(_("the title"), point.title), (_("the claim"), point.claim), (_("the topics"), " ".join(point.topics))]
    for row in point.translations.all():
        label = _("the translation (%(language)s)") % {"language": row.language}
        places.append((label, f"{row.title} {row.claim} {row.passage}"))
    return _reasons(places, words)


def fact_reasons(fact: Fact, words: list[str]) -> list[str]:
    """For each word: the statement, the caution, whom it concerns, the source, the point."""
    places = [
        (_("the statement"), fact.statement),
        (_("the caution"), fact.caution),
        (_("the key"), fact.key),
        (_("the list of whom it concerns"), " ".join(fact.applies_to)),
        *source_places(fact.source, _("the source")),
    ]
    if fact.point:
        title = _("point %(number)s") % {"number": fact.point.number}
        places.append((title, f"{fact.point.title} {fact.point.claim} {' '.join(fact.point.topics)}"))
    return _reasons(places, words)


def source_reasons(source: Source, words: list[str]) -> list[str]:
    """For each word: title, authors, publisher or key."""
    return _reasons(
        [
            (_("the title"), source.title),
            (_("the authors"), ", ".join(source.authors)),
            (_("the publisher"), source.publisher),
            (_("the key"), f"{source.key} {source.doi}"),
        ],
        words,
    )


def source_places(source: Source, label: str) -> list[Place]:
    authors = ", ".join(source.authors)
    return [(label, f"{authors} {source.title} {source.publisher} {source.key} {source.doi}")]


def _reasons(places: list[Place], words: list[str]) -> list[str]:
    return list(dict.fromkeys(_reason(places, word) for word in words))


def _reason(places: list[Place], word: str) -> str:
    wanted = sort_key(word)
    for label, text in places:
        if wanted in sort_key(text):
            return _("“%(word)s” in %(place)s") % {"word": word, "place": label}
    near = [
        (_likeness(wanted, found), label, found)
        for label, text in places
        for found in dict.fromkeys(WORDS.findall(text))
    ]
    if not near:
        return _("“%(word)s”") % {"word": word}
    _alike, label, found = max(near, key=lambda entry: entry[0])
    return _("“%(word)s” read as “%(found)s” in %(place)s") % {"word": word, "found": found, "place": label}


@lru_cache(maxsize=20_000)
def _likeness(wanted: str, found: str) -> float:
    """How like the word is, from 0 to 1. A hundred facts of one library share most of their words."""
    return SequenceMatcher(None, wanted, sort_key(found)).ratio()
