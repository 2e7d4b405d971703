"""Reads about campaigns, their teams and the tokens of the read API."""

import re
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Invitation, User
from apps.accounts.selectors import InvitationRevoked, InvitationUnknown, invitation_open
from apps.core.tokens import token_hash

from .models import ApiToken, Campaign, TeamMember
from .roles import Role

#: `Invitation.purpose` of an invitation to a team; its subject is the membership
PURPOSE = "team"
#: what a token of the read API begins with, so that people, logs and scanners for secrets know one when they see it
API_MARK = "ecom_"
#: and its whole form: the start and 256 bits
TOKEN_FORM = re.compile(API_MARK + r"[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True)
class TeamRow:
    """A membership on the team, and the invitation that is open for it, if one is."""

    membership: TeamMember
    invitation: Invitation | None

    @property
    def expired(self) -> bool:
        return self.invitation is not None and self.invitation.expires_at <= timezone.now()


def campaigns_of(user: User) -> QuerySet[Campaign]:
    """The campaigns in which the person has an active membership, the latest conference first."""
    return Campaign.objects.filter(team__user=user, team__state=TeamMember.State.ACTIVE).order_by("-starts_on", "slug")


def memberships_of(user: User) -> QuerySet[TeamMember]:
    """The person's active memberships, in the same order, with their campaigns."""
    return (
        TeamMember.objects.filter(user=user, state=TeamMember.State.ACTIVE)
        .select_related("campaign")
        .order_by("-campaign__starts_on", "campaign__slug")
    )


def team_of(campaign: Campaign) -> list[TeamRow]:
    """Everybody who has or had a membership: active ones first, then invited, then former ones, by name."""
    order = {TeamMember.State.ACTIVE: 0, TeamMember.State.INVITED: 1, TeamMember.State.ENDED: 2}
    memberships = TeamMember.objects.filter(campaign=campaign).select_related("user")
    invitations = Invitation.objects.filter(
        purpose=PURPOSE, subject_id__in=[membership.pk for membership in memberships], accepted_at=None, revoked_at=None
    )
    by_membership = {invitation.subject_id: invitation for invitation in invitations}
    rows = [TeamRow(membership, by_membership.get(membership.pk)) for membership in memberships]
    return sorted(
        rows, key=lambda row: (order[TeamMember.State(row.membership.state)], str(row.membership.user).casefold())
    )


def coordinators_of(campaign: Campaign) -> QuerySet[TeamMember]:
    """Who leads the campaign now."""
    return TeamMember.objects.filter(
        campaign=campaign, state=TeamMember.State.ACTIVE, roles__contains=[Role.COORDINATOR.value]
    )


def offer_of(token: str) -> tuple[Invitation, TeamMember]:
    """The open invitation of a mailed token, and the membership it offers.

    Raises InvitationUnknown, InvitationUsed, InvitationRevoked, InvitationExpired, each with a sentence for the page.
    """
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


def demo_cast() -> QuerySet[User]:
    """Whom the demo's sign-in offers: everybody but those who have not accepted their invitation yet."""
    waiting = TeamMember.objects.filter(state=TeamMember.State.INVITED).values("user")
    active = TeamMember.objects.filter(state=TeamMember.State.ACTIVE).values("user")
    return User.objects.filter(is_active=True).exclude(pk__in=waiting.exclude(user__in=active)).order_by("pk")


def token_open(text: str) -> ApiToken | None:
    """The token with this text, its membership, campaign and person; None where it is not valid (any more)."""
    if not TOKEN_FORM.fullmatch(text):
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


def tokens_of(membership: TeamMember) -> QuerySet[ApiToken]:
    """The tokens of a membership, those that work first, then the latest of the others."""
    return ApiToken.objects.filter(membership=membership).order_by(F("revoked_at").asc(nulls_first=True), "-id")
