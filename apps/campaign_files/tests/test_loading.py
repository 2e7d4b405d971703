"""Loading: what arrives, that a second time changes nothing, that a change is told, that nothing is half."""

import os
import signal
import subprocess
import sys
import threading
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction

from apps.campaign_files.faults import InvalidFiles
from apps.campaign_files.services import campaign_load
from apps.campaign_files.services.sync import campaign_content
from apps.campaigns.models import Campaign
from apps.core.models import AuditEvent
from apps.governments.models import Group, GroupMembership, Member
from apps.governments.selectors import groups_of
from apps.sources.models import Source
from apps.talkingpoints.models import Ask, Audience, Fact, GlossaryTerm, TalkingPoint
from tests.factories.campaign_files import EVERYTHING, FILES, changed, contents, write_folder

pytestmark = pytest.mark.django_db


def printed(folder: Path, *options: str) -> list[str]:
    out = StringIO()
    call_command("load_campaign", str(folder), *options, stdout=out)
    return out.getvalue().splitlines()


def test_a_campaign_that_the_code_never_heard_of_is_loaded(folder: Path) -> None:
    campaign_load(folder=folder)
    campaign = Campaign.objects.get(slug="sea2031")
    assert (campaign.time_zone_place, campaign.published, campaign.retention_days) == ("Valletta", True, 180)
    fact = Fact.objects.get(key="sea-f1")
    assert fact.number == "1.1"
    assert fact.figures == [
        {"value": "7.5", "unit": "kilometres", "year": 2028},
        {"value": 90, "unit": "kilometres", "year": 1950},
    ]
    assert [source.key for source in fact.additional_sources.all()] == ["src-arabic"]
    assert Fact.objects.get(key="sea-c1").number == "Context 1"
    assert fact.point is not None
    assert fact.point.extra == {"related_non_members": ["ER"], "labels": {"whales": "Whales", "sailors": "Sailors"}}
    assert Audience.objects.get(slug="coast").reasons == {"2": "Harbours save fuel."}


def test_arabic_and_accents_arrive_as_written_and_sort_without_accents(folder: Path) -> None:
    campaign_load(folder=folder)
    egypt = Member.objects.get(code="EG")
    assert (egypt.capital, egypt.notes) == ("القاهرة", "مصر، على البحر\nفي سطرين")
    assert (egypt.name, egypt.sort_en) == ("Égypte", "egypte")
    assert [member.code for member in Member.objects.all()] == ["EG", "KE", "MT", "NO"]
    assert Source.objects.get(key="src-arabic").title == "ضوضاء البحر"


def test_the_first_time_says_what_is_new_the_second_that_nothing_changed(folder: Path) -> None:
    first = printed(folder)
    assert "created 4 members: KE, NO, EG, MT" in first
    assert "created 3 facts: sea-f1, sea-f2, sea-c1" in first
    assert "created 1 letter template: base.en" in first
    before, trail = contents(), AuditEvent.objects.count()
    assert printed(folder) == ["sea2031: 0 created, 0 changed"]
    assert contents() == before
    assert AuditEvent.objects.count() == trail


def test_the_load_is_in_the_audit_trail_with_numbers_only(folder: Path) -> None:
    campaign_load(folder=folder)
    event = AuditEvent.objects.get(verb="campaign.load")
    assert event.data["rows"]["facts"] == 3
    assert event.campaign_id == Campaign.objects.get().pk


def test_a_change_is_told_by_key_and_field(folder: Path) -> None:
    campaign_load(folder=folder)
    write_folder(
        folder,
        **changed("asks.yaml", "Slow ships down near the coast.", "Slow ships down within 12 miles."),
        **changed("campaign.yaml", "city: Valletta", "city: Mdina"),
    )
    report = printed(folder)
    assert report == [
        "changed 1 campaign: sea2031 (city)",
        "changed 1 ask: ask-slow (text)",
        "sea2031: 0 created, 2 changed",
    ]
    assert Ask.objects.get().text == "Slow ships down within 12 miles."


def test_a_dry_run_says_the_same_and_writes_nothing(folder: Path) -> None:
    dry = printed(folder, "--dry-run")
    assert not any(model.objects.exists() for model in (*EVERYTHING, AuditEvent))
    wet = printed(folder)
    assert dry == [*wet[:-1], f"{wet[-1]} (dry run: nothing was written)"]


