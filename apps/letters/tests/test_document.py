"""What a letter document may hold, and what its readers get from it."""

import copy
import json
import random
from typing import Any

import pytest

from apps.letters.document.cleaning import clean_document
from apps.letters.document.resolution import Frozen, Noted, resolve
from apps.letters.document.schema import ATTRS, MAX_BLOCKS, validate_document, validate_subject
from apps.letters.document.traversal import (
    document_hash,
    facts_used,
    plain_text,
    walk_nodes,
    with_block_ids,
    word_count,
)
from apps.letters.document.validators import DocumentInvalid, safe_link
from apps.letters.pages.audiences import audience_sentence
from tests.factories import documents as d
from tests.factories.documents import damage

ENVELOPE = frozenset({"recipient.salutation"})


def frozen(member_entries: set[str] = frozenset(), **values: str) -> Frozen:  # type: ignore[assignment]
    filled = {key.replace("_", "."): value for key, value in values.items()}
    return Frozen(filled, ENVELOPE, matches=lambda entries: bool(member_entries & set(entries)))


def refused(document: Any, **options: Any) -> DocumentInvalid:
    with pytest.raises(DocumentInvalid) as caught:
        validate_document(document, **options)
    assert str(caught.value)
    return caught.value


def test_a_letter_that_uses_every_node_is_valid() -> None:
    whole = d.doc(*d.letter()["content"], *d.pasted()["content"], d.par(d.lost("image"), {"type": "hardBreak"}))
    assert {node["type"] for node in walk_nodes(whole)} == {"doc", "text", "hardBreak", *ATTRS}
    for document in (whole, with_block_ids(whole), d.doc()):
        validate_document(document)


