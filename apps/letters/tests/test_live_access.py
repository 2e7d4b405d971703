"""Who keeps access to a text, asked of many people at once, and who is told that somebody may have lost theirs."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from apps.campaigns.roles import Role
from apps.governments.models import DrafterLimit
from apps.letters.models import Letter, LetterText
from apps.letters.selectors.live_access import Participant, participant_for, participants_without_access
from apps.letters.services.drafts import letter_create
from apps.letters.transports import live_messages
from apps.letters.transports.live_messages import access_tell
from tests.factories import add_team_member, make_user
from tests.factories.letters import limit_drafter
from tests.factories.live import session_of


def participant(user: Any, text: LetterText) -> Participant:
    found = participant_for(session_of(user), text.letter.campaign.slug, text.letter.number, text.language)
    assert found
    assert found.can_edit
    return found


def test_however_many_sit_at_however_many_letters_a_few_statements_see_who_goes(
    world: SimpleNamespace, letter: Letter, text: LetterText, cast: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    to_both = letter_create(
        campaign=world.campaign, actor=cast.drafter, template=world.template, title="To two",
        members=[world.kenya, world.togo],
    )  # fmt: skip
    people = []
    for number in range(3):
        people.append(make_user(f"Limited {number}"))
        add_team_member(people[-1], world.campaign, Role.DRAFTER)
        limit_drafter(world.campaign, people[-1], world.kenya, world.togo)
    participants = [participant(person, text) for person in people] + [
        participant(person, to_both.texts.get()) for person in people
    ]
    participants.append(participant(cast.drafter, to_both.texts.get()))
    with django_assert_num_queries(5):
        assert participants_without_access(participants[:1]) == set()
    with django_assert_num_queries(5):
        assert participants_without_access(participants) == set()
    DrafterLimit.objects.filter(team_member__user=people[0], member=world.togo).delete()
    assert participants_without_access(participants) == {participants[3]}, "of the letter to both, and no other"
    letter.to_groups.add(world.african)
    assert participants_without_access(participants) == {*participants[:3], participants[3]}, (
        "whoever is limited writes to no group"
    )


def test_that_somebody_may_have_lost_access_is_said_once_for_all(
    world: SimpleNamespace, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    told: list[str] = []
    monkeypatch.setattr(live_messages, "_send", lambda group, _message: told.append(group))
    keys = [session_of(person) for person in (cast.drafter, cast.reviewer, cast.sender)]
    connection.run_on_commit.clear()  # the test's own transaction never commits
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        for key in keys[:2]:
            Session.objects.get(session_key=key).delete()
        Session.objects.filter(session_key__in=keys).delete()
    assert told == [live_messages.ACCESS]
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        with transaction.atomic():
            access_tell()
            transaction.set_rollback(True)
        access_tell()
    assert told == [live_messages.ACCESS] * 2, "what was said in a part that is taken back counts for nothing"
