"""Why a search found a row, for the reader to check: where each word was found, or the similar word used instead."""

import re

from django.utils.translation import gettext as _

from apps.core.text import sort_key
from apps.sources.models import Source

from ..models import Fact, TalkingPoint
from .terms import Sought

WORDS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
type Place = tuple[str, str]


def point_reasons(point: TalkingPoint, words: list[Sought]) -> list[str]:
    """For each word: the title, the claim, a topic, a translation, or whom it concerns."""
    places = [(_("the title"), point.title), (_("the claim"), point.claim), (_("the topics"), " ".join(point.topics))]
    for row in point.translations.all():
        label = _("the translation (%(language)s)") % {"language": row.language}
        places.append((label, f"{row.title} {row.claim} {row.passage}"))
    return _reasons(places, words, [*point.related_countries, *point.related_groups])


def fact_reasons(fact: Fact, words: list[Sought]) -> list[str]:
    """For each word: its number, the statement, the caution, whom it concerns, the source, the point."""
    places = [
        (_("the statement"), fact.statement),
        (_("the caution"), fact.caution),
        (_("the key"), fact.key),
        *source_places(fact.source, _("the source")),
    ]
    if fact.point:
        title = _("point %(number)s") % {"number": fact.point.number}
        places.append((title, f"{fact.point.title} {fact.point.claim} {' '.join(fact.point.topics)}"))
    number = (fact.point.number if fact.point else None, fact.position)
    numbered = [_("“%(word)s” is its number") % {"word": word.word} for word in words if word.place == number]
    rest = [word for word in words if word.place != number]
    return numbered + _reasons(places, rest, fact.applies_to)


def source_reasons(source: Source, words: list[Sought]) -> list[str]:
    """For each word: title, authors, publisher or key."""
    return _reasons(
        [
            (_("the title"), source.title),
            (_("the authors"), ", ".join(source.authors)),
            (_("the publisher"), source.publisher),
            (_("the key"), f"{source.key} {source.doi}"),
        ],
        words,
        [],
    )


def source_places(source: Source, label: str) -> list[Place]:
    authors = ", ".join(source.authors)
    return [(label, f"{authors} {source.title} {source.publisher} {source.key} {source.doi}")]


def _reasons(places: list[Place], words: list[Sought], concerned: list[str]) -> list[str]:
    return list(dict.fromkeys(_reason(places, word, concerned) for word in words))


def _reason(places: list[Place], word: Sought, concerned: list[str]) -> str:
    whom = _("whom it concerns")
    named = {**word.named, **word.named_alike}
    names = " ".join([*concerned, *(named[code] for code in concerned if code in named)])
    for label, text in [*places, (whom, names)]:
        if word.word in sort_key(text):
            return _("“%(word)s” in %(place)s") % {"word": word.word, "place": label}
    for held, _likeness in word.alike:
        for label, text in [*places, (whom, names)]:
            if found := next((read for read in WORDS.findall(text) if held in sort_key(read)), ""):
                return _("“%(word)s” read as “%(found)s” in %(place)s") % {
                    "word": word.word, "found": found, "place": label,
                }  # fmt: skip
    return _("“%(word)s”") % {"word": word.word}
