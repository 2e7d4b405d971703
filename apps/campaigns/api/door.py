"""Who may read, and how often: a token in the Authorization header, for its own campaign, within its share."""

import time
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404
from django.utils.translation import gettext as _
from redis.exceptions import RedisError
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from apps.accounts.models import User

from ..models import ApiToken
from ..roles import Permission
from ..selectors import token_open
from ..services import api_token_used

MINUTE = 60


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer ecom_…` (RFC 6750 §2.1). Never from the address or a form, and cookies count for nothing:
    so no other site can make a browser ask, and no log of addresses holds a token."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        kind, _space, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if not kind:
            return None
        if kind.lower() != "bearer":
            raise AuthenticationFailed(_("Send the token as “Authorization: Bearer …”; no other kind is known here."))
        token = token_open(text.strip())
        if token is None:
            raise AuthenticationFailed(
                _("This token is not valid: it is incomplete, unknown or expired, or its owner has left the team.")
            )
        api_token_used(token=token)
        return token.membership.user, token

    def authenticate_header(self, request: Request) -> str:
        sent = "HTTP_AUTHORIZATION" in request.META
        return 'Bearer realm="ecomcampaign"' + (', error="invalid_token"' if sent else "")


class ReadsThisCampaign(BasePermission):
    """The token's campaign is the one in the address; any other does not exist for it. READ is asked of the role."""

    def has_permission(self, request: Request, view: Any) -> bool:
        token = request.auth
        if not isinstance(token, ApiToken):
            return False  # answered with 401, for there is a way to authenticate
        if token.membership.campaign.slug != view.kwargs["campaign_slug"]:
            raise Http404
        return token.membership.may(Permission.READ)


class TokenThrottle(BaseThrottle):
    """So many requests per token in each minute of the clock. Admits where the cache does not answer, as the form to
    sign does."""

    def allow_request(self, request: Request, view: Any) -> bool:
        minute = int(time.time()) // MINUTE
        key, count = f"campaigns:api:{request.auth.pk}:{minute}", 0
        with suppress(RedisError, ValueError):  # ValueError: the key ran out between the two calls
            cache.add(key, 0, timeout=2 * MINUTE)
            count = cache.incr(key)
        return bool(count <= settings.API_REQUESTS_PER_MINUTE)

    def wait(self) -> float:
        return MINUTE - time.time() % MINUTE
