"""A letter document in the notation of letter_text: the other way round.

What the notation has no signs for is written as nearly as it can be; whoever needs to be sure reads the text again and
compares (see services.dump).
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

#: lines are as long as those of people, inside a file where they are indented by two
WIDTH = 118
#: signs of the notation inside a line
SIGNS = re.compile(r"([\\*\[\]{}])")
#: what would make something else of a line that begins with it
BEGINS = re.compile(r"#+ |- |>|:::|[0-9]{1,3}\. ")
#: a single space between words, where a line may end; not before what would open or close a block
GAP = re.compile(r"(?<=\S) (?=\S)(?!:::)")
MARKS = {"bold": "**", "italic": "*"}

type Node = dict[str, Any]


def written_letter(doc: Node) -> str:
    """The document's text, without a line break at its end."""
    return "\n\n".join(_blocks(doc))


def _blocks(parent: Node) -> Iterator[str]:
    for node in parent.get("content", []):
        yield BLOCKS[node["type"]](node)


def _paragraph(node: Node) -> str:
    return "\n".join(_lines(node))


def _heading(node: Node) -> str:
    return f"{'#' * node['attrs']['level']} {_inline(node)}"


def _quotation(node: Node) -> str:
    return "\n".join(f"> {line}" for child in node["content"] for line in _lines(child, 2, start=False))


def _bullets(node: Node) -> str:
    return "\n".join(_item("- ", item) for item in node["content"])


def _numbers(node: Node) -> str:
    return "\n".join(_item(f"{min(place, 999)}. ", item) for place, item in enumerate(node["content"], start=1))


def _item(mark: str, item: Node) -> str:
    """An item; lines that go on are indented as far as its words, by two at least."""
    lines = [line for child in item["content"] for line in _lines(child, len(mark), start=False)]
    return mark + f"\n{' ' * len(mark)}".join(lines)


def _audience(node: Node) -> str:
    only, without = (", ".join(node["attrs"].get(side, [])) for side in ("only", "except"))
    words = " ".join(f"{sign} {names}" for sign, names in (("only", only), ("except", without)) if names)
    return _fenced(words, node)


def _point(node: Node) -> str:
    return _fenced(f"point {node['attrs']['number']}", node)


def _fenced(words: str, node: Node) -> str:
    return f"::: {words}\n" + "\n\n".join(_blocks(node)) + "\n:::"


def _signatories(node: Node) -> str:
    return "{{signatories}}"


BLOCKS: dict[str, Callable[[Node], str]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "blockquote": _quotation,
    "bulletList": _bullets,
    "orderedList": _numbers,
    "audience": _audience,
    "point": _point,
    "signatories": _signatories,
}


def _lines(node: Node, indent: int = 0, *, start: bool = True) -> list[str]:
    """The lines of running text, of a length people like. With `start` a line could be taken for another block."""
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


def _inline(node: Node) -> str:
    """Running text with its marks; a hard break is a backslash at the end of a line."""
    pieces: list[str] = []
    held: list[str] = []
    for inner in node.get("content", []):
        if inner["type"] == "hardBreak":
            pieces.append("\\\n")
            continue
        wanted = [mark["type"] for mark in inner.get("marks", []) if mark["type"] in MARKS]
        pieces += [MARKS[mark] for mark in MARKS if (mark in held) != (mark in wanted)]
        held = wanted
        pieces.append(_piece(inner))
    return "".join([*pieces, *(MARKS[mark] for mark in MARKS if mark in held)])


def _piece(inner: Node) -> str:
    if inner["type"] == "mergeField":
        key, fallback = inner["attrs"]["key"], inner["attrs"].get("fallback", "")
        return f"{{{{{key}|{fallback}}}}}" if fallback else f"{{{{{key}}}}}"
    if inner["type"] == "citation":
        return f"[[{inner['attrs']['fact']}]]"
    links = [mark["attrs"]["href"] for mark in inner.get("marks", []) if mark["type"] == "link"]
    if links:
        return f"[{inner['text']}]({links[0]})"
    return SIGNS.sub(r"\\\1", inner["text"])
