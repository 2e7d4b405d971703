"""Who is a member, in which group, with which position: always as of a day."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.campaigns.models import Campaign
from apps.core.text import sort_key
from apps.governments.models import Group, GroupMembership, Member, Position
from apps.governments.selectors import (
    audience_matcher,
    group_counts,
    groups_of,
    members_of_groups,
    members_on,
    reference_day,
    stance_on,
    stances_on,
)
from apps.governments.services.positions import position_record
from tests.factories import make_campaign, make_group, make_member

pytestmark = pytest.mark.django_db

DAY = date(2017, 12, 10)


def test_a_member_counts_from_its_accession_until_the_day_it_leaves() -> None:
    make_member("KE", "Kenya")
    make_member("TL", "Timor-Leste", acceded_on=date(2024, 8, 30))
    make_member("XA", "Atlantis", left_on=DAY)
    assert [member.code for member in members_on(DAY)] == ["KE"]
    assert [member.code for member in members_on(DAY - timedelta(days=1))] == ["XA", "KE"]
    assert [member.code for member in members_on(date(2024, 8, 30))] == ["KE", "TL"]


def test_a_group_counts_only_who_is_in_it_and_a_member_on_the_day() -> None:
    britain, comoros = make_member("GB", "United Kingdom"), make_member("KM", "Comoros", acceded_on=date(2024, 8, 21))
    union = make_group("eu")
    GroupMembership.objects.create(group=union, member=britain, since=date(1995, 1, 1), until=date(2020, 2, 1))
    make_group("acp", comoros)
    assert [group.slug for group in groups_of(britain, date(2020, 1, 31))] == ["eu"]
    assert groups_of(britain, date(2020, 2, 1)) == []
    assert groups_of(comoros, DAY) == []
    assert group_counts(DAY) == {"eu": 1, "acp": 0}
    assert group_counts(date(2025, 1, 1)) == {"eu": 0, "acp": 1}


def test_members_of_several_groups_come_once() -> None:
    kenya, mali = make_member("KE", "Kenya"), make_member("ML", "Mali")
    groups = [make_group("african-group", kenya, mali), make_group("ldc", mali)]
    assert [member.code for member in members_of_groups(groups, DAY)] == ["KE", "ML"]
    assert list(members_of_groups([], DAY)) == []


def test_the_latest_position_up_to_the_day_counts(campaign: Campaign) -> None:
    kenya = make_member("KE", "Kenya")
    for stance, on in (
        ("opposes", date(2016, 10, 18)),
        ("joined", date(2017, 4, 27)),
        ("undecided", date(2017, 12, 6)),
    ):
        position_record(campaign=campaign, member=kenya, stance=stance, on=on, actor=None)
    assert stance_on(campaign, kenya, date(2016, 10, 17)) is None
    for day, stance in ((date(2016, 10, 18), "opposes"), (date(2017, 12, 5), "joined"), (DAY, "undecided")):
        position = stance_on(campaign, kenya, day)
        assert position is not None
        assert position.stance == stance
        assert stances_on(campaign, day) == {kenya.pk: position}


def test_of_two_positions_of_one_day_the_later_entered_counts(campaign: Campaign) -> None:
    kenya = make_member("KE", "Kenya")
    for stance in ("opposes", "supports"):
        position_record(campaign=campaign, member=kenya, stance=stance, on=DAY, actor=None)
    assert stances_on(campaign, DAY)[kenya.pk].stance == "supports"


def test_positions_of_another_campaign_do_not_count(campaign: Campaign) -> None:
    kenya = make_member("KE", "Kenya")
    position_record(campaign=make_campaign("other"), member=kenya, stance="supports", on=DAY, actor=None)
    assert stance_on(campaign, kenya, DAY) is None
    assert not audience_matcher(campaign, DAY)(kenya, ["stance:supports"])


def test_audience_entries_match_groups_members_and_stances(
    campaign: Campaign, django_assert_max_num_queries: Any
) -> None:
    kenya, mali = make_member("KE", "Kenya"), make_member("ML", "Mali")
    make_group("ldc", mali)
    position_record(campaign=campaign, member=kenya, stance="opposes", on=DAY, actor=None)
    matches = audience_matcher(campaign, DAY)
    with django_assert_max_num_queries(2):
        assert matches(mali, ["group:ldc"])
        assert not matches(kenya, ["group:ldc", "member:ML"])
        assert matches(kenya, ["group:ldc", "member:KE"])
        assert matches(kenya, ["stance:opposes"])
        assert not matches(mali, ["stance:opposes"])
        assert not matches(kenya, [])
        assert not matches(kenya, ["group:no-such-group"])


def test_an_entry_of_an_unknown_kind_is_an_error_and_not_a_silent_no(campaign: Campaign) -> None:
    with pytest.raises(ValueError, match="starts with group, member, stance"):
        audience_matcher(campaign, DAY)(make_member(), ["stnace:opposes"])


def test_a_campaign_keeps_the_day_of_its_conference() -> None:
    past = make_campaign("past")
    coming = make_campaign("coming", starts_on=date(2999, 1, 1), ends_on=date(2999, 1, 5))
    assert reference_day(past) == past.ends_on
    assert reference_day(coming) < coming.starts_on


def test_names_of_the_day() -> None:
    earlier = [
        {"until": "1990-01-01", "name": "Old", "name_fr": "Vieux"},
        {"until": "2018-04-19", "name": "Swaziland", "name_es": "Swazilandia"},
    ]
    eswatini = make_member("SZ", "Eswatini", name_fr="Eswatini (fr)", earlier_names=earlier)
    assert eswatini.name_on(date(1989, 12, 31), "fr") == "Vieux"
    assert eswatini.name_on(date(2018, 4, 18), "es-419") == "Swazilandia"
    assert eswatini.name_on(date(2018, 4, 18), "fr") == "Swaziland", "no French name is known for that time"
    assert eswatini.name_on(date(2018, 4, 19), "fr") == "Eswatini (fr)"
    assert eswatini.name_on(date(2018, 4, 19), "ar") == "إسواتيني"
    assert eswatini.name_on(date(2018, 4, 19), "pt") == "Eswatini"


@pytest.mark.parametrize(
    ("day", "language", "names"),
    [
        ("2017-12-01", "en", ["Fiji", "Macedonia (FYR)", "Mali", "Swaziland", "Turkey", "Ukraine"]),
        ("2018-04-19", "en", ["Eswatini", "Fiji", "Macedonia (FYR)", "Mali", "Turkey", "Ukraine"]),
        ("2026-01-01", "en", ["Eswatini", "Fiji", "Mali", "North Macedonia", "Türkiye", "Ukraine"]),
        ("2017-12-01", "fr", ["Écosse M", "Fiji", "Mali", "Swaziland", "Turquie", "Ukraine"]),
        ("2026-01-01", "fr", ["Eswatini", "Fiji", "Macédoine", "Mali", "Türkiye", "Ukraine"]),
        ("1989-12-31", "es", []),
        ("2026-01-01", "ar", ["إسواتيني", "أوكرانيا", "تركيا", "فيجي", "مالي", "مقدونيا الشمالية"]),
    ],
)
def test_members_are_in_the_order_of_the_names_of_the_day(day: str, language: str, names: list[str]) -> None:
    for code, name in (("UA", "Ukraine"), ("FJ", "Fiji"), ("ML", "Mali")):
        make_member(code, name)
    swaziland = [{"until": "1990-01-01", "name": "Old"}, {"until": "2018-04-19", "name": "Swaziland"}]
    make_member("SZ", "Eswatini", earlier_names=swaziland)
    macedonia = {"until": "2019-02-12", "name": "Macedonia (FYR)", "name_fr": "Écosse M"}
    make_member("MK", "North Macedonia", name_fr="Macédoine", sort_fr="macedoine", earlier_names=[macedonia])
    turkey = {"until": "2022-06-02", "name": "Turkey", "name_fr": "Turquie"}
    make_member("TR", "Türkiye", sort_en="turkiye", sort_fr="turkiye", earlier_names=[turkey])
    on = date.fromisoformat(day)
    assert [member.name_on(on, language) for member in members_on(on).by_name_on(on, language)] == names


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Égypte", "egypte"),
        ("Côte d’Ivoire", "cote d'ivoire"),
        ("  Viet   Nam ", "viet nam"),
        ("Türkiye", "turkiye"),
        ("Straße", "strasse"),
        ("İzmir", "izmir"),
        ("مصر", "مصر"),
    ],
)
def test_sort_keys(name: str, key: str) -> None:
    assert sort_key(name) == key


def test_the_database_refuses_a_membership_twice_and_one_that_ends_before_it_begins() -> None:
    kenya, group = make_member("KE", "Kenya"), make_group("ldc")
    GroupMembership.objects.create(group=group, member=kenya)
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupMembership.objects.create(group=group, member=kenya)
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupMembership.objects.create(group=group, member=kenya, since=DAY, until=DAY)


def test_what_nobody_asks_for_is_empty(campaign: Campaign) -> None:
    assert list(members_on(DAY)) == []
    assert group_counts(DAY) == {}
    assert stances_on(campaign, DAY) == {}
    assert not Member.objects.exists()
    assert not Group.objects.exists()
    assert not Position.objects.exists()
