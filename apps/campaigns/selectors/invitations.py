"""Invitations to a team."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Invitation
from apps.accounts.selectors import InvitationRevoked, InvitationUnknown, invitation_open

from ..models import TeamMember

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
