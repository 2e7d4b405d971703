"""The directory: close names, all filters and orders, any day; as few questions with 5,000 recipients as with 20."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.campaigns.models import Campaign
from apps.dashboard.pages.government_directory import DirectoryQuery, government_directory
from apps.governments.country_names import CountryLookup
from apps.governments.models import Group, GroupMembership, Office, Recipient, RecipientAddress
from apps.governments.services.positions import position_record
from tests.factories import html_of, make_group, make_member
from tests.factories.governments import make_recipient

DAY = date(2017, 12, 13)


def names(answer: Any) -> list[str]:
    return [line.name for line in answer.context["directory"].lines]


@pytest.fixture
def five(campaign: Campaign, members: Any) -> Any:
    norway = make_member("NO", "Norway", region="Europe/Northern Europe")
    make_member("AR", "Argentina", region="Americas/Latin America and the Caribbean", working_language="es")
    make_member("KR", "South Korea", official_name="Korea, Republic of", region="Asia/Eastern Asia")
    position_record(campaign=campaign, member=members.kenya, stance="opposes", on=date(2017, 1, 1), actor=None)
    position_record(campaign=campaign, member=norway, stance="supports", on=date(2017, 1, 1), actor=None)
    make_recipient(campaign, members.kenya, "Minister", "minister@trade-ke.example")
    make_recipient(campaign, members.kenya, "Ambassador", "mission@mission-ke.example", office="Mission")
    make_recipient(campaign, norway, "Minister", "minister@trade-no.example")
    return members


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=argentna", ["Argentina"]),
        ("?q=norwey", ["Norway"]),
        ("?q=Republic of Korea", ["South Korea"]),
        ("?q=zzzzzz", []),
        ("?q=norwey&stance=opposes", []),
        ("?region=Europe", ["Norway"]),
        ("?region=Africa/Sub-Saharan Africa", ["Côte d'Ivoire", "Kenya"]),
        ("?region=Afr", []),
        ("?language=es", ["Argentina"]),
        ("?recipients=usable", ["Kenya", "Norway"]),
        ("?recipients=usable&stance=supports&region=Europe&language=en", ["Norway"]),
        ("?letters=none&group=african-group", ["Côte d'Ivoire", "Kenya"]),
        ("?letters=written", []),
        ("?sort=stance", ["Kenya", "Norway", "Argentina", "Côte d'Ivoire", "South Korea"]),
        ("?sort=-stance", ["Argentina", "Côte d'Ivoire", "South Korea", "Norway", "Kenya"]),
        ("?sort=-recipients", ["Kenya", "Norway", "Argentina", "Côte d'Ivoire", "South Korea"]),
        ("?sort=written&group=african-group", ["Côte d'Ivoire", "Kenya"]),
    ],
)
def test_filters_count_together_and_orders_go_both_ways(page: Any, five: Any, query: str, found: list[str]) -> None:
    answer = page(f"governments/{query}")
    assert names(answer) == found
    if not found:
        assert "No government matches." in html_of(answer)


def test_a_long_directory_is_paged_and_keeps_what_was_asked_for(page: Any, campaign: Campaign) -> None:
    for number in range(120):
        make_member(f"{chr(65 + number // 26)}{chr(65 + number % 26)}", f"Country {number:03}")
    first = page("governments/?q=country&sort=-name")
    assert len(first.context["page"]) == 50
    assert "120 governments" in html_of(first)
    assert "?q=country&amp;sort=-name&amp;page=2" in html_of(first)
    last = page("governments/?q=country&sort=-name&page=3")
    assert [line.name for line in last.context["page"]][-1] == "Country 000"


def test_a_close_name_is_shown_as_such(page: Any, five: Any) -> None:
    text = html_of(page("governments/?q=norwey"))
    assert "No government is called “norwey”." in text
    assert "names are similar" in text
    assert "names are similar" not in html_of(page("governments/?q=norway"))


def test_the_day_carries_members_groups_and_stance(page: Any, campaign: Campaign, members: Any) -> None:
    kingdom = make_member("GB", "United Kingdom")
    GroupMembership.objects.create(group=make_group("eu"), member=kingdom, until=date(2020, 2, 1))
    position_record(campaign=campaign, member=kingdom, stance="joined", on=DAY, actor=None)
    make_member("KM", "Comoros", acceded_on=date(2024, 8, 21))
    assert names(page("governments/?group=eu")) == ["United Kingdom"]
    assert names(page("governments/?group=eu&on=2020-02-01")) == []
    assert names(page("governments/?stance=joined&on=2017-12-12")) == []
    assert "Comoros" in names(page("governments/?on=2025-01-01"))
    text = html_of(page("governments/?group=eu&on=2018-01-01"))
    assert 'href="/work/mc11/governments/GB/?on=2018-01-01"' in text
    assert "?group=eu&amp;on=2018-01-01&amp;sort=-name" in text, "an order keeps the filters and the day"
    assert "As of MC11, 13 December 2017" in text


def test_a_day_before_everything_has_an_honest_empty_page(page: Any, members: Any) -> None:
    assert "Nobody was a member on that day." in html_of(page("governments/?on=1990-01-01"))


def test_the_table_says_how_it_is_ordered(page: Any, members: Any) -> None:
    assert '<th aria-sort="ascending"><a href="?sort=-name">' in html_of(page("governments/"))
    text = html_of(page("governments/?sort=-recipients"))
    assert '<th class="number" aria-sort="descending"><a href="?sort=recipients">' in text


def _fill(campaign: Campaign, number: int) -> None:
    members = [make_member(f"{chr(65 + i // 10)}{i % 10}", f"Member {i}") for i in range(20)]
    offices = Office.objects.bulk_create(
        Office(campaign=campaign, member=member, kind="capital", name="Ministry") for member in members
    )
    recipients = Recipient.objects.bulk_create(
        Recipient(campaign=campaign, office=offices[i % 20], post=f"Post {i}", language="en") for i in range(number)
    )
    RecipientAddress.objects.bulk_create(
        RecipientAddress(recipient=row, address="x@y.example", address_hash=f"{row.pk:064}", key_version=1)
        for row in recipients
    )


@pytest.mark.parametrize("number", [20, 5000])
def test_the_directory_asks_as_little_of_the_database_with_5000_recipients(
    page: Any, campaign: Campaign, cast: Any, number: int
) -> None:
    _fill(campaign, number)
    page("governments/")  # signing in and its session are no part of it
    with CaptureQueriesContext(connection) as asked:
        assert len(names(page("governments/?sort=-recipients&recipients=usable"))) == 20
    assert len(asked) <= 16
    with CaptureQueriesContext(connection) as asked:
        directory = government_directory(campaign, DAY, DirectoryQuery())
    assert len(asked) == 7
    assert sum(line.recipients for line in directory.lines) == number


def test_names_are_read_as_people_paste_them(db: None) -> None:
    for code, name, official in (
        ("KE", "Kenya", "Kenya"), ("TG", "Togo", "Togo"), ("KR", "South Korea", "Korea, Republic of"),
        ("GM", "Gambia", "The Gambia"), ("HK", "Hong Kong", "Hong Kong, China"), ("CN", "China", "China"),
        ("CI", "Côte d'Ivoire", "Côte d'Ivoire"),
    ):  # fmt: skip
        make_member(code, name, official_name=official, code3=f"{code}Z")
    make_member(
        "SZ", "Eswatini", earlier_names=[{"until": "2018-04-19", "name": "Swaziland", "official_name": "Swaziland"}]
    )
    from apps.governments.models import Member

    book = CountryLookup(Member.objects.all())

    def read(text: str) -> tuple[list[str], list[str]]:
        reading = book.read(text)
        return [member.code for member in reading.members], [unknown.text for unknown in reading.unknown]

    assert read("Kenya\nTOGO\r\n cote d’ivoire ;The Gambia") == (["KE", "TG", "CI", "GM"], [])
    assert read("Korea, Republic of, Hong Kong, China, Kenya, China") == (["KR", "HK", "KE", "CN"], [])
    assert read("ke tg KRZ") == (["KE", "TG", "KR"], [])
    assert read("• Swaziland\n– Kenya.\nKenya") == (["SZ", "KE"], [])
    assert read(" \n,,;;") == ([], [])
    assert read("Atlantis, Kenja") == ([], ["Atlantis", "Kenja"])
    assert [member.code for member in book.read("Kenja").unknown[0].close] == ["KE"]
    assert len(book.read("x\n" * 50_000).members) == 0


def test_whom_the_words_mean_comes_before_whom_they_are_a_part_of(page: Any, campaign: Campaign) -> None:
    for code, name, code3 in (("GB", "United Kingdom", "GBR"), ("UA", "Ukraine", "UKR"), ("DE", "Germany", "DEU")):
        make_member(code, name, code3=code3)
    found = page("governments/?q=UK").context["directory"]
    assert [line.member.code for line in found.lines] == ["GB", "UA"]
    assert not found.close
    assert [line.member.code for line in page("governments/?q=Deutschland").context["directory"].lines] == ["DE"]


def test_long_names_are_known_by_their_initials_where_one_member_has_them(db: None) -> None:
    from apps.governments.models import Member

    make_member("LA", "Laos", official_name="Lao People's Democratic Republic", code3="LAO")
    make_member("AE", "United Arab Emirates", official_name="United Arab Emirates", code3="ARE")
    make_member("XA", "Upper Northern Isles", official_name="Upper Northern Isles", code3="XAA")
    make_member("XB", "Under Nine Islands", official_name="Under Nine Islands", code3="XBB")
    reading = CountryLookup(Member.objects.all()).read("Lao PDR; UAE; UNI")
    assert [member.code for member in reading.members] == ["LA", "AE"]
    assert [unknown.text for unknown in reading.unknown] == ["UNI"]


def test_group_labels_are_told_with_their_days(page: Any, campaign: Campaign, members: Any) -> None:
    group = Group.objects.create(slug="pact", label="The Pact", confidence="high")
    GroupMembership.objects.create(group=group, member=members.kenya, since=date(2016, 1, 1), until=date(2017, 1, 1))
    text = html_of(page("governments/KE/"))
    assert "1 January 2016 to 1 January 2017" in text
    assert [held.slug for held in page("governments/KE/").context["page"].groups] == ["african-group"]
    assert "pact" in [held.slug for held in page("governments/KE/?on=2016-06-01").context["page"].groups]
