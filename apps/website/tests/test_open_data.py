"""What programs of anybody read: the same as the pages show, as JSON and CSV, and never a name that is not public."""

import csv
import gzip
import io
import json
from datetime import date
from itertools import product
from typing import Any

import jsonschema
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.services.calls import names_hide
from apps.core import kept_files, page_cache
from apps.governments.models import Member
from apps.governments.services.positions import position_record
from apps.sources.models import Source
from apps.talkingpoints.models import Fact
from apps.website.pages.open_data.registry import DATASETS
from apps.website.views import open_data
from tests.factories.evidence import make_fact, make_point
from tests.factories.governments import make_member
from tests.factories.signing import make_sign_on, make_sign_ons, organisation, person, signed

pytestmark = pytest.mark.django_db
FILES = [*product(DATASETS, ("json", "csv"))]


@pytest.fixture
def evidence(campaign: Campaign) -> Fact:
    point = make_point(campaign, 1)
    fact = make_fact(campaign, "p1-f1", point, statement="=2+2 jobs, “lost”")
    make_fact(campaign, "p1-f2", point, statement="An old statement", retired_at=timezone.now())
    make_fact(campaign, "context", statement="On no page")
    Source.objects.create(campaign=campaign, key="cited-by-nobody", kind="report", title="Unread")
    return fact


def address(campaign: Campaign, dataset: str, ending: str = "json") -> str:
    return reverse(f"files:open_data_{ending}", args=[campaign.slug, dataset])


def names_address(call: SignOnCall, ending: str = "csv") -> str:
    name = {"csv": "files:signatories_csv", "json": "files:signatories"}[ending]
    return reverse(name, args=[call.campaign.slug, call.letter.number])


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def rows(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(answer).decode(), newline="")))


def everything(call: SignOnCall, client: Client) -> dict[str, str]:
    """{address: text} of every file and of the page that lists them."""
    addresses = [address(call.campaign, key, ending) for key, ending in FILES]
    addresses += [names_address(call, ending) for ending in ("json", "csv")]
    addresses.append(reverse("website:open_data", args=[call.campaign.slug]))
    return {each: content(client.get(each)).decode() for each in addresses}


def test_no_name_that_is_not_public_is_in_any_file(call: SignOnCall, cast: Any, evidence: Fact, client: Client) -> None:
    signed(call, organisation(person_name="Canary Contact"), accepted_by=cast.coordinator)
    for visibility in ("counted", "government"):
        signed(
            call, person(email=f"{visibility}@canary.example", person_name=f"Canary {visibility}",
            visibility=visibility), accepted_by=cast.coordinator,
        )  # fmt: skip
    signed(call, organisation("Canary not looked at", email="a@canary.example", country="TG"))
    for state in ("withdrawn", "pending"):
        SignOn.objects.filter(pk=make_sign_on(call, f"Canary {state}").pk).update(state=state)
    found = everything(call, client)
    for each, text in found.items():
        assert "anary" not in text, each
    assert "Kisumu Data Rights Forum" in found[names_address(call)]
    names_hide(call=call, actor=cast.coordinator)
    for each, text in everything(call, client).items():
        assert "Kisumu" not in text, each


def test_names_by_csv_are_those_by_json(call: SignOnCall, client: Client) -> None:
    make_sign_on(call, "جمعية المستهلك الأطلسي", country="MA", english="Atlantic Consumers")
    make_sign_on(call, '=HYPERLINK("http://evil.example")')
    make_sign_on(call, "Kisumu, Data; Rights")
    answer = client.get(names_address(call))
    found = rows(answer)
    shown = client.get(names_address(call, "json")).json()["signatories"]
    assert [list(row) for row in found] == [["name", "name_in_english", "kind", "country"]] * 3
    assert found[0]["name"].startswith("'=HYPERLINK")
    found[0]["name"] = found[0]["name"][1:]
    assert found == shown
    for each in (names_address(call), address(call.campaign, "letters", "csv")):
        plain, marked = (content(client.get(each, asked)) for asked in ({"bom": "no"}, {"bom": "1"}))
        assert not plain.startswith(b"\xef\xbb\xbf")
        assert marked == b"\xef\xbb\xbf" + plain, each
    assert answer["Content-Disposition"] == f'attachment; filename="{call.campaign.slug}-letter-1-signatories.csv"'
    assert answer["Content-Type"].startswith("text/csv; charset=utf-8")


