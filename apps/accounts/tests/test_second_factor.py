"""Setting up a second factor, living with it, and losing it."""

import re
import time
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.selectors import has_totp, recovery_codes_left
from apps.core.models import AuditEvent
from apps.postbox.models import Message
from tests.factories import make_user
from tests.factories.accounts import CODE, ask_for_code, mailed_code, newest_mail, totp_now

#: real commits: what allauth does after one (mail, message) is part of what is tested
pytestmark = pytest.mark.django_db(transaction=True)


def sign_in(person: User) -> Client:
    client = Client()
    ask_for_code(client, person.email)
    client.post(CODE, {"code": mailed_code()})
    return client


def set_up(client: Client, query: str = "") -> Any:
    page = client.get(reverse("mfa_activate_totp") + query)
    secret = page.context["form"].secret
    assert 'src="data:image/svg+xml' in page.content.decode()
    return client.post(reverse("mfa_activate_totp") + query, {"code": totp_now(secret)}, follow=False), secret


def test_the_way_leads_from_a_page_to_the_set_up_and_back(person: User) -> None:
    client = sign_in(person)
    wanted = "/work/mc11/outreach/prepare/?version=3"
    page = client.get(reverse("accounts:second_factor"), {"next": wanted})
    assert "The page you opened needs a second factor" in page.content.decode()
    query = "?" + page.context["activate_url"].partition("?")[2]
    response, _secret = set_up(client, query)
    codes = client.get(response.url)
    assert codes.context["next"] == wanted
    assert f'href="{wanted.replace("&", "&amp;")}"' in codes.content.decode()
    assert len(re.findall(r"<li><code>\d{8}</code></li>", codes.content.decode())) == 10
    assert has_totp(person)
    assert newest_mail().subject == "Second factor turned on"
    assert AuditEvent.objects.filter(verb="second_factor.set_up").count() == 1


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_way_back_leads_to_no_other_site(person: User, elsewhere: str) -> None:
    client = sign_in(person)
    page = client.get(reverse("accounts:second_factor"), {"next": elsewhere})
    assert page.context["next"] == ""
    assert "evil" not in page.content.decode()
    response, _secret = set_up(client, f"?next={elsewhere}")
    assert response.url == reverse("mfa_view_recovery_codes")


def test_sessions_from_before_the_second_factor_end(person: User) -> None:
    """They knew only the mailbox; they must not pass for sessions with two factors."""
    client, thief = sign_in(person), sign_in(person)
    page = reverse("accounts:profile")
    assert thief.get(page).status_code == 200
    set_up(client)
    assert thief.get(page).status_code == 302
    assert client.get(page).status_code == 200


def test_a_wrong_code_sets_nothing_up(person: User) -> None:
    client = sign_in(person)
    client.get(reverse("mfa_activate_totp"))
    answer = client.post(reverse("mfa_activate_totp"), {"code": "123456"})
    assert "error-message" in answer.content.decode()
    assert not has_totp(person)


def test_removing_it_asks_for_it_once_more(person: User) -> None:
    set_up(sign_in(person))
    codes = RecoveryCodes.activate(person).get_unused_codes()
    client = Client()
    ask_for_code(client, person.email)
    client.post(client.post(CODE, {"code": mailed_code()}).url, {"code": codes.pop()})
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert answer.url.startswith(reverse("mfa_reauthenticate"))
    assert has_totp(person)
    client.post(reverse("mfa_reauthenticate"), {"code": codes[0], "next": reverse("mfa_deactivate_totp")})
    client.post(reverse("mfa_deactivate_totp"))
    assert not has_totp(person)
    assert recovery_codes_left(person) is None
    assert AuditEvent.objects.filter(verb="second_factor.remove").exists()
    assert newest_mail().subject == "Second factor removed"


def test_the_mails_say_when_in_the_zone_of_the_person(person: User) -> None:
    User.objects.filter(pk=person.pk).update(time_zone="Asia/Kolkata")
    set_up(sign_in(person))
    here = ZoneInfo("Asia/Kolkata")
    said = re.search(r"When: (.*) in Kolkata", newest_mail().text_body)
    assert said
    assert abs(datetime.strptime(said[1], "%d %B %Y, %H:%M").replace(tzinfo=here) - timezone.now()).seconds < 150
    call_command("second_factor_reset", person.email)
    assert re.search(r"on \d+ \w+ \d{4}, \d\d:\d\d in Kolkata, which we do", newest_mail().text_body)


