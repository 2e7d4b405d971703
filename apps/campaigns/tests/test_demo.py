"""Demo mode: one click signs in, so it opens nowhere but at home."""

from typing import Any

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import CommandError, call_command
from django.test import Client

from apps.accounts.models import DemoMark, User
from apps.accounts.services import demo_mark

pytestmark = pytest.mark.django_db
PAGE = "/accounts/demo/"
INBOX = "/postbox/"


@pytest.fixture
def demo(settings: Any) -> None:
    """A demo on a database that demo mode made."""
    demo_mark()
    settings.DEMO = True
    settings.BIND_HOST = "127.0.0.1"


@pytest.fixture
def client() -> Client:
    return browser()


def browser(**settings: Any) -> Client:
    """As a browser on this machine asks: with a Host header, which Django's test client leaves out."""
    return Client(headers={"host": "localhost"}, **settings)


def database_check() -> list[str]:
    return [error.id for error in run_checks(tags=[Tags.database], databases=["default"]) if "ecom" in (error.id or "")]


def test_it_does_not_exist_outside_demo_mode(client: Client, cast: Any) -> None:
    demo = DemoMark.objects.create(id=1)
    assert demo
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, {"person": cast.coordinator.pk}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_one_click_signs_in_and_stands_for_both_factors(client: Client, demo: None, cast: Any) -> None:
    page = client.get(PAGE).content.decode()
    for name in ("Ada Okoro", "Tomás Rivas", "Jon Dahl"):
        assert f"Sign in as {name}" in page
    assert client.post(PAGE, {"person": cast.sender.pk}).url == "/work/"
    assert client.session["_auth_user_id"] == str(cast.sender.pk)
    assert client.session["demo"] is True
    assert client.get("/work/mc11/outreach/prepare/").status_code == 200
    for wanted, led in (("/work/mc11/letters/", "/work/mc11/letters/"), ("https://elsewhere.example/", "/work/")):
        assert client.post(f"{PAGE}?next={wanted}", {"person": cast.sender.pk}).url == led


def test_changing_person_changes_the_session(client: Client, demo: None, cast: Any) -> None:
    client.post(PAGE, {"person": cast.sender.pk})
    first = client.session.session_key
    client.post(PAGE, {"person": cast.observer.pk})
    assert client.session.session_key != first
    assert client.get("/work/mc11/outreach/prepare/").status_code == 403


def test_a_session_that_signed_in_with_a_code_has_no_second_factor(demo: None, cast: Any) -> None:
    coded = browser()
    coded.force_login(cast.sender)
    assert "second-factor" in coded.get("/work/mc11/outreach/prepare/").url


@pytest.mark.parametrize("person", ["", "0", "-1", "9" * 30, "1; DROP TABLE", "٣"])
def test_nonsense_signs_nobody_in(client: Client, demo: None, cast: Any, person: str) -> None:
    assert client.post(PAGE, {"person": person}).status_code == 404


def test_opening_the_page_signs_nobody_in(client: Client, demo: None, cast: Any) -> None:
    client.get(PAGE, {"person": cast.sender.pk})
    assert "_auth_user_id" not in client.session


def test_a_form_elsewhere_cannot_sign_in(demo: None, cast: Any) -> None:
    strict = browser(enforce_csrf_checks=True)
    assert strict.post(PAGE, {"person": cast.sender.pk}).status_code == 403


@pytest.mark.parametrize(
    "host",
    ["localhost.evil.example", "127.0.0.1.evil.example", "evil.example", "evil.example:8000", "localhost@evil.example",
     "[::1].evil.example", "0.0.0.0", "", " localhost", "localhost,evil.example"],
)  # fmt: skip
def test_by_any_other_name_it_refuses(client: Client, demo: None, cast: Any, host: str) -> None:
    """A page elsewhere may make its own name point to this machine; the Host header gives it away."""
    assert client.get("/livez", headers={"host": host}).status_code == 403
    assert client.post(PAGE, {"person": cast.sender.pk}, headers={"host": host}).status_code == 403


def test_without_a_host_header_it_refuses(demo: None) -> None:
    assert Client().get("/livez").status_code == 403


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1", "127.0.0.1:8123"])
def test_by_its_own_names_it_answers(client: Client, demo: None, cast: Any, host: str) -> None:
    assert client.get(PAGE, headers={"host": host}).status_code == 200


def test_a_request_from_another_machine_is_refused(client: Client, demo: None, cast: Any) -> None:
    assert client.post(PAGE, {"person": cast.sender.pk}, REMOTE_ADDR="192.0.2.7").status_code == 404


def test_the_inbox_is_open_where_the_demo_is(client: Client, demo: None) -> None:
    assert client.get(INBOX).status_code == 200


@pytest.mark.parametrize("danger", ["another machine", "live", "not marked"])
def test_the_inbox_is_closed_where_the_demo_is(client: Client, demo: None, settings: Any, danger: str) -> None:
    """The checks refuse to start such a demo; should it have started all the same, its mail is for operators."""
    asked = {"REMOTE_ADDR": "192.0.2.7"} if danger == "another machine" else {}
    if danger == "live":
        settings.POSTBOX = {**settings.POSTBOX, "MODE": "live"}
    if danger == "not marked":
        DemoMark.objects.all().delete()
    answer = client.get(INBOX, **asked)
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/sign-in/?next=")
    assert client.post("/postbox/switch/kill", {"reason": "x"}, **asked).status_code == 302


def test_where_mail_could_leave_it_is_refused(client: Client, demo: None, cast: Any, settings: Any) -> None:
    settings.POSTBOX = {**settings.POSTBOX, "MODE": "live"}
    assert client.get(PAGE).status_code == 404
    assert [error.id for error in run_checks(tags=[Tags.security]) if error.id == "ecom.E011"]


def test_on_a_database_that_it_did_not_make_it_neither_starts_nor_serves(
    client: Client, cast: Any, settings: Any
) -> None:
    settings.DEMO = True
    assert database_check() == ["ecom.E012"]
    assert client.post(PAGE, {"person": cast.coordinator.pk}).status_code == 404
    with pytest.raises(CommandError, match="was not created by demo mode"):
        call_command("mark_demo_database")
    assert not DemoMark.objects.exists()


def test_an_empty_database_is_marked_once_and_passes(settings: Any, capsys: Any) -> None:
    settings.DEMO = True
    assert database_check() == [], "nobody is in it yet"
    call_command("mark_demo_database")
    call_command("mark_demo_database")
    assert DemoMark.objects.count() == 1
    User.objects.create_user(email="ada@coalition.example", name="Ada")
    assert database_check() == []


def test_without_demo_mode_the_check_says_nothing(cast: Any) -> None:
    assert database_check() == []


def test_the_banner_says_that_it_is_a_demo(client: Client, demo: None) -> None:
    assert "Demonstration." in client.get("/accounts/sign-in/").content.decode()
