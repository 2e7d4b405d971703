"""Letter templates as one reads them, turned into a letter document.

Headings, lists, quotations, bold, italic and links look as in Markdown; `{{key|fallback}}` is a merge field, `[[fact]]`
a citation, and lines of `:::` enclose what is only for some addressees or taken from a talking point. The campaign's
README has the whole table. This module knows the notation only; whether a field or fact exists is checked elsewhere.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from apps.letters.document import with_block_ids

from ..problems import Report

INLINE = re.compile(
    r"(?P<escape>\\[\\*\[\]{}#>:.-])"
    r"|(?P<break>\\\n)"
    r"|(?P<field>\{\{(?P<key>[^{}|]*)(?:\|(?P<fallback>[^{}]*))?\}\})"
    r"|(?P<citation>\[\[(?P<fact>[^\[\]]*)\]\])"
    r"|(?P<link>\[(?P<words>[^\[\]]+)\]\((?P<href>[^()\s]+)\))"
    r"|(?P<bold>\*\*)"
    r"|(?P<italic>\*)"
    r"|(?P<stray>\{\{|\}\}|\[\[|\]\])"
)
PIECES = ("escape", "break", "field", "citation", "link", "bold", "italic", "stray")
ITEM = re.compile(r"(?P<mark>-|[0-9]{1,3}\.) +(?P<text>.*)")
HEADING = re.compile(r"(?P<mark>#+) +(?P<text>.*)")
POINT = re.compile(r"point +(?P<number>[0-9]{1,4})")
AUDIENCE = re.compile(r"(?:only +(?P<only>[^;]+?))?(?:(?:^|\s+)except +(?P<without>[^;]+))?")
SIGNATORIES = "{{signatories}}"


@dataclass
class LetterText:
    """The document, and what it refers to: (line, name) of merge fields, facts, points and audience entries."""

    doc: dict[str, Any] = field(default_factory=dict)
    fields: list[tuple[int, str]] = field(default_factory=list)
    facts: list[tuple[int, str]] = field(default_factory=list)
    points: list[tuple[int, int]] = field(default_factory=list)
    entries: list[tuple[int, str]] = field(default_factory=list)


def parse_letter(text: str, first_line: int, report: Report) -> LetterText:
    """Read a text whose first line is line `first_line` of its file. What cannot be read is reported and left out.

    Block ids follow from the place of a block, so the same text gives the same document.
    """
    return _Parser(text, first_line, report).parse()


class _Parser:
    def __init__(self, text: str, first_line: int, report: Report) -> None:
        self.lines = text.split("\n")
        self.first = first_line
        self.report = report
        self.at = 0
        self.found = LetterText()
        #: the document and the ::: blocks that are open: (node, line on which it was opened)
        self.open: list[tuple[dict[str, Any], int]] = [({"type": "doc", "content": []}, first_line)]

    def parse(self) -> LetterText:
        while self.at < len(self.lines):
            if self.lines[self.at].strip():
                self.block(self.lines[self.at].strip())
            else:
                self.at += 1
        for _node, line in self.open[1:]:
            self.report(line, _("opens a block (:::) that is not closed."))
        self.found.doc = with_block_ids(self.open[0][0])
        return self.found

    @property
    def line(self) -> int:
        return self.first + self.at

    def add(self, node: dict[str, Any]) -> None:
        self.open[-1][0]["content"].append(node)

    def block(self, line: str) -> None:
        """Read one block, which begins at the current line."""
        if line.startswith(":::"):
            self.fence(line[3:].strip())
            self.at += 1
        elif line == SIGNATORIES:
            self.add({"type": "signatories"})
            self.at += 1
        elif heading := HEADING.fullmatch(line):
            self.heading(heading)
        elif ITEM.fullmatch(line):
            self.items(line)
        elif line.startswith(">"):
            self.quotation()
        else:
            self.add(self.paragraph(*self.gather()))

    def fence(self, words: str) -> None:
        if not words:
            if len(self.open) == 1:
                self.report(self.line, _("closes a block (:::) that was not opened."))
                return
            node, line = self.open.pop()
            if node["content"]:
                self.add(node)
            else:
                self.report(line, _("opens a block (:::) with nothing in it."))
            return
        node = self.opened(words)
        within = [outer["type"] for outer, _line in self.open]
        if node["type"] in within or (node["type"] == "audience" and "point" in within):
            self.report(self.line, _("opens a block (:::) inside another one, which is not allowed."))
        self.open.append((node, self.line))

    def opened(self, words: str) -> dict[str, Any]:
        if point := POINT.fullmatch(words):
            number = int(point["number"])
            self.found.points.append((self.line, number))
            return {"type": "point", "attrs": {"number": number}, "content": []}
        audience = AUDIENCE.fullmatch(words)
        if not audience:
            self.report(
                self.line, _("“::: %(words)s” is neither “only …”, “except …” nor “point 7”.") % {"words": words[:60]}
            )
        only, without = (self.audience(audience[name] if audience else None) for name in ("only", "without"))
        return {"type": "audience", "attrs": {"only": only, "except": without}, "content": []}

    def audience(self, words: str | None) -> list[str]:
        entries = [entry.strip() for entry in words.split(",")] if words else []
        self.found.entries += [(self.line, entry) for entry in entries]
        return entries

    def heading(self, match: re.Match[str]) -> None:
        level = len(match["mark"])
        if level not in (2, 3):
            self.report(self.line, _("a heading starts with ## or ###."))
        content = self.inline(match["text"], self.line)
        self.add({"type": "heading", "attrs": {"level": level}, "content": content})
        self.at += 1

    def items(self, line: str) -> None:
        """Items of the same kind that follow each other; continuation lines are indented."""
        ordered = not line.startswith("-")
        items = []
        while self.at < len(self.lines) and (item := ITEM.fullmatch(self.lines[self.at].strip())):
            if (item["mark"] != "-") != ordered:
                break
            first = self.line
            pieces = [item["text"]]
            self.at += 1
            while self.at < len(self.lines) and self.lines[self.at].startswith("  ") and self.lines[self.at].strip():
                pieces.append(self.lines[self.at].strip())
                self.at += 1
            items.append({"type": "listItem", "content": [self.paragraph("\n".join(pieces), first)]})
        self.add({"type": "orderedList" if ordered else "bulletList", "content": items})

    def quotation(self) -> None:
        first = self.line
        pieces = []
        while self.at < len(self.lines) and self.lines[self.at].strip().startswith(">"):
            pieces.append(self.lines[self.at].strip()[1:].strip())
            self.at += 1
        self.add({"type": "blockquote", "content": [self.paragraph("\n".join(pieces), first)]})

    def gather(self) -> tuple[str, int]:
        """The lines of a paragraph, joined, and the number of the first."""
        first = self.line
        pieces = []
        while self.at < len(self.lines) and (line := self.lines[self.at].strip()) and not line.startswith(":::"):
            pieces.append(line)
            self.at += 1
        return "\n".join(pieces), first

    def paragraph(self, text: str, line: int) -> dict[str, Any]:
        return {"type": "paragraph", "content": self.inline(text, line)}

    def inline(self, text: str, line: int) -> list[dict[str, Any]]:
        return _Inline(text, line, self.report, self.found).read()


class _Inline:
    """Reads the running text of one block."""

    def __init__(self, text: str, line: int, report: Report, found: LetterText) -> None:
        self.text, self.line, self.report, self.found = text, line, report, found
        self.nodes: list[dict[str, Any]] = []
        #: marks in force, with the line on which each began
        self.marks: dict[str, int] = {}

    def read(self) -> list[dict[str, Any]]:
        end = 0
        for match in INLINE.finditer(self.text):
            self.words(self.text[end : match.start()])
            self.piece(match)
            end = match.end()
        self.words(self.text[end:])
        for mark, line in self.marks.items():
            self.report(line, _("begins %(mark)s text that does not end in this paragraph.") % {"mark": mark})
        return self.nodes

    def piece(self, match: re.Match[str]) -> None:
        """One piece that is not plain words."""
        line = self.line + self.text[: match.start()].count("\n")
        kind = next(name for name in PIECES if match[name])
        if kind == "escape":
            self.words(match[0][1])
        elif kind == "break":
            self.nodes.append({"type": "hardBreak"})
        elif kind == "field":
            self.merge_field(match["key"].strip(), match["fallback"] or "", line)
        elif kind == "citation":
            self.found.facts.append((line, match["fact"].strip()))
            self.atom("citation", fact=match["fact"].strip())
        elif kind == "link":
            self.words(match["words"], {"type": "link", "attrs": {"href": match["href"]}})
        elif kind == "stray":
            self.report(line, _("“%(signs)s” begins or ends nothing here. Use a backslash.") % {"signs": match[0]})
        elif kind in self.marks:
            del self.marks[kind]
        else:
            self.marks[kind] = line

    def merge_field(self, key: str, fallback: str, line: int) -> None:
        self.found.fields.append((line, key))
        self.atom("mergeField", key=key, fallback=fallback.replace("\n", " ").strip())

    def words(self, text: str, *extra: dict[str, Any]) -> None:
        """Plain words; joined to the text before them where both have the same marks."""
        text, marked = text.replace("\n", " "), self.marked(*extra)
        last = self.nodes[-1] if self.nodes else {}
        if last.get("type") == "text" and last.get("marks", []) == marked.get("marks", []):
            last["text"] += text
        elif text:
            self.nodes.append({"type": "text", "text": text, **marked})

    def atom(self, kind: str, **attrs: str) -> None:
        self.nodes.append({"type": kind, "attrs": attrs, **self.marked()})

    def marked(self, *extra: dict[str, Any]) -> dict[str, Any]:
        marks = [*({"type": name} for name in ("bold", "italic") if name in self.marks), *extra]
        return {"marks": marks} if marks else {}
