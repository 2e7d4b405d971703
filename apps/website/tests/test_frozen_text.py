"""Who holds a letter on paper finds its text again by the short address on it, and nobody else does."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.coalitions.models import SignOnCall
from apps.core.canonical_json import sha256_hex
from apps.letters.rendering import campaign_letterhead, edition_verification_link, render_pdf
from apps.letters.selectors.editions import edition_envelope
from tests.factories import html_of
from tests.factories.letters import make_next_version, make_version
from tests.factories.paper import pages_of
from tests.factories.signing import make_call

pytestmark = pytest.mark.django_db


def test_the_address_on_paper_leads_to_that_text_and_its_fingerprint(call: SignOnCall, client: Client) -> None:
    version, campaign = call.version, call.campaign
    for edition in version.editions.all():
        proof = edition_verification_link(edition, version, call.letter, campaign)
        envelope, head = edition_envelope(edition, version), campaign_letterhead(campaign)
        paper = pages_of(render_pdf(edition.body, envelope, None, head, proof=proof, gaps=True))[-1]
        assert proof.url in paper
        assert edition.sha256 in paper
        path = proof.url.partition("://")[2].partition("/")[2]
        assert len(path) == len("v/123456789012/")
        page = html_of(client.get(f"/{path}", follow=True, headers={"accept-language": "fr"}))
        assert '<html lang="fr"' in page
        assert edition.sha256 in page
        assert version.sha256 in page
        assert edition.body["subject"] in page
        [file] = [word for word in page.split() if word.endswith((".en.json", "-en.json"))]
        assert sha256_hex(client.get(file).content) == edition.sha256


def test_of_a_letter_that_is_not_public_only_the_fingerprint_is_shown(call: SignOnCall, client: Client) -> None:
    edition = call.version.editions.get(member=None)
    SignOnCall.objects.all().delete()
    page = html_of(client.get(reverse("website:frozen_text", args=[edition.code])))
    assert edition.sha256 in page
    assert edition.body["subject"] not in page
    assert "has not published" in page


def test_a_text_in_whose_place_another_is_says_so(call: SignOnCall, cast: SimpleNamespace, client: Client) -> None:
    edition = call.version.editions.get(member=None)
    later = make_next_version(call.letter, cast)
    page = html_of(client.get(reverse("website:frozen_text", args=[edition.code])))
    assert "version 1" in page
    assert "has replaced this text" not in page
    SignOnCall.objects.update(closed_at=timezone.now())
    make_call(later, cast)
    assert "Version 2 has replaced this text." in html_of(
        client.get(reverse("website:frozen_text", args=[edition.code]))
    )


@pytest.mark.parametrize("code", ["0" * 12, "9f2c", "x" * 12, "A" * 12, "0" * 64])
def test_other_codes_lead_nowhere(call: SignOnCall, client: Client, code: str) -> None:
    assert client.get(f"/en/v/{code}/").status_code == 404


def test_the_same_text_of_two_letters_names_both(call: SignOnCall, cast: SimpleNamespace, client: Client) -> None:
    edition = call.version.editions.get(member=None)
    second = make_version(call.campaign, cast)
    path = reverse("website:frozen_text", args=[edition.code])
    assert second.editions.get(member=None).code == edition.code
    assert "the same text" not in html_of(client.get(path)), "the second letter is not public"
    make_call(second, cast)
    assert "has the same text." in html_of(client.get(path))


def test_a_campaign_that_is_not_public_shows_nothing(call: SignOnCall, client: Client, campaign: Any) -> None:
    edition = call.version.editions.get(member=None)
    type(campaign).objects.update(published=False)
    assert client.get(reverse("website:frozen_text", args=[edition.code])).status_code == 404
