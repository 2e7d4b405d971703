"""Public pages and sign-on in a real browser, with the real evidence of MC11 and an invented list of signatories."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.services.calls import sign_on_call_open
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.moderation import sign_on_accept
from apps.coalitions.services.submission import sign_on_submit
from apps.governments.models import Member, Position
from apps.letters.models import LetterTemplate
from apps.letters.services.approvals import letter_text_approve, letter_text_ask_review
from apps.letters.services.drafts import letter_create
from apps.letters.services.versions import letter_version_freeze
from tests.factories import add_team_member, make_user
from tests.factories.browsers import PER_WINDOW
from tests.factories.signing import link_in, mails, organisation, person

DATA = Path(__file__).resolve().parents[2] / "data" / "mc11"
pytestmark = pytest.mark.django_db(transaction=True)

#: name, English name, country, mail domain, website, kind
SIGNERS = [
    ("Mesa Federal de Pequeños Productores", "", "AR", "mesa.example", "mesa.example", "farmers"),
    ("Sindicato de Trabajadores de Plataformas del Plata", "", "AR", "stp.example", "stp.example", "union"),
    ("গ্রামীণ কৃষক মঞ্চ", "Rural Farmers’ Platform", "BD", "krishok.example", "krishok.example", "farmers"),
    ("Rede de Cooperativas de Tecnologia do Nordeste", "", "BR", "rede-ne.example", "rede-ne.example", "traders"),
    ("Union des pêcheurs artisanaux de Kribi", "", "CM", "kribi.example", "", "farmers"),
    ("Spolek za veřejné služby Říčany", "", "CZ", "spolek.example", "spolek.example", "other"),
    ("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "", "AT", "dampf.example", "",
     "union"),
    ("W" * 200, "", "KE", "long-word.example", "", "other"),
    ("Arbeitsgemeinschaft bäuerlicher Saatgutvermehrungsbetriebe Süd", "", "DE", "saatgut.example", "saatgut.example",
     "farmers"),
    ("Netzwerk Digitale Grundrechte", "", "DE", "grundrechte.example", "grundrechte.example", "digital_rights"),
    ("किसान डेटा मंच", "Farmers’ Data Forum", "IN", "kisan.example", "kisan.example", "farmers"),
    ("Small Retailers’ Federation of Deccan", "", "IN", "gmail.com", "", "traders"),
    ("Kisumu Data Rights Forum", "", "KE", "kdrf.example", "kdrf.example", "digital_rights"),
    ("Highland Tea Growers’ Union", "", "KE", "tea.example", "tea.example", "union"),
    ("Wajir Women’s Savings League", "", "KE", "wajir.example", "wajir.example", "women"),
    ("Turkana Pastoralists’ Network", "", "KE", "turkana.example", "turkana.example", "network"),
    ("Baltijas medmāsu biedrība", "Baltic Nurses’ Union", "LV", "medmasas.example", "medmasas.example", "union"),
    ("جمعية المستهلك الأطلسي", "Association du consommateur de l’Atlantique", "MA", "atl.example", "atl.example",
     "consumers"),
    ("Mindanao Fisherfolk Alliance", "", "PH", "fisherfolk.example", "fisherfolk.example", "farmers"),
    ("Fundacja Łączność i Prawo", "", "PL", "lip.example", "lip.example", "digital_rights"),
    ("Collectif des transformatrices de céréales de Thiès", "", "SN", "gmx.net", "", "women"),
    ("Cape Informal Traders’ Assembly", "", "ZA", "cita.example", "cita.example", "traders"),
    ("Coopérative des maraîchères de la Lama", "", "TG", "lama.example", "lama.example", "farmers"),
    ("منتدى الحقوق الرقمية", "Forum des droits numériques", "TN", "droits.example", "droits.example", "digital_rights"),
    ("Hội Nông dân Sông Hồng", "Red River Farmers’ Society", "VN", "songhong.example", "songhong.example", "farmers"),
]  # fmt: skip


@pytest.fixture
def mc11(mc11_campaign: Campaign) -> Campaign:
    stances = {"african-group": "opposes", "ecommerce-jsi-2017": "joined", "eu-member-states": "supports"}
    for slug, stance in stances.items():
        members = Member.objects.filter(groups__slug=slug).distinct()
        Position.objects.bulk_create(
            Position(
                campaign=mc11_campaign, member=member, stance=stance, on=mc11_campaign.starts_on - timedelta(days=60)
            )
            for member in members
        )
    return mc11_campaign


@pytest.fixture
def team(mc11: Campaign) -> SimpleNamespace:
    people = SimpleNamespace(
        coordinator=make_user("Ada Okoro"), drafter=make_user("Naledi Motsepe"), reviewer=make_user("Ivo Hrubý")
    )
    for user, role in zip(vars(people).values(), (Role.COORDINATOR, Role.DRAFTER, Role.REVIEWER), strict=True):
        add_team_member(user, mc11, role)
    return people


@pytest.fixture
def call(mc11: Campaign, team: SimpleNamespace) -> SignOnCall:
    """The letter to all members, open until 23:59 in eleven days."""
    template = LetterTemplate.objects.get(campaign=mc11, key="base", language="en")
    letter = letter_create(campaign=mc11, actor=team.drafter, template=template, title=template.subject, to_all=True)
    text = letter.texts.get()
    letter_text_ask_review(text=text, actor=team.drafter)
    text.refresh_from_db()
    letter_text_approve(text=text, actor=team.reviewer, sha256=text.sha256)
    version = letter_version_freeze(letter=letter, actor=team.coordinator)
    closes_at = (timezone.now() + timedelta(days=11)).replace(hour=22, minute=59, second=0, microsecond=0)
    return sign_on_call_open(
        version=version, actor=team.coordinator, opens_at=None, closes_at=closes_at,
        deliver_on=(closes_at + timedelta(days=3)).date(),
    )  # fmt: skip


@pytest.fixture
def signatories(call: SignOnCall, team: SimpleNamespace) -> list[SignOn]:
    """Most accepted, the last four waiting, one like another, one suspect, two people."""
    done = []
    for place, (name, english, country, domain, website, kind) in enumerate(SIGNERS):
        claim = organisation(
            name, org_name_english=english, country=country, email=f"office{place}@{domain}", org_kind=kind,
            org_website=f"https://{website}" if website else "", person_name="A. Secretary", person_post="Secretary",
        )  # fmt: skip
        sign_on = sign_on_confirm(token=_submit(call, claim).token).sign_on
        if place < len(SIGNERS) - 4:
            sign_on_accept(sign_on=sign_on, actor=team.coordinator)
        done.append(sign_on)
    like = organisation("Kisumu Forum on Data Rights", email="o.were@kdrf.example", org_website="https://kdrf.example")
    sign_on_confirm(token=_submit(call, like).token)
    _submit(call, organisation("Global Growth Partners", country="BG", email="x@ggp.example", state="suspect"))
    for name, country in (("Afi Mensah", "TG"), ("ናኦድ ተስፋዬ", "ET")):
        claim = person(name, country=country, email=f"{country}@people.example")
        sign_on_accept(sign_on=sign_on_confirm(token=_submit(call, claim).token).sign_on, actor=team.coordinator)
    return done


def _submit(call: SignOnCall, typed: SignOn) -> Any:
    return sign_on_submit(call=call, typed=typed)


def assert_sound(page: Page, path: str, findings: Any, shoot: Any, name: str) -> None:
    """The page is sound: axe finds nothing serious, nothing runs out of the window at the side."""
    page.goto(path)
    if not name.endswith(("360-dark", "1280-light")):  # both widths and both schemes are met in the other two
        assert findings(page, PER_WINDOW if name.endswith("1280-dark") else None) == [], name
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} scrolls sideways by {wide} px"
    shoot(page, name)


#: all four for pictures; two of them meet both widths and both schemes
WINDOWS = [(360, "light"), (1280, "dark")]
if os.environ.get("SCREENSHOTS"):
    WINDOWS += [(360, "dark"), (1280, "light")]


def test_every_page_is_sound_at_every_width_and_scheme(
    call: SignOnCall, signatories: list[SignOn], team: SimpleNamespace, open_page: Callable[..., Page], findings: Any,
    shoot: Any,
) -> None:  # fmt: skip
    submitted = _submit(call, organisation("Pamoja Digital Cooperative", email="info@pamoja.example"))
    confirm = reverse("signing:confirm", args=[submitted.token])
    closing = _submit(call, organisation("Lake Victoria Fishers’ Union", email="info@lvfu.example"))
    manage = reverse("signing:manage", args=[sign_on_confirm(token=closing.token).manage_token])
    public = {
        "home": "/en/c/mc11/", "letter": "/en/c/mc11/letters/1/", "letter-person": "/en/c/mc11/letters/1/?for=person",
        "check-mail": "/en/c/mc11/letters/1/check-your-mail/", "points": "/en/c/mc11/reasons/",
        "point": "/en/c/mc11/reasons/9/", "signatories": "/en/c/mc11/signatories/",
        "signatories-found": "/en/c/mc11/signatories/?q=forum",
        "signatories-country": "/en/c/mc11/signatories/?country=KE",
        "privacy": "/en/c/mc11/privacy/", "confirm": confirm, "manage": manage, "withdraw": f"{manage}withdraw/",
        "no-link": reverse("signing:confirm", args=["x"]), "not-found": "/nothing/",
    }  # fmt: skip
    staff = {
        "sign-on": "/work/mc11/sign-on/", "moderation": "/work/mc11/sign-on/moderation/",
        "moderation-one": f"/work/mc11/sign-on/moderation/{signatories[-1].pk}/",
        "sign-on-close": f"/work/mc11/sign-on/calls/{call.pk}/close/",
        "sign-on-names": f"/work/mc11/sign-on/calls/{call.pk}/names/",
    }  # fmt: skip
    for width, scheme in WINDOWS:
        page = open_page(width=width, scheme=scheme)
        for name, path in public.items():
            assert_sound(page, path, findings, shoot, f"public-{name}-{width}-{scheme}")
        page = open_page(team.coordinator, width=width, scheme=scheme)
        for name, path in staff.items():
            assert_sound(page, path, findings, shoot, f"staff-{name}-{width}-{scheme}")


def test_pages_mirror_where_text_runs_from_right_to_left(
    call: SignOnCall, signatories: list[SignOn], open_page: Callable[..., Page], findings: Any, shoot: Any
) -> None:
    page = open_page(width=360, locale="ar-xb")
    for name, path in {
        "home": "/ar-xb/c/mc11/",
        "letter": "/ar-xb/c/mc11/letters/1/",
        "point": "/ar-xb/c/mc11/reasons/9/",
    }.items():
        assert_sound(page, path, findings, shoot, f"public-{name}-360-rtl")
        assert page.locator("html").get_attribute("dir") == "rtl"


def test_opening_a_call_by_hand(
    call: SignOnCall, team: SimpleNamespace, open_page: Callable[..., Page], findings: Any, shoot: Any
) -> None:
    page = open_page(team.coordinator)
    page.goto(f"/work/mc11/sign-on/calls/{call.pk}/close/")
    page.get_by_role("button", name="Close now").click()
    for width, scheme in WINDOWS:
        window = open_page(team.coordinator, width=width, scheme=scheme)
        assert_sound(window, "/work/mc11/sign-on/open/", findings, shoot, f"staff-sign-on-open-{width}-{scheme}")
    page.get_by_role("link", name="Open a letter for signature").click()
    page.get_by_label("Closes on").fill("2017-12-01")
    page.get_by_role("button", name="Open for signature").click()
    expect(page.get_by_role("alert")).to_contain_text("This time has passed")
    page.get_by_label("Closes on").fill((timezone.now() + timedelta(days=20)).date().isoformat())
    page.get_by_role("button", name="Open for signature").click()
    expect(page.get_by_role("status")).to_contain_text("Opened for signature")
    assert SignOnCall.objects.filter(closed_at=None).count() == 1


def tabs_to(page: Page, words: str, most: int = 12) -> int:
    """How many times Tab is pressed until what has the focus says these words; `most` + 1 where it never does."""
    for pressed in range(1, most + 1):
        page.keyboard.press("Tab")
        if words in (page.evaluate("document.activeElement.textContent") or ""):
            return pressed
    return most + 1


def test_the_form_is_near_by_keyboard(
    call: SignOnCall, signatories: list[SignOn], open_page: Callable[..., Page]
) -> None:
    phone = open_page(width=360, height=740)
    phone.goto("/en/c/mc11/letters/1/")
    assert tabs_to(phone, "Skip to the form", 2) == 2
    phone.keyboard.press("Enter")
    assert tabs_to(phone, "For an organisation", 2) <= 2, "what follows is in the form"
    phone.goto("/en/c/mc11/letters/1/")
    dock, below = phone.locator(".dock").all()
    box = dock.bounding_box()
    assert box is not None
    assert abs(box["y"] + box["height"] - 740) < 2, "docked at the foot of the window"
    assert tabs_to(phone, "Sign this letter", 20) <= 20, "before the notes of the letter"
    phone.locator("#sign").scroll_into_view_if_needed()
    phone.locator("#signed").scroll_into_view_if_needed()
    expect(dock).not_to_be_in_viewport()
    expect(below.get_by_role("link", name="Sign this letter")).to_be_in_viewport()
    phone.set_viewport_size({"width": 1280, "height": 720})
    expect(dock).to_be_hidden()
    phone.locator("#signed").evaluate("element => element.scrollIntoView()")
    expect(below.get_by_role("link", name="Sign this letter")).to_be_in_viewport()


def test_an_organisation_signs_on_a_phone_without_script(
    call: SignOnCall, team: SimpleNamespace, open_page: Callable[..., Page], findings: Any, shoot: Any
) -> None:
    phone = open_page(width=360, height=740, script=False)
    phone.goto("/en/c/mc11/letters/1/")
    phone.get_by_role("link", name="Sign this letter").last.click()
    phone.get_by_label("Name in its own language").fill("Coopérative des maraîchères de la Lama")
    phone.get_by_label("Kind").select_option("farmers")
    phone.get_by_label("Country").select_option("TG")
    phone.get_by_label("Website").fill("maraicheres-lama.example")
    phone.get_by_label("Your name").fill("Afi Mensah")
    phone.get_by_label("Your email address").fill("afi.mensah@maraicheres-lama")
    phone.get_by_label("I am authorised").check()
    phone.get_by_role("button", name="Sign for the organisation").click()
    expect(phone.get_by_role("alert")).to_contain_text("2 things are missing or wrong")
    shoot(phone, "public-letter-errors-360-light")
    phone.get_by_label("Your position").fill("Coordinator")
    phone.get_by_label("Your email address").fill("afi.mensah@maraicheres-lama.example")
    phone.get_by_role("button", name="Sign for the organisation").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("your email")

    phone.goto(link_in(mails()[0]))
    phone.reload()
    assert SignOn.objects.get().state == "pending"
    phone.get_by_role("button", name="Confirm and sign for the organisation").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Signed. Thank you.")

    desk = open_page(team.coordinator, script=False)
    desk.goto("/work/mc11/sign-on/moderation/")
    desk.get_by_role("button", name="Accept").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Nothing to check")
    phone.goto("/en/c/mc11/letters/1/")
    expect(phone.locator("#signed")).to_contain_text("Coopérative des maraîchères de la Lama")
    expect(phone.locator("#signed")).to_contain_text("1 signature")


def test_keyboard_alone_reaches_and_sends_the_form(call: SignOnCall, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/en/c/mc11/letters/1/?for=person#sign")
    page.get_by_label("Your name").focus()
    page.keyboard.type("Afi Mensah")
    page.keyboard.press("Tab")
    country = page.locator("#id_country")
    while country.input_value() != "TG":  # by its first letter: a whole name is lost where a second passes between keys
        page.keyboard.press("t")
    page.keyboard.press("Tab")
    page.keyboard.type("afi@people.example")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    for _stop in ("answers", "letters", "privacy", "button"):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Sign", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("your email")
    sign_on = SignOn.objects.get()
    assert (sign_on.person_name, sign_on.country, sign_on.visibility) == ("Afi Mensah", "TG", "government")
