"""What all addresses of the read API share: strict questions, pages, problems, conditions, limit, description."""

import json
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from apps.api.openapi import openapi_document
from apps.api.pages.reference import resources
from apps.campaigns.models import ApiToken, Campaign
from apps.campaigns.roles import Role
from apps.campaigns.scopes import Scope
from apps.campaigns.services.tokens import api_token_create
from apps.governments.models import Group, Office, Position, Recipient
from apps.sources.models import Source
from apps.talkingpoints.models import Fact, TalkingPoint
from tests.factories import add_team_member, give_second_factor, make_group, make_member, make_user

ROOT = Path(__file__).resolve().parents[2]

LISTS = ("points", "facts", "sources", "members", "groups", "positions")
LETTERS = [f"{first}{second}" for first in "ABCDEFGH" for second in "ABCDEFGH"]


def fill(campaign: Campaign, start: int, end: int) -> None:
    """Rows of everything, each with what hangs on it."""
    for number in range(start, end):
        source = Source.objects.create(campaign=campaign, key=f"s{number:02}", kind="footnote", title="Report")
        point = TalkingPoint.objects.create(campaign=campaign, number=number, slug=f"p{number}", title="T", claim="C")
        fact = Fact.objects.create(
            campaign=campaign, point=point, key=f"f{number:02}", position=1, statement="So", kind="claim",
            source=source, verification="verified",
        )  # fmt: skip
        fact.additional_sources.add(source)
        member = make_member(LETTERS[number], f"Land {number:02}")
        make_group(f"g{number:02}", member, make_member(LETTERS[number + 32], f"Isle {number:02}"))
        Position.objects.create(campaign=campaign, member=member, stance="opposes", on="2017-10-01", source=source)


# ---- pages


@pytest.mark.parametrize("name", LISTS)
def test_lists_cost_the_same_whatever_their_length(campaign: Campaign, read: Any, name: str) -> None:
    fill(campaign, 1, 3)
    read(name)  # writes the last use
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert len(read(name).json()["results"]) <= 4
    fill(campaign, 3, 30)
    with CaptureQueriesContext(connection) as many:
        answer = read(name, page_size=200).json()
    assert len(answer["results"]) >= 29
    assert len(many) == len(few) <= 6, [query["sql"] for query in many]


@pytest.mark.parametrize("name", LISTS)
def test_pages_hold_every_row_once_in_one_order(campaign: Campaign, read: Any, name: str) -> None:
    fill(campaign, 1, 8)
    whole = read(name).json()
    assert whole["next"] is None
    assert whole["previous"] is None
    pages = [read(name, page_size=3).json()]
    while pages[-1]["next"] is not None:
        pages.append(follow(read, pages[-1]["next"]))
        assert len(pages) < 20
    assert [row for page in pages for row in page["results"]] == whole["results"]
    back = [pages[-1]]
    while back[-1]["previous"] is not None:
        back.append(follow(read, back[-1]["previous"]))
    assert [page["results"] for page in reversed(back)] == [page["results"] for page in pages]
    assert back[-1]["next"] == pages[0]["next"]


def follow(read: Any, url: str) -> Any:
    parts = urlsplit(url)
    return read(parts.path.removeprefix("/api/v1/mc11/"), **dict(parse_qsl(parts.query))).json()


@pytest.mark.parametrize("name", LISTS)
def test_nothing_is_an_empty_page(read: Any, name: str) -> None:
    assert read(name).json() == {"next": None, "previous": None, "results": []}


def test_what_is_added_meanwhile_shifts_no_page(campaign: Campaign, read: Any) -> None:
    fill(campaign, 3, 7)
    first = read("sources", page_size=2).json()
    fill(campaign, 1, 3)  # before what was read
    Source.objects.filter(key="s04").update(key="s035")  # the row at which the next page begins
    assert [row["key"] for row in follow(read, first["next"])["results"]] == ["s05", "s06"]


def test_the_last_page_is_found_by_the_index_as_the_first_is(campaign: Campaign, read: Any) -> None:
    """No offset, and the place where a page begins is a condition that an index answers."""
    fill(campaign, 1, 12)
    url = read("positions", page_size=4).json()["next"]
    with CaptureQueriesContext(connection) as queries:
        follow(read, url)
    sql = next(query["sql"] for query in queries if "cursor_key_0" in query["sql"])
    assert "OFFSET" not in sql
    assert re.search(r'"on" <= \S+ AND', sql) or re.search(r'AND "governments_position"."on" <= ', sql), sql
    assert sql.endswith("LIMIT 5")


