"""Why a search found a row: where each word is, or the similar word used instead."""

import re

from django.utils.translation import gettext as _

from apps.core.text import sort_key
from apps.sources.models import Source

from ..models import Fact, TalkingPoint
from .terms import SearchTerm

WORDS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
#: a label, and the text that is searched
type Column = tuple[str, str]


def point_reasons(point: TalkingPoint, terms: list[SearchTerm]) -> list[str]:
    columns = [(_("the title"), point.title), (_("the claim"), point.claim), (_("the topics"), " ".join(point.topics))]
    for row in point.translations.all():
        label = _("the translation (%(language)s)") % {"language": row.language}
        columns.append((label, f"{row.title} {row.claim} {row.passage}"))
    return _reasons(columns, terms, [*point.related_countries, *point.related_groups])


def fact_reasons(fact: Fact, terms: list[SearchTerm]) -> list[str]:
    source = fact.source
    authors = ", ".join(source.authors)
    columns = [
        (_("the statement"), fact.statement),
        (_("the caution"), fact.caution),
        (_("the key"), fact.key),
        (_("the source"), f"{authors} {source.title} {source.publisher} {source.key} {source.doi}"),
    ]
    if fact.point:
        label = _("point %(number)s") % {"number": fact.point.number}
        columns.append((label, f"{fact.point.title} {fact.point.claim} {' '.join(fact.point.topics)}"))
    number = (fact.point.number if fact.point else None, fact.position)
    numbered = [_("“%(word)s” is its number") % {"word": term.word} for term in terms if term.fact_number == number]
    rest = [term for term in terms if term.fact_number != number]
    return numbered + _reasons(columns, rest, fact.applies_to)


def source_reasons(source: Source, terms: list[SearchTerm]) -> list[str]:
    columns = [
        (_("the title"), source.title),
        (_("the authors"), ", ".join(source.authors)),
        (_("the publisher"), source.publisher),
        (_("the key"), f"{source.key} {source.doi}"),
    ]
    return _reasons(columns, terms, [])


def _reasons(columns: list[Column], terms: list[SearchTerm], concerned: list[str]) -> list[str]:
    return list(dict.fromkeys(_reason(columns, term, concerned) for term in terms))


def _reason(columns: list[Column], term: SearchTerm, concerned: list[str]) -> str:
    named = {**term.named, **term.named_alike}
    names = " ".join([*concerned, *(named[code] for code in concerned if code in named)])
    columns = [*columns, (_("whom it concerns"), names)]
    for label, text in columns:
        if term.word in sort_key(text):
            return _("“%(word)s” in %(place)s") % {"word": term.word, "place": label}
    for similar, _similarity in term.alike:
        for label, text in columns:
            if found := next((word for word in WORDS.findall(text) if similar in sort_key(word)), ""):
                values = {"word": term.word, "found": found, "place": label}
                return _("“%(word)s” read as “%(found)s” in %(place)s") % values
    return _("“%(word)s”") % {"word": term.word}
