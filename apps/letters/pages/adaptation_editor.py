"""The data of the editor of one passage for one government."""

from dataclasses import dataclass

from django.utils.translation import get_language

from apps.core.languages import direction
from apps.core.registries import merge_fields
from apps.core.types import JsonObject
from apps.governments.models import Member
from apps.governments.selectors import reference_day
from apps.sources.selectors import campaign_document
from apps.talkingpoints.selectors import facts_by_key

from ..document.adaptation import AFTER
from ..document.differences import Piece, word_changes
from ..document.traversal import block_hash, block_with_id, facts_used
from ..merge_fields import labelled_values, present_counts
from ..models import Adaptation, LetterText
from ..selectors.adaptations import standing_adaptation
from ..selectors.letters import recipient_or_first
from .cited_facts import cited_fact_entries
from .country_letters import block_lines, block_words
from .draft_problems import LOST_WORDS


@dataclass(frozen=True)
class PassageData:
    """`base`: lines of the block as everybody gets it; `moved`: what changed in it since the passage was written."""

    adaptation: Adaptation | None
    base: list[str]
    moved: list[Piece]
    editor: JsonObject


def passage_data(text: LetterText, member: Member, *, kind: str, block: str, names: bool) -> PassageData | None:
    """None where the text has no such block and the government no passage there."""
    there = standing_adaptation(text, member, block, kind)
    present = block_with_id(text.body, block)
    base = present or (there.base if there else None)
    if base is None:
        return None
    changed = there and present and block_hash(present) != there.base_sha256
    content = there.content if there and there.kind == kind else _begun(base, kind)
    return PassageData(
        adaptation=there,
        base=block_lines({"content": [base]}),
        moved=list(word_changes(block_words(there.base), block_words(base))) if there and changed else [],
        editor={
            "kind": kind,
            "block": block,
            "revision": there.revision if there else 0,
            "base_sha256": block_hash(present) if present else "",
            "body": content,
            **_reader_data(text, member, content, names=names),
        },
    )


def _begun(base: JsonObject, kind: str) -> JsonObject:
    """What takes the place of a block begins as a copy of it; the blocks get ids of their own when they are saved."""
    empty: JsonObject = {"type": "doc", "content": [{"type": "paragraph"}]}
    return empty if kind == AFTER else {"type": "doc", "content": [_without_ids(base)]}


def _without_ids(node: JsonObject) -> JsonObject:
    kept = dict(node)
    if "attrs" in kept:
        kept["attrs"] = {name: value for name, value in kept["attrs"].items() if name != "id"}
    if "content" in kept:
        kept["content"] = [_without_ids(child) for child in kept["content"]]
    return kept


def _reader_data(text: LetterText, member: Member, content: JsonObject, *, names: bool) -> JsonObject:
    """What fields, citations and marks show: the values of the government, the facts of the passage and the text."""
    campaign = text.letter.campaign
    day = reference_day(campaign)
    context = {"campaign": campaign, "member": member, "day": day, "language": text.language}
    shown = {"recipient": recipient_or_first(campaign, member), "names": names, "counts": present_counts(text.letter)}
    values = labelled_values({**context, **shown})
    facts = facts_by_key(campaign, [*facts_used(content), *facts_used(text.body)])
    return {
        "language": text.language,
        "dir": direction(text.language),
        "member": member.code,
        "member_name": member.name_on(day, get_language() or "en"),
        "merge_fields": [
            {"key": key, "label": label, "envelope": merge_fields[key].envelope, "value": value}
            for key, (label, value) in values.items()
        ],
        "lost_words": {what: str(words) for what, words in LOST_WORDS.items()},
        "facts": cited_fact_entries(text, facts, campaign_document(campaign)),
    }
