"""An address for each language, and one without that leads to the visitor's."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from apps.coalitions.models import SignOnCall
from apps.core.interface_languages import address_in_language, interface_language
from tests.factories import html_of
from tests.factories.signing import link_in, mails, person, submit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/c/mc11/", "/c/mc11/letters/1/?for=person&q=%C3%A9%26", "/sign/mine/abc/"])
@pytest.mark.parametrize(
    ("accepted", "language"),
    [("fr-CA,fr;q=0.9,en;q=0.8", "fr"), ("ar", "ar"), ("de", "en"), ("", "en"), ("x" * 9000, "en")],
)
def test_an_address_without_a_language_leads_to_the_one_of_the_browser(
    client: Client, path: str, accepted: str, language: str
) -> None:
    answer = client.get(path, headers={"accept-language": accepted})
    assert answer.status_code == 302
    assert answer["Location"] == f"/{language}{path}"
    assert {"Accept-Language", "Cookie"} <= {name.strip() for name in answer["Vary"].split(",")}
    assert not answer.cookies


def test_a_language_chosen_before_comes_before_the_browsers(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    assert client.get("/c/mc11/", headers={"accept-language": "fr"})["Location"] == "/es/c/mc11/"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "//evil.example"
    assert client.get("/c/mc11/", headers={"accept-language": "fr"})["Location"] == "/fr/c/mc11/"


def test_what_is_posted_without_a_language_is_posted_again(call: SignOnCall) -> None:
    """A page that was open when addresses got their languages loses nothing that was typed in it."""
    client = Client(headers={"accept-language": "fr"})
    answer = client.post("/c/mc11/letters/1/?for=person", {"person_name": "Afi"})
    assert (answer.status_code, answer["Location"]) == (307, "/fr/c/mc11/letters/1/?for=person")
    assert 'value="Afi"' in html_of(client.post(answer["Location"], {"person_name": "Afi"}))


def test_an_address_decides_the_language_whatever_the_browser_says(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any, client: Client
) -> None:
    cast.observer.language = "es"
    cast.observer.save()
    for visitor in (client, signed_in(cast.observer)):
        for code in ("en", "fr", "ar"):
            answer = visitor.get(f"/{code}/c/mc11/", headers={"accept-language": "es"})
            assert f'<html lang="{code}" dir="{"rtl" if code == "ar" else "ltr"}"' in html_of(answer)
            assert answer["Content-Language"] == code
            assert "Accept-Language" not in answer.get("Vary", "")
    assert "Cookie" not in client.get("/fr/c/mc11/").get("Vary", ""), "any cache may keep it by its address"


def test_staff_pages_have_the_language_of_the_person(cast: SimpleNamespace, signed_in: Any) -> None:
    cast.observer.language = "es"
    cast.observer.save()
    visitor = signed_in(cast.observer)
    assert '<html lang="es"' in html_of(visitor.get("/work/mc11/", headers={"accept-language": "fr"}))
    assert visitor.get("/c/mc11/", headers={"accept-language": "fr"})["Location"] == "/es/c/mc11/"


@pytest.mark.parametrize("path", ["/de/c/mc11/", "/EN/c/mc11/", "/en-gb/c/mc11/", "/fr/work/mc11/", "/en/en/c/mc11/"])
def test_there_are_no_other_prefixes(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_files_for_programs_have_one_address(call: SignOnCall, client: Client) -> None:
    address = reverse("files:letter_json", args=["mc11", 1, 1])
    assert address == "/c/mc11/letters/1/v1.json"
    with translation.override("fr"):
        assert reverse("files:letter_json", args=["mc11", 1, 1]) == address
    assert client.get(address, headers={"accept-language": "fr"}).status_code == 200


def test_a_mail_leads_to_a_page_in_the_signers_language(call: SignOnCall) -> None:
    for language, prefix in (("fr", "/fr/"), ("ar", "/ar/"), ("sw", "/en/")):
        email = f"{language}@post.example"
        submit(call, person(email=email, language=language))
        assert link_in(mails()[-1]).startswith(f"{prefix}sign/confirm/"), language


def test_addresses_in_other_languages() -> None:
    for address in ("/c/mc11/?q=a/b", "/en/c/mc11/?q=a/b", "/ar-xb/c/mc11/?q=a/b"):
        assert address_in_language(address, "fr") == "/fr/c/mc11/?q=a/b"
    assert address_in_language("/en/", "fr") == address_in_language("/", "fr") == "/fr/"
    assert [interface_language(code) for code in ("fr-CA", "de", "", "../", "ar")] == ["fr", "en", "en", "en", "ar"]
