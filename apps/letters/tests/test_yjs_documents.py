"""Letters as Yjs documents: there and back, changed in small pieces, mended after merging, closed to all else."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import Doc, Map, Text, XmlElement, XmlText

from apps.core.errors import DomainError
from apps.letters.document.schema import validate_document
from apps.letters.document.traversal import with_block_ids
from apps.letters.document.yjs.decoding import read_document
from apps.letters.document.yjs.edits import replace_text
from apps.letters.document.yjs.encoding import body_of, empty_document, new_document
from apps.letters.document.yjs.updates import (
    Contents,
    UpdateIncomplete,
    UpdateMalformed,
    check_state,
    orphans,
    state_vector,
    update_contents,
)
from tests.factories import documents as d
from tests.factories.drafting import Editor

LETTERS = "ab é😀𝔘مرحباកសិក।你好 .,"
words = st.text(alphabet=LETTERS, min_size=1, max_size=12)
marks = st.sets(st.sampled_from(["bold", "italic", "superscript"]), max_size=2).map(sorted)
pieces = st.builds(lambda text, looks: d.text(text, *looks), words, marks)
links = st.builds(lambda text: d.text(text, "bold", href="https://a.example/x"), words)
atoms = st.sampled_from(
    [
        d.merge("member.name"),
        d.merge("member.name", "you"),
        d.merge("member.name", "you", "bold", "italic"),
        d.merge("recipient.post", "", "bold", href="https://a.example/x"),
        d.cite("tp02-f06"),
        d.note("By March."),
        d.lost("image", "a chart"),
        {"type": "hardBreak"},
    ]
)


def _runs(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As the editor has them: two pieces side by side differ in their marks."""
    kept: list[dict[str, Any]] = []
    for node in nodes:
        if kept and node["type"] == "text" == kept[-1]["type"] and node.get("marks") == kept[-1].get("marks"):
            kept[-1] = {**kept[-1], "text": kept[-1]["text"] + node["text"]}
        else:
            kept.append(node)
    return kept


paragraphs = st.lists(pieces | links | atoms, max_size=5).map(lambda nodes: d.par(*_runs(nodes)))
simple = (
    paragraphs
    | st.builds(d.heading, words, st.sampled_from([2, 3]))
    | st.lists(words, min_size=1, max_size=3).map(lambda lines: d.asks(*lines))
    | st.lists(words, min_size=1, max_size=3).map(lambda lines: d.dashes(*lines))
    | st.lists(words, min_size=1, max_size=2).map(lambda lines: d.quote(*lines))
    | st.just(d.signatories())
    | st.builds(lambda inner: d.numbered((inner, d.numbered((inner,), numbering="roman")), start=3), paragraphs)
)
points = st.builds(
    lambda number, blocks: d.point(number, *blocks), st.integers(1, 40), st.lists(simple, min_size=1, max_size=2)
)
audiences = st.builds(
    lambda blocks, only: d.audience(*blocks, only=only), st.lists(simple | points, min_size=1, max_size=2),
    st.sampled_from([["group:ldc"], ["member:KE", "stance:opposes"], []]),
)  # fmt: skip
letters = st.lists(simple | points | audiences, min_size=1, max_size=6).map(
    lambda blocks: with_block_ids(_without_empty_content(d.doc(*blocks)))
)


def _without_empty_content(node: dict[str, Any]) -> dict[str, Any]:
    kept = {**node, "content": [_without_empty_content(child) for child in node.get("content", ())]}
    return kept if kept["content"] else {name: value for name, value in kept.items() if name != "content"}


@settings(max_examples=60, deadline=None)
@given(one=letters, other=letters, subject=words)
def test_every_letter_comes_back_as_it_was_and_becomes_every_other(one: Any, other: Any, subject: str) -> None:
    doc = new_document(subject, one, 1)
    assert read_document(doc)[1] == one
    assert new_document(subject, one, 1).get_update() == doc.get_update(), "the same text begins with the same bytes"
    validate_document(one)
    reader, before = Editor(doc.get_update()), doc.get_state()
    replace_text(doc, subject, other)
    assert read_document(doc)[1] == other
    reader.receive(doc.get_update(before))
    assert reader.body == other, "others get it as changes"


