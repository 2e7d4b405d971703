"""Governments: found by any spelling, in order, with what they said; contact data only for those who may see it."""

import re
from datetime import date
from typing import Any

import pytest

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.registries import TimelineEntry, timeline_sources
from apps.dashboard.pages.government_directory import government_lines
from apps.dashboard.pages.stance_chart import stance_chart
from apps.governments.models import Office, Recipient, RecipientAddress
from apps.governments.selectors import reference_day
from apps.governments.services.positions import position_record
from apps.sources.models import Source
from apps.talkingpoints.models import Audience, Fact, TalkingPoint
from tests.factories import html_of, make_campaign, make_member, moment
from tests.factories.governments import make_recipient

HEALTH = {"good": "Delivers", "unverified": "Not confirmed", "bounced": "Bounces", "retired": "Retired"}


def names(answer: Any) -> list[str]:
    return [line.name for line in answer.context["directory"].lines]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=cote", ["Côte d'Ivoire"]),
        ("?q=CÔTE D’IVOIRE", ["Côte d'Ivoire"]),
        ("?q=ci", ["Côte d'Ivoire"]),
        ("?q=kenia", ["Kenya"]),
        ("?q=  ", ["Côte d'Ivoire", "Kenya"]),
        ("?q=%25", []),
        ("?q=<script>", []),
        ("?group=ldc", ["Côte d'Ivoire"]),
        ("?group=nowhere", []),
        ("?stance=opposes", ["Kenya"]),
        ("?stance=none", ["Côte d'Ivoire"]),
        ("?stance=whatever", ["Côte d'Ivoire", "Kenya"]),
        ("?recipients=unreachable", ["Côte d'Ivoire"]),
        ("?recipients=bounced", []),
        ("?sort=-name", ["Kenya", "Côte d'Ivoire"]),
        ("?sort=; DROP TABLE", ["Côte d'Ivoire", "Kenya"]),
    ],
)
def test_the_list_finds_and_sorts(
    page: Any, campaign: Campaign, cast: Any, members: Any, query: str, found: list[str]
) -> None:
    position_record(campaign=campaign, member=members.kenya, stance="opposes", on=date(2016, 10, 18), actor=None)
    make_recipient(campaign, members.kenya, "Minister", "minister@trade-ke.example")
    answer = page(f"governments/{query}")
    assert names(answer) == found
    assert "<script>" not in html_of(answer).replace("<script src", "")


def test_an_empty_list_says_how_to_go_on(page: Any, members: Any) -> None:
    text = html_of(page("governments/?q=atlantis"))
    assert "No government matches." in text
    assert "Show all governments" in text


def test_names_and_order_are_the_readers(page: Any, cast: Any, members: Any) -> None:
    make_member("EG", "Egypt", name_fr="Égypte", sort_fr="egypte", sort_en="egypt")
    User.objects.filter(pk=cast.observer.pk).update(language="fr")
    assert names(page("governments/"))[1] == "Égypte", "between Côte d'Ivoire and Kenya, whatever its accent"


def test_members_are_those_of_the_campaigns_day(page: Any, members: Any) -> None:
    """MC11 had no Comoros, which acceded in 2024, and knew Eswatini as Swaziland."""
    make_member("KM", "Comoros", acceded_on=date(2024, 8, 21))
    make_member("SZ", "Eswatini", earlier_names=[{"until": "2018-04-19", "name": "Swaziland", "official_name": "S."}])
    assert names(page("governments/")) == ["Côte d'Ivoire", "Kenya", "Swaziland"]


def test_a_dead_address_is_shown_and_found(page: Any, campaign: Campaign, members: Any) -> None:
    make_recipient(campaign, members.kenya, "Minister", "minister@trade-ke.example")
    make_recipient(campaign, members.kenya, "Ambassador", "gone@mission-ke.example", office="Mission")
    RecipientAddress.objects.filter(recipient__post="Ambassador").update(health="bounced")
    [line] = page("governments/?recipients=bounced").context["directory"].lines
    assert (line.recipients, line.reachable, line.bounced) == (2, 1, 1)


