"""Tables with long names: whole on a desk, readable on a phone."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from apps.governments.models import Recipient
from apps.governments.services.recipients import recipient_save
from tests.access.world import make_world
from tests.factories import give_second_factor
from tests.factories.letters import make_version
from tests.factories.signing import make_call, make_sign_on, organisation, signed

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "Federation of Trade Unions of Workers in the Public Services of the Republic of Trinidad and Tobago"


@pytest.fixture
def world() -> SimpleNamespace:
    """A world with an open call: one long name is on its list, another waits for a moderator."""
    world = make_world("ours", drafts=1)
    call = make_call(make_version(world.campaign, SimpleNamespace(**world.people)), SimpleNamespace(**world.people))
    make_sign_on(call, LONG)
    signed(call, organisation(f"{LONG}, northern branch", email="chair@northern-branch-of-the-unions.example"))
    give_second_factor(world.people["everything"])
    world.call = call
    return world


def test_the_list_to_moderate_is_whole_on_a_desk(world: SimpleNamespace, open_page: Any) -> None:
    page = open_page(world.people["everything"], width=1280)
    page.goto(reverse("sign_on:moderate", args=["ours"]))
    assert page.locator(".scroll table").count() == 1
    assert page.locator(".scroll").evaluate("box => box.scrollWidth - box.clientWidth") == 0


#: of the text in each cell
LINES = """cells => cells.map(cell => {
    const text = document.createRange()
    text.selectNodeContents(cell)
    return new Set([...text.getClientRects()].map(each => each.top)).size
})"""


def test_a_long_word_leaves_the_days_beside_it_their_room(world: SimpleNamespace, open_page: Any) -> None:
    """Days of the list to moderate stay on one line beside a name of one long word."""
    signed(world.call, organisation("W" * 200, email="chair@long-word.example"))
    page = open_page(world.people["everything"], width=1280)
    page.goto(reverse("sign_on:moderate", args=["ours"]))
    assert set(page.locator(".moderation td.number").evaluate_all(LINES)) == {1}


def test_a_post_of_one_long_word_keeps_lists_as_wide_as_the_window(world: SimpleNamespace, open_page: Any) -> None:
    actor = world.people["everything"]
    recipient = Recipient.objects.get(pk=world.values["recipient"])
    recipient_save(recipient=recipient, office=recipient.office, post="W" * 120, language="en", actor=actor)
    page = open_page(actor, width=1280)
    dispatches = [reverse("outreach:dispatch", args=["ours", row.pk]) for row in world.campaign.dispatches.all()]
    for path in (reverse("dashboard:audit", args=["ours"]), *dispatches):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == 1280, path


def test_names_to_export_are_readable_on_a_phone(world: SimpleNamespace, open_page: Any) -> None:
    page = open_page(world.people["everything"], width=360)
    page.goto(reverse("exports:choose", args=["ours", "signatories"]))
    assert page.get_by_role("cell", name=LONG).first.bounding_box()["width"] > 120
