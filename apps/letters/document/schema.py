"""What a letter document may contain."""

import re
from collections.abc import Container
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.canonical_json import canonical_json
from apps.core.registries import merge_fields
from apps.core.types import JsonObject

from .scripts import SCRIPTS
from .validators import DocumentInvalid, check_text, safe_link

#: JSON that is not validated yet
type Json = Any

MAX_BYTES = 500_000
MAX_BLOCKS = 2_000
MAX_INLINE = 2_000
MAX_TEXT = 20_000
MAX_FALLBACK = 200
MAX_SUBJECT = 200
MAX_ENTRIES = 200
MAX_NOTE = 2_000
#: lists in lists: the editor makes four, but two people may each put one list into another
MAX_LEVELS = 8

BLOCK_ID = re.compile(r"b[a-z0-9]{8}")
FACT_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
AUDIENCE_ENTRY = re.compile(
    r"group:[a-z0-9][a-z0-9_-]{0,78}|member:[A-Z]{2}|stance:(opposes|undecided|supports|joined|none)"
)

#: blocks with inline content
TEXT_BLOCKS = frozenset({"paragraph", "heading"})
LISTS = frozenset({"orderedList", "bulletList"})
SIMPLE = TEXT_BLOCKS | LISTS | {"blockquote", "signatories"}
CHILDREN: dict[str, frozenset[str]] = {
    "doc": SIMPLE | {"audience", "point"},
    "audience": SIMPLE | {"point"},
    "point": SIMPLE,
    "blockquote": frozenset({"paragraph"}),
    "orderedList": frozenset({"listItem"}),
    "bulletList": frozenset({"listItem"}),
    "listItem first": frozenset({"paragraph"}),
    "listItem": frozenset({"paragraph"}) | LISTS,
}
INLINE = frozenset({"text", "mergeField", "citation", "note", "lost", "hardBreak"})
MARKS = frozenset({"bold", "italic", "link", *SCRIPTS})
#: of the numbers of a list; letters where nothing is said
NUMBERINGS = frozenset({"decimal", "roman"})
#: words that were inserted in the language of the evidence, not that of the letter
UNTRANSLATED = "untranslated"
#: what a paste could not keep, or somebody must look at: a mark where it stands, which nobody may freeze
LOST = frozenset({"image", "object", "table", "formula", "form", "struck", "link", "note", "symbol", UNTRANSLATED})
ATTRS: dict[str, frozenset[str]] = {
    **dict.fromkeys(["paragraph", "listItem", "blockquote", "signatories", "bulletList"], frozenset({"id"})),
    "orderedList": frozenset({"id", "start", "numbering"}),
    "heading": frozenset({"id", "level"}),
    "audience": frozenset({"id", "only", "except"}),
    "point": frozenset({"id", "number"}),
    "mergeField": frozenset({"key", "fallback"}),
    "citation": frozenset({"fact"}),
    "note": frozenset({"text"}),
    "lost": frozenset({"what", "words"}),
}


def validate_subject(subject: Json) -> None:
    """Raises DocumentInvalid. A draft's subject may be empty."""
    if not isinstance(subject, str):
        raise DocumentInvalid("subject", _("The subject is not text."))
    if len(subject) > MAX_SUBJECT:
        raise DocumentInvalid("subject", _("The subject is longer than 200 characters. Shorten it."))
    check_text(subject, "subject")


def validate_document(doc: Json, *, fact_keys: Container[str] | None = None) -> None:
    """Raises DocumentInvalid. With `fact_keys`, checks that they contain every cited fact. Blocks may lack ids."""
    _Check(fact_keys).document(doc)


