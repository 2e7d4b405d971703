"""Letter documents as text in the notation of the parser; what it cannot express is written as closely as possible."""

import re
from collections.abc import Callable

from apps.core.types import JsonObject
from apps.letters.document.traversal import node_text, walk_nodes

WIDTH = 118
SPECIAL = re.compile(r"([\\*\[\]{}^])")
IN_NOTE = re.compile(r"([\\\[\]])")
#: what would begin another block
BEGINS = re.compile(r"#+ |- |>|:::|[0-9]{1,3}\. ")
#: a space where a line may end; not before what opens or closes a block
GAP = re.compile(r"(?<=\S) (?=\S)(?!:::)")
BACKSLASH = r"\\\1"
MARKS = {"bold": "**", "italic": "*"}


def written_letter(doc: JsonObject) -> str:
    return "\n\n".join(BLOCKS[node["type"]](node) for node in doc.get("content", []))


def _heading(node: JsonObject) -> str:
    return f"{'#' * node['attrs']['level']} {_inline(node)}"


def _quotation(node: JsonObject) -> str:
    return "\n".join(f"> {line}" for child in node["content"] for line in _lines(child, 2, start=False))


def _numbered(node: JsonObject) -> str:
    start = node.get("attrs", {}).get("start", 1)
    return "\n".join(_item(f"{min(number, 999)}. ", item) for number, item in enumerate(node["content"], start=start))


def _item(mark: str, item: JsonObject) -> str:
    """Lists in lists become part of the item's words."""
    paragraphs = (node for node in walk_nodes(item) if node["type"] == "paragraph")
    lines = [line for paragraph in paragraphs for line in _lines(paragraph, len(mark), start=False)]
    return mark + f"\n{' ' * len(mark)}".join(lines)


def _audience(node: JsonObject) -> str:
    sides = ((side, ", ".join(node["attrs"].get(side, []))) for side in ("only", "except"))
    return _fenced(" ".join(f"{side} {names}" for side, names in sides if names), node)


def _fenced(words: str, node: JsonObject) -> str:
    return f"::: {words}\n{written_letter(node)}\n:::"


BLOCKS: dict[str, Callable[[JsonObject], str]] = {
    "paragraph": lambda node: "\n".join(_lines(node)),
    "heading": _heading,
    "blockquote": _quotation,
    "bulletList": lambda node: "\n".join(_item("- ", item) for item in node["content"]),
    "orderedList": _numbered,
    "audience": _audience,
    "point": lambda node: _fenced(f"point {node['attrs']['number']}", node),
    "signatories": lambda node: "{{signatories}}",
}


def _lines(node: JsonObject, indent: int = 0, *, start: bool = True) -> list[str]:
    """With `start`, what would begin another block is escaped."""
    lines: list[str] = []
    for part in _inline(node).split("\n"):
        if BEGINS.match(part) and (start or part.startswith(":::")):
            part = _escape_start(part)
        lines += _wrapped(part, WIDTH - indent)
    return lines


def _escape_start(line: str) -> str:
    number = re.match(r"[0-9]{1,3}(?=\. )", line)
    return f"{number[0]}\\{line[number.end() :]}" if number else f"\\{line}"


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in GAP.split(text):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if len(longer) > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _inline(node: JsonObject) -> str:
    pieces: list[str] = []
    current: list[str] = []
    for inner in node.get("content", []):
        if inner["type"] == "hardBreak":
            pieces.append("\\\n")
            continue
        wanted = [mark["type"] for mark in inner.get("marks", []) if mark["type"] in MARKS]
        pieces += [MARKS[mark] for mark in MARKS if (mark in current) != (mark in wanted)]
        current = wanted
        pieces.append("" if inner["type"] == "lost" else _piece(inner))
    return "".join([*pieces, *(MARKS[mark] for mark in MARKS if mark in current)])


def _piece(inner: JsonObject) -> str:
    if inner["type"] == "mergeField":
        key, fallback = inner["attrs"]["key"], inner["attrs"].get("fallback", "")
        return f"{{{{{key}|{fallback}}}}}" if fallback else f"{{{{{key}}}}}"
    if inner["type"] == "citation":
        return f"[[{inner['attrs']['fact']}]]"
    if inner["type"] == "note":
        return f"^[{IN_NOTE.sub(BACKSLASH, inner['attrs']['text'])}]"
    links = [mark["attrs"]["href"] for mark in inner.get("marks", []) if mark["type"] == "link"]
    if links:
        return f"[{node_text(inner)}]({links[0]})"
    return SPECIAL.sub(BACKSLASH, node_text(inner))