def test_another_text_changes_only_the_words_that_differ() -> None:
    one = with_block_ids(d.doc(d.par("We write to you today about trade."), d.par("Second.")))
    doc = new_document("Old title", one, 1)
    other = Editor(doc.get_update())
    other.write(" Kindly, 😀", block=1)
    other.write("all ", at=3)
    one["content"][0]["content"] = [d.text("We write to "), d.text("them", "bold"), d.text(" today about trade.")]
    replace_text(doc, "New title", one)
    doc.apply_update(other.unsent())
    assert [d_text(block) for block in read_document(doc)[1]["content"]] == [
        "We all write to them today about trade.", "Second. Kindly, 😀",
    ]  # fmt: skip


def d_text(block: dict[str, Any]) -> str:
    return "".join(node.get("text", "") for node in block["content"])


def test_two_honest_changes_that_do_not_go_together_are_mended_without_losing_text() -> None:
    block = d.audience(d.par("Only to them."), only=["group:ldc"])
    state = new_document("T", with_block_ids(d.doc(d.par("First half, second half."), block)), 1).get_update()
    ada, ben = Editor(state), Editor(state)
    for person, rest in ((ada, "second half."), (ben, "half.")):  # each splits the paragraph, with the same new id
        text = person.words()
        person.delete(text.index(rest), len(text))
        person.add("paragraph", rest, id="bsamesame")
    del body_of(ada.doc).children[1].children[0]  # ada empties the block that ben writes under
    ben.title("itle")
    for update in (ada.unsent(), ben.unsent()):
        ada.receive(update)
        ben.receive(update)
    assert ada.body == ben.body
    validate_document(ada.body)
    assert [node["type"] for node in ada.body["content"]] == ["paragraph"] * 3
    assert sorted(d_text(node) for node in ada.body["content"]) == ["First half, ", "half.", "second half."]


def test_a_list_without_its_words_and_text_both_raised_and_lowered_are_mended() -> None:
    doc = new_document("T", with_block_ids(d.doc(d.numbered((d.par("one"), d.dashes("in it"))), d.par("10"))), 1)
    body = body_of(doc)
    del body.children[0].children[0].children[0]
    for script in ("superscript", "subscript"):
        body.children[1].children[0].format(1, 2, {script: {}})
    read = read_document(doc)[1]
    validate_document(read)
    assert [node["type"] for node in read["content"][0]["content"][0]["content"]] == ["paragraph", "bulletList"]
    assert read["content"][1]["content"] == [d.text("1"), d.text("0", "superscript")]


def test_marks_of_a_field_merge_and_only_honest_ones_are_taken() -> None:
    """One makes it bold, another raises and a third lowers it, as the editor writes that; then come three liars."""
    doc = new_document("T", with_block_ids(d.doc(d.par(d.text("To "), d.merge("member.name", "", "italic")))), 1)
    people = [Editor(doc.get_update()) for _one in range(3)]
    for person, mark in zip(people, ("bold", "superscript", "subscript"), strict=True):
        body_of(person.doc).children[0].children[1].attributes[mark] = True
    for person in people:
        doc.apply_update(person.unsent())
    read = read_document(doc)[1]
    validate_document(read)
    assert read["content"][0]["content"][1] == d.merge("member.name", "", "bold", "italic", "superscript")
    for name, value in (("bold", "very"), ("link", True), ("link", "javascript:alert(1)")):
        liar = new_document("T", read, 1)
        body_of(liar).children[0].children[1].attributes[name] = value
        with pytest.raises(DomainError):
            validate_document(read_document(liar)[1])


def test_a_text_of_which_all_is_deleted_is_an_empty_paragraph() -> None:
    doc = new_document("", with_block_ids(d.doc(d.par("x"))), 1)
    del body_of(doc).children[0]
    subject, body = read_document(doc)
    assert (subject, [block["type"] for block in body["content"]]) == ("", ["paragraph"])
    validate_document(body)


