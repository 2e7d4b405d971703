"""From the invitation to leaving again, a signer reads one language: nothing is untranslated but names and content.

Texts that the catalogue of the language has are put in brackets. What stands outside them has to be data.
"""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import trans_real

from apps.coalitions.models import AddressMail, SignOn, SignOnCall
from apps.coalitions.services.moderation import sign_on_accept, sign_on_ask
from apps.postbox.models import Message
from tests.factories.invitations import invitation_mails, invitation_token, invited
from tests.factories.page_words import Translated, text_of_data, unknown_parts, unknown_texts
from tests.factories.signing import ORGANISATION_FORM, PERSON_FORM, link_in, mails, some_time_passes

pytestmark = pytest.mark.django_db


class Signer:
    """Whoever reads pages and mails in one language. `unknown`: what they cannot read, and where
    they met it first."""

    def __init__(self, language: str, call: SignOnCall) -> None:
        self.language, self.call, self.client = language, call, Client()
        self.unknown: dict[str, str] = {}
        self.typed = repr([ORGANISATION_FORM, PERSON_FORM])

    def page(self, url: str, form: dict[str, Any] | None = None) -> Any:
        """Open the page, or send it this form; follows where that leads."""
        url = f"/{self.language}/{url.split('/', 2)[2]}"
        answer = self.client.post(url, form, follow=True) if form is not None else self.client.get(url, follow=True)
        html = answer.content.decode()
        assert f'<html lang="{self.language}" dir="{"rtl" if self.language == "ar" else "ltr"}"' in html
        self._note(f"{url} {answer.status_code}", unknown_texts(html, self.language, self._data()))
        return answer

    def mail(self) -> None:
        """Read the newest mail."""
        self.texts(mails()[-1])

    def texts(self, mail: Message) -> None:
        self._note(mail.subject, unknown_parts(f"{mail.subject}\n{mail.text_body}", self._data()))

    def link(self) -> str:
        """Read the newest mail. Returns the path of the link in it."""
        self.mail()
        link = link_in(mails()[-1])
        assert link.startswith(f"/{self.language}/")
        return link

    def _data(self) -> str:
        return text_of_data(self.language) + self.typed.lower()

    def _note(self, where: str, found: list[str]) -> None:
        for text in found:
            self.unknown.setdefault(text, where)


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_a_signer_meets_no_untranslated_word(
    call: SignOnCall, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    catalogue = Translated(language)
    monkeypatch.setattr(trans_real, "_translations", {language: catalogue})
    signer = Signer(language, call)
    be_invited(signer, cast)
    letter = read_and_sign(signer)
    confirm = signer.link()
    private = confirm_and_correct(signer, confirm)
    answer_the_campaign(signer, cast)
    sign_again(signer, letter)
    leave(signer, private, letter)
    assert catalogue.missing == set()
    assert signer.unknown == {}


def be_invited(signer: Signer, cast: SimpleNamespace) -> None:
    """The mail, the form that it fills in, with errors too, and declining."""
    invitation = invited(signer.call, cast.coordinator, "chair@kdrf.example", language=signer.language)
    [mail] = invitation_mails()
    signer.texts(mail)
    token = invitation_token(invitation)
    campaign = signer.call.campaign.slug
    form = reverse("website:invited", args=[campaign, signer.call.letter.number, token])
    signer.page(form)
    assert signer.page(form, {"org_name": "!!!"}).status_code == 400
    decline = reverse("signing:invitation", args=[token])
    signer.page(decline)
    signer.page(decline, {"act": "stop"})
    signer.page(decline, {})
    signer.page(form)


def read_and_sign(signer: Signer) -> str:
    letter = reverse("website:letter", args=[signer.call.campaign.slug, signer.call.letter.number])
    for name in ("home", "signatories", "privacy", "signature_log"):
        signer.page(reverse(f"website:{name}", args=[signer.call.campaign.slug]))
    signer.page(letter)
    wrong = {"email": "no address", "org_website": "ftp://x", "org_members": "many", "person_name": "!!!"}
    assert signer.page(letter, wrong).status_code == 400
    assert signer.page(f"{letter}?for=person", wrong).status_code == 400
    signer.page(letter, ORGANISATION_FORM)
    assert SignOn.objects.get().language == signer.language
    return letter


def confirm_and_correct(signer: Signer, confirm: str) -> str:
    signer.page(confirm)
    signer.page(confirm, {})
    private = signer.link()
    signer.page(confirm, {})  # once more
    signer.page(private)
    assert signer.page(private, {**ORGANISATION_FORM, "org_kind": ""}).status_code == 400
    signer.page(private, {**ORGANISATION_FORM, "org_members": "130"})
    signer.page(f"{private}email/")
    assert signer.page(f"{private}email/", {"email": "no"}).status_code == 400
    return private


def answer_the_campaign(signer: Signer, cast: SimpleNamespace) -> None:
    AddressMail.objects.all().delete()
    sign_on_ask(sign_on=SignOn.objects.get(), actor=cast.data_officer, question="?")
    link = signer.link()
    assert signer.page(link, {"answer": ""}).status_code == 400
    signer.page(link, {"answer": "!"})
    sign_on_accept(sign_on=SignOn.objects.get(), actor=cast.data_officer)
    signer.mail()


def sign_again(signer: Signer, letter: str) -> None:
    AddressMail.objects.all().delete()
    some_time_passes()
    signer.page(letter, ORGANISATION_FORM)
    assert "/mine/" in signer.link()
    assert SignOn.objects.count() == 1


def leave(signer: Signer, private: str, letter: str) -> None:
    """Withdraw, erase; and somebody else's address, who says that it was not them."""
    signer.page(f"{private}withdraw/")
    signer.page(f"{private}withdraw/", {})
    signer.page(f"{private}erase/")
    signer.page(f"{private}erase/", {})
    assert signer.page(private).status_code == 404
    signer.page(f"{letter}?for=person", PERSON_FORM)
    confirm = signer.link()
    signer.page(confirm)
    signer.page(f"{confirm}not-me/", {})
    assert {row.email for row in SignOn.objects.all()} == {""}