def test_another_statement_figure_or_caution_is_a_new_revision_of_the_fact_whom_it_concerns_is_not(
    folder: Path,
) -> None:
    campaign_load(folder=folder)
    write_folder(folder, **changed("points.yaml", "applies_to: [coast, KE, ER, global]", "applies_to: [coast]"))
    campaign_load(folder=folder)
    assert Fact.objects.get(key="sea-f1").revision == 1
    write_folder(folder, **changed("points.yaml", "{value: 90, unit", "{value: 91, unit"))
    campaign_load(folder=folder)
    assert Fact.objects.get(key="sea-f1").revision == 2
    write_folder(folder, **changed("points.yaml", "Ships get louder.", "Large ships get louder."))
    campaign_load(folder=folder)
    revisions = dict(Fact.objects.values_list("key", "revision"))
    assert revisions == {"sea-f1": 3, "sea-f2": 2, "sea-c1": 1}, "back to 90 is a third statement"
    write_folder(folder, **changed("points.yaml", "Only large ones.", "Only ships over 300 metres."))
    campaign_load(folder=folder)
    assert Fact.objects.get(key="sea-f2").revision == 3
    write_folder(folder, **changed("points.yaml", "        additional_source_ids: [src-arabic]\n", ""))
    campaign_load(folder=folder)
    assert Fact.objects.get(key="sea-f1").revision == 4, "it rests on less now"


def test_facts_that_left_the_files_are_retired_and_come_back(folder: Path) -> None:
    campaign_load(folder=folder)
    text = FILES["points.yaml"]
    write_folder(folder, **{"points.yaml": text[: text.index("context_facts:")]})
    assert "retired, no longer in the files: 1 fact: sea-c1" in printed(folder)
    assert Fact.objects.get(key="sea-c1").retired_at is not None
    assert printed(folder) == ["sea2031: 0 created, 0 changed"]
    write_folder(folder)
    assert "changed 1 fact: sea-c1 (retired_at)" in printed(folder)
    assert Fact.objects.get(key="sea-c1").retired_at is None


def test_other_rows_that_left_the_files_are_named_and_stay(folder: Path) -> None:
    campaign_load(folder=folder)
    write_folder(folder, **{"glossary.yaml": "glossary: []\n"})
    assert "kept, no longer in the files: 1 glossary term: hydrophone" in printed(folder)
    assert GlossaryTerm.objects.count() == 1


def test_a_file_that_is_missing_leaves_its_kind_alone(folder: Path) -> None:
    campaign_load(folder=folder)
    (folder / "glossary.yaml").unlink()
    (folder / "points.yaml").unlink()
    before = contents()
    assert printed(folder) == [
        "not in the folder, unchanged: points.yaml, glossary.yaml",
        "sea2031: 0 created, 0 changed",
    ]
    assert contents() == before


def test_files_may_refer_to_what_an_earlier_load_brought(folder: Path) -> None:
    campaign_load(folder=folder)
    known = ("members.csv", "earlier_names.csv", "groups.yaml", "sources.yaml", "points.yaml")
    write_folder(folder, **changed("asks.yaml", "supports: [1, 2]", "supports: [2]"), **dict.fromkeys(known))
    assert campaign_load(folder=folder).changed == 1


def test_two_points_may_swap_their_slugs_and_two_audiences_their_priorities(folder: Path) -> None:
    campaign_load(folder=folder)
    points = FILES["points.yaml"].replace("quiet-is-cheap", "X").replace("whales-cannot-hear", "quiet-is-cheap")
    audiences = FILES["audiences.yaml"].replace("priority: 1\n", "priority: X\n").replace("priority: 9", "priority: 1")
    write_folder(
        folder,
        **{"points.yaml": points.replace("slug: X", "slug: whales-cannot-hear")},
        **{"audiences.yaml": audiences.replace("priority: X", "priority: 9")},
    )
    assert campaign_load(folder=folder).changed == 4
    assert TalkingPoint.objects.get(number=1).slug == "quiet-is-cheap"


