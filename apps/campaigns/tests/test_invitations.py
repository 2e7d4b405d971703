"""Inviting people, and what becomes of the link they get."""

import re
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Invitation, User
from apps.accounts.selectors import InvitationRevoked, InvitationUsed
from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Role
from apps.campaigns.services.invitations import invitation_accept, team_invite
from apps.campaigns.services.memberships import team_member_end
from apps.core.errors import Conflict
from apps.core.models import AuditEvent
from apps.core.tokens import token_hash
from apps.postbox.models import Message
from tests.factories import add_team_member, make_campaign, make_user
from tests.factories.campaigns import give_second_factor

NEW = {"name": "Naledi Motsepe", "email": "Naledi.New@coalition.example", "roles": ["drafter", "reviewer"]}


def invite(campaign: Campaign, actor: Any, **changes: Any) -> TeamMember:
    return team_invite(campaign=campaign, actor=actor, **{**NEW, **changes})


def mailed_token() -> str:
    found = re.search(r"/invitations/([^/\s]+)/", newest_mail().text_body)
    assert found
    return found[1]


def newest_mail() -> Message:
    return Message.objects.order_by("-created_at")[0]


def page_of(token: str) -> str:
    return reverse("invitations:accept", args=[token])


# ---- inviting


def test_a_coordinator_invites_and_the_person_gets_one_mail(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    client = signed_in(cast.coordinator)
    answer = client.post(reverse("team:invite", args=[campaign.slug]), NEW, follow=True)
    assert "Invitation sent to naledi.new@coalition.example" in answer.content.decode()
    membership = TeamMember.objects.get(user__email="naledi.new@coalition.example")
    assert (membership.state, membership.roles) == ("invited", ["drafter", "reviewer"])
    mail = newest_mail()
    assert (mail.kind, mail.policy, mail.to_address) == ("invitation", "repeatable", "naledi.new@coalition.example")
    assert mail.subject == f"Ada Okoro invites you to the team of {campaign.name}"
    assert "Your role: Drafter, Reviewer." in mail.text_body
    assert f"http://testserver{page_of(mailed_token())}" in mail.text_body


def test_mail_and_page_say_the_same_time_in_the_campaigns_place_and_in_utc(campaign: Campaign, cast: Any) -> None:
    """Whatever the zone of who invites."""
    with timezone.override("Africa/Lagos"):
        invite(campaign, cast.coordinator)
    said = re.search(r"\d+ \w+ \d{4}, \d\d:\d\d in \w+ \(\d\d:\d\d UTC\)", newest_mail().text_body)
    assert said is not None, newest_mail().text_body
    assert said[0] in Client().get(page_of(mailed_token())).content.decode()


def test_the_token_is_long_and_stored_nowhere(campaign: Campaign, cast: Any) -> None:
    membership = invite(campaign, cast.coordinator)
    token, invitation = mailed_token(), Invitation.objects.get()
    assert len(token) >= 43, "256 bits"
    assert invitation.token_hash == token_hash(token)
    rows = str(list(Invitation.objects.values())) + str(list(AuditEvent.objects.values()))
    assert token not in rows
    assert membership.user.email not in str(list(AuditEvent.objects.values())), "the record holds ids, no addresses"
    assert timedelta(days=13) < invitation.expires_at - timezone.now() <= timedelta(days=14)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Fill this in"),
        ({"email": "no address"}, "Enter an email address like"),
        ({"email": f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 20}.example"}, "at most 254 characters"),
        ({"roles": []}, "Choose at least one role"),
        ({"roles": ["owner"]}, "Select a valid choice"),
    ],
)
def test_a_wrong_form_keeps_what_was_typed(
    campaign: Campaign, cast: Any, signed_in: Any, wrong: dict[str, Any], said: str
) -> None:
    client = signed_in(cast.coordinator)
    answer = client.post(reverse("team:invite", args=[campaign.slug]), {**NEW, **wrong})
    page = answer.content.decode()
    assert said in page
    assert "Naledi" in page
    assert not Message.objects.exists()


