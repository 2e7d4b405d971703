"""Texts that a file could misread: whatever is written is read again as it was, by us and by another reader."""

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from apps.campaign_files.file_types import FILE_TYPES, points
from apps.campaign_files.formats import yaml_text
from apps.campaign_files.letter_markup.parser import parse_letter
from apps.campaign_files.letter_markup.writer import written_letter
from apps.campaign_files.schema import Text
from apps.campaign_files.services import campaign_dump, campaign_load
from apps.campaigns.models import Campaign
from apps.core.text import clean_lines
from apps.letters.document.traversal import plain_text
from apps.letters.models import LetterTemplate
from apps.talkingpoints.models import Fact
from tests.factories.campaign_files import FILES, changed, empty_the_database, file_contents, without_ids, write_folder

HOSTILE = [
    'he said "no"', "it's 'so'", "key: value", "# no remark", "text # remark", "yes", "NO", "y", "off", "1e3", "0x1F",
    "1_000", "12:30:45", "2031-01-01", "2031-13", "~", "null", ".inf", "=", "<<", "---", "...", "--- text", "- item",
    "? what", "&anchor", "*alias", "!tag", "%directive", "@at", "`tick`", "{a: b}", "[a, b]", "a]", "> folded", "| bar",
    "trailing:", ":leading", ", comma", "a;b", "=1+1", "🐋 calls", "حوت: «أزرق» 🐋", "“”’", "tab\there",
    "back\\slash\\", "x" * 400, "word " * 60 + "end",
    "two  spaces " * 20 + "end", "first\n\n  second\n- third\n# fourth\n---\nend",
    "line\n\ttabbed", "trailing space \nline", "a\u2028b\u2029c", "no\u00a0break " * 20 + "end", "a\ufeffb", "1" * 40,
    "carriage\rreturn", "a\n\n\nb", "'", '"', "\\n", "{{x}}", "C:\\new", "long: " * 30 + "end", "é" * 130,
]  # fmt: skip
ALPHABET = "ab \n:#-'\"\\{}[]>|&*!%@`,?\t=~.019eEyn\u00a0\u2028é🐋ح"


def fields(value: str) -> dict[str, Any]:
    """The text at every kind of location."""
    return {"a": value, "b": [value, value], "c": {"d": value}, "e": [{"f": value, "g": 1}], "h": [value, {"i": value}]}


