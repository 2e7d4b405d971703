"""What webhooks are told of signatures: that one counts; nothing of one that is held, and no name."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.erasure import sign_on_erase
from apps.coalitions.services.evidence_acceptance import sign_on_accept_on_evidence
from apps.coalitions.services.moderation import sign_on_accept, sign_on_reject
from apps.webhooks.models import Event
from apps.webhooks.services.claims import event_body
from apps.webhooks.services.endpoints import endpoint_create
from tests.factories.signing import on_paper, organisation, person, signed, submit
from tests.factories.webhook_receiver import KINDS

pytestmark = pytest.mark.django_db


def listen(call: SignOnCall, cast: Any) -> None:
    endpoint_create(
        campaign=call.campaign, actor=cast.coordinator, name="Site", url="http://localhost:9/", events=KINDS
    )


def told() -> list[tuple[int, int]]:
    return list(Event.objects.order_by("id").values_list("object__key", "number"))


def statements(call: SignOnCall, typed: SignOn) -> list[str]:
    token = submit(call, typed).token
    with CaptureQueriesContext(connection) as seen:
        sign_on_confirm(token=token)
    return [query["sql"] for query in seen]


def test_a_signature_is_told_by_one_statement_and_without_a_name(call: SignOnCall, cast: SimpleNamespace) -> None:
    before = statements(call, person())
    assert not any("webhooks_" in sql for sql in before)
    listen(call, cast)
    after = statements(call, person("Kofi Annor", email="kofi.annor@post.example"))
    assert len(after) == len(before) + 1
    event = Event.objects.get()
    assert event.data == {
        "kind": "person", "letter": call.letter.number, "version": call.version.number, "sha256": call.version.sha256
    }  # fmt: skip
    sign_on = SignOn.objects.get(pk=event.object.key)
    assert sign_on.person_name == "Kofi Annor"
    assert b"Kofi" not in event_body(event)
    sign_on_erase(sign_on=sign_on)
    assert told() == [(event.object.key, 1)], "the number of a row that is gone says nothing"


def test_one_that_is_held_is_told_when_it_counts(call: SignOnCall, cast: SimpleNamespace) -> None:
    first = signed(call, organisation(visibility="counted"))
    listen(call, cast)
    held = signed(call, organisation(email="another@kdrf.example"))
    assert held.state == SignOn.State.HELD
    assert told() == []
    sign_on_reject(sign_on=first, actor=cast.data_officer, reason="Withdrawn by letter")
    sign_on_accept(sign_on=held, actor=cast.data_officer)
    assert told() == [(held.pk, 1)]


def test_accepting_what_counts_already_tells_nothing_more(call: SignOnCall, cast: SimpleNamespace) -> None:
    listen(call, cast)
    sign_on = signed(call, organisation(), accepted_by=cast.data_officer)
    assert told() == [(sign_on.pk, 1)]


def test_one_on_paper_is_told_when_its_evidence_is_accepted(call: SignOnCall, cast: SimpleNamespace) -> None:
    listen(call, cast)
    collected = on_paper(call, organisation(email=""), by=cast.coordinator)
    assert told() == []
    sign_on_accept_on_evidence(sign_on=collected.sign_on, actor=cast.data_officer)
    assert told() == [(collected.sign_on_id, 1)]
