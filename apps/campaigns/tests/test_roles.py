"""The one table, as the design states it."""

import pytest
from django.db import IntegrityError

from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import SECOND_FACTOR, TABLE, Permission, Role, permissions_of
from tests.factories import make_user

P = Permission


def test_the_table_is_the_designs() -> None:
    """Written out a second time on purpose: whoever changes a right changes it here too."""
    marks = {
        Role.COORDINATOR: "1111 1111 0111",
        Role.DRAFTER: "1010 0000 0110",
        Role.REVIEWER: "1001 0000 0010",
        Role.SENDER: "1100 0110 0100",
        Role.DATA_OFFICER: "1100 0001 1001",
        Role.OBSERVER: "1000 0000 0000",
    }
    columns = [
        P.READ,
        P.SEE_CONTACTS,
        P.DRAFT,
        P.REVIEW,
        P.MANAGE,
        P.PREPARE,
        P.AUTHORISE,
        P.MODERATE,
        P.EXPORT,
        P.TRACK,
        P.COMMENT,
        P.PROCESSING,
    ]
    for role, row in marks.items():
        wanted = {right for right, mark in zip(columns, row.replace(" ", ""), strict=True) if mark == "1"}
        assert TABLE[role] == wanted, role


def test_several_roles_add_up() -> None:
    assert permissions_of(["drafter", "reviewer"]) == {P.READ, P.DRAFT, P.COMMENT, P.REVIEW, P.TRACK}


def test_a_role_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ValueError, match="owner"):
        permissions_of(["owner"])


def test_whoever_sends_or_exports_needs_a_second_factor() -> None:
    assert {P.PREPARE, P.AUTHORISE, P.EXPORT} == SECOND_FACTOR


@pytest.mark.parametrize("state", ["invited", "ended"])
def test_without_an_active_place_there_are_no_rights(state: str) -> None:
    membership = TeamMember(roles=["coordinator"], state=state)
    assert membership.permissions == frozenset()


@pytest.mark.django_db
@pytest.mark.parametrize("roles", [[], ["owner"], ["drafter", "owner"]])
def test_the_database_refuses_other_roles(campaign: Campaign, roles: list[str]) -> None:
    with pytest.raises(IntegrityError):
        TeamMember.objects.create(campaign=campaign, user=make_user(), roles=roles)
