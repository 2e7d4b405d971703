"""Invitations to a team, by email."""

from collections.abc import Iterable
from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.selectors import count_recent_invitations
from apps.accounts.services import invitation_issue, invitation_redeem, user_find_or_create
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError
from apps.core.interface_languages import interface_language
from apps.core.site_url import site_url
from apps.core.text import joined

from ..models import Campaign, TeamMember
from ..roles import Role, permissions_of
from ..selectors import PURPOSE, invitation_offer
from .memberships import campaign_lock, sorted_roles

#: emails to one person, over all campaigns
MOST_PER_DAY = 5


@transaction.atomic
def team_invite(*, campaign: Campaign, actor: User | None, name: str, email: str, roles: Iterable[str]) -> TeamMember:
    """Invite a person to the team. An existing account keeps its name; a former member can return. `actor` is None
    at the command line. Raises Conflict, DomainError."""
    campaign = campaign_lock(campaign)
    language = actor.language if actor else campaign.languages[0] if campaign.languages else "en"
    user = user_find_or_create(email=email, name=name, language=language)
    membership = TeamMember.objects.filter(campaign=campaign, user=user).first()
    membership = membership or TeamMember(campaign=campaign, user=user)
    if membership.pk and membership.state == TeamMember.State.ACTIVE:
        message = _("%(name)s is already on the team. Change their roles there.") % {"name": user}
        raise Conflict(message, field="email")
    if membership.pk and membership.state == TeamMember.State.INVITED:
        message = _("%(name)s was already invited. You can resend the invitation on the team page.") % {"name": user}
        raise Conflict(message, field="email")
    membership.roles, membership.state = sorted_roles(roles), TeamMember.State.INVITED
    membership.save()
    audit_record(verb="team_member.invite", subject=membership, actor=actor, roles=membership.roles)
    _send(membership, actor)
    return membership


@transaction.atomic
def invitation_resend(*, membership: TeamMember, actor: User) -> TeamMember:
    """Send a new invitation; the earlier link stops working. Raises Conflict, DomainError."""
    campaign_lock(membership.campaign)
    membership = TeamMember.objects.select_related("campaign", "user").get(pk=membership.pk)
    if membership.state != TeamMember.State.INVITED:
        raise Conflict(_("%(name)s has no pending invitation.") % {"name": membership.user})
    audit_record(verb="team_member.invite_again", subject=membership, actor=actor)
    _send(membership, actor)
    return membership


@transaction.atomic
def invitation_accept(*, token: str) -> TeamMember:
    """Accept the membership that the mailed token offers. Raises the errors of `invitation_open`; of two at once, one
    succeeds."""
    _invitation, membership = invitation_offer(token)
    campaign_lock(membership.campaign)  # before the invitation's row, in the order in which coordinators lock
    invitation = invitation_redeem(token=token, purpose=PURPOSE)
    membership = TeamMember.objects.select_related("campaign", "user").get(pk=invitation.subject_id)
    membership.state = TeamMember.State.ACTIVE
    membership.save(update_fields=["state", "updated_at"])
    audit_record(verb="team_member.accept", subject=membership, actor=membership.user, roles=membership.roles)
    return membership


def _send(membership: TeamMember, actor: User | None) -> None:
    if count_recent_invitations(membership.user, within=timedelta(days=1)) >= MOST_PER_DAY:
        raise DomainError(
            _("%(name)s has been sent %(number)d invitations today, which is the limit. Try again tomorrow.")
            % {"name": membership.user, "number": MOST_PER_DAY}
        )
    invitation, token = invitation_issue(
        user=membership.user, invited_by=actor, purpose=PURPOSE, subject_id=membership.pk
    )
    with translation.override(interface_language(membership.user.language)):
        context = {
            "membership": membership,
            "campaign": membership.campaign,
            "inviter": actor,
            "roles": joined(str(Role(role).label) for role in membership.roles),
            "rights": sorted(str(right.label) for right in permissions_of(membership.roles)),
            "link": site_url(reverse("invitations:accept", args=[token])),
            "expires_at": invitation.expires_at,
        }
        subject = " ".join(render_to_string("campaigns/email/invitation_subject.txt", context).split())
        body = render_to_string("campaigns/email/invitation.txt", context)
    EmailMessage(subject, body, to=[membership.user.email], headers={"X-Postbox-Kind": "invitation"}).send()