@pytest.mark.parametrize("cursor", ["", "2", "x" * 2001, "W2ZhbHNlLFs1MF1d", "W10:abc"])
def test_what_is_no_cursor_is_refused(campaign: Campaign, read: Any, cursor: str) -> None:
    fill(campaign, 1, 4)
    answer = read("facts", cursor=cursor)
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "cursor")
    of_points = dict(parse_qsl(urlsplit(read("points", page_size=1).json()["next"]).query))["cursor"]
    assert read("facts", cursor=of_points).status_code == 400, "that of another list"


# ---- strict questions


@pytest.mark.parametrize(
    ("path", "params", "named", "says"),
    [
        ("facts", {"membr": "KE"}, "membr", "Allowed: cursor, page_size, point"),
        ("facts/f01", {"on": "2017-12-13"}, "on", "No parameters are allowed"),
        ("facts", {"format": "json"}, "format", "not known"),
        ("facts", {"kind": "figures"}, "kind", "Allowed: claim"),
        ("facts", {"kind": ""}, "kind", "may not be blank"),
        ("facts", {"kind": ["claim", "claim"]}, "kind", "more than once"),
        ("facts", {"kind": "a\x00"}, "kind", "Null characters"),
        ("facts", {"point": "77"}, "point", "Allowed: 1, 2"),
        ("facts", {"point": "x" * 5000}, "point", "no more than 100 characters"),
        ("facts", {"verification": "sure"}, "verification", "verified, consistent, unverified, caution"),
        ("facts", {"retired": "yes"}, "retired", "Allowed: false, true, all."),
        ("facts", {"member": "ZZ"}, "member", "No member has the code “ZZ”"),
        ("facts", {"member": "K\x00"}, "member", "No member has the code"),
        ("facts", {"member": "Kenya'--"}, "member", "two letters"),
        ("facts", {"group": "nowhere"}, "group", "Allowed: g01"),
        ("facts", {"source": "nothing"}, "source", "Allowed: s01"),
        ("facts", {"page": "2"}, "page", "not known"),
        ("facts", {"page_size": "0"}, "page_size", "greater than or equal to 1"),
        ("facts", {"page_size": "9" * 5000}, "page_size", "too large"),
        ("facts", {"page_size": "201"}, "page_size", "less than or equal to 200"),
        ("sources", {"kind": "book"}, "kind", "Allowed: footnote"),
        ("points", {"topic": "tea"}, "topic", "There are no values yet"),
        ("members", {"on": "2017-02-30"}, "on", "2017-12-13"),
        ("members", {"on": "13.12.2017"}, "on", "2017-12-13"),
        ("members", {"on": "2017-12-13T10:00"}, "on", "2017-12-13"),
        ("members", {"language": "de"}, "language", "Allowed: en, fr, es."),
        ("members", {"region": "Atlantis"}, "region", "Africa/Sub-Saharan Africa"),
        ("positions", {"stance": "against"}, "stance", "opposes, undecided, supports, joined"),
        ("positions", {"on": "2017-12-13", "from": "2017-01-01"}, "on", "cannot be combined"),
        ("positions", {"from": "2017-12-14", "to": "2017-12-13"}, "from", "is after"),
        ("positions", {"from": "yesterday"}, "from", "2017-12-13"),
    ],
)
def test_a_slip_is_told_by_name(campaign: Campaign, read: Any, path: str, params: Any, named: str, says: str) -> None:
    fill(campaign, 1, 3)
    answer = read(path, **params)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["type"], body["title"], body["status"]) == ("about:blank", "Bad Request", 400)
    assert [error["parameter"] for error in body["errors"]] == [named]
    assert says in body["errors"][0]["detail"]
    assert len(answer.content) < 3000


def test_several_slips_are_told_at_once(campaign: Campaign, read: Any) -> None:
    errors = read("positions", stance="no", on="2017-02-30", since="2017").json()["errors"]
    assert {error["parameter"] for error in errors} == {"stance", "on", "since"}


# ---- problems


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_a_url_says_which_methods_it_has(read: Any, method: str) -> None:
    answer = read("groups", method=method)
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
    assert answer["Content-Type"] == "application/problem+json"


def test_head_answers_as_get_without_a_body(campaign: Campaign, read: Any) -> None:
    fill(campaign, 1, 2)
    answer = read("points", method="head")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["ETag"] == read("points")["ETag"]


