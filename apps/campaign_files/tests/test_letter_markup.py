"""The notation of letter templates: what it becomes, and what it refuses with the line."""

from typing import Any

import pytest

from apps.campaign_files.letter_markup.parser import LetterText, parse_letter
from apps.campaign_files.letter_markup.writer import written_letter
from apps.letters.document.schema import validate_document
from apps.letters.document.traversal import walk_nodes


def parsed(text: str) -> tuple[LetterText, list[tuple[int, str]]]:
    """The text read as if its first line were line 10 of a file, and what was reported."""
    reported: list[tuple[int, str]] = []
    found = parse_letter(text, 10, lambda line, reason: reported.append((line, reason)))
    return found, reported


def blocks(text: str) -> list[dict[str, Any]]:
    found, reported = parsed(text)
    assert reported == []
    validate_document(found.doc)
    return without_ids(found.doc["content"])


def without_ids(content: list[dict[str, Any]]) -> list[dict[str, Any]]:
    cleaned = []
    for node in content:
        attrs = {name: value for name, value in node.get("attrs", {}).items() if name != "id"}
        kept = {name: value for name, value in node.items() if name not in {"attrs", "content"}}
        if attrs:
            kept["attrs"] = attrs
        if "content" in node:
            kept["content"] = without_ids(node["content"])
        cleaned.append(kept)
    return cleaned


def text(words: str, *marks: str) -> dict[str, Any]:
    return {"type": "text", "text": words, **({"marks": [{"type": mark} for mark in marks]} if marks else {})}


def paragraph(*content: dict[str, Any]) -> dict[str, Any]:
    return {"type": "paragraph", "content": list(content)}


def test_paragraphs_end_at_empty_lines_and_line_breaks_mean_nothing() -> None:
    assert blocks("One\ntwo.\n\n\nThree.\n") == [paragraph(text("One two.")), paragraph(text("Three."))]


def test_a_backslash_at_the_end_breaks_the_line() -> None:
    assert blocks("Respectfully,\\\nWe") == [paragraph(text("Respectfully,"), {"type": "hardBreak"}, text("We"))]


def test_headings_lists_and_quotations() -> None:
    assert blocks("## Two\n### Three\n- a\n- b\n  goes on\n1. one\n2. two\n> said\n> so") == [
        {"type": "heading", "attrs": {"level": 2}, "content": [text("Two")]},
        {"type": "heading", "attrs": {"level": 3}, "content": [text("Three")]},
        {
            "type": "bulletList",
            "content": [
                {"type": "listItem", "content": [paragraph(text("a"))]},
                {"type": "listItem", "content": [paragraph(text("b goes on"))]},
            ],
        },
        {
            "type": "orderedList",
            "content": [
                {"type": "listItem", "content": [paragraph(text("one"))]},
                {"type": "listItem", "content": [paragraph(text("two"))]},
            ],
        },
        {"type": "blockquote", "content": [paragraph(text("said so"))]},
    ]


def test_bold_italic_and_links() -> None:
    link = {"type": "link", "attrs": {"href": "https://sea.example/a"}}
    assert blocks("**b** *i* ***both***") == [
        paragraph(text("b", "bold"), text(" "), text("i", "italic"), text(" "), text("both", "bold", "italic"))
    ]
    assert blocks("see [the sea](https://sea.example/a).") == [
        paragraph(text("see "), {"type": "text", "text": "the sea", "marks": [link]}, text("."))
    ]


def test_fields_and_citations_stand_in_the_text_and_are_told_with_their_lines() -> None:
    found, reported = parsed("Dear {{recipient.salutation|Excellency}},\n\nso it is.[[f-1]]\nAgain {{ date }}[[f-2]]")
    assert reported == []
    assert found.fields == [(10, "recipient.salutation"), (13, "date")]
    assert found.facts == [(12, "f-1"), (13, "f-2")]
    assert without_ids(found.doc["content"])[1] == paragraph(
        text("so it is."),
        {"type": "citation", "attrs": {"fact": "f-1"}},
        text(" Again "),
        {"type": "mergeField", "attrs": {"key": "date", "fallback": ""}},
        {"type": "citation", "attrs": {"fact": "f-2"}},
    )


