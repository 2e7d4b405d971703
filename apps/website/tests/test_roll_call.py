"""The public roll call as at any day, by a row of days that works without script."""

import re
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.governments.pages.world_map import shapes
from apps.governments.services.positions import position_record, position_withdraw
from tests.factories import html_of, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(campaign: Campaign) -> None:
    kenya, norway = make_member("KE", "Kenya"), make_member("NO", "Norway")
    make_member("KM", "Comoros", acceded_on=date(2024, 8, 21))
    position_record(campaign=campaign, member=kenya, stance="opposes", on=date(2016, 10, 18), actor=None)
    position_record(campaign=campaign, member=kenya, stance="joined", on=date(2017, 12, 13), actor=None)
    position_record(campaign=campaign, member=norway, stance="supports", on=date(2017, 4, 27), actor=None)


def read(client: Client, query: str = "") -> str:
    answer = client.get(reverse("website:home", args=["mc11"]) + query)
    assert answer.status_code == 200
    return html_of(answer)


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        ("", "Positions of 2 governments: supports negotiations (1), joined a statement for negotiations (1)"),
        ("2017-12-12", "Positions of 2 governments: opposes new rules (1), supports negotiations (1)"),
        ("2017-04-27", "Positions of 2 governments: opposes new rules (1), supports negotiations (1)"),
        ("2017-04-26", "Positions of 2 governments: opposes new rules (1), no position known (1)"),
        ("2016-10-17", "Positions of 2 governments: no position known (2)"),
        ("2025-01-01", "Positions of 3 governments: supports negotiations (1), "
                       "joined a statement for negotiations (1), no position known (1)"),
    ],
)  # fmt: skip
def test_the_roll_call_is_that_of_the_day(client: Client, said: None, on: str, sentence: str) -> None:
    text = read(client, f"?on={on}" if on else "")
    assert f'aria-label="{sentence}"' in text
    assert text.count('aria-current="date"') == 1


@pytest.mark.parametrize("day", ["0001-01-01", "0001-12-31", "9999-12-31", "0000-00-00", "99999-01-01"])
def test_any_day_may_be_asked_for(client: Client, said: None, day: str) -> None:
    assert 'class="days"' in read(client, f"?on={day}"), "the page is whole"


def test_the_row_of_days_leads_through_them_and_keeps_the_language(client: Client, said: None) -> None:
    text = read(client, "?on=2017-04-27&language=en")
    [row] = re.findall(r'<ul class="days">(.*?)</ul>', text)
    days = re.findall(r'<time datetime="([^"]+)">', row)
    assert days[:4] == ["2016-10-18", "2017-04-27", "2017-12-10", "2017-12-13"]
    assert 'href="?language=en&amp;on=2016-10-18#stand"' in row
    assert 'href="?language=en#stand"><time datetime="2017-12-13"' in row, "the campaign's own day needs no word"
    assert re.findall(r'aria-current="date"><time datetime="([^"]+)"', row) == ["2017-04-27"]
    assert "As of 27 April 2017" in text
    assert '<link rel="canonical" href="http://testserver/en/c/mc11/">' in text


@pytest.mark.parametrize("on", ["2017-13-45", "yesterday", "%00", "2999-01-01", "9" * 500, "<script>"])
def test_a_day_that_cannot_be_shown_says_so(client: Client, said: None, on: str) -> None:
    text = read(client, f"?on={on}")
    assert "This page shows 13 December 2017." in text
    assert "Positions of 2 governments" in text
    assert "<script>" not in text


def test_a_day_before_everything_leads_back(client: Client, said: None) -> None:
    text = read(client, "?on=1990-01-01")
    assert "Nobody was a member on that day." in text
    assert '<time datetime="2017-12-13">' in text
    assert '<b class="num">2</b><span>governments are asked' in text, "that is no matter of the day"


def test_what_was_withdrawn_counts_on_no_day(client: Client, campaign: Campaign, cast: Any, said: None) -> None:
    position = campaign.positions.get(stance="joined")
    position_withdraw(position=position, reason="A draft list", actor=cast.coordinator)
    assert "opposes new rules (1)" in read(client)
    campaign.positions.exclude(stance="joined").delete()
    assert "2016-10-18" not in read(client)


def test_days_ask_the_database_as_often_as_one(client: Client, campaign: Campaign, said: None) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            read(client, "?on=2017-04-27")
        return len(caught)

    few = asked()
    for number in range(30):
        made = make_member(f"{chr(65 + number // 10)}{number % 10}", f"Member {number}")
        position_record(campaign=campaign, member=made, stance="joined", on=date(2017, 1, 1 + number), actor=None)
    assert asked() == few


def test_the_map_shows_the_same_day_and_every_member_once(client: Client, campaign: Campaign, said: None) -> None:
    make_member("SG", "Singapore")

    def drawn(query: str) -> tuple[dict[str, int], list[str]]:
        text = read(client, query)
        [drawing] = re.findall(r'<svg class="map".*?</svg>', text, re.DOTALL)
        areas = {
            stance: path.count("M") for stance, path in re.findall(r'<path class="fill-(\w+)" d="([^"]+)"', drawing)
        }
        assert "World map. Positions of 3 governments" in drawing
        assert "<a " not in drawing, "a picture: nothing to stop at by keyboard"
        return areas, re.findall(r'<circle class="fill-(\w+)"', drawing)

    kenya, norway = (shapes()[code]["d"].count("M") for code in ("KE", "NO"))
    assert drawn("") == ({"joined": kenya, "supports": norway}, ["none"])
    assert drawn("?on=2017-04-26") == ({"opposes": kenya, "none": norway}, ["none"])


def test_the_drawing_says_the_same_by_steps() -> None:
    [kenya] = re.findall(r'id="m-KE" d="([^"]+)"', (settings.BASE_DIR / "static" / "img" / "world.svg").read_text())
    points = [tuple(map(int, point.split(","))) for point in kenya.strip("MZ").split("L")]
    start, steps = re.fullmatch(r"M(\d+ \d+)l(.*)z", shapes()["KE"]["d"]).groups()  # type: ignore[union-attr]
    x, y = map(int, start.split())
    walked = [(x, y)]
    numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
    for right, down in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + right, y + down
        walked.append((x, y))
    assert walked == points