@pytest.mark.parametrize(
    "words",
    [
        "السادة الوزراء، نكتب إليكم", "किसान डेटा मंच", "Hội Nông dân", "😀", "\u00a0x", "10⁹ m²", "می\u200cخواهم",
        "ශ්\u200dරී ලංකා",
    ],
)  # fmt: skip
def test_every_script_may_stand_in_a_letter(words: str) -> None:
    document = d.doc(d.par(words))
    validate_document(document)
    validate_subject(words)
    assert plain_text(document) == words.strip()


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (None, "doc"),
        ([], "doc"),
        ({"type": "paragraph"}, "doc"),
        (d.doc({"type": "script"}), "content[0]"),
        (d.doc({"type": ["paragraph"]}), "content[0]"),
        (d.doc(d.text("loose")), "content[0]"),
        ({**d.doc(), "extra": 1}, "doc.extra"),
        (d.doc({**d.par("x"), "style": "color:red"}), "content[0].style"),
        (d.doc({**d.par("x"), "attrs": {"class": "x"}}), "content[0].attrs.class"),
        (d.doc({**d.par("x"), "attrs": {"id": "B12"}}), "content[0].attrs.id"),
        (d.doc({**d.par("x"), "attrs": []}), "content[0].attrs"),
        (d.doc({"type": "paragraph", "content": "x"}), "content[0].content"),
        (d.doc(d.heading("x", 1)), "content[0].attrs.level"),
        (d.doc(d.heading("x", True)), "content[0].attrs.level"),
        (d.doc({"type": "heading", "content": [d.text("x")]}), "content[0].attrs.level"),
        (d.doc({"type": "heading", "attrs": {"level": 2.0}, "content": []}), "content[0].attrs.level"),
        (d.doc(d.audience(d.audience(d.par("x")))), "content[0].content[0]"),
        (d.doc(d.point(7, d.point(7, d.par("x")))), "content[0].content[0]"),
        (d.doc(d.audience(d.par("x"), only=["everybody"])), "content[0].attrs.only[0]"),
        (d.doc(d.audience(d.par("x"), only=["member:KE", "member:KE"])), "content[0].attrs.only"),
        (d.doc(d.audience(d.par("x"), without=[7])), "content[0].attrs.except[0]"),
        (d.doc(d.audience()), "content[0]"),
        (d.doc(d.point(0, d.par("x"))), "content[0].attrs.number"),
        (d.doc({"type": "orderedList", "content": [d.par("x")]}), "content[0].content[0]"),
        (d.doc({"type": "orderedList", "content": [{"type": "listItem", "content": [d.asks("x")]}]}),
         "content[0].content[0].content[0]"),
        (d.doc(d.numbered((d.par("x"),), start=1)), "content[0].attrs.start"),
        (d.doc(d.numbered((d.par("x"),), start=True)), "content[0].attrs.start"),
        (d.doc(d.numbered((d.par("x"),), numbering="letters")), "content[0].attrs.numbering"),
        (d.doc(d.numbered((d.par("x"),), numbering=["roman"])), "content[0].attrs.numbering"),
        (d.doc(d.numbered((d.par("x"), d.heading("y")))), "content[0].content[0].content[1]"),
        (d.doc(d.par(d.note("  "))), "content[0].content[0].attrs.text"),
        (d.doc(d.par(d.note("x" * 2001))), "content[0].content[0].attrs.text"),
        (d.doc(d.par(d.note("x\u202e"))), "content[0].content[0].attrs.text"),
        (d.doc(d.par(d.lost("virus"))), "content[0].content[0].attrs"),
        (d.doc(d.par(d.lost(["image"]))), "content[0].content[0].attrs"),
        (d.doc(d.par(d.text("x", "superscript", "subscript"))), "content[0].content[0].marks[1]"),
        (d.doc({"type": "signatories", "content": [d.par("x")]}), "content[0].content"),
        (d.doc(d.par(d.merge("user.password"))), "content[0].content[0].attrs.key"),
        (d.doc(d.par(d.merge("member.name", "x" * 201))), "content[0].content[0].attrs.fallback"),
        (d.doc(d.par(d.cite("../etc"))), "content[0].content[0].attrs.fact"),
        (d.doc(d.par({"type": "citation"})), "content[0].content[0].attrs.fact"),
        (d.doc(d.par(d.text("x", "underline"))), "content[0].content[0].marks[0]"),
        (d.doc(d.par(d.text("x", "bold", "bold"))), "content[0].content[0].marks[1]"),
        (d.doc(d.par({**d.text("x"), "marks": {"type": "bold"}})), "content[0].content[0].marks"),
        (d.doc(d.par(d.text(""))), "content[0].content[0].text"),
        (d.doc(d.par({"type": "text", "text": 7})), "content[0].content[0].text"),
        (d.doc(d.par("nul \x00")), "content[0].content[0].text"),
        (d.doc(d.par("line\nbreak")), "content[0].content[0].text"),
        (d.doc(d.par("half \ud800")), "content[0].content[0].text"),
        (d.doc(d.par("\ufffe")), "content[0].content[0].text"),
        (d.doc(d.par("turned \u202e round")), "content[0].content[0].text"),
    ],
)  # fmt: skip
def test_whatever_is_no_letter_is_refused_with_its_place(document: Any, path: str) -> None:
    assert refused(document).path == path


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)", "JAVASCRIPT:alert(1)", " https://a.example", "//a.example", "/local", "data:text/html,x",
        "https://", "https://user@a.example", "https://a.example/\x00", "https://a.example/ b", "mailto:nobody",
        "mailto:a@b.example?bcc=c@d.example", "ftp://a.example", "https://[::1", "", 'https://a.example/"x',
    ],
)  # fmt: skip
def test_links_lead_only_where_a_reader_can_see(href: str) -> None:
    assert "marks[0].attrs" in refused(d.doc(d.par(d.text("x", href="https://a.example") | _link(href)))).path


def _link(href: str) -> d.Node:
    return {"marks": [{"type": "link", "attrs": {"href": href}}]}


@pytest.mark.parametrize("href", ["https://a.example/x?y=1#z", "http://a.example", "mailto:a@b.example"])
def test_ordinary_links_are_allowed(href: str) -> None:
    validate_document(d.doc(d.par(d.text("x", "bold", href=href))))
    assert safe_link(href)


def test_ids_are_unique_over_the_whole_text() -> None:
    twice = d.doc(d.par("x", id="babcdefgh"), d.audience(d.par("y", id="babcdefgh")))
    assert "same id" in str(refused(twice))


def test_facts_must_be_the_campaigns() -> None:
    validate_document(d.letter(), fact_keys={"tp02-f06", "tp07-f01"})
    assert "tp02-f06" in str(refused(d.letter(), fact_keys={"tp07-f01"}))


