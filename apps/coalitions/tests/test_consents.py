"""Consents to later mail: never ticked beforehand, stored word for word, withdrawn on the private page."""

import re
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.services.erasure import sign_on_erase
from apps.coalitions.services.signer_changes import sign_on_correct, sign_on_withdraw
from apps.coalitions.services.signer_mails import manage_token_issue
from tests.factories import html_of
from tests.factories.letters import make_next_version
from tests.factories.signing import ORGANISATION_FORM, make_call, organisation, signed, some_time_passes

pytestmark = pytest.mark.django_db


def standing(sign_on: SignOn) -> list[str]:
    sign_on.refresh_from_db()
    return [entry["field"] for entry in sign_on.consents if not entry["withdrawn_at"]]


def test_nothing_is_ticked_beforehand_and_a_tick_is_stored_word_for_word(call: SignOnCall, client: Client) -> None:
    address = reverse("website:letter", args=[call.campaign.slug, call.letter.number])
    page = html_of(client.get(address))
    [sentence] = re.findall(r'id="id_wants_answers">\s*<span>([^<]+)</span>', page)
    assert not re.search(r'name="wants_\w+"[^>]*checked', page)

    client.post(address, {**ORGANISATION_FORM, "wants_answers": "on"})
    sign_on = SignOn.objects.get()
    [consent] = sign_on.consents
    assert consent["sentence"] == sentence
    assert (consent["field"], consent["wording"], consent["language"]) == ("wants_answers", "answers-1", "en")
    assert consent["given_at"]
    assert sign_on.wants_answers
    assert not sign_on.wants_letters


def test_the_private_page_withdraws_and_gives(call: SignOnCall, client: Client) -> None:
    sign_on = signed(call, organisation(wants_answers=True))
    page = reverse("signing:manage", args=[manage_token_issue(sign_on=sign_on)])
    assert "you ticked “Email me what governments answer to this letter”" in html_of(client.get(page))
    form = {name: value for name, value in ORGANISATION_FORM.items() if name != "email"}
    sent = {**form, "org_name": sign_on.org_name, "country": "KE", "wants_letters": "on"}
    assert client.post(page, sent).status_code == 302
    assert standing(sign_on) == ["wants_letters"]
    assert len(sign_on.consents) == 2, "what was withdrawn stays on record"
    assert (sign_on.wants_answers, sign_on.wants_letters) == (False, True)


def test_a_withdrawn_signature_hears_nothing_more(call: SignOnCall) -> None:
    sign_on = signed(call, organisation(wants_answers=True, wants_letters=True))
    sign_on_withdraw(sign_on=sign_on)
    assert standing(sign_on) == []
    assert not sign_on.wants_answers
    sign_on_erase(sign_on=sign_on)
    sign_on.refresh_from_db()
    assert sign_on.consents == []


def test_who_signs_the_next_text_is_asked_again(call: SignOnCall, cast: SimpleNamespace) -> None:
    sign_on = signed(call, organisation(wants_answers=True))
    SignOnCall.objects.update(closed_at=call.opens_at)
    later = make_call(make_next_version(call.letter, cast), cast)
    some_time_passes()
    again = signed(later, organisation())
    assert again.pk == sign_on.pk
    assert standing(again) == []
    assert len(again.consents) == 1


def test_the_sentence_is_that_of_the_forms_language(call: SignOnCall) -> None:
    sign_on = signed(call, organisation())
    with override("fr"):
        sign_on_correct(sign_on=sign_on, changes={"wants_answers": True})
    sign_on.refresh_from_db()
    assert sign_on.consents[0]["language"] == "fr"