def test_every_json_is_as_its_schema_says(
    call: SignOnCall, cast: Any, evidence: Fact, client: Client, campaign: Campaign
) -> None:
    make_sign_on(call, "Kisumu Data Rights Forum")
    position_record(
        campaign=campaign,
        member=Member.objects.get(code="KE"),
        stance="opposes",
        on=date(2017, 10, 1),
        actor=cast.coordinator,
    )
    answer = client.get(reverse("files:open_data_schema"))
    schema = answer.json()
    jsonschema.Draft202012Validator.check_schema(schema)
    for key in (*DATASETS, "signatories"):
        path = names_address(call, "json") if key == "signatories" else address(campaign, key)
        document = client.get(path)
        assert f"#/$defs/{key}" in document["Link"]
        validate = jsonschema.Draft202012Validator(
            {**schema["$defs"][key]}, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
        )
        validate.validate(document.json())
        assert document.json().get("rows") or document.json().get("signatories"), key
        with pytest.raises(jsonschema.ValidationError):
            validate.validate({**document.json(), "email": "a@b.example"})


def test_the_evidence_is_what_the_pages_show(campaign: Campaign, evidence: Fact, client: Client) -> None:
    facts = client.get(address(campaign, "facts")).json()["rows"]
    assert [fact["statement"] for fact in facts] == ["=2+2 jobs, “lost”"]
    assert facts[0]["source"] == evidence.source.key
    page = client.get(facts[0]["page"].removeprefix("http://testserver").split("#")[0], follow=True)
    assert f'id="{facts[0]["page"].split("#")[1]}"' in page.content.decode()
    sources = client.get(address(campaign, "sources")).json()["rows"]
    assert "cited-by-nobody" not in [source["key"] for source in sources]
    [line] = rows(client.get(address(campaign, "facts", "csv")))
    assert line["statement"] == "'=2+2 jobs, “lost”"
    assert line["key"] == evidence.key


def test_texts_come_in_the_language_asked_for(campaign: Campaign, call: SignOnCall, client: Client) -> None:
    make_sign_on(call, "Ligue", country="DE")
    spoken = {"Accept-Language": "fr"}
    plain = client.get(address(campaign, "countries"), headers=spoken).json()
    assert (plain["language"], plain["rows"][0]["name"]) == ("en", "Germany"), "not that of the browser"


def test_counts_of_the_whole_campaign(campaign: Campaign, call: SignOnCall, cast: Any, client: Client) -> None:
    make_sign_ons(call, ["Alpha", "Beta"], country="KE")
    make_sign_on(call, "Gamma", country="FR")
    [letter] = client.get(address(campaign, "letters")).json()["rows"]
    assert (letter["signatures"], letter["countries"], letter["public_names"], letter["is_open"]) == (3, 2, 3, True)
    counted = [(row["country"], row["signatures"]) for row in client.get(address(campaign, "countries")).json()["rows"]]
    assert counted == [("FR", 1), ("KE", 2)]
    [line] = rows(client.get(address(campaign, "letters", "csv")))
    assert (line["signatures"], line["is_open"]) == ("3", "true")


def test_positions_on_a_day(campaign: Campaign, cast: Any, client: Client) -> None:
    kenya = make_member("KE")
    position_record(campaign=campaign, member=kenya, stance="opposes", on=date(2017, 10, 1), actor=cast.coordinator)
    path = address(campaign, "positions")

    def stance(on: str) -> Any:
        return {row["member"]: row["stance"] for row in client.get(path, {"on": on}).json()["rows"]}["KE"]

    assert (stance("2017-09-30"), stance("2017-10-01")) == (None, "opposes")
    wrong = client.get(path, {"on": "yesterday"})
    assert wrong.status_code == 400
    assert "2017-12-13" in wrong.json()["detail"]