def test_the_list_asks_the_database_a_fixed_number_of_questions(
    campaign: Campaign, members: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_member(f"{chr(65 + number // 10)}{number % 10}", f"Member {number}")
    with django_assert_max_num_queries(7):
        assert len(government_lines(campaign, reference_day(campaign))) == 32


@pytest.mark.parametrize(
    ("role", "sees"),
    [("coordinator", True), ("sender", True), ("data_officer", True), ("drafter", False), ("reviewer", False),
     ("observer", False)],
)  # fmt: skip
def test_contact_data_is_for_those_who_may_see_it(
    page: Any, campaign: Campaign, members: Any, role: str, sees: bool
) -> None:
    make_recipient(campaign, members.kenya, "Minister of Trade", "minister@trade-ke.example", name="Amina Wanjiru")
    answer = page("governments/KE/", role)
    text = html_of(answer)
    assert "Minister of Trade" in text
    assert ("minister@trade-ke.example" in text) is sees
    assert ("Amina Wanjiru" in text) is sees
    [line] = answer.context["page"].recipients
    assert bool(line.name) is sees
    assert line.addresses == [("minister@trade-ke.example" if sees else "", "unverified")]


def test_each_address_says_its_own_state_and_each_office_what_it_is(
    page: Any, campaign: Campaign, members: Any
) -> None:
    kinds = {"capital": "Capital", "mission": "Mission", "head": "Head of state or government",
             "parliament": "Parliament", "other": "Elsewhere"}  # fmt: skip
    for kind in kinds:
        office = Office.objects.create(campaign=campaign, member=members.kenya, kind=kind, name=f"Office {kind}")
        Recipient.objects.create(campaign=campaign, office=office, post=f"Post {kind}")
    recipient = make_recipient(campaign, members.kenya, "Minister", *(f"{state}@ke.example" for state in HEALTH))
    for state in HEALTH:
        RecipientAddress.objects.filter(recipient=recipient).filter(position=list(HEALTH).index(state)).update(
            health=state
        )
    text = html_of(page("governments/KE/", "sender"))
    for kind, words in kinds.items():
        assert f"Office {kind} ({words})" in text
    for state, words in HEALTH.items():
        [said] = re.findall(rf"<p class=\"address-line\">(?:(?!</p>).)*?{state}@ke\.example.*?</p>", text)
        assert words in said
        assert ("<s dir" in said) is (state == "retired")
    assert "1 retired address" in text
    text = html_of(page("governments/KE/"))
    assert "@ke.example" not in text
    assert "retired address" not in text


def test_a_government_without_anything_says_so_everywhere(page: Any, members: Any) -> None:
    text = html_of(page("governments/KE/"))
    for said in ("Nothing yet.", "No position known.", "No recipients yet.", "No letter goes to this government."):
        assert said in text


def test_points_and_facts_stand_with_the_reason_for_each(page: Any, campaign: Campaign, members: Any) -> None:
    point = TalkingPoint.objects.create(campaign=campaign, number=3, slug="jobs", title="Jobs", claim="So it is.")
    source = Source.objects.create(campaign=campaign, key="src", kind="report", title="Report")
    for place, (statement, whom) in enumerate((("Of all.", "global"), ("Of Kenya.", "KE"), ("Of others.", "CI")), 1):
        Fact.objects.create(
            campaign=campaign, point=point, key=f"f-{place}", position=place, statement=statement, kind="claim",
            applies_to=[whom], source=source, verification="verified", caution="A range." if whom == "KE" else "",
        )  # fmt: skip
    Audience.objects.create(
        campaign=campaign, slug="opposes", label="Opposes", priority=9, stances=["opposes"], order=[3],
        reasons={"3": "Helps it to hold."},
    )  # fmt: skip
    Audience.objects.create(
        campaign=campaign, slug="kenya", label="Kenya", priority=1, countries=["KE"], order=[3], reasons={}
    )
    position_record(campaign=campaign, member=members.kenya, stance="opposes", on=date(2016, 10, 18), actor=None)
    text = html_of(page("governments/KE/"))
    assert "Kenya: opposes new rules (18 October 2016). Helps it to hold." in text
    assert "Of Kenya." in text
    assert "(names Kenya)" in text
    assert "Of all." not in text
    assert "Of others." not in text


def make_facts(campaign: Campaign, points: int, each: int, **values: Any) -> None:
    source = Source.objects.create(campaign=campaign, key="src", kind="report", title="Report")
    for number in range(1, points + 1):
        point = TalkingPoint.objects.create(
            campaign=campaign, number=number, slug=f"p-{number}", title=f"Point {number:02}", claim="So it is."
        )
        for place in range(1, each + 1):
            Fact.objects.create(
                campaign=campaign, point=point, key=f"f-{number}-{place}", position=place, source=source,
                statement=f"Statement {number:02} {place:02}.", kind="figure", **{"verification": "verified", **values},
            )  # fmt: skip


def test_all_points_and_all_facts_that_fit_stand_on_the_page_with_their_reasons_and_cautions(
    page: Any, campaign: Campaign, members: Any
) -> None:
    make_facts(campaign, 8, 3, applies_to=["KE"], verification="caution", caution="Its source has a range.")
    answer = page("governments/KE/")
    text = html_of(answer)
    assert len(answer.context["page"].points) == 8
    assert "All 8 in this order: 2 more" in text
    assert "1 more fact that fits" in text
    for number in range(1, 9):
        assert f"Point {number:02}</p>" in text
        for place in range(1, 4):
            assert f'Statement {number:02} {place:02}. <span class="muted">(figure for Kenya)</span>' in text
    assert text.count("Its source has a range.") == 24


def test_where_nothing_fits_the_page_says_so(page: Any, campaign: Campaign, members: Any) -> None:
    make_facts(campaign, 2, 1, applies_to=["global"])
    make_member("KM", "Comoros", acceded_on=date(2024, 8, 21))
    for code, said in (
        ("KE", "No point or fact is about Kenya, its groups or its position."),
        ("KM", "Comoros was not a member of the"),
    ):
        text = html_of(page(f"governments/{code}/"))
        assert said in text
        assert "in the general order" in text
        assert "Evidence that fits" not in text
    Fact.objects.filter(key="f-1-1").update(applies_to=["KE"])
    text = html_of(page("governments/KE/"))
    assert "Evidence that fits Kenya" in text
    assert "meant for everybody" not in text


def test_the_timeline_is_newest_first_with_what_is_due_on_top(
    page: Any, campaign: Campaign, members: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def source(of: Campaign, member: Any) -> list[TimelineEntry]:
        return [
            TimelineEntry(moment("2017-12-04 10:00"), "sent", "ok", "Sent"),
            TimelineEntry(moment("2017-12-01 10:00"), "clock", "ink", "Follow-up", due=True),
            TimelineEntry(moment("2017-12-06 10:00"), "reply", "ink", "Reply", quote="<b>Thank you</b>"),
        ]

    monkeypatch.setitem(timeline_sources, "test", source)
    position_record(campaign=campaign, member=members.kenya, stance="joined", on=date(2017, 12, 5), actor=None)
    answer = page("governments/KE/")
    titles = [str(entry.title) for entry in answer.context["page"].timeline]
    assert titles == ["Follow-up", "Reply", "Position: joined a statement for negotiations", "Sent"]
    text = " ".join(html_of(answer).split())
    assert "&lt;b&gt;Thank you" in text
    assert "Due: Follow-up" in text
    assert ">6 December 2017, 10:00 UTC</time>" in text
    assert ">5 December 2017</time>" in text, "a position has a day only"


def test_positions_of_another_campaign_are_not_shown(page: Any, members: Any) -> None:
    position_record(
        campaign=make_campaign("mc12"), member=members.kenya, stance="supports", on=date(2017, 1, 1), actor=None
    )
    assert page("governments/KE/").context["page"].positions == []
    assert page("governments/").context["directory"].roll.in_words.startswith("opposes new rules (0)")


@pytest.mark.parametrize("code", ["XX", "ke", "KEN", "%00", "..", "K" * 300])
def test_a_government_that_does_not_exist_is_not_found(page: Any, members: Any, code: str) -> None:
    assert page(f"governments/{code}/").status_code == 404


def test_the_roll_call_draws_each_government_once() -> None:
    roll = stance_chart(["opposes"] * 3 + ["none"])
    assert [css for css, _x in roll.strokes] == ["fill-opposes"] * 3 + ["fill-none"]
    assert roll.in_words == (
        "opposes new rules (3), undecided (0), supports negotiations (0), joined a statement for negotiations (0), "
        "no position known (1)"
    )
    assert stance_chart([]).width >= 1, "an empty drawing has a size too"


def test_other_names_are_said_once_and_not_again(page: Any, members: Any) -> None:
    text = html_of(page("governments/KE/"))
    assert 'Also <span lang="es">Kenia</span>, <span lang="ar">كينيا</span></p>' in text
    members.kenya.name_es = "Kenya"
    members.kenya.save()
    assert 'Also <span lang="ar">كينيا</span></p>' in html_of(page("governments/KE/"))


def test_the_timeline_is_filtered_by_the_kinds_that_occur(
    page: Any, campaign: Campaign, members: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def source(of: Campaign, member: Any) -> list[TimelineEntry]:
        return [
            TimelineEntry(moment("2017-12-04 10:00"), "sent", "ok", "Sent", kind="letter"),
            TimelineEntry(moment("2017-12-04 11:00"), "ok", "ok", "Delivered", kind="letter"),
            TimelineEntry(moment("2017-12-06 10:00"), "reply", "ink", "Reply", kind="answer"),
        ]

    def titles(query: str) -> list[str]:
        return [str(entry.title) for entry in page(f"governments/KE/{query}").context["timeline"]]

    monkeypatch.setitem(timeline_sources, "test", source)
    text = html_of(page("governments/KE/?on=2017-12-12&names=es"))
    [row] = re.findall(r'<nav class="link-row" aria-label="What happened, by kind">(.*?)</nav>', text)
    assert re.sub(r"<[^>]+>", "", row) == "All 3, Letters 2, Answers 1"
    assert 'href="?on=2017-12-12&amp;names=es&amp;kind=letter#happened"' in row
    assert titles("?kind=letter") == ["Delivered", "Sent"]
    assert titles("?kind=answer") == ["Reply"]
    for nothing in ("", "?kind=", "?kind=bounce", "?kind=whatever", "?kind=%00"):
        assert len(titles(nothing)) == 3
    assert 'name="kind" value="answer"' in html_of(page("governments/KE/?kind=answer")), "another day keeps it"
    position_record(campaign=campaign, member=members.kenya, stance="joined", on=date(2017, 12, 5), actor=None)
    assert "Positions" in html_of(page("governments/KE/"))


def test_a_timeline_of_one_kind_needs_no_filter(page: Any, campaign: Campaign, members: Any) -> None:
    for year in (2016, 2017):
        position_record(campaign=campaign, member=members.kenya, stance="joined", on=date(year, 1, 1), actor=None)
    assert "What happened, by kind" not in html_of(page("governments/KE/"))


@pytest.mark.parametrize(
    ("zone", "place"),
    [("UTC", "UTC"), ("Europe/Zurich", "Geneva"), ("America/Argentina/Buenos_Aires", "Buenos Aires"),
     ("Asia/Ho_Chi_Minh", "Ho Chi Minh")],
)  # fmt: skip
def test_the_timeline_names_the_readers_zone_with_every_time(
    page: Any, cast: Any, members: Any, monkeypatch: pytest.MonkeyPatch, zone: str, place: str
) -> None:
    def source(of: Campaign, member: Any) -> list[TimelineEntry]:
        return [TimelineEntry(moment("2017-12-04 10:00"), "sent", "ok", "Sent", kind="letter")]

    monkeypatch.setitem(timeline_sources, "test", source)
    User.objects.filter(pk=cast.observer.pk).update(time_zone=zone)
    text = html_of(page("governments/KE/"))
    assert re.search(rf"4 December 2017, \d\d:\d\d (in )?{place}</time>", text)
    assert "Times in" not in text
