"""Signing in with a mailed code: nothing else lets anybody in, and nobody learns who has an account."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from redis.exceptions import RedisError

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.postbox.models import Message
from tests.factories import make_user
from tests.factories.accounts import CODE, DOOR, ask_for_code, mailed_code, newest_mail, totp_now


def signed_in_as(client: Client) -> str:
    return str(client.session.get("_auth_user_id", ""))


def test_a_mailed_code_signs_in_and_leads_where_one_wanted_to_go(client: Client, person: User) -> None:
    wanted = reverse("accounts:profile")
    assert client.get(wanted).url == f"{DOOR}?next={wanted}"
    ask_for_code(client, "Naledi@Coalition.example", next=wanted)
    mail = newest_mail()
    assert (mail.kind, mail.policy, mail.to_address) == ("sign_in", "repeatable", person.email)
    response = client.post(CODE, {"code": mailed_code(), "next": wanted})
    assert response.url == wanted
    assert signed_in_as(client) == str(person.pk)
    assert AuditEvent.objects.filter(verb="user.sign_in", actor_id=str(person.pk)).count() == 1


def test_codes_may_be_typed_without_dashes_and_in_any_case(client: Client, person: User) -> None:
    ask_for_code(client, person.email)
    client.post(CODE, {"code": f" {mailed_code().replace('-', '').lower()} "})
    assert signed_in_as(client)


def test_known_and_unknown_addresses_get_the_same_answer(person: User) -> None:
    pages = []
    for address in (person.email, "nobody@elsewhere.example"):
        client = Client()
        ask_for_code(client, address)
        page = client.get(CODE).content.decode().replace(address, "ADDRESS")
        wrong = client.post(CODE, {"code": "WRONG-CODE"}).content.decode().replace(address, "ADDRESS")
        pages.append([_without_tokens(text) for text in (page, wrong)])
    assert pages[0] == pages[1]
    assert Message.objects.count() == 1, "strangers get no mail because somebody typed their address"


def test_known_and_unknown_addresses_cost_the_same_work(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of an answer follows the work behind it: the same statements, the same mail made, the same wake-up."""
    woken: list[str] = []
    monkeypatch.setattr("apps.core.wakeups._ring", woken.append)
    work = []
    for address in ("warm@up.example", person.email, "nobody@elsewhere.example"):
        woken.clear()
        with CaptureQueriesContext(connection) as queries:
            ask_for_code(Client(), address)
        verbs = [re.sub(r"'[^']*'|\d+|\bNULL\b", "?", query["sql"])[:60] for query in queries]
        work.append([verb for verb in verbs if not verb.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))])
    assert any(verb.startswith('INSERT INTO "postbox_message"') for verb in work[1])
    assert work[1] == work[2]
    assert Message.objects.count() == 1, "strangers get no mail"


def _without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_a_wrong_code_is_refused_five_times_then_the_code_is_dead(client: Client, person: User) -> None:
    ask_for_code(client, person.email)
    code = mailed_code()
    for _try in range(4):
        assert client.post(CODE, {"code": "BBBB-BBBB"}).status_code == 200
    assert client.post(CODE, {"code": "BBBB-BBBB"}).url.startswith(DOOR)
    client.post(CODE, {"code": code})
    assert not signed_in_as(client)