@pytest.mark.parametrize("licence", ["CC-BY-4.0", "none"])
def test_every_file_says_its_licence(call: SignOnCall, evidence: Fact, client: Client, licence: str) -> None:
    campaign, granted = call.campaign, "https://creativecommons.org/licenses/by/4.0/" if licence != "none" else None
    assert campaign.open_data_licence == "none", "nothing is granted in the name of a campaign that does not say so"
    Campaign.objects.update(open_data_licence=licence)
    for path in (*(address(campaign, *file) for file in FILES), names_address(call), names_address(call, "json")):
        answer = client.get(path)
        assert (f'<{granted}>; rel="license"' in answer.get("Link", "")) == bool(granted), path
        if path.endswith("json"):
            assert answer.json()["license"] == granted
    page = client.get(reverse("website:open_data", args=[campaign.slug])).content.decode()
    catalogue = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert {each.get("license") for each in (catalogue, *catalogue["dataset"])} == {granted}
    assert (f'rel="license" href="{granted}"' in page) == bool(granted)


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_any_site_may_read_it_without_cookies(call: SignOnCall, client: Client, settings: Any, ending: str) -> None:
    settings.PUBLIC_PAGE_SECONDS = 60
    for path in (address(call.campaign, "letters", ending), names_address(call, ending)):
        first = client.get(path, headers={"Origin": "https://press.example"})
        same = client.get(path, headers={"If-None-Match": first["ETag"]})
        missing = client.get(path.replace(call.campaign.slug, "nowhere"))
        asked = client.options(path, headers={"Access-Control-Request-Headers": "if-none-match"})
        head = client.head(path)
        assert [each.status_code for each in (first, same, missing, asked, head)] == [200, 304, 404, 204, 200]
        for each in (first, same, missing, asked, head):
            assert each["Access-Control-Allow-Origin"] == "*"
            assert "Access-Control-Allow-Credentials" not in each
            assert not each.cookies
        assert asked["Access-Control-Allow-Headers"] == "If-None-Match"
        assert head.content == b""
        assert "s-maxage" in first["Cache-Control"]
        packed = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(packed.content) == first.content
        assert client.post(path).status_code == 405


def test_kept_files_ask_the_database_nothing_and_end_when_names_are_hidden(
    call: SignOnCall, cast: Any, client: Client, settings: Any, django_assert_num_queries: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    settings.PUBLIC_PAGE_SECONDS = 60
    make_sign_on(call, "Kisumu Data Rights Forum")
    path = names_address(call)
    assert len(rows(client.get(path))) == 1
    with django_assert_num_queries(0):
        client.get(path)
    with django_capture_on_commit_callbacks(execute=True):
        names_hide(call=call, actor=cast.coordinator)
    assert rows(client.get(path)) == []


@pytest.fixture
def long_list(settings: Any, monkeypatch: pytest.MonkeyPatch, call: SignOnCall) -> str:
    """The address of a list that is not kept in the cache."""
    settings.PUBLIC_PAGE_SECONDS = 60
    monkeypatch.setattr(open_data, "NAMES_IN_CACHE", 2)
    monkeypatch.setattr(page_cache, "NEAR_SECONDS", 0)
    kept_files._kept.clear()
    make_sign_ons(call, ["Alpha", "Beta", "Gamma"])
    return names_address(call)


def test_a_long_list_is_streamed_and_kept_as_a_file(
    long_list: str, call: SignOnCall, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get(long_list)
    assert first.streaming
    plain = content(first)
    assert [row["name"] for row in csv.DictReader(io.StringIO(plain.decode()))] == ["Alpha", "Beta", "Gamma"]
    monkeypatch.setattr(open_data, "signatories_write", None)  # nothing is written again
    packed = client.get(long_list, headers={"Accept-Encoding": "gzip"})
    body = content(packed)
    assert gzip.decompress(body) == plain
    assert packed["Content-Length"] == str(len(body))
    same = client.get(long_list, headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same["Access-Control-Allow-Origin"]) == (304, "*")
    head = client.head(long_list)
    assert (head.status_code, content(head), head["ETag"]) == (200, b"", first["ETag"])


def test_a_name_that_is_taken_back_leaves_the_long_list_at_once(
    long_list: str, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    before = client.get(long_list)
    with django_capture_on_commit_callbacks(execute=True):
        SignOn.objects.filter(org_name="Beta").update(visibility="counted")
        page_cache.pages_drop()
    after = client.get(long_list)
    assert b"Beta" not in content(after)
    assert after["ETag"] != before["ETag"]
    assert b"Beta" in content(before), "who began to read it reads it to its end"


def test_the_page_lists_every_file(call: SignOnCall, evidence: Fact, client: Client) -> None:
    make_sign_on(call, "Kisumu Data Rights Forum")
    page = client.get(reverse("website:open_data", args=[call.campaign.slug])).content.decode()
    for key, ending in FILES:
        assert f'href="{address(call.campaign, key, ending)}"' in page
    assert f'href="{names_address(call)}"' in page
    data = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    catalogue = json.loads(data)
    assert len(catalogue["dataset"]) == len(DATASETS) + 1
    assert all(each["distribution"] for each in catalogue["dataset"])
    home = client.get(reverse("website:home", args=[call.campaign.slug])).content.decode()
    assert reverse("website:open_data", args=[call.campaign.slug]) in home
