"""API tokens: whether one is valid, and those of a person."""

import re

from django.db.models import F, QuerySet
from django.utils import timezone

from apps.core.tokens import token_hash

from ..models import ApiToken, TeamMember

#: the prefix of API tokens, by which people and secret scanners recognise them
API_PREFIX = "ecom_"


TOKEN_FORMAT = re.compile(API_PREFIX + r"[A-Za-z0-9_-]{43}", re.ASCII)


def valid_token(text: str) -> ApiToken | None:
    """The token with its membership, campaign and person; None if it is not valid."""
    if not TOKEN_FORMAT.fullmatch(text):
        return None
    return (
        ApiToken.objects.select_related("membership__campaign", "membership__user")
        .filter(
            token_hash=token_hash(text),
            revoked_at__isnull=True,
            expires_at__gt=timezone.now(),
            membership__state=TeamMember.State.ACTIVE,
            membership__user__is_active=True,
        )
        .first()
    )


def membership_tokens(membership: TeamMember) -> QuerySet[ApiToken]:
    """Active tokens first, then the newest."""
    return ApiToken.objects.filter(membership=membership).order_by(F("revoked_at").asc(nulls_first=True), "-id")
