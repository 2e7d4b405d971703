"""The team's list of signatures, narrowed, and the same rows on the page of exports."""

import re
from datetime import UTC, datetime
from html import unescape
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.coalitions.models import Coalition, Organisation, SignOn, SignOnCall
from tests.factories import make_member
from tests.factories.letters import make_version
from tests.factories.signing import make_call, make_sign_on, make_sign_ons

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(campaign: Campaign, cast: SimpleNamespace) -> SignOnCall:
    call = make_call(make_version(campaign, cast, make_member()), cast, moderated=False)
    make_sign_ons(call, ["Union A", "Union B", "Pending"])
    make_sign_on(call, "Lomé", country="TG", language="fr", visibility="government")
    unions, pending = SignOn.objects.filter(org_name__startswith="Union"), SignOn.objects.filter(org_name="Pending")
    unions.update(org_kind="union", confirmed_at=datetime(2017, 11, 20, 23, 30, tzinfo=UTC))
    pending.update(country="TG", state="pending", confirmed_at=None)
    coalition = Coalition.objects.create(campaign=campaign, name="South")
    coalition.organisations.add(Organisation.objects.get(name="Lomé"))
    return call


def listed(client: Client, call: SignOnCall, **asked: Any) -> tuple[set[str], dict[str, int], str]:
    """Names on the list, numbers by state, and the page."""
    page = client.get(reverse("sign_on:index", args=[call.campaign.slug]), asked)
    shown = page.context["shown"]
    names = {row.org_name for row in shown.page.object_list}
    return names, {key: number for key, number, _label in shown.states}, page.content.decode()


@pytest.mark.parametrize("is_long", [False, True])
def test_each_filter_narrows_the_list_its_numbers_and_the_export(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any, monkeypatch: pytest.MonkeyPatch, is_long: bool
) -> None:
    """In a long list too, whose filters offer all that there may be."""
    if is_long:
        monkeypatch.setattr("apps.coalitions.pages.sign_on_list.MANY", 1)
    client = signed_in(cast.data_officer)
    unions, every = {"Union A", "Union B"}, {"Union A", "Union B", "Lomé", "Pending"}
    south = Coalition.objects.get().pk
    cases: list[tuple[dict[str, Any], set[str]]] = [
        ({}, every),
        ({"country": "TG"}, {"Lomé", "Pending"}),
        ({"country": "TG", "state": "confirmed"}, {"Lomé"}),
        ({"kind": "union"}, unions),
        ({"kind": "organisation"}, every),
        ({"visibility": "government"}, {"Lomé"}),
        ({"language": "fr"}, {"Lomé"}),
        ({"coalition": south}, {"Lomé"}),
        ({"version": call.version.pk, "kind": "farmers"}, {"Lomé", "Pending"}),
        ({"signed_from": "2017-11-20", "signed_until": "2017-11-20"}, unions),
        ({"signed_from": "2017-11-21"}, {"Lomé"}),
        ({"country": "XX", "signed_from": "soon", "coalition": "0"}, every),
        ({"country": "TG", "kind": "union"}, set()),
    ]
    for asked, expected in cases:
        names, numbers, page = listed(client, call, **asked)
        assert names == expected, asked
        if "state" not in asked:
            assert sum(numbers.values()) == len(expected), asked
        link = re.search(r'href="([^"]*/exports/new/signatories/[^"]*)"', page)
        assert bool(link) is bool(expected)
        if link:
            export = client.get(unescape(link[1]))
            assert export.context["page"].count == len(expected), link[1]


def test_pages_of_a_long_list_do_not_each_count_what_the_filters_leave(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a million signatures each count takes half a second. Other filters, and short lists, are counted."""
    client = signed_in(cast.data_officer)

    def counts(**asked: str) -> int:
        with CaptureQueriesContext(connection) as taken:
            listed(client, call, **asked)
        return sum('"coalitions_signon"."country" = ' in one["sql"] and "GROUP BY" in one["sql"] for one in taken)

    assert [counts(country="TG"), counts(country="TG", page="2")] == [1, 1]
    monkeypatch.setattr("apps.coalitions.pages.sign_on_list.MANY", 1)
    asked = {"country": "TG"}, {"country": "TG", "page": "2"}, {"country": "TG", "state": "pending"}, {"country": "KE"}
    assert [counts(**one) for one in asked] == [1, 0, 0, 1]


def test_filters_offer_what_occurs_and_stay_when_a_state_is_chosen(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any
) -> None:
    _names, _numbers, page = listed(signed_in(cast.coordinator), call, country="TG")
    countries = page[page.index('id="filter-country"') :]
    assert re.findall(r'<option value="(\w+)"', countries[: countries.index("</select>")]) == ["KE", "TG"]
    states = [parse_qs(urlsplit(unescape(link)).query) for link in re.findall(r'href="(\?[^"]*state=[^"]*)"', page)]
    assert states
    assert all(query["country"] == ["TG"] for query in states)


def test_who_sees_no_contact_data_cannot_narrow_by_what_the_list_does_not_show(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any
) -> None:
    names, _numbers, page = listed(signed_in(cast.observer), call, language="fr", coalition=Coalition.objects.get().pk)
    assert len(names) == 4
    assert "filter-language" not in page
