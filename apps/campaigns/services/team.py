"""Who is on a team, as what, and until when."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.services import invitations_revoke
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError

from ..models import Campaign, TeamMember
from ..roles import Role
from ..selectors import PURPOSE, coordinators_of
from .tokens import api_tokens_end_of


def campaign_lock(campaign: Campaign) -> Campaign:
    """Lock the campaign's row until the transaction ends: changes of one team come one after the other, so that two
    coordinators cannot remove each other at once."""
    return Campaign.objects.select_for_update().get(pk=campaign.pk)


def sorted_roles(roles: Iterable[str]) -> list[str]:
    """The roles once each, in the order of the table. Raises ValueError for one that does not exist."""
    given = {Role(role) for role in roles}
    return [role.value for role in Role if role in given]


@transaction.atomic
def team_member_change_roles(*, membership: TeamMember, actor: User, roles: Iterable[str]) -> TeamMember:
    """Give a person on the team other roles. Raises last_coordinator, not_on_team."""
    campaign_lock(membership.campaign)
    membership = (
        TeamMember.objects.select_related("campaign", "user").select_for_update(of=("self",)).get(pk=membership.pk)
    )
    if membership.state == TeamMember.State.ENDED:
        raise Conflict(_("This person is no longer on the team. Invite them again."), code="not_on_team")
    wanted = sorted_roles(roles)
    if Role.COORDINATOR.value not in wanted:
        _refuse_without_coordinator(membership)
    if wanted != membership.roles:
        before, membership.roles = membership.roles, wanted
        membership.save(update_fields=["roles", "updated_at"])
        audit_record(verb="team_member.change_roles", subject=membership, actor=actor, before=before, after=wanted)
    return membership


@transaction.atomic
def team_member_end(*, membership: TeamMember, actor: User) -> TeamMember:
    """End a membership, or withdraw the invitation to it. What the person wrote stays. Raises last_coordinator."""
    campaign_lock(membership.campaign)
    membership = (
        TeamMember.objects.select_related("campaign", "user").select_for_update(of=("self",)).get(pk=membership.pk)
    )
    if membership.state == TeamMember.State.ENDED:
        return membership
    _refuse_without_coordinator(membership)
    was, membership.state = membership.state, TeamMember.State.ENDED
    membership.save(update_fields=["state", "updated_at"])
    invitations_revoke(purpose=PURPOSE, subject_id=membership.pk)
    tokens = api_tokens_end_of(membership=membership)
    audit_record(verb="team_member.end", subject=membership, actor=actor, was=was, tokens=tokens)
    return membership


def _refuse_without_coordinator(membership: TeamMember) -> None:
    """The caller holds the campaign's lock."""
    if (
        coordinators_of(membership.campaign).filter(pk=membership.pk).exists()
        and coordinators_of(membership.campaign).count() == 1
    ):
        raise DomainError(
            _("%(name)s is the only coordinator. Make somebody else a coordinator first.") % {"name": membership.user},
            code="last_coordinator",
        )
