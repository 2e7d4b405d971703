"""A document resolved for one edition: audiences chosen, fields filled, citations numbered."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from apps.core.types import JsonObject

from .adaptation import Passage, with_passages
from .schema import TEXT_BLOCKS
from .traversal import ATOMS, walk_nodes

#: whether the edition's government is among the entries of an audience
type Matches = Callable[[list[str]], bool]
#: {key of a fact: (its source, the place in it that a note prints)}
type Places = Mapping[str, tuple[Hashable, Hashable]]


@dataclass(frozen=True)
class Frozen:
    """What an edition is resolved with. `values`: the fields that freezing fixes; fields in `envelope` stay.
    `prefer_fallback`: fields for which the writer's fallback comes before the value (in the general edition).
    `passages`: the government's own. `places`: of the cited facts; one that is not among them has a note to itself."""

    values: Mapping[str, str]
    envelope: frozenset[str]
    matches: Matches
    prefer_fallback: frozenset[str] = frozenset()
    passages: Sequence[Passage] = ()
    places: Places = field(default_factory=dict)


@dataclass(frozen=True)
class Noted:
    """What a note of the letter says: facts of one source, by key, or the writer's own text."""

    facts: tuple[str, ...] = ()
    text: str = ""


@dataclass
class Resolution:
    """Blocks without wrappers, what the notes say in their order, keys of fields without a value, and the government's
    own passages whose place is not in its letter."""

    blocks: list[JsonObject] = field(default_factory=list)
    notes: list[Noted] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    lost: list[Passage] = field(default_factory=list)

    @property
    def facts(self) -> list[str]:
        """Keys of the cited facts, in the order of their notes."""
        return [fact for note in self.notes for fact in note.facts]


def resolve(doc: JsonObject, frozen: Frozen) -> Resolution:
    """Does not change the document. Drops empty paragraphs, and blocks that have no others."""
    done = Resolution()
    flat, done.lost = with_passages(_flattened(doc.get("content", []), frozen), frozen.passages)
    done.blocks = [kept for block in flat if (kept := _block(block, frozen, done))]
    done.notes = _numbered(done.blocks, frozen.places)
    return done


def _numbered(blocks: list[JsonObject], places: Places) -> list[Noted]:
    """Gives citations and notes their numbers. A fact has one note, however often it is cited, and shares the note
    cited just before it where `_merges`; each note of the writer's is its own."""
    notes: list[Noted] = []
    numbers: dict[str, int] = {}
    paragraph, begun, last = 0, dict[int, int](), 0  # {note: the paragraph in which it is first cited}
    for node in (node for block in blocks for node in walk_nodes(block)):
        attrs = node.get("attrs", {})
        if node["type"] in TEXT_BLOCKS:
            paragraph += 1
        elif node["type"] == "note":
            notes.append(Noted(text=attrs["text"]))
            last = len(notes)
            node["attrs"] = {"n": last}  # of a copy
        elif node["type"] == "citation":
            fact = attrs["fact"]
            if fact not in numbers:
                if last and _merges(fact, notes[last - 1], places, here=begun.get(last) == paragraph):
                    notes[last - 1] = Noted((*notes[last - 1].facts, fact))
                else:
                    notes.append(Noted((fact,)))
                    last = len(notes)
                    begun[last] = paragraph
                numbers[fact] = last
            attrs["n"] = last = numbers[fact]
    for node in (node for block in blocks for node in walk_nodes(block) if node["type"] in TEXT_BLOCKS):
        node["content"] = _marks_once(node["content"])
    return notes


def _marks_once(content: list[JsonObject]) -> list[JsonObject]:
    """Of citations side by side that share a note, the first."""
    found = content[:1]
    for before, node in pairwise(content):
        if not node["type"] == before["type"] == "citation" or node["attrs"]["n"] != before["attrs"]["n"]:
            found.append(node)
    return found


def _merges(fact: str, before: Noted, places: Places, *, here: bool) -> bool:
    """Whether a note on the same source says the same, or begins `here`, in the same paragraph, and names each place:
    further off, or beside a fact without a place, nobody would know which is meant."""
    if fact not in places or not before.facts or before.facts[0] not in places:
        return False
    source, place = places[fact]
    found = {places[other] for other in before.facts}
    named = None not in {place, *(other for _source, other in found)}
    return found == {(source, place)} or (here and named and {one for one, _place in found} == {source})


def _flattened(blocks: list[JsonObject], frozen: Frozen) -> list[JsonObject]:
    flat: list[JsonObject] = []
    for block in blocks:
        if block["type"] == "audience":
            only, without = block["attrs"].get("only", []), block["attrs"].get("except", [])
            if (only and not frozen.matches(only)) or (without and frozen.matches(without)):
                continue
            flat += _flattened(block["content"], frozen)
        elif block["type"] == "point":
            flat += _flattened(block["content"], frozen)
        else:
            flat.append(block)
    return flat


def _block(block: JsonObject, frozen: Frozen, done: Resolution) -> JsonObject | None:
    kept: JsonObject = {"type": block["type"]}
    if block.get("attrs"):
        kept["attrs"] = dict(block["attrs"])
    if block["type"] in ATOMS:
        return kept
    if block["type"] in {"paragraph", "heading"}:
        kept["content"] = _inline(block.get("content", []), frozen, done)
        return kept if _has_content(kept["content"]) else None
    kept["content"] = [inner for child in block["content"] if (inner := _block(child, frozen, done))]
    return kept if kept["content"] else None


def _has_content(content: list[JsonObject]) -> bool:
    return any(node["type"] != "hardBreak" and (node["type"] != "text" or node["text"].strip()) for node in content)


def _inline(content: list[JsonObject], frozen: Frozen, done: Resolution) -> list[JsonObject]:
    kept: list[JsonObject] = []
    for node in content:
        if node["type"] == "mergeField" and node["attrs"]["key"] not in frozen.envelope:
            text = _value(node["attrs"], frozen, done)
            _append(kept, {"type": "text", "text": text, **_marks(node)}) if text else None
        elif node["type"] == "text":
            _append(kept, {"type": "text", "text": node["text"], **_marks(node)})
        elif node["type"] != "lost":
            copy = {"type": node["type"], **_marks(node)}
            if "attrs" in node:
                copy["attrs"] = dict(node["attrs"])
            kept.append(copy)
    return kept


def _value(attrs: JsonObject, frozen: Frozen, done: Resolution) -> str:
    key, fallback = attrs["key"], attrs.get("fallback", "")
    value = frozen.values.get(key, "")
    text = (fallback or value) if key in frozen.prefer_fallback else (value or fallback)
    if not text and key not in done.missing:
        done.missing.append(key)
    return text


def _marks(node: JsonObject) -> JsonObject:
    return {"marks": [dict(mark) for mark in node["marks"]]} if node.get("marks") else {}


def _append(kept: list[JsonObject], text: JsonObject) -> None:
    """Joins texts with the same marks."""
    if kept and kept[-1]["type"] == "text" and kept[-1].get("marks") == text.get("marks"):
        kept[-1]["text"] += text["text"]
    else:
        kept.append(text)
