"""A broken file is answered with file, line and reason, and changes nothing."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.campaign_files.faults import InvalidFiles
from apps.campaign_files.services import campaign_load
from apps.campaigns.models import Campaign
from apps.core.models import AuditEvent
from apps.governments.models import Group, Member
from apps.sources.models import Source
from apps.talkingpoints.models import Fact
from tests.factories.campaign_files import FILES, changed, line_with, write_folder

pytestmark = pytest.mark.django_db

#: name of the case: (file, what stands there, what is put there, words of the line at fault, words of the answer)
CASES: dict[str, tuple[str, str, str, str, str]] = {
    "an unknown field": (
        "sources.yaml",
        "    title: The Noisy Sea",
        "    titel: The Noisy Sea",
        "titel:",
        "“titel” is not a field here. Did you mean “title”?",
    ),
    "a missing title": ("sources.yaml", "    title: The Noisy Sea\n", "", "- id: src-book", "“title” is missing"),
    "an empty title": ("sources.yaml", "title: The Noisy Sea", 'title: ""', 'title: ""', "title: is empty"),
    "a title that is null": (
        "sources.yaml",
        "title: The Noisy Sea",
        "title: null",
        "title: null",
        "title: has no value. Write one.",
    ),
    "a time zone that is null, which would have become UTC": (
        "campaign.yaml",
        "time_zone: Europe/Malta\ntime_zone_place",
        "time_zone: ~\ntime_zone_place",
        "time_zone: ~",
        "time_zone: has no value.",
    ),
    "no time zone beside the name of its place": (
        "campaign.yaml",
        "time_zone: Europe/Malta\ntime_zone_place",
        "time_zone_place",
        "schema_version",
        "“time_zone” is missing",
    ),
    "a time zone with nothing after the colon": (
        "campaign.yaml",
        "time_zone: Europe/Malta\ntime_zone_place",
        "time_zone:\ntime_zone_place",
        "time_zone:\n",
        "time_zone: has no value. Write one.",
    ),
    "personal data kept for longer than six months": (
        "campaign.yaml",
        "time_zone_place: Valletta",
        "time_zone_place: Valletta\nretention_days: 365",
        "retention_days: 365",
        "retention_days: 365 is not between 1 and 184.",
    ),
    "a licence that nobody knows": (
        "campaign.yaml",
        "time_zone_place: Valletta",
        "time_zone_place: Valletta\nopen_data_licence: CC BY",
        "open_data_licence: CC BY",
        "open_data_licence:",
    ),
    "days to keep data that are null": (
        "campaign.yaml",
        "time_zone_place: Valletta",
        "time_zone_place: Valletta\nretention_days: null",
        "retention_days: null",
        "retention_days: has no value.",
    ),
    "a form that is null, which would have become a work": (
        "sources.yaml",
        "form: article",
        "form: ~",
        "form: ~",
        "form: has no value. Write one, or remove the line.",
    ),
    "a language that is null": (
        "campaign.yaml",
        "languages: [en]",
        "languages: [en, ~]",
        "languages:",
        "languages: has no value.",
    ),
    "a language that no letter can be written in": (
        "campaign.yaml",
        "languages: [en]",
        "languages: [en, de]",
        "languages:",
        "letters cannot be written in “de”. The languages of letters are en, fr, es, ar.",
    ),
    "a title too long": (
        "points.yaml",
        "short_title: Quiet is cheap",
        f"short_title: {'quiet ' * 40}",
        "short_title: quiet",
        "at most 200 fit",
    ),
    "a figure without unit": (
        "points.yaml",
        "{value: 90, unit: kilometres, year: 1950}",
        "{value: 90, year: 1950}",
        "value: 90",
        "“unit” is missing",
    ),
    "a figure without value or words": (
        "points.yaml",
        "{value: 90, unit: kilometres, year: 1950}",
        "{unit: kilometres}",
        "{unit: kilometres}",
        "as_stated",
    ),
    "a figure that is not a number": (
        "points.yaml",
        "value: 90,",
        "value: many,",
        "value: many",
        "value: “many” is not a number",
    ),
    "a fact of kind figure without figures": (
        "points.yaml",
        "        kind: claim\n        source_id: src-arabic",
        "        kind: figure\n        source_id: src-arabic",
        "kind: figure\n",
        "needs a figure",
    ),
    "an unknown source": (
        "points.yaml",
        "additional_source_ids: [src-arabic]",
        "additional_source_ids: [src-arabik]",
        "src-arabik",
        "source “src-arabik” does not exist",
    ),
    "an unknown group": (
        "asks.yaml",
        "not_for_groups: [south]",
        "not_for_groups: [north]",
        "north",
        "group “north” does not exist",
    ),
    "an unknown member in a group": (
        "groups.yaml",
        "members: [KE, EG]",
        "members: [KE, XX]",
        "XX",
        "member “XX” does not exist",
    ),
    "an unknown member of an audience": (
        "audiences.yaml",
        "countries: [EG]",
        "countries: [ZZ]",
        "ZZ",
        "member “ZZ” does not exist",
    ),
    "an unknown whom": (
        "points.yaml",
        "applies_to: [coast, KE, ER, global]",
        "applies_to: [coast, KE, ET, global]",
        "ET,",
        "member or group “ET” does not exist",
    ),
    "an event with an unknown source": (
        "timeline.yaml",
        "event: First conference.",
        "event: First conference., sources: [src-nowhere]",
        "sources",
        "source “src-nowhere” does not exist",
    ),
    "an unknown point": ("asks.yaml", "supports: [1, 2]", "supports: [1, 3]", "supports", "point “3” does not exist"),
    "an unknown ask": (
        "audiences.yaml",
        "lead_asks: [ask-slow]",
        "lead_asks: [ask-fast]",
        "ask-fast",
        "ask “ask-fast” does not exist",
    ),
    "an unknown topic": ("points.yaml", "topics: [whales]", "topics: [fish]", "fish", "topic “fish” does not exist"),
    "a reason for a point not in the order": (
        "audiences.yaml",
        "      2: Harbours",
        "      3: Harbours",
        "3: Harbours",
        "point 3 is not in the order",
    ),
    "an id twice": (
        "points.yaml",
        "- id: sea-f2",
        "- id: sea-f1",
        "THE SECOND - id: sea-f1",
        "“sea-f1” is already used in line 17",
    ),
    "a number twice": (
        "points.yaml",
        "  - number: 2",
        "  - number: 1",
        "THE SECOND - number: 1",
        "“1” is already used in line 7",
    ),
    "a slug twice": (
        "groups.yaml",
        "- slug: south",
        "- slug: coast",
        "THE SECOND - slug: coast",
        "“coast” is already used",
    ),
    "a priority twice": (
        "audiences.yaml",
        "priority: 9",
        "priority: 1",
        "THE SECOND priority: 1",
        "“1” is already used",
    ),
    "a member twice": ("members.csv", "NO,NOR,", "KE,NOR,", "KE,NOR", "“KE” is already used in line 2"),
    "a group that contains itself": (
        "groups.yaml",
        "members: [KE, EG]",
        "members: [KE, south]",
        "[KE, south]",
        "members: “south” contains itself",
    ),
    "a group within a group": (
        "groups.yaml",
        "members: [KE, EG]",
        "members: [KE, {code: coast, since: 2004-05-01}]",
        "code: coast",
        "members: “coast” is a group, and a group has members only. Name its members one by one.",
    ),
    "a code in small letters": (
        "groups.yaml",
        "members: [KE, EG]",
        "members: [KE, eg]",
        "[KE, eg]",
        "member “eg” does not exist",
    ),
    "a member that comes back before it left": (
        "groups.yaml",
        "members: [KE, EG]",
        "members: [{code: KE, until: 2004-05-01}, {code: KE, since: 2004-04-30}]",
        "code: KE, until",
        "“KE” is in the list twice",
    ),
    "a member without an accession date": (
        "members.csv",
        "Norvège,Noruega,1995-01-01,",
        "Norvège,Noruega,,",
        "NO,NOR",
        "“accession_date” is missing",
    ),
    "a figure of more digits than fit": (
        "points.yaml",
        "value: 90,",
        f"value: {'9' * 41},",
        "value: 999",
        "is not a number",
    ),
    "a member twice in a group": (
        "groups.yaml",
        "members: [KE, EG]",
        "members: [KE, KE]",
        "[KE, KE]",
        "“KE” is in the list twice",
    ),
    "a field twice": (
        "campaign.yaml",
        "city: Valletta\n",
        "city: Valletta\ncity: Rome\n",
        "city: Rome",
        "“city” appears twice",
    ),
    "a list that is a word": (
        "asks.yaml",
        "supports: [1, 2]",
        "supports: all",
        "supports: all",
        "supports: must be a list",
    ),
    "a word that is a list": (
        "sources.yaml",
        "title: The Noisy Sea",
        "title: [The, Noisy, Sea]",
        "[The",
        "title: must be a single value",
    ),
    "a number that is a word": (
        "points.yaml",
        "- number: 2",
        "- number: two",
        "number: two",
        "“two” is not a whole number",
    ),
    "a number with a leading zero": (
        "points.yaml",
        "- number: 2",
        "- number: 010",
        "number: 010",
        "“010” is not a whole number",
    ),
    "a number out of range": (
        "audiences.yaml",
        "priority: 9",
        "priority: 99999999999",
        "priority: 9999",
        "is not between",
    ),
    "a word that is a number": (
        "glossary.yaml",
        "term: Hydrophone",
        "term: 2030",
        "term: 2030",
        '2030 without quotes is read as a number. Write it as "2030"',
    ),
    "a date that is none": (
        "campaign.yaml",
        "ends_on: 2031-05-09",
        "ends_on: 2031-02-30",
        "2031-02-30",
        "“2031-02-30” is not a date",
    ),
    "a loose date that is none": ("timeline.yaml", '"2029-11"', '"2029-13"', "2029-13", "is not a year, month or day"),
    "an end before the start": (
        "campaign.yaml",
        "ends_on: 2031-05-09",
        "ends_on: 2031-05-01",
        "ends_on",
        "ends before it starts",
    ),
    "a date of a member": (
        "members.csv",
        "1995-06-30",
        "30.6.1995",
        "30.6.1995",
        "accession_date: “30.6.1995” is not a date",
    ),
    "a time zone": (
        "campaign.yaml",
        "\ntime_zone: Europe/Malta",
        "\ntime_zone: Europe/../Malta",
        "/../",
        "is not a time zone",
    ),
    "a mail address": (
        "campaign.yaml",
        "letters@quietseas.example",
        "letters.quietseas.example",
        "letters.quietseas",
        "is not an email address",
    ),
    "an address of a script": (
        "sources.yaml",
        "https://bahr.example/1",
        "javascript:alert(1)",
        "javascript",
        "starts with https://",
    ),
    "a choice that is none": (
        "points.yaml",
        "verification: verified",
        "verification: certain",
        "certain",
        "“certain” is not one of: verified, consistent",
    ),
    "a caution without words": (
        "points.yaml",
        "        caution: Only large ones.\n",
        "",
        "verification: caution",
        "Say what is doubtful",
    ),
    "a statement too long": (
        "points.yaml",
        "statement: Ships get louder.",
        f"statement: {'louder ' * 300}",
        "statement: louder",
        "statement: has 2099 characters; at most 2000 fit. Shorten it.",
    ),
    "a month that is none": (
        "points.yaml",
        "{value: 7.5,",
        '{value: "2016-13",',
        "2016-13",
        "is not a number or a month",
    ),
    "a year before all years": ("sources.yaml", '"2030-02"', '"0005-02"', "0005", "is not a year, month or day"),
    "a look that is still to come": (
        "sources.yaml",
        "    year: 2029\n",
        "    year: 2029\n    checked_on: 2999-01-01\n",
        "checked_on",
        "checked_on: This day is in the future.",
    ),
    "an author twice": ("sources.yaml", "[Ana Mar]", "[Ana Mar, Ana Mar]", "Ana Mar", "Ana Mar"),
    "a fact retired without a reason": (
        "points.yaml",
        "        caution: Only large ones.\n",
        '        caution: Only large ones.\n        retired: ""\n',
        "retired",
        "retired: is empty",
    ),
    "a count that does not agree": (
        "groups.yaml",
        "2031-05-05: 2",
        "2031-05-05: 3",
        "counts:",
        "“coast” has 2 members on 2031-05-05, not 3",
    ),
    "a group that ends before it begins": (
        "groups.yaml",
        "since: 2004-05-01}",
        "since: 2004-05-01, until: 2004-05-01}",
        "until:",
        "MT leaves before it joins",
    ),
    "a member that leaves before it accedes": (
        "members.csv",
        "1995-01-01,2030-06-01",
        "1995-01-01,1994-06-01",
        "MT,MLT",
        "leaves before it accedes",
    ),
    "Norway without quotes": (
        "groups.yaml",
        'members: [KE, "NO", {code',
        "members: [KE, NO, {code",
        "[KE, NO,",
        'NO without quotes is read as false. Write it as "NO"',
    ),
    "Norway without quotes among countries": (
        "points.yaml",
        'related_countries: [KE, "NO"]',
        "related_countries: [KE, NO]",
        "related_countries",
        'Write it as "NO"',
    ),
    "a tab in YAML": ("asks.yaml", "    short: Slow ships", "\tshort: Slow ships", "\tshort", "is not valid YAML"),
    "an open bracket": ("asks.yaml", "supports: [1, 2]", "supports: [1, 2", "fits_groups", "is not valid YAML"),
    "an anchor": (
        "asks.yaml",
        "text: Slow ships down near the coast.",
        "text: &slow Slow ships down.",
        "&slow",
        "uses an anchor or alias",
    ),
    "an alias": ("asks.yaml", "short: Slow ships", "short: *slow", "*slow", "uses an anchor or alias"),
    "a tag": (
        "asks.yaml",
        "short: Slow ships",
        "short: !!python/object/apply:os.system [ls]",
        "!!python",
        "uses a tag (!)",
    ),
    "a second document": ("timeline.yaml", "timeline:", "---\ntimeline:", "---", "second document"),
    "a control character": ("asks.yaml", "short: Slow ships", "short: Slow\x07 ships", "short:", "control character"),
    "an escaped NUL": ("asks.yaml", "short: Slow ships", 'short: "Slow\\0 ships"', "short:", "control character"),
    "half a character": ("asks.yaml", "short: Slow ships", 'short: "Slow\\ud800 ships"', "short:", "is not valid YAML"),
    "a heading over two lines": (
        "asks.yaml",
        "short: Slow ships",
        'short: "Slow\\nships"',
        "short:",
        "must be one line",
    ),
    "another schema": (
        "glossary.yaml",
        "schema_version: 1",
        "schema_version: 2",
        "schema_version",
        "2 is not between 1 and 1",
    ),
    "an unknown section": (
        "timeline.yaml",
        "timeline:",
        "timelines:",
        "timelines:",
        "“timelines” is not a field here. Did you mean “timeline”?",
    ),
    "an unknown column": ("earlier_names.csv", "basis\n", "base\n", "KE,1999", "“base” is not a field here"),
    "a column twice": ("earlier_names.csv", ",basis\n", ",until\n", "iso_alpha2,until", "“until” twice"),
    "a row too short": (
        "earlier_names.csv",
        "KE,1999-01-01,Kenia,Kenia,invented",
        "KE,1999-01-01",
        "KE,1999",
        "has 2 cells, but the header has 5",
    ),
    "a row after one of two lines": (
        "members.csv",
        "MT,MLT,Malta,Malta,Malte,Malta,",
        "MT,MLT,Malta,Malta,Malte,,",
        "MT,MLT",
        "“name_es” is missing",
    ),
    "an earlier name of nobody": ("earlier_names.csv", "KE,1999", "XX,1999", "XX,1999", "member “XX” does not exist"),
    "an open quote in CSV": ("earlier_names.csv", "invented", 'in"ven"ted, "', "KE,1999", "cells"),
    "an unknown merge field": (
        "templates/base.yaml",
        "{{recipient.salutation|Excellency}}",
        "{{recipient.shoe|Excellency}}",
        "recipient.shoe",
        "merge field “recipient.shoe” does not exist",
    ),
    "an unknown fact in a letter": (
        "templates/base.yaml",
        "[[sea-f1]]",
        "[[sea-f9]]",
        "sea-f9",
        "fact “sea-f9” does not exist",
    ),
    "an unknown point in a letter": (
        "templates/base.yaml",
        "::: point 1",
        "::: point 4",
        "::: point 4",
        "point “4” does not exist",
    ),
    "an unknown group in a letter": (
        "templates/base.yaml",
        "only group:coast, member:KE",
        "only group:hills, member:KE",
        "group:hills",
        "group “hills” does not exist",
    ),
    "an unknown member in a letter": (
        "templates/base.yaml",
        "member:KE except",
        "member:ZZ except",
        "member:ZZ",
        "member “ZZ” does not exist",
    ),
    "a stance that is none": (
        "templates/base.yaml",
        "stance:opposes",
        "stance:sulks",
        "stance:sulks",
        "“stance:sulks” is not group:…, member:… or stance:…",
    ),
    "a block that is not closed": (
        "templates/base.yaml",
        "hear each other.\n  :::\n",
        "hear each other.\n",
        "::: point 1",
        "not closed",
    ),
    "bold that does not end": (
        "templates/base.yaml",
        "**cannot**",
        "**cannot",
        "**cannot",
        "begins bold text that does not end",
    ),
    "a language the campaign has not": (
        "templates/base.yaml",
        "language: en",
        "language: fr",
        "language: fr",
        "language of the campaign “fr” does not exist",
    ),
    "a text that is folded": ("templates/base.yaml", "text: |", "text: >", "text: >", "text: must start with a bar"),
    "a link to a script": (
        "templates/base.yaml",
        "Calls carry less far.",
        "[Calls](javascript:alert) carry.",
        "text: |",
        "A link starts with https://",
    ),
}


def line_at_fault(text: str, words: str) -> int:
    """The line with the words; "THE SECOND x" means the second line that holds x."""
    if words.startswith("THE SECOND "):
        first = text.split("\n").index(next(line for line in text.split("\n") if words[11:] in line))
        return first + 1 + line_with("\n".join(text.split("\n")[first + 1 :]), words[11:])
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if words.strip("\n") in line]
    return lines[-1] if words.endswith("\n") else line_with(text, words)


@pytest.mark.parametrize("case", CASES)
def test_a_broken_file_is_answered_with_file_line_and_reason(tmp_path: Path, case: str) -> None:
    name, old, new, words, reason = CASES[case]
    text = changed(name, old, new)
    folder = write_folder(tmp_path / "sea", **text)
    with pytest.raises(InvalidFiles) as broken:
        campaign_load(folder=folder)
    line = line_at_fault(text[name], words)
    mine = [fault for fault in broken.value.faults if reason in fault.reason]
    assert [(fault.file, fault.line) for fault in mine] == [(name, line)], broken.value
    assert f"{name}, line {line}: " in str(broken.value)
    nothing_was_written()


def nothing_was_written() -> None:
    for model in (Campaign, Member, Group, Source, Fact, AuditEvent):
        assert not model.objects.exists(), model


def test_one_fault_does_not_draw_others_after_it(tmp_path: Path) -> None:
    """A source with a slip is not also called unknown by every fact that cites it."""
    folder = write_folder(tmp_path / "sea", **changed("sources.yaml", "title: The Noisy Sea", "titel: The Noisy Sea"))
    with pytest.raises(InvalidFiles) as broken:
        campaign_load(folder=folder)
    assert {fault.file for fault in broken.value.faults} == {"sources.yaml"}


def test_all_faults_are_named_at_once_in_order_of_file_and_line(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path / "sea",
        **changed("asks.yaml", "supports: [1, 2]", "supports: [1, 3]"),
        **changed("groups.yaml", "members: [KE, EG]", "members: [KE, XX]"),
        **changed("templates/base.yaml", "[[sea-f1]]", "[[sea-f9]]"),
    )
    with pytest.raises(InvalidFiles, match=r"3 errors. Nothing was changed") as broken:
        campaign_load(folder=folder)
    assert [fault.file for fault in broken.value.faults] == ["asks.yaml", "groups.yaml", "templates/base.yaml"]


def test_of_many_faults_twenty_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    rows = "".join(f"  - {{id: t-{n}, kind: concept, term: T, definition: D, points: [{n + 5}]}}\n" for n in range(50))
    folder = write_folder(tmp_path / "sea", **{"glossary.yaml": f"glossary:\n{rows}"})
    with pytest.raises(InvalidFiles) as broken:
        campaign_load(folder=folder)
    lines = str(broken.value).split("\n")
    assert lines[0].startswith("50 errors")
    assert lines[-1] == "and 30 more"
    assert len(lines) == 22


def test_a_file_in_another_encoding_says_where(folder: Path) -> None:
    text = FILES["glossary.yaml"].replace("A microphone under water.", "Ein Mikrofon für Wale.")
    (folder / "glossary.yaml").write_bytes(text.encode("latin-1"))
    with pytest.raises(InvalidFiles, match=r"glossary.yaml, line 3: is not UTF-8 \(byte 0xfc\)"):
        campaign_load(folder=folder)


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(folder: Path) -> None:
    for name in ("members.csv", "sources.yaml", "templates/base.yaml"):
        (folder / name).write_bytes(b"\xef\xbb\xbf" + FILES[name].replace("\n", "\r\n").encode())
    campaign_load(folder=folder)
    assert Member.objects.get(code="EG").capital == "القاهرة"


def test_a_bomb_of_aliases_is_refused_before_it_unfolds(folder: Path) -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for this, last in zip("bcdefghi", "abcdefgh", strict=True):
        bomb += f"{this}: &{this} [{', '.join([f'*{last}'] * 9)}]\n"
    (folder / "glossary.yaml").write_text(bomb)
    with pytest.raises(InvalidFiles, match=r"glossary.yaml, line 1: uses an anchor or alias"):
        campaign_load(folder=folder)


def test_deep_nesting_is_refused(folder: Path) -> None:
    (folder / "glossary.yaml").write_text("glossary: " + "[" * 5000 + "]" * 5000)
    with pytest.raises(InvalidFiles, match=r"glossary.yaml, line 1: is nested too deeply"):
        campaign_load(folder=folder)


def test_a_huge_file_is_refused_unread(folder: Path) -> None:
    (folder / "glossary.yaml").write_text("glossary: []\n" + "#" * 2_100_000)
    with pytest.raises(InvalidFiles, match=r"glossary.yaml: is larger than 2000 KB"):
        campaign_load(folder=folder)


@pytest.mark.parametrize("text", ["", "# nothing but a remark\n", "[]\n", "just words\n"])
def test_a_file_with_nothing_in_it_is_a_fault(folder: Path, text: str) -> None:
    (folder / "asks.yaml").write_text(text)
    with pytest.raises(InvalidFiles, match=r"asks.yaml"):
        campaign_load(folder=folder)
    nothing_was_written()


def test_an_empty_table_is_a_fault(folder: Path) -> None:
    (folder / "members.csv").write_text("")
    with pytest.raises(InvalidFiles, match=r"members.csv: is empty"):
        campaign_load(folder=folder)


def test_an_open_quote_is_said_where_it_opens(folder: Path) -> None:
    """Not where the next quote, lines below, shows that something is wrong."""
    lines = [
        "iso_alpha2,until,short_name,wto_name,basis", "", 'KE,1999-01-01,"Two', 'lines",Kenia,invented',
        'KE,1999-01-02,"Open,Kenia,invented', "KE,2000-01-01,Kenia,Kenia,x", 'KE,2001-01-01,"Kenia",Kenia,x',
    ]  # fmt: skip
    (folder / "earlier_names.csv").write_text("\n".join(lines) + "\n")
    with pytest.raises(InvalidFiles, match=r"earlier_names.csv, line 5: .*quote .* is not closed. Noticed in line 7"):
        campaign_load(folder=folder)
    (folder / "earlier_names.csv").write_text("\n".join(lines[:6]) + "\n")
    with pytest.raises(InvalidFiles, match=r"earlier_names.csv, line 5: .*quote .* is not closed"):
        campaign_load(folder=folder)


def test_a_misspelt_file_is_not_passed_over(folder: Path) -> None:
    (folder / "asks.yaml").rename(folder / "ask.yaml")
    with pytest.raises(InvalidFiles, match=r"ask.yaml: is not a campaign file. Did you mean “asks.yaml”\?"):
        campaign_load(folder=folder)


def test_a_folder_without_a_campaign_and_no_folder_at_all(folder: Path) -> None:
    (folder / "campaign.yaml").unlink()
    with pytest.raises(InvalidFiles, match=r"campaign.yaml: is missing"):
        campaign_load(folder=folder)
    with pytest.raises(InvalidFiles, match=r"is not a folder"):
        campaign_load(folder=folder / "nowhere")


def test_shared_data_must_say_how_new_it_is(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "sea", **changed("campaign.yaml", "reference_data_as_of: 2030-01-01\n", ""))
    with pytest.raises(
        InvalidFiles, match=r"reference_data_as_of is missing. It says how new members.csv, groups.yaml are"
    ):
        campaign_load(folder=folder)


def test_the_command_says_the_same_and_ends_with_an_error(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "sea", **changed("groups.yaml", "[KE, EG]", "[KE, XX]"))
    out = StringIO()
    with pytest.raises(CommandError, match=r"groups.yaml, line 11: code: member “XX” does not exist") as failed:
        call_command("load_campaign", str(folder), stdout=out)
    assert "Nothing was changed" in str(failed.value)
    assert out.getvalue() == ""
