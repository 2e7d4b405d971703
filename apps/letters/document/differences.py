"""What differs between two texts: paragraph by paragraph, and the words within a paragraph."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz.distance import Indel

from apps.core.types import JsonObject

from .traversal import node_text, walk_nodes

#: unchanged paragraphs on either side of a change
CONTEXT = 1
#: of the words of two paragraphs: from here on one is the other, changed
ALIKE = 0.4
WORD = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Piece:
    """Words of a changed paragraph (`kind`: same, added or removed)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """A paragraph (`kind`: same, added, removed or changed), or `count` unchanged ones (left_out). `text` is the new
    one where there is one; a changed one has the old one too, and the `words` of both."""

    kind: str
    text: str = ""
    count: int = 1
    old: str = ""
    words: tuple[Piece, ...] = ()


def text_lines(subject: str, blocks: Iterable[JsonObject], piece: Callable[[JsonObject], str]) -> Iterator[str]:
    """The subject, then one line per paragraph or audience. `piece`: the text of a field, citation or note."""
    yield subject
    for block in blocks:
        for node in walk_nodes(block):
            if node["type"] == "audience":
                only, without = node["attrs"].get("only", []), node["attrs"].get("except", [])
                yield " ".join([*(f"+{entry}" for entry in only), *(f"−{entry}" for entry in without)])
            elif node["type"] in {"paragraph", "heading"}:
                yield line_text(node, piece)


def line_text(block: JsonObject, piece: Callable[[JsonObject], str]) -> str:
    """The line of a paragraph or heading."""
    return "".join(_piece(child, piece) for child in block.get("content", ()))


def _piece(node: JsonObject, piece: Callable[[JsonObject], str]) -> str:
    if node["type"] == "text":
        return node_text(node)
    return piece(node) if node["type"] in {"mergeField", "citation", "note"} else " "


def draft_piece(node: JsonObject) -> str:
    """Of a draft: fields as {key}, citations as [fact], notes as [their text]."""
    attrs = node["attrs"]
    return f"{{{attrs['key']}}}" if node["type"] == "mergeField" else f" [{attrs.get('fact') or attrs['text']}]"


def changes(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """All paragraphs of both, in order; long runs of unchanged ones are left out. Empty if nothing differs."""
    if list(old) == list(new):
        return []
    found: list[Change] = []
    for same, run in groupby(Indel.opcodes(old, new), key=lambda step: step.tag == "equal"):
        steps = list(run)
        added = [line for step in steps for line in new[step.dest_start : step.dest_end]]
        if same:
            found += [Change("same", line) for line in added]
        else:
            found += _replaced([line for step in steps for line in old[step.src_start : step.src_end]], added)
    return _shortened(found)


def _replaced(removed: list[str], added: list[str]) -> Iterator[Change]:
    """Pairs paragraphs that are alike, in order."""
    waiting = list(added)
    for line in removed:
        index = next((place for place, other in enumerate(waiting) if _alike(line, other)), None)
        if index is None:
            yield Change("removed", line)
            continue
        yield from (Change("added", other) for other in waiting[:index])
        yield Change("changed", waiting[index], old=line, words=tuple(word_changes(line, waiting[index])))
        del waiting[: index + 1]
    yield from (Change("added", other) for other in waiting)


def _alike(one: str, other: str) -> bool:
    return Indel.normalized_similarity(one.split(), other.split()) >= ALIKE


def word_changes(old: str, new: str) -> Iterator[Piece]:
    """The words of both paragraphs, in order."""
    before, after = WORD.findall(old), WORD.findall(new)
    for same, run in groupby(Indel.opcodes(before, after), key=lambda step: step.tag == "equal"):
        steps = list(run)
        removed = "".join("".join(before[step.src_start : step.src_end]) for step in steps)
        added = "".join("".join(after[step.dest_start : step.dest_end]) for step in steps)
        if same:
            yield Piece("same", added)
            continue
        yield from (Piece(kind, text) for kind, text in (("removed", removed), ("added", added)) if text)


def _shortened(found: list[Change]) -> list[Change]:
    shown: list[Change] = []
    for kind, run in groupby(found, key=lambda change: change.kind):
        same = list(run)
        if kind != "same" or len(same) <= 2 * CONTEXT + 1:
            shown += same
        else:
            shown += [*same[:CONTEXT], Change("left_out", count=len(same) - 2 * CONTEXT), *same[-CONTEXT:]]
    return shown
