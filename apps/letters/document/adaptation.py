"""A government's own passages in the text that everybody gets."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.core.canonical_json import canonical_json, sha256_hex
from apps.core.types import JsonObject

from .cleaning import clean_document
from .schema import LISTS, TEXT_BLOCKS, Json, validate_document
from .traversal import with_block_ids, word_count
from .validators import DocumentInvalid

REPLACE, AFTER, LEAVE_OUT = "replace", "after", "leave_out"
#: what a passage may consist of
PARTS = TEXT_BLOCKS | LISTS | {"blockquote"}
#: what a passage may stand in place of
REPLACEABLE = PARTS
NOTHING: JsonObject = {"type": "doc"}


@dataclass(frozen=True)
class Passage:
    """`kind`: REPLACE, AFTER or LEAVE_OUT the block with the id `block`. `key` is the adaptation's; it is `stale` where
    the block has changed since."""

    key: int
    kind: str
    block: str
    blocks: Sequence[JsonObject] = ()
    stale: bool = False


def with_passages(blocks: list[JsonObject], passages: Sequence[Passage]) -> tuple[list[JsonObject], list[Passage]]:
    """The blocks of one government's letter with its own passages, and the passages whose block is not among them."""
    if not passages:
        return blocks, []
    at: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        at[passage.block].append(passage)
    result: list[JsonObject] = []
    for block in blocks:
        here = {passage.kind: passage.blocks for passage in at.pop(block.get("attrs", {}).get("id", ""), ())}
        if REPLACE in here:
            result += here[REPLACE]
        elif LEAVE_OUT not in here:
            result.append(block)
        result += here.get(AFTER, ())
    return result, [passage for lost in at.values() for passage in lost]


def passage_document(kind: str, content: Json, place: str) -> JsonObject:
    """`content` as it is stored: cleaned, valid, every block with an id, which is derived from `place`. Raises
    DocumentInvalid."""
    if kind == LEAVE_OUT:
        return NOTHING
    cleaned = clean_document(content)
    validate_document(cleaned)
    for index, block in enumerate(cleaned.get("content", ())):
        if block["type"] not in PARTS:
            raise DocumentInvalid(
                f"content[{index}]", _("A passage for one government has headings, paragraphs, lists and quotations.")
            )
    if not word_count(cleaned):
        raise DocumentInvalid("", _("Nothing is written here yet. Write the passage, or leave the old one out."))
    return with_block_ids(cleaned, place)


def adaptations_hash(entries: Iterable[JsonObject]) -> str:
    """Over {member, kind, block, content} of all passages of a text, in any order; "" without any."""
    ordered = sorted(entries, key=lambda entry: (entry["member"], entry["block"], entry["kind"]))
    return sha256_hex(canonical_json(ordered)) if ordered else ""
