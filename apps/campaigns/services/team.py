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
def team_member_change_roles(*, place: TeamMember, actor: User, roles: Iterable[str]) -> TeamMember:
    """Give a person on the team other roles. Raises last_coordinator, not_on_team."""
    campaign_lock(place.campaign)
    place = TeamMember.objects.select_related("campaign", "user").select_for_update(of=("self",)).get(pk=place.pk)
    if place.state == TeamMember.State.ENDED:
        raise Conflict(_("This person is no longer on the team. Invite them again."), code="not_on_team")
    wanted = sorted_roles(roles)
    if Role.COORDINATOR.value not in wanted:
        _refuse_without_coordinator(place)
    if wanted != place.roles:
        before, place.roles = place.roles, wanted
        place.save(update_fields=["roles", "updated_at"])
        audit_record(verb="team_member.change_roles", subject=place, actor=actor, before=before, after=wanted)
    return place


@transaction.atomic
def team_member_end(*, place: TeamMember, actor: User) -> TeamMember:
    """End a place, or withdraw the invitation to it. What the person wrote stays. Raises last_coordinator."""
    campaign_lock(place.campaign)
    place = TeamMember.objects.select_related("campaign", "user").select_for_update(of=("self",)).get(pk=place.pk)
    if place.state == TeamMember.State.ENDED:
        return place
    _refuse_without_coordinator(place)
    was, place.state = place.state, TeamMember.State.ENDED
    place.save(update_fields=["state", "updated_at"])
    invitations_revoke(purpose=PURPOSE, subject_id=place.pk)
    tokens = api_tokens_end_of(place=place)
    audit_record(verb="team_member.end", subject=place, actor=actor, was=was, tokens=tokens)
    return place


def _refuse_without_coordinator(place: TeamMember) -> None:
    """The caller holds the campaign's lock."""
    if coordinators_of(place.campaign).filter(pk=place.pk).exists() and coordinators_of(place.campaign).count() == 1:
        raise DomainError(
            _("%(name)s is the only coordinator. Make somebody else a coordinator first.") % {"name": place.user},
            code="last_coordinator",
        )
