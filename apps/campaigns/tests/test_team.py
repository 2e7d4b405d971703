"""Changing the team: roles, ends, and always somebody who leads."""

import re
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections
from django.urls import reverse

from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Role
from apps.campaigns.services.memberships import team_member_change_roles, team_member_end
from apps.core.errors import Conflict, DomainError
from apps.core.models import AuditEvent
from apps.core.optimistic_locking import fingerprint
from tests.factories import add_team_member, make_campaign, make_user


def membership_of(user: Any, campaign: Campaign) -> TeamMember:
    return TeamMember.objects.get(user=user, campaign=campaign)


def team_page(campaign: Campaign, name: str = "index", *args: Any) -> str:
    return reverse(f"team:{name}", args=[campaign.slug, *args])


def hidden_value(name: str, html: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found
    return found[1]


def test_roles_change_at_once_and_are_on_record(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    ada, naledi = signed_in(cast.coordinator), signed_in(cast.drafter)
    moderation = reverse("sign_on:moderate", args=[campaign.slug])
    assert naledi.get(moderation).status_code == 403
    membership = membership_of(cast.drafter, campaign)
    ada.post(
        team_page(campaign, "edit", membership.pk),
        {"roles": ["data_officer", "drafter"], "seen": fingerprint(["drafter"])},
    )
    assert naledi.get(moderation).status_code == 200
    event = AuditEvent.objects.get(verb="team_member.change_roles")
    assert event.data == {"before": ["drafter"], "after": ["drafter", "data_officer"]}
    assert event.actor_id == str(cast.coordinator.pk)


def test_roles_that_somebody_else_changed_are_not_overwritten_unseen(
    campaign: Campaign, cast: Any, signed_in: Any
) -> None:
    ada, membership = signed_in(cast.coordinator), membership_of(cast.drafter, campaign)
    page = team_page(campaign, "edit", membership.pk)
    seen = hidden_value("seen", ada.get(page).text)
    team_member_change_roles(membership=membership, actor=cast.coordinator, roles=["reviewer"])
    answer = ada.post(page, {"roles": ["sender"], "seen": seen})
    assert answer.status_code == 409
    assert "They are now: Reviewer." in answer.text
    assert membership_of(cast.drafter, campaign).roles == ["reviewer"]
    assert re.search(r'value="sender"[^>]*checked', answer.text), "what was ticked is kept"
    ada.post(page, {"roles": ["sender"], "seen": hidden_value("seen", answer.text)})
    assert membership_of(cast.drafter, campaign).roles == ["sender"]


@pytest.mark.parametrize("roles", [[], ["owner"], ["drafter", "<b>"]])
def test_a_membership_without_a_real_role_is_refused(campaign: Campaign, cast: Any, signed_in: Any, roles: Any) -> None:
    membership = membership_of(cast.drafter, campaign)
    answer = signed_in(cast.coordinator).post(team_page(campaign, "edit", membership.pk), {"roles": roles})
    assert answer.status_code == 400
    assert "error-message" in answer.content.decode()
    assert membership_of(cast.drafter, campaign).roles == ["drafter"]


def test_the_last_coordinator_stays(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    client, membership = signed_in(cast.coordinator), membership_of(cast.coordinator, campaign)
    page = client.post(team_page(campaign, "end", membership.pk))
    assert page.status_code == 400
    assert "Ada Okoro is the only coordinator" in page.content.decode()
    page = client.post(
        team_page(campaign, "edit", membership.pk), {"roles": ["observer"], "seen": fingerprint(["coordinator"])}
    )
    assert page.status_code == 400
    assert membership_of(cast.coordinator, campaign).roles == ["coordinator"]


def test_a_coordinator_who_is_only_invited_does_not_count(campaign: Campaign, cast: Any) -> None:
    other = add_team_member(make_user(), campaign, Role.COORDINATOR)
    TeamMember.objects.filter(pk=other.pk).update(state=TeamMember.State.INVITED)
    with pytest.raises(DomainError, match="Make somebody else a coo"):
        team_member_end(membership=membership_of(cast.coordinator, campaign), actor=cast.coordinator)


def test_coordinators_of_other_campaigns_do_not_count(campaign: Campaign, cast: Any) -> None:
    add_team_member(make_user(), make_campaign("mc12"), Role.COORDINATOR)
    with pytest.raises(DomainError, match="Make somebody else a coo"):
        team_member_end(membership=membership_of(cast.coordinator, campaign), actor=cast.coordinator)


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_cannot_end_each_other_at_once(campaign: Campaign) -> None:
    people = [make_user(), make_user()]
    memberships = [add_team_member(person, campaign, Role.COORDINATOR) for person in people]
    outcomes: list[str] = []
    ready = Barrier(2)

    def end(membership: TeamMember, actor: Any) -> None:
        try:
            ready.wait()
            team_member_end(membership=membership, actor=actor)
            outcomes.append("ended")
        except DomainError as error:
            outcomes.append(str(error).partition(" is ")[2])
        finally:
            connections.close_all()

    threads = [Thread(target=end, args=(memberships[i], people[1 - i])) for i in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    connection.close()
    assert sorted(outcomes) == ["ended", "the only coordinator. Make somebody else a coordinator first."]


def test_an_ended_place_opens_nothing_from_the_next_click_on(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    ivo = signed_in(cast.reviewer)
    overview = reverse("dashboard:overview", args=[campaign.slug])
    assert ivo.get(overview).status_code == 200
    page = signed_in(cast.coordinator).post(team_page(campaign, "end", membership_of(cast.reviewer, campaign).pk))
    assert page.url == team_page(campaign)
    assert ivo.get(overview).status_code == 404
    assert cast.reviewer.is_active, "the account stays, only the membership ends"


def test_ending_twice_is_once(campaign: Campaign, cast: Any) -> None:
    membership = membership_of(cast.reviewer, campaign)
    for _try in range(2):
        team_member_end(membership=membership, actor=cast.coordinator)
    assert AuditEvent.objects.filter(verb="team_member.end").count() == 1
    with pytest.raises(Conflict, match="This person is no longer"):
        team_member_change_roles(membership=membership, actor=cast.coordinator, roles=["drafter"])


def test_opening_the_page_of_an_end_ends_nothing(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    page = signed_in(cast.coordinator).get(team_page(campaign, "end", membership_of(cast.reviewer, campaign).pk))
    assert page.status_code == 200
    assert membership_of(cast.reviewer, campaign).state == "active"


def test_who_leaves_is_warned_and_led_out(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    add_team_member(make_user(), campaign, Role.COORDINATOR)
    client, membership = signed_in(cast.coordinator), membership_of(cast.coordinator, campaign)
    page = team_page(campaign, "end", membership.pk)
    assert "This is your own membership" in client.get(page).content.decode()
    assert client.post(page).url == reverse("dashboard:campaigns")


def test_places_of_another_campaign_are_not_found(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    foreign = add_team_member(make_user(), make_campaign("mc12"), Role.DRAFTER)
    client = signed_in(cast.coordinator)
    for name in ("edit", "end", "resend"):
        assert client.post(team_page(campaign, name, foreign.pk), {"roles": ["observer"]}).status_code == 404
    assert membership_of(foreign.user, foreign.campaign).roles == ["drafter"]


def test_only_who_manages_sees_addresses_and_acts(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    for role, sees in (("coordinator", True), ("observer", False)):
        page = signed_in(getattr(cast, role)).get(team_page(campaign)).content.decode()
        assert "Naledi Motsepe" in page
        assert (cast.drafter.email in page) is sees
        assert (team_page(campaign, "invite") in page) is sees
