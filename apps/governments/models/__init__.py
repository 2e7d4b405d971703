"""Members, their groups, the recipients there, and positions."""

from .members import (
    DrafterLimit,
    Group,
    GroupMembership,
    GroupMembershipQuerySet,
    Member,
    MemberQuerySet,
    name_languages,
    name_sort_on,
    names_language,
)
from .positions import Position, PositionQuerySet
from .recipients import Correction, Office, Recipient, RecipientAddress

__all__ = [
    "Correction", "DrafterLimit", "Group", "GroupMembership",
    "GroupMembershipQuerySet", "Member",
    "MemberQuerySet", "Office", "Position", "PositionQuerySet", "Recipient", "RecipientAddress", "name_languages",
    "name_sort_on", "names_language",
]  # fmt: skip
