"""Facts, points and sources that were written on pages go into the files and back; a load keeps what was moved here."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from apps.campaign_files.services import campaign_dump, campaign_load
from apps.campaigns.models import Campaign
from apps.sources.models import Source
from apps.sources.services import source_check
from apps.talkingpoints.models import Fact, FactRevision, TalkingPoint
from apps.talkingpoints.services.facts import fact_add, fact_correct, fact_fingerprint
from apps.talkingpoints.services.points import point_add, point_correct, point_fingerprint
from apps.talkingpoints.translation_status import original_hash
from tests.factories import make_user
from tests.factories.campaign_files import (
    changed,
    empty_the_database,
    file_contents,
    forget_the_history,
    without_ids,
    write_folder,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sea(folder: Path) -> SimpleNamespace:
    campaign_load(folder=folder)
    return SimpleNamespace(folder=folder, campaign=Campaign.objects.get(), ada=make_user("Ada Okoro"))


def add(sea: SimpleNamespace, statement: str, number: int | None, **extra: Any) -> Fact:
    point = TalkingPoint.objects.get(number=number) if number else None
    values = {"kind": "claim", "verification": "unverified", "source": Source.objects.get(key="src-book"), **extra}
    return fact_add(campaign=sea.campaign, actor=sea.ada, point=point, statement=statement, **values)


def move(sea: SimpleNamespace, key: str, number: int | None) -> None:
    fact = Fact.objects.get(key=key)
    point = TalkingPoint.objects.get(number=number) if number else None
    fact_correct(fact=fact, actor=sea.ada, seen=fact_fingerprint(fact), reason="It says more there.", point=point)


def test_everything_written_on_pages_goes_there_and_back(sea: SimpleNamespace, tmp_path: Path) -> None:
    point_add(
        campaign=sea.campaign, actor=sea.ada, number=7, title="no: #7", claim="- yes\nلا", passage="{{x}} &c",
        topics=["Whales", "حيتان", "New: words"], related_groups=["coast"], related_countries=["KE"],
    )  # fmt: skip
    point = TalkingPoint.objects.get(number=1)
    point_correct(
        point=point, actor=sea.ada, seen=point_fingerprint(point), topics=["Noise"], claim="It drowns their songs."
    )
    add(
        sea, "Null", 7, kind="figure", applies_to=["KE", "global"], locator={"where": "page 3: box"}, source=None,
        figures=[{"value": "62.5", "unit": "percent", "year": 2016}, {"as_stated": "many", "unit": "y"}],
        verification="caution", caution="# why", further_sources=[Source.objects.get(key="src-book")],
        new_source={"title": "مصر", "authors": ["A: B"], "year": 2017, "form": "article"},
    )  # fmt: skip
    add(sea, "2016-10", None)
    move(sea, "sea-f2", 2)
    source_check(source=Source.objects.get(key="src-arabic"), actor=sea.ada, on=date(2020, 3, 1))
    campaign_dump(slug="sea2031", folder=tmp_path / "one")
    report = campaign_load(folder=tmp_path / "one")
    assert (report.created, report.changed) == (0, 0)
    assert not any(kind.corrected or kind.gone for kind in report.kinds), "it follows its files from now on"
    rows = without_ids()
    forget_the_history()
    empty_the_database()
    campaign_load(folder=tmp_path / "one")
    again = without_ids()
    for found in (rows, again):
        found["Fact"].sort(key=lambda row: row["key"])
    assert {name: found for name, found in again.items() if found != rows[name]} == {}
    campaign_dump(slug="sea2031", folder=tmp_path / "two")
    assert file_contents(tmp_path / "one") == file_contents(tmp_path / "two")


def test_a_load_leaves_in_place_what_was_added_and_moved_here(sea: SimpleNamespace) -> None:
    made = add(sea, "Whales answer louder.", 1)
    move(sea, "sea-f1", 2)
    first = {fact.key: fact.number for fact in Fact.objects.all()}
    assert (first[made.key], first["sea-f1"], first["sea-f2"]) == ("1.3", "2.1", "1.2")
    for _turn in range(2):
        report = campaign_load(folder=sea.folder)
        assert (report.created, report.changed) == (0, 0)
        assert {fact.key: fact.number for fact in Fact.objects.all()} == first
    (facts,) = [kind for kind in report.kinds if kind.kind == "facts"]
    assert facts.corrected == {"sea-f1": ["point"], made.key: ["retired_at"]}


def test_a_fact_that_the_files_add_gets_its_place_and_those_written_here_stand_behind(sea: SimpleNamespace) -> None:
    made = add(sea, "Whales answer louder.", 1)
    row = "      - {id: sea-f9, statement: Ice cracks., kind: claim, source_id: src-book, verification: verified}\n"
    write_folder(sea.folder, **changed("points.yaml", "  - number: 2\n", f"{row}  - number: 2\n"))
    report = campaign_load(folder=sea.folder)
    assert report.created == 1
    numbers = {fact.key: fact.number for fact in Fact.objects.filter(point__number=1)}
    assert numbers == {"sea-f1": "1.1", "sea-f2": "1.2", "sea-f9": "1.3", made.key: "1.4"}
    assert (campaign_load(folder=sea.folder)).changed == 0


def test_a_topic_that_the_files_call_otherwise_is_called_so_at_every_point(
    sea: SimpleNamespace, tmp_path: Path
) -> None:
    point_add(campaign=sea.campaign, actor=sea.ada, number=3, title="Deep", claim="C.", topics=["Whales"])
    write_folder(sea.folder, **changed("points.yaml", "label: Whales}", "label: Whales and calves}"))
    campaign_load(folder=sea.folder)
    assert TalkingPoint.objects.get(number=3).extra["labels"] == {"whales": "Whales and calves"}
    campaign_dump(slug="sea2031", folder=tmp_path / "out")


def test_topics_of_a_campaign_whose_files_have_no_words_for_them_go_there_and_back(
    sea: SimpleNamespace, tmp_path: Path
) -> None:
    text = (sea.folder / "points.yaml").read_text()
    (sea.folder / "points.yaml").write_text("schema_version: 1\n" + text[text.index("points:\n") :])
    campaign_load(folder=sea.folder)
    assert TalkingPoint.objects.get(number=1).extra.get("labels", {}) == {}
    point_add(campaign=sea.campaign, actor=sea.ada, number=3, title="Deep", claim="C.", topics=["Whales", "Big ships"])
    assert TalkingPoint.objects.get(number=3).topics == ["whales", "big-ships"]
    campaign_dump(slug="sea2031", folder=tmp_path / "one")
    report = campaign_load(folder=tmp_path / "one")
    assert (report.created, report.changed) == (0, 0)
    empty_the_database()
    campaign_load(folder=tmp_path / "one")
    campaign_dump(slug="sea2031", folder=tmp_path / "two")
    assert file_contents(tmp_path / "one") == file_contents(tmp_path / "two")


def test_translations_are_made_from_the_passage_of_the_same_files(sea: SimpleNamespace) -> None:
    words = "    translations:\n      ar: {title: حيتان, claim: صاخب}\n      en: {passage: They call.}\n"
    write_folder(
        sea.folder, **changed("points.yaml", "    slug: quiet-is-cheap\n", f"    slug: quiet-is-cheap\n{words}")
    )
    campaign_load(folder=sea.folder)
    point = TalkingPoint.objects.get(number=2)
    assert {
        row.language: row.source_hash == original_hash(point, row.language) for row in point.translations.all()
    } == {
        "ar": True,
        "en": True,
    }


def test_a_place_of_which_only_the_point_is_known_goes_there_and_back(sea: SimpleNamespace, tmp_path: Path) -> None:
    Fact.objects.filter(key="sea-f1").update(locator={"point": 1})
    campaign_dump(slug="sea2031", folder=tmp_path / "out")
    assert "exact_locator: {point: 1}" in (tmp_path / "out" / "points.yaml").read_text()


def test_further_sources_and_points_corrected_here_stay(sea: SimpleNamespace) -> None:
    fact = Fact.objects.get(key="sea-f1")
    fact_correct(
        fact=fact, actor=sea.ada, seen=fact_fingerprint(fact), reason="It does not say so.", further_sources=[]
    )
    point = TalkingPoint.objects.get(number=2)
    point_correct(point=point, actor=sea.ada, seen=point_fingerprint(point), topics=[], claim="Slow is cheap.")
    lines = campaign_load(folder=sea.folder).lines()
    said = "kept as corrected in the product, different in the files:"
    assert f"{said} 1 fact: sea-f1 (additional_source_ids)" in lines
    assert f"{said} 1 point: 2 (claim)" in lines
    assert not Fact.objects.get(key="sea-f1").additional_sources.exists()
    assert TalkingPoint.objects.get(number=2).claim == "Slow is cheap."


def test_a_source_that_the_files_correct_marks_its_facts_and_a_remark_does_not(sea: SimpleNamespace) -> None:
    write_folder(sea.folder, **changed("sources.yaml", "    year: 2029\n", "    year: 2029\n    note: Read it.\n"))
    campaign_load(folder=sea.folder)
    assert set(Fact.objects.values_list("revision", flat=True)) == {1}
    write_folder(sea.folder, **changed("sources.yaml", "    year: 2029\n", "    year: 2028\n"))
    campaign_load(folder=sea.folder)
    assert dict(Fact.objects.values_list("key", "revision")) == {"sea-f1": 2, "sea-f2": 1, "sea-c1": 2}
    line = FactRevision.objects.filter(fact__key="sea-c1").get()
    assert (line.act, line.said["source_was"]) == ("source", [["year", 2029, 2028]])
    assert campaign_load(folder=sea.folder).changed == 0