def test_a_value_held_by_a_row_that_left_the_files_is_named_with_its_holder(folder: Path) -> None:
    campaign_load(folder=folder)
    write_folder(folder, **changed("audiences.yaml", "slug: everybody", "slug: all-members"))
    with pytest.raises(
        InvalidFiles, match=r"audiences.yaml, line 14: priority: “9” belongs to everybody, which is not in the files"
    ):
        campaign_load(folder=folder)
    assert not Audience.objects.filter(slug="all-members").exists()


# ---- members and groups serve every campaign ------------------------------------------------------------------------


def second_campaign(folder: Path, **files: str | None) -> Path:
    other = {"campaign.yaml": FILES["campaign.yaml"].replace("sea2031", "sky2032"), **files}
    return write_folder(folder, **other)


def test_two_campaigns_stand_side_by_side(folder: Path, mc11: Path, tmp_path: Path) -> None:
    campaign_load(folder=mc11)
    before = contents()
    groups = FILES["groups.yaml"].replace("    counts: {2029-01-01: 3, 2031-05-05: 2}\n", "")
    without = dict.fromkeys(("members.csv", "earlier_names.csv"))
    sea = write_folder(tmp_path / "other", **{"groups.yaml": groups}, **without)
    campaign_load(folder=sea)
    after = contents()
    for name, rows in before.items():
        assert after[name][: len(rows)] == rows, f"{name} of the first campaign changed"
    assert Member.objects.count() == 166
    assert Fact.objects.filter(campaign__slug="sea2031").count() == 3


def test_older_members_do_not_overwrite_newer_ones(folder: Path, tmp_path: Path) -> None:
    campaign_load(folder=folder)
    older = FILES["campaign.yaml"].replace("sea2031", "sky2032").replace("2030-01-01", "2020-01-01")
    members = FILES["members.csv"].replace(",Nairobi,", ",Mombasa,")
    second = write_folder(tmp_path / "sky", **{"campaign.yaml": older, "members.csv": members})
    report = printed(second)
    assert "kept, newer than these files: 1 member: KE" in report
    assert Member.objects.get(code="KE").capital == "Nairobi"
    assert Campaign.objects.filter(slug="sky2032").exists()


def test_newer_members_replace_older_ones_and_say_whom_they_do_not_name(folder: Path, tmp_path: Path) -> None:
    campaign_load(folder=folder)
    newer = FILES["campaign.yaml"].replace("sea2031", "sky2032").replace("2030-01-01", "2031-01-01")
    lines = FILES["members.csv"].replace(",Nairobi,", ",Mombasa,").splitlines(keepends=True)
    members = "".join(line for line in lines if not line.startswith("NO"))
    second = write_folder(tmp_path / "sky", **{"campaign.yaml": newer, "members.csv": members})
    report = printed(second)
    assert any(line.startswith("changed 3 members: KE (capital, data_as_of)") for line in report)
    assert "kept, no longer in the files: 1 member: NO" in report
    assert Member.objects.get(code="KE").capital == "Mombasa"


def test_other_data_of_the_same_day_is_a_fault(folder: Path, tmp_path: Path) -> None:
    campaign_load(folder=folder)
    second = second_campaign(tmp_path / "sky", **changed("members.csv", ",Nairobi,", ",Mombasa,"))
    with pytest.raises(
        InvalidFiles,
        match=r"members.csv, line 2: “Kenya” differs from what is stored \(capital: “Nairobi” → “Mombasa”\)",
    ):
        campaign_load(folder=second)
    assert Campaign.objects.count() == 1


def test_a_smaller_list_of_the_same_day_takes_nobody_away(folder: Path, tmp_path: Path) -> None:
    campaign_load(folder=folder)
    groups = "groups:\n  - {slug: hills, label: Hills, confidence: low, members: [KE]}\n"
    evidence_files = ("audiences.yaml", "points.yaml", "asks.yaml", "glossary.yaml", "timeline.yaml")
    without = dict.fromkeys((*evidence_files, "templates/base.yaml"))
    second = second_campaign(tmp_path / "sky", **{"groups.yaml": groups}, **without)
    report = printed(second)
    assert not any("no longer in the files" in line for line in report)
    assert set(Group.objects.values_list("slug", flat=True)) == {"coast", "south", "hills"}


def test_memberships_carry_their_dates(folder: Path) -> None:
    campaign_load(folder=folder)
    malta = Member.objects.get(code="MT")
    assert groups_of(malta, date(2004, 4, 30)) == []
    assert [group.slug for group in groups_of(malta, date(2004, 5, 1))] == ["coast"]
    assert groups_of(malta, date(2030, 6, 1)) == [], "it left the organisation"