def test_notes_of_the_letter_itself_are_read_as_they_are_written() -> None:
    words = r"Trade grew.^[See \[4\], *page* 7, C:\\x.] And \^[[tp02-f06]]"
    found, _reported = parsed(words)
    assert [node["attrs"] for node in walk_nodes(found.doc) if node["type"] == "note"] == [
        {"text": r"See [4], *page* 7, C:\x."}
    ]
    assert written_letter(found.doc) == words


def test_audiences_and_points() -> None:
    found, reported = parsed("::: only group:ldc, member:KE except stance:joined\n::: point 7\nWords.\n:::\n:::")
    assert reported == []
    assert found.entries == [(10, "group:ldc"), (10, "member:KE"), (10, "stance:joined")]
    assert found.points == [(11, 7)]
    assert without_ids(found.doc["content"]) == [
        {
            "type": "audience",
            "attrs": {"only": ["group:ldc", "member:KE"], "except": ["stance:joined"]},
            "content": [{"type": "point", "attrs": {"number": 7}, "content": [paragraph(text("Words."))]}],
        }
    ]
    assert parsed("::: except group:eu\nx\n:::")[0].doc["content"][0]["attrs"]["except"] == ["group:eu"]


def test_the_place_of_the_signatories() -> None:
    assert blocks("{{signatories}}") == [{"type": "signatories"}]


def test_signs_after_a_backslash_are_themselves() -> None:
    assert blocks(r"5 \* 3, \{\{a\}\}, \[\[b\]\], a\\b") == [paragraph(text("5 * 3, {{a}}, [[b]], a\\b"))]


def test_arabic_text_stays_as_it_is() -> None:
    assert blocks("**معالي** الوزير") == [paragraph(text("معالي", "bold"), text(" الوزير"))]


def test_the_same_text_has_the_same_block_ids_and_all_differ() -> None:
    words = "## A\n\nOne.\n\nTwo.\n\n- a\n- b\n\n::: point 1\nThree.\n:::\n"
    first, second = parsed(words)[0].doc, parsed(words)[0].doc
    assert first == second
    ids = [node["attrs"]["id"] for node in walk(first) if "id" in node.get("attrs", {})]
    assert len(ids) == len(set(ids)) >= 6


def walk(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node, *(inner for child in node.get("content", []) for inner in walk(child))]


@pytest.mark.parametrize(
    ("words", "line", "reason"),
    [
        ("a\n\n::: only group:ldc\nb", 12, "opens a block (:::) that is not closed"),
        ("a\n:::\n", 11, "closes a block (:::) that was not opened"),
        ("::: only group:a\n:::", 10, "with nothing in it"),
        ("::: only group:a\n::: only group:b\nx\n:::\n:::", 11, "inside another one"),
        ("::: point 1\n::: only group:b\nx\n:::\n:::", 11, "inside another one"),
        ("::: point 1\n::: point 2\nx\n:::\n:::", 11, "inside another one"),
        ("::: sometimes\nx\n:::", 10, "is neither “only …”"),
        ("::: point seven\nx\n:::", 10, "is neither “only …”"),
        ("# One\n", 10, "a heading starts with ##"),
        ("a\nb **c\n\nd", 11, "begins bold text that does not end"),
        ("*c", 10, "begins italic text that does not end"),
        ("a\nDear {{name,", 11, "“{{” has no counterpart here"),
        ("a [[b", 10, "“[[” has no counterpart here"),
        ("a ]] b", 10, "“]]” has no counterpart here"),
    ],
)
def test_what_cannot_be_read_is_reported_with_its_line(words: str, line: int, reason: str) -> None:
    _found, reported = parsed(words)
    assert [(at, reason in said) for at, said in reported if reason in said] == [(line, True)], reported


def test_a_huge_text_is_read_in_reasonable_time() -> None:
    found, reported = parsed("word *two* {{a|b}} [[c]]\n" * 5000)
    assert reported == []
    assert len(found.facts) == 5000


def test_hostile_runs_of_signs_end() -> None:
    for signs in ("*" * 10_000, "[" * 10_000, "{{" * 5000, "[a](" * 3000, "\\" * 9999, ":::" * 3000):
        found, _reported = parsed(signs)
        assert found.facts == [], "signs alone cite nothing"
