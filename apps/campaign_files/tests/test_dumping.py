"""Writing a campaign to files: load, dump and load again changes nothing, whatever the texts hold."""

import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.campaign_files.faults import Faults
from apps.campaign_files.file_types import FILE_TYPES, campaign, points
from apps.campaign_files.folder_reader import CampaignFiles, read_folder
from apps.campaign_files.services import campaign_dump, campaign_load
from apps.campaign_files.services.dump import DumpResult, campaign_files
from apps.campaigns.models import Campaign
from apps.core.errors import DomainError
from apps.governments.models import GroupMembership, Member
from apps.letters.models import LetterTemplate
from apps.sources.models import Source
from apps.talkingpoints.models import Ask, Fact, GlossaryTerm, PointTranslation, TalkingPoint
from apps.talkingpoints.services.facts import fact_fingerprint, fact_retire
from apps.talkingpoints.services.translations import translation_save
from apps.talkingpoints.translation_status import original_hash
from tests.factories import make_member, make_user
from tests.factories.campaign_files import (
    FILES,
    changed,
    contents,
    empty_the_database,
    file_contents,
    forget_the_history,
    without_ids,
    write_folder,
)
from tests.factories.governments import make_recipient

pytestmark = pytest.mark.django_db

SLUGS = {"folder": "sea2031", "mc11": "mc11"}


