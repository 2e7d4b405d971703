"""A partner's own form: its description, what it sends, and what the person gets."""

import time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.api.serializers.sign_on_bodies import SENT, WORDINGS, SignOnBody
from apps.api.serializers.sign_on_forms import LANGUAGES
from apps.campaigns.models import ApiToken, Campaign
from apps.campaigns.scopes import Scope
from apps.coalitions.models import AddressMail, PartnerSubmission, SignOn, SignOnCall
from apps.coalitions.services.closing_times import sign_on_call_close
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.erasure import sign_on_erase
from apps.coalitions.services.partner_submissions import SignedVersionDiffers, partner_sign_on_submit
from tests.factories import make_member
from tests.factories.letters import make_next_version, make_version
from tests.factories.signing import link_in, mails, make_call, organisation, person, replace_version, signed

ORGANISATION = {
    "kind": "organisation", "language": "fr", "org_name": "Coopérative des maraîchères", "org_kind": "farmers",
    "org_website": "maraicheres-lama.example", "org_members": 120, "country": "TG", "person_name": "Afi Mensah",
    "person_post": "Coordinator", "email": "afi.mensah@maraicheres-lama.example", "authorised": True,
    "visibility": "public", "consents": ["answers-1"],
}  # fmt: skip
PERSON = {
    "kind": "person", "language": "en", "country": "TG", "person_name": "Afi Mensah", "email": "afi@post.example",
    "visibility": "government",
}  # fmt: skip


@pytest.fixture
def call(campaign: Campaign, cast: Any) -> SignOnCall:
    make_member("KE", "Kenya", code3="KEN")
    make_member("TG", "Togo", code3="TGO")
    return make_call(make_version(campaign, cast), cast)


@pytest.fixture
def partner(cast: Any, program: Any) -> Any:
    """A program that may only send in forms."""
    return program(cast.data_officer, Scope.SIGN_ONS_WRITE)


@pytest.fixture
def send(call: SignOnCall, partner: Any) -> Any:
    """send(ORGANISATION, visibility="counted") → the answer, for the text that is signed."""
    about = {"letter": call.letter.number, "sha256": call.version.sha256}
    return lambda form, **changes: partner("post", "sign-ons", {**about, **form, **changes})


def errors(answer: Any) -> dict[str, str]:
    assert answer["Content-Type"] == "application/problem+json", answer.content
    return {error["pointer"]: error["detail"] for error in answer.json().get("errors", [])}


# ---- what it shows


def test_the_form_is_described_in_the_language_of_who_signs(call: SignOnCall, partner: Any) -> None:
    form = partner("get", "sign-on-forms/1?language=fr").json()
    assert (form["version"], form["sha256"], form["is_open"]) == (1, call.version.sha256, True)
    assert (form["language"], form["text_language"]) == ("fr", "en")
    assert "refuse a new mandate" in form["text"]
    assert "<p>" in form["html"]
    assert "Fair Digital Trade, Geneva" in form["privacy"]
    assert [one["kind"] for one in form["forms"]] == ["organisation", "person"]
    of_organisations = form["forms"][0]
    fields = {field["name"]: field for field in of_organisations["fields_asked"]}
    assert set(fields) == SENT
    assert (fields["email"]["type"], fields["authorised"]["type"], fields["country"]["type"]) == (
        "email", "checkbox", "choice"
    )  # fmt: skip
    assert {"value": "TG", "label": "Togo"} in fields["country"]["choices"]
    assert {"value": "DE", "label": "Allemagne"} in fields["country"]["choices"]
    assert [one["wording"] for one in of_organisations["consents"]] == list(WORDINGS)
    assert partner("get", "sign-on-forms?language=fr").json()["results"] == [form]


def test_the_public_files_it_names_are_there(call: SignOnCall, partner: Any, client: Any, settings: Any) -> None:
    form = partner("get", "sign-on-forms/1").json()
    for name in ("page", "pdf", "privacy_page"):
        assert client.get(form[name].removeprefix(settings.SITE_URL), follow=True).status_code == 200, name


def test_the_body_has_every_field_of_our_form(call: SignOnCall) -> None:
    assert set(SignOnBody().fields) == SENT | {"letter", "sha256", "kind", "language", "consents", "signer_ip"}


def test_forms_cost_the_same_whatever_their_number(call: SignOnCall, partner: Any, cast: Any) -> None:
    partner("get", "sign-on-forms")
    with CaptureQueriesContext(connection) as few:
        partner("get", "sign-on-forms/1")
    assert len(few) <= 12, [query["sql"] for query in few]