@pytest.mark.parametrize("loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)])
def test_every_hostile_text_is_read_as_it_was_written(loader: Any) -> None:
    for text in HOSTILE:
        assert yaml.load(yaml_text(fields(text)), Loader=loader) == fields(text), text


def test_random_texts_are_read_as_they_were_written() -> None:
    chance = random.Random(2031)  # the same texts each time
    for _turn in range(800):
        text = "".join(chance.choice(ALPHABET) for _ in range(chance.choice([1, 2, 3, 8, 40, 200])))
        assert yaml.load(yaml_text(fields(text)), Loader=yaml.CSafeLoader) == fields(text), repr(text)


def free_texts(file_type: Any) -> list[tuple[str, Text]]:
    """Fields of the file that may hold any text."""
    return [
        (name, shape)
        for name, shape in file_type.shape.fields.items()
        if type(shape) is Text and not shape.pattern and name not in {"wto_working_language_basis", "as_of"}
    ]


def fitting(text: str, shape: Text) -> str:
    """The text as this field takes it: cleaned, one line of a length, nothing around it."""
    text = clean_lines(text)
    if shape.longest:
        text = text.replace("\n", " ")[: shape.longest]
    return text.strip() or "x"


@pytest.mark.django_db
@pytest.mark.parametrize("file_type", FILE_TYPES, ids=lambda file_type: file_type.name)
def test_a_kind_with_hostile_texts_goes_there_and_back(file_type: Any, folder: Path, tmp_path: Path) -> None:
    """Each hostile text in each field of each row in turn, in the database; dump, load into nothing, dump again."""
    campaign_load(folder=folder)
    rows = more_rows(file_type)
    named = {name: field for field, name in file_type.columns.items()}
    places = [(row, named[name], shape) for row in rows for name, shape in free_texts(file_type) if name in named]
    assert places
    for turn in range(0, len(HOSTILE), len(places)):
        for (row, field, shape), text in zip(places, HOSTILE[turn:], strict=False):
            setattr(row, field, fitting(text, shape))
        for row in rows:
            follow(row)
            row.save()
        out = tmp_path / f"out{turn}"
        campaign_dump(slug="sea2031", folder=out)
    before = without_ids()
    empty_the_database()
    campaign_load(folder=out)
    assert without_ids() == before
    campaign_dump(slug="sea2031", folder=tmp_path / "again")
    assert file_contents(tmp_path / "again") == file_contents(out)


def more_rows(file_type: Any) -> list[Any]:
    """The kind's rows; of those that stand one after the other, enough for many texts at once."""
    [*rows] = file_type.model.objects.order_by("pk")
    if hasattr(file_type.model, "position"):
        for number in range(2, 30):
            row = file_type.model.objects.get(pk=rows[0].pk)
            row.pk, row.key, row.position, row._state.adding = None, f"{row.key}-{number}", number, True
            row.save()
            rows.append(row)
    return rows


def follow(row: Any) -> None:
    """What follows from a member's names."""
    from apps.core.text import sort_key

    if hasattr(row, "sort_en"):
        row.sort_en, row.sort_fr, row.sort_es = sort_key(row.name), sort_key(row.name_fr), sort_key(row.name_es)


@pytest.mark.django_db
def test_a_fact_with_hostile_texts_and_figures_goes_there_and_back(folder: Path, tmp_path: Path) -> None:
    figures = [
        "7.5", "7.50", "100.0", "2000.0", "0.10", "-0.5", "-3", "0", "1234567", "1" * 40, "-" + "9" * 39,
        "3.14159265358979323846264338327950288419", '"2016-10"', '"2016"', '"2016-10-03"', "12345678901234567890",
    ]  # fmt: skip
    kept = ["7.5", "7.5", 100, 2000, "0.1", "-0.5", -3, 0, 1234567, "1" * 40, "-" + "9" * 39]
    kept += [figures[11], "2016-10", "2016", "2016-10-03", 12345678901234567890]
    written = ", ".join(f"{{value: {value}, unit: u}}" for value in figures)
    write_folder(
        folder,
        **changed(
            "points.yaml",
            "[{value: 7.5, unit: kilometres, year: 2028}, {value: 90, unit: kilometres, year: 1950}]",
            f"[{written}]",
        ),
    )
    campaign_load(folder=folder)
    assert [figure["value"] for figure in Fact.objects.get(key="sea-f1").figures] == kept
    for number, text in enumerate(HOSTILE):
        Fact.objects.update(
            statement=fitting(text, points.FACT.shape.fields["statement"]),
            caution=fitting(HOSTILE[-number], Text()),
            locator={"where": fitting(text, Text(200)), "point": 1},
        )
        if number % 12 == 0:
            campaign_dump(slug="sea2031", folder=tmp_path / f"out{number}")
    campaign_dump(slug="sea2031", folder=tmp_path / "out")
    before = without_ids()
    empty_the_database()
    campaign_load(folder=tmp_path / "out")
    assert without_ids() == before


# ---- letters ---------------------------------------------------------------------------------------------------------

LETTER_TEXTS = [
    "Plain words.", "- no item", "1. no item", "12. no item", "## no heading", "> no quotation", "::: no block",
    "a * star, a \\ stroke, [brackets] and {braces}", "{{not.a.field}}", "[[no fact]]", "[no](https://link.example/)",
    "words " * 40 + "::: end", "ends with \\", "🐋 " * 50 + "end", "حوت أزرق", "**", "a ** b", "no\u00a0break",
    "x" * 300, "2031. A year", "#1", "-5 degrees", "a::: b",
]  # fmt: skip


def text(words: str, *marks: str) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "text", "text": words}
    return {**made, "marks": [{"type": mark} for mark in marks]} if marks else made


def read_again(doc: dict[str, Any]) -> tuple[dict[str, Any], str, list[str]]:
    faults: list[str] = []
    written = written_letter(doc)
    parsed = parse_letter(written, 1, lambda line, reason: faults.append(f"{line}: {reason}")).doc
    return without_block_ids(parsed), written, faults


