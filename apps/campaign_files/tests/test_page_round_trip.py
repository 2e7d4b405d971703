"""Whatever the pages of the evidence take goes into the files and comes back: nasty texts typed into the real forms."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from apps.campaign_files.services import campaign_dump, campaign_load
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.core.text_lengths import CAUTION, CLAIM, NOTE, PASSAGE, REASON, STATEMENT
from apps.sources.models import Source
from apps.sources.services import source_fingerprint
from apps.talkingpoints.models import Fact, PointTranslation, TalkingPoint
from apps.talkingpoints.services.facts import fact_fingerprint
from apps.talkingpoints.services.points import point_fingerprint
from apps.talkingpoints.translation_status import original_hash
from tests.factories import add_team_member, make_user
from tests.factories.campaign_files import empty_the_database, file_contents, forget_the_history

pytestmark = pytest.mark.django_db

#: everything that an emitter, a reader or a database could take for something else
NASTY = (
    "plain",
    "Null",
    "no",
    "2016-10",
    "0x1F",
    "1:30",
    "1e3",
    "=",
    "<<",
    "- a list",
    "? a key",
    "# a remark",
    "a: b # c",
    "{{merge}} [[sea-f1]] {a: b} [c]",
    "'single' \"double\" `back` \\n \\",
    "*star &anchor !tag %percent @at |bar >fold",
    "it ends with a colon:",
    "مصر، على البحر \u200fو\u202eנ\u200d",
    "🐋 \U0001f1f0\U0001f1ea e\u0301 \ufeffmark \u200c",
    "nul\x01 bell\x07 tab\tdel\x7f nel\x85 line\u2028 paragraph\u2029 end",
    "non\u00a0breaking \ufffe\uffff \ud7ff \ue000",
    "  spaces   around  ",
    "word " * 60,
)
#: and what only a box of several lines takes
LINES = (
    "first\nsecond",
    "first\r\n\r\n  indented\r\nlast \r\n\r\n",
    "- yes\n- no\n\tmaybe: # three\n---\n...\n",
    "one\u2028two\n\u2029three",
)


def long(length: int) -> str:
    return ("Wort und noch ein Wort: " * length)[: length - 1] + "."


@pytest.fixture
def sea(folder: Path, signed_in: Any) -> SimpleNamespace:
    campaign_load(folder=folder)
    campaign, ada = Campaign.objects.get(), make_user("Ada Okoro")
    add_team_member(ada, campaign, Role.COORDINATOR, Role.DRAFTER)
    return SimpleNamespace(campaign=campaign, browser=signed_in(ada))


def send(sea: SimpleNamespace, name: str, *args: Any, **typed: Any) -> Any:
    return sea.browser.post(reverse(f"evidence:{name}", args=["sea2031", *args]), typed)


def typed_fact(**typed: Any) -> dict[str, Any]:
    form = {"kind": "claim", "verification": "unverified", "new-form": "work", "point": "", "statement": "S."}
    if not any(name.startswith("new-") for name in typed):
        form["source"] = str(Source.objects.get(key="src-book").pk)
    return {**form, "figures-TOTAL_FORMS": "2", "figures-INITIAL_FORMS": "0", **typed}


def add_fact(sea: SimpleNamespace, **typed: Any) -> Any:
    return send(sea, "fact_new", **typed_fact(**typed))


def correct_fact(sea: SimpleNamespace, **typed: Any) -> Any:
    fact = Fact.objects.get(key="sea-f2")
    form = {"seen": fact_fingerprint(fact), "reason": "Because.", "point": str(fact.point_id), **typed}
    return send(sea, "fact_correct", "sea-f2", **typed_fact(**form))


def retire_fact(sea: SimpleNamespace, **typed: Any) -> Any:
    fact = Fact.objects.get(key="sea-f1")
    return send(sea, "fact_retire", "sea-f1", seen=fact_fingerprint(fact), **typed)


def add_point(sea: SimpleNamespace, **typed: Any) -> Any:
    return send(sea, "point_new", **{"number": "7", "title": "T", "claim": "C.", **typed})


def correct_point(sea: SimpleNamespace, **typed: Any) -> Any:
    point = TalkingPoint.objects.get(number=1)
    form = {"title": "T", "claim": "C.", "seen": point_fingerprint(point)}
    return send(sea, "point_edit", 1, **{**form, **typed})


def add_source(sea: SimpleNamespace, **typed: Any) -> Any:
    return send(sea, "source_new", **{"title": "T", "form": "work", **typed})


def correct_source(sea: SimpleNamespace, **typed: Any) -> Any:
    source = Source.objects.get(key="src-book")
    return send(
        sea, "source_edit", "src-book", **{"title": "T", "form": "work", "seen": source_fingerprint(source), **typed}
    )


def translate(sea: SimpleNamespace, language: str, **typed: Any) -> Any:
    point = TalkingPoint.objects.get(number=1)
    row = PointTranslation.objects.filter(point=point, language=language).first()
    seen = {"original": original_hash(point, language), "revision": str(row.revision if row else 0)}
    return send(sea, "translation_written", 1, language, **seen, **typed)


def translate_into_french(sea: SimpleNamespace, **typed: Any) -> Any:
    Campaign.objects.update(languages=["en", "fr", "ar"])
    return translate(sea, "fr", **typed)


def translate_into_arabic(sea: SimpleNamespace, **typed: Any) -> Any:
    Campaign.objects.update(languages=["en", "ar"])
    return translate(sea, "ar", **typed)


def write_passage(sea: SimpleNamespace, **typed: Any) -> Any:
    return translate(sea, "en", **typed)


type Act = Callable[..., Any]
#: page → its boxes of one line, those of several, and what it takes besides
BOXES: dict[Act, tuple[tuple[str, ...], tuple[str, ...]]] = {
    add_fact: (("figures-0-as_stated", "where", "new-title", "new-publisher", "new-authors"), ("statement", "caution")),
    correct_fact: (("figures-0-unit", "where"), ("statement", "caution", "reason")),
    retire_fact: ((), ("reason",)),
    add_point: (("title", "topics"), ("claim", "passage")),
    correct_point: (("title", "topics"), ("claim",)),
    add_source: (("title", "publisher", "authors"), ("note",)),
    correct_source: (("title", "publisher", "authors"), ("note",)),
    translate_into_french: (("title",), ("claim", "passage")),
    translate_into_arabic: (("title",), ("claim", "passage")),
    write_passage: ((), ("passage",)),
}
#: what they make stays, whatever is made next
ADDING = (add_fact, add_point, add_source)
#: what goes with a box that cannot stand alone
BESIDE = {
    "figures-0-as_stated": {"figures-0-unit": "percent"},
    "figures-0-unit": {"figures-0-value": "7"},
    "new-publisher": {"new-title": "T"},
    "new-authors": {"new-title": "T"},
}
LIMITS = {
    "statement": STATEMENT, "caution": CAUTION, "claim": CLAIM, "passage": PASSAGE, "note": NOTE, "reason": REASON,
}  # fmt: skip


def cut(name: str, text: str) -> str:
    """Boxes of one line take less."""
    return text[:60] if name not in LIMITS else text


def all_at_once(act: Act, text: str) -> dict[str, str]:
    """Every box of the page holds the text."""
    lines, blocks = BOXES[act]
    return beside(lines) | {name: cut(name, text) for name in (*lines, *blocks)}


def beside(names: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        found |= BESIDE.get(name, {})
    return found


def assert_round_trip(folder: Path) -> None:
    campaign_dump(slug="sea2031", folder=folder / "one")
    report = campaign_load(folder=folder / "one")
    assert (report.created, report.changed) == (0, 0), report.lines(fields=True)
    forget_the_history()
    empty_the_database()
    campaign_load(folder=folder / "one")
    campaign_dump(slug="sea2031", folder=folder / "two")
    assert file_contents(folder / "one") == file_contents(folder / "two")


@pytest.mark.parametrize("act", BOXES, ids=lambda act: act.__name__)
def test_nasty_texts_go_there_and_back(sea: SimpleNamespace, tmp_path: Path, act: Act) -> None:
    """One after the other on the same page: each through the files (a dump tries to load them), at last all of them."""
    lines = BOXES[act][0]
    for place, text in enumerate((*NASTY, *LINES)):
        typed = all_at_once(act, text)
        if text in LINES:
            typed |= dict.fromkeys(lines, "x")
        if act is add_fact:
            typed["statement"] = f"{place} {text}"
        if act is add_point:
            typed["number"] = str(100 + place)
        answer = act(sea, **typed)
        assert answer.status_code == 302, (text, answer.context["form"].errors)
        if act not in ADDING:
            campaign_dump(slug="sea2031", folder=tmp_path / "each", force=True)
        if act is retire_fact:
            fact = Fact.objects.get(key="sea-f1")
            send(sea, "fact_restore", "sea-f1", seen=fact_fingerprint(fact), reason=text)
    if act is retire_fact:
        assert retire_fact(sea, reason=NASTY[-4]).status_code == 302
    assert_round_trip(tmp_path)


@pytest.mark.parametrize("act", BOXES, ids=lambda act: act.__name__)
def test_the_longest_texts_go_there_and_back_and_longer_ones_are_refused_with_all_that_was_typed(
    sea: SimpleNamespace, tmp_path: Path, act: Act
) -> None:
    lines, blocks = BOXES[act]
    whole = beside(lines) | dict.fromkeys(lines, "x")
    whole |= {name: long(LIMITS[name]) for name in blocks}
    for name in blocks:
        typed = long(LIMITS[name] + 1)
        answer = act(sea, **{**whole, name: typed})
        assert answer.status_code == 400
        assert f"This has {LIMITS[name] + 1} characters; at most {LIMITS[name]} fit." in answer.text
        assert typed in answer.text, "nothing typed is lost"
        (box,) = re.findall(rf'<textarea name="{name}"[^>]*>', answer.text)
        assert "maxlength" not in box, "a browser would cut what is pasted"
    assert act(sea, **whole).status_code == 302
    assert_round_trip(tmp_path)


FIGURES = (
    "0", "-0", "-0.0", "007", "+5", "1_000", ".5", "-.5", "62.50", "1.0", "2016", "2016-10", "2016-02-29", "٧",
    "9" * 40, "-" + "9" * 39, "0." + "9" * 38, "12345678901234567890", "123456789012345678901", "2016.0",
)  # fmt: skip


def test_figures_go_there_and_back(sea: SimpleNamespace, tmp_path: Path) -> None:
    for place, value in enumerate(FIGURES):
        typed = {"figures-0-value": value, "figures-0-unit": "no", "figures-1-as_stated": "~", "figures-1-unit": "1e3"}
        answer = add_fact(sea, statement=f"Figure {place}", kind="figure", **typed)
        assert answer.status_code == 302, value
    assert_round_trip(tmp_path)


@pytest.mark.parametrize(
    "value", ["2016-13", "2017-02-29", "0005-01", "1e3", "NaN", "Infinity", "." + "9" * 39, "9" * 41, "--5", "7 %"]
)
def test_what_is_no_figure_is_refused(sea: SimpleNamespace, value: str) -> None:
    answer = add_fact(sea, kind="figure", **{"figures-0-value": value, "figures-0-unit": "percent"})
    assert answer.status_code == 400
    assert not Fact.objects.filter(statement="S.").exists()
    assert f'value="{value}"' in answer.text, "nothing typed is lost"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "A fact of the kind “figure” needs a figure."),
        ({"figures-0-year": "2016"}, "Give the number, or the words of the source."),
        ({"figures-0-value": "7"}, "A figure needs a unit."),
    ],
)
def test_a_fact_of_the_kind_figure_says_one(sea: SimpleNamespace, typed: dict[str, str], said: str) -> None:
    answer = add_fact(sea, kind="figure", **typed)
    assert answer.status_code == 400
    assert said in answer.text


def test_a_fact_without_its_place_goes_there_and_back(sea: SimpleNamespace, tmp_path: Path) -> None:
    fact = Fact.objects.get(key="sea-f1")
    form = typed_fact(statement=fact.statement, seen=fact_fingerprint(fact), reason="Unknown.", where="")
    assert send(sea, "fact_correct", "sea-f1", **form).status_code == 302
    assert_round_trip(tmp_path)


SOURCES: tuple[dict[str, str], ...] = (
    {"authors": "A; A;; A ; B"},
    {"authors": "; ;"},
    {"date": "2017"},
    {"date": "2017-02"},
    {"date": "2016-02-29"},
    {"url": "https://a.example/?q=1&b=%20#c{}|\\^`", "archived_url": "http://b.example/'a'"},
    {"url": " https://مثال.example/ع\u200e "},
    {"url": "https://a.example/\x01\x7fb", "doi": "https://doi.org/10.1/a\x02(b)"},
    {"doi": "10.1596/978-1:4648#0671", "checked_on": "2017-01-01"},
)


def test_sources_go_there_and_back(sea: SimpleNamespace, tmp_path: Path) -> None:
    for typed in SOURCES:
        answer = add_source(sea, **typed)
        assert answer.status_code == 302, (typed, answer.context["form"].errors)
    assert_round_trip(tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("url", "https://a.example/a b"),
        ("url", 'https://a.example/"b"'),
        ("url", "https://a.example/<b>"),
        ("archived_url", "javascript:alert(1)"),
        ("date", "0005"),
        ("date", "2016-13"),
        ("date", "3000"),
        ("doi", "10.1596 978"),
        ("checked_on", "2999-01-01"),
        ("authors", "A" * 201),
    ],
)
def test_what_no_file_could_say_of_a_source_is_refused(sea: SimpleNamespace, name: str, value: str) -> None:
    answer = add_source(sea, **{name: value})
    assert answer.status_code == 400
    assert name in answer.context["form"].errors
    assert answer.context["form"][name].value() == value, "nothing typed is lost"
