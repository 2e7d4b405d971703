"""What people see when a page is not there or not theirs."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client, RequestFactory

from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import TABLE, Permission, Role
from apps.website.views.errors import server_error
from tests.factories import make_campaign
from tests.factories.pages import without_switch

NAVIGATION = 'aria-label="Sections"'


def shown(client: Client, address: str, status: int) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.text.split())


def test_who_may_do_it_is_said_as_the_table_of_roles_says_it(cast: SimpleNamespace, signed_in: Any) -> None:
    told = shown(signed_in(cast.coordinator), "/work/mc11/exports/", 403)
    assert "It needs the permission “Export”, which your roles do not include. Roles that do: Data officer." in told
    assert "As a coordinator you can give yourself or somebody else such a role." in told
    told = shown(signed_in(cast.observer), "/work/mc11/team/invite/", 403)
    assert "“Open letters for signature, manage the team”" in told
    assert "Roles that do: Coordinator." in told
    assert "A coordinator of the campaign can give you such a role." in told


@pytest.mark.parametrize("role", Role)
def test_a_link_to_exports_is_shown_to_whom_it_is_open(
    role: Role, cast: SimpleNamespace, signed_in: Any, campaign: Campaign
) -> None:
    client, allowed = signed_in(getattr(cast, role)), Permission.EXPORT in TABLE[role]
    for page in ("", "team/", "letters/", "audit/", "exports/", "nothing/"):
        assert ('href="/work/mc11/exports/"' in client.get(f"/work/mc11/{page}").text) is allowed, page


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/work/mc11/exports/", 403),
        ("/work/mc11/letters/99/", 404),  # a row that is not there
        ("/work/mc11/lettres/", 404),  # no such address
        ("/work/mc11/no/such/page", 404),
    ],
)
def test_staff_keep_their_navigation(address: str, status: int, cast: SimpleNamespace, signed_in: Any) -> None:
    page = shown(signed_in(cast.drafter), address, status)
    assert NAVIGATION in page
    assert 'href="/work/mc11/letters/"' in page
    assert 'class="staff"' in page


def test_outside_a_campaign_of_ones_own_the_bar_stays_and_names_no_campaign(
    cast: SimpleNamespace, signed_in: Any
) -> None:
    make_campaign("mc12")
    client = signed_in(cast.drafter)
    pages = {shown(client, f"/work/{slug}/letters/", 404).replace(slug, "") for slug in ("mc12", "mc99")}
    assert len(pages) == 1, "another's campaign looks as one that does not exist"
    page = pages.pop()
    assert 'class="staff"' in page
    assert NAVIGATION not in page
    assert 'class="staff"' in shown(client, "/postbox/switch/", 403)
    TeamMember.objects.filter(user=cast.drafter).update(state=TeamMember.State.ENDED)
    assert NAVIGATION not in shown(client, "/work/mc11/lettres/", 404)


def test_visitors_get_the_public_page_which_asks_for_no_session(
    client: Client, campaign: Campaign, django_assert_num_queries: Any
) -> None:
    assert 'class="staff"' not in shown(client, "/work/mc11/lettres/", 404)
    answer = client.get("/nothing/here")
    assert answer.status_code == 404
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize(
    "address", ["/en/c/mc11/lettre/", "/en/c/mc11/letters/99/", "/en/c/mc11/points/99/", "/en/c/mc11/a/b/c/"]
)
def test_under_a_campaign_its_name_and_navigation_stay(address: str, client: Client, campaign: Campaign) -> None:
    page = shown(client, address, 404)
    assert f"Page not found – {campaign.name}" in page
    assert 'aria-label="Pages"' in page
    assert '<a class="button second" href="/en/c/mc11/">Go to the campaign</a>' in page
    Campaign.objects.update(published=False)
    hidden = shown(client, address, 404)
    assert campaign.name not in hidden
    other = shown(client, "/en/c/mc99/lettre/", 404)
    assert without_switch(hidden) == without_switch(other), "as if it did not exist"


@pytest.mark.parametrize(
    ("address", "frame", "home"),
    [
        ("/work/mc11/letters/", 'class="staff"', "/work/mc11/"),
        ("/en/c/mc11/letters/1/", 'class="masthead"', "/en/c/mc11/"),
        ("/en/", 'class="masthead"', "/en/"),
    ],
)
def test_a_broken_page_has_its_frame_and_says_what_to_do(address: str, frame: str, home: str) -> None:
    """Without the database."""
    read, sent = (server_error(getattr(RequestFactory(), method)(address)).text for method in ("get", "post"))
    for page in (read, sent):
        assert "Something went wrong on our side" in page
        assert frame in page
        assert f'href="{home}"' in page
    assert "Try again in a few minutes." in read
    assert "sent" not in read.partition("<main")[2]
    assert "What you just sent may not be saved." in " ".join(sent.split())
