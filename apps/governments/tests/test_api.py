"""Members, groups and positions in the read API: everything that changes with time is answered for a day."""

from datetime import date
from typing import Any

import pytest

from apps.campaigns.models import Campaign
from apps.governments.models import GroupMembership, Position
from apps.sources.models import Source
from tests.factories import make_campaign, make_group, make_member


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row.get("code") or row["member"] for row in answer.json()["results"]]


@pytest.fixture
def world(campaign: Campaign) -> None:
    """Kenya and Eswatini in Africa, Liberia since 2016, Britain, whose EU days ended; France writes French."""
    kenya = make_member("KE", "Kenya")
    eswatini = make_member(
        "SZ", "Eswatini", earlier_names=[{"until": "2018-04-19", "name": "Swaziland", "name_fr": "Swaziland"}]
    )
    liberia = make_member("LR", "Liberia", acceded_on=date(2016, 7, 14))
    europe = {"region": "Europe/Northern Europe"}
    britain = make_member("GB", "United Kingdom", **europe)
    france = make_member("FR", "France", name_fr="France", working_language="fr", region="Europe/Western Europe")
    make_group("african-group", kenya, eswatini, liberia)
    union = make_group("eu-states", france)
    GroupMembership.objects.create(group=union, member=britain, until=date(2020, 2, 1))


# ---- members


def test_members_are_those_of_the_campaigns_day(world: None, read: Any) -> None:
    answer = read("members")
    assert codes(answer) == ["FR", "KE", "LR", "SZ", "GB"], "by the name of that day"
    assert codes(read("members", on="2018-04-19")) == ["SZ", "FR", "KE", "LR", "GB"]
    row = answer.json()["results"][3]
    assert row["as_of"] == "2017-12-13", "the conference is over, and the campaign stays in its time"
    assert row["name"] == {"en": "Swaziland", "fr": "Swaziland", "es": "Swaziland"}
    assert row["groups"] == ["african-group"]


def test_members_on_a_day(world: None, read: Any) -> None:
    assert "LR" not in codes(read("members", on="2016-07-13"))
    assert "LR" in codes(read("members", on="2016-07-14"))
    assert codes(read("members", on="1994-12-31")) == []
    assert read("members/SZ", on="2018-04-19").json()["name"]["en"] == "Eswatini"
    assert read("members/LR", on="2016-07-13").status_code == 404, "it was no member yet"


def test_members_of_a_group_on_a_day(world: None, read: Any) -> None:
    assert codes(read("members", group="eu-states")) == ["FR", "GB"]
    assert codes(read("members", group="eu-states", on="2020-02-01")) == ["FR"]
    assert codes(read("members", group="african-group", on="2016-01-01")) == ["KE", "SZ"]


def test_members_by_region_and_language(world: None, read: Any) -> None:
    assert codes(read("members", region="Europe/Northern Europe")) == ["GB"]
    assert codes(read("members", language="fr")) == ["FR"]
    assert codes(read("members", language="fr", region="Europe/Northern Europe")) == []


def test_codes_may_be_written_small(world: None, read: Any) -> None:
    assert read("members/ke").json() == read("members/KE").json()


# ---- groups


def test_groups_with_their_members_on_a_day(world: None, read: Any) -> None:
    rows = {row["slug"]: row["members"] for row in read("groups").json()["results"]}
    assert rows == {"african-group": ["KE", "LR", "SZ"], "eu-states": ["FR", "GB"]}
    assert read("groups/eu-states", on="2020-02-01").json()["members"] == ["FR"]
    assert read("groups/african-group", on="2016-01-01").json()["members"] == ["KE", "SZ"]
    assert read("groups/african-group", on="1990-01-01").json()["members"] == [], "nobody was a member of anything"


# ---- positions


@pytest.fixture
def said(world: None, campaign: Campaign) -> None:
    """Kenya was undecided, then opposed, and joined on the 13th; France supports; another campaign knows otherwise."""
    from apps.governments.models import Member

    source = Source.objects.create(campaign=campaign, key="statement", kind="footnote", title="Joint statement")

    def record(code: str, stance: str, on: str, where: Campaign = campaign, **more: Any) -> None:
        Position.objects.create(campaign=where, member=Member.objects.get(code=code), stance=stance, on=on, **more)

    record("KE", "undecided", "2017-05-01")
    record("KE", "opposes", "2017-10-02", source=source, statement="Said in Geneva.")
    record("KE", "joined", "2017-12-13")
    record("FR", "supports", "2017-06-01")
    record("LR", "opposes", "2017-06-01", where=make_campaign("mc12"))


def test_positions_latest_first_with_their_source(said: None, read: Any) -> None:
    rows = read("positions").json()["results"]
    assert [(row["member"], row["on"]) for row in rows] == [
        ("KE", "2017-12-13"), ("KE", "2017-10-02"), ("FR", "2017-06-01"), ("KE", "2017-05-01"),
    ]  # fmt: skip
    assert [row["source"] for row in rows] == [None, "statement", None, None]
    assert read(f"positions/{rows[1]['id']}").json() == rows[1]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"member": "KE"}, ["joined", "opposes", "undecided"]),
        ({"member": "ke", "stance": "opposes"}, ["opposes"]),
        ({"member": "SZ"}, []),
        ({"from": "2017-06-01"}, ["joined", "opposes", "supports"]),
        ({"to": "2017-06-01"}, ["supports", "undecided"]),
        ({"from": "2017-10-02", "to": "2017-10-02"}, ["opposes"]),
        ({"on": "2017-12-13"}, ["joined", "supports"]),
        ({"on": "2017-12-12"}, ["opposes", "supports"]),
        ({"on": "2017-05-15"}, ["undecided"]),
        ({"on": "2017-04-30"}, []),
        ({"on": "2017-12-13", "stance": "opposes"}, []),  # Kenya's last known stance is another one
        ({"on": "2017-12-12", "stance": "opposes"}, ["opposes"]),
        ({"on": "2017-12-13", "member": "FR"}, ["supports"]),
    ],
)
def test_positions_are_found(said: None, read: Any, asked: dict[str, str], found: list[str]) -> None:
    assert [row["stance"] for row in read("positions", **asked).json()["results"]] == found


def test_of_two_positions_on_one_day_the_later_recorded_counts(said: None, campaign: Campaign, read: Any) -> None:
    kenya = Position.objects.filter(member__code="KE").first().member
    Position.objects.create(campaign=campaign, member=kenya, stance="opposes", on="2017-12-13")
    assert [row["stance"] for row in read("positions", on="2017-12-13", member="KE").json()["results"]] == ["opposes"]
