"""Writes about a campaign's team."""

from .invitations import (
    AlreadyInvited,
    AlreadyOnTeam,
    NotInvited,
    TooManyInvitations,
    invitation_accept,
    invitation_resend,
    team_invite,
)
from .team import LastCoordinator, NotOnTeam, campaign_lock, team_member_change_roles, team_member_end

__all__ = [
    "AlreadyInvited",
    "AlreadyOnTeam",
    "LastCoordinator",
    "NotInvited",
    "NotOnTeam",
    "TooManyInvitations",
    "campaign_lock",
    "invitation_accept",
    "invitation_resend",
    "team_invite",
    "team_member_change_roles",
    "team_member_end",
]
