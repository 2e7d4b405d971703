"""The list of signatures of the team, at any length."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall
from apps.coalitions.selectors import calls
from tests.factories import make_member
from tests.factories.letters import make_version
from tests.factories.signing import make_call, make_sign_on, make_sign_ons


@pytest.fixture
def call(campaign: Campaign, cast: SimpleNamespace) -> SignOnCall:
    make_member("KE", "Kenya")
    call = make_call(make_version(campaign, cast), cast, moderated=False)
    make_sign_ons(call, [f"Union {number:02}" for number in range(60)])
    make_sign_on(call, "Newest union")
    return call


def listed(observer: object, call: SignOnCall, **asked: object) -> tuple[list[str], int, list[str]]:
    """Names on the page, the number of pages, and the statements that were needed."""
    client = Client()
    client.force_login(observer)  # type: ignore[arg-type]
    with CaptureQueriesContext(connection) as statements:
        page = client.get(reverse("sign_on:index", args=[call.campaign.slug]), asked)
    rows = [row.org_name for row in page.context["page"].object_list]
    return rows, page.context["page"].paginator.num_pages, [each["sql"] for each in statements]


def test_pages_follow_each_other_newest_first_without_counting(call: SignOnCall, cast: SimpleNamespace) -> None:
    first, pages, statements = listed(cast.observer, call)
    second, _pages, _statements = listed(cast.observer, call, page=2)
    assert (pages, len(first), len(second)) == (2, 50, 11)
    assert first[0] == "Newest union"
    assert len({*first, *second}) == 61
    assert not [sql for sql in statements if sql.startswith('SELECT COUNT(*) AS "__count" FROM "coalitions_signon" WH')]
    assert listed(cast.observer, call, page=2, state="confirmed")[0] == second
    assert listed(cast.observer, call, state="withdrawn")[:2] == ([], 1)


def test_numbers_of_many_are_as_of_some_seconds_ago_and_of_few_as_of_now(
    call: SignOnCall, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def confirmed() -> int:
        return calls.listed_state_counts(call.campaign)[call.pk]["confirmed"]

    assert confirmed() == 61
    make_sign_on(call, "Another")
    assert confirmed() == 62
    monkeypatch.setattr(calls, "MANY", 10)
    assert confirmed() == 62
    make_sign_on(call, "Yet another")
    assert confirmed() == 62
    assert calls.state_counts(call.campaign)[call.pk]["confirmed"] == 63
