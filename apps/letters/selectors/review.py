"""What a reviewer reads: the whole draft with its audiences, and what changed since the last approval."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from apps.governments.models import Member
from apps.governments.selectors import audience_matcher, reference_day

from ..document import Frozen, facts_used, resolve, walk_nodes
from ..merge import envelope_keys, field_values
from ..models import Approval, Letter, LetterText, LetterVersion, TextRevision
from .drafts import notes_of, text_facts, texts_with_state
from .letters import letter_addressees
from .passages import audience_choices, audience_sentence
from .preview import edition_body

#: so many unchanged paragraphs are shown on either side of a change
AROUND = 1


@dataclass(frozen=True)
class Change:
    """A paragraph as plain text; `kind` is same, added or removed; or left_out, for `count` unchanged ones."""

    kind: str
    text: str = ""
    count: int = 1


@dataclass(frozen=True)
class WholeDraft:
    """The draft with every passage in it, as an edition's body; and {block id: (class, for whom)}."""

    body: dict[str, Any]
    audiences: dict[str, tuple[str, str]]


def whole_draft(text: LetterText, member: Member | None) -> WholeDraft:
    """Every passage, whoever it is for, with the values of `member` (general words without one)."""
    campaign = text.letter.campaign
    day = reference_day(campaign)
    context = {"campaign": campaign, "member": member, "day": day, "language": text.language}
    frozen = Frozen(field_values(context, envelope=False), envelope_keys(), matches=lambda entries: True)
    shown = {**text.body, "content": [_for_everybody(block) for block in text.body.get("content", [])]}
    resolution = resolve(shown, frozen)
    notes = notes_of(campaign, resolution.facts, text_facts(text), text.language)
    body = edition_body(
        subject=text.subject, language=text.language, member=member, blocks=resolution.blocks, notes=notes
    )
    return WholeDraft(body, _audiences(text, day))


def _for_everybody(block: dict[str, Any]) -> dict[str, Any]:
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
        css = "ab" if block["attrs"].get("only") else "ab not"
        for node in walk_nodes(block):
            if "id" in node.get("attrs", {}):
                found[node["attrs"]["id"]] = (css, sentence)
    return found


def last_approved(text: LetterText) -> TextRevision | None:
    """The newest revision whose text was approved."""
    approved = Approval.objects.filter(text=text).values("sha256")
    return text.revisions.filter(sha256__in=approved).order_by("-revision").first()


def changes_since_approval(text: LetterText) -> list[Change] | None:
    """Paragraph by paragraph against the last approved revision; None where there is none."""
    before = last_approved(text)
    if before is None:
        return None
    old = list(_lines(before.subject, before.body))
    new = list(_lines(text.subject, text.body))
    changes: list[Change] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            changes += [Change("same", line) for line in new[new_from:new_to]]
        else:
            changes += [Change("removed", line) for line in old[old_from:old_to]]
            changes += [Change("added", line) for line in new[new_from:new_to]]
    return _shortened(changes)


def _shortened(changes: list[Change]) -> list[Change]:
    """Unchanged paragraphs far from any change are counted instead of repeated."""
    shown: list[Change] = []
    for kind, run in groupby(changes, key=lambda change: change.kind):
        same = list(run)
        if kind != "same" or len(same) <= 2 * AROUND + 1:
            shown += same
        else:
            shown += [*same[:AROUND], Change("left_out", count=len(same) - 2 * AROUND), *same[-AROUND:]]
    return shown


def _lines(subject: str, body: dict[str, Any]) -> Iterator[str]:
    """One line per paragraph; fields as {key}, citations as [fact], audiences as a line of their own."""
    yield subject
    for node in walk_nodes(body):
        if node["type"] == "audience":
            only, without = node["attrs"].get("only", []), node["attrs"].get("except", [])
            yield " ".join([*(f"+{entry}" for entry in only), *(f"−{entry}" for entry in without)])
        elif node["type"] in {"paragraph", "heading"}:
            yield "".join(_piece(child) for child in node.get("content", ()))


def _piece(node: dict[str, Any]) -> str:
    if node["type"] == "text":
        return str(node["text"])
    if node["type"] == "mergeField":
        return f"{{{node['attrs']['key']}}}"
    return f" [{node['attrs']['fact']}]" if node["type"] == "citation" else " "


@dataclass(frozen=True)
class Outlook:
    """What freezing would do now."""

    day: date
    number: int
    addressees: list[Member]
    languages: list[str]
    editions: int
    unapproved: list[str]
    withdrawn: list[str]
    last: LetterVersion | None

    @property
    def ready(self) -> bool:
        return bool(self.addressees) and not self.unapproved and not self.withdrawn


def freeze_outlook(letter: Letter) -> Outlook:
    """How many editions freezing would make, and what stands in its way. Missing values show when it is tried."""
    day = reference_day(letter.campaign)
    addressees = letter_addressees(letter, day)
    texts = list(texts_with_state().filter(letter=letter))
    last = letter.versions.order_by("-number").first()
    facts = {key: fact for text in texts for key, fact in text_facts(text).items()}
    cited = [key for text in texts for key in facts_used(text.body)]
    gone = [facts[key].number if key in facts else key for key in cited if key not in facts or facts[key].retired_at]
    return Outlook(
        day=day,
        number=last.number + 1 if last else 1,
        addressees=addressees,
        languages=[text.language for text in texts],
        editions=len(texts) * (len(addressees) + (len(addressees) > 1)),
        unapproved=[text.language for text in texts if not text.approved],  # type: ignore[attr-defined]  # annotated
        withdrawn=list(dict.fromkeys(gone)),
        last=last,
    )
