"""What differs between two texts: paragraph by paragraph, and the words within a paragraph."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

from rapidfuzz.distance import Indel

from apps.core.types import JsonObject

from .traversal import MARKED_ATOMS, node_text

#: unchanged paragraphs on either side of a change
CONTEXT = 1
#: of the words of two paragraphs: from here on one is the other, changed
ALIKE = 0.4
WORD = re.compile(r"\s+|[^\s]+")
#: before and behind each word that is bold or italic, in lines that are compared: characters for private use
MARK_SIGNS, MARK_END = {"bold": "\ue100", "italic": "\ue101"}, "\ue102"
MARKED = re.compile("([\ue100\ue101]+)([^\ue100-\ue102]*)\ue102")
#: before what stands behind the words of a line that is compared: the heading, list or quotation that it is in
SHAPE_SIGN = "\ue103"
#: what says for whom a passage is, or where it comes from
NO_SHAPE = frozenset({"doc", "paragraph", "audience", "point"})


@dataclass(frozen=True)
class Piece:
    """Words of a changed paragraph (`kind`: same, added or removed)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """A paragraph (`kind`: same, added, removed, changed, or formatting where no words differ), or `count` unchanged
    ones (left_out). `text` is the new one where there is one; a changed one has the old one too, the `words` of both,
    and the `shapes` of both: what they are in. Of formatting that no paragraph shows all are empty."""

    kind: str
    text: str = ""
    count: int = 1
    old: str = ""
    words: tuple[Piece, ...] = ()
    shapes: tuple[str, str] = ("", "")


def compared_lines(subject: str, blocks: Iterable[JsonObject], piece: Callable[[JsonObject], str]) -> Iterator[str]:
    """As `text_lines`, for `changes`: headings, lists and quotations can be told from paragraphs, too."""
    return text_lines(subject, blocks, piece, shapes=True)


def text_lines(
    subject: str,
    blocks: Iterable[JsonObject],
    piece: Callable[[JsonObject], str],
    *,
    marks: bool = True,
    shapes: bool = False,
) -> Iterator[str]:
    """The subject, then one line per paragraph or audience. `piece`: the text of a field, citation, note or
    audience. With `marks`, what is bold, italic or a link can be told from what is not: see `line_text`."""
    yield subject
    for block in blocks:
        for node, shape in with_shapes(block):
            if node["type"] == "audience":
                yield piece(node)
            elif node["type"] in {"paragraph", "heading"}:
                line = line_text(node, piece, marks=marks)
                yield line + SHAPE_SIGN + shape if shapes and shape else line


def with_shapes(node: JsonObject, around: str = "") -> Iterator[tuple[JsonObject, str]]:
    """As walk_nodes, with the heading, lists and quotations that each node is in."""
    attrs = node.get("attrs", {})
    own = [node["type"], *(f"{name}={attrs[name]}" for name in ("level", "numbering", "start") if attrs.get(name))]
    shape = around if node["type"] in NO_SHAPE else f"{around}/{' '.join(own)}"
    yield node, shape
    for child in node.get("content", ()):
        yield from with_shapes(child, shape)


def line_text(block: JsonObject, piece: Callable[[JsonObject], str], *, marks: bool = False) -> str:
    """The line of a paragraph or heading. With `marks`, each word that has some stands between signs that `MARKED`
    finds, and the address of a link follows its words."""
    words, found, nodes = "", [], block.get("content", ())
    for node, after in zip_longest(nodes, nodes[1:]):
        said = _piece(node, piece)
        if node["type"] != "text" and node["type"] not in MARKED_ATOMS:
            found.append(said)
            continue
        found.append(_marked(node, said) if marks else said)
        words += said
        if marks and (href := _href(node)) and href != _href(after):
            found.append("" if href in (words, f"mailto:{words}") else f" ({href})")
        words = "" if _href(node) != _href(after) else words
    return "".join(found)


def _piece(node: JsonObject, piece: Callable[[JsonObject], str]) -> str:
    if node["type"] == "text":
        return node_text(node)
    return piece(node) if node["type"] in {"mergeField", "citation", "note"} else " "


def _marked(node: JsonObject, said: str) -> str:
    has = {mark["type"] for mark in node.get("marks", ())}
    signs = "".join(sign for name, sign in MARK_SIGNS.items() if name in has)
    return re.sub(r"\S+", rf"{signs}\g<0>{MARK_END}", said) if signs else said


def _href(node: JsonObject | None) -> str:
    marks = node.get("marks", ()) if node else ()
    return next((str(mark["attrs"]["href"]) for mark in marks if mark["type"] == "link"), "")


def draft_piece(node: JsonObject) -> str:
    """Of a draft: fields as {key}, citations as [fact], notes as [their text], audiences as +group:ldc −member:KE."""
    attrs = node["attrs"]
    if node["type"] == "audience":
        only, without = attrs.get("only", []), attrs.get("except", [])
        return " ".join([*(f"+{entry}" for entry in only), *(f"−{entry}" for entry in without)])
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
            found += [Change("same", words_of(line)) for line in added]
        else:
            found += _replaced([line for step in steps for line in old[step.src_start : step.src_end]], added)
    return _shortened(found)


def _replaced(removed: list[str], added: list[str]) -> Iterator[Change]:
    """Pairs paragraphs that are alike, in order."""
    waiting = list(added)
    for line in removed:
        index = next((place for place, other in enumerate(waiting) if _alike(line, other)), None)
        if index is None:
            yield Change("removed", words_of(line))
            continue
        yield from (Change("added", words_of(other)) for other in waiting[:index])
        yield _changed(line, waiting[index])
        del waiting[: index + 1]
    yield from (Change("added", words_of(other)) for other in waiting)


def _changed(line: str, other: str) -> Change:
    (old, _sign, before), (new, _sign, after) = (one.partition(SHAPE_SIGN) for one in (line, other))
    pieces = tuple(word_changes(old, new))
    kind = "formatting" if only_formatting(pieces) else "changed"
    return Change(kind, new, old=old, words=pieces, shapes=(before, after))


def words_of(line: str) -> str:
    """Of a compared line, without what they are in."""
    return line.partition(SHAPE_SIGN)[0]


def only_formatting(pieces: Iterable[Piece]) -> bool:
    """Whether the words were the same, bold, italic or not."""
    found = list(pieces)
    before, after = (
        MARKED.sub(r"\2", "".join(piece.text for piece in found if piece.kind != kind)) for kind in ("added", "removed")
    )
    return before == after


def _alike(one: str, other: str) -> bool:
    plain, others = (MARKED.sub(r"\2", words_of(line)).split() for line in (one, other))
    return Indel.normalized_similarity(plain, others) >= ALIKE


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
