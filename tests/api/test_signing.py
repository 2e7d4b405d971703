"""Calls, signatures and organisations, read by programs: names as their signers chose, contact data as roles see it."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.api.urls import router
from apps.campaigns.models import Campaign
from apps.campaigns.scopes import Scope
from apps.coalitions.models import Coalition, SignOnCall
from apps.coalitions.services.calls import names_hide
from apps.coalitions.services.closing_times import sign_on_call_close
from tests.factories import make_member
from tests.factories.letters import make_version
from tests.factories.signing import make_call, make_sign_on, make_sign_ons, organisation, person, signed, submit

#: stand in names and addresses of the signers whom others must not see
COUNTED, GOVERNMENT, PENDING = "Nobodysees", "Ministryonly", "Unconfirmed"
ROLES = ("coordinator", "drafter", "reviewer", "sender", "data_officer", "observer")


@pytest.fixture
def call(campaign: Campaign, cast: Any) -> SignOnCall:
    make_member("KE", "Kenya", code3="KEN")
    make_member("TG", "Togo", code3="TGO")
    return make_call(make_version(campaign, cast), cast)


@pytest.fixture
def reads(program: Any) -> Any:
    """reads(cast.observer, Scope.READ)("calls", letter=1) → the answer to a token of that person."""

    def of(user: Any, *scopes: str) -> Any:
        ask = program(user, *scopes)
        return lambda path, **params: ask("get", f"{path}?{urlencode(params)}")

    return of


@pytest.fixture
def signers(call: SignOnCall, cast: Any) -> SimpleNamespace:
    """A public organisation, and others who are not: of each visibility, not confirmed, a person."""
    return SimpleNamespace(
        public=signed(call, organisation(), accepted_by=cast.data_officer),
        counted=signed(call, _planted(COUNTED, "counted"), accepted_by=cast.data_officer),
        counted_person=signed(
            call, person(f"Ana {COUNTED}", email=f"ana@{COUNTED}.example".lower(), visibility="counted"),
            accepted_by=cast.data_officer,
        ),
        government=signed(call, _planted(GOVERNMENT, "government"), accepted_by=cast.data_officer),
        pending=submit(call, _planted(PENDING, "public")).sign_on,
    )  # fmt: skip


def _planted(word: str, visibility: str) -> Any:
    return organisation(
        f"{word} Union", visibility=visibility, org_name_english=f"{word} English", org_acronym=word[:5].upper(),
        org_website=f"https://{word}.example/", email=f"{word}@mail.example", person_name=f"Person {word}",
        person_post=f"Post {word}",
    )  # fmt: skip


def paths(call: SignOnCall) -> list[str]:
    """Of every list of the API, and of its rows."""
    values = {"letter_number": str(call.letter.number), "version_number": str(call.version.number)}
    found = []
    for prefix, _viewset, _name in router.registry:
        for name, value in values.items():
            prefix = prefix.replace(f"<int:{name}>", value)
        found.append(prefix)
    return found


def everything(ask: Any, call: SignOnCall) -> str:
    """All that a program can read."""
    texts = []
    for path in paths(call):
        answer = ask(path)
        texts.append(answer.content.decode())
        for row in answer.json().get("results", []) if answer.status_code == 200 else []:
            key = next((row[name] for name in ("id", "key", "number", "code", "slug", "edition") if name in row), "")
            texts.append(ask(f"{path}/{key}").content.decode())
    return "".join(texts)


# ---- what must never come out


def test_who_is_only_counted_is_named_nowhere(call: SignOnCall, signers: Any, cast: Any, reads: Any) -> None:
    """Whatever the scopes of the token and the role of its owner."""
    for role in ROLES:
        text = everything(reads(getattr(cast, role), *Scope), call).casefold()
        assert "kisumu data rights forum" in text, "it reads names"
        assert COUNTED.casefold() not in text, role
        assert f'"{COUNTED[:5].casefold()}"' not in text, "the acronym"


def test_the_scope_read_shows_what_is_public(call: SignOnCall, signers: Any, cast: Any, reads: Any) -> None:
    for role in ("coordinator", "observer"):  # who sees contact data on pages, and who does not
        text = everything(reads(getattr(cast, role), Scope.READ), call).casefold()
        assert "kisumu data rights forum" in text
        for word in (COUNTED, GOVERNMENT, PENDING, "otieno were", "@"):
            assert word.casefold() not in text, f"{role}: {word}"


@pytest.mark.parametrize(("role", "sees"), [("observer", False), ("drafter", False), ("data_officer", True),
                                            ("sender", True), ("coordinator", True)])  # fmt: skip
def test_names_and_contact_data_are_for_who_may_see_them(
    call: SignOnCall, signers: Any, cast: Any, reads: Any, role: str, sees: bool
) -> None:
    ask = reads(getattr(cast, role), Scope.SIGN_ONS_READ, Scope.READ)
    rows = {row["id"]: row for row in ask("sign-ons").json()["results"]}
    assert len(rows) == 5
    public, government, pending = (rows[one.pk] for one in (signers.public, signers.government, signers.pending))
    assert public["name"] == "Kisumu Data Rights Forum"
    assert (public["person"], public["email"]) == (("Otieno Were", "o.were@kdrf.example") if sees else ("", ""))
    assert government["name"] == (f"{GOVERNMENT} Union" if sees else "")
    assert government["organisation"] == (signers.government.organisation_id if sees else None)
    assert pending["name"] == (f"{PENDING} Union" if sees else "")
    assert (pending["state"], government["visibility"]) == ("pending", "government")
    counted = rows[signers.counted.pk]
    assert (counted["state"], counted["country"]) == ("confirmed", "KE")
    assert (counted["organisation_kind"], counted["members_represented"]) == ("", None), "they can tell who it is"
    assert (counted["name"], counted["person"], counted["email"], counted["organisation"]) == ("", "", "", None)
    for row in rows.values():
        assert ask(f"sign-ons/{row['id']}").json() == row
    names = {row["name"] for row in ask("organisations").json()["results"]}
    assert names == {"Kisumu Data Rights Forum", *([f"{GOVERNMENT} Union"] if sees else [])}


def test_all_names_are_hidden_at_once(call: SignOnCall, signers: Any, cast: Any, reads: Any) -> None:
    names_hide(call=call, actor=cast.coordinator)
    ask = reads(cast.coordinator, *Scope)
    text = everything(ask, call).casefold()
    for word in ("kisumu", "otieno", COUNTED, GOVERNMENT, PENDING, "afi mensah"):
        assert word.casefold() not in text, word
    assert ask("signatories").json()["results"] == []
    assert len(ask("sign-ons").json()["results"]) == 5
    assert ask("calls").json()["results"][0]["names_hidden"] is True


def test_signatures_need_their_own_scope(call: SignOnCall, signers: Any, read: Any) -> None:
    answer = read("sign-ons")
    assert (answer.status_code, answer.json()["scope"]) == (403, "sign_ons:read")
    assert read(f"signatories/{signers.counted.pk}").status_code == 404
    assert read(f"signatories/{signers.public.pk}").status_code == 200


# ---- what is answered


def test_a_call_says_what_is_signed_and_how_many_did(call: SignOnCall, signers: Any, read: Any, cast: Any) -> None:
    row = read(f"calls/{call.pk}").json()
    assert (row["letter"], row["version"], row["sha256"]) == (1, 1, call.version.sha256)
    assert (row["is_open"], row["who"], row["moderation"], row["languages"]) == (True, "both", "all", ["en"])
    assert row["asked_fields"] == ["org_name_english", "org_acronym", "org_website", "org_members", "wants_answers",
                                   "wants_letters"]  # fmt: skip
    assert row["signatures"]["counted"] == 4
    assert row["signatures"]["pending"] == 1
    assert row["page"].endswith("/c/mc11/letters/1/")
    assert read("calls", letter=1).json()["results"] == [row]
    assert read("calls", letter=2).json()["results"] == []
    sign_on_call_close(call=call, actor=cast.coordinator)
    closed = read(f"calls/{call.pk}").json()
    assert (closed["is_open"], [change["kind"] for change in closed["changes"]]) == (False, ["closed"])


def test_signatories_are_filtered(call: SignOnCall, signers: Any, read: Any) -> None:
    make_sign_on(call, "Kikundi", country="TZ")
    network = Coalition.objects.create(campaign=call.campaign, name="Network")
    network.organisations.add(signers.public.organisation)

    def names(**params: Any) -> list[str]:
        return [row["name"] for row in read("signatories", **params).json()["results"]]

    both = ["Kikundi", "Kisumu Data Rights Forum"]
    assert names() == names(letter=1, version=1) == names(kind="organisation") == both
    assert names(country="TZ") == ["Kikundi"]
    assert names(coalition=network.pk) == ["Kisumu Data Rights Forum"]
    assert (
        names(kind="person") == names(letter=2) == names(letter=1, version=2) == names(signed_until="2017-01-01") == []
    )
    assert names(signed_from="2017-01-01") == both
    [row] = read("coalitions").json()["results"]
    assert row == {"id": network.pk, "name": "Network", "organisations": 1}


def test_all_signatures_are_filtered(call: SignOnCall, signers: Any, cast: Any, reads: Any) -> None:
    ask = reads(cast.observer, Scope.SIGN_ONS_READ)

    def ids(**params: Any) -> list[int]:
        return [row["id"] for row in ask("sign-ons", **params).json()["results"]]

    newest_first = [signers.pending, signers.government, signers.counted_person, signers.counted, signers.public]
    assert ids() == [one.pk for one in newest_first]
    assert ids(state="pending") == [signers.pending.pk]
    assert ids(state="confirmed", kind="person") == [signers.counted_person.pk]
    assert ids(visibility="government") == [signers.government.pk]
    assert ids(version=1, letter=1, state="pending") == [signers.pending.pk]
    assert ids(language="fr") == []


@pytest.mark.parametrize(("params", "named", "says"), [
    ({"version": 1}, "version", "Give letter too"),
    ({"country": "Kenya"}, "country", "KE"),
    ({"kind": "people"}, "kind", "Allowed: organisation, person."),
    ({"signed_from": "1.1.2017"}, "signed_from", "2017-12-13"),
    ({"coalition": "x"}, "coalition", "valid integer"),
    ({"name": "Kisumu"}, "name", "not known"),
])  # fmt: skip
def test_a_slip_in_a_filter_is_told(read: Any, params: Any, named: str, says: str) -> None:
    [error] = read("signatories", **params).json()["errors"]
    assert error["parameter"] == named
    assert says in error["detail"]


def test_organisations_are_found_by_their_names(call: SignOnCall, signers: Any, read: Any) -> None:
    [row] = read("organisations", q="data kisumu").json()["results"]
    assert row == read(f"organisations/{row['id']}").json()
    assert (row["name"], row["country"], row["letters"], row["coalitions"]) == ("Kisumu Data Rights Forum", "KE", 1, [])
    assert read("organisations", q=COUNTED).json()["results"] == []
    assert read(f"organisations/{signers.counted.organisation_id}").status_code == 404


@pytest.mark.parametrize("name", ["calls", "signatories", "sign-ons", "organisations", "coalitions"])
def test_lists_cost_the_same_whatever_their_length(call: SignOnCall, cast: Any, reads: Any, name: str) -> None:
    ask = reads(cast.data_officer, *Scope)

    def more(start: int, end: int) -> None:
        for sign_on in make_sign_ons(call, [f"Union {number}" for number in range(start, end)]):
            network = Coalition.objects.create(campaign=call.campaign, name=f"N{sign_on.pk}")
            network.organisations.add(sign_on.organisation)

    more(1, 3)
    ask(name)  # writes the last use, and counts the rows with contact data
    with CaptureQueriesContext(connection) as few:
        assert ask(name).status_code == 200
    more(3, 30)
    ask(name, page_size=200)
    with CaptureQueriesContext(connection) as many:
        assert len(ask(name, page_size=200).json()["results"]) in {1, 29}
    assert len(many) == len(few) <= 7, [query["sql"] for query in many]


def test_every_list_of_the_api_is_read_here(call: SignOnCall) -> None:
    assert len(paths(call)) >= 15
    assert not any("<" in path for path in paths(call))
