"""The letter in a frame of other sites, and its public counts and names for programs."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.selectors.calls import call_fingerprint
from apps.coalitions.services.calls import names_hide, sign_on_call_change, sign_on_call_open
from apps.coalitions.services.closing_times import sign_on_call_close
from apps.core.models import AuditEvent
from apps.website.views import signatories_json
from tests.factories.signing import (
    ORGANISATION_FORM,
    make_call,
    make_sign_on,
    make_sign_ons,
    organisation,
    person,
    signed,
)

pytestmark = pytest.mark.django_db

SITE = "https://www.kdrf.example"


@pytest.fixture
def frame(call: SignOnCall) -> str:
    return reverse("website:embed", args=[call.campaign.slug, call.letter.number])


@pytest.fixture
def names(call: SignOnCall) -> str:
    return reverse("files:signatories", args=[call.campaign.slug, call.letter.number])


def allow(call: SignOnCall, cast: Any, *origins: str) -> SignOnCall:
    return sign_on_call_change(
        call=call, actor=cast.coordinator, seen=call_fingerprint(call), embed_origins=list(origins)
    )


def ancestors(answer: Any) -> str:
    [found] = [part for part in answer["Content-Security-Policy"].split("; ") if part.startswith("frame-ancestors")]
    return str(found)


def test_only_the_sites_that_are_named_may_frame_it(
    call: SignOnCall, cast: Any, frame: str, client: Client, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.PUBLIC_PAGE_SECONDS = 60
    assert ancestors(client.get(frame)) == "frame-ancestors 'self'"
    with django_capture_on_commit_callbacks(execute=True):
        allow(call, cast, SITE, "https://b.example:8443")
    seen = client.get(frame)["ETag"]
    for headers in ({}, {}, {"If-None-Match": seen}):
        answer = client.get(frame, headers=headers)
        assert ancestors(answer) == f"frame-ancestors 'self' {SITE} https://b.example:8443"
        assert "X-Frame-Options" not in answer
        assert not answer.cookies
    assert answer.status_code == 304
    assert ancestors(client.get(f"{frame}check-your-mail/")).endswith(":8443")


def test_no_other_page_may_be_framed(call: SignOnCall, cast: Any, frame: str, client: Client) -> None:
    allow(call, cast, SITE)
    place = [call.campaign.slug, call.letter.number]
    for page in (reverse("website:letter", args=place), reverse("website:share_mastodon", args=place), f"{frame}x/"):
        answer = client.get(page)
        assert (ancestors(answer), answer["X-Frame-Options"]) == ("frame-ancestors 'none'", "DENY"), page


def test_the_frame_signs_without_cookies(call: SignOnCall, frame: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(f"{frame}?for=organisation").content.decode()
    assert f'action="{frame}?for=organisation#sign"' in page
    assert "Send this to my director" not in page, "its page cannot be framed"
    answer = browser.post(f"{frame}?for=organisation", ORGANISATION_FORM, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer["Location"] == f"{frame}check-your-mail/"
    assert SignOn.objects.get().org_name == ORGANISATION_FORM["org_name"]
    assert not browser.cookies


def test_a_form_of_another_site_is_not_taken(call: SignOnCall, frame: str, client: Client) -> None:
    answer = client.post(frame, ORGANISATION_FORM, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert ORGANISATION_FORM["org_name"] in answer.content.decode()
    assert not SignOn.objects.exists()


def test_errors_stand_in_the_frame(call: SignOnCall, cast: Any, frame: str, client: Client) -> None:
    allow(call, cast, SITE)
    answer = client.post(frame, {**ORGANISATION_FORM, "email": "nobody"})
    assert answer.status_code == 400
    assert ancestors(answer).endswith(SITE)


def test_a_closed_letter_still_shows_its_count(call: SignOnCall, cast: Any, frame: str, client: Client) -> None:
    signed(call, organisation(), accepted_by=cast.coordinator)
    sign_on_call_close(call=call, actor=cast.coordinator)
    page = client.get(frame).content.decode()
    assert "Kisumu Data Rights Forum" in page
    assert "<form" not in page


def test_nothing_is_framed_during_an_embargo(version: Any, cast: Any, client: Client, signed_in: Any) -> None:
    call = make_call(version, cast, embargo_until=timezone.now() + timedelta(days=1))
    place = [call.campaign.slug, call.letter.number]
    for name in ("website:embed", "website:embed_check_mail", "files:signatories"):
        assert client.get(reverse(name, args=place)).status_code == 404
    staff = signed_in(cast.coordinator).get(reverse("sign_on:embed", args=[call.campaign.slug, call.pk]))
    assert "stays empty until the public sees" in staff.content.decode()


def test_the_coordinator_names_the_sites_and_the_record_keeps_it(
    call: SignOnCall, cast: Any, campaign: Campaign, signed_in: Any, client: Client
) -> None:
    page, ada = reverse("sign_on:embed", args=[campaign.slug, call.pk]), signed_in(cast.coordinator)
    typed = {"seen": call_fingerprint(call), "origins": "www.kdrf.example/about\n\nhttps://www.kdrf.example\n"}
    assert ada.post(page, typed).status_code == 302
    call.refresh_from_db()
    assert call.embed_origins == [SITE]
    event = AuditEvent.objects.filter(verb="sign_on_call.change").latest("id")
    assert event.data["embed_origins"] == [[], [SITE]]
    assert SITE in signed_in(cast.observer).get(reverse("dashboard:audit", args=[campaign.slug])).content.decode()
    wrong = ada.post(
        page, {"seen": call_fingerprint(call), "origins": "http://a.example\n*.b.example\nhttps://c.example"}
    )
    text = wrong.content.decode()
    assert wrong.status_code == 400
    assert "not: http://a.example, *.b.example" in text
    assert "https://c.example</textarea>" in text, "nothing typed is lost"
    stale = ada.post(page, typed)
    assert stale.status_code == 409


def test_snippets_lead_to_the_frame_in_the_language(
    call: SignOnCall, campaign: Campaign, cast: Any, signed_in: Any
) -> None:
    text = signed_in(cast.coordinator).get(reverse("sign_on:embed", args=[campaign.slug, call.pk]) + "?language=fr")
    page = text.content.decode()
    assert f"src=&quot;http://testserver/fr/c/{campaign.slug}/letters/1/embed/&quot;" in page
    assert "src=&quot;http://testserver/embed.js&quot;" in page


def test_the_next_call_keeps_the_sites(call: SignOnCall, cast: Any) -> None:
    allow(call, cast, SITE)
    sign_on_call_close(call=call, actor=cast.coordinator)
    again = sign_on_call_open(
        version=call.version, actor=cast.coordinator, opens_at=None, closes_at=timezone.now() + timedelta(days=3)
    )
    assert again.embed_origins == [SITE]


def test_only_origins_are_stored(call: SignOnCall, cast: Any) -> None:
    with pytest.raises(ValueError, match="origins"):
        allow(call, cast, "https://a.example; script-src *")


def test_the_script_has_an_address_that_stays(client: Client) -> None:
    answer = client.get("/embed.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert len(answer.content) < 3000
    assert "public" in answer["Cache-Control"]
    assert not answer.cookies


def test_programs_read_counts_and_public_names(call: SignOnCall, cast: Any, names: str, client: Client) -> None:
    signed(call, organisation(), accepted_by=cast.coordinator)
    shown_to_governments = organisation("Forum", email="a@b.example", country="TG", visibility="government")
    signed(call, shown_to_governments, accepted_by=cast.coordinator)
    signed(call, organisation("Not looked at yet", email="c@d.example"))
    signed(call, person(), accepted_by=cast.coordinator)
    answer = client.get(names)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    found = answer.json()
    assert (found["total"], found["organisations"], found["people"]) == (4, 3, 1)
    assert found["by_country"] == {"KE": 2, "TG": 2}
    assert [(name["name"], name["kind"], name["country"]) for name in found["signatories"]] == [
        ("Kisumu Data Rights Forum", "organisation", "KE"),
        ("Afi Mensah", "person", "TG"),
    ]
    assert found["next"] is None
    for secret in ("kdrf.example", "post.example", "Otieno"):
        assert secret not in answer.content.decode()
    names_hide(call=call, actor=cast.coordinator)
    hidden = client.get(names).json()
    assert (hidden["total"], hidden["names_hidden"], hidden["signatories"]) == (4, True, [])


def test_all_pages_together_are_the_list(
    call: SignOnCall, names: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signatories_json, "NAMES_ON_PAGE", 2)
    for country in ("KE", "FR"):
        make_sign_ons(call, ["Alpha", "Gamma", "beta"], country=country)
    seen, address = [], names
    while address:
        page = client.get(address).json()
        seen += [(name["country"], name["name"]) for name in page["signatories"]]
        address = page["next"]
    assert seen == [(country, name) for country in ("FR", "KE") for name in ("Alpha", "beta", "Gamma")]


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "999999", ""])
def test_a_place_that_is_none_says_so(call: SignOnCall, names: str, client: Client, after: str) -> None:
    answer = client.get(names, {"after": after})
    assert answer.status_code == 404
    assert "start again" in answer.json()["detail"]


def test_the_json_is_kept_and_not_sent_twice(
    call: SignOnCall, names: str, client: Client, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.PUBLIC_PAGE_SECONDS = 60
    make_sign_on(call, "Kisumu Data Rights Forum")
    first = client.get(names)
    with django_assert_num_queries(0):
        again = client.get(names, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again["Access-Control-Allow-Origin"]) == (304, "*")
    assert client.head(names).content == b""
    assert "s-maxage" in first["Cache-Control"]
    assert json.loads(first.content)["signatories"][0]["name"] == "Kisumu Data Rights Forum"
