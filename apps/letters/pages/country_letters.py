"""A draft as one government gets it: its letter with marks, what differs from the base text, its own passages."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from apps.core.text import joined
from apps.core.types import JsonObject
from apps.governments.models import Member
from apps.governments.selectors import audience_matcher, reference_day
from apps.sources.selectors import campaign_document

from ..document.adaptation import AFTER, LEAVE_OUT, REPLACE
from ..document.differences import Change, Piece, changes, draft_piece, text_lines, word_changes
from ..document.resolution import Resolution, resolve
from ..document.traversal import block_hash, block_with_id, walk_nodes
from ..edition_content import edition_body, footnotes, frozen_values
from ..merge_fields import MEMBER_FIELDS, field_labels
from ..models import Adaptation, LetterText
from ..selectors.adaptations import CHANGED, GONE, SAME, adaptation_state, passages_of, standing_adaptations
from ..selectors.drafts import text_facts
from ..selectors.version_differences import edition_lines
from .audiences import audience_marks
from .draft_problems import nodes_in_blocks

#: beginning of a passage in lists
EXCERPT = 70
#: state of an adaptation whose place the government no longer gets
MISSED = "missed"


@dataclass(frozen=True)
class OwnPassage:
    """An adaptation with its state (SAME, CHANGED, GONE, MISSED), its words as lines, and what moved under it."""

    adaptation: Adaptation
    state: str
    lines: list[str]
    place: str
    moved: tuple[Piece, ...]
    base_sha256: str


@dataclass(frozen=True)
class CountryLetter:
    body: JsonObject
    #: {id of a block: (class, sentence)}
    marks: Mapping[str, tuple[str, str]]
    #: what differs from the text that everybody gets: sentences, then the paragraphs
    reasons: list[str]
    changes: list[Change]
    passages: list[OwnPassage]
    removed: list[OwnPassage]
    #: (id, beginning) of the blocks that it can have passages of its own at
    places: list[tuple[str, str]]


def country_letter(text: LetterText, member: Member) -> CountryLetter:
    maker = _Maker(text, member)
    return maker.made()


class _Maker:
    def __init__(self, text: LetterText, member: Member) -> None:
        self.text, self.member = text, member
        self.day: date = reference_day(text.letter.campaign)
        self.name = member.name_on(self.day, get_language() or "en")
        self.facts = text_facts(text)
        self.matcher = audience_matcher(text.letter.campaign, self.day)
        self.document = campaign_document(text.letter.campaign)

    def made(self) -> CountryLetter:
        own, general = self._resolved(self.member), self._resolved(None)
        body = self._body(own, self.member)
        rows = Adaptation.objects.filter(text=self.text, member=self.member).select_related("saved_by")
        lost = {passage.key for passage in own.lost}
        passages = [own_passage(row, self.text, lost) for row in rows.order_by("pk")]
        standing = [passage for passage in passages if not passage.adaptation.removed_at]
        return CountryLetter(
            body=body,
            marks=letter_marks(self.text, self.member),
            reasons=list(self._reasons(own, standing)),
            changes=changes(edition_lines(self._body(general, None)), edition_lines(body)),
            passages=standing,
            removed=[passage for passage in passages if passage.adaptation.removed_at],
            places=self._places(),
        )

    def _resolved(self, member: Member | None) -> Resolution:
        campaign, own = self.text.letter.campaign, passages_of(self.text, member)
        frozen = frozen_values(
            campaign, member, day=self.day, language=self.text.language, matcher=self.matcher, passages=own,
            facts=self.facts,
        )  # fmt: skip
        return resolve(self.text.body, frozen)

    def _body(self, resolution: Resolution, member: Member | None) -> JsonObject:
        language = self.text.language
        notes = footnotes(resolution.notes, self.facts, language, self.document)
        return edition_body(
            subject=self.text.subject, language=language, member=member, blocks=resolution.blocks, notes=notes
        )

    def _reasons(self, resolution: Resolution, passages: list[OwnPassage]) -> list[str]:
        here = {node["attrs"]["id"] for block in resolution.blocks for node in walk_nodes(block) if _has_id(node)}
        found = []
        for block in self.text.body.get("content", ()):
            if block["type"] != "audience":
                continue
            gets = any(node["attrs"]["id"] in here for node in walk_nodes(block) if _has_id(node))
            if gets and block["attrs"].get("only"):
                found.append(_("It has the passage “%(words)s”.") % {"words": _excerpt(block)})
            elif not gets and not block["attrs"].get("only"):
                found.append(_("It lacks the passage “%(words)s”.") % {"words": _excerpt(block)})
        kinds = [passage.adaptation.kind for passage in passages if passage.state in {SAME, CHANGED}]
        if written := kinds.count(REPLACE) + kinds.count(AFTER):
            sentence = ngettext("It has %(n)s passage of its own.", "It has %(n)s passages of its own.", written)
            found.append(sentence % {"n": written})
        if left := kinds.count(LEAVE_OUT):
            sentence = ngettext("%(n)s passage is left out for it.", "%(n)s passages are left out for it.", left)
            found.append(sentence % {"n": left})
        used = [node["attrs"]["key"] for node, block in nodes_in_blocks(self.text.body, "mergeField") if block in here]
        if filled := [key for key in dict.fromkeys(used) if key in MEMBER_FIELDS]:
            found.append(_("Filled in for it: %(fields)s.") % {"fields": joined(field_labels(filled))})
        return found

    def _places(self) -> list[tuple[str, str]]:
        """Of the text that everybody gets, as far as this government gets it."""
        campaign, language = self.text.letter.campaign, self.text.language
        frozen = frozen_values(campaign, self.member, day=self.day, language=language, matcher=self.matcher)
        blocks = resolve(self.text.body, frozen).blocks
        return [(block["attrs"]["id"], _excerpt(block)) for block in blocks if _has_id(block)]


def letter_marks(text: LetterText, member: Member | None, body: JsonObject | None = None) -> dict[str, tuple[str, str]]:
    """{id of a block: (class, sentence)} of passages that not everybody gets, in the text or an unsaved `body`."""
    day = reference_day(text.letter.campaign)
    marks = audience_marks(text, day, member, body)
    for row in standing_adaptations([text]).filter(member=member) if member else ():
        words = {"name": row.member.name_on(day, get_language() or "en"), "who": row.saved_by}
        pattern = _("Only to %(name)s, written by %(who)s") if row.saved_by else _("Only to %(name)s")
        ids = (node["attrs"]["id"] for node in walk_nodes(row.content) if _has_id(node))
        marks |= dict.fromkeys(ids, ("audience own", pattern % words))
    return marks


def own_passage(row: Adaptation, text: LetterText, lost: Container[int] = ()) -> OwnPassage:
    """`lost`: the keys of those whose place the government does not get."""
    state = adaptation_state(row, text.body)
    block = block_with_id(text.body, row.block)
    moved = tuple(word_changes(block_words(row.base), block_words(block))) if state == CHANGED and block else ()
    return OwnPassage(
        adaptation=row,
        state=MISSED if row.pk in lost and state != GONE else state,
        lines=block_lines(row.content),
        place=_excerpt(block or row.base),
        moved=moved,
        base_sha256=block_hash(block) if block else "",
    )


def passages_to_review(text: LetterText) -> list[OwnPassage]:
    """Of all governments, which a reviewer approves with the text."""
    return [own_passage(row, text) for row in standing_adaptations([text])]


def _named_field(node: JsonObject) -> str:
    return f"[{field_labels([node['attrs']['key']])[0]}]" if node["type"] == "mergeField" else ""


def _has_id(node: JsonObject) -> bool:
    return "id" in node.get("attrs", {})


def block_words(block: JsonObject) -> str:
    """The words of a block in one line."""
    return " ".join(block_lines({"type": "doc", "content": [block]}))


def block_lines(content: JsonObject) -> list[str]:
    """One for each paragraph; fields as {key}, citations as [fact], marks as `text_lines` has them."""
    lines = text_lines("", content.get("content", ()), draft_piece)
    return [line for line in lines if line.strip()]


def _excerpt(block: JsonObject) -> str:
    if block["type"] == "signatories":
        return _("The line of signatures")
    inside = block["content"] if block["type"] in {"audience", "point"} else [block]
    lines = text_lines("", inside, _named_field, marks=False)
    words = " ".join(line for line in lines if line.strip())
    return words if len(words) <= EXCERPT else f"{words[:EXCERPT].rstrip()}…"
