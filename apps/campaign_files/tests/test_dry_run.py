"""What a load would change, field by field, before it is loaded."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from apps.campaign_files.services import campaign_load
from apps.campaign_files.services.field_change import MOST, FieldChange
from apps.campaign_files.services.load_result import MOST_FIELDS, Changes, LoadResult
from apps.core.models import AuditEvent
from tests.factories.campaign_files import FILES, changed, contents, write_folder

pytestmark = pytest.mark.django_db


def printed(folder: Path, *options: str) -> list[str]:
    out = StringIO()
    call_command("load_campaign", str(folder), *options, stdout=out)
    return out.getvalue().splitlines()


def everything() -> tuple[Any, ...]:
    return contents(), list(AuditEvent.objects.order_by("pk").values())


def edit(folder: Path) -> None:
    """By hand, in seven files."""
    points = changed("points.yaml", "value: 90,", "value: 91,")["points.yaml"]
    points = points.replace("Ships get louder.", "Ships get much louder every single year.")
    points = points.replace("additional_source_ids: [src-arabic]", "additional_source_ids: []")
    points = points.replace("short_title: Quiet is cheap", "short_title: Quiet is cheap\n    short_title_fr: Le calme")
    audiences = changed("audiences.yaml", "order: [2, 1]", "order: [1, 2]")["audiences.yaml"]
    write_folder(
        folder,
        **{"points.yaml": points, "audiences.yaml": audiences.replace("Harbours save fuel.", "Harbours save money.")},
        **changed("campaign.yaml", "reference_data_as_of: 2030-01-01", "reference_data_as_of: 2030-02-01"),
        **changed("groups.yaml", "members: [KE, EG]", 'members: [KE, {code: "NO", until: 2030-05-01}]'),
        **changed("sources.yaml", "    year: 2029", "    year: 2030\n    note: Second edition."),
        **changed("glossary.yaml", "points: [1]}", "points: [1, 2], in_document: true}"),
        **changed("templates/base.yaml", "Whales **cannot** hear", "Whales **can never** hear"),
    )


def test_every_field_is_shown_with_what_was_and_what_will_be(folder: Path) -> None:
    campaign_load(folder=folder)
    edit(folder)
    before = everything()
    lines = printed(folder, "--dry-run")
    assert everything() == before, "not a row, not a time of saving, not a line in the trail"
    assert [line for line in lines if line.startswith("  ") and "data_as_of" not in line] == [
        "  groups.yaml south members: + NO until 2030-05-01; − EG",
        "  sources.yaml src-book year: “2029” → “2030”",
        "  sources.yaml src-book note: nothing → “Second edition.”",
        "  points.yaml 2 short_title_fr: nothing → “Le calme”",
        "  points.yaml sea-f1 figures: “… 2028; unit kilometres, value 90, year 1950” → "
        "“… 2028; unit kilometres, value 91, year 1950”",
        "  points.yaml sea-f1 additional_source_ids: − src-arabic",
        "  points.yaml sea-f2 statement: “Ships get louder.” → “Ships get much louder every single year.”",
        "  audiences.yaml coast order: order is now 1, 2",
        "  audiences.yaml coast reasons.2: “Harbours save fuel.” → “Harbours save money.”",
        "  glossary.yaml hydrophone in_document: nothing → “true”",
        "  glossary.yaml hydrophone points: + 2",
        "  templates/base.en text: “… ::: point 1 Whales **cannot** hear each other. ::: …” → "
        "“… ::: point 1 Whales **can never** hear each other. ::: …”",
    ]
    assert lines[-1] == "sea2031: 0 created, 13 changed (dry run: nothing was written)"


def test_the_load_itself_is_shorter_unless_more_is_asked_for(folder: Path) -> None:
    campaign_load(folder=folder)
    write_folder(folder, **changed("asks.yaml", "short: Slow ships", "short: Slow boats"))
    line = "  asks.yaml ask-slow short: “Slow ships” → “Slow boats”"
    assert line in printed(folder, "--dry-run")
    assert printed(folder) == ["changed 1 ask: ask-slow (short)", "sea2031: 0 created, 1 changed"]
    write_folder(folder)
    assert "  asks.yaml ask-slow short: “Slow boats” → “Slow ships”" in printed(folder, "--verbosity", "2")


def test_what_is_new_retired_and_left_alone_is_said_too(folder: Path) -> None:
    campaign_load(folder=folder)
    text = FILES["points.yaml"]
    (folder / "asks.yaml").unlink()
    write_folder(
        folder,
        **{"points.yaml": text[: text.index("context_facts:")], "asks.yaml": None},
        **changed("glossary.yaml", "id: hydrophone", "id: sonar"),
    )
    before = everything()
    assert printed(folder, "--dry-run") == [
        "retired, no longer in the files: 1 fact: sea-c1",
        "created 1 glossary term: sonar",
        "kept, no longer in the files: 1 glossary term: hydrophone",
        "not in the folder, unchanged: asks.yaml",
        "sea2031: 1 created, 1 changed (dry run: nothing was written)",
    ]
    assert everything() == before


def test_a_fault_is_told_as_at_a_load_and_nothing_is_written(folder: Path) -> None:
    campaign_load(folder=folder)
    before = everything()
    write_folder(folder, **changed("members.csv", ",Nairobi,", ",Mombasa,"))
    with pytest.raises(
        Exception, match=r"members.csv, line 2: “Kenya” differs from what is stored \(capital: “Nairobi” → “Mombasa”\)"
    ):
        printed(folder, "--dry-run")
    assert everything() == before


# ---- long and many ---------------------------------------------------------------------------------------------------


def said(old: Any, new: Any, name: str = "note") -> list[str]:
    return list(FieldChange(name, old, new).lines())


def test_of_a_long_text_only_the_changed_stretch_is_shown() -> None:
    words = [f"w{number}" for number in range(10_000)]
    other = [*words[:5000], "whale", *words[5001:]]
    [line] = said(" ".join(words), " ".join(other))
    assert line == (
        "note: “… w4996 w4997 w4998 w4999 w5000 w5001 w5002 w5003 w5004 …” → "
        "“… w4996 w4997 w4998 w4999 whale w5001 w5002 w5003 w5004 …”"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [("x" * 1_000_000, "y" * 1_000_000), ("a " * 200_000, "b " * 200_000), (["x" * 999] * 500, ["y" * 999] * 400)],
)
def test_a_huge_difference_stays_short_and_quick(old: Any, new: Any) -> None:
    [line] = said(old, new)
    assert len(line) < 20 * MOST


def test_words_added_removed_and_spaces_alone() -> None:
    assert said("one two", "one two three") == ["note: “one two” → “one two three”"]
    assert said("", "new") == ["note: nothing → “new”"]
    assert said("old", "") == ["note: “old” → nothing"]
    assert said("a b", "a  b") == ["note: “'a b'” → “'a  b'”"]
    assert said(False, True) == ["note: “false” → “true”"]
    assert said({"fr": "un"}, {"fr": "deux", "es": "dos"}, "titles") == [
        "short_title_es: nothing → “dos”",
        "short_title_fr: “un” → “deux”",
    ]


def test_of_very_many_differences_the_first_are_shown_and_the_rest_counted(folder: Path) -> None:
    changes = Changes("asks", "asks.yaml")
    changes.changed = {f"ask-{number}": [FieldChange("short", "a", "b")] for number in range(5000)}
    lines = LoadResult("sea2031", dry_run=True, kinds=[changes]).lines(fields=True)
    assert len(lines) < MOST_FIELDS + 5
    assert f"  and {5000 - MOST_FIELDS} more differences" in lines
    assert max(len(line) for line in lines) < 1000
    assert lines[-1].startswith("sea2031: 0 created, 5000 changed")
