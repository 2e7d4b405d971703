"""Writes about a campaign's team and its tokens."""

from .invitations import (
    invitation_accept,
    invitation_resend,
    team_invite,
)
from .team import campaign_lock, team_member_change_roles, team_member_end
from .tokens import (
    MOST_TOKENS,
    MembershipNotActive,
    TokenNameTaken,
    TooManyTokens,
    api_token_create,
    api_token_end,
    api_token_used,
)

__all__ = [
    "MOST_TOKENS",
    "MembershipNotActive",
    "TokenNameTaken",
    "TooManyTokens",
    "api_token_create",
    "api_token_end",
    "api_token_used",
    "campaign_lock",
    "invitation_accept",
    "invitation_resend",
    "team_invite",
    "team_member_change_roles",
    "team_member_end",
]