# ---- there and back --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", SLUGS)
def test_what_was_dumped_changes_nothing_and_makes_the_same_campaign_elsewhere(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    campaign_load(folder=request.getfixturevalue(which))
    campaign_dump(slug=SLUGS[which], folder=tmp_path / "one")
    before, rows = contents(), without_ids()
    report = campaign_load(folder=tmp_path / "one")
    assert (report.created, report.changed, report.missing_files) == (0, 0, [])
    assert not any(changes.gone or changes.newer for changes in report.kinds)
    assert contents() == before, "not even a row was saved again"
    empty_the_database()
    campaign_load(folder=tmp_path / "one")
    assert without_ids() == rows
    campaign_dump(slug=SLUGS[which], folder=tmp_path / "two")
    assert file_contents(tmp_path / "one") == file_contents(tmp_path / "two")


def test_the_files_that_are_shipped_and_those_that_are_dumped_hold_the_same(mc11: Path, tmp_path: Path) -> None:
    """Field by field, by another reader than ours; what is left out is empty."""
    campaign_load(folder=mc11)
    campaign_dump(slug="mc11", folder=tmp_path / "out")
    for name in ("asks", "audiences", "glossary", "timeline", "sources", "groups"):
        ours, theirs = (yaml.safe_load((folder / f"{name}.yaml").read_text()) for folder in (tmp_path / "out", mc11))
        assert [said(row) for row in ours[name]] == [said(row) for row in theirs[name]], name


def said(row: dict[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in row.items() if value not in (None, "", [], {})}
    if "members" in fields:
        since = fields.pop("since", None)
        full = [one if isinstance(one, dict) else {"code": one} for one in fields["members"]]
        dated = [{**({"since": since} if since else {}), **one} for one in full]
        fields["members"] = sorted(dated, key=lambda one: one["code"])
    return fields


def test_people_can_read_it(folder: Path, tmp_path: Path) -> None:
    write_folder(folder, **changed("sources.yaml", "    year: 2029\n", f"    year: 2029\n    note: {'whale ' * 40}\n"))
    campaign_load(folder=folder)
    campaign_dump(slug="sea2031", folder=tmp_path / "out")
    files = {name: text.decode() for name, text in file_contents(tmp_path / "out").items()}
    assert set(files) == set(FILES) - {"templates/base.yaml"} | {"templates/base.en.yaml"}
    assert 'members: [KE, {code: MT, since: 2004-05-01}, "NO"]' in files["groups.yaml"]
    assert "    note: >-\n      whale whale" in files["sources.yaml"]
    assert "    title: ضوضاء البحر\n" in files["sources.yaml"]
    assert '    date: "2030-02"\n' in files["sources.yaml"]
    assert "          - {value: 7.5, unit: kilometres, year: 2028}\n" in files["points.yaml"]
    assert files["templates/base.en.yaml"].split("text: |")[1] == FILES["templates/base.yaml"].split("text: |")[1]
    assert files["points.yaml"].index("topics:") < files["points.yaml"].index("points:")
    assert not any(sign in text for text in files.values() for sign in ("&id", "*id", "!!"))
    assert max(len(line) for name, text in files.items() if name != "members.csv" for line in text.split("\n")) <= 122


def test_the_number_of_queries_does_not_grow_with_the_rows(folder: Path, mc11: Path) -> None:
    counts = []
    for which, slug in ((folder, "sea2031"), (mc11, "mc11")):
        campaign_load(folder=which)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            campaign_files(Campaign.objects.get(slug=slug), DumpResult(slug, folder))
        counts.append(len(queries))
        empty_the_database()
    assert counts[0] == counts[1]


# ---- no field is forgotten -------------------------------------------------------------------------------------------


def pack_of(folder: Path) -> CampaignFiles:
    faults = Faults()
    files = read_folder(folder, faults)
    faults.raise_if_any()
    assert files is not None
    return files


def fields_of(model: Any) -> set[str]:
    return {field.name for field in (*model._meta.fields, *model._meta.many_to_many)} - {
        "id", "created_at", "updated_at", "campaign",
    }  # fmt: skip


#: fields that are in no file, in another file, or in another form
NOT_IN_FILE = {
    "campaigns": {"fictional", "moved_days", "webhook_events"},
    "facts": {"revision", "retired_at", "edited_at", "search", "point", "source", "additional_sources"},
    "groups": {"data_as_of", "members"},
    "letter templates": {"edited_at", "from_letter"},
    "members": {"data_as_of", "earlier_names"},
    "points": {"edited_at", "search"},
    "sources": {"edited_at", "search"},
}


@pytest.mark.parametrize("file_type", FILE_TYPES, ids=lambda file_type: file_type.name)
def test_every_field_of_a_kind_has_its_way_there_and_back(file_type: Any, mc11: Path) -> None:
    assert len(file_type.order) == len(set(file_type.order))
    entries = pack_of(mc11).entries(file_type)
    assert entries
    read = set(file_type.values(entries[0])) | {"position"}
    assert fields_of(file_type.model) - read == NOT_IN_FILE.get(file_type.name, set()), (
        "read it, or add it to NOT_IN_FILE"
    )


def test_every_field_of_facts_campaigns_templates_and_memberships_too(mc11: Path) -> None:
    files = pack_of(mc11)
    read = set(points.FACT.values(files.facts[0].entry)) | {"position"}
    assert fields_of(Fact) - read == NOT_IN_FILE["facts"]
    assert fields_of(Campaign) - set(campaign.values(files.campaign)) == NOT_IN_FILE["campaigns"]
    assert files.templates
    assert fields_of(LetterTemplate) - set(files.templates[0].values()) == NOT_IN_FILE["letter templates"]
    assert fields_of(GroupMembership) == {"group", "member", "since", "until"}


# ---- what the files cannot say is named ------------------------------------------------------------------------------


def assert_refused(tmp_path: Path, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        campaign_dump(slug="sea2031", folder=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["sea"], "nothing is left beside it"


def test_what_the_files_cannot_say_is_named_and_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    campaign_load(folder=folder)
    Ask.objects.update(text="  Slow ships down.")
    assert_refused(tmp_path, r"asks.yaml ask-slow text: “'  Slow ships down.'” → “'Slow ships down.'”")


def test_a_field_of_no_file_is_named(folder: Path, tmp_path: Path) -> None:
    campaign_load(folder=folder)
    GlossaryTerm.objects.update(extra={"depth": 12})
    assert_refused(tmp_path, r"glossary.yaml, line \d+: “depth” is not a field here")


def test_a_topic_without_a_word_is_its_own(folder: Path, tmp_path: Path) -> None:
    campaign_load(folder=folder)
    TalkingPoint.objects.filter(number=2).update(topics=["cost"])
    campaign_dump(slug="sea2031", folder=tmp_path / "out")
    assert "{slug: cost, label: cost}" in (tmp_path / "out" / "points.yaml").read_text()
    report = campaign_load(folder=tmp_path / "out")
    assert (report.created, report.changed) == (0, 0)


def test_two_words_for_one_topic_are_named(folder: Path, tmp_path: Path) -> None:
    campaign_load(folder=folder)
    TalkingPoint.objects.filter(number=2).update(topics=["whales"], extra={"labels": {"whales": "Large animals"}})
    assert_refused(tmp_path, r"labels.whales")


def test_a_member_of_an_unknown_day_is_named(folder: Path, tmp_path: Path) -> None:
    campaign_load(folder=folder)
    make_member("XX", "Nowhere", data_as_of=None)
    assert_refused(tmp_path, r"XX: data_as_of is missing")


def test_a_letter_for_which_the_notation_has_no_signs_is_named(folder: Path, tmp_path: Path) -> None:
    campaign_load(folder=folder)
    template = LetterTemplate.objects.get()
    lines = [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in ("One.", "Two.")]
    template.body["content"].append({"type": "blockquote", "attrs": {"id": "babcdefgh"}, "content": lines})
    template.save()
    assert_refused(tmp_path, r"templates/base.en text")


def test_a_template_does_not_lead_out_of_the_folder(folder: Path, tmp_path: Path) -> None:
    campaign_load(folder=folder)
    LetterTemplate.objects.update(key="../../escape")
    assert_refused(tmp_path, r"“../../escape” \(en\): this cannot be a file name")


# ---- retired facts, and what is left out on purpose ------------------------------------------------------------------


def test_a_fact_that_left_the_files_is_written_as_retired_and_the_others_keep_their_numbers(
    folder: Path, tmp_path: Path
) -> None:
    campaign_load(folder=folder)
    text = FILES["points.yaml"]
    first, second = text.index("      - id: sea-f1"), text.index("      - id: sea-f2")
    write_folder(
        folder, **{"points.yaml": text[:first] + text[second:]}, **changed("templates/base.yaml", "[[sea-f1]]", "")
    )
    campaign_load(folder=folder)
    report = campaign_dump(slug="sea2031", folder=tmp_path / "out")
    assert report.retired == ["sea-f1"]
    assert any("retired" in line and "sea-f1" in line for line in report.lines())
    again = campaign_load(folder=tmp_path / "out")
    assert (again.created, again.changed) == (0, 0)
    forget_the_history()
    empty_the_database()
    campaign_load(folder=tmp_path / "out")
    assert Fact.objects.get(key="sea-f2").number == "1.2", "people have written 1.2 down"
    gone = Fact.objects.get(key="sea-f1")
    assert gone.retired_at is not None
    assert [row.reason for row in gone.history.all()] == ["Removed from the campaign’s files."]


def test_a_retired_fact_that_a_template_cites_goes_there_and_back(folder: Path, tmp_path: Path) -> None:
    campaign_load(folder=folder)
    fact, ada = Fact.objects.get(key="sea-f1"), make_user("Ada Okoro")
    fact_retire(fact=fact, actor=ada, seen=fact_fingerprint(fact), reason="Nobody heard: whales\n\tdo. \x07 #no")
    since = Fact.objects.get(key="sea-f1").retired_at
    campaign_dump(slug="sea2031", folder=tmp_path / "one")
    for _turn in range(2):
        report = campaign_load(folder=tmp_path / "one")
        assert (report.created, report.changed) == (0, 0)
        assert not any(changes.corrected for changes in report.kinds), "it follows its files from now on"
    assert Fact.objects.get(key="sea-f1").retired_at == since
    forget_the_history()
    empty_the_database()
    campaign_load(folder=tmp_path / "one")
    campaign_dump(slug="sea2031", folder=tmp_path / "two")
    assert file_contents(tmp_path / "one") == file_contents(tmp_path / "two")


def test_files_retire_a_fact_with_their_reason_and_put_it_back(folder: Path) -> None:
    campaign_load(folder=folder)
    write_folder(
        folder, **changed("points.yaml", "      - id: sea-f2\n", "      - id: sea-f2\n        retired: Too old.\n")
    )
    assert campaign_load(folder=folder).changed == 1
    fact = Fact.objects.get(key="sea-f2")
    assert fact.retired_at is not None
    assert [(row.act, row.reason) for row in fact.history.all()] == [("retire", "Too old.")]
    assert campaign_load(folder=folder).changed == 0
    write_folder(folder)
    assert campaign_load(folder=folder).changed == 1
    assert Fact.objects.get(key="sea-f2").retired_at is None


def test_no_person_is_in_the_files(folder: Path, tmp_path: Path) -> None:
    campaign_load(folder=folder)
    sea = Campaign.objects.get()
    make_user("Ada Okoro", email="ada@quietseas.example")
    make_recipient(sea, Member.objects.get(code="KE"), "Minister of the Sea", "minister@sea.example", name="Jo Tide")
    campaign_dump(slug="sea2031", folder=tmp_path / "out")
    everything = b"".join(file_contents(tmp_path / "out").values())
    for word in ("Okoro", "ada@", "Jo Tide", "Minister of the Sea", "minister@"):
        assert word.encode() not in everything


def test_members_of_two_days_are_dated_by_the_older(folder: Path, tmp_path: Path) -> None:
    campaign_load(folder=folder)
    Member.objects.filter(code="KE").update(data_as_of="2031-01-01")
    campaign_dump(slug="sea2031", folder=tmp_path / "out")
    assert "reference_data_as_of: 2030-01-01\n" in (tmp_path / "out" / "campaign.yaml").read_text()
    report = campaign_load(folder=tmp_path / "out")
    assert (report.created, report.changed) == (0, 0)


def test_an_empty_campaign_is_dumped_and_loaded_as_well(folder: Path, tmp_path: Path) -> None:
    for name in [*FILES]:
        if name != "campaign.yaml":
            (folder / name).unlink()
    (folder / "templates").rmdir()
    campaign_load(folder=folder)
    campaign_dump(slug="sea2031", folder=tmp_path / "out")
    report = campaign_load(folder=tmp_path / "out")
    assert (report.created, report.changed) == (0, 0)


# ---- the folder ------------------------------------------------------------------------------------------------------


def printed(*args: str) -> list[str]:
    out = StringIO()
    call_command("dump_campaign", *args, stdout=out)
    return out.getvalue().splitlines()


def test_the_command_says_what_it_wrote(folder: Path, tmp_path: Path) -> None:
    campaign_load(folder=folder)
    lines = printed("sea2031", str(tmp_path / "new" / "out"))
    assert "points.yaml: 2" in lines
    assert lines[-1] == f"sea2031 is in {tmp_path / 'new' / 'out'}"
    with pytest.raises(CommandError, match="Campaign “sea” does not exist"):
        printed("sea", str(tmp_path / "other"))


def test_a_folder_that_is_not_empty_needs_force_and_keeps_what_is_not_the_campaign_s(folder: Path) -> None:
    campaign_load(folder=folder)
    (folder / "templates" / "base.yaml").rename(folder / "templates" / "base.en.yaml")
    (folder / "README.md").write_text("ours")
    (folder / "demo").mkdir()
    (folder / "demo" / "cast.yaml").write_text("people: []")
    (folder / ".hidden").symlink_to("nowhere")
    os.chmod(folder, 0o750)
    before = file_contents(folder)
    with pytest.raises(CommandError, match=r"is not empty\. Name an empty folder, or replace"):
        printed("sea2031", str(folder))
    assert file_contents(folder) == before
    Ask.objects.update(short="Slow")
    printed("sea2031", str(folder), "--force")
    assert (folder / "README.md").read_text() == "ours"
    assert (folder / "demo" / "cast.yaml").read_text() == "people: []"
    assert (folder / ".hidden").is_symlink()
    assert folder.stat().st_mode & 0o777 == 0o750
    assert "short: Slow\n" in (folder / "asks.yaml").read_text()
    assert [path.name for path in folder.parent.iterdir()] == ["sea"]


def test_a_template_that_would_stay_behind_is_named(folder: Path) -> None:
    campaign_load(folder=folder)
    before = file_contents(folder)
    with pytest.raises(
        DomainError,
        match=r"templates/base.yaml in .*: the campaign has no letter template with this file name",
    ):
        campaign_dump(slug="sea2031", folder=folder, force=True)
    assert file_contents(folder) == before


@pytest.mark.parametrize("failing", ["write_text", "replace", "second replace", "copytree"])
def test_a_failure_half_way_leaves_the_old_folder_whole(
    folder: Path, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign_load(folder=folder)
    (folder / "templates" / "base.yaml").unlink()
    (folder / "demo").mkdir()
    before = file_contents(folder)
    calls: list[Any] = []
    real = {"replace": os.replace, "write_text": Path.write_text}

    def fail(*args: Any, **options: Any) -> Any:
        calls.append(args)
        if len(calls) == {"write_text": 5, "second replace": 2}.get(failing, 1):
            raise OSError(28, "No space left on device")
        return real[failing.split()[-1]](*args, **options)

    target = {"write_text": "pathlib.Path.write_text", "copytree": "shutil.copytree"}.get(failing, "os.replace")
    monkeypatch.setattr(target, fail)
    with pytest.raises(DomainError, match="No space left on device"):
        campaign_dump(slug="sea2031", folder=folder, force=True)
    monkeypatch.undo()
    assert file_contents(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["sea"]


def test_a_file_and_a_link_are_no_folder(folder: Path, tmp_path: Path) -> None:
    campaign_load(folder=folder)
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(folder)
    for name in ("file", "link"):
        with pytest.raises(DomainError, match="is not a folder that can be written to"):
            campaign_dump(slug="sea2031", folder=tmp_path / name, force=True)
    assert (tmp_path / "file").read_text() == "mine"
    with pytest.raises(DomainError, match="cannot be written"):
        campaign_dump(slug="sea2031", folder=tmp_path / "file" / "under")


def test_a_source_s_order_of_loading_is_kept(folder: Path, tmp_path: Path) -> None:
    campaign_load(folder=folder)
    assert [source.key for source in Source.objects.order_by("pk")] == ["src-book", "src-arabic"]
    campaign_dump(slug="sea2031", folder=tmp_path / "out")
    text = (tmp_path / "out" / "sources.yaml").read_text()
    assert text.index("src-book") < text.index("src-arabic")


def test_points_in_other_languages_go_there_and_back(folder: Path, tmp_path: Path) -> None:
    campaign_load(folder=folder)
    point = TalkingPoint.objects.get(campaign__slug="sea2031", number=2)
    writer = make_user("Naledi Motsepe")
    for language, words in (
        ("fr", {"title": "Le calme", "claim": "Le calme coûte peu: oui"}),
        ("ar", {"title": "هدوء", "claim": "- هدوء"}),
        ("en", {"passage": "no\n# Quiet"}),
    ):
        held = point.translations.filter(language=language).first()
        translation_save(
            point=point, language=language, actor=writer, revision=held.revision if held else 0,
            original=original_hash(point, language), **words,
        )  # fmt: skip
    wanted = list(PointTranslation.objects.order_by("language").values("language", "title", "claim", "passage"))
    campaign_dump(slug="sea2031", folder=tmp_path / "dump")
    again = campaign_load(folder=tmp_path / "dump")
    assert (again.created, again.changed) == (0, 0)
    bytes_before = file_contents(tmp_path / "dump")
    empty_the_database()
    campaign_load(folder=tmp_path / "dump")
    assert list(PointTranslation.objects.order_by("language").values("language", "title", "claim", "passage")) == wanted
    assert not PointTranslation.objects.filter(reviewed_at__isnull=False).exists()
    campaign_dump(slug="sea2031", folder=tmp_path / "again")
    assert file_contents(tmp_path / "again") == bytes_before
