"""Statements that are made once do the same as Django's, and the server keeps their plans."""

from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from apps.campaigns.models import Campaign, TeamMember
from apps.core.models import AuditEvent
from apps.core.prepared_statements import (
    Placeholder,
    PreparedQuery,
    inserted_together,
    row_insert,
    row_update,
    server_cursor,
)
from apps.postbox.models import Message

MEMBERS = PreparedQuery(
    lambda: (
        TeamMember.objects.filter(user_id=Placeholder("user"), state="active").select_related("campaign").order_by("id")
    )
)
ROLES = PreparedQuery(
    lambda: TeamMember.objects.filter(user_id=Placeholder("user")).values_list("roles", "campaign__slug")
)
LOCKED = PreparedQuery(lambda: Campaign.objects.select_for_update().filter(slug=Placeholder("slug")))

DIFFERENT = {"id", "message_id", "subject", "created_at", "updated_at"}


def message(**values: Any) -> Message:
    return Message(
        kind="other", policy="once", message_id=f"<{values['subject']}@ours.example>", to_address="a@b.example",
        envelope_from="e@ours.example", to_hash="x", to_key_version=1, text_body="Good day",
        next_at=values.pop("at"), **values,
    )  # fmt: skip


def stored(row: Message) -> dict[str, object]:
    found = Message.objects.filter(pk=row.pk).values().get()
    return {name: value for name, value in found.items() if name not in DIFFERENT}


def test_a_row_is_inserted_as_django_inserts_it(db: None, cast: SimpleNamespace) -> None:
    campaign = Campaign.objects.get(slug="mc11")
    ours, theirs = (message(subject=name, at=campaign.created_at, headers={"X": "ü"}) for name in ("ours", "theirs"))
    row_insert(ours)
    theirs.save(force_insert=True)
    assert ours.created_at
    assert stored(ours) == stored(theirs)
    assert Message.objects.get(pk=ours.pk).subject == "ours"
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_address FROM postbox_message WHERE id = %s", [ours.pk])
        assert b"a@b.example" not in bytes(cursor.fetchone()[0])


def test_a_new_row_has_its_key_and_can_be_saved_again(db: None) -> None:
    event = AuditEvent(verb="test.insert", actor_type="system", subject_type="t", subject_id="1", data={"n": [1, "é"]})
    row_insert(event)
    assert event.pk
    assert event.at
    event.data = {}
    assert not event._state.adding
    assert AuditEvent.objects.get(pk=event.pk).data == {"n": [1, "é"]}


def test_rows_are_inserted_together_by_one_statement(cast: SimpleNamespace, django_assert_num_queries: Any) -> None:
    campaign = Campaign.objects.get(slug="mc11")
    mail = message(subject="100 % ours", at=campaign.created_at)
    events = [AuditEvent(verb=f"test.{n}", actor_type="system", subject_type="t", subject_id=str(n)) for n in range(2)]
    with django_assert_num_queries(1), inserted_together():
        for row in (events[0], mail, events[1]):
            row_insert(row)
        assert events[0].pk is None
    assert [AuditEvent.objects.get(pk=event.pk).verb for event in events] == ["test.0", "test.1"]
    assert Message.objects.get(pk=mail.pk).subject == "100 % ours"
    assert not any(row._state.adding for row in (mail, *events))


def test_none_of_them_is_inserted_after_an_error(db: None) -> None:
    event = AuditEvent(verb="test.never", actor_type="system", subject_type="t", subject_id="1")
    with suppress(ZeroDivisionError), inserted_together():
        row_insert(event)
        raise ZeroDivisionError
    assert not AuditEvent.objects.filter(verb="test.never").exists()
    row_insert(event)
    assert event.pk, "at once again"


def test_an_update_changes_these_fields_only(cast: SimpleNamespace) -> None:
    campaign = Campaign.objects.get(slug="mc11")
    before = campaign.updated_at
    campaign.title, campaign.city = "Another title", "Nowhere"
    row_update(campaign, ["title", "updated_at"])
    after = Campaign.objects.get(pk=campaign.pk)
    assert (after.title, after.city != "Nowhere", after.updated_at > before) == ("Another title", True, True)
    campaign.pk = 10**9
    with pytest.raises(DatabaseError, match="not there any more"):
        row_update(campaign, ["title"])


def test_a_query_finds_what_django_finds_each_time(cast: SimpleNamespace, django_assert_num_queries: Any) -> None:
    for user in (cast.drafter, cast.reviewer, cast.drafter):
        expected = list(TeamMember.objects.filter(user=user, state="active").order_by("id"))
        with django_assert_num_queries(1):
            found = MEMBERS.rows(user=user.pk)
            assert {row.campaign.slug for row in found} == {"mc11"}
        assert expected
        assert [(row.pk, row.roles, row.created_at) for row in found] == [
            (row.pk, row.roles, row.created_at) for row in expected
        ]
    assert MEMBERS.row(user=0) is None
    assert ROLES.rows(user=cast.drafter.pk) == [(cast.drafter.memberships.get().roles, "mc11")]


def test_a_query_that_locks_needs_a_transaction(transactional_db: None) -> None:
    query = PreparedQuery(LOCKED._make)
    with pytest.raises(TransactionManagementError):
        query.rows(slug="mc11")
    with transaction.atomic():
        assert query.rows(slug="nothing") == []


def test_the_server_keeps_the_plan_of_what_is_asked_often(cast: SimpleNamespace) -> None:
    with CaptureQueriesContext(connection) as asked:
        for _ in range(4):
            MEMBERS.rows(user=cast.drafter.pk)
    assert len(asked) == 4
    with server_cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%campaigns_teammember%'")
        assert cursor.fetchone()[0] == 1