def without_block_ids(node: dict[str, Any]) -> dict[str, Any]:
    kept = dict(node)
    if "attrs" in kept:
        kept["attrs"] = {name: value for name, value in kept["attrs"].items() if name != "id"}
        if not kept["attrs"]:
            del kept["attrs"]
    if "content" in kept:
        kept["content"] = [without_block_ids(child) for child in kept["content"]]
    return kept


def blocks(inline: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The running text in every block that may hold it."""
    paragraph = {"type": "paragraph", "content": inline}
    item = {"type": "listItem", "content": [paragraph]}
    plain = [
        paragraph,
        {"type": "blockquote", "content": [paragraph]},
        {"type": "bulletList", "content": [item, item]},
        {"type": "orderedList", "content": [item] * 11},
    ]
    if not any(node["type"] == "hardBreak" for node in inline):
        plain.append({"type": "heading", "attrs": {"level": 3}, "content": inline})
    point = {"type": "point", "attrs": {"number": 2}, "content": plain}
    audience = {"only": ["group:coast", "member:KE"], "except": ["stance:opposes"]}
    return [*plain, {"type": "signatories"}, point, {"type": "audience", "attrs": audience, "content": [point, *plain]}]


@pytest.mark.parametrize("words", LETTER_TEXTS)
def test_a_letter_s_words_are_read_as_they_were(words: str) -> None:
    doc = {"type": "doc", "content": blocks([text(words)])}
    again, written, faults = read_again(doc)
    assert faults == []
    assert again == doc, written


def test_random_letters_are_read_as_they_were() -> None:
    chance = random.Random(11)  # the same letters each time
    pieces: list[Any] = [
        {"type": "mergeField", "attrs": {"key": "member.name", "fallback": "your | country \\ here"}},
        {"type": "mergeField", "attrs": {"key": "member.name", "fallback": ""}},
        {"type": "citation", "attrs": {"fact": "sea-f1"}},
        *(text(words) for words in LETTER_TEXTS),
    ]
    for _turn in range(150):
        inline: list[dict[str, Any]] = []
        for _piece in range(chance.randint(1, 6)):
            node = dict(chance.choice(pieces))
            marks = [{"type": mark} for mark in ("bold", "italic") if chance.random() < 0.4]
            if node["type"] == "text" and chance.random() < 0.2:
                node["text"] = "words * of \\ a link"
                marks.append({"type": "link", "attrs": {"href": "https://sea.example/a*b"}})
            if marks:
                node["marks"] = marks
            if inline and inline[-1]["type"] == "text" == node["type"] and inline[-1].get("marks") == node.get("marks"):
                inline.append({"type": "hardBreak"})
            inline.append(node)
        doc = {"type": "doc", "content": blocks(inline)}
        again, written, faults = read_again(doc)
        assert faults == [], written
        assert again == doc, written


@pytest.mark.django_db
def test_a_letter_begins_lines_with_signs_after_a_backslash(folder: Path, tmp_path: Path) -> None:
    place = "Calls carry less far.[[sea-f1]]"
    write_folder(folder, **{"templates/base.yaml": FILES["templates/base.yaml"].replace(place, "\\- No item.")})
    campaign_load(folder=folder)
    campaign_dump(slug="sea2031", folder=tmp_path / "out")
    assert "\n  \\- No item.\n" in (tmp_path / "out" / "templates" / "base.en.yaml").read_text()


@pytest.mark.django_db
def test_a_letter_template_is_kept_without_invisible_characters(folder: Path) -> None:
    place = "Calls carry less far.[[sea-f1]]"
    hidden = FILES["templates/base.yaml"].replace(place, "Calls\u202e carry\u200b \u2066less\u2069 far.\u200f")
    write_folder(folder, **{"templates/base.yaml": hidden})
    campaign_load(folder=folder)
    assert "Calls carry less far." in plain_text(LetterTemplate.objects.get(key="base").body)


@pytest.mark.django_db
def test_the_name_of_a_campaign_reorders_no_text(folder: Path) -> None:
    write_folder(folder, **changed("campaign.yaml", "\nname: Quiet Seas", "\nname: \u202eQuiet\u202c \u2067Seas\u2069"))
    campaign_load(folder=folder)
    assert Campaign.objects.get().name == "Quiet Seas"
