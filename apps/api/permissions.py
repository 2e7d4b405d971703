"""What a token may read."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.campaigns.models import ApiToken
from apps.campaigns.roles import Permission

from .exceptions import NotFound


class CanReadCampaign(BasePermission):
    """The token's campaign is the one in the URL; any other is not found. The owner's roles must include READ."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        token = request.auth
        if not isinstance(token, ApiToken):
            return False  # answered with 401
        if token.membership.campaign.slug != view.kwargs["campaign_slug"]:
            raise NotFound
        return token.membership.may(Permission.READ)
