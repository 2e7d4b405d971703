"""All country letters that a draft would make if it were frozen now, with what is wrong with each."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from apps.core.language_names import language_name
from apps.core.registries import merge_fields
from apps.core.text import fold, joined, sort_key
from apps.core.types import JsonObject
from apps.governments.models import Member, Recipient
from apps.governments.selectors import audience_matcher, reference_day
from apps.sources.models import Source
from apps.sources.selectors import campaign_document
from apps.talkingpoints.models import Fact

from ..document.adaptation import Passage
from ..document.blocks import SUBJECT
from ..document.length import MOST_PAGES, pages_of
from ..document.resolution import Resolution, resolve
from ..document.traversal import walk_nodes, word_count
from ..edition_content import Matcher, edition_body, footnotes, frozen_values
from ..merge_fields import envelope_keys, field_labels
from ..models import Letter, LetterText
from ..selectors.adaptations import cited_keys, passages_by_text
from ..selectors.drafts import text_facts, texts_with_state
from ..selectors.editions import language_among
from ..selectors.letters import letter_addressees, reachable_recipients
from ..selectors.translations import BlockState, stale_blocks
from .audiences import audience_choices
from .draft_problems import fact_problems, lost_problems
from .problem import Problem

#: filters of the table: key, title, kinds of problems
KINDS: dict[str, tuple[object, frozenset[str]]] = {
    "field": (gettext_lazy("Empty field"), frozenset({"field", "subject", "text"})),
    "recipient": (gettext_lazy("No recipient"), frozenset({"recipient"})),
    "untranslated": (gettext_lazy("Untranslated"), frozenset({"untranslated", "elsewhere"})),
    "outdated": (gettext_lazy("Stale"), frozenset({"outdated", "moved", "misplaced"})),
    "fact": (
        gettext_lazy("Fact under caution"),
        frozenset({"fact_caution", "fact_changed", "fact_retired", "fact_unknown"}),
    ),
    "lost": (gettext_lazy("Left out of a paste"), frozenset({"lost"})),
    "long": (gettext_lazy("Too long"), frozenset({"long"})),
}
SHOWN = frozenset[str]().union(*(kinds for _title, kinds in KINDS.values()))
#: of a block of a translation; one that is MISSING is a block of the original
TRANSLATION = {
    BlockState.CHANGED: ("outdated", gettext_lazy("The original was changed since a passage was translated.")),
    BlockState.UNTRANSLATED: ("untranslated", gettext_lazy("A passage is still that of the original.")),
    BlockState.MISSING: ("untranslated", gettext_lazy("A passage of the original is missing.")),
}
ALL, CLEAN = "all", "clean"


@dataclass(frozen=True)
class EditionRow:
    """One country letter. `recipients` get it in this language; `own` names the passages that not everybody gets."""

    member: Member
    name: str
    language: str
    problems: tuple[tuple[Problem, str], ...]
    own: tuple[str, ...]
    recipients: int
    goes_out: bool
    words: int
    url: str

    @property
    def kinds(self) -> frozenset[str]:
        found = {problem.kind for problem, _url in self.problems}
        return frozenset(key for key, (_title, kinds) in KINDS.items() if kinds & found)

    @property
    def blocks_freezing(self) -> bool:
        return any(problem.tone == "bad" for problem, _url in self.problems)

    @property
    def rank(self) -> int:
        return 0 if self.blocks_freezing else 1 if self.problems else 2


@dataclass(frozen=True)
class EditionTable:
    rows: list[EditionRow]
    languages: list[str]
    #: {code: names and slugs of its groups, folded}
    groups: Mapping[str, str]

    @cached_property
    def flawed(self) -> int:
        return sum(1 for row in self.rows if row.problems)

    @cached_property
    def blocked(self) -> int:
        return sum(1 for row in self.rows if row.blocks_freezing)

    def filters(self) -> list[tuple[str, str, int]]:
        """(key, title, number of country letters); problems that nobody has are left out."""
        numbers = Counter(kind for row in self.rows for kind in row.kinds)
        first = [
            (ALL, _("All"), len(self.rows)),
            (CLEAN, _("Clean"), len(self.rows) - self.flawed),
        ]
        return first + [(key, str(title), numbers[key]) for key, (title, _kinds) in KINDS.items() if numbers[key]]

    def going_out(self) -> list[tuple[str, int]]:
        """(language, number of governments that get the letter in it)."""
        numbers = Counter(row.language for row in self.rows if row.goes_out)
        return [(language, numbers[language]) for language in self.languages]

    def chosen(self, show: str, language: str, words: str) -> list[EditionRow]:
        """Problems first. `words`: of a government's name, its code, or a group."""
        wanted = fold(words)
        rows = (
            row
            for row in self.rows
            if (show == ALL or (not row.problems if show == CLEAN else show in row.kinds))
            and language in ("", row.language)
            and self._named(row, wanted)
        )
        return sorted(rows, key=lambda row: (row.rank, sort_key(row.name), self.languages.index(row.language)))

    def _named(self, row: EditionRow, wanted: str) -> bool:
        code = row.member.code
        return not wanted or wanted in fold(row.name) or wanted == fold(code) or wanted in self.groups.get(code, "")


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
        self.envelope = envelope_keys()

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
            self.campaign, member, day=self.day, language=language, matcher=self.matcher, passages=passages
        )
        resolution = resolve(text.body, frozen)
        recipients = going.get(language, [])
        nodes = [node for block in resolution.blocks for node in walk_nodes(block)]
        problems = [
            *known.whole,
            *self._value_problems(resolution, nodes, member, language, recipients),
            *_by_block(known, [*nodes, *original]),
            *_by_fact(known, nodes),
            *self._passage_problems(known, member, resolution),
            *self._length_problems(known, member, resolution),
        ]
        if language in going and not recipients:
            problems.append(Problem("recipient", "warn", _("Nobody there has an address to write to.")))
        row = EditionRow(
            member=member,
            name=name,
            language=language,
            problems=tuple((problem, self._url(problem, member, language)) for problem in problems),
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
                yield Problem("field", "bad", _("“%(field)s” is empty for: %(recipients)s.") % values, block)

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

    def _length_problems(self, known: _Text, member: Member, resolution: Resolution) -> Iterator[Problem]:
        text = known.text
        notes = footnotes(resolution.notes, known.facts, text.language, self.document)
        body = edition_body(
            subject=text.subject, language=text.language, member=member, blocks=resolution.blocks, notes=notes
        )
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


def _by_block(known: _Text, nodes: list[JsonObject]) -> Iterator[Problem]:
    """Each kind once, with the first block that has it."""
    seen: set[str] = set()
    for node in nodes if known.by_block else ():
        for problem in known.by_block.get(node.get("attrs", {}).get("id", ""), ()):
            if problem.kind not in seen:
                seen.add(problem.kind)
                yield problem


def _by_fact(known: _Text, nodes: list[JsonObject]) -> Iterator[Problem]:
    """With the block that cites the fact in this letter."""
    block, seen = "", set()
    for node in nodes:
        block = node.get("attrs", {}).get("id", block)
        if node["type"] != "citation" or node["attrs"]["fact"] in seen:
            continue
        seen.add(node["attrs"]["fact"])
        for problem in known.by_fact.get(node["attrs"]["fact"], ()):
            if problem.kind in SHOWN:
                yield Problem(problem.kind, problem.tone, problem.text, block, problem.links)
