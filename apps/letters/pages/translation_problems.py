"""How a translated text differs from the original in what should be the same in each language."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.language_names import language_name
from apps.core.text import joined
from apps.core.types import JsonObject
from apps.talkingpoints.selectors import facts_by_key

from ..document.blocks import SUBJECT
from ..document.traversal import plain_text, walk_nodes
from ..merge_fields import field_labels
from ..models import LetterText
from ..selectors.drafts import original_text
from ..selectors.translations import BlockState, translation_rows
from .audiences import audience_choices
from .problem import Problem

#: digits with the separators of thousands and decimals that any language writes: "1,000", "1 000", "3.5", "3,5"
NUMBER = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,'’٫٬]\d+)*")
#: shorter paragraphs are often names, which stay as they are
MIN_WORDS = 4
MAX_NUMBERS = 8


#: an audience's entries: only, except
type Audience = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class Parts:
    """What a text consists of besides its words."""

    subject: str
    body: JsonObject

    @cached_property
    def audiences(self) -> dict[Audience, list[str]]:
        """{audience: ids of its blocks}; entries in any order."""
        found: dict[Audience, list[str]] = {}
        for node in walk_nodes(self.body):
            attrs = node.get("attrs", {})
            if node["type"] == "audience" and (attrs.get("only") or attrs.get("except")):
                key = (tuple(sorted(attrs.get("only", []))), tuple(sorted(attrs.get("except", []))))
                found.setdefault(key, []).append(attrs.get("id", ""))
        return found

    @cached_property
    def points(self) -> dict[int, list[str]]:
        """{number: ids of the passages taken from that point}"""
        found: dict[int, list[str]] = {}
        for node in walk_nodes(self.body):
            if node["type"] == "point":
                found.setdefault(node["attrs"]["number"], []).append(node["attrs"].get("id", ""))
        return found

    def keys(self, kind: str, name: str) -> list[str]:
        return list(dict.fromkeys(node["attrs"][name] for node in walk_nodes(self.body) if node["type"] == kind))

    @cached_property
    def numbers(self) -> list[str]:
        """As digits only, so that the separators of a language do not count."""
        found = NUMBER.findall(f"{self.subject} {plain_text(self.body)}")
        return list(dict.fromkeys("".join(str(int(char)) for char in text if char.isdecimal()) for text in found))

    @cached_property
    def requests(self) -> int:
        lists = (node for node in walk_nodes(self.body) if node["type"] == "orderedList")
        return sum(len(node["content"]) for node in lists)

    @cached_property
    def signed(self) -> bool:
        return any(node["type"] == "signatories" for node in walk_nodes(self.body))

    @cached_property
    def paragraphs(self) -> dict[str, str]:
        """{words: id of the block}"""
        blocks = (node for node in walk_nodes(self.body) if node["type"] in {"paragraph", "heading"})
        return {plain_text(block): block.get("attrs", {}).get("id", "") for block in blocks}


def translation_problems(text: LetterText, body: JsonObject, subject: str) -> list[Problem]:
    """Warnings only: whoever reviews the text decides. `body` may be unsaved. None for the original and empty texts."""
    original = original_text(text.letter)
    if original.pk == text.pk or not plain_text(body):
        return []
    return list(_Comparison(text, original, Parts(subject, body), Parts(original.subject, original.body)).problems())


@dataclass(frozen=True)
class _Comparison:
    text: LetterText
    original: LetterText
    own: Parts
    other: Parts

    @cached_property
    def names(self) -> dict[str, str]:
        return {"language": language_name(self.text.language), "original": language_name(self.original.language)}

    def problems(self) -> Iterator[Problem]:
        yield from self._outdated()
        yield from self._untranslated()
        yield from self._audiences()
        yield from self._points()
        yield from self._citations()
        yield from self._fields()
        yield from self._numbers()
        yield from self._requests()

    def _said(
        self, kind: str, sentence: str, block: str = "", links: Iterable[tuple[str, str]] = (), **named: object
    ) -> Problem:
        return Problem(kind, "warn", sentence % {**self.names, **named}, block, tuple(links))

    def _outdated(self) -> Iterator[Problem]:
        rows = translation_rows(self.text, self.original, subject=self.own.subject, body=self.own.body)
        changed = [row.own for row in rows if row.own and row.state == BlockState.CHANGED]
        if changed:
            sentence = ngettext(
                "%(n)s passage of the %(original)s text was changed since it was translated. Compare the two.",
                "%(n)s passages of the %(original)s text were changed since they were translated. Compare the two.",
                len(changed),
            )
            letter = self.text.letter
            url = reverse("letters:workspace", args=[letter.campaign.slug, letter.number])
            beside = f"{url}?language={self.text.language}&beside=1"
            block = changed[0].id if changed[0].id != SUBJECT else ""
            yield self._said("outdated", sentence, block, [(self.names["original"], beside)], n=len(changed))

    def _untranslated(self) -> Iterator[Problem]:
        if self.own.subject and self.own.subject == self.other.subject:
            yield self._said("untranslated", _("The subject is still that of the %(original)s text."))
        alike = {words: self.own.paragraphs[words] for words in self.own.paragraphs if words in self.other.paragraphs}
        same = [block for words, block in alike.items() if len(words.split()) >= MIN_WORDS]
        if same:
            sentence = ngettext(
                "%(n)s paragraph is still that of the %(original)s text.",
                "%(n)s paragraphs are still those of the %(original)s text.",
                len(same),
            )
            yield self._said("untranslated", sentence, same[0], n=len(same))

    def _audiences(self) -> Iterator[Problem]:
        own, other = self.own.audiences, self.other.audiences
        missing, added = _fewer(own, other), _fewer(other, own)
        if not (missing or added):
            return
        labels = {choice["entry"]: choice["label"] for choice in audience_choices(self.text.letter.campaign)}
        for audience in missing:
            yield self._passage(_lacks_sentence(audience), audience, labels)
        for audience in added:
            yield self._passage(_adds_sentence(audience), audience, labels, own[audience][-1])

    def _passage(self, sentence: str, audience: Audience, labels: dict[str, str], block: str = "") -> Problem:
        named = ([labels.get(entry, entry.partition(":")[2]) for entry in side] for side in audience)
        whom, others = (get_text_list(names, _("and")) for names in named)
        return self._said("passage", sentence, block, whom=whom, others=others)

    def _points(self) -> Iterator[Problem]:
        own, other = self.own.points, self.other.points
        for number in _fewer(own, other):
            sentence = _(
                "The %(language)s text lacks the passage from talking point %(point)s, which the %(original)s text has."
            )
            yield self._said("passage", sentence, point=number)
        for number in _fewer(other, own):
            sentence = _(
                "The %(language)s text has a passage from talking point %(point)s, which the %(original)s text lacks."
            )
            yield self._said("passage", sentence, own[number][-1], point=number)

    def _citations(self) -> Iterator[Problem]:
        own, other = self.own.keys("citation", "fact"), self.other.keys("citation", "fact")
        if missing := [key for key in other if key not in own]:
            sentence = _("The %(language)s text does not cite what the %(original)s text cites: %(facts)s.")
            yield self._cites(sentence, missing)
        if added := [key for key in own if key not in other]:
            sentence = _("The %(language)s text cites what the %(original)s text does not: %(facts)s.")
            yield self._cites(sentence, added)

    def _cites(self, sentence: str, keys: list[str]) -> Problem:
        campaign = self.text.letter.campaign
        facts = facts_by_key(campaign, keys)
        numbers = [facts[key].number if key in facts else key for key in keys]
        links = [(fact.name, reverse("evidence:fact", args=[campaign.slug, key])) for key, fact in facts.items()]
        return self._said("cites", sentence, links=links, facts=joined(numbers))

    def _fields(self) -> Iterator[Problem]:
        own, other = self.own.keys("mergeField", "key"), self.other.keys("mergeField", "key")
        if missing := [key for key in other if key not in own]:
            sentence = _("The %(language)s text lacks fields that the %(original)s text has: %(fields)s.")
            yield self._said("words", sentence, fields=joined(field_labels(missing)))
        if self.other.signed and not self.own.signed:
            yield self._said(
                "words", _("The %(language)s text does not say who signed, as the %(original)s text does.")
            )

    def _numbers(self) -> Iterator[Problem]:
        own, other = self.own.numbers, self.other.numbers
        if missing := [number for number in other if number not in own]:
            sentence = _("The %(language)s text lacks numbers of the %(original)s text: %(numbers)s.")
            yield self._said("number", sentence, numbers=joined(missing[:MAX_NUMBERS]))
        if added := [number for number in own if number not in other]:
            sentence = _("The %(language)s text has numbers that the %(original)s text lacks: %(numbers)s.")
            yield self._said("number", sentence, numbers=joined(added[:MAX_NUMBERS]))

    def _requests(self) -> Iterator[Problem]:
        if self.own.requests != self.other.requests:
            sentence = _(
                "Numbered lists of the %(language)s text have %(own)s lines, those of the %(original)s text %(other)s."
            )
            yield self._said("words", sentence, own=self.own.requests, other=self.other.requests)


def _fewer[Key](blocks: dict[Key, list[str]], than: dict[Key, list[str]]) -> list[Key]:
    """Keys with fewer blocks than in `than`."""
    return [key for key, ids in than.items() if len(blocks.get(key, ())) < len(ids)]


def _lacks_sentence(audience: Audience) -> str:
    match audience:
        case (_only, ()):
            return _("The %(language)s text lacks the passage for %(whom)s, which the %(original)s text has.")
        case ((), _without):
            return _("The %(language)s text lacks the passage for all but %(others)s, which the %(original)s text has.")
    return _(
        "The %(language)s text lacks the passage for %(whom)s, but not %(others)s, which the %(original)s text has."
    )


def _adds_sentence(audience: Audience) -> str:
    match audience:
        case (_only, ()):
            return _("The %(language)s text has a passage for %(whom)s, which the %(original)s text lacks.")
        case ((), _without):
            return _("The %(language)s text has a passage for all but %(others)s, which the %(original)s text lacks.")
    return _("The %(language)s text has a passage for %(whom)s, but not %(others)s, which the %(original)s text lacks.")
