"""What a token may read."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.campaigns.models import ApiToken
from apps.campaigns.roles import Permission

from .exceptions import NotFound


class CanReadCampaign(BasePermission):
    """The token's campaign is the one in the address; any other does not exist for it. Its roles must include READ."""

    def has_permission(self, request: Request, view: Any) -> bool:
        token = request.auth
        if not isinstance(token, ApiToken):
            return False  # answered with 401, for there is a way to authenticate
        if token.membership.campaign.slug != view.kwargs["campaign_slug"]:
            raise NotFound
        return token.membership.may(Permission.READ)
