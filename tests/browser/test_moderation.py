"""The queue of signatures to check, by keyboard alone and without a page load for each; and what it looks like."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from apps.coalitions.models import Coalition, SignerQuestion, SignOn, SignOnCall
from apps.coalitions.services.moderation import sign_on_accept, sign_on_ask
from tests.factories import make_member
from tests.factories.letters import make_version
from tests.factories.signing import make_call, organisation, signed

pytestmark = pytest.mark.django_db(transaction=True)

#: name, country, mail domain, website, kind
SIGNERS = [
    ("Syndicat des agents de la poste de Lomé", "TG", "poste-lome.example", "poste-lome.example", "union"),
    ("Collectif des transformatrices de céréales de Thiès", "SN", "gmail.com", "", "farmers"),
    ("Kisumu Forum on Data Rights", "KE", "kdrf.example", "kdrf.example", "digital_rights"),
    ("Verband bäuerlicher Saatgutvermehrungsbetriebe Süd", "DE", "saatgut.example", "sued.example", "farmers"),
    ("किसान डेटा मंच", "IN", "kisan-data.example", "kisan-data.example", "farmers"),
    ("منتدى الحقوق الرقمية", "TN", "droits-num.example", "droits-num.example", "digital_rights"),
    ("Cape Informal Traders’ Assembly", "ZA", "webmail.example", "", "traders"),
]  # fmt: skip


@pytest.fixture
def call(campaign: Any, cast: SimpleNamespace) -> SignOnCall:
    make_member()
    call = make_call(make_version(campaign, cast), cast)
    known = organisation("Kisumu Data Rights Forum", email="o.were@kdrf.example")
    sign_on_accept(sign_on=signed(call, known), actor=cast.coordinator)
    for name, country, domain, website, kind in SIGNERS:
        typed = organisation(
            name, country=country, email=f"info@{domain}", org_website=website and f"https://{website}", org_kind=kind
        )
        signed(call, typed)
    return call


def named(name: str) -> SignOn:
    return SignOn.objects.get(org_name=name)


def test_the_queue_is_emptied_by_keyboard_alone(
    call: SignOnCall, cast: SimpleNamespace, open_page: Callable[..., Page]
) -> None:
    page = open_page(cast.data_officer)
    page.goto(reverse("sign_on:moderate", args=[call.campaign.slug]))
    page.evaluate("window.sameDocument = true")
    heading, chosen = page.get_by_role("heading", level=1), page.locator("#chosen .person-name")
    keys, name = page.keyboard, [row[0] for row in SIGNERS]

    expect(heading).to_contain_text("7 signatures to check")
    keys.press("j")
    expect(chosen).to_have_text(name[1])
    keys.press("x")
    keys.press("k")
    expect(chosen).to_have_text(name[0])
    expect(page.locator("[name=row]:checked")).to_have_count(1)
    keys.press("a")
    expect(chosen).to_have_text(name[1])
    expect(chosen).to_be_focused()
    expect(page.locator("[role=status].visually-hidden")).to_contain_text("Accepted")
    keys.press("q")
    expect(page.get_by_label("Question")).to_be_focused()
    keys.type("Who are your members? asrmz")
    keys.press("Control+Enter")
    expect(chosen).to_have_text(name[2])
    assert SignerQuestion.objects.get().question == "Who are your members? asrmz", "keys are silent in fields"
    keys.press("s")
    expect(chosen).to_have_text(name[3])
    keys.press("z")
    expect(chosen).to_have_text(name[2])
    assert named(name[2]).state == "confirmed"
    assert page.evaluate("window.sameDocument"), "no page load since"
    keys.press("m")
    expect(heading).to_contain_text("Merge two organisations")
    expect(page.get_by_role("button", name="Merge", exact=True)).to_be_focused()
    keys.press("Enter")
    expect(heading).to_contain_text("4 signatures to check")
    expect(page.locator("#keys")).to_be_visible()  # the script of this page hears keys
    assert (named(name[2]).state, named(name[2]).moderation) == ("held", "accepted")
    keys.press("v")
    expect(page.locator("#main .notice")).to_contain_text("Authority to sign verified")
    keys.press("r")
    keys.press("Control+Enter")
    expect(page.locator("#main [aria-invalid=true]")).to_be_focused()
    keys.type("Nobody there answers.")
    keys.press("Control+Enter")
    expect(chosen).to_have_text(name[4])
    assert named(name[3]).moderation_reason == "Nobody there answers."
    for number in (2, 1):
        keys.press("a")
        expect(heading).to_contain_text(f"{number} signature")
    keys.press("a")
    expect(heading).to_contain_text("Nothing to check")


def test_what_is_pressed_while_another_page_comes_is_not_lost(
    call: SignOnCall, cast: SimpleNamespace, open_page: Callable[..., Page]
) -> None:
    page = open_page(cast.data_officer)
    page.goto(reverse("sign_on:moderate", args=[call.campaign.slug]))
    page.evaluate("""
        document.querySelectorAll("tr a[data-row]")[3].click();
        const button = document.querySelector("button[name=accept]");
        button.click();
        button.click();
    """)
    expect(page.get_by_role("heading", level=1)).to_contain_text("6 signatures to check")
    assert named(SIGNERS[0][0]).moderation == "accepted", "the one whose button was pressed"
    assert SignOn.objects.to_moderate().count() == len(SIGNERS) - 1


def test_single_keys_can_be_turned_off_and_stay_off(
    call: SignOnCall, cast: SimpleNamespace, open_page: Callable[..., Page]
) -> None:
    page = open_page(cast.data_officer)
    queue = reverse("sign_on:moderate", args=[call.campaign.slug])
    page.goto(queue)
    page.get_by_role("button", name="Turn keyboard shortcuts off").click()
    page.keyboard.press("a")
    page.reload()
    page.keyboard.press("a")
    page.get_by_role("button", name="Turn keyboard shortcuts on").click()
    assert SignOn.objects.to_moderate().count() == len(SIGNERS)
    page.keyboard.press("Control+a")
    page.keyboard.press("a")
    expect(page.get_by_role("heading", level=1)).to_contain_text("6 signatures to check")


def test_pages_of_the_queue_and_of_organisations_are_sound(
    call: SignOnCall, cast: SimpleNamespace, open_page: Callable[..., Page], flaws: Callable[..., list[str]]
) -> None:
    slug = call.campaign.slug
    sign_on_ask(sign_on=named(SIGNERS[1][0]), actor=cast.data_officer, question="Who are your members?")
    similar, kept = named(SIGNERS[2][0]), named("Kisumu Data Rights Forum").organisation
    assert kept is not None
    kept.coalitions.add(Coalition.objects.create(campaign=call.campaign, name="Data Justice Network"))
    pages = {
        "moderation": reverse("sign_on:sign_on", args=[slug, similar.pk]),
        "moderation-asked": reverse("sign_on:moderate", args=[slug]) + "?kind=asked",
        "moderation-many": reverse("sign_on:moderate_many", args=[slug]),
        "organisations": reverse("sign_on:organisations", args=[slug]),
        "organisation": reverse("sign_on:organisation", args=[slug, kept.pk]),
        "organisation-edit": reverse("sign_on:organisation_edit", args=[slug, kept.pk]),
        "organisation-merge": reverse("sign_on:organisation_merge", args=[slug, kept.pk, similar.organisation_id]),
    }
    page, found = open_page(cast.data_officer), []
    for name, path in pages.items():
        page.goto(path)
        found += flaws(page, name)
    assert found == []
