"""Memberships of teams, invitations to them, and API tokens."""

import re
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Invitation, User
from apps.accounts.selectors import InvitationRevoked, InvitationUnknown, invitation_open
from apps.core.access import account_has_second_factor
from apps.core.registries import OPERATORS, ActionSource, action_sources
from apps.core.tokens import token_hash

from .models import ApiToken, Campaign, ProcessingDetails, TeamMember
from .roles import Permission, Role
from .scopes import Scope, needs_second_factor, scopes_of

#: the prefix of API tokens, by which people and secret scanners recognise them
API_PREFIX = "ecom_"


TOKEN_FORMAT = re.compile(API_PREFIX + r"[A-Za-z0-9_-]{43}", re.ASCII)


def valid_token(text: str) -> ApiToken | None:
    """The token with its membership, campaign and person; None if it is not valid."""
    if not TOKEN_FORMAT.fullmatch(text):
        return None
    return (
        ApiToken.objects.select_related("membership__campaign", "membership__user")
        .filter(
            token_hash=token_hash(text),
            revoked_at__isnull=True,
            expires_at__gt=timezone.now(),
            membership__state=TeamMember.State.ACTIVE,
            membership__user__is_active=True,
        )
        .first()
    )


def membership_tokens(membership: TeamMember) -> QuerySet[ApiToken]:
    """Active tokens first, then the newest."""
    return ApiToken.objects.filter(membership=membership).order_by(F("revoked_at").asc(nulls_first=True), "-id")


def grantable_scopes(membership: TeamMember) -> list[Scope]:
    """The scopes that the member's tokens may have: those of their roles that their second factor permits."""
    strong = account_has_second_factor(membership.user)
    return [scope for scope in scopes_of(membership.permissions) if strong or not needs_second_factor(scope)]


#: `Invitation.purpose` of an invitation to a team; its subject is the membership
PURPOSE = "team"


def invitation_offer(token: str) -> tuple[Invitation, TeamMember]:
    """The open invitation of a mailed token, and the membership it offers. Raises the errors of `invitation_open`."""
    invitation = invitation_open(token=token, purpose=PURPOSE)
    membership = TeamMember.objects.select_related("campaign", "user").filter(pk=invitation.subject_id).first()
    if membership is None or membership.user_id != invitation.user_id or not invitation.user.is_active:
        raise InvitationUnknown(
            _("This invitation’s account or team membership no longer exists. Ask the person who invited you.")
        )
    if membership.state != TeamMember.State.INVITED:
        raise InvitationRevoked(
            _("The membership that this invitation offers has ended. Ask the person who invited you.")
        )
    return invitation, membership


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


def notice_sources(person: User) -> list[tuple[str, ActionSource, TeamMember | None]]:
    """(name, source, membership) of what waits for the person wherever they may act on it; without a membership, what
    operators are asked about."""
    found: list[tuple[str, ActionSource, TeamMember | None]] = []
    members = list(active_memberships(person).select_related("user"))
    for name, source in action_sources.items():
        if source.permission == OPERATORS:
            found += [(name, source, None)] if person.is_superuser else []
        else:
            found += [(name, source, member) for member in members if member.may(Permission(source.permission))]
    return found


def notice_timings(person: User) -> dict[str, str]:
    """{name of a source: when the person wants mail about it}, of all."""
    chosen = dict(person.notice_choices.values_list("source", "timing"))
    return {name: chosen.get(name, source.timing) for name, source in action_sources.items()}


def processing_details(campaign: Campaign) -> ProcessingDetails:
    """What people have written into the record of processing; an empty, unsaved row before."""
    return ProcessingDetails.objects.filter(campaign=campaign).first() or ProcessingDetails(campaign=campaign)
