"""Tokens of the API: shown once, kept hashed, ended at once, and nobody else's business."""

import re
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.models import ApiToken, Campaign, TeamMember
from apps.campaigns.services.memberships import team_member_end
from apps.campaigns.services.tokens import (
    MOST_TOKENS,
    MembershipNotActive,
    ScopeNotAllowed,
    TokenNameTaken,
    TooManyTokens,
    api_token_create,
    api_token_end,
)
from apps.core.logs import drop_addresses
from apps.core.models import AuditEvent
from tests.factories import add_team_member, make_campaign


def membership_of(user: Any, campaign: Campaign) -> TeamMember:
    return TeamMember.objects.get(user=user, campaign=campaign)


def make(
    user: Any, campaign: Campaign, name: str = "Spreadsheet", days: int = 365, scopes: Any = ("read",)
) -> tuple[ApiToken, str]:
    membership = membership_of(user, campaign)
    return api_token_create(membership=membership, actor=user, name=name, days=days, scopes=scopes)


def answer_to(token: str, campaign: Campaign, **more: Any) -> Any:
    return Client().get(f"/api/v1/{campaign.slug}/points", headers={"Authorization": f"Bearer {token}"}, **more)


# ---- the page


def test_a_token_is_shown_once_and_kept_hashed(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    client, page = signed_in(cast.observer), reverse("team:tokens", args=[campaign.slug])
    answer = client.post(page, {"name": "Spreadsheet", "days": "365", "scopes": "read"})
    text = next(line for line in answer.content.decode().split("<code>")[1:]).split("</code>")[0]
    assert text.startswith("ecom_")
    assert len(text) == 48
    assert "no-store" in answer["Cache-Control"]
    assert answer_to(text, campaign).status_code == 200
    assert text not in client.get(page).content.decode()
    token = ApiToken.objects.get()
    assert text not in str(ApiToken.objects.values_list())
    assert token.expires_at - timezone.now() > timedelta(days=364)
    event = AuditEvent.objects.get(verb="api_token.create")
    assert (event.actor_id, event.campaign_id) == (str(cast.observer.pk), campaign.pk)
    assert event.data == {"days": 365, "scopes": ["read"]}


def test_a_form_sent_again_makes_no_second_token(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    client, page = signed_in(cast.observer), reverse("team:tokens", args=[campaign.slug])
    typed = {"name": "Spreadsheet", "days": "90", "scopes": "read"}
    client.post(page, typed)
    again = client.post(page, typed)
    assert again.status_code == 409
    assert "You already have a token named “Spreadsheet”" in again.content.decode()
    assert 'value="Spreadsheet"' in again.content.decode(), "nothing typed is lost"
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(
    "typed",
    [{"name": ""}, {"name": "  "}, {"name": "x" * 81}, {"days": "36500"}, {"days": "never"}, {"name": "\x00"},
     {"scopes": []}, {"scopes": "points:write"}, {"scopes": ["read", "exports"]}, {"scopes": "everything"}],
)  # fmt: skip
def test_a_form_that_makes_no_sense_makes_no_token(campaign: Campaign, cast: Any, signed_in: Any, typed: Any) -> None:
    sent = {"name": "x", "days": "365", "scopes": "read", **typed}
    answer = signed_in(cast.observer).post(reverse("team:tokens", args=[campaign.slug]), sent)
    assert "error-message" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_opening_the_page_of_an_end_ends_nothing_and_the_button_does(
    campaign: Campaign, cast: Any, signed_in: Any
) -> None:
    token, text = make(cast.observer, campaign, "جدول")
    client, page = signed_in(cast.observer), reverse("team:token_end", args=[campaign.slug, token.pk])
    assert "جدول" in client.get(page).content.decode()
    assert answer_to(text, campaign).status_code == 200
    assert client.post(page).status_code == 302
    assert answer_to(text, campaign).status_code == 401
    client.post(page)
    assert AuditEvent.objects.filter(verb="api_token.end").count() == 1, "ended twice is ended once"
    assert "Ended" in client.get(reverse("team:tokens", args=[campaign.slug])).content.decode()
    make(cast.observer, campaign, "جدول")  # the name is free again


def test_nobody_sees_or_ends_the_tokens_of_others(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    token, text = make(cast.observer, campaign, "Mei's own")
    ada = signed_in(cast.coordinator)
    assert "Mei" not in ada.get(reverse("team:tokens", args=[campaign.slug])).content.decode().split("<main")[1]
    assert ada.post(reverse("team:token_end", args=[campaign.slug, token.pk])).status_code == 404
    assert answer_to(text, campaign).status_code == 200


# ---- scopes


def test_the_page_offers_the_scopes_of_ones_roles_and_second_factor(
    campaign: Campaign, cast: Any, signed_in: Any
) -> None:
    page = reverse("team:tokens", args=[campaign.slug])

    def offered(client: Client) -> set[str]:
        return set(re.findall(r'name="scopes" value="([a-z_:]+)"', client.get(page).content.decode()))

    assert offered(signed_in(cast.observer)) == {"read", "sign_ons:read", "deliveries:read"}
    weak = signed_in(cast.sender, second_factor=False)
    assert "dispatches:write" not in offered(weak)
    assert "second factor" in weak.get(page).content.decode()
    assert "dispatches:write" in offered(signed_in(cast.sender))


def test_a_token_made_by_the_form_has_what_was_chosen(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    client, page = signed_in(cast.drafter), reverse("team:tokens", args=[campaign.slug])
    client.post(page, {"name": "Import", "days": "30", "scopes": ["positions:write", "points:write"]})
    assert ApiToken.objects.get().scopes == ["points:write", "positions:write"]
    assert "Add and change points, facts and sources" in client.get(page).content.decode()


def test_no_scope_reaches_beyond_the_roles(campaign: Campaign, cast: Any) -> None:
    for scopes in (["points:write"], ["read", "exports"], [], ["all"]):
        with pytest.raises(ScopeNotAllowed):
            make(cast.observer, campaign, scopes=scopes)
    with pytest.raises(ScopeNotAllowed):
        make(cast.sender, campaign, scopes=["dispatches:write"])  # has no second factor
    assert not ApiToken.objects.exists()


def test_a_token_without_the_scope_is_told_which(campaign: Campaign, cast: Any) -> None:
    _token, text = make(cast.drafter, campaign, scopes=["points:write"])
    answer = answer_to(text, campaign)
    assert answer.status_code == 403
    assert answer.json()["scope"] == "read"
    assert "“read”" in answer.json()["detail"]
    assert answer["WWW-Authenticate"] == 'Bearer realm="ecomcampaign", error="insufficient_scope", scope="read"'


# ---- the rules


def test_tokens_have_a_limit(campaign: Campaign, cast: Any) -> None:
    for number in range(MOST_TOKENS):
        token, _text = make(cast.observer, campaign, f"No. {number}")
    with pytest.raises(TooManyTokens):
        make(cast.observer, campaign, "One more")
    api_token_end(token=token, actor=cast.observer)
    make(cast.observer, campaign, "One more")


@pytest.mark.django_db(transaction=True)
def test_the_same_name_twice_at_once_makes_one(campaign: Campaign, cast: Any) -> None:
    ready, outcomes = Barrier(2), []

    def run() -> None:
        try:
            ready.wait()
            make(cast.observer, campaign)
            outcomes.append("made")
        except TokenNameTaken:
            outcomes.append("taken")
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["made", "taken"]


def test_when_the_place_ends_its_tokens_end_and_stay_ended(campaign: Campaign, cast: Any) -> None:
    _token, text = make(cast.observer, campaign)
    membership = membership_of(cast.observer, campaign)
    team_member_end(membership=membership, actor=cast.coordinator)
    assert answer_to(text, campaign).status_code == 401
    with pytest.raises(MembershipNotActive):
        make(cast.observer, campaign, "Late")
    TeamMember.objects.filter(pk=membership.pk).update(state=TeamMember.State.ACTIVE)
    assert answer_to(text, campaign).status_code == 401, "invited again, the person makes a new one"


def test_an_inactive_account_reads_nothing(campaign: Campaign, cast: Any) -> None:
    _token, text = make(cast.observer, campaign)
    cast.observer.is_active = False
    cast.observer.save()
    assert answer_to(text, campaign).status_code == 401


def test_an_expired_token_reads_nothing(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    token, text = make(cast.observer, campaign)
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    answer = answer_to(text, campaign)
    assert answer.status_code == 401
    assert "expired" in answer.json()["detail"]
    assert "Expired" in signed_in(cast.observer).get(reverse("team:tokens", args=[campaign.slug])).content.decode()


def test_the_last_use_is_written_once_an_hour(campaign: Campaign, cast: Any) -> None:
    token, text = make(cast.observer, campaign)
    answer_to(text, campaign)
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    answer_to(text, campaign)
    token.refresh_from_db()
    assert token.last_used_at == first
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=first - timedelta(hours=2))
    answer_to(text, campaign)
    token.refresh_from_db()
    assert token.last_used_at > first


def test_a_person_in_two_campaigns_has_tokens_for_each(campaign: Campaign, cast: Any) -> None:
    other = make_campaign("mc12")
    add_team_member(cast.observer, other, "drafter")
    _token, text = make(cast.observer, other)
    assert answer_to(text, other).status_code == 200
    assert answer_to(text, campaign).status_code == 404


# ---- what is sent instead of a token


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "", lambda text: text[:-1], lambda text: text + "x", lambda text: text.upper(),
        lambda text: text * 250, lambda text: "x" * 10_000, lambda text: text + "\x00", lambda text: "ecom_" + "é" * 43,
        lambda text: "ecom_" + "A" * 43, lambda text: text.removeprefix("ecom_"), lambda text: f'"{text}"',
    ],
)  # fmt: skip
def test_what_is_no_token_opens_nothing(campaign: Campaign, cast: Any, spoil: Any) -> None:
    _token, text = make(cast.observer, campaign)
    sent = spoil(text)
    answer = Client().get(f"/api/v1/{campaign.slug}/points", HTTP_AUTHORIZATION=f"Bearer {sent}")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == 'Bearer realm="ecomcampaign", error="invalid_token"'
    assert text not in answer.content.decode()


def test_a_token_counts_in_the_header_only(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    _token, text = make(cast.observer, campaign)
    page, browser = f"/api/v1/{campaign.slug}/points", signed_in(cast.coordinator)
    for answer in (
        Client().get(page, {"token": text}),
        Client().get(page, {"access_token": text}),
        Client(headers={"Cookie": f"token={text}"}).get(page),
        Client().get(page, headers={"Authorization": f"Basic {text}"}),
        Client().get(page, headers={"Authorization": text}),
        browser.get(page),
    ):
        assert answer.status_code == 401, "nor does a browser's session"
    assert Client().get(page)["WWW-Authenticate"] == 'Bearer realm="ecomcampaign"'


def test_logs_hold_no_token(campaign: Campaign, cast: Any) -> None:
    _token, text = make(cast.observer, campaign)
    event = {"path": f"/api/v1/mc11/points?token={text}", "headers": [{"Authorization": f"Bearer {text}"}],
             "short": text[:20], "other": "Authorization: bearer abc.def"}  # fmt: skip
    logged = str(drop_addresses(None, "", event))
    assert text[:20] not in logged
    assert "abc.def" not in logged
    assert "ecom_" not in logged


def test_a_token_is_named_by_its_number_and_membership(campaign: Campaign, cast: Any) -> None:
    make(cast.observer, campaign)
    token = ApiToken.objects.get()
    assert str(token) == f"token {token.pk} of {token.membership_id}"
