"""A signer on a phone without JavaScript, in French and in Arabic, from the invitation to leaving again."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils.translation import trans_real
from playwright.sync_api import Page

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOn
from apps.governments.models import Member
from tests.factories.invitations import invitation_mails, invitation_token, invited
from tests.factories.letters import make_mc11_version
from tests.factories.page_words import Translated, text_of_data, unknown_parts, unknown_texts
from tests.factories.signing import link_in, mails, make_call

pytestmark = pytest.mark.django_db(transaction=True)
#: around what the catalogue has; they have no width
INVISIBLE = ("\u2061", "\u2062")
ORGANISATION = {
    "fr": ("Coopérative des maraîchères de la Lama", "Afi Mensah"),
    "ar": ("منتدى الحقوق الرقمية", "ليلى بن عمر"),
}


@pytest.fixture
def campaign(mc11_campaign: Campaign) -> Campaign:
    return mc11_campaign


class Phone:
    """A page of 360 pixels. After each step: its language and direction, its width, and that every word is known."""

    def __init__(self, page: Page, language: str, shoot: Callable[[Page, str], None]) -> None:
        self.page, self.language, self.shoot = page, language, shoot
        self.unknown: dict[str, str] = {}

    def open(self, address: str, name: str) -> None:
        self.page.goto(address)
        self.look(name)

    def press(self, button: str, name: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(button).click()
        self.look(name)

    def look(self, name: str) -> None:
        html = self.page.locator("html")
        assert html.get_attribute("lang") == self.language, name
        assert html.get_attribute("dir") == ("rtl" if self.language == "ar" else "ltr"), name
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} scrolls sideways by {wide} px"
        self.note(name, unknown_texts(with_brackets(self.page.content()), self.language, self.data()))
        self.shoot(self.page, f"signer-{self.language}-{name}-360")

    def read_mail(self, number: int) -> str:
        """Read that mail. Returns the link in it."""
        mail = mails()[number]
        self.note("mail", unknown_parts(with_brackets(f"{mail.subject}\n{mail.text_body}"), self.data()))
        link = link_in(mail)
        assert link.startswith(f"/{self.language}/")
        return link

    def data(self) -> str:
        return text_of_data(self.language) + " ".join(ORGANISATION[self.language]).lower()

    def note(self, name: str, found: list[str]) -> None:
        for text in found:
            self.unknown.setdefault(text, name)


def with_brackets(text: str) -> str:
    return text.replace(INVISIBLE[0], "⟦").replace(INVISIBLE[1], "⟧")


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_an_organisation_signs_and_leaves_in_its_language(
    campaign: Campaign, cast: SimpleNamespace, open_page: Callable[..., Page], shoot: Callable[[Page, str], None],
    monkeypatch: pytest.MonkeyPatch, language: str,
) -> None:  # fmt: skip
    version = make_mc11_version(campaign, cast, Member.objects.get(code="KE"), languages=["fr"])
    name, person = ORGANISATION[language]
    invitation = invited(
        make_call(version, cast), cast.coordinator, "secretary@lama.example", language=language, org_name=name,
        person_name=person, country="TG",
    )  # fmt: skip
    catalogue = Translated(language, INVISIBLE)
    monkeypatch.setattr(trans_real, "_translations", {language: catalogue})
    page = open_page(width=360, height=740, script=False, locale=language)
    phone = Phone(page, language, shoot)
    phone.open(reverse("language:campaign", args=["mc11/letters/1/"]), "letter")
    assert page.url.endswith(f"/{language}/c/mc11/letters/1/"), "the language of the browser"
    [mail] = invitation_mails()
    phone.note("invitation", unknown_parts(with_brackets(f"{mail.subject}\n{mail.text_body}"), phone.data()))
    phone.open(f"/{language}/c/mc11/letters/1/invited/{invitation_token(invitation)}/", "invited")
    sign_with_an_error(phone)
    confirm(phone)
    correct_and_withdraw(phone)
    assert catalogue.missing == set()
    assert phone.unknown == {}


def sign_with_an_error(phone: Phone) -> None:
    page, (name, person) = phone.page, ORGANISATION[phone.language]
    filled_in = {"org_name": name, "country": "TG", "person_name": person, "email": "secretary@lama.example"}
    assert {field: page.input_value(f"#id_{field}") for field in filled_in} == filled_in
    page.select_option("#id_org_kind", "farmers")
    page.fill("#id_email", "secretary@lama")
    page.check("#id_authorised")
    send = "#sign-form .buttons button:not([formaction])"
    phone.press(send, "errors")
    for field in ("person_post", "email"):
        error = page.locator(f"#id_{field}_error")
        assert error.inner_text().strip()
        assert f"id_{field}_error" in (page.locator(f"#id_{field}").get_attribute("aria-describedby") or "")
    assert page.locator(".error-message").count() == 2
    assert page.input_value("#id_org_name") == name
    assert page.input_value("#id_email") == "secretary@lama"
    page.fill("#id_person_post", person)
    page.fill("#id_email", "secretary@lama.example")
    phone.press(send, "check-mail")
    assert SignOn.objects.get().language == phone.language


def confirm(phone: Phone) -> None:
    phone.open(phone.read_mail(0), "confirm")
    assert SignOn.objects.get().state == "pending"
    phone.press("main form:not([action]) button", "thanks")
    assert SignOn.objects.get().state == "confirmed"


def correct_and_withdraw(phone: Phone) -> None:
    private, page = phone.read_mail(1), phone.page
    phone.open(private, "private")
    page.fill("#id_org_members", "130")
    phone.press("form:has(#id_org_members) button[type=submit]", "corrected")
    assert SignOn.objects.get().org_members == 130
    phone.open(f"{private}withdraw/", "withdraw")
    assert SignOn.objects.get().state == "confirmed"
    phone.press("main form button", "withdrawn")
    assert SignOn.objects.get().state == "withdrawn"