def test_too_long_and_too_many_is_refused() -> None:
    assert "500 KB" in str(refused(d.doc(*[d.par("é" * 19_000) for _n in range(30)])))
    assert "2,000" in str(refused(d.doc(*[d.quote(*["x"] * 900) for _n in range(3)])))
    refused(d.doc(*[d.par("x")] * (MAX_BLOCKS + 1)))
    with pytest.raises(DocumentInvalid):
        validate_subject("x" * 201)
    with pytest.raises(DocumentInvalid):
        validate_subject("two\nlines")
    with pytest.raises(DocumentInvalid):
        validate_subject(None)


def test_a_bottomless_document_is_refused_and_not_followed() -> None:
    node: dict[str, Any] = d.par("x")
    for _turn in range(5000):
        node = {"type": "audience", "attrs": {"only": [], "except": []}, "content": [node]}
    assert refused(clean_document(d.doc(node))).path.startswith("content[0]")


@pytest.mark.parametrize(
    "char", [*"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff\u00ad\u2060\x07"]
)  # fmt: skip
def test_invisible_characters_are_cleaned_and_those_that_stay_refused(char: str) -> None:
    hidden = d.doc(d.par(f"a{char} b", d.merge("member.name", f"a{char}b"), d.text(char, "bold")))
    assert clean_document(hidden) == d.doc(d.par("a b", d.merge("member.name", "ab")))
    error = refused(d.doc(d.par(f"a{char} b")))
    assert error.path == "content[0].content[0].text"
    assert f"(U+{ord(char):04X})" in str(error)
    with pytest.raises(DocumentInvalid):
        validate_subject(f"a{char}")


def test_a_joiner_belongs_to_the_letter_before_it_whatever_its_marks() -> None:
    persian = d.doc(d.par(d.text("می", "bold"), "\u200cخواهم"))
    assert clean_document(persian) == persian
    validate_document(persian)
    assert clean_document(d.doc(d.par(d.text("Farm", "bold"), "\u200ders"))) == d.doc(
        d.par(d.text("Farm", "bold"), "ers")
    )


def test_line_ends_and_tabs_are_spaces_and_accents_are_composed() -> None:
    typed = d.doc(d.par("a\r\nb\tc\u2028d Me\u0301decins "))
    assert clean_document(typed) == d.doc(d.par("a b c d Médecins "))


def test_what_editors_add_is_dropped() -> None:
    item = {"type": "listItem", "content": [{"type": "paragraph", "attrs": {"id": None}, "content": [_noisy_link()]}]}
    raw = d.doc({"type": "orderedList", "attrs": {"start": 1, "type": None}, "content": [item]})
    cleaned = clean_document(raw)
    validate_document(cleaned)
    assert "start" not in json.dumps(cleaned)
    assert "_blank" not in json.dumps(cleaned)
    assert raw["content"][0]["attrs"] == {"start": 1, "type": None}, "the document given is not changed"


def _noisy_link() -> d.Node:
    attrs = {"href": "https://a.example", "target": "_blank", "rel": "noopener", "class": None, "title": None}
    return {"type": "text", "text": "x", "marks": [{"type": "link", "attrs": attrs}]}


def test_missing_ids_are_assigned_the_same_way_each_time_and_given_ones_stay() -> None:
    raw = d.doc(d.par("a"), d.par("b", id="bbbbbbbbb"), d.asks("c"), d.signatories())
    once, twice = with_block_ids(raw), with_block_ids(copy.deepcopy(raw))
    assert once == twice == with_block_ids(once)
    assert once["content"][1]["attrs"]["id"] == "bbbbbbbbb"
    validate_document(once)
    assert "id" in once["content"][2]["content"][0]["content"][0]["attrs"]
    assert "attrs" not in raw["content"][0]


def test_what_a_document_uses_is_found_in_reading_order() -> None:
    letter = d.letter()
    assert facts_used(letter) == ["tp02-f06", "tp07-f01"]
    assert word_count(d.doc(d.par("two words ", d.merge("member.name")))) == 3


def test_the_hash_changes_with_every_letter_and_not_with_the_order_of_keys() -> None:
    body = d.doc(d.par("x"))
    assert document_hash("s", body) == document_hash("s", {"content": body["content"], "type": "doc"})
    assert document_hash("s", body) != document_hash("t", body)
    assert document_hash("s", body) != document_hash("s", d.doc(d.par("x ")))


