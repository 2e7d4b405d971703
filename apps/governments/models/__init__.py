"""Members of the WTO, their groups, whom one writes to there, and what they have said."""

from .limits import DrafterLimit
from .members import Group, GroupMembership, GroupMembershipQuerySet, Member, MemberQuerySet
from .positions import Position, PositionQuerySet
from .recipients import Correction, Office, Recipient, RecipientAddress

__all__ = [
    "Correction",
    "DrafterLimit",
    "Group",
    "GroupMembership",
    "GroupMembershipQuerySet",
    "Member",
    "MemberQuerySet",
    "Office",
    "Position",
    "PositionQuerySet",
    "Recipient",
    "RecipientAddress",
]
