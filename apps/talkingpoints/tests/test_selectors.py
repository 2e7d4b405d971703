"""Points ranked for a government with true reasons; facts found again; figures in words."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone, translation

from apps.campaigns.models import Campaign
from apps.governments.models import Position
from apps.talkingpoints.pages.facts import figure_words
from apps.talkingpoints.pages.suggested_points import points_for_member
from apps.talkingpoints.selectors import facts_by_key, facts_of, points_of
from tests.factories import make_campaign, make_group, make_member
from tests.factories.evidence import make_audience, make_fact, make_point

pytestmark = pytest.mark.django_db

DAY = date(2017, 12, 10)


def numbers(campaign: Campaign, member: Any) -> list[int]:
    return [ranked.point.number for ranked in points_for_member(campaign, member, DAY)]


def test_the_narrowest_audience_leads_and_the_general_order_follows(campaign: Campaign) -> None:
    mali = make_member("ML", "Mali")
    make_group("ldc", mali)
    for number in range(1, 6):
        make_point(campaign, number)
    make_audience(campaign, "everybody", 99, [5, 4, 3, 2, 1], groups=["all"])
    make_audience(campaign, "ldc", 10, [2, 1], groups=["ldc"], reasons={"2": "Too early."})
    make_audience(campaign, "strangers", 1, [3], groups=["eu"], countries=["KE"])
    assert numbers(campaign, mali) == [2, 1, 5, 4, 3]
    assert points_for_member(campaign, mali, DAY)[0].reasons == ["Too early."]


def test_beyond_the_order_what_names_the_member_comes_first(campaign: Campaign) -> None:
    kenya = make_member("KE", "Kenya")
    make_group("african-group", kenya, label="African Group")
    make_point(campaign, 1)
    make_point(campaign, 2, related_groups=["african-group", "eu"])
    point = make_point(campaign, 3, related_groups=["african-group"], related_countries=["KE"])
    make_fact(campaign, "f-1", point, kind="figure", figures=[{"value": 1, "unit": "x"}], applies_to=["african-group"])
    ranked = points_for_member(campaign, kenya, DAY)
    assert [entry.point.number for entry in ranked] == [3, 2, 1]
    assert ranked[0].reasons == ["Names Kenya.", "Concerns African Group.", "Has figures for African Group."]
    assert ranked[1].reasons == ["Concerns African Group."]
    assert ranked[2].reasons == []


def test_a_figure_for_the_member_itself_is_given_in_words(campaign: Campaign) -> None:
    argentina = make_member("AR", "Argentina")
    figure = [{"value": 65, "unit": "percent of jobs", "year": 2016}]
    make_fact(campaign, "f-1", make_point(campaign, 3), kind="figure", figures=figure, applies_to=["AR", "global"])
    make_fact(campaign, "f-2", make_point(campaign, 4), kind="figure", applies_to=["AR"])
    reasons = {ranked.point.number: ranked.reasons for ranked in points_for_member(campaign, argentina, DAY)}
    assert reasons == {3: ["Figure for Argentina: 65 percent of jobs."], 4: ["Has figures for Argentina."]}


def test_the_members_own_position_decides_which_audience_leads(campaign: Campaign) -> None:
    kenya = make_member("KE", "Kenya")
    make_group("african-group", kenya)
    for number in (1, 2, 3):
        make_point(campaign, number)
    make_audience(campaign, "joined", 1, [3], stances=["joined"])
    make_audience(campaign, "african-opposed", 2, [2], stances=["opposes"], groups=["african-group"])
    make_audience(campaign, "opposed-elsewhere", 3, [3], stances=["opposes"], groups=["eu"])
    make_audience(campaign, "everybody", 9, [1, 2, 3], groups=["all"])
    assert numbers(campaign, kenya) == [1, 2, 3], "no position is known"
    Position.objects.create(campaign=campaign, member=kenya, stance="opposes", on=date(2017, 10, 1))
    ranked = points_for_member(campaign, kenya, DAY)
    assert [entry.point.number for entry in ranked] == [2, 1, 3]
    assert ranked[0].reasons == ["Comes early because of the position of Kenya."]
    Position.objects.create(campaign=campaign, member=kenya, stance="joined", on=date(2017, 12, 13))
    assert numbers(campaign, kenya) == [2, 1, 3], "on the 10th it had not joined yet"
    after = points_for_member(campaign, kenya, date(2017, 12, 13))
    assert (after[0].point.number, after[0].reasons) == (3, ["Comes early because of the position of Kenya."])


def test_what_an_audience_for_its_stance_says_stands_beside_the_reasons_of_the_one_that_leads(
    campaign: Campaign,
) -> None:
    kenya = make_member("KE", "Kenya")
    make_group("african-group", kenya)
    for number in (1, 2, 3, 4):
        make_point(campaign, number)
    make_audience(campaign, "africa", 10, [1], groups=["african-group"], reasons={"1": "Backs the group."})
    make_audience(campaign, "opposes", 90, [4, 1], stances=["opposes"], reasons={"1": "Helps to hold.", "4": "Adds."})
    make_audience(campaign, "joined", 91, [3], stances=["joined"], reasons={"3": "Asks it to reconsider."})
    make_audience(campaign, "everybody", 99, [1, 2, 3, 4], groups=["all"])
    assert numbers(campaign, kenya) == [1, 2, 3, 4]
    Position.objects.create(campaign=campaign, member=kenya, stance="opposes", on=date(2016, 10, 18))
    ranked = points_for_member(campaign, kenya, DAY)
    assert [entry.point.number for entry in ranked] == [1, 4, 2, 3], "the audience leads; its position comes next"
    assert ranked[0].reasons == ["Backs the group.", "Kenya: opposes new rules (18 October 2016). Helps to hold."]
    assert ranked[1].reasons == ["Kenya: opposes new rules (18 October 2016). Adds."]
    Position.objects.create(campaign=campaign, member=kenya, stance="joined", on=date(2017, 12, 13))
    after = {entry.point.number: entry.reasons for entry in points_for_member(campaign, kenya, date(2017, 12, 13))}
    assert after[3] == ["Kenya: joined a statement for negotiations (13 December 2017). Asks it to reconsider."]
    assert after[1] == ["Backs the group."]


def test_the_number_of_a_fact_as_people_read_it_and_as_letters_keep_it(campaign: Campaign) -> None:
    under = make_fact(campaign, "f-1", make_point(campaign, 7), position=3)
    beside = make_fact(campaign, "c-1", position=16)
    assert (under.number, under.name, under.stored_number) == ("7.3", "Fact 7.3", "7.3")
    assert (beside.number, beside.name, beside.stored_number) == ("Context 16", "Context 16", "0.16")


def test_facts_about_the_member_come_before_those_about_its_groups_and_all(campaign: Campaign) -> None:
    kenya = make_member("KE", "Kenya")
    make_group("african-group", kenya)
    point = make_point(campaign, 1)
    for place, (key, whom) in enumerate(
        (("others", ["US"]), ("all", ["global"]), ("group", ["african-group"]), ("own", ["KE"]))
    ):
        make_fact(campaign, key, point, position=place, applies_to=whom)
    make_fact(campaign, "old", point, applies_to=["KE"], retired_at=timezone.now())
    (ranked,) = points_for_member(campaign, kenya, DAY)
    assert [fact.key for fact in ranked.facts] == ["own", "group", "all", "others"]
    assert [(fact.key, why) for fact, why in ranked.near] == [
        ("own", "names Kenya"), ("group", "is about African Group"),
    ]  # fmt: skip


def test_each_fact_that_fits_says_why(campaign: Campaign) -> None:
    argentina = make_member("AR", "Argentina")
    make_group("g20", argentina, label="G20")
    point = make_point(campaign, 1)
    for place, (key, kind, whom) in enumerate(
        [("own", "figure", ["AR", "global"]), ("named", "claim", ["AR", "g20"]), ("group", "figure", ["g20"]),
         ("spoken", "claim", ["g20", "global"]), ("all", "figure", ["global"])]
    ):  # fmt: skip
        make_fact(campaign, key, point, position=place, kind=kind, applies_to=whom)
    (ranked,) = points_for_member(campaign, argentina, DAY)
    assert {fact.key: ranked.why(fact) for fact in ranked.facts} == {
        "own": "figure for Argentina", "named": "names Argentina", "group": "figure for G20", "spoken": "is about G20",
        "all": "",
    }  # fmt: skip


def test_groups_of_another_day_give_no_reasons(campaign: Campaign) -> None:
    late = make_member("TL", "Timor-Leste", acceded_on=date(2024, 8, 30))
    make_group("ldc", late)
    make_point(campaign, 1, related_groups=["ldc"])
    assert points_for_member(campaign, late, DAY)[0].reasons == []


def test_a_campaign_without_points_or_audiences_ranks_nothing(campaign: Campaign) -> None:
    kenya = make_member()
    assert points_for_member(campaign, kenya, DAY) == []
    make_point(campaign, 2)
    make_point(campaign, 1)
    assert numbers(campaign, kenya) == [1, 2]


def test_points_and_facts_are_those_of_the_campaign(campaign: Campaign) -> None:
    other = make_campaign("other")
    make_fact(campaign, "f-1", make_point(campaign, 1))
    make_fact(other, "f-2", make_point(other, 1))
    make_fact(other, "c-2")
    (point,) = points_of(campaign)
    assert point.fact_count == 1
    assert set(facts_by_key(campaign, ["f-1", "f-2", "nothing"])) == {"f-1"}
    assert not facts_of(campaign).filter(point=None).exists()


def test_a_retired_fact_is_found_by_key_for_old_letters_and_nowhere_else(campaign: Campaign) -> None:
    make_fact(campaign, "f-1", make_point(campaign, 1), retired_at=timezone.now())
    assert "f-1" in facts_by_key(campaign, ["f-1"])
    assert points_of(campaign)[0].fact_count == 0
    assert not facts_of(campaign).exists()


USD = "USD (low estimate)"


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ([], ""),
        ([{"value": 65, "unit": "percent of jobs", "year": 2016}], "65 percent of jobs"),
        ([{"value": "62.5", "unit": "percent of population"}], "62.5 percent of population"),
        ([{"value": 620 * 10**9, "unit": USD}, {"value": 970 * 10**9, "unit": USD}], "620 to 970 billion US dollars"),
        ([{"value": 5 * 10**9, "unit": "USD", "year": 2016}], "5 billion US dollars"),
        ([{"value": 1500, "unit": "firms"}], "1,500 firms"),
        ([{"value": 2001, "unit": "year", "year": 2001}], ""),
        ([{"value": "2016-10", "unit": "time"}], ""),
        ([{"value": None, "unit": "people", "as_stated": "millions"}], ""),
        ([{"unit": "people", "as_stated": "millions"}], ""),
        ([{"value": n, "unit": "rank of a firm"} for n in range(3)], ""),
        ([{"value": n, "unit": "firms"} for n in range(3)], ""),
        ([{"value": 22, "unit": "negotiating round", "year": 2016}], ""),
    ],
)
def test_figures_in_words(figures: list[dict[str, Any]], words: str) -> None:
    assert figure_words(figures) == words


def test_figures_follow_the_language_of_the_page() -> None:
    with translation.override("fr"):
        assert figure_words([{"value": "62.5", "unit": "percent"}]).startswith("62,5 ")
