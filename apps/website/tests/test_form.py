"""The form on the letter page, as a browser without scripts sends it."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.services.submission import FORMS_PER_HOUR, TooManyForms, submission_admit
from tests.factories import html_of
from tests.factories.signing import ORGANISATION_FORM, PERSON_FORM, link_in, mails, make_call

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(call: SignOnCall) -> str:
    return reverse("website:letter", args=[call.campaign.slug, call.letter.number])


def test_an_organisation_signs_from_first_look_to_the_list(page: str, call: SignOnCall) -> None:
    client = Client(enforce_csrf_checks=True)
    shown = client.get(page).content.decode()

    assert "csrfmiddlewaretoken" not in shown, "one kept page serves everybody"
    sent = client.post(page, ORGANISATION_FORM)
    assert sent.status_code == 302
    assert "Check your email to finish" in client.get(sent["Location"]).content.decode()
    link = link_in(mails()[0])
    assert "Confirm that your organisation signs" in client.get(link).content.decode()
    done = client.post(link, follow=True)
    assert "Signed. Thank you." in done.content.decode()

    sign_on = SignOn.objects.get()
    assert sign_on.org_name == "Coopérative des maraîchères de la Lama"
    assert sign_on.org_members == 120
    assert sign_on.authority_verified
    assert "maraîchères" not in client.get(page).content.decode().split('id="signed"')[1], "a person looks first"


def test_two_emails_are_announced_not_one(page: str, client: Client) -> None:
    """The link to confirm, then the link to the private page."""
    text = html_of(client.get(page))
    assert "one email" not in text
    assert "We email you a link to confirm." in text
    assert "We email you the link to a private page" in text


def test_a_person_signs_by_the_other_tab(page: str, client: Client) -> None:
    text = client.get(page + "?for=person").content.decode()
    assert "Sign for yourself" in text
    assert 'name="org_name"' not in text
    client.post(page + "?for=person", PERSON_FORM)
    assert SignOn.objects.get().kind == "person"


def test_each_step_takes_few_statements(page: str, client: Client) -> None:
    """Counted after the first, which finds out what Django keeps. Where others follow within a moment, one less."""
    for email in ("first@people.example", "second@people.example"):
        with CaptureQueriesContext(connection) as form:
            client.post(page + "?for=person", {**PERSON_FORM, "email": email})
        link = link_in(mails()[-1])
        with CaptureQueriesContext(connection) as button:
            client.post(link)
    assert [len([one for one in step if "SAVEPOINT" not in one["sql"]]) for step in (form, button)] == [4, 7]


def test_whatever_the_tab_says_only_known_forms_are_shown(page: str, client: Client) -> None:
    for word in ("x", "", "organisation", "<script>"):
        assert 'name="org_name"' in client.get(page, {"for": word}).content.decode()


def test_a_call_for_people_shows_their_form_only(version: Any, cast: Any, client: Client) -> None:
    call = make_call(version, cast, who="people")
    text = client.get(reverse("website:letter", args=[call.campaign.slug, 1]) + "?for=organisation").content.decode()
    assert "Sign for yourself" in text
    assert "For an organisation" not in text


def test_errors_stand_at_their_fields_and_nothing_is_lost(page: str, client: Client) -> None:
    sent = client.post(page, {**ORGANISATION_FORM, "email": "afi.mensah@maraicheres-lama", "person_post": ""})
    text = sent.content.decode()

    assert sent.status_code == 400
    assert "2 things are missing or wrong. Nothing was lost." in text
    assert 'href="#id_email"' in text
    assert "Is it maraicheres-lama.example?" in text
    [tag] = re.findall(r'<input[^>]*name="email"[^>]*>', text)
    assert 'aria-invalid="true"' in tag
    described = re.search(r'aria-describedby="([^"]+)"', tag)
    assert described
    for part in described[1].split():
        assert f'id="{part}"' in text
    assert 'value="Lama Market Gardeners’ Cooperative"' in text
    assert not SignOn.objects.exists()
    assert not mails()


def test_an_empty_form_is_answered(page: str, client: Client) -> None:
    sent = client.post(page, {})
    assert sent.status_code == 400
    assert sent.content.decode().count('class="error-message"') >= 7


@pytest.mark.parametrize(
    "typed",
    [
        {"org_name": "<script>alert(1)</script>"},
        {"org_name": "x" * 10_000},
        {"org_name": "a\x00b"},
        {"org_name": "a\u202eb"},
        {"email": "a\x00@b.example"},
        {"email": "afi@bücher.example"},
        {"email": "a" * 64 + "@" + "b" * 63 + ".example"},
        {"country": "\x00"},
        {"visibility": ["public", "counted"]},
        {"org_members": "1e9"},
        {"org_website": "http://[::1"},
        {"person_name": "\ud800"},
    ],
)
def test_hostile_input_is_an_answer_never_a_crash(page: str, client: Client, typed: dict[str, Any]) -> None:
    typed = {
        key: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for key, value in typed.items()
    }
    sent = client.post(page, {**ORGANISATION_FORM, **typed})
    assert sent.status_code in {302, 400}
    assert "<script>alert" not in sent.content.decode()


def without_token(status: int, location: str, page: Any) -> tuple[int, str, bytes, dict[str, str]]:
    """An answer without the token in the address of its page, which has one length."""
    token = location.rstrip("/").rpartition("/")[2]
    headers = {name: value for name, value in page.items() if name != "X-Request-Id"}
    return status, location.replace(token, "·" * len(token)), page.content.replace(token.encode(), b""), headers


def test_the_answer_is_the_same_for_every_address(page: str, client: Client, call: SignOnCall) -> None:
    """Unknown, pending, confirmed, limited, suspect: the page says the same, byte for byte."""

    def answer(**extra: str) -> tuple[int, str, bytes]:
        sent = client.post(page + "?for=person", {**PERSON_FORM, **extra})
        return without_token(sent.status_code, sent["Location"], client.get(sent["Location"]))

    unknown = answer()
    pending = answer()
    client.post(link_in(mails()[0]))
    confirmed = answer()
    limited = answer()
    suspect = answer(leave_empty="x")

    assert unknown == pending == confirmed == limited == suspect
    assert PERSON_FORM["email"].encode() not in unknown[2]


def test_double_submit_is_one_form_and_a_second_link_is_the_same_signature(page: str, client: Client) -> None:
    for _press in range(3):
        assert client.post(page, ORGANISATION_FORM).status_code == 302
    assert SignOn.objects.count() == len(mails()) == 1
    client.post(page, {**ORGANISATION_FORM, "visibility": "government"})
    first, second = (link_in(mail) for mail in mails())
    client.post(first)
    again = client.post(second)
    assert again.status_code == 200
    assert "Already confirmed" in again.content.decode()
    assert SignOn.objects.confirmed().count() == 1


def test_a_closed_call_says_so_and_keeps_what_was_typed(page: str, client: Client, call: SignOnCall, cast: Any) -> None:
    from apps.coalitions.services.closing_times import sign_on_call_close

    sign_on_call_close(call=call, actor=cast.coordinator)
    sent = client.post(page, ORGANISATION_FORM)
    assert sent.status_code == 409
    assert "closed for signature" in sent.content.decode().lower()
    assert "Nothing was lost" not in sent.content.decode()
    assert not mails()


def test_a_machine_is_slowed_down_and_told_what_to_do(page: str, client: Client) -> None:
    codes = [
        client.post(
            page, {**ORGANISATION_FORM, "org_name": f"Organisation {i}", "email": f"o{i}@x.example"}
        ).status_code
        for i in range(FORMS_PER_HOUR + 1)
    ]
    assert codes == [302] * FORMS_PER_HOUR + [429]
    sent = client.post(page, ORGANISATION_FORM)
    assert "Nothing you entered is lost" in sent.content.decode()
    assert "missing or wrong" not in sent.content.decode(), "there is nothing to correct in the form"
    assert "Coopérative" in sent.content.decode()
    assert client.post(page, ORGANISATION_FORM, REMOTE_ADDR="192.0.2.9").status_code == 302


@pytest.mark.parametrize(
    ("same", "other"),
    [
        ("2001:db8:1:2:{0:x}::{0:x}", "2001:db8:1:3::1"),
        ("::ffff:192.0.2.{0}", "::ffff:192.0.3.1"),
        ("192.0.2.{0}", "192.0.3.1"),
    ],
)
def test_one_network_has_one_limit_however_many_addresses(same: str, other: str) -> None:
    """Providers give each customer a /64 of IPv6 or more, and hire out IPv4 by the /24."""
    for i in range(FORMS_PER_HOUR):
        submission_admit(ip=same.format(i + 1))
    with pytest.raises(TooManyForms):
        submission_admit(ip=same.format(99))
    submission_admit(ip=other)


def test_forwarded_addresses_count_only_from_our_own_proxy(page: str, client: Client, settings: Any) -> None:
    for i in range(FORMS_PER_HOUR):
        client.post(page, {**ORGANISATION_FORM, "org_name": f"Organisation {i}", "email": f"o{i}@x.example"},
                    headers={"X-Forwarded-For": f"198.51.100.{i}"})  # fmt: skip
    liar = client.post(page, ORGANISATION_FORM, headers={"X-Forwarded-For": "203.0.113.5"})
    assert liar.status_code == 429
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client.post(page, ORGANISATION_FORM, headers={"X-Forwarded-For": "x, 203.0.113.5"}).status_code == 302


def test_without_a_cache_people_can_sign(page: str, client: Client, settings: Any) -> None:
    broken = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": broken}
    assert client.post(page, ORGANISATION_FORM).status_code == 302
    assert client.get(page).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_of_another_site_is_shown_and_not_taken(page: str, headers: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    refused = client.post(page, {**ORGANISATION_FORM, "org_acronym": "<CML>"}, headers=headers)
    text = refused.content.decode()
    assert refused.status_code == 403
    assert "This form was sent by another site" in text
    assert "Coopérative des maraîchères de la Lama" in text
    assert "&lt;CML&gt;" in text
    assert not SignOn.objects.exists()


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://testserver"}]
)
def test_a_form_of_ours_is_taken_from_every_browser(page: str, headers: dict[str, str]) -> None:
    assert Client(enforce_csrf_checks=True).post(page, ORGANISATION_FORM, headers=headers).status_code == 302


def test_a_staff_form_without_its_token_cannot_be_sent_again_blindly(call: SignOnCall, cast: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.coordinator)
    refused = client.post(reverse("sign_on:names", args=[call.campaign.slug, call.pk]), {"hide": "1"})
    assert refused.status_code == 403
    assert "Send it again" not in refused.content.decode()
    assert "Go back with your browser" in refused.content.decode()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("សហព\u200bកសិក\u200bកម្ពុជា", "សហពកសិកកម្ពុជា"),
        ("สมาคม\u200bชาวนา", "สมาคมชาวนา"),
        ("\ufeffUnion des Paysans", "Union des Paysans"),
        ("\u202aFarmers Union\u202c", "Farmers Union"),
        ("Coopérative\u2060 du Nord", "Coopérative du Nord"),
        ("\u2067Solidarité\u2069", "Solidarité"),
        ("ශ්\u200dරී ලංකා", "ශ්\u200dරී ලංකා"),
    ],
)
@pytest.mark.parametrize("field", ["org_name", "org_name_english", "org_acronym", "person_name", "person_post"])
def test_marks_that_were_only_carried_along_are_dropped(
    page: str, client: Client, field: str, typed: str, kept: str
) -> None:
    assert client.post(page, {**ORGANISATION_FORM, field: typed}).status_code == 302
    assert getattr(SignOn.objects.get(), field) == kept


def test_websites_and_addresses_are_cleaned_too(page: str, client: Client) -> None:
    pasted = {"org_website": "\u200bhttps://kdrf.example\ufeff", "email": "\u202aafi@kdrf.example\u202c"}
    assert client.post(page, {**ORGANISATION_FORM, **pasted}).status_code == 302
    sign_on = SignOn.objects.get()
    assert (sign_on.org_website, sign_on.email) == ("https://kdrf.example", "afi@kdrf.example")


@pytest.mark.parametrize(
    "name", ["\u3164", "\u3164\u3164", "\u2800", "\uffa0", "\u115f\u1160", "\u17b4\u17b5", "\u200b"]
)
@pytest.mark.parametrize("field", ["org_name", "person_name", "person_post"])
def test_names_that_nobody_sees_are_refused(page: str, client: Client, field: str, name: str) -> None:
    sent = client.post(page, {**ORGANISATION_FORM, field: name})
    assert sent.status_code == 400
    assert f'id="id_{field}_error"' in sent.content.decode()
    assert not SignOn.objects.exists()


def test_mailed_links_lead_to_the_configured_site_whatever_host_was_asked(page: str, settings: Any) -> None:
    settings.SITE_URL = "https://letters.example"
    asked = Client(headers={"host": "testserver:6666"})
    assert asked.post(page, ORGANISATION_FORM).status_code == 302
    assert asked.post(link_in(mails()[0])).status_code == 302
    confirm, private = mails()
    for mail in (confirm, private):
        assert f"https://letters.example{link_in(mail)}" in mail.text_body
        assert "6666" not in mail.text_body + mail.html_body


def test_a_form_and_its_confirmation_ask_the_database_little(
    page: str, client: Client, django_assert_max_num_queries: Any
) -> None:
    """Besides the savepoints in which a test runs. More is slower for everybody: see `make bench ONLY=signon`."""
    with django_assert_max_num_queries(10 + 2):
        client.post(page + "?for=person", PERSON_FORM)
    link = link_in(mails()[0])
    with django_assert_max_num_queries(12 + 2):
        client.post(link)
    assert SignOn.objects.get().state == "confirmed"
