"""What a valid document cites and uses, its words, its hash, its block ids."""

import hashlib
from collections.abc import Iterator, Mapping

from apps.core.canonical_json import canonical_json, sha256_hex
from apps.core.types import JsonObject

from .scripts import script_of, scripted

ATOMS = frozenset({"signatories", "mergeField", "citation", "note", "lost", "hardBreak"})
#: those whose marks are kept: bold and italic, raised text, links
MARKED_ATOMS = frozenset({"mergeField"})
BLOCKS = frozenset(
    {"paragraph", "heading", "orderedList", "bulletList", "blockquote", "audience", "point", "signatories"}
)
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


def document_hash(subject: str, body: JsonObject) -> str:
    """The SHA-256 of subject and body, which a reviewer approves."""
    return sha256_hex(canonical_json({"subject": subject, "body": body}))


def is_same_document(one: JsonObject, other: JsonObject) -> bool:
    """Whether they say the same: an attribute without a value is as good as none."""
    return one == other or _plain(one) == _plain(other)


def _plain(node: JsonObject) -> JsonObject:
    kept = {name: value for name, value in node.items() if name not in {"attrs", "content"}}
    if attrs := {name: value for name, value in node.get("attrs", {}).items() if value not in (None, "", [])}:
        kept["attrs"] = attrs
    if node["type"] != "text" and node["type"] not in MARKED_ATOMS:
        kept.pop("marks", None)
    elif "marks" in kept:
        kept["marks"] = sorted(kept["marks"], key=lambda mark: str(mark["type"]))
    if content := [_plain(child) for child in node.get("content", ())]:
        kept["content"] = content
    return kept


def walk_nodes(node: JsonObject) -> Iterator[JsonObject]:
    yield node
    for child in node.get("content", ()):
        yield from walk_nodes(child)


def block_hash(block: JsonObject) -> str:
    return sha256_hex(canonical_json(block))


def block_with_id(doc: JsonObject, block_id: str) -> JsonObject | None:
    return next((node for node in walk_nodes(doc) if node.get("attrs", {}).get("id") == block_id), None)


def facts_used(doc: JsonObject) -> list[str]:
    """Keys, in order of first appearance."""
    return list(dict.fromkeys(node["attrs"]["fact"] for node in walk_nodes(doc) if node["type"] == "citation"))


def missing_fields(blocks: list[JsonObject], values: Mapping[str, str]) -> list[str]:
    """Keys of merge fields with neither a value nor a fallback, in reading order."""
    fields = (node["attrs"] for block in blocks for node in walk_nodes(block) if node["type"] == "mergeField")
    return list(
        dict.fromkeys(attrs["key"] for attrs in fields if not values.get(attrs["key"]) and not attrs.get("fallback"))
    )


def node_text(node: JsonObject) -> str:
    """Of a text node, as characters: 10⁹."""
    return scripted(node["text"], script_of(node)) if node.get("marks") else str(node["text"])


def lost_marks(doc: JsonObject) -> list[JsonObject]:
    """The marks of what a paste could not keep, in reading order."""
    return [node["attrs"] for node in walk_nodes(doc) if node["type"] == "lost"]


def plain_text(node: JsonObject) -> str:
    """The text without fields and citations, with a space for each break."""
    pieces = []
    for inner in walk_nodes(node):
        if inner["type"] == "text":
            pieces.append(node_text(inner))
        elif inner["type"] in {"hardBreak", "paragraph", "heading", "listItem"}:
            pieces.append(" ")
    return "".join(pieces).strip()


def word_count(doc: JsonObject) -> int:
    """A field counts as one word."""
    return len(plain_text(doc).split()) + sum(1 for node in walk_nodes(doc) if node["type"] == "mergeField")


def heading_apart(doc: JsonObject) -> tuple[str, JsonObject]:
    """The words of the heading with which a document begins, and the rest; "" and the document where it does not."""
    first, *rest = doc.get("content", [{}])
    if first.get("type") != "heading" or any(node["type"] in ATOMS for node in walk_nodes(first)):
        return "", doc
    return plain_text(first), {**doc, "content": rest or [{"type": "paragraph"}]}


def with_block_ids(doc: JsonObject, root: str = "doc") -> JsonObject:
    """A copy with ids for blocks that have none: the same document under the same `root` gets the same ids."""
    taken = {node["attrs"]["id"] for node in walk_nodes(doc) if "id" in node.get("attrs", {})}
    return _with_ids(doc, root, taken)


def _with_ids(node: JsonObject, path: str, taken: set[str]) -> JsonObject:
    kept = dict(node)
    if node["type"] in BLOCKS and "id" not in node.get("attrs", {}):
        kept["attrs"] = {**node.get("attrs", {}), "id": _new_id(path, taken)}
    if node["type"] not in {"paragraph", "heading"} and "content" in node:
        kept["content"] = [_with_ids(child, f"{path}/{index}", taken) for index, child in enumerate(node["content"])]
    return kept


def _new_id(path: str, taken: set[str]) -> str:
    """Derived from the path, so that saving the same text twice gives the same text."""
    turn = 0
    while True:
        digest = hashlib.sha256(f"{path}#{turn}".encode()).digest()
        candidate = "b" + "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:8])
        if candidate not in taken:
            taken.add(candidate)
            return candidate
        turn += 1
