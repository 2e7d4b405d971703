"""The public form for corrections, as a browser without scripts sends it."""

import logging
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.coalitions.services.submission import FORMS_PER_HOUR
from apps.governments.models import Correction, Recipient
from tests.factories import make_campaign, make_member
from tests.factories.governments import make_recipient
from tests.factories.signing import token_of

pytestmark = pytest.mark.django_db
GIVEN = {
    "member": "KE", "wrong": "الوزير تغيّر", "source": "https://gazette.example", "post": "Minister of Commerce",
    "name": "Amina Wanjiru", "address": "amina@trade-ke.example",
}  # fmt: skip


@pytest.fixture
def minister(campaign: Campaign) -> Recipient:
    kenya = make_member("KE", "Kenya", code3="KEN")
    return make_recipient(campaign, kenya, "Cabinet Secretary", "cabinet@trade-ke.example", name="Old Name")


@pytest.fixture
def page(minister: Recipient, campaign: Campaign) -> str:
    return reverse("website:corrections", args=[campaign.slug])


def test_a_reader_proposes_and_nothing_is_applied(page: str, minister: Recipient) -> None:
    client = Client(enforce_csrf_checks=True)
    shown = client.get(page).content.decode()
    sent = client.post(page, {**GIVEN, "csrfmiddlewaretoken": token_of(shown)})
    assert sent.status_code == 302
    assert "We have your correction" in client.get(sent["Location"]).content.decode()
    row = Correction.objects.get()
    assert (row.wrong, row.name, row.mail, row.suspect, row.member.code) == (
        "الوزير تغيّر", "Amina Wanjiru", "", False, "KE",
    )  # fmt: skip
    minister.refresh_from_db()
    assert minister.name == "Old Name"


def test_it_shows_nothing_of_what_we_know_and_answers_the_same(page: str, client: Client) -> None:
    known = client.post(page, {**GIVEN, "address": "cabinet@trade-ke.example", "name": "Old Name"})
    unknown = client.post(page, {**GIVEN, "address": "nobody@trade-ke.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    for answer in (client.get(page), client.get(known["Location"]), client.get(page + "?member=KE")):
        text = answer.content.decode()
        for secret in ("Old Name", "cabinet@", "Cabinet Secretary"):
            assert secret not in text


@pytest.mark.parametrize(
    "wrong",
    [{"member": ""}, {"member": "XX"}, {"wrong": " "}, {"source": ""}, {"address": "no"}, {"mail": "a@"},
     {"wrong": "x" * 2001}, {"name": "x" * 201}, {"kind": "embassy"}, {"leave_empty": "x" * 201}],
)  # fmt: skip
def test_a_wrong_form_keeps_what_was_typed(page: str, client: Client, wrong: dict[str, str]) -> None:
    answer = client.post(page, {**GIVEN, "phone": "+254 20", **wrong})
    assert answer.status_code == 400
    assert 'id="errors"' in answer.content.decode()
    assert "+254 20" in answer.content.decode()
    assert not Correction.objects.exists()


def test_hostile_text_is_text_to_staff(page: str, client: Client, cast: Any, signed_in: Any) -> None:
    hostile = "<script>alert(1)</script> \u202e{{ settings.SECRET_KEY }}"
    client.post(page, {**GIVEN, "wrong": hostile, "name": hostile, "source": "javascript:alert(1)"})
    row = Correction.objects.get()
    assert "\u202e" not in row.wrong + row.name
    place = reverse("recipients:correction", args=["mc11", row.pk])
    text = signed_in(cast.sender).get(place).content.decode()
    assert "<script>alert" not in text
    assert 'href="javascript' not in text
    assert "{{ settings.SECRET_KEY }}" in text


def test_what_a_machine_fills_in_is_kept_as_suspect(page: str, client: Client) -> None:
    assert client.post(page, {**GIVEN, "leave_empty": "yes"}).status_code == 302
    assert Correction.objects.get().suspect


def test_one_connection_may_send_so_many(page: str, client: Client) -> None:
    for _form in range(FORMS_PER_HOUR):
        client.post(page, GIVEN)
    answer = client.post(page, GIVEN)
    assert answer.status_code == 429
    assert "Amina Wanjiru" in answer.content.decode()
    assert Correction.objects.count() == FORMS_PER_HOUR


def test_a_campaign_that_is_not_published_has_no_form(client: Client, db: None) -> None:
    make_campaign("hidden", published=False)
    for name in ("corrections", "correction_sent"):
        assert client.get(reverse(f"website:{name}", args=["hidden"])).status_code == 404


def test_the_form_is_found_from_every_public_page(page: str, client: Client, campaign: Campaign) -> None:
    assert page in client.get(reverse("website:home", args=[campaign.slug])).content.decode()


def test_governments_stand_under_their_name_of_the_day_and_are_found_under_todays(client: Client, page: str) -> None:
    make_member("SZ", "Eswatini", earlier_names=[{"until": "2018-04-19", "name": "Swaziland", "official_name": "S."}])
    offered = re.findall(r'<option value="(\w+)"[^>]*>([^<]+)</option>', client.get(page).content.decode())
    named = [words for code, words in offered if code in {"SZ", "KE"}]
    assert named == ["Eswatini (then Swaziland)", "Kenya", "Swaziland (today Eswatini)"]
    again = client.post(page, {**GIVEN, "member": "SZ", "wrong": ""}).content.decode()
    assert again.count('<option value="SZ" selected') == 1


@pytest.mark.parametrize(
    "given",
    [{**GIVEN, "wrong": "x" * 10_000_000}, {f"field{number}": "x" for number in range(1200)}],
    ids=["ten megabytes", "very many fields"],
)
@pytest.mark.parametrize("checks", [True, False])
def test_what_is_too_much_for_a_form_is_explained_and_is_no_error(
    page: str, given: dict[str, str], checks: bool, caplog: pytest.LogCaptureFixture
) -> None:
    sent = Client(enforce_csrf_checks=checks).post(page, given)
    assert sent.status_code == 400
    text = sent.content.decode()
    assert "<h1>This was too much for one form</h1>" in text
    assert "You sent more than 5 MB or 1000 fields at once." in text
    assert "css/public.css" in text
    assert [record.levelname for record in caplog.records if record.levelno >= logging.WARNING] == ["WARNING"]
    assert not Correction.objects.exists()


def test_a_host_that_is_not_ours_gets_a_page_too(page: str) -> None:
    sent = Client(headers={"host": "elsewhere.example"}).get(page)
    assert sent.status_code == 400
    assert "We cannot read what was sent" in sent.content.decode()