def test_what_the_public_does_not_see_has_no_form(call: SignOnCall, partner: Any, send: Any) -> None:
    call.campaign.published = False
    call.campaign.save()
    assert partner("get", "sign-on-forms/1").status_code == 404
    assert partner("get", "sign-on-forms").json()["results"] == []
    assert errors(send(PERSON)) == {"#/letter": "No letter with this number is public."}
    assert not SignOn.objects.exists()


# ---- what it sends


def test_an_organisation_signs_through_a_partners_form(call: SignOnCall, send: Any, cast: Any, program: Any) -> None:
    answer = send(ORGANISATION)
    assert answer.status_code == 202, answer.content
    assert answer.json()["status"] == "mail_sent"
    sign_on = SignOn.objects.get()
    assert (sign_on.state, sign_on.language, sign_on.version, sign_on.org_members) == (
        "pending", "fr", call.version, 120
    )  # fmt: skip
    assert (sign_on.wants_answers, sign_on.wants_letters) == (True, False)
    [consent] = sign_on.consents
    assert (consent["wording"], consent["language"]) == ("answers-1", "fr")
    [mail] = mails()
    assert mail.to_address == ORGANISATION["email"]
    link = link_in(mail)
    assert link.startswith("/fr/sign/")
    sign_on_confirm(token=link.rstrip("/").split("/")[-1])
    [row] = program(cast.data_officer, Scope.SIGN_ONS_READ)("get", "sign-ons").json()["results"]
    token = ApiToken.objects.get(scopes=[Scope.SIGN_ONS_WRITE])
    assert (row["state"], row["name"], row["partner"]) == ("waiting", ORGANISATION["org_name"], token.name)


def test_moderators_see_through_which_form_it_came(call: SignOnCall, send: Any, cast: Any, signed_in: Any) -> None:
    send(PERSON)
    sign_on = SignOn.objects.get()
    ApiToken.objects.filter(scopes=[Scope.SIGN_ONS_WRITE]).update(name="Farmers’ site")
    PartnerSubmission.objects.update(partner="Farmers’ site")
    page = signed_in(cast.data_officer).get(f"/work/mc11/sign-on/moderation/{sign_on.pk}/").content.decode()
    assert "Farmers’ site" in page
    assert "Tomás Rivas" in page
    sign_on_erase(sign_on=sign_on)
    assert not PartnerSubmission.objects.exists()


def test_known_and_unknown_addresses_get_the_same_answer(call: SignOnCall, send: Any) -> None:
    signed(call, organisation(email="known@kdrf.example"))
    known = send({**ORGANISATION, "org_name": "Kisumu Data Rights Forum", "country": "KE"}, email="known@kdrf.example")
    unknown = send(ORGANISATION)
    answers = [known.json(), unknown.json()]
    assert known.status_code == unknown.status_code == 202
    assert answers[0].keys() == answers[1].keys()
    assert [len(answer.pop("page")) for answer in answers] in [[n, n] for n in range(400)]
    assert answers[0] == answers[1]
    assert {name for name in known.headers if name != "X-Request-Id"} == {
        name for name in unknown.headers if name != "X-Request-Id"
    }


def test_one_address_gets_no_more_mail_than_from_our_own_form(call: SignOnCall, send: Any) -> None:
    answers = {send(PERSON, person_name=f"Afi {number}").status_code for number in range(6)}
    assert answers == {202}
    assert AddressMail.objects.count() == 3