def test_an_old_code_is_dead(client: Client, person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    ask_for_code(client, person.email)
    code, now = mailed_code(), time.time()
    monkeypatch.setattr(time, "time", lambda: now + 601)
    client.post(CODE, {"code": code})
    assert not signed_in_as(client)


def test_a_code_works_only_in_the_browser_that_asked_and_only_once(client: Client, person: User) -> None:
    ask_for_code(client, person.email)
    code = mailed_code()
    other = Client()
    ask_for_code(other, person.email)
    other.post(CODE, {"code": code})
    assert not signed_in_as(other)
    client.post(CODE, {"code": code})
    client.post(reverse("account_logout"))
    client.post(CODE, {"code": code})
    assert not signed_in_as(client)


def test_another_code_can_be_asked_for_twice_and_replaces_the_first(client: Client, person: User) -> None:
    ask_for_code(client, person.email)
    first = mailed_code()
    client.post(CODE, {"action": "resend"})
    assert Message.objects.count() == 2
    second = mailed_code()
    assert client.post(CODE, {"code": first}).status_code == 200
    client.post(CODE, {"action": "resend"})
    client.post(CODE, {"action": "resend"})
    assert Message.objects.count() == 3, "two more, then no more"
    assert second != mailed_code()
    client.post(CODE, {"code": mailed_code()})
    assert signed_in_as(client)


def test_a_mailbox_is_not_flooded(person: User) -> None:
    for _try in range(6):
        Client().post(DOOR, {"email": person.email})
    assert Message.objects.count() == 3
    answer = Client().post(DOOR, {"email": person.email})
    assert answer.status_code == 200
    assert "notice error" in answer.content.decode()


def test_a_closed_account_stays_outside(client: Client, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)
    ask_for_code(client, person.email)
    assert not Message.objects.exists()


def test_somebody_invited_may_sign_in_before_accepting(client: Client, db: None) -> None:
    """They have no verified address yet; the code proves it. They see what an outsider sees."""
    user = User.objects.create_user(email="new@coalition.example", name="New")
    ask_for_code(client, user.email)
    client.post(CODE, {"code": mailed_code()})
    assert signed_in_as(client) == str(user.pk)


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_site(client: Client, person: User, next_page: str) -> None:
    ask_for_code(client, person.email)
    response = client.post(CODE, {"code": mailed_code(), "next": next_page})
    assert response.url == reverse("dashboard:campaigns")


@pytest.mark.parametrize(
    "name",
    ["account_signup", "account_email", "account_change_password", "account_set_password", "account_reset_password",
     "account_reauthenticate", "account_email_verification_sent", "mfa_trust"],
)  # fmt: skip
def test_pages_about_passwords_and_sign_up_do_not_exist(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("path", ["signup/", "login/", "password/reset/", "password/change/", "email/", "2fa/", ""])
def test_the_usual_addresses_of_accounts_are_empty(client: Client, db: None, path: str) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404


def test_a_password_never_signs_in(client: Client, person: User) -> None:
    """Should an account ever have one (an import, a mistake), the door does not know it."""
    person.set_password("correct horse")
    person.save()
    client.post(DOOR, {"email": person.email, "login": person.email, "password": "correct horse"})
    assert not signed_in_as(client)


def test_the_second_factor_is_asked_for_after_the_code(client: Client, person: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    ask_for_code(client, person.email)
    response = client.post(CODE, {"code": mailed_code(), "next": reverse("accounts:profile")})
    assert response.url.startswith("/accounts/sign-in/second-factor/")
    assert not signed_in_as(client)
    assert client.get(reverse("accounts:profile")).status_code == 302, "the code alone opens nothing"
    assert client.post(response.url, {"code": "000000"}).status_code == 200
    client.post(response.url, {"code": totp_now(secret)})
    assert signed_in_as(client) == str(person.pk)


def test_the_secret_is_sealed_in_the_database(person: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    stored = Authenticator.objects.get(user=person).data
    assert secret not in str(stored)


def test_signing_out_needs_a_button(client: Client, person: User) -> None:
    client.force_login(person)
    assert client.get(reverse("account_logout")).status_code == 200
    assert signed_in_as(client)
    client.post(reverse("account_logout"))
    assert not signed_in_as(client)


def test_two_spellings_of_an_address_are_one_account(db: None) -> None:
    make_user("Ada", email="ada@coalition.example")
    with pytest.raises(Exception, match="accounts_user_email"):
        User.objects.create(email="ADA@coalition.example", name="Ada again")


@pytest.fixture
def no_cache(settings: Any) -> None:
    """A Valkey that does not answer."""
    default = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {**settings.CACHES, "default": default}


@pytest.mark.usefixtures("no_cache")
def test_signing_in_works_while_the_cache_is_away(client: Client, person: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    ask_for_code(client, person.email)
    response = client.post(CODE, {"code": mailed_code()})
    assert client.post(response.url, {"code": "000000"}).status_code == 200
    client.post(response.url, {"code": totp_now(secret)})
    assert signed_in_as(client) == str(person.pk)
    with pytest.raises(RedisError):
        cache.get("anything")


@pytest.mark.usefixtures("no_cache")
def test_limits_hold_in_each_process_while_the_cache_is_away(person: User) -> None:
    for _try in range(4):
        Client().post(DOOR, {"email": person.email})
    assert Message.objects.count() == 3
    assert "notice error" in Client().post(DOOR, {"email": person.email}).content.decode()
    secret = generate_totp_secret()
    app = TOTP.activate(person, secret)
    code = totp_now(secret)
    assert app.validate_code(code)
    assert not app.validate_code(code), "a code is used once"


def test_the_page_in_another_language_keeps_the_address_that_was_typed(client: Client, person: User) -> None:
    page = client.get(DOOR).content.decode()
    assert f'formaction="/language/fr{DOOR}"' in page
    answer = client.post(f"/language/fr{DOOR}", {"email": "Naledi@coal", "switch_language": "fr"}, follow=True)
    shown = answer.content.decode()
    assert '<html lang="fr"' in shown
    assert 'value="Naledi@coal"' in shown
    assert 'id="errors"' not in shown, "nothing was sent yet, so nothing is wrong"
    assert not Message.objects.exists()
    client.post(DOOR, {"email": person.email})
    assert Message.objects.count() == 1
