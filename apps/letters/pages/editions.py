"""All country letters that a draft would make if it were frozen now, with what is wrong with each."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from apps.core.language_names import language_name
from apps.core.registries import merge_fields
from apps.core.text import fold, joined
from apps.core.types import JsonObject
from apps.governments.models import Member, Recipient
from apps.governments.selectors import audience_matcher, reference_day
from apps.sources.models import Source
from apps.sources.selectors import campaign_document
from apps.talkingpoints.models import Fact

from ..document.adaptation import Passage
from ..document.blocks import SUBJECT
from ..document.length import MOST_PAGES, pages_of
from ..document.resolution import Noted, Resolution, resolve
from ..document.traversal import walk_nodes, word_count
from ..edition_content import Matcher, footnotes, frozen_values
from ..merge_fields import field_labels
from ..models import Letter, LetterText
from ..selectors.adaptations import cited_keys, passages_by_text
from ..selectors.drafts import text_facts, texts_with_state
from ..selectors.editions import language_among
from ..selectors.letters import letter_addressees, reachable_recipients
from ..selectors.translations import BlockState, stale_blocks
from .audiences import audience_choices
from .draft_problems import fact_problems, lost_problems
from .edition_table import SHOWN, EditionRow, EditionTable
from .problem import Problem

#: of a block of a translation; one that is MISSING is a block of the original
TRANSLATION = {
    BlockState.CHANGED: ("outdated", gettext_lazy("The original was changed since a passage was translated.")),
    BlockState.UNTRANSLATED: ("untranslated", gettext_lazy("A passage is still that of the original.")),
    BlockState.MISSING: ("untranslated", gettext_lazy("A passage of the original is missing.")),
}


def edition_table(letter: Letter) -> EditionTable:
    """Every addressee of the day in every language of the letter; the number of statements does not depend on them."""
    table = _Maker(letter)
    return EditionTable(list(table.rows()), table.languages, table.groups)


@dataclass
class _Text:
    """What is known of a text for all its editions. `whole` concerns each of them, `by_block` those with the block."""

    text: LetterText
    facts: dict[str, Fact]
    by_fact: dict[str, list[Problem]]
    whole: list[Problem] = field(default_factory=list)
    by_block: dict[str, list[Problem]] = field(default_factory=dict)
    passages: Mapping[int, list[Passage]] = field(default_factory=dict)


class _Maker:
    def __init__(self, letter: Letter) -> None:
        self.letter, self.campaign = letter, letter.campaign
        self.day: date = reference_day(self.campaign)
        self.addressees = letter_addressees(letter, self.day)
        self.matcher: Matcher = audience_matcher(self.campaign, self.day)
        self.document: Source | None = campaign_document(self.campaign)
        choices = audience_choices(self.campaign)
        self.labels = {choice["entry"]: choice["label"] for choice in choices}
        self.groups = _group_words(choices)
        texts = list(texts_with_state().filter(letter=letter).select_related("letter__campaign").order_by("pk"))
        self.languages = [text.language for text in texts]
        self.passages = passages_by_text(texts)
        self.stale = stale_blocks(letter)
        self.texts = [self._text(text) for text in texts]
        self.recipients: dict[int, list[Recipient]] = {}
        for recipient in reachable_recipients(self.campaign, self.addressees):
            self.recipients.setdefault(recipient.office.member_id, []).append(recipient)
        self.notes: dict[tuple[str, tuple[Noted, ...]], list[JsonObject]] = {}

    def _text(self, text: LetterText) -> _Text:
        facts = text_facts(text)
        found = _Text(text, facts, fact_problems(text, dict.fromkeys(cited_keys(text), ""), facts))
        found.passages = self.passages.get(text.pk, {})
        if not text.subject.strip():
            found.whole.append(Problem("subject", "bad", _("The letter has no subject yet.")))
        for problem in (*lost_problems(text.body), *self._translation_problems(text)):
            found.by_block.setdefault(problem.block, []).append(problem)
        found.whole += found.by_block.pop(SUBJECT, [])
        return found

    def _translation_problems(self, text: LetterText) -> Iterator[Problem]:
        for stale in self.stale.get(text.language, ()):
            if stale.state in TRANSLATION:
                kind, sentence = TRANSLATION[stale.state]
                yield Problem(kind, "warn", str(sentence), stale.block)

    def rows(self) -> Iterator[EditionRow]:
        language = get_language() or "en"
        for member in self.addressees:
            name = member.name_on(self.day, language)
            going = self._going_out(member)
            original: list[JsonObject] = []
            for known in self.texts:
                row, nodes = self._row(known, member, name, going, original)
                original = original or nodes
                yield row

    def _going_out(self, member: Member) -> dict[str, list[Recipient]]:
        """{language: who of the government gets the letter in it}; the language it would be where there is nobody."""
        found: dict[str, list[Recipient]] = {}
        for recipient in self.recipients.get(member.pk, ()):
            found.setdefault(self._language(member, recipient.language), []).append(recipient)
        return found or {self._language(member, ""): []}

    def _language(self, member: Member, wanted: str) -> str:
        return language_among(self.languages, self.campaign, member, wanted) or self.languages[0]

    def _row(
        self,
        known: _Text,
        member: Member,
        name: str,
        going: dict[str, list[Recipient]],
        original: list[JsonObject],
    ) -> tuple[EditionRow, list[JsonObject]]:
        """The row, and the nodes of the letter. `original`: those of the same letter in the first language."""
        text, language = known.text, known.text.language
        passages = known.passages.get(member.pk, ())
        frozen = frozen_values(
            self.campaign, member, day=self.day, language=language, matcher=self.matcher, passages=passages,
            facts=known.facts,
        )  # fmt: skip
        resolution = resolve(text.body, frozen)
        recipients = going.get(language, [])
        nodes = [node for block in resolution.blocks for node in walk_nodes(block)]
        problems = [
            *known.whole,
            *self._value_problems(resolution, nodes, member, language, recipients),
            *_by_block(known, [*nodes, *original]),
            *_by_fact(known, nodes),
            *self._passage_problems(known, member, resolution),
            *self._length_problems(known, resolution),
        ]
        if language in going and not recipients:
            problems.append(Problem("recipient", "warn", _("Nobody there has an address to write to.")))
        row = EditionRow(
            member=member,
            name=name,
            language=language,
            problems=tuple((problem, self._url(problem, member, language)) for problem in _once(problems)),
            own=tuple(self._own(text, member, passages)),
            recipients=len(recipients),
            goes_out=language in going,
            words=word_count({"type": "doc", "content": resolution.blocks}),
            url=self._letter_url(member, language),
        )
        return row, nodes

    def _value_problems(
        self, resolution: Resolution, nodes: list[JsonObject], member: Member, language: str, to: list[Recipient]
    ) -> Iterator[Problem]:
        """Fields without a value, of the government and of each recipient."""
        places: dict[str, str] = {}
        for key, block in _fields(nodes):
            places.setdefault(key, block)
        for key in resolution.missing:
            words = _("“%(field)s” is empty.") % {"field": field_labels([key])[0]}
            yield Problem("field", "bad", words)
        context = {"campaign": self.campaign, "member": member, "day": self.day, "language": language}
        for key, block in places.items():
            empty = [one for one in to if not merge_fields[key].value({**context, "recipient": one, "names": True})]
            if empty:
                values = {"field": field_labels([key])[0], "recipients": joined(one.post for one in empty)}
                yield Problem("field", "warn", _("“%(field)s” is empty for: %(recipients)s.") % values, block)

    def _passage_problems(self, known: _Text, member: Member, resolution: Resolution) -> Iterator[Problem]:
        if any(passage.blocks for passage in resolution.lost):
            yield Problem("misplaced", "bad", _("A passage of its own has lost its place in the text."))
        lost = {passage.key for passage in resolution.lost}
        if any(passage.key not in lost and passage.stale for passage in known.passages.get(member.pk, ())):
            yield Problem("moved", "warn", _("The text under a passage of its own has changed."))
        others = [one for one in self.texts if one is not known and one.passages.get(member.pk)]
        if others and not known.passages.get(member.pk):
            languages = joined(language_name(one.text.language) for one in others)
            words = _("It has passages of its own in %(languages)s, and none here.")
            yield Problem("elsewhere", "warn", words % {"languages": languages})

    def _length_problems(self, known: _Text, resolution: Resolution) -> Iterator[Problem]:
        text = known.text
        noted = (text.language, tuple(resolution.notes))
        if noted not in self.notes:  # most letters have the same
            self.notes[noted] = footnotes(noted[1], known.facts, text.language, self.document)
        body = {"subject": text.subject, "blocks": resolution.blocks, "notes": self.notes[noted]}
        pages = pages_of(body)
        if pages > MOST_PAGES:
            yield Problem("long", "warn", _("About %(n)s pages on paper.") % {"n": pages})

    def _own(self, text: LetterText, member: Member, passages: Collection[Passage]) -> Iterator[str]:
        """The audiences whose passages the government gets, and that it has passages of its own."""
        names = []
        for block in text.body.get("content", ()):
            only = block.get("attrs", {}).get("only") if block["type"] == "audience" else None
            for entry in only or ():
                if self.matcher(member, [entry]):
                    names.append(self.labels.get(entry, entry.partition(":")[2]))
        yield from dict.fromkeys(names)
        if passages:
            yield _("passages of its own")

    def _letter_url(self, member: Member, language: str) -> str:
        return reverse("letters:country_letter", args=[self.campaign.slug, self.letter.number, language, member.code])

    def _url(self, problem: Problem, member: Member, language: str) -> str:
        """Where it can be mended."""
        args = [self.campaign.slug, self.letter.number]
        if problem.kind == "recipient":
            return reverse("dashboard:government", args=[self.campaign.slug, member.code])
        if problem.kind in {"misplaced", "moved", "elsewhere", "long"}:
            return self._letter_url(member, language)
        place = f"#{problem.block}" if problem.block else ""
        return f"{reverse('letters:workspace', args=args)}?language={language}{place}"


def _group_words(choices: list[JsonObject]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for choice in choices:
        if choice["kind"] == "group":
            for code in choice["members"]:
                found.setdefault(code, []).append(fold(f"{choice['label']} {choice['entry'].partition(':')[2]}"))
    return {code: " / ".join(words) for code, words in found.items()}


def _fields(nodes: list[JsonObject]) -> Iterator[tuple[str, str]]:
    """(key, block) of every field that is left without a fallback."""
    block = ""
    for node in nodes:
        block = node.get("attrs", {}).get("id", block)
        if node["type"] == "mergeField" and not node["attrs"].get("fallback"):
            yield node["attrs"]["key"], block


def _once(problems: list[Problem]) -> Iterator[Problem]:
    """Of what is stale or not translated, the first place of each kind."""
    seen: set[str] = set()
    for problem in problems:
        if problem.kind not in seen:
            yield problem
        if problem.kind in {"outdated", "untranslated"}:
            seen.add(problem.kind)


def _by_block(known: _Text, nodes: list[JsonObject]) -> Iterator[Problem]:
    """Each kind once, with the first block that has it."""
    seen: set[str] = set()
    for node in nodes if known.by_block else ():
        for problem in known.by_block.get(node.get("attrs", {}).get("id", ""), ()):
            if problem.kind not in seen:
                seen.add(problem.kind)
                yield problem


def _by_fact(known: _Text, nodes: list[JsonObject]) -> Iterator[Problem]:
    """Each kind once, with the names of its facts and the block that cites the first of them in this letter."""
    block, found, tones = "", dict[str, dict[str, str]](), dict[str, str]()
    for node in nodes:
        block = node.get("attrs", {}).get("id", block)
        if node["type"] != "citation":
            continue
        key = node["attrs"]["fact"]
        for problem in known.by_fact.get(key, ()):
            if problem.kind in SHOWN:
                tones[problem.kind] = problem.tone
                name = known.facts[key].name if key in known.facts else key
                found.setdefault(problem.kind, {}).setdefault(name, block)
    for kind, places in found.items():
        yield Problem(kind, tones[kind], joined(places), next(iter(places.values())))
