"""One's own account: profile, language and time zone, sessions."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(person: User) -> Client:
    browser = Client(headers={"user-agent": "Test browser"})
    browser.force_login(person)
    return browser


def test_the_profile_is_saved_and_heard(client: Client, person: User) -> None:
    given = {"name": "  نالدي موتسيبي ", "language": "fr", "time_zone": "Africa/Nairobi"}
    assert client.post(reverse("accounts:profile"), given).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.language, person.time_zone) == ("نالدي موتسيبي", "fr", "Africa/Nairobi")
    page = client.get(reverse("accounts:profile")).content.decode()
    assert '<html lang="fr"' in page
    assert "نالدي موتسيبي" in page


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 121}, {"language": "tlh"}, {"time_zone": "Mars/Olympus"}, {"time_zone": "../etc"}],
)
def test_a_wrong_value_is_said_and_nothing_is_lost(client: Client, person: User, wrong: dict[str, str]) -> None:
    given = {"name": "New name", "language": "es", "time_zone": "UTC", **wrong}
    page = client.post(reverse("accounts:profile"), given)
    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.content.decode()
    person.refresh_from_db()
    assert person.name == "Naledi Motsepe"


def test_a_zone_or_language_that_is_gone_breaks_no_page(client: Client, person: User) -> None:
    User.objects.filter(pk=person.pk).update(time_zone="Europe/Nowhere", language="xx")
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_times_are_those_of_the_person(client: Client, person: User) -> None:
    client.get(reverse("accounts:sessions"))
    UserSession.objects.update(created_at="2017-12-04T10:52:00Z")
    page = client.get(reverse("accounts:sessions")).content.decode()
    assert "10:52" in page
    assert 'Times: <span dir="ltr">UTC</span>.' in page
    User.objects.filter(pk=person.pk).update(time_zone="Africa/Nairobi")
    page = client.get(reverse("accounts:sessions")).content.decode()
    assert "13:52" in page
    assert 'Times: <span dir="ltr">Africa/Nairobi</span>.' in page
    assert "13:52" not in Client().get(reverse("account_login")).content.decode()


def test_a_zone_does_not_leak_into_the_next_request(client: Client, person: User) -> None:
    from django.utils import timezone

    User.objects.filter(pk=person.pk).update(time_zone="Africa/Nairobi")
    client.get(reverse("accounts:profile"))
    assert timezone.get_current_timezone_name() == "UTC"


def test_sessions_are_listed_and_ended(client: Client, person: User) -> None:
    other = Client(headers={"user-agent": "Lost phone"})
    other.force_login(person)
    other.get(reverse("accounts:profile"))
    page = client.get(reverse("accounts:sessions")).content.decode()
    assert "Lost phone" in page
    assert "Test browser" in page
    lost = UserSession.objects.get(user_agent="Lost phone")
    client.post(reverse("accounts:session_end", args=[lost.pk]))
    assert other.get(reverse("accounts:profile")).status_code == 302
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_all_others_are_ended_at_once(client: Client, person: User) -> None:
    others = [Client(), Client()]
    for other in others:
        other.force_login(person)
        other.get(reverse("accounts:profile"))
    client.get(reverse("accounts:profile"))
    client.post(reverse("accounts:sessions_end"))
    assert [other.get(reverse("accounts:profile")).status_code for other in others] == [302, 302]
    assert client.get(reverse("accounts:sessions")).context["others"] == 0


def test_opening_a_page_ends_nothing(client: Client, person: User) -> None:
    assert client.get(reverse("accounts:sessions_end")).status_code == 405
    assert client.get(reverse("accounts:session_end", args=[1])).status_code == 405


def test_nobody_ends_sessions_of_others(client: Client) -> None:
    stranger = make_user("Stranger")
    browser = Client()
    browser.force_login(stranger)
    browser.get(reverse("accounts:profile"))
    theirs = UserSession.objects.get(user=stranger)
    assert client.post(reverse("accounts:session_end", args=[theirs.pk])).status_code == 404
    assert browser.get(reverse("accounts:profile")).status_code == 200


def test_a_name_that_reorders_text_is_cleaned_and_one_that_shows_nothing_refused(client: Client, person: User) -> None:
    given = {"name": "\u202eNaledi\u202c Motsepe\u2069", "language": "en", "time_zone": "UTC"}
    assert client.post(reverse("accounts:profile"), given).status_code == 302
    person.refresh_from_db()
    assert person.name == "Naledi Motsepe"
    page = client.post(reverse("accounts:profile"), {**given, "name": "\u3164\u3164"})
    assert 'aria-invalid="true"' in page.content.decode()
