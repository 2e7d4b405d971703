"""Changes of team memberships."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.services import invitations_revoke
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError
from apps.core.optimistic_locking import fingerprint
from apps.core.text import joined

from ..models import Campaign, TeamMember
from ..roles import Role
from ..selectors import PURPOSE, active_coordinators
from .tokens import api_tokens_end_of


def campaign_lock(campaign: Campaign) -> Campaign:
    """Lock the campaign's row until the transaction ends, so that two coordinators cannot remove each other at once."""
    return Campaign.objects.locked(campaign.pk)


def sorted_roles(roles: Iterable[str]) -> list[str]:
    """The roles without duplicates, in the order of Role. Raises ValueError for one that does not exist."""
    given = {Role(role) for role in roles}
    return [role.value for role in Role if role in given]


@transaction.atomic
def team_member_change_roles(
    *, membership: TeamMember, actor: User, roles: Iterable[str], seen: str | None = None
) -> TeamMember:
    """Replace a member's roles. `seen`: the `fingerprint` of the roles that the person saw. Raises DomainError."""
    membership = _lock(membership)
    if seen is not None and seen != fingerprint(membership.roles):
        roles_now = joined(str(label) for label in membership.role_labels)
        raise Conflict(
            _("Somebody has changed these roles. They are now: %(roles)s. Save again to replace them.")
            % {"roles": roles_now}
        )
    if membership.state == TeamMember.State.ENDED:
        raise Conflict(_("This person is no longer on the team. Invite them again."))
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
    """End a membership, or withdraw the invitation to it. Raises DomainError."""
    membership = _lock(membership)
    if membership.state == TeamMember.State.ENDED:
        return membership
    _refuse_without_coordinator(membership)
    was, membership.state = membership.state, TeamMember.State.ENDED
    membership.save(update_fields=["state", "updated_at"])
    invitations_revoke(purpose=PURPOSE, subject_id=membership.pk)
    tokens = api_tokens_end_of(membership=membership)
    audit_record(verb="team_member.end", subject=membership, actor=actor, was=was, tokens=tokens)
    return membership


def _lock(membership: TeamMember) -> TeamMember:
    campaign_lock(membership.campaign)
    rows = TeamMember.objects.select_related("campaign", "user").select_for_update(of=("self",))
    return rows.get(pk=membership.pk)


def _refuse_without_coordinator(membership: TeamMember) -> None:
    if [row.pk for row in active_coordinators(membership.campaign)] == [membership.pk]:
        raise DomainError(
            _("%(name)s is the only coordinator. Make somebody else a coordinator first.") % {"name": membership.user}
        )
