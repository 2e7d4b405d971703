"""The world map: every member once, by stance, recipients or delivery, at any day, with the same as a table."""

import gzip
import re
from datetime import date, timedelta
from typing import Any

import pytest

from apps.campaigns.models import Campaign
from apps.dashboard.pages.government_directory import government_lines
from apps.dashboard.pages.government_rows import GovernmentLine
from apps.dashboard.pages.map import world_map
from apps.governments.models import RecipientAddress
from apps.governments.pages.as_of_date import as_of_dates
from apps.governments.pages.world_map import shapes
from apps.governments.services.positions import position_record
from tests.factories import html_of, make_member
from tests.factories.governments import make_recipient

DAY = date(2017, 12, 13)


@pytest.fixture
def said(campaign: Campaign, members: Any) -> Any:
    position_record(campaign=campaign, member=members.kenya, stance="opposes", on=date(2016, 10, 18), actor=None)
    position_record(campaign=campaign, member=members.kenya, stance="joined", on=DAY, actor=None)
    make_member("SG", "Singapore")
    make_member("KM", "Comoros", acceded_on=date(2024, 8, 21))
    return members


def classes(answer: Any) -> dict[str, str]:
    world = answer.context["map"]
    return {area.code: area.css for area in (*world.areas, *world.dots)}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"CI": "none", "KE": "joined", "SG": "none"}),
        ("?on=2017-12-12", {"CI": "none", "KE": "opposes", "SG": "none"}),
        ("?on=2016-10-17", {"CI": "none", "KE": "none", "SG": "none"}),
        ("?on=2025-01-01", {"CI": "none", "KE": "joined", "SG": "none", "KM": "none"}),
        ("?on=1994-12-31", {}),
        ("?by=nonsense", {"CI": "none", "KE": "joined", "SG": "none"}),
    ],
)
def test_the_map_shows_what_was_so_on_a_day(page: Any, said: Any, query: str, found: dict[str, str]) -> None:
    answer = page(f"map/{query}")
    assert classes(answer) == found
    rows = re.findall(r'<tr><th scope="row"><a href="[^"]*/governments/(\w\w)/', html_of(answer))
    assert sorted(rows) == sorted(found), "the table holds the same governments"
    assert ("Nobody was a member on that day." in html_of(answer)) is not found or found


@pytest.mark.parametrize("on", ["2017-13-45", "yesterday", "%00", "2999-01-01", "9" * 500])
def test_a_day_that_cannot_be_shown_says_so_and_shows_the_usual_one(page: Any, said: Any, on: str) -> None:
    for path in ("map/", "governments/", "governments/KE/"):
        answer = page(f"{path}?on={on}")
        assert answer.status_code == 200
        assert answer.context["day"] == DAY
        assert "This page shows 13 December 2017" in html_of(answer)


def test_every_area_is_a_link_with_a_name_and_small_members_stand_again_in_a_row(page: Any, said: Any) -> None:
    text = html_of(page("map/?on=2017-12-12"))
    assert '<a href="/work/mc11/governments/KE/?on=2017-12-12"><title>Kenya: opposes new rules</title>' in text
    assert 'aria-label="SG, Singapore: no position known">SG</a>' in text
    assert "style=" not in text


def test_by_recipients_and_by_delivery(page: Any, campaign: Campaign, said: Any) -> None:
    make_recipient(campaign, said.kenya, "Minister", "minister@trade-ke.example")
    make_recipient(campaign, said.ivory_coast, "Minister", "gone@trade-ci.example")
    RecipientAddress.objects.filter(recipient__office__member=said.ivory_coast).update(health="bounced")
    answer = page("map/?by=recipients")
    assert classes(answer) == {"KE": "usable", "CI": "dead", "SG": "none"}
    assert [(css, number) for css, number, _words in answer.context["map"].legend] == [
        ("usable", 1), ("dead", 1), ("none", 1),
    ]  # fmt: skip
    assert '<input type="hidden" name="by" value="recipients">' in html_of(answer), "another day keeps the way"
    assert set(classes(page("map/?by=delivery")).values()) == {"none"}


def test_where_a_day_is_chosen_the_page_says_what_it_does_not_change(page: Any, said: Any) -> None:
    for way in ("recipients", "delivery"):
        text = html_of(page(f"map/?by={way}&on=2017-12-01"))
        assert "Recipients and letters are as of today." in text
    assert "as of today" not in html_of(page("map/?on=2017-12-01"))
    for path in ("governments/", "governments/KE/"):
        assert "as of today" in html_of(page(f"{path}?on=2017-12-01"))


@pytest.mark.parametrize(
    ("counts", "state"),
    [
        ({}, "none"),
        ({"waiting": 1}, "waiting"),
        ({"waiting": 1, "returned": 1}, "lost"),
        ({"returned": 1, "written": 1}, "partly"),
        ({"returned": 1, "written": 1, "answered": 1}, "partly"),
        ({"returned": 1, "answered": 1}, "partly"),
        ({"written": 1, "waiting": 1}, "waiting"),
        ({"written": 2}, "sent"),
        ({"written": 2, "answered": 1}, "answered"),
    ],
)
def test_a_government_stands_on_the_map_for_what_needs_somebody(counts: dict[str, int], state: str) -> None:
    assert GovernmentLine(None, "Kenya", "kenya", "none", None, [], **counts).delivery == state  # type: ignore[arg-type]


def test_the_row_of_days_has_those_on_which_something_changed(page: Any, campaign: Campaign, said: Any) -> None:
    answer = page("map/?on=2016-10-18")
    days = [day.isoformat() for day in answer.context["row"]]
    assert days[:3] == ["2016-10-18", "2017-12-10", "2017-12-13"]
    assert "aria-current" in html_of(answer)
    assert "?on=2016-10-18" in html_of(page("map/"))


def test_of_many_days_those_around_the_shown_one_stand_in_the_row(campaign: Campaign, members: Any) -> None:
    days = [date(2016, 1, 1) + timedelta(days=10 * number) for number in range(40)]
    for day in days:
        position_record(campaign=campaign, member=members.kenya, stance="opposes", on=day, actor=None)
    for shown in (days[0], days[20], days[39], DAY):
        row = as_of_dates(campaign, shown, date(2018, 1, 1))
        assert len(row) <= 14
        assert {days[0], shown, date(2018, 1, 1)} <= set(row)


def test_the_map_is_light(page: Any, campaign: Campaign, members: Any) -> None:
    """With every member of the drawing on it, page and styles stay under 60 KB compressed."""
    for code in sorted({*shapes()} - {"KE", "CI"}):
        make_member(code, f"The Republic of {code}")
    answer = page("map/")
    assert len(classes(answer)) == len(shapes())
    assert len(gzip.compress(answer.content)) < 30_000


def test_land_that_belongs_to_no_member_is_drawn_once(campaign: Campaign, members: Any) -> None:
    world = world_map(government_lines(campaign, DAY))
    assert len(world.areas) == 2
    assert world.land.count("M") > 100


def test_the_overview_shows_the_map(page: Any, said: Any) -> None:
    text = html_of(page(""))
    assert "<title>Kenya: joined a statement for negotiations</title>" in text
    assert "Skip the map" in text