def test_passages_go_only_to_those_they_are_for() -> None:
    body = d.doc(
        d.audience(d.par("only"), only=["group:a"]),
        d.audience(d.par("not"), without=["group:a"]),
        d.audience(d.par("but"), only=["group:a"], without=["member:KE"]),
        d.audience(d.par("all")),
    )

    def seen(*entries: str) -> list[str]:
        return [block["content"][0]["text"] for block in resolve(body, frozen(set(entries))).blocks]

    assert seen() == ["not", "all"]
    assert seen("group:a") == ["only", "but", "all"]
    assert seen("group:a", "member:KE") == ["only", "all"]


def test_a_passage_says_whom_it_leaves_out_of_those_it_is_for() -> None:
    """The reviewer approves by this sentence."""
    members: list[Any] = ["KE", "NG", "ZA"]
    labels = {"group:a": "African Group", "member:KE": "Kenya"}

    def sentence(only: list[str], without: list[str]) -> str:
        return audience_sentence(
            {"only": only, "except": without}, members, lambda member, entries: f"member:{member}" in entries or
            "group:a" in entries, labels,
        )  # fmt: skip

    assert sentence(["group:a"], []) == "Only to African Group: 3 governments"
    assert sentence(["group:a"], ["member:KE"]) == "Only to African Group, but not to Kenya: 2 governments"
    three = sentence(["group:a", "member:KE", "member:NG"], [])
    assert three == "Only to African Group, Kenya and NG: 3 governments", "as the editor lists them"
    assert sentence([], ["member:KE"]) == "Not to Kenya: leaves out 1 government"


def test_citations_are_numbered_as_they_appear_and_a_fact_keeps_its_number() -> None:
    body = d.doc(
        d.audience(d.par("x", d.cite("f1")), only=["group:a"]), d.point(1, d.par("y", d.cite("f2"), d.cite("f1")))
    )
    inside, outside = resolve(body, frozen({"group:a"})), resolve(body, frozen())
    assert inside.facts == ["f1", "f2"]
    assert outside.facts == ["f2", "f1"]
    numbers = [node["attrs"]["n"] for node in inside.blocks[1]["content"] if node["type"] == "citation"]
    assert numbers == [2, 1]
    assert "n" not in json.dumps(body["content"][1]["content"][0]["content"][1]["attrs"]), "the draft is not changed"


def nested(levels: int) -> d.Node:
    return d.numbered((d.par("x"), *([nested(levels - 1)] if levels > 1 else [])))


def test_lists_stand_in_lists_but_not_without_end() -> None:
    stored = with_block_ids(clean_document(d.doc(d.audience(d.point(7, nested(8))))))
    validate_document(stored)
    assert len({node["attrs"]["id"] for node in walk_nodes(stored) if node["type"] == "orderedList"}) == 8
    assert refused(d.doc(nested(9))).path.count("content") == 17
    validate_document(d.doc(nested(8), nested(8)))


def test_own_notes_and_facts_are_numbered_together() -> None:
    body = d.doc(d.par("a", d.cite("f1"), d.note("Own."), d.cite("f1")), d.par(d.note("Own."), d.cite("f2")))
    done = resolve(body, frozen())
    assert done.notes == [Noted(("f1",)), Noted(text="Own."), Noted(text="Own."), Noted(("f2",))]
    assert [node["attrs"]["n"] for block in done.blocks for node in block["content"] if "attrs" in node] == [
        1, 2, 1, 3, 4,
    ]  # fmt: skip
    assert body["content"][1]["content"][0] == d.note("Own."), "the draft is not changed"


#: of the facts on the source s, a and b rest on its point 7, c on 9, e and f on none; x is on another source, u unknown
PLACES = {"a": ("s", 7), "b": ("s", 7), "c": ("s", 9), "e": ("s", None), "f": ("s", None), "x": ("t", 7)}