def test_who_is_on_the_team_is_not_invited(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    client = signed_in(cast.coordinator)
    given = {**NEW, "email": cast.drafter.email.upper()}
    answer = client.post(reverse("team:invite", args=[campaign.slug]), given)
    assert answer.status_code == 409
    assert "Naledi Motsepe is already on the team" in answer.content.decode()
    assert not Message.objects.exists()


def test_inviting_twice_says_how_to_send_again(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    client = signed_in(cast.coordinator)
    url = reverse("team:invite", args=[campaign.slug])
    client.post(url, NEW)
    answer = client.post(url, {**NEW, "roles": ["coordinator"]})
    assert answer.status_code == 409
    assert "was already invited" in answer.content.decode()
    assert Message.objects.count() == 1
    assert TeamMember.objects.get(user__email="naledi.new@coalition.example").roles == ["drafter", "reviewer"]


def test_an_account_of_another_campaign_keeps_its_name(campaign: Campaign, cast: Any) -> None:
    other = make_user("Real Name", email="naledi.new@coalition.example")
    add_team_member(other, make_campaign("mc12"), Role.OBSERVER)
    membership = invite(campaign, cast.coordinator, name="Nickname")
    assert membership.user == other
    other.refresh_from_db()
    assert other.name == "Real Name"


def test_a_former_member_comes_back_with_new_roles(campaign: Campaign, cast: Any) -> None:
    membership = TeamMember.objects.get(user=cast.drafter, campaign=campaign)
    team_member_end(membership=membership, actor=cast.coordinator)
    again = invite(campaign, cast.coordinator, email=cast.drafter.email, roles=["observer"])
    assert again.pk == membership.pk
    assert invitation_accept(token=mailed_token()).roles == ["observer"]


@pytest.mark.django_db(transaction=True)
def test_two_who_invite_the_same_person_at_once_send_one_mail(campaign: Campaign) -> None:
    ada = make_user("Ada")
    ready, outcomes = Barrier(2), []

    def run() -> None:
        try:
            ready.wait()
            invite(campaign, ada)
            outcomes.append("invited")
        except Exception as error:  # noqa: BLE001 – whichever it is, it is compared below
            outcomes.append(str(error))
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    connection.close()
    assert len(outcomes) == 2
    assert "invited" in outcomes
    assert any("was already invited" in outcome for outcome in outcomes)
    assert Message.objects.count() == 1


def test_sending_again_ends_the_earlier_link(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    membership = invite(campaign, cast.coordinator)
    first = mailed_token()
    signed_in(cast.coordinator).post(reverse("team:resend", args=[campaign.slug, membership.pk]))
    second = mailed_token()
    assert first != second
    page = Client().get(page_of(first))
    assert page.status_code == 410
    assert "a newer one was sent" in page.content.decode()
    assert Client().get(page_of(second)).status_code == 200


def test_a_mailbox_is_not_flooded(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    membership = invite(campaign, cast.coordinator)
    client = signed_in(cast.coordinator)
    for _try in range(6):
        answer = client.post(reverse("team:resend", args=[campaign.slug, membership.pk]), follow=True)
    assert Message.objects.count() == 5
    assert "has been sent 5 invitations today" in answer.content.decode()
    ada = add_team_member(make_user(), make_campaign("mc12"), Role.COORDINATOR)
    with pytest.raises(Exception, match="which is the limit"):
        invite(ada.campaign, ada.user)


def test_withdrawing_ends_the_link(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    membership = invite(campaign, cast.coordinator)
    signed_in(cast.coordinator).post(reverse("team:end", args=[campaign.slug, membership.pk]))
    assert Client().get(page_of(mailed_token())).status_code == 410
    with pytest.raises(InvitationRevoked):
        invitation_accept(token=mailed_token())


# ---- accepting


def test_opening_the_link_changes_nothing_and_says_who_invites_to_what(campaign: Campaign, cast: Any) -> None:
    invite(campaign, cast.coordinator)
    client, page = Client(), page_of(mailed_token())
    for _visit in range(3):
        text = client.get(page).content.decode()
    assert "Ada Okoro" in text
    assert campaign.name in text
    assert "Read staff pages, draft" in text
    assert client.head(page).status_code == 200
    assert TeamMember.objects.get(user__email="naledi.new@coalition.example").state == "invited"
    assert Invitation.objects.get().accepted_at is None
    assert "_auth_user_id" not in client.session


def test_the_button_takes_the_place_verifies_the_address_and_signs_in(campaign: Campaign, cast: Any) -> None:
    membership = invite(campaign, cast.coordinator)
    client = Client()
    answer = client.post(page_of(mailed_token()))
    overview = reverse("dashboard:overview", args=[campaign.slug])
    assert answer.url == overview
    assert client.get(overview).status_code == 200
    assert TeamMember.objects.get(pk=membership.pk).state == "active"
    assert EmailAddress.objects.get(user=membership.user).verified
    assert AuditEvent.objects.filter(verb="team_member.accept", actor_id=str(membership.user_id)).count() == 1


def test_a_used_link_is_dead(campaign: Campaign, cast: Any) -> None:
    invite(campaign, cast.coordinator)
    page = page_of(mailed_token())
    Client().post(page)
    thief = Client()
    for answer in (thief.get(page), thief.post(page)):
        assert answer.status_code == 410
        assert "was already accepted" in answer.content.decode()
    assert "_auth_user_id" not in thief.session


def test_an_expired_link_is_dead(campaign: Campaign, cast: Any) -> None:
    invite(campaign, cast.coordinator)
    Invitation.objects.update(expires_at=timezone.now())
    client = Client()
    answer = client.post(page_of(mailed_token()))
    assert answer.status_code == 410
    assert "has expired" in answer.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("token", ["x", "A" * 43, "..", "%00", "' OR 1=1", "é" * 40])
def test_a_made_up_link_opens_nothing(db: None, token: str) -> None:
    answer = Client().post(f"/invitations/{token}/")
    assert answer.status_code == 404


def test_a_token_of_another_purpose_opens_nothing(campaign: Campaign, cast: Any) -> None:
    invite(campaign, cast.coordinator)
    Invitation.objects.update(purpose="something")
    assert Client().post(page_of(mailed_token())).status_code == 404


def test_who_has_a_second_factor_is_not_signed_in_by_a_mail(campaign: Campaign, cast: Any) -> None:
    membership = invite(campaign, cast.coordinator)
    give_second_factor(membership.user)
    client = Client()
    answer = client.post(page_of(mailed_token()))
    overview = reverse("dashboard:overview", args=[campaign.slug])
    assert answer.url.startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session
    assert client.get(overview).status_code == 302
    assert TeamMember.objects.get(pk=membership.pk).state == "active"


def test_somebody_else_who_is_signed_in_cannot_take_the_place(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    membership = invite(campaign, cast.coordinator)
    outsider = signed_in(cast.outsider)
    page = page_of(mailed_token())
    assert "You are signed in as Jon Dahl" in outsider.get(page).content.decode()
    assert outsider.post(page).status_code == 409
    assert TeamMember.objects.get(pk=membership.pk).state == "invited"


def test_who_is_signed_in_accepts_a_second_campaign(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    other = make_campaign("mc12")
    ada = add_team_member(make_user(), other, Role.COORDINATOR)
    invite(other, ada.user, email=cast.drafter.email)
    client = signed_in(cast.drafter)
    assert client.post(page_of(mailed_token())).url == reverse("dashboard:overview", args=["mc12"])
    listed = client.get(reverse("dashboard:campaigns"))
    assert [membership.campaign.slug for membership in listed.context["memberships"]] == ["mc11", "mc12"]


def test_a_closed_account_does_not_come_back_by_a_link(campaign: Campaign, cast: Any) -> None:
    membership = invite(campaign, cast.coordinator)
    User.objects.filter(pk=membership.user_id).update(is_active=False)
    client = Client()
    assert client.post(page_of(mailed_token())).status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db(transaction=True)
def test_of_two_buttons_pressed_at_once_one_counts(campaign: Campaign) -> None:
    invite(campaign, None)
    token, ready, outcomes = mailed_token(), Barrier(2), []

    def run() -> None:
        try:
            ready.wait()
            invitation_accept(token=token)
            outcomes.append("accepted")
        except InvitationUsed:
            outcomes.append("used")
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    connection.close()
    assert sorted(outcomes) == ["accepted", "used"]
    assert AuditEvent.objects.filter(verb="team_member.accept").count() == 1


def test_the_mail_speaks_the_language_of_who_gets_it(campaign: Campaign, cast: Any) -> None:
    """Names in any script; a line break in a name does not become a header."""
    User.objects.filter(pk=cast.coordinator.pk).update(name="أدا أوكورو\nBcc: x@evil.example")
    cast.coordinator.refresh_from_db()
    invite(campaign, cast.coordinator, name="نالدي")
    assert newest_mail().subject.startswith("أدا أوكورو Bcc: x@evil.example invites")
    assert newest_mail().text_body.startswith("نالدي,")


# ---- the command line


def test_an_operator_invites_the_first_coordinator(campaign: Campaign, capsys: Any) -> None:
    call_command("invite", campaign.slug, "Ada Okoro", "ada@coalition.example")
    membership = TeamMember.objects.get()
    assert (membership.roles, membership.state) == (["coordinator"], "invited")
    assert f"http://testserver{page_of(mailed_token())}" in newest_mail().text_body
    assert "ada@" not in capsys.readouterr().out
    with pytest.raises(CommandError, match="was already invited"):
        call_command("invite", campaign.slug, "Ada", "ada@coalition.example")
    with pytest.raises(CommandError, match="No campaign"):
        call_command("invite", "nowhere", "Ada", "ada@coalition.example")


def test_errors_are_conflicts_where_somebody_was_faster(campaign: Campaign, cast: Any) -> None:
    with pytest.raises(Conflict, match="is already on the team") as caught:
        invite(campaign, cast.coordinator, email=cast.reviewer.email)
    assert caught.value.field == "email"


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_link_is_told_to_nobody(campaign: Campaign, cast: Any, method: str) -> None:
    invite(campaign, cast.coordinator)
    for token in (mailed_token(), "unknown"):
        answer = getattr(Client(), method)(page_of(token))
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "strict-origin", "the site's name at most, never the address"
        assert "no-store" in answer["Cache-Control"]


def test_a_form_elsewhere_cannot_take_the_place(campaign: Campaign, cast: Any) -> None:
    """It would sign a visitor in as somebody else."""
    invite(campaign, cast.coordinator)
    strict = Client(enforce_csrf_checks=True)
    for origin in ("https://evil.example", "null"):
        assert strict.post(page_of(mailed_token()), headers={"origin": origin}).status_code == 403
    assert "_auth_user_id" not in strict.session


def test_mailed_links_lead_to_the_configured_site_whatever_host_was_asked(
    campaign: Campaign, cast: Any, signed_in: Any, settings: Any
) -> None:
    settings.SITE_URL = "https://letters.example"
    url = reverse("team:invite", args=[campaign.slug])
    signed_in(cast.coordinator).post(url, NEW, headers={"host": "testserver:6666"})
    assert "https://letters.example/" in newest_mail().text_body
    assert "6666" not in newest_mail().text_body


def test_a_name_that_reorders_text_is_cleaned(campaign: Campaign, cast: Any, signed_in: Any) -> None:
    """It stands beside others' names on every staff page, and in mails."""
    url, typed = reverse("team:invite", args=[campaign.slug]), "\u202eNaledi\u202c \u2067Motsepe\u2069"
    assert signed_in(cast.coordinator).post(url, {**NEW, "name": typed}).status_code == 302
    assert User.objects.get(email="naledi.new@coalition.example").name == "Naledi Motsepe"
    call_command("invite", campaign.slug, typed, "second@coalition.example")
    assert User.objects.get(email="second@coalition.example").name == "Naledi Motsepe"
    with pytest.raises(CommandError, match="is not a name"):
        call_command("invite", campaign.slug, "\u3164", "third@coalition.example")
