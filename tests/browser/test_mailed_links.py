"""A scanner with a whole browser opens the links in mails: nothing changes."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page

from apps.campaigns.models import Campaign
from tests.factories import make_member
from tests.factories.letters import make_version
from tests.factories.signer_mails import mailed_links, make_every_mail
from tests.factories.signing import make_call
from tests.factories.table_copies import tables_as_text

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_opening_every_mailed_link_with_scripts_changes_nothing(
    campaign: Campaign, cast: SimpleNamespace, open_page: Callable[..., Page]
) -> None:
    make_member("KE", "Kenya", code3="KEN")
    make_member("TG", "Togo", code3="TGO")
    make_every_mail(make_call(make_version(campaign, cast), cast), cast)
    scanner, links = open_page(), mailed_links()
    before = tables_as_text()

    for link in links:
        scanner.goto(link)
        scanner.wait_for_load_state("networkidle")

    assert len(links) > 8
    assert tables_as_text() == before