def test_browsers_get_json_and_no_pages_to_click_in(read: Any) -> None:
    answer = read("points", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer["Content-Type"] == "application/json"
    answer = read("points", headers={"Accept": "text/html"})
    assert answer.status_code == 406
    assert answer.json()["detail"].startswith("Responses are JSON")
    assert "Set-Cookie" not in answer


@pytest.mark.parametrize(
    "path",
    ["points/99",
     "points/" + "9" * 30, "points/" + "9" * 5000, "points/-1", "facts/none", "facts/a%00b", "members/K%00",
     "members/KEN", "groups/..%2F..", "positions/99999999999999999999999", "points/", "nothing", "facts/a/b"],
)  # fmt: skip
def test_what_is_not_there_is_a_problem_too(campaign: Campaign, read: Any, path: str) -> None:
    fill(campaign, 1, 2)
    answer = read(path)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["title"] == "Not Found"


def test_without_a_token_no_campaign_exists_or_not(campaign: Campaign) -> None:
    answers = [Client().get(f"/api/v1/{slug}/points") for slug in (campaign.slug, "never-was")]
    assert {answer.status_code for answer in answers} == {401}
    assert answers[0].content == answers[1].content


def test_our_own_fault_is_a_problem_and_tells_nothing(read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_view: Any) -> None:
        raise RuntimeError("the inner workings")

    monkeypatch.setattr("apps.api.viewsets.talkingpoints.SourceViewSet.get_queryset", fail)
    monkeypatch.setattr(Client, "store_exc_info", lambda *_args, **_more: None)  # the answer alone
    answer = read("sources")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "workings" not in answer.content.decode()
    assert answer["X-Request-Id"]


# ---- conditions and the limit


def test_what_one_has_already_is_not_sent_again(campaign: Campaign, read: Any) -> None:
    fill(campaign, 1, 3)
    first = read("facts")
    assert first["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Accept"} <= {name.strip() for name in first["Vary"].split(",")}
    again = read("facts", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    Fact.objects.filter(key="f01").update(statement="So it is not")
    changed = read("facts", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_each_token_has_its_share_of_a_minute(
    campaign: Campaign, read: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    monkeypatch.setattr(time, "time", lambda: 6_000_000_000 + 20.5)
    assert [read("points").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = read("facts")
    assert answer["Retry-After"] == "40"
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["RateLimit"] == '"read";r=0;t=39'
    monkeypatch.setattr(time, "time", lambda: 6_000_000_000 + 60.5)
    answer = read("points")
    assert answer.status_code == 200
    assert (answer["RateLimit-Policy"], answer["RateLimit"]) == ('"read";q=3;w=60', '"read";r=2;t=59')


def test_writing_has_a_share_of_its_own(cast: Any, program: Any, settings: Any) -> None:
    settings.API_WRITES_PER_MINUTE = 1
    drafter = program(cast.drafter)
    statuses = [drafter("post", "points", {}).status_code for _ in range(3)]
    assert statuses[0] == 422
    assert statuses[-1] == 429
    assert drafter("get", "points").status_code == 200


def test_a_network_that_guesses_is_refused_and_others_go_on(read: Any, settings: Any) -> None:
    settings.API_WRONG_TOKENS_PER_MINUTE = 2
    guess = Client(headers={"Authorization": "Bearer ecom_" + "A" * 43})
    answers = [guess.get("/api/v1/mc11/points") for _ in range(4)]
    assert answers[0].status_code == 401
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) <= 60
    assert read("points").status_code == 200, "a right token from the same network"


# ---- what must never come out


def test_no_contact_data_and_no_notes_of_staff(campaign: Campaign, cast: Any, read: Any) -> None:
    kenya = make_member()
    make_group("african-group", kenya)
    secret = "Sekret"
    kenya.notes = secret
    kenya.save()
    source = Source.objects.create(
        campaign=campaign, key="s", kind="footnote", title="Report", note=secret, extra={"a": secret}
    )
    point = TalkingPoint.objects.create(
        campaign=campaign, number=1, slug="p", title="T", claim="C", extra={"a": secret}
    )
    Fact.objects.create(
        campaign=campaign, point=point, key="f", statement="So", kind="claim", source=source, verification="verified"
    )
    office = Office.objects.create(
        campaign=campaign, member=kenya, kind="capital", name=secret, phone=secret, postal_address=secret
    )
    Recipient.objects.create(campaign=campaign, office=office, name=secret, post=secret, language="en", notes=secret)
    Position.objects.create(
        campaign=campaign, member=kenya, stance="opposes", on="2017-10-01", note=secret, recorded_by=cast.coordinator
    )
    Group.objects.update(check_note=secret)
    for name in LISTS:
        text = read(name).content.decode()
        assert len(read(name).json()["results"]) == 1
        assert secret not in text
        assert "@" not in text, "nor anybody's address"
        assert "Okoro" not in text


# ---- the campaign itself, and the page for people


def test_the_examples_of_the_page_for_people_work(mc11_campaign: Campaign) -> None:
    """Every address in docs/api.md, asked of the campaign that is shipped; of those that name a row by its number, or
    take posts only, that they exist."""
    person = make_user()
    give_second_factor(person)
    membership = add_team_member(person, mc11_campaign, *Role)
    _token, text = api_token_create(membership=membership, actor=person, name="Docs", days=1, scopes=Scope.values)
    client = Client(headers={"Authorization": f"Bearer {text}"})
    page = (ROOT / "docs" / "api.md").read_text()
    addresses = re.findall(r"(/api/v1/[^\s\"`]+)", page)
    assert len(addresses) > 12
    for address in addresses:
        if re.search(r"/\d+(/|$)|/preview$", address):
            assert resolve(address).url_name != "nothing", address
        else:
            assert client.get(address).status_code == 200, address
    row_examples = re.findall(r"`((?:points|facts|sources|members|groups)/[\w-]+)`", page)
    assert len(row_examples) == 5
    for example in row_examples:
        assert client.get(f"/api/v1/mc11/{example}").status_code == 200, example
    least = client.get("/api/v1/mc11/members", {"group": "ldc", "on": "2017-12-13"}).json()
    assert (len(least["results"]), least["next"]) == (36, None)
    assert client.get("/api/v1/mc11/facts", {"member": "AR"}).json()["results"]


# ---- the description


def test_the_description_is_valid_and_complete(tmp_path: Any) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))
    described = openapi_document()
    assert {f"/api/v1/{{campaign_slug}}/{name}" for name in LISTS} <= set(described["paths"])
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert operation["security"] == [{"token": []}], where
            assert {"400", "401", "403", "404", "429"} < set(operation["responses"]), where
            assert operation["x-scope"] in Scope.values, where
            assert f"Scope: `{operation['x-scope']}`" in operation["description"], where
            for parameter in operation["parameters"]:
                assert parameter.get("description"), f"{where}: {parameter['name']} is not described"
            answered = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
            bodies = [answered.get("content"), operation.get("requestBody", {}).get("content")]
            for body in bodies:
                if body and "application/json" in body:  # not that of a file
                    assert next(iter(body["application/json"]["examples"].values())), f"{where} has no example"
    assert set(re.findall(r"@[\w.]+", str(described))) <= {"@example.org", "@stalls.example"}


def test_the_examples_of_the_description_have_the_fields_that_are_answered(campaign: Campaign, read: Any) -> None:
    fill(campaign, 1, 2)
    for name in LISTS:
        get = openapi_document()["paths"][f"/api/v1/{{campaign_slug}}/{name}"]["get"]
        example = next(iter(get["responses"]["200"]["content"]["application/json"]["examples"].values()))["value"]
        assert set(example["results"][0]) == set(read(name).json()["results"][0]), name


def test_the_page_for_developers_has_every_operation(db: None) -> None:
    for language in ("en", "ar"):
        page = Client().get(f"/{language}/developers/").content.decode()
        for path, operations in openapi_document()["paths"].items():
            for method, operation in operations.items():
                assert f'id="{operation["operationId"]}"' in page, f"{method} {path}"
        assert "<script" not in page
        assert "points:write" in page
    assert 'lang="en" dir="ltr"' in page


def test_the_commands_of_the_page_for_developers_go_where_they_say() -> None:
    for resource in resources():
        for operation in resource.operations:
            path = operation.command.rpartition('"$SITE')[2].removesuffix('"')
            found = resolve(path).func
            assert operation.method.lower() in found.actions, path
            body = re.search(r"-d '(.*)'", operation.command)
            assert body is None or json.loads(body[1].replace("'\\''", "'"))


@pytest.mark.parametrize(
    ("accept", "kind", "starts"),
    [("*/*", "application/json", b"{"), ("application/json", "application/json", b"{"),
     ("application/yaml", "application/yaml", b"openapi:")],
)  # fmt: skip
def test_the_description_is_for_everybody(db: None, accept: str, kind: str, starts: bytes) -> None:
    answer = Client(headers={"Accept": accept}).get("/api/v1/schema")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith(kind)
    assert answer.content.startswith(starts)
    assert not ApiToken.objects.exists()


def test_rows_that_are_open_data_name_the_licence(campaign: Campaign, read: Any) -> None:
    fill(campaign, 1, 2)
    Campaign.objects.update(open_data_licence="CC-BY-4.0")
    licensed = {name for name in LISTS if 'rel="license"' in read(name).get("Link", "")}
    assert licensed == {"points", "facts", "sources", "positions"}
    Campaign.objects.update(open_data_licence="none")
    assert "Link" not in read("points").headers
