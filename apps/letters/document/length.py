"""How long a country letter is on paper, reckoned without setting it."""

from math import ceil

from apps.core.types import JsonObject

from .traversal import walk_nodes

#: of the PDF's page (rendering/letter.typ): characters in a line, lines on a page
LINE, NOTE_LINE, PAGE = 84, 108, 44.5
#: in lines: head and addressee, the space after a paragraph, that around a heading, a line of a note
HEAD, GAP, HEADING_GAP, NOTE = 8, 0.33, 1.1, 0.72
#: pages of a letter that a minister's office reads to the end
MOST_PAGES = 3


def pages_of(body: JsonObject) -> int:
    """Of an edition's body, without the list of signatories."""
    lines: float = HEAD + ceil(len(body["subject"]) / 40)
    for block in body["blocks"]:
        for node in walk_nodes(block):
            if node["type"] in {"paragraph", "heading"}:
                lines += ceil(_length(node) / LINE) + (HEADING_GAP if node["type"] == "heading" else GAP)
            elif node["type"] == "signatories":
                lines += 2 + GAP
    for note in body["notes"]:
        lines += ceil((len(note["text"]) + len(note.get("url", "")) + 1) / NOTE_LINE) * NOTE + 0.15
    return ceil(lines / PAGE)


def _length(node: JsonObject) -> int:
    """In characters; a field of the envelope counts as a name."""
    lengths = {"text": 0, "mergeField": 20, "citation": 1, "hardBreak": LINE // 2}
    return sum(len(child.get("text", "")) + lengths.get(child["type"], 0) for child in node.get("content", ()))
