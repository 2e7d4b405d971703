"""One spelling for a moment: the reader's zone for staff, the campaign's in public, the place always named."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from apps.campaigns.models import Campaign
from apps.core.times import campaign_time, reader_time, zone_place

CAMPAIGN = Campaign(
    time_zone="Europe/Zurich", time_zone_place="Geneva", venue_time_zone="America/Argentina/Buenos_Aires",
    city="Buenos Aires",
)  # fmt: skip
NEW_YEAR = datetime(2017, 12, 31, 23, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("UTC", "31 December 2017, 23:30 UTC"),
        ("Europe/Zurich", "1 January 2018, 00:30 in Geneva"),
        ("America/Argentina/Buenos_Aires", "31 December 2017, 20:30 in Buenos Aires"),
        ("Asia/Kathmandu", "1 January 2018, 05:15 in Kathmandu"),
        ("America/Port-au-Prince", "31 December 2017, 18:30 in Port-au-Prince"),
    ],
)
def test_staff_read_their_own_time_and_where_it_is(zone: str, text: str) -> None:
    with timezone.override(ZoneInfo(zone)):
        assert reader_time(NEW_YEAR, CAMPAIGN) == text
        page = Template("{% moment at %}").render(Context({"at": NEW_YEAR, "campaign": CAMPAIGN}))
    assert page == f'<time datetime="2017-12-31T23:30:05+00:00">{text}</time>'


def test_the_public_reads_the_time_of_the_campaign_wherever_it_is() -> None:
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        assert campaign_time(NEW_YEAR, CAMPAIGN) == "1 January 2018, 00:30 in Geneva (23:30 UTC)"
        campaign = Campaign(time_zone="UTC", time_zone_place="UTC")
        assert campaign_time(NEW_YEAR, campaign) == "31 December 2017, 23:30 UTC"


def test_nothing_is_shown_for_no_moment() -> None:
    context = Context({"none": None, "campaign": CAMPAIGN})
    assert Template("{% moment none %}{{ none|reader_time }}{{ none|campaign_time:campaign }}").render(context) == ""


@pytest.mark.parametrize(
    ("language", "day", "month"),
    [
        ("en", "1 December 2017", "December 2017"),
        ("fr", "1er décembre 2017", "décembre 2017"),
        ("es", "1 de diciembre de 2017", "diciembre de 2017"),
        ("ar", "1 ديسمبر 2017", "ديسمبر 2017"),
    ],
)
def test_a_day_is_written_as_its_language_writes_it(language: str, day: str, month: str) -> None:
    context = Context({"on": date(2017, 12, 1), "at": datetime(2017, 11, 30, 23, 30, tzinfo=UTC), "none": None})
    with translation.override(language), timezone.override(ZoneInfo("Europe/Zurich")):
        assert Template("{{ on|day }}, {{ at|day }}{{ none|day }}").render(context) == f"{day}, {day}"
        assert Template("{{ on|month }}{{ none|month }}").render(context) == month


def test_months_are_in_the_language_of_the_page() -> None:
    with translation.override("fr"):
        assert reader_time(NEW_YEAR).startswith("31 décembre 2017, 23:30")


@pytest.mark.parametrize(
    ("language", "zone", "place"),
    [
        ("fr", "Europe/Zurich", "Genève"), ("es", "Europe/Zurich", "Geneva"), ("es", "Europe/Paris", "París"),
        ("ar", "America/Argentina/Buenos_Aires", "بوينوس أيرس"), ("fr", "Africa/Nairobi", "Nairobi"),
        ("fr", "Asia/Kolkata", "Calcutta"),
    ],
)  # fmt: skip
def test_places_of_time_zones_have_names_in_the_language_of_the_page(language: str, zone: str, place: str) -> None:
    campaign = Campaign(
        time_zone="Europe/Zurich", time_zone_place="Geneva", translations={"fr": {"time_zone_place": "Genève"}},
        venue_time_zone="America/Argentina/Buenos_Aires", city="Buenos Aires",
    )  # fmt: skip
    with translation.override(language):
        assert zone_place(ZoneInfo(zone), campaign) == place