@pytest.mark.parametrize(
    ("cited", "numbers", "notes"),
    [
        ("a c", "1 1", "ac"), ("a|b", "1 1", "ab"), ("a|c", "1 2", "a c"), ("a x b", "1 2 3", "a x b"),
        ("a|x|a b", "1 2 1 1", "ab x"), ("a|x|a c", "1 2 1 3", "a x c"), ("a c|b", "1 1 2", "ac b"),
        ("a n b", "1 2 3", "a n b"), ("u u a", "1 1 2", "u a"), ("a u b", "1 2 3", "a u b"),
        ("a c a b", "1 1 1 1", "acb"), ("a e", "1 2", "a e"), ("e a", "1 2", "e a"), ("e|f", "1 1", "ef"),
    ],
)  # fmt: skip
def test_notes_that_follow_each_other_on_one_source_are_one_note(cited: str, numbers: str, notes: str) -> None:
    """In one paragraph the note names several places of the source; further on only where it says the same."""

    def marks(paragraph: str) -> list[d.Node]:
        return [d.note("Own.") if key == "n" else d.cite(key) for key in paragraph.split()]

    def spread(marks: list[d.Node]) -> list[d.Node]:
        return [piece for mark in marks for piece in (d.text("so"), mark)]

    body = d.doc(*(d.par(*spread(marks(paragraph))) for paragraph in cited.split("|")))
    done = resolve(body, Frozen({}, frozenset(), lambda entries: True, places=PLACES))
    assert " ".join("".join(note.facts) or "n" for note in done.notes) == notes
    found = [node["attrs"]["n"] for block in done.blocks for node in block["content"] if "attrs" in node]
    assert found == [int(number) for number in numbers.split()]


def test_marks_side_by_side_that_share_a_note_are_one_mark() -> None:
    body = d.doc(d.par("so", d.cite("a"), d.cite("c"), d.cite("x"), " and ", d.cite("x")))
    (block,) = resolve(body, Frozen({}, frozenset(), lambda entries: True, places=PLACES)).blocks
    assert [node["attrs"]["n"] for node in block["content"] if "attrs" in node] == [1, 2, 2]


@pytest.mark.parametrize(
    ("marked", "read"),
    [
        (d.text("9", "superscript"), "⁹"), (d.text("1/2", "superscript"), "^(1/2)"),
        (d.text("st", "superscript"), "st"), (d.text("−6", "superscript", "bold"), "⁻⁶"),
        (d.text("2", "subscript"), "₂"), (d.text("g", "subscript"), "_(g)"), (d.text("١", "superscript"), "^(١)"),
        (d.text("1 ,2", "superscript"), "¹ ,²"), (d.text("9", "bold"), "9"),
    ],
)  # fmt: skip
def test_a_raised_number_is_never_read_as_part_of_another(marked: d.Node, read: str) -> None:
    assert plain_text(d.doc(d.par("3", marked))) == f"3{read}".strip()


def test_fields_are_filled_and_what_has_no_value_is_named() -> None:
    body = d.doc(
        d.par("To ", d.merge("member.name"), d.merge("member.capital"), d.merge("body.name", "the body"), "."),
        d.par(d.merge("recipient.salutation")),
    )
    done = resolve(body, frozen(member_name="Kenya"))
    assert done.blocks[0]["content"] == [{"type": "text", "text": "To Kenyathe body."}]
    assert done.missing == ["member.capital"]
    assert done.blocks[1]["content"][0]["attrs"]["key"] == "recipient.salutation"


def test_empty_paragraphs_and_what_they_leave_empty_are_dropped() -> None:
    empty = {"type": "paragraph"}
    body = d.doc(empty, d.par("  "), {"type": "blockquote", "content": [empty]}, d.par("x"), {"type": "signatories"})
    assert [block["type"] for block in resolve(body, frozen()).blocks] == ["paragraph", "signatories"]


def test_a_thousand_broken_letters_are_refused_or_resolved_but_never_crash() -> None:
    chance = random.Random(11)
    junk: list[Any] = [None, 7, -1.5, "", "x", [], {}, True, "\ud800", {"type": "doc"}, [[]], 10**30, "group:a"]
    survivors = 0
    for _turn in range(1000):
        document = chance.choice([d.letter, d.pasted])()
        for _blow in range(chance.randint(1, 3)):
            damage(document, chance, junk)
        try:
            cleaned = clean_document(document)
            validate_document(cleaned)
        except DocumentInvalid as error:
            f"{error} {error.path}".encode()
        else:
            survivors += 1
            stored = with_block_ids(cleaned)
            validate_document(stored)
            resolve(stored, frozen())
            document_hash("s", stored)
    assert 10 < survivors < 900
