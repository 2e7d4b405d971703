"""Memberships of teams."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import Invitation, User

from ..models import Campaign, TeamMember
from ..roles import Permission, Role
from .invitations import PURPOSE


@dataclass(frozen=True)
class TeamRow:
    membership: TeamMember
    invitation: Invitation | None

    @property
    def expired(self) -> bool:
        return self.invitation is not None and self.invitation.expires_at <= timezone.now()


def active_membership(user: User | AnonymousUser, campaign_slug: str) -> TeamMember | None:
    rows = TeamMember.objects.select_related("campaign", "user").filter(state=TeamMember.State.ACTIVE, user=user.pk)
    return rows.filter(campaign__slug=campaign_slug).first()


def has_permission(campaign: Campaign, person: User, permission: Permission) -> bool:
    """Whether the person's active membership includes the permission."""
    membership = TeamMember.objects.filter(campaign=campaign, user=person, state=TeamMember.State.ACTIVE).first()
    return membership is not None and membership.may(permission)


def active_memberships(user: User) -> QuerySet[TeamMember]:
    """The person's active memberships with their campaigns, the latest conference first."""
    return (
        TeamMember.objects.filter(user=user, state=TeamMember.State.ACTIVE)
        .select_related("campaign")
        .order_by("-campaign__starts_on", "campaign__slug")
    )


def team_rows(campaign: Campaign) -> list[TeamRow]:
    """All memberships: active, then invited, then former ones, by name."""
    order = {"active": 0, "invited": 1, "ended": 2}
    memberships = TeamMember.objects.filter(campaign=campaign).select_related("user")
    invitations = Invitation.objects.filter(
        purpose=PURPOSE, subject_id__in=[membership.pk for membership in memberships], accepted_at=None, revoked_at=None
    )
    by_membership = {invitation.subject_id: invitation for invitation in invitations}
    rows = [TeamRow(membership, by_membership.get(membership.pk)) for membership in memberships]
    return sorted(rows, key=lambda row: (order[row.membership.state], str(row.membership.user).casefold()))


def active_coordinators(campaign: Campaign) -> QuerySet[TeamMember]:
    return TeamMember.objects.filter(
        campaign=campaign, state=TeamMember.State.ACTIVE, roles__contains=[Role.COORDINATOR.value]
    )


def demo_people() -> QuerySet[User]:
    """Everybody except those who have not accepted their invitation yet."""
    waiting = TeamMember.objects.filter(state=TeamMember.State.INVITED).values("user")
    active = TeamMember.objects.filter(state=TeamMember.State.ACTIVE).values("user")
    return User.objects.filter(is_active=True).exclude(pk__in=waiting.exclude(user__in=active)).order_by("pk")
