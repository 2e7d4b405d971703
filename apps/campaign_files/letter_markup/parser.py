"""Letter templates in a notation near Markdown, parsed into letter documents.

`{{key|fallback}}` is a merge field, `[[fact]]` a citation, `^[text]` a note; `:::` encloses what is only for some
recipients or taken from a talking point. The campaign's README has the whole table. Whether a field or fact exists is
checked elsewhere.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import takewhile

from django.utils.translation import gettext as _

from apps.core.types import JsonObject
from apps.letters.document.traversal import with_block_ids

from ..faults import Report

INLINE = re.compile(
    r"(?P<escape>\\[\\*\[\]{}#>:.^-])"
    r"|(?P<break>\\\n)"
    r"|(?P<field>\{\{(?P<key>[^{}|]*)(?:\|(?P<fallback>[^{}]*))?\}\})"
    r"|(?P<note>\^\[(?P<said>(?:\\[\\\[\]]|[^\[\]\\])+)\])"
    r"|(?P<citation>\[\[(?P<fact>[^\[\]]*)\]\])"
    r"|(?P<link>\[(?P<words>[^\[\]]+)\]\((?P<href>[^()\s]+)\))"
    r"|(?P<bold>\*\*)"
    r"|(?P<italic>\*)"
    r"|(?P<stray>\{\{|\}\}|\[\[|\]\])"
)
NOTE_ESCAPE = re.compile(r"\\([\\\[\]])")
ITEM = re.compile(r"(?P<mark>-|[0-9]{1,3}\.) +(?P<text>.*)")
HEADING = re.compile(r"(?P<mark>#+) +(?P<text>.*)")
POINT = re.compile(r"point +(?P<number>[0-9]{1,4})")
AUDIENCE = re.compile(r"(?:only +(?P<only>[^;]+?))?(?:(?:^|\s+)except +(?P<without>[^;]+))?")
SIGNATORIES = "{{signatories}}"


@dataclass
class LetterText:
    """The document, and (line, name) of what it refers to."""

    doc: JsonObject = field(default_factory=dict)
    fields: list[tuple[int, str]] = field(default_factory=list)
    facts: list[tuple[int, str]] = field(default_factory=list)
    points: list[tuple[int, int]] = field(default_factory=list)
    entries: list[tuple[int, str]] = field(default_factory=list)


def parse_letter(text: str, first_line: int, report: Report) -> LetterText:
    """Parse a text that begins on line `first_line` of its file. What cannot be read is reported and left out."""
    return _Parser(text, first_line, report).parse()


class _Parser:
    def __init__(self, text: str, first_line: int, report: Report) -> None:
        self.lines = text.split("\n")
        self.first = first_line
        self.report = report
        self.at = 0
        self.found = LetterText()
        #: open nodes, with the line on which each began
        self.open: list[tuple[JsonObject, int]] = [({"type": "doc", "content": []}, first_line)]

    def parse(self) -> LetterText:
        while self.at < len(self.lines):
            if line := self.lines[self.at].strip():
                self.block(line)
            else:
                self.at += 1
        for _node, number in self.open[1:]:
            self.report(number, _("opens a block (:::) that is not closed."))
        self.found.doc = with_block_ids(self.open[0][0])
        return self.found

    @property
    def line(self) -> int:
        return self.first + self.at

    def add(self, kind: str, **fields: object) -> None:
        self.open[-1][0]["content"].append({"type": kind, **fields})

    def take(self, wanted: Callable[[str], object]) -> list[str]:
        """The next lines that are wanted, stripped."""
        lines = list(takewhile(wanted, self.lines[self.at :]))
        self.at += len(lines)
        return [line.strip() for line in lines]

    def block(self, line: str) -> None:
        first = self.line
        if line.startswith(":::"):
            self.fence(line[3:].strip())
            self.at += 1
        elif line == SIGNATORIES:
            self.add("signatories")
            self.at += 1
        elif match := HEADING.fullmatch(line):
            if (level := len(match["mark"])) not in (2, 3):
                self.report(first, _("a heading starts with ## or ###."))
            self.add("heading", attrs={"level": level}, content=self.inline(match["text"], first))
            self.at += 1
        elif ITEM.fullmatch(line):
            self.items(ordered=not line.startswith("-"))
        elif line.startswith(">"):
            quoted = self.take(lambda line: line.strip().startswith(">"))
            self.add("blockquote", content=[self.paragraph([words[1:].strip() for words in quoted], first)])
        else:
            words = self.take(lambda line: line.strip() and not line.strip().startswith(":::"))
            self.open[-1][0]["content"].append(self.paragraph(words, first))

    def fence(self, words: str) -> None:
        if not words:
            if len(self.open) == 1:
                self.report(self.line, _("closes a block (:::) that was not opened."))
                return
            node, line = self.open.pop()
            if node["content"]:
                self.open[-1][0]["content"].append(node)
            else:
                self.report(line, _("opens a block (:::) with nothing in it."))
            return
        node = self.opened(words)
        within = [outer["type"] for outer, _line in self.open]
        if node["type"] in within or (node["type"] == "audience" and "point" in within):
            self.report(self.line, _("opens a block (:::) inside another one, which is not allowed."))
        self.open.append((node, self.line))

    def opened(self, words: str) -> JsonObject:
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

    def items(self, *, ordered: bool) -> None:
        """Continuation lines are indented."""
        items = []
        while self.at < len(self.lines) and (item := ITEM.fullmatch(self.lines[self.at].strip())):
            if (item["mark"] != "-") != ordered:
                break
            first = self.line
            self.at += 1
            words = [item["text"], *self.take(lambda line: line.startswith("  ") and line.strip())]
            items.append({"type": "listItem", "content": [self.paragraph(words, first)]})
        self.add("orderedList" if ordered else "bulletList", content=items)

    def paragraph(self, lines: list[str], first: int) -> JsonObject:
        return {"type": "paragraph", "content": self.inline("\n".join(lines), first)}

    def inline(self, text: str, line: int) -> list[JsonObject]:
        return _Inline(text, line, self.report, self.found).parse()


class _Inline:
    def __init__(self, text: str, line: int, report: Report, found: LetterText) -> None:
        self.text, self.line, self.report, self.found = text, line, report, found
        self.nodes: list[JsonObject] = []
        #: open marks, with the line on which each began
        self.marks: dict[str, int] = {}

    def parse(self) -> list[JsonObject]:
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
        line = self.line + self.text[: match.start()].count("\n")
        if match["escape"]:
            self.words(match[0][1])
        elif match["break"]:
            self.nodes.append({"type": "hardBreak"})
        elif match["field"]:
            key = match["key"].strip()
            self.found.fields.append((line, key))
            self.atom("mergeField", key=key, fallback=(match["fallback"] or "").replace("\n", " ").strip())
        elif match["citation"]:
            self.found.facts.append((line, match["fact"].strip()))
            self.atom("citation", fact=match["fact"].strip())
        elif match["note"]:
            self.atom("note", text=NOTE_ESCAPE.sub(r"\1", match["said"]).replace("\n", " ").strip())
        elif match["link"]:
            self.words(match["words"], {"type": "link", "attrs": {"href": match["href"]}})
        elif match["stray"]:
            reason = _("“%(signs)s” has no counterpart here. Put a backslash before it.")
            self.report(line, reason % {"signs": match[0]})
        elif (mark := "bold" if match["bold"] else "italic") in self.marks:
            del self.marks[mark]
        else:
            self.marks[mark] = line

    def words(self, text: str, *extra: JsonObject) -> None:
        """Joined to the text before it if both have the same marks."""
        text, marked = text.replace("\n", " "), self.marked(*extra)
        last = self.nodes[-1] if self.nodes else {}
        if last.get("type") == "text" and last.get("marks", []) == marked.get("marks", []):
            last["text"] += text
        elif text:
            self.nodes.append({"type": "text", "text": text, **marked})

    def atom(self, kind: str, **attrs: str) -> None:
        self.nodes.append({"type": kind, "attrs": attrs, **self.marked()})

    def marked(self, *extra: JsonObject) -> JsonObject:
        marks = [*({"type": name} for name in ("bold", "italic") if name in self.marks), *extra]
        return {"marks": marks} if marks else {}