def hostile_documents() -> list[Doc[Any]]:
    """What nobody's editor writes."""
    unknown, attribute, link, mark, nested, text = (empty_document() for _doc in range(6))
    body_of(unknown).children.append(XmlElement("script"))
    body_of(attribute).children.append(XmlElement("paragraph", {"onclick": "x"}))
    for doc, formats in ((link, {"link": {"href": "javascript:alert(1)"}}), (mark, {"blink": {}})):
        block = body_of(doc).children.append(XmlElement("paragraph"))
        block.children.append(XmlText()).insert(0, "x", formats)
    inner: Any = body_of(nested)
    for _level in range(400):
        inner = inner.children.append(XmlElement("audience"))
    body_of(text).children.append(XmlText("bare"))
    return [unknown, attribute, link, mark, nested, text]


@pytest.mark.parametrize("doc", hostile_documents())
def test_what_is_no_letter_is_no_valid_document(doc: Doc[Any]) -> None:
    update_contents(doc.get_update())
    with pytest.raises(DomainError):
        validate_document(read_document(doc)[1])


def test_updates_with_anything_but_elements_and_text_are_refused_unread() -> None:
    other, embedded, whole = Doc(), empty_document(), empty_document()
    other["config"] = Map({"a": 1})
    body_of(embedded).children.append(XmlText()).insert_embed(0, {"image": "x"})
    body_of(whole).children.append(XmlElement("paragraph"))
    update = whole.get_update()
    refused = [other.get_update(), embedded.get_update(), b"", b"\x01", update[:-1], update + b"\x00"]
    refused += [
        b"\x01\x01\x07\x00\x00\xff\xff\xff\xff\x0f\x00",
        b"\xff" * 40,
        b"\x01\x01\x05\x00\x07\x01\x04body\x01\x00",
    ]
    for bad in refused:
        with pytest.raises(UpdateMalformed):
            update_contents(bad)
    with pytest.raises(UpdateIncomplete):
        update_contents(b"\x01\x01\x07\x00\x0a\x05\x00")
    for bad in (b"\x05\x01", bytes(400_001)):
        with pytest.raises(UpdateMalformed):
            check_state(bad)


def test_mutilated_updates_never_break_the_library() -> None:
    """Bytes changed at random: refused, or a change like any other; the process lives, and says what it has."""
    state = new_document("Hé😀", with_block_ids(d.doc(d.par("a", d.text("b", "bold")), d.asks("x"))), 1).get_update()
    writer = Editor(state, client=77)
    replace_text(writer.doc, "Ünd 😀😀", with_block_ids(d.doc(d.par("x"), d.heading("ü😀"))))
    update, chance = writer.unsent(), random.Random(7)
    read = 0
    for _turn in range(3000):
        broken = bytearray(update)
        broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            update_contents(bytes(broken))
        except DomainError:
            continue
        doc = empty_document()
        doc.apply_update(state)
        try:
            doc.apply_update(bytes(broken))
            read_document(doc)
        except (RuntimeError, DomainError):
            continue
        assert doc.get_update()
        read += 1
    assert read > 100


def test_text_outside_the_basic_plane_counts_as_in_browsers() -> None:
    """Yjs counts UTF-16: a state made here must mean the same clocks there."""
    doc: Doc[Any] = Doc(client_id=9)
    doc["subject"] = Text("a😀𝔘")
    assert state_vector(doc.get_state()) == {9: 5}
    assert update_contents(doc.get_update()).written == {9: (0, 5)}


def test_orphans_are_what_a_change_deleted_beyond_what_was_sent() -> None:
    chance = random.Random(7)

    def ranges() -> list[tuple[int, int]]:
        starts = [chance.randrange(60) for _range in range(chance.randrange(8))]
        return [(start, start + chance.randrange(12)) for start in starts]  # also empty ones, and over one another

    def clocks(found: list[tuple[int, int]]) -> set[int]:
        return {clock for first, end in found for clock in range(first, end)}

    for _time in range(300):
        sent, change = ranges(), ranges()
        found = orphans(Contents(deleted={5: sent}), Contents(deleted={5: change}))
        assert clocks([(first, first + length) for _client, first, length in found]) == clocks(change) - clocks(sent)
    many = [(clock, clock + 1) for clock in range(0, 200_000, 2)]
    assert orphans(Contents(deleted={5: many}), Contents(deleted={5: many, 6: [(0, 3)]})) == [(6, 0, 3)]
