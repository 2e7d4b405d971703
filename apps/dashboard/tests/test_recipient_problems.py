"""Recipients to check again: what counts, in which order, and that many rows cost no more queries."""

import re
import time
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.core.encryption import lookup_hashes
from apps.dashboard.pages.recipient_problems import months_before, months_param
from apps.governments.models import Office, Recipient, RecipientAddress
from tests.factories import html_of, make_campaign
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version

TODAY = timezone.now().date()


def make_fresh(campaign: Campaign, member: Any, post: str, *, address: str = "", **details: Any) -> Recipient:
    """Nothing is the matter with it."""
    row = make_recipient(
        campaign, member, post, address or f"{post.lower()}@trade.example", **{"verified_on": TODAY, **details}
    )
    Office.objects.filter(pk=row.office_id).update(postal_address="Main street 1")
    return row


def posts(answer: Any) -> list[str]:
    return [line.recipient.post for line in answer.context["lines"]]


def test_what_is_the_matter(page: Any, campaign: Campaign, members: Any) -> None:
    kenya = members.kenya
    make_fresh(campaign, kenya, "Fresh")
    make_fresh(campaign, kenya, "Never", verified_on=None)
    make_fresh(campaign, kenya, "Old", verified_on=TODAY - timedelta(days=190))
    make_fresh(campaign, kenya, "Recent", verified_on=TODAY - timedelta(days=150))
    make_fresh(campaign, kenya, "Mute", language="fr")
    make_fresh(campaign, kenya, "Blank", salutation={"en": "  "})
    make_fresh(campaign, kenya, "Inactive", verified_on=None, active=False)
    dead = make_fresh(campaign, kenya, "Dead")
    dead.addresses.update(health="bounced")
    half = make_fresh(campaign, kenya, "Half")
    RecipientAddress.objects.create(recipient=half, address="x@y.example", address_hash="x" * 64, key_version=1,
                                    health="bounced")  # fmt: skip
    make_fresh(make_campaign("mc12"), kenya, "Foreign", verified_on=None)
    answer = page("recipients/problems/", "sender")
    assert sorted(posts(answer)) == ["Blank", "Dead", "Mute", "Never", "Old"]
    assert posts(answer)[0] == "Dead", "the worst first"
    numbers = {kind: n for kind, _words, n in answer.context["filters"]}
    assert numbers == {"": 5, "dead": 1, "unsaluted": 2, "unverified": 2, "unposted": 0, "urgent": 0}
    assert posts(page("recipients/problems/?show=dead", "sender")) == ["Dead"]
    assert len(posts(page("recipients/problems/?show=nonsense", "sender"))) == 5
    assert "Recent" in posts(page("recipients/problems/?months=3", "sender"))
    Office.objects.update(postal_address="")
    assert "Fresh" in posts(page("recipients/problems/?show=unposted", "sender"))


def test_who_an_open_letter_goes_to_comes_first(page: Any, campaign: Campaign, cast: Any, members: Any) -> None:
    dead = make_fresh(campaign, members.kenya, "Dead")
    dead.addresses.update(health="bounced")
    make_fresh(campaign, members.ivory_coast, "Waiting", verified_on=TODAY - timedelta(days=300))
    make_version(campaign, cast, members.ivory_coast)
    assert posts(page("recipients/problems/", "sender")) == ["Waiting", "Dead"]
    assert posts(page("recipients/problems/?show=urgent", "sender")) == ["Waiting"]


def test_one_button_verifies_and_leads_back(
    page: Any, campaign: Campaign, members: Any, cast: Any, signed_in: Any
) -> None:
    never = make_fresh(campaign, members.kenya, "Never", verified_on=None)
    here = f"/work/{campaign.slug}/recipients/problems/?show=unverified"
    before = html_of(page("recipients/problems/?show=unverified", "sender"))
    assert f'name="back" value="{here}"' in before
    [seen] = re.findall('name="seen" value="(.+?)"', before)
    verify = reverse("recipients:verify", args=[campaign.slug, never.pk])
    answer = signed_in(cast.sender).post(verify, {"back": here, "seen": seen})
    assert answer.url == here
    after = page("recipients/problems/?show=unverified", "sender")
    assert posts(after) == []
    assert "Nothing to check here" in html_of(after)


def test_it_is_found_from_the_governments_by_who_may(page: Any, members: Any) -> None:
    for role, seen in (("sender", True), ("observer", False)):
        assert ("recipients/problems/" in html_of(page("governments/", role))) is seen


@pytest.mark.parametrize(
    ("text", "months"), [("", 6), ("12", 12), ("0", 1), ("999", 60), ("-3", 6), ("٣", 6), ("9" * 99, 6)]
)
def test_months_within_reason(text: str, months: int) -> None:
    assert months_param(text) == months


def test_months_before() -> None:
    assert months_before(date(2017, 8, 31), 6) == date(2017, 2, 28)
    assert months_before(date(2017, 1, 15), 13) == date(2015, 12, 15)


def test_five_thousand_recipients_cost_no_more_queries(page: Any, campaign: Campaign, members: Any, cast: Any) -> None:
    make_version(campaign, cast, members.kenya)
    make_fresh(campaign, members.kenya, "One", verified_on=None)
    page("recipients/problems/", "sender")
    with CaptureQueriesContext(
        connection,
    ) as few:
        page("recipients/problems/", "sender")
    office = Office.objects.get()
    rows = Recipient.objects.bulk_create(
        Recipient(campaign=campaign, office=office, post=f"Post {n}", name=f"Name {n}", language="en", salutation={})
        for n in range(5000)
    )
    RecipientAddress.objects.bulk_create(
        RecipientAddress(recipient=row, address=f"p{n}@trade.example", key_version=1,
                         address_hash=lookup_hashes(f"p{n}@trade.example")[0].digest)
        for n, row in enumerate(rows)
    )  # fmt: skip
    started = time.monotonic()
    with CaptureQueriesContext(connection) as many:
        answer = page("recipients/problems/?page=3", "sender")
    took = time.monotonic() - started
    assert len(answer.context["lines"]) == 50
    assert answer.context["filters"][0][2] == 5001
    assert len(many) <= len(few)
    assert len(few) < 25, took
