"""A document resolved for one edition: audiences chosen, fields filled, citations numbered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from apps.core.types import JsonObject

from .adaptation import Passage, with_passages
from .traversal import ATOMS, walk_nodes

#: whether the edition's government is among the entries of an audience
type Matches = Callable[[list[str]], bool]


@dataclass(frozen=True)
class Frozen:
    """What an edition is resolved with. `values`: the fields that freezing fixes; fields in `envelope` stay.
    `prefer_fallback`: fields for which the writer's fallback comes before the value (in the general edition).
    `passages`: the government's own."""

    values: Mapping[str, str]
    envelope: frozenset[str]
    matches: Matches
    prefer_fallback: frozenset[str] = frozenset()
    passages: Sequence[Passage] = ()


@dataclass(frozen=True)
class Noted:
    """What a note of the letter says: a fact, by key, or the writer's own text."""

    fact: str = ""
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
        return [note.fact for note in self.notes if note.fact]


def resolve(doc: JsonObject, frozen: Frozen) -> Resolution:
    """Does not change the document. Drops empty paragraphs, and blocks that have no others."""
    done = Resolution()
    flat, done.lost = with_passages(_flattened(doc.get("content", []), frozen), frozen.passages)
    done.blocks = [kept for block in flat if (kept := _block(block, frozen, done))]
    _number_notes(done)
    return done


def _number_notes(done: Resolution) -> None:
    """A fact has one note, however often it is cited; each note of the writer's is its own."""
    numbers: dict[str, int] = {}
    for node in (node for block in done.blocks for node in walk_nodes(block)):
        attrs = node.get("attrs", {})
        if node["type"] == "note":
            done.notes.append(Noted(text=attrs["text"]))
            node["attrs"] = {"n": len(done.notes)}  # of a copy
        elif node["type"] == "citation":
            if attrs["fact"] not in numbers:
                done.notes.append(Noted(fact=attrs["fact"]))
                numbers[attrs["fact"]] = len(done.notes)
            attrs["n"] = numbers[attrs["fact"]]


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