class _Check:
    """One pass over one document."""

    def __init__(self, fact_keys: Container[str] | None) -> None:
        self.fact_keys = fact_keys
        self.blocks = 0
        self.ids: set[str] = set()
        self.levels = 0

    def document(self, doc: Json) -> None:
        self.node(doc, "doc", frozenset({"doc"}))
        self.keys(doc, "doc", {"type", "content"})
        self.children(doc, "", "doc")
        if len(canonical_json(doc)) > MAX_BYTES:
            raise DocumentInvalid("", _("The text is larger than 500 KB. Shorten it, or make it two letters."))

    def node(self, node: Json, path: str, allowed: frozenset[str]) -> str:
        if not isinstance(node, dict) or not isinstance(node.get("type"), str):
            raise DocumentInvalid(path, _("This is not a part of a letter."))
        kind: str = node["type"]
        if kind not in allowed:
            name = kind if kind.isalnum() and len(kind) < 40 else "?"
            raise DocumentInvalid(path, _("“%(name)s” is not allowed here.") % {"name": name})
        return kind

    def keys(self, node: JsonObject, path: str, allowed: Container[str]) -> None:
        unknown = [key for key in node if key not in allowed]
        if unknown:
            raise DocumentInvalid(f"{path}.{_short(unknown[0])}", _("A letter has no such property."))

    def children(self, node: JsonObject, path: str, kind: str) -> None:
        content = self.content(node, path, MAX_BLOCKS)
        if not content and kind != "doc":
            raise DocumentInvalid(path, _("This part is empty. Write in it, or remove it."))
        for index, child in enumerate(content):
            here = f"{path}content[{index}]" if kind == "doc" else f"{path}.content[{index}]"
            self.block(child, here, "listItem first" if kind == "listItem" and not index else kind)

    def content(self, node: JsonObject, path: str, limit: int) -> list[Json]:
        content = node.get("content", [])
        if not isinstance(content, list):
            raise DocumentInvalid(f"{path}.content", _("This is not a list of parts."))
        if len(content) > limit:
            raise DocumentInvalid(path, _("This has too many parts. Shorten the text."))
        return content

    def block(self, node: Json, path: str, parent: str) -> None:
        kind = self.node(node, path, CHILDREN[parent])
        self.blocks += 1
        if self.blocks > MAX_BLOCKS:
            raise DocumentInvalid(path, _("The text has more than 2,000 paragraphs. Make it two letters."))
        attrs = self.attrs(node, path, kind)
        self.block_attrs(kind, attrs, f"{path}.attrs")
        if kind == "signatories":
            self.keys(node, path, {"type", "attrs"})
            return
        self.keys(node, path, {"type", "attrs", "content"})
        if kind in TEXT_BLOCKS:
            for index, inline in enumerate(self.content(node, path, MAX_INLINE)):
                self.inline(inline, f"{path}.content[{index}]")
        elif kind in LISTS:
            self.list(node, path, kind)
        else:
            self.children(node, path, kind)

    def list(self, node: JsonObject, path: str, kind: str) -> None:
        self.levels += 1
        if self.levels > MAX_LEVELS:
            raise DocumentInvalid(path, _("A list has eight levels at most."))
        self.children(node, path, kind)
        self.levels -= 1

    def attrs(self, node: JsonObject, path: str, kind: str) -> JsonObject:
        attrs = node.get("attrs", {})
        if not isinstance(attrs, dict):
            raise DocumentInvalid(f"{path}.attrs", _("The properties are not valid."))
        self.keys(attrs, f"{path}.attrs", ATTRS.get(kind, frozenset()))
        return attrs

    def block_attrs(self, kind: str, attrs: JsonObject, path: str) -> None:
        if "id" in attrs:
            self.block_id(attrs["id"], f"{path}.id")
        if kind == "heading" and not (_whole(attrs.get("level")) and attrs["level"] in (2, 3)):
            raise DocumentInvalid(f"{path}.level", _("A heading has level 2 or 3."))
        if kind == "orderedList":
            self.numbers(attrs, path)
        if kind == "point" and not (_whole(attrs.get("number")) and 1 <= attrs["number"] <= 9999):
            raise DocumentInvalid(f"{path}.number", _("A passage refers to its point by number."))
        if kind == "audience":
            for side in ("only", "except"):
                self.entries(attrs.get(side, []), f"{path}.{side}")

    def numbers(self, attrs: JsonObject, path: str) -> None:
        start, numbering = attrs.get("start", 2), attrs.get("numbering", "decimal")
        if not (_whole(start) and 2 <= start <= 9999):
            raise DocumentInvalid(f"{path}.start", _("A list begins with a number from 1 to 9999."))
        if not isinstance(numbering, str) or numbering not in NUMBERINGS:
            raise DocumentInvalid(f"{path}.numbering", _("A list has letters, numbers or Roman numbers."))

    def block_id(self, value: Json, path: str) -> None:
        if not isinstance(value, str) or not BLOCK_ID.fullmatch(value):
            raise DocumentInvalid(path, _("A block’s id is b with eight small letters or digits."))
        if value in self.ids:
            raise DocumentInvalid(path, _("Two blocks have the same id. Reload the page."))
        self.ids.add(value)

    def entries(self, value: Json, path: str) -> None:
        if not isinstance(value, list) or len(value) > MAX_ENTRIES:
            raise DocumentInvalid(path, _("This is not a list of groups, governments or positions."))
        for index, entry in enumerate(value):
            if not isinstance(entry, str) or not AUDIENCE_ENTRY.fullmatch(entry):
                raise DocumentInvalid(
                    f"{path}[{index}]",
                    _("This is not a group, a government or a position (group:…, member:KE, stance:…)."),
                )
        if len(set(value)) != len(value):
            raise DocumentInvalid(path, _("The same group or government is named twice."))

    def inline(self, node: Json, path: str) -> None:
        kind = self.node(node, path, INLINE)
        self.marks(node.get("marks", []), f"{path}.marks")
        if kind == "text":
            self.keys(node, path, {"type", "text", "marks"})
            text = node.get("text")
            if not isinstance(text, str) or not text or len(text) > MAX_TEXT:
                raise DocumentInvalid(f"{path}.text", _("A piece of text is empty or longer than 20,000 characters."))
            check_text(text, f"{path}.text")
            return
        self.keys(node, path, {"type", "attrs", "marks"})
        attrs = self.attrs(node, path, kind)
        if kind == "mergeField":
            self.merge_field(attrs, f"{path}.attrs")
        elif kind == "citation":
            self.citation(attrs, f"{path}.attrs")
        elif kind == "note":
            self.note(attrs, f"{path}.attrs")
        elif kind == "lost":
            self.lost(attrs, f"{path}.attrs")

    def merge_field(self, attrs: JsonObject, path: str) -> None:
        key = attrs.get("key")
        if not isinstance(key, str) or key not in merge_fields:
            raise DocumentInvalid(f"{path}.key", _("No field has this name. Choose one from the list."))
        fallback = attrs.get("fallback", "")
        if not isinstance(fallback, str) or len(fallback) > MAX_FALLBACK:
            raise DocumentInvalid(f"{path}.fallback", _("Shorten the text for a missing value to 200 characters."))
        check_text(fallback, f"{path}.fallback")

    def citation(self, attrs: JsonObject, path: str) -> None:
        fact = attrs.get("fact")
        if not isinstance(fact, str) or not FACT_KEY.fullmatch(fact):
            raise DocumentInvalid(f"{path}.fact", _("A citation names a fact of this campaign."))
        if self.fact_keys is not None and fact not in self.fact_keys:
            raise DocumentInvalid(
                f"{path}.fact", _("This campaign has no fact %(fact)s. Remove the citation.") % {"fact": fact}
            )

    def note(self, attrs: JsonObject, path: str) -> None:
        text = attrs.get("text")
        if not isinstance(text, str) or not text.strip() or len(text) > MAX_NOTE:
            raise DocumentInvalid(f"{path}.text", _("A note is empty or longer than 2,000 characters."))
        check_text(text, f"{path}.text")

    def lost(self, attrs: JsonObject, path: str) -> None:
        what, words = attrs.get("what"), attrs.get("words", "")
        known = isinstance(what, str) and what in LOST
        if not known or not isinstance(words, str) or len(words) > MAX_FALLBACK:
            raise DocumentInvalid(path, _("This is not a mark of something left out."))
        check_text(words, f"{path}.words")

    def marks(self, marks: Json, path: str) -> None:
        if not isinstance(marks, list) or len(marks) > len(MARKS):
            raise DocumentInvalid(path, _("The formatting is not valid."))
        seen = set()
        for index, mark in enumerate(marks):
            here = f"{path}[{index}]"
            kind = self.node(mark, here, MARKS)
            if kind in seen:
                raise DocumentInvalid(here, _("The same formatting is given twice."))
            seen.add(kind)
            if seen.issuperset(SCRIPTS):
                raise DocumentInvalid(here, _("Text is superscript or subscript, not both."))
            self.keys(mark, here, {"type", "attrs"} if kind == "link" else {"type"})
            if kind == "link":
                self.link(mark.get("attrs"), f"{here}.attrs")

    def link(self, attrs: Json, path: str) -> None:
        if not isinstance(attrs, dict) or set(attrs) != {"href"} or not isinstance(attrs["href"], str):
            raise DocumentInvalid(path, _("A link has only an address."))
        if not safe_link(attrs["href"]):
            raise DocumentInvalid(
                f"{path}.href", _("A link starts with https://, http:// or mailto:, followed by an address.")
            )


def _whole(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _short(name: Json) -> str:
    return "".join(char for char in str(name)[:40] if char.isalnum() or char in "_-") or "?"
