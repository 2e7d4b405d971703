"""What became of letters: found by each that bounced or waits, whatever the others did; one state on the map."""

from typing import Any

import pytest

from apps.campaigns.models import Campaign
from apps.outreach.services.authorisation import dispatch_authorise
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.preparation import dispatch_prepare
from apps.postbox.models import Message
from tests.factories import html_of
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version
from tests.factories.outreach import move_messages
from tests.factories.signing import make_call, make_sign_on


@pytest.fixture
def sent(campaign: Campaign, cast: Any, members: Any) -> Any:
    """sent("accepted", "bounced") → a letter to two recipients in Kenya, with what became of each."""

    def send(*states: str) -> None:
        for number in range(len(states)):
            make_recipient(campaign, members.kenya, f"Post {number}", f"post{number}@trade-ke.example")
        version = make_version(campaign, cast, members.kenya)
        make_sign_on(make_call(version, cast, moderated=False), "Kisumu Data Rights Forum")
        made = dispatch_prepare(version=version, actor=cast.coordinator)
        dispatch_authorise(dispatch=made, actor=cast.sender, typed_count=len(states), plan=made.plan)
        dispatches_advance()
        for delivery, state in zip(made.deliveries.order_by("pk"), states, strict=True):
            move_messages(Message.objects.filter(pk=delivery.message_id), state)

    return send


def found(page: Any, letters: str) -> list[str]:
    return [line.name for line in page(f"governments/?letters={letters}").context["directory"].lines]


@pytest.mark.parametrize(
    ("states", "filters", "on_map"),
    [
        (("accepted", "bounced"), {"written", "sent", "bounced"}, "partly"),
        (("bounced", "bounced"), {"bounced"}, "lost"),
        (("accepted", "queued"), {"written", "sent", "waiting"}, "waiting"),
        (("accepted", "in_doubt"), {"written", "sent", "waiting"}, "waiting"),
        (("accepted", "accepted"), {"written", "sent"}, "sent"),
    ],
)
def test_no_letter_that_got_through_hides_another(
    page: Any, sent: Any, states: tuple[str, ...], filters: set[str], on_map: str
) -> None:
    sent(*states)
    offered = page("governments/").context["directory"]
    for key, _words, number in offered.letters:
        names = found(page, key)
        assert ("Kenya" in names) is (key in filters), key
        assert len(names) == number
    world = page("map/?by=delivery").context["map"]
    assert {area.code: area.css for area in (*world.areas, *world.dots)} == {"KE": on_map, "CI": "none"}
    for css, number, _words in world.legend:
        assert len(found(page, f"map-{css}")) == number, "the legend leads to as many as it says"
    assert {key.removeprefix("map-"): number for key, _words, number in offered.on_map} == {
        css: number for css, number, _words in world.legend
    }


def test_the_list_and_the_table_of_the_map_say_all_that_became_of_letters(page: Any, sent: Any) -> None:
    sent("accepted", "bounced", "in_doubt")
    text = html_of(page("governments/?letters=bounced"))
    assert "1 bounced" in text
    assert "1 waiting or in doubt" in text
    text = html_of(page("map/?by=delivery"))
    assert "(1 sent, 1 bounced or refused, 1 waiting or in doubt)" in text
    assert 'href="/work/mc11/governments/?letters=map-partly"' in text
