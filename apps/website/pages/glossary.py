"""The glossary of a campaign: terms and actors, by first letter."""

from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.core.text import sort_key
from apps.core.types import JsonObject, Label
from apps.talkingpoints.models import GlossaryTerm
from apps.talkingpoints.selectors import point_numbers

from .point import anchor

#: the heading of terms that begin with a digit or a symbol
OTHER = "#"
KINDS = {
    "agreement": _("agreement"),
    "company": _("company"),
    "concept": _("concept"),
    "forum": _("forum"),
    "group": _("group"),
    "negotiation": _("negotiation"),
    "network": _("network"),
    "organisation": _("organisation"),
    "person": _("person"),
    "programme": _("programme"),
}


@dataclass(frozen=True)
class Term:
    term: str
    anchor: str
    kind: Label
    definition: str
    reasons: list[int]


@dataclass(frozen=True)
class Letter:
    letter: str
    anchor: str
    terms: list[Term]


def glossary_page(campaign: Campaign, language: str) -> list[Letter]:
    numbers = point_numbers(campaign)
    by_letter = sorted(campaign.glossary.all(), key=lambda term: sort_key(term.term, language))
    terms = sorted(by_letter, key=lambda term: _initial(term, language) != OTHER)
    return [
        Letter(letter, anchor("letter", "other" if letter == OTHER else letter), [_term(row, numbers) for row in rows])
        for letter, rows in groupby(terms, key=lambda term: _initial(term, language))
    ]


def _initial(term: GlossaryTerm, language: str) -> str:
    """The letter a term is listed under: É under E, in Spanish Ñ under Ñ."""
    words = sort_key(term.term, language)
    if words.startswith(sort_key("ñ", "es")):
        return "Ñ"
    return words[0].upper() if words and words[0].isalpha() else OTHER


def _term(row: GlossaryTerm, numbers: set[int]) -> Term:
    kind = KINDS.get(row.kind, row.kind)
    return Term(row.term, anchor("term", row.key), kind, row.definition, reasons(row.extra, numbers))


def reasons(extra: JsonObject, numbers: set[int]) -> list[int]:
    """The numbers of the reasons that a term or an event belongs to and that exist."""
    return sorted(numbers.intersection(extra.get("points", [])))
