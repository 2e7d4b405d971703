"""Every public page leads to itself in the other languages; a form takes along what is typed in it."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from apps.coalitions.models import SignOn, SignOnCall
from apps.postbox.models import Message
from tests.factories import html_of
from tests.factories.signing import PERSON_FORM, link_in, mails, person, submit

pytestmark = pytest.mark.django_db
SWITCHED = {**PERSON_FORM, "person_name": "Afi <Mensah>", "email": "no address", "switch_language": "fr"}


def switch(answer: Any) -> dict[str, str]:
    """{language: address that leads there}."""
    [nav] = re.findall(r'<nav class="languages" aria-label="Language">(.*?)</nav>', html_of(answer), re.DOTALL)
    return {
        code: address.replace("&amp;", "&")
        for address, code in re.findall(r'(?:href|formaction)="([^"]+)".*? lang="([\w-]+)"', nav)
    }


@pytest.mark.parametrize(
    "page", ["/en/c/mc11/", "/en/c/mc11/signatories/?q=a%26b", "/en/c/mc11/letters/1/?for=person", "/en/nothing/"]
)
def test_every_page_leads_to_itself_in_each_language(call: SignOnCall, client: Client, page: str) -> None:
    found = switch(client.get(page))
    assert set(found) == {*dict(settings.LANGUAGES)} - {"ar-xb"}, "it is for tests"
    answer = client.get(found["ar"])
    assert (answer.status_code, answer["Location"]) == (302, page.replace("/en/", "/ar/"))
    assert answer.cookies["language"].value == "ar"
    assert "no-store" in answer["Cache-Control"]
    assert client.get("/c/mc11/", headers={"accept-language": "fr"})["Location"] == "/ar/c/mc11/", "it is remembered"
    kept = client.get("/fr/c/mc11/")
    assert "public" in kept["Cache-Control"], "the choice is for addresses without a language"
    assert not kept.cookies


def test_pages_without_a_language_in_their_address_change_by_the_choice(client: Client) -> None:
    found = switch(client.get("/accounts/sign-in/"))
    answer = client.get(found["fr"], follow=True)
    assert answer.redirect_chain == [("/accounts/sign-in/", 302)]
    assert '<html lang="fr"' in html_of(answer)


@pytest.mark.parametrize(
    ("path", "leads"),
    [("//evil.example/", "/evil.example/"), ("/\\evil.example/", "/%5Cevil.example/")],
)
def test_a_choice_leads_to_this_site_only(client: Client, path: str, leads: str) -> None:
    assert client.get(f"/language/fr{path}")["Location"] == leads
    assert client.get(f"/language/xx{path}").status_code == 404


def test_a_form_in_another_language_keeps_what_is_typed(call: SignOnCall, client: Client) -> None:
    address = switch(client.get("/en/c/mc11/letters/1/?for=person"))["fr"]
    answer = client.post(address, SWITCHED)
    assert (answer.status_code, answer["Location"]) == (307, "/fr/c/mc11/letters/1/?for=person")
    answer = client.post(answer["Location"], SWITCHED)
    text = html_of(answer)
    assert answer.status_code == 200
    assert '<html lang="fr"' in text
    assert 'value="Afi &lt;Mensah&gt;"' in text
    assert 'value="no address"' in text
    assert '<option value="TG" selected>' in text
    assert "error-message" not in text, "nobody has sent it yet"
    assert not SignOn.objects.exists()
    assert not Message.objects.exists()


def test_switching_counts_towards_no_limit(call: SignOnCall, client: Client) -> None:
    for _time in range(30):
        assert client.post("/fr/c/mc11/letters/1/?for=person", SWITCHED).status_code == 200
    assert client.post("/fr/c/mc11/letters/1/?for=person", PERSON_FORM).status_code == 302


def test_an_untouched_form_is_just_another_page(call: SignOnCall, client: Client) -> None:
    for page in ("letters/1/?for=person", "letters/1/", "corrections/"):
        answer = client.post(f"/fr/c/mc11/{page}", {"switch_language": "fr", "visibility": "public"})
        assert (answer.status_code, answer["Location"]) == (302, f"/fr/c/mc11/{page}")


def test_the_private_page_keeps_a_correction_that_is_being_typed(call: SignOnCall, client: Client) -> None:
    submit(call, person())
    link = client.post(link_in(mails()[-1]))["Location"]
    assert 'form="correction-form" formaction="/language/fr/en/sign/mine/' in html_of(client.get(link))
    typed = {"person_name": "Afi Mensah-Kodjo", "country": "TG", "visibility": "public", "switch_language": "fr"}
    text = html_of(client.post(link.replace("/en/", "/fr/"), typed))
    assert 'value="Afi Mensah-Kodjo"' in text
    assert SignOn.objects.get().person_name == "Afi Mensah"


def test_there_is_no_switch_with_one_language(call: SignOnCall, client: Client) -> None:
    with override_settings(LANGUAGES=[("en", "English")]):
        assert 'class="languages"' not in html_of(client.get("/en/c/mc11/letters/1/"))


def test_search_engines_learn_every_language(call: SignOnCall, client: Client) -> None:
    for page in ("letters/1/", "signatories/", "privacy/"):
        text = html_of(client.get(f"/fr/c/mc11/{page}?fbclid=1"))
        place = f"http://testserver/%s/c/mc11/{page}"
        assert re.findall(r'<link rel="canonical" href="([^"]+)">', text) == [place % "fr"]
        found = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', text))
        default = {"x-default": f"http://testserver/c/mc11/{page}"}
        assert found == {code: place % code for code in ("en", "fr", "es", "ar")} | default
    submit(call, person())
    assert "canonical" not in html_of(client.get(link_in(mails()[-1]))), "a private page is nobody else's"


def test_a_form_that_was_passed_on_goes_along_to_the_letters_page(call: SignOnCall, client: Client) -> None:
    answer = client.post("/en/c/mc11/letters/1/pass-on/?for=person", {"person_name": "Afi Mensah"})
    [link] = re.findall(r"/en/c/mc11/letters/1/filled-in/[^/]+/", answer.content.decode())[:1]
    page = client.get(link)
    assert "canonical" not in html_of(page)
    assert switch(page)["fr"] == "/language/fr/en/c/mc11/letters/1/?for=person"


def test_the_form_for_the_other_kind_keeps_what_is_typed(call: SignOnCall, client: Client) -> None:
    text = html_of(client.get("/fr/c/mc11/letters/1/?for=person&language=en"))
    [address] = re.findall(r'formaction="([^"]+for=organisation[^"]*)" name="switch_language" value="fr">Pour', text)
    assert address == "/fr/c/mc11/letters/1/?for=organisation&amp;language=en#sign"
    text = html_of(client.post("/fr/c/mc11/letters/1/?for=organisation&language=en", SWITCHED))
    assert 'name="org_name"' in text
    assert 'value="Afi &lt;Mensah&gt;"' in text
    assert "error-message" not in text
    assert (
        client.post(
            "/fr/c/mc11/letters/1/?for=organisation", {"switch_language": "fr", "visibility": "public"}
        ).status_code
        == 302
    )


def test_pages_that_forms_lead_to_can_be_read_in_another_language(call: SignOnCall, client: Client) -> None:
    passed = client.post("/en/c/mc11/letters/1/pass-on/?for=person", {"person_name": "Afi Mensah"})
    [sealed] = re.findall(r'name="sealed" value="([^"]+)"', html_of(passed))
    again = client.post(switch(passed)["ar"], {"sealed": sealed, "switch_language": "ar"})
    assert again["Location"] == "/ar/c/mc11/letters/1/pass-on/?for=person"
    text = html_of(client.post(again["Location"], {"sealed": sealed, "switch_language": "ar"}))
    assert f"/ar/c/mc11/letters/1/filled-in/{sealed}/" in text
    link = confirmed_link(call, client)
    withdrawn = client.post(f"{link}withdraw/", follow=True)
    refused = client.post(f"{link}withdraw/")
    assert (withdrawn.status_code, refused.status_code) == (200, 409)
    assert switch(refused)["es"] == f"/language/es{link}", "and nothing is withdrawn by it"
    gone = client.post(f"{link}erase/")
    assert switch(gone)["es"] == "/language/es/en/c/mc11/"


def confirmed_link(call: SignOnCall, client: Client) -> str:
    """The private page of a person who has confirmed."""
    submit(call, person())
    return str(client.post(link_in(mails()[-1]))["Location"])
