"""The whole draft with its audiences, and the changes since the last approval."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from rapidfuzz.distance import Indel

from apps.core.types import JsonObject
from apps.governments.models import Member
from apps.governments.selectors import audience_matcher, reference_day
from apps.sources.selectors import campaign_document

from ..document.resolution import Frozen, resolve
from ..document.traversal import walk_nodes
from ..edition_content import edition_body, footnotes
from ..merge_fields import envelope_keys, field_values
from ..models import LetterText
from ..selectors.drafts import last_approved, text_facts
from ..selectors.letters import letter_addressees
from .audiences import audience_choices, audience_sentence

#: unchanged paragraphs on either side of a change
CONTEXT = 1


@dataclass(frozen=True)
class Change:
    """A paragraph (`kind`: same, added or removed), or `count` unchanged ones (left_out)."""

    kind: str
    text: str = ""
    count: int = 1


@dataclass(frozen=True)
class WholeDraft:
    """An edition's body with every passage, and {block id: (class, sentence)}."""

    body: JsonObject
    audiences: dict[str, tuple[str, str]]


def whole_draft(text: LetterText, member: Member | None) -> WholeDraft:
    """With the values of `member`, or general words."""
    campaign = text.letter.campaign
    day = reference_day(campaign)
    context = {"campaign": campaign, "member": member, "day": day, "language": text.language}
    frozen = Frozen(field_values(context, envelope=False), envelope_keys(), matches=lambda entries: True)
    shown = {**text.body, "content": [_for_everybody(block) for block in text.body.get("content", [])]}
    resolution = resolve(shown, frozen)
    notes = footnotes(resolution.facts, text_facts(text), text.language, campaign_document(campaign))
    body = edition_body(
        subject=text.subject, language=text.language, member=member, blocks=resolution.blocks, notes=notes
    )
    return WholeDraft(body, _audiences(text, day))


def _for_everybody(block: JsonObject) -> JsonObject:
    if block["type"] != "audience":
        return block
    return {**block, "attrs": {**block["attrs"], "only": [], "except": []}}


def _audiences(text: LetterText, day: date) -> dict[str, tuple[str, str]]:
    blocks = [block for block in text.body.get("content", []) if block["type"] == "audience"]
    if not blocks:
        return {}
    matcher = audience_matcher(text.letter.campaign, day)
    labels = {choice["entry"]: choice["label"] for choice in audience_choices(text.letter.campaign)}
    addressees = letter_addressees(text.letter, day)
    found = {}
    for block in blocks:
        sentence = audience_sentence(block["attrs"], addressees, matcher, labels)
        css = "audience" if block["attrs"].get("only") else "audience not"
        for node in walk_nodes(block):
            if "id" in node.get("attrs", {}):
                found[node["attrs"]["id"]] = (css, sentence)
    return found


def changes_since_approval(text: LetterText) -> list[Change] | None:
    """Since the last approved revision, by paragraphs; None if there is none."""
    before = last_approved(text)
    if before is None:
        return None
    old = list(_lines(before.subject, before.body))
    new = list(_lines(text.subject, text.body))
    changes: list[Change] = []
    for same, run in groupby(Indel.opcodes(old, new), key=lambda step: step.tag == "equal"):
        steps = list(run)
        removed = [] if same else [line for step in steps for line in old[step.src_start : step.src_end]]
        added = [line for step in steps for line in new[step.dest_start : step.dest_end]]
        changes += [Change("removed", line) for line in removed]
        changes += [Change("same" if same else "added", line) for line in added]
    return _shortened(changes)


def _shortened(changes: list[Change]) -> list[Change]:
    shown: list[Change] = []
    for kind, run in groupby(changes, key=lambda change: change.kind):
        same = list(run)
        if kind != "same" or len(same) <= 2 * CONTEXT + 1:
            shown += same
        else:
            shown += [*same[:CONTEXT], Change("left_out", count=len(same) - 2 * CONTEXT), *same[-CONTEXT:]]
    return shown


def _lines(subject: str, body: JsonObject) -> Iterator[str]:
    """One per paragraph or audience; fields as {key}, citations as [fact]."""
    yield subject
    for node in walk_nodes(body):
        if node["type"] == "audience":
            only, without = node["attrs"].get("only", []), node["attrs"].get("except", [])
            yield " ".join([*(f"+{entry}" for entry in only), *(f"−{entry}" for entry in without)])
        elif node["type"] in {"paragraph", "heading"}:
            yield "".join(_piece(child) for child in node.get("content", ()))


def _piece(node: JsonObject) -> str:
    if node["type"] == "text":
        return str(node["text"])
    if node["type"] == "mergeField":
        return f"{{{node['attrs']['key']}}}"
    return f" [{node['attrs']['fact']}]" if node["type"] == "citation" else " "
