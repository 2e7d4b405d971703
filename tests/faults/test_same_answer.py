"""How long the answer to a form takes tells nobody whose address we know."""

import time
from statistics import median
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.coalitions.models import SignOn, SignOnCall
from tests.factories.governments import make_member
from tests.factories.letters import make_version
from tests.factories.signing import PERSON_FORM, make_call, person, signed

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

FORMS = 500
#: seconds by which the medians may differ
DIFFERENCE = 0.01


@pytest.fixture
def call(campaign: Any, cast: Any) -> SignOnCall:
    return make_call(make_version(campaign, cast, make_member()), cast)


def test_five_hundred_known_and_unknown_addresses_are_answered_alike(call: SignOnCall, client: Client) -> None:
    """Alternately, each from a connection of its own; what differs in an answer is its sealed address only."""
    for number in range(FORMS):
        signed(call, person(f"Afi {number}", email=f"known{number}@post.example"))
    path = reverse("website:letter", args=[call.campaign.slug, call.letter.number])
    took: dict[str, list[float]] = {"known": [], "unknown": []}
    answers: dict[str, set[Any]] = {"known": set(), "unknown": set()}
    for number in range(FORMS):
        for connection, known in enumerate(took):
            form = {**PERSON_FORM, "email": f"{known}{number}@post.example", "person_name": f"Afi {number}"}
            start = time.perf_counter()
            answer = client.post(f"{path}?for=person", form, REMOTE_ADDR=f"2001:db8:{number:x}:{connection}::1")
            took[known].append(time.perf_counter() - start)
            names = frozenset(answer.headers)
            answers[known].add((answer.status_code, answer.content, names, len(answer["Location"])))
    medians = {known: median(times) for known, times in took.items()}
    assert answers["known"] == answers["unknown"]
    assert len(answers["known"]) == 1
    assert SignOn.objects.filter(state="pending").count() == FORMS, "the known ones were known"
    assert abs(medians["known"] - medians["unknown"]) < DIFFERENCE
