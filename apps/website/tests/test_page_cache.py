"""Public pages are kept for seconds: shown as long as that is right, dropped by what changes them, never personal."""

import gzip
import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.services.calls import names_hide
from apps.coalitions.services.closing_times import sign_on_call_close
from apps.core import page_cache
from tests.factories.letters import make_next_version
from tests.factories.signing import PERSON_FORM, link_in, mails, organisation, replace_version, signed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PUBLIC_PAGE_SECONDS = 60
    monkeypatch.setattr(page_cache, "NEAR_SECONDS", 0)


@pytest.fixture
def page(call: SignOnCall) -> str:
    return reverse("website:letter", args=[call.campaign.slug, call.letter.number])


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """later(seconds): so much time passes for kept pages."""
    clock = SimpleNamespace(ahead=0.0)
    real = time.time
    monkeypatch.setattr(page_cache.time, "time", lambda: real() + clock.ahead)
    return lambda seconds: setattr(clock, "ahead", clock.ahead + seconds)


def shows(client: Client, page: str, words: str) -> bool:
    answer = client.get(page)
    assert answer.status_code == 200
    return words in answer.content.decode()


def test_a_kept_page_asks_the_database_nothing(page: str, client: Client, django_assert_num_queries: Any) -> None:
    first = client.get(page)
    with django_assert_num_queries(0):
        second = client.get(page)
    assert second.content == first.content
    assert "s-maxage=4" in second["Cache-Control"]
    assert second["Content-Language"] == "en"