def test_the_partners_server_is_not_taken_for_one_person(
    call: SignOnCall, send: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.coalitions.services.submission.FORMS_PER_HOUR", 1)
    monkeypatch.setattr(time, "time", lambda: 6_000_000_000 + 1800.0)
    settings.API_FORMS_PER_HOUR = 4
    for number in range(3):
        assert send(PERSON, email=f"afi{number}@post.example").status_code == 202
    passed_on = {"signer_ip": "203.0.113.9"}
    assert send(PERSON, email="afi3@post.example", **passed_on).status_code == 202
    refused = send(PERSON, email="afi4@post.example", **passed_on)
    assert refused.status_code == 429
    assert "from your connection" in refused.json()["detail"]
    limited = send(PERSON, email="afi5@post.example")
    assert (limited.status_code, limited["Retry-After"]) == (429, "3000")
    assert "with this token" in limited.json()["detail"]
    assert SignOn.objects.count() == 4


# ---- what is refused


@pytest.mark.parametrize(("form", "changes", "wrong"), [
    (ORGANISATION, {"email": "nobody"}, {"#/email": "La partie après @"}),
    (ORGANISATION, {"language": "en", "email": ""}, {"#/email": "Enter your email address."}),
    (ORGANISATION, {"language": "en", "authorised": False}, {"#/authorised": "Tick this if you may sign"}),
    (ORGANISATION, {"language": "en", "org_name": "", "country": "XX"},
     {"#/org_name": "Fill this in.", "#/country": "valid choice"}),
    (ORGANISATION, {"consents": ["answers-0"]}, {"#/consents/0": "not a sentence that we ask now"}),
    (ORGANISATION, {"org_members": "many"}, {"#/org_members": "valid integer"}),
    (ORGANISATION, {"language": "sw"}, {"#/language": "sw"}),
    (ORGANISATION, {"password": "x"}, {"#/password": "not known"}),
    (ORGANISATION, {"language": "en", "org_name": "\u202e" * 20}, {"#/org_name": ""}),
    (PERSON, {"org_name": "Union"}, {"#/org_name": "does not ask"}),
    (PERSON, {"kind": "robot"}, {"#/kind": "robot"}),
    (PERSON, {"letter": 9}, {"#/letter": "public"}),
    (PERSON, {"visibility": "everybody"}, {"#/visibility": "valid choice"}),
    (PERSON, {"signer_ip": "home"}, {"#/signer_ip": "IP"}),
])  # fmt: skip
def test_an_error_names_its_field(call: SignOnCall, send: Any, form: Any, changes: Any, wrong: Any) -> None:
    answer = send(form, **changes)
    assert answer.status_code == 422
    found = errors(answer)
    assert found.keys() == wrong.keys()
    for pointer, words in wrong.items():
        assert words in found[pointer]
    assert not SignOn.objects.exists()


def test_another_text_than_the_one_that_is_signed_is_refused(call: SignOnCall, send: Any, cast: Any) -> None:
    before = call.version.sha256
    make_next_version(call.letter, cast)
    replace_version(call, cast)
    answer = send(PERSON, sha256=before)
    assert answer.status_code == 409
    [words] = errors(answer).values()
    assert list(errors(answer)) == ["#/sha256"]
    assert "version 2" in words
    assert call.version.sha256 in words
    assert send(PERSON, sha256=call.version.sha256).status_code == 202


def test_a_text_replaced_at_the_same_moment_is_refused(call: SignOnCall, partner: Any, cast: Any) -> None:
    """The call was read just before somebody agreed to the new version."""
    before = SignOnCall.objects.select_related("campaign", "letter", "version").get()
    make_next_version(call.letter, cast)
    replace_version(call, cast)
    token = ApiToken.objects.get()
    with pytest.raises(SignedVersionDiffers) as refused:
        partner_sign_on_submit(call=before, typed=person(), sha256=before.version.sha256, token=token)
    assert refused.value.version == call.version
    assert not SignOn.objects.exists()
    assert mails() == []


def test_a_closed_letter_takes_no_forms(call: SignOnCall, send: Any, partner: Any, cast: Any) -> None:
    sign_on_call_close(call=call, actor=cast.coordinator)
    answer = send(ORGANISATION)
    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("Cette lettre")
    assert partner("get", "sign-on-forms/1").json()["is_open"] is False


def test_what_a_letter_does_not_ask_is_refused(call: SignOnCall, send: Any, partner: Any) -> None:
    SignOnCall.objects.update(unasked_fields=["wants_answers", "org_members"], who="organisations")
    answer = send(ORGANISATION, language="en")
    assert set(errors(answer)) == {"#/consents", "#/org_members"}
    assert send(PERSON).status_code == 409, "organisations only"
    [form] = partner("get", "sign-on-forms/1").json()["forms"]
    assert form["kind"] == "organisation"
    assert "org_members" not in {field["name"] for field in form["fields_asked"]}
    assert [one["wording"] for one in form["consents"]] == ["letters-1"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_any_script_and_errors_in_each_language(call: SignOnCall, send: Any, language: str) -> None:
    name = {"ar": "منتدى حقوق البيانات", "en": "किसान डेटा मंच"}.get(language, "Coopérative Ñandú")
    answer = send(ORGANISATION, language=language, org_name=name, visibility="")
    assert set(errors(answer)) == {"#/visibility"}
    answer = send(ORGANISATION, language=language, org_name=name)
    assert answer.status_code == 202
    assert f"/{language}/" in answer.json()["page"]
    assert SignOn.objects.get().org_name == name


def test_whoever_may_not_moderate_sends_no_forms(call: SignOnCall, cast: Any, program: Any) -> None:
    form = {"letter": 1, "sha256": call.version.sha256, **PERSON}
    for role in ("observer", "drafter", "reviewer", "sender"):
        assert program(getattr(cast, role))("post", "sign-ons", form).status_code == 403
    assert program(cast.coordinator, Scope.READ, Scope.SIGN_ONS_READ)("post", "sign-ons", form).status_code == 403
    assert not SignOn.objects.exists()
