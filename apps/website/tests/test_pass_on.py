"""Passing the filled-in form on to whoever may sign, and the text as PDF."""

import base64
import io
import re
from datetime import timedelta
from random import Random
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from pypdf import PdfReader

from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.sealed_forms import form_open, form_seal
from apps.coalitions.services.closing_times import sign_on_call_close
from apps.core.digits import text_with_digits
from apps.core.encryption import encrypt
from apps.core.logs import drop_addresses
from apps.core.times import campaign_time
from apps.postbox.models import Message
from apps.website.views import pass_on
from tests.factories import html_of
from tests.factories.signing import ORGANISATION_FORM, make_sign_on

pytestmark = pytest.mark.django_db
ARABIC = "جمعية المستهلك"


def passed_on(call: SignOnCall, client: Client, **typed: str) -> Any:
    address = reverse("website:pass_on", args=[call.campaign.slug, call.letter.number])
    return client.post(f"{address}?for=organisation", {**ORGANISATION_FORM, **typed})


def link_of(answer: Any) -> str:
    [link] = re.findall(r"<code dir=\"ltr\">https?://[^/]+(/\S+)</code>", answer.content.decode())
    return str(link)


def test_the_link_opens_the_form_as_it_was_typed_except_for_the_ticks(call: SignOnCall, client: Client) -> None:
    answer = passed_on(call, client, org_name=ARABIC, visibility="government", email="half@", wants_letters="on")
    assert answer.status_code == 200
    page = client.get(link_of(answer))
    text = html_of(page)
    assert page.status_code == 200
    assert f'value="{ARABIC}"' in text
    assert 'value="half@"' in text
    assert re.search(r'value="government"[^>]*checked', text)
    assert not re.search(r'name="(authorised|wants_letters)"[^>]*checked', text)
    assert "A colleague has filled in this form for you." in text
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page["X-Robots-Tag"]
    assert not SignOn.objects.exists()
    assert not Message.objects.exists()


def test_the_mail_to_a_colleague_writes_the_day_as_the_page_does(call: SignOnCall, client: Client) -> None:
    with override("ar"):
        written = text_with_digits(campaign_time(call.closes_at, call.campaign), "ar")
        assert quote(written) in passed_on(call, client).context["mailto"]


def test_nothing_is_stored_and_no_address_tells_what_was_typed(call: SignOnCall, client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        link = link_of(passed_on(call, client, org_name="Kisumu Data Rights Forum"))
    assert not [each for each in queries.captured_queries if each["sql"].startswith(("INSERT", "UPDATE"))]
    assert "Kisumu" not in link
    line = drop_addresses(None, "", {"event": f"GET {link} 200"})
    assert link.rstrip("/").rpartition("/")[2] not in line["event"]


def test_the_link_ends_with_the_call(call: SignOnCall, cast: SimpleNamespace, client: Client) -> None:
    link = link_of(passed_on(call, client, org_name="Kisumu Data Rights Forum"))
    sign_on_call_close(call=call, actor=cast.coordinator)
    late = client.get(link)
    assert late.status_code == 410
    assert "Kisumu" not in late.content.decode()
    assert passed_on(call, client).status_code == 409


@pytest.mark.parametrize("broken", ["x", "AAAA", "%00", "é", "a" * 500])
def test_a_broken_link_says_so(call: SignOnCall, client: Client, broken: str) -> None:
    page = client.get(reverse("website:filled_in", args=[call.campaign.slug, call.letter.number, broken]))
    assert page.status_code == 404
    assert "is incomplete or no longer works" in html_of(page)


def test_only_what_was_sealed_as_a_form_opens() -> None:
    assert form_open(base64.urlsafe_b64encode(encrypt(b"another secret of ours")).decode()) is None
    sealed = form_seal(call_id=1, kind="person", typed={"person_name": "Afi"})
    altered = sealed[:-2] + ("AA" if sealed[-2:] != "AA" else "BB")
    assert form_open(altered) is None
    opened = form_open(sealed)
    assert opened is not None
    assert opened.values == {"person_name": "Afi"}


def test_what_does_not_fit_is_said_and_kept(call: SignOnCall, client: Client) -> None:
    chance = Random(7)
    names = ("org_name", "org_name_english", "org_acronym", "person_name", "person_post", "email")
    long = {name: "".join(chr(chance.randrange(0x4E00, 0x9FA0)) for _each in range(300)) for name in names}
    answer = passed_on(call, client, **long)
    assert answer.status_code == 400
    assert "too long to fit into a link" in html_of(answer)
    assert long["org_name"] in answer.content.decode()


def test_the_text_is_a_pdf_without_signatures(call: SignOnCall, client: Client, monkeypatch: Any) -> None:
    make_sign_on(call, "Kisumu Data Rights Forum")
    page = client.get(reverse("website:letter", args=[call.campaign.slug, call.letter.number]))
    [path] = re.findall(r'href="https?://[^/]+(/\S+\.pdf)"', page.content.decode())
    first = client.get(path)
    assert first["Content-Type"] == "application/pdf"
    assert "public" in first["Cache-Control"]
    assert first.content == client.get(path).content
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(first.content)).pages)
    assert "Kisumu" not in text
    assert client.get(path.replace("en.pdf", "fr.pdf")).status_code == 404
    monkeypatch.setattr(pass_on, "PDFS_PER_HOUR", 0)
    assert client.get(path).status_code == 429


def test_a_text_under_embargo_has_no_pdf(call: SignOnCall, client: Client) -> None:
    SignOnCall.objects.update(embargo_until=call.closes_at - timedelta(days=1))
    path = reverse("files:text_pdf", args=[call.campaign.slug, call.letter.number, call.version.number, "en"])
    assert client.get(path).status_code == 404
