"""What a token may do: the scopes that it has, and what the roles of its owner allow at the moment of the request."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.campaigns.models import ApiToken
from apps.campaigns.roles import SECOND_FACTOR, Permission
from apps.campaigns.scopes import Scope
from apps.core.access import account_has_second_factor

from .exceptions import Forbidden, NotFound


class ScopeMissing(Forbidden):
    def __init__(self, scope: Scope) -> None:
        message = _("This needs a token with the scope “%(scope)s”. Create one on the team page, under “Your tokens”.")
        super().__init__(message % {"scope": scope.value}, scope=scope.value)
        # RFC 6750 §3.1
        self.auth_header = f'Bearer realm="ecomcampaign", error="insufficient_scope", scope="{scope.value}"'


class PermissionMissing(Forbidden):
    def __init__(self, permission: Permission) -> None:
        message = _("Your roles do not include the permission “%(permission)s”. A coordinator can change your roles.")
        super().__init__(message % {"permission": permission.label}, permission=permission.value)


class SecondFactorMissing(Forbidden):
    def __init__(self, permission: Permission) -> None:
        message = _("This needs a second factor on the account of the token’s owner. Set it up in your profile.")
        super().__init__(message, permission=permission.value)


class TokenAllows(BasePermission):
    """The token's campaign is the one in the URL; any other is not found. The token has the scope that the action
    needs, and its owner's roles the permission. Raises NotFound, ScopeMissing, PermissionMissing, SecondFactorMissing.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        token = request.auth
        if not isinstance(token, ApiToken):
            return False  # answered with 401
        if token.membership.campaign.slug != view.kwargs["campaign_slug"]:
            raise NotFound
        if view.action in (None, "metadata"):
            return True  # OPTIONS, or a method that the URL does not have
        scope, permission = view.needed(request.method)
        if scope not in token.scopes:
            raise ScopeMissing(scope)
        if not token.membership.may(permission):
            raise PermissionMissing(permission)
        if permission in SECOND_FACTOR and not account_has_second_factor(token.membership.user):
            raise SecondFactorMissing(permission)
        return True