def test_a_recovery_code_signs_in_once(person: User) -> None:
    client = sign_in(person)
    response, _secret = set_up(client)
    code = re.findall(r"\d{8}", client.get(response.url).content.decode())[0]
    for works in (True, False):
        fresh = Client()
        ask_for_code(fresh, person.email)
        stage = fresh.post(CODE, {"code": mailed_code()}).url
        fresh.post(stage, {"code": code})
        assert ("_auth_user_id" in fresh.session) is works
    assert recovery_codes_left(person) == 9


def test_codes_cannot_be_guessed(person: User) -> None:
    client = sign_in(person)
    _response, secret = set_up(client)
    fresh = Client()
    ask_for_code(fresh, person.email)
    stage = fresh.post(CODE, {"code": mailed_code()}).url
    for _try in range(6):
        fresh.post(stage, {"code": "000000"})
    fresh.post(stage, {"code": totp_now(secret)})
    assert "_auth_user_id" not in fresh.session, "after five wrong tries the right one waits too"


def test_a_code_of_the_app_works_once(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in(person)
    _response, secret = set_up(client)
    later = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    code, outcomes = totp_now(secret), []
    for _browser in range(2):
        fresh = Client()
        ask_for_code(fresh, person.email)
        stage = fresh.post(CODE, {"code": mailed_code()}).url
        fresh.post(stage, {"code": code})
        outcomes.append("_auth_user_id" in fresh.session)
    assert outcomes == [True, False]


def test_nobody_sees_recovery_codes_of_others_or_without_the_factor(person: User) -> None:
    client = sign_in(person)
    set_up(client)
    assert Client().get(reverse("mfa_view_recovery_codes")).status_code == 302
    stranger = sign_in(User.objects.create_user(email="x@coalition.example", name="X"))
    assert stranger.get(reverse("mfa_view_recovery_codes")).status_code == 404
    client.session.flush()
    assert Authenticator.objects.filter(user=person).count() == 2
    assert Message.objects.filter(kind="other").count() == 1


def test_a_lost_one_is_reset_by_an_operator(person: User, capsys: Any) -> None:
    client = sign_in(person)
    set_up(client)
    other = make_user("Ivo Hrubý")
    Authenticator.objects.create(user=other, type=Authenticator.Type.TOTP, data={})
    capsys.readouterr()

    call_command("second_factor_reset", " Naledi@coalition.example ")

    said = capsys.readouterr().out
    assert "Sessions ended: 1" in said
    assert "@" not in said
    assert not has_totp(person)
    assert recovery_codes_left(person) is None
    assert has_totp(other)
    assert client.get(reverse("accounts:profile")).status_code == 302, "signed out everywhere"
    event = AuditEvent.objects.get(verb="second_factor.reset")
    assert (event.actor_type, event.subject_id, event.data) == ("system", str(person.pk), {"sessions": 1})
    mail = newest_mail()
    assert (mail.to_address, mail.subject) == (person.email, "Your second factor was reset")
    assert "signed out everywhere" in mail.text_body
    assert "&" not in mail.text_body

    again = sign_in(person)
    assert "_auth_user_id" in again.session, "a mailed code alone signs in"
    set_up(again)
    assert has_totp(person)


def test_there_must_be_one_to_reset(person: User) -> None:
    with pytest.raises(CommandError, match="There is no second factor to reset"):
        call_command("second_factor_reset", person.email)
    with pytest.raises(CommandError, match="No account has that email address"):
        call_command("second_factor_reset", "nobody@coalition.example")
    assert not Message.objects.exists()
    assert not AuditEvent.objects.filter(verb="second_factor.reset").exists()


def test_an_operator_made_at_the_command_line_signs_in_by_code() -> None:
    """As docs/operating.md says."""
    call_command(
        "createsuperuser", "--no-input", "--email", "Ada@coalition.example", "--name", "Ada Okoro", verbosity=0
    )
    ada = User.objects.get(email="ada@coalition.example")
    assert ada.is_superuser
    assert "_auth_user_id" in sign_in(ada).session