def test_who_signs_is_counted_at_once(
    page: str, call: SignOnCall, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    assert shows(client, page, "Nobody has signed yet")
    with django_capture_on_commit_callbacks(execute=True):
        signed(call, organisation())
    assert not shows(client, page, "Nobody has signed yet")


def test_for_a_moment_a_process_does_not_ask_the_cache(
    page: str,
    call: SignOnCall,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    monkeypatch.setattr(page_cache, "NEAR_SECONDS", 60)
    monkeypatch.setattr(page_cache, "MOST_NEAR", 4)
    assert shows(client, page, "Nobody has signed yet")
    forget_pages()
    assert shows(client, page, "Nobody has signed yet")
    with django_capture_on_commit_callbacks(execute=True):
        signed(call, organisation())
    assert not shows(client, page, "Nobody has signed yet"), "the process that changed it knows at once"
    forget_pages()
    for number in range(page_cache.MOST_NEAR + 5):
        client.get(f"{page}?q={number}")
    assert len(page_cache._near) <= page_cache.MOST_NEAR


def test_hidden_names_are_gone_from_every_page_at_once(
    page: str, call: SignOnCall, cast: Any, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    signed(call, organisation(), accepted_by=cast.coordinator)
    pages = [page, *(reverse(f"website:{name}", args=[call.campaign.slug]) for name in ("home", "signatories"))]
    assert all(shows(client, each, "Kisumu Data Rights Forum") for each in pages)
    with django_capture_on_commit_callbacks(execute=True):
        names_hide(call=call, actor=cast.coordinator)
    assert not any(shows(client, each, "Kisumu Data Rights Forum") for each in pages)


def test_after_its_time_one_makes_it_anew_and_the_others_get_the_old_one(
    page: str, call: SignOnCall, client: Client, later: Any, settings: Any
) -> None:
    assert shows(client, page, "Nobody has signed yet")
    signed(call, organisation())
    assert shows(client, page, "Nobody has signed yet"), "nothing was committed that would drop it"
    later(settings.PUBLIC_PAGE_SECONDS + 1)
    [making] = [f"{key}:making" for key in keys() if key.count(":") == 1]
    caches["pages"].add(making, 1, timeout=60)
    assert shows(client, page, "Nobody has signed yet"), "somebody else is making it"
    caches["pages"].delete(making)
    assert not shows(client, page, "Nobody has signed yet")


def forget_pages() -> None:
    """Only those of this test: other workers use the same Valkey."""
    caches["pages"].delete_many(keys())


def keys() -> list[str]:
    cache: Any = caches["pages"]
    found = cache._cache.get_client().keys(f"{cache.key_prefix}:1:pages:*")
    return [key.decode().split(":1:", 1)[1] for key in found if len(key.decode().split(":")[-1]) == 64]


def test_what_networks_add_to_links_changes_nothing(page: str, client: Client, django_assert_num_queries: Any) -> None:
    plain = client.get(page).content
    with django_assert_num_queries(0):
        for added in ("?fbclid=x", "?utm_source=a&utm_medium=<script>"):
            assert client.get(page + added).content == plain, added
    assert shows(client, page + "?for=person&fbclid=x", "Sign for yourself")


def test_people_with_a_session_get_their_own(
    page: str, call: SignOnCall, client: Client, signed_in: Any, cast: Any
) -> None:
    assert shows(client, page, "Nobody has signed yet")
    signed(call, organisation())
    team = signed_in(cast.observer)
    assert not shows(team, page, "Nobody has signed yet")
    assert "private" in team.get(page)["Cache-Control"]
    assert shows(client, page, "Nobody has signed yet"), "what they saw was not kept for others"


def test_nothing_is_kept_of_forms_with_tokens_and_of_missing_pages(call: SignOnCall, client: Client) -> None:
    corrections = reverse("website:corrections", args=[call.campaign.slug])
    texts = [client.get(corrections).content for _ in range(2)]
    assert texts[0] != texts[1], "each with a token of its own"
    assert client.get(reverse("website:letter", args=[call.campaign.slug, 77])).status_code == 404
    assert keys() == []


@pytest.mark.parametrize("rule", ["no-store", "private, max-age=0"])
def test_a_page_with_rules_of_its_own_is_not_kept(rf: Any, rule: str) -> None:
    """As that of a link with a filled-in form: its address is a secret."""
    assert page_cache.may_be_kept(rf.get("/"), HttpResponse("x"))
    assert not page_cache.may_be_kept(rf.get("/"), HttpResponse("x", headers={"Cache-Control": rule}))


def test_compressed_bytes_and_an_unchanged_page(page: str, client: Client) -> None:
    plain = client.get(page)
    packed = client.get(page, headers={"Accept-Encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in packed["Vary"]
    assert "Content-Encoding" not in client.get(page, headers={"Accept-Encoding": "gzip;q=0"})
    same = client.get(page, headers={"If-None-Match": packed["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert "public" in same["Cache-Control"]
    head = client.head(page)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head["Content-Length"]) == len(plain.content)


@pytest.fixture
def kept_call(page: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of the form, whose call the process has in its memory."""
    monkeypatch.setattr(page_cache, "NEAR_SECONDS", 60)
    address = f"{page}?for=person"
    assert client.post(address, {**PERSON_FORM, "email": "first@people.example"}).status_code == 302
    return address


def test_forms_that_follow_each_other_ask_for_the_call_once(kept_call: str, client: Client) -> None:
    client.post(link_in(mails()[0]))
    with CaptureQueriesContext(connection) as form:
        assert client.post(kept_call, {**PERSON_FORM, "email": "second@people.example"}).status_code == 302
    link = link_in(mails()[-1])
    with CaptureQueriesContext(connection) as button:
        assert client.post(link).status_code == 302
    assert [len([one for one in step if "SAVEPOINT" not in one["sql"]]) for step in (form, button)] == [3, 6]


def test_a_letter_that_is_closed_takes_no_form_though_its_call_is_kept(
    kept_call: str, call: SignOnCall, cast: SimpleNamespace, client: Client
) -> None:
    sign_on_call_close(call=call, actor=cast.coordinator)
    assert client.post(kept_call, {**PERSON_FORM, "email": "late@people.example"}).status_code == 409
    assert SignOn.objects.count() == 1


def test_a_form_of_a_newer_text_signs_that_one_though_the_call_is_kept(
    kept_call: str, call: SignOnCall, cast: SimpleNamespace, client: Client
) -> None:
    make_next_version(call.letter, cast)
    replace_version(call, cast)
    client.post(kept_call, {**PERSON_FORM, "email": "second@people.example", "version": "2"})
    assert SignOn.objects.latest("pk").version.number == 2


def test_a_letter_that_is_closed_counts_nobody_though_its_call_is_kept(
    kept_call: str, call: SignOnCall, cast: SimpleNamespace, client: Client
) -> None:
    client.post(kept_call, {**PERSON_FORM, "email": "second@people.example"})
    first, second = map(link_in, mails())
    assert client.post(first).status_code == 302
    sign_on_call_close(call=call, actor=cast.coordinator)
    assert client.post(second).status_code == 409
    assert SignOn.objects.confirmed().count() == 1


def test_who_confirms_after_the_text_was_replaced_sees_that_first_though_its_call_is_kept(
    kept_call: str, call: SignOnCall, cast: SimpleNamespace, client: Client
) -> None:
    client.post(kept_call, {**PERSON_FORM, "email": "second@people.example"})
    first, second = map(link_in, mails())
    assert client.post(first).status_code == 302
    make_next_version(call.letter, cast)
    replace_version(call, cast)
    assert client.post(second).status_code == 409
    assert client.post(second, {"version": call.version_id}).status_code == 302
    assert SignOn.objects.latest("pk").version.number == 2


def test_a_cache_that_does_not_answer_costs_one_attempt(page: str, client: Client, settings: Any) -> None:
    broken = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {**settings.CACHES, "pages": broken}
    assert shows(client, page, "Nobody has signed yet")
    assert page_cache._away_until > time.monotonic()
    assert shows(client, page, "Nobody has signed yet")
