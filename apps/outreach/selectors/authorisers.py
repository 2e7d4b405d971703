"""Who may authorise a mailing."""

from apps.accounts.models import User
from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Permission


def possible_authorisers(campaign: Campaign, preparer_id: int) -> list[User]:
    """Who may authorise what that person prepared, by name."""
    memberships = TeamMember.objects.filter(campaign=campaign, state=TeamMember.State.ACTIVE).select_related("user")
    able = [
        membership.user
        for membership in memberships
        if membership.may(Permission.AUTHORISE) and membership.user_id != preparer_id
    ]
    return sorted(able, key=lambda user: user.name)