def test_a_member_may_leave_a_group_and_come_back(folder: Path) -> None:
    back = "members: [{code: KE, until: 1999-01-01}, {code: KE, since: 2010-01-01}, EG]"
    write_folder(folder, **changed("groups.yaml", "members: [KE, EG]", back))
    campaign_load(folder=folder)
    kenya = Member.objects.get(code="KE")
    days = (date(1998, 12, 31), date(1999, 1, 1), date(2009, 12, 31), date(2010, 1, 1))
    assert ["south" in [group.slug for group in groups_of(kenya, day)] for day in days] == [True, False, False, True]
    assert printed(folder) == ["sea2031: 0 created, 0 changed"]


def test_a_group_may_say_once_since_when_it_is_there(folder: Path) -> None:
    dated = "since: 2016-07-14\n    members: [KE, {code: EG, since: 2020-01-01}]"
    write_folder(folder, **changed("groups.yaml", "members: [KE, EG]", dated))
    campaign_load(folder=folder)
    memberships = GroupMembership.objects.filter(group__slug="south").order_by("member__code")
    assert [held.since for held in memberships] == [date(2020, 1, 1), date(2016, 7, 14)]


def test_a_group_that_lost_a_member_says_so(folder: Path) -> None:
    campaign_load(folder=folder)
    write_folder(
        folder,
        **changed("groups.yaml", "members: [KE, EG]", "members: [EG]"),
        **changed("campaign.yaml", "2030-01-01", "2030-01-02"),
    )
    report = printed(folder)
    assert any("south (data_as_of, members)" in line for line in report)
    assert Group.objects.get(slug="south").members.get().code == "EG"


# ---- nothing is half ------------------------------------------------------------------------------------------------


def test_a_load_that_fails_at_its_last_step_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(campaign_content, "templates_sync", fail)
    with pytest.raises(KeyboardInterrupt):
        campaign_load(folder=folder)
    assert not any(model.objects.exists() for model in EVERYTHING)


@pytest.mark.django_db(transaction=True)
def test_a_load_that_is_killed_half_way_leaves_nothing(folder: Path) -> None:
    """A process of its own, held up before its last table, then killed with -9."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE letters_lettertemplate IN SHARE MODE")
        loading = start_load(folder)
        try:
            wait_until_blocked(loading)
        finally:
            loading.send_signal(signal.SIGKILL)
            loading.wait(timeout=60)
    wait_until_alone()
    assert not any(model.objects.exists() for model in EVERYTHING)
    assert campaign_load(folder=folder).created > 0, "and the next load is not in its way"


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_wait_for_each_other(folder: Path) -> None:
    reports: list[int] = []

    def load() -> None:
        try:
            reports.append(campaign_load(folder=folder).created)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert sorted(reports)[0] == 0
    assert sorted(reports)[1] > 10
    assert Campaign.objects.count() == 1


def start_load(folder: Path) -> subprocess.Popen[bytes]:
    """`manage.py load_campaign` on the test's own database."""
    at = connection.settings_dict
    url = f"postgresql://{at['USER']}@/{at['NAME']}?host={at['HOST']}"
    if at["PASSWORD"]:
        url = f"postgresql://{at['USER']}:{at['PASSWORD']}@/{at['NAME']}?host={at['HOST']}&port={at['PORT']}"
    command = [
        sys.executable,
        str(Path(settings.BASE_DIR) / "manage.py"),
        "load_campaign",
        str(folder),
        "--skip-checks",
    ]
    return subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url}, stderr=subprocess.PIPE)


def wait_until_blocked(process: subprocess.Popen[bytes]) -> None:
    """Until somebody waits for our lock, for two minutes at most."""
    for _turn in range(1200):
        assert process.poll() is None, process.stderr and process.stderr.read().decode()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'letters_lettertemplate'::regclass"
            )
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.1)")
    raise AssertionError("the load never came to its last table")


def wait_until_alone() -> None:
    """Until PostgreSQL has noticed that the killed process is gone."""
    for _turn in range(600):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND backend_type = 'client backend' AND state <> 'idle'"
            )
            if not cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.1)")
    raise AssertionError("the killed process still holds its connection")
