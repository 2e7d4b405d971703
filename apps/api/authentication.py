"""Tokens in the Authorization header."""

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.accounts.models import User
from apps.campaigns.models import ApiToken
from apps.campaigns.selectors import valid_token
from apps.campaigns.services.tokens import api_token_used

from .throttling import refuse_many_wrong_tokens


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer ecom_…` (RFC 6750 §2.1). Never from the URL, a form or a cookie: so no other site can make
    a browser send requests, and no log of URLs contains a token."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        kind, _space, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if not kind:
            return None
        if kind.lower() != "bearer":
            raise AuthenticationFailed(_("Send the token as “Authorization: Bearer …”. No other scheme is accepted."))
        token = valid_token(text.strip())
        if token is None:
            refuse_many_wrong_tokens(request)
            raise AuthenticationFailed(
                _("This token is not valid: it is incomplete, unknown or expired, or its owner has left the team.")
            )
        api_token_used(token=token)
        return token.membership.user, token

    def authenticate_header(self, request: Request) -> str:
        sent = "HTTP_AUTHORIZATION" in request.META
        return 'Bearer realm="ecomcampaign"' + (', error="invalid_token"' if sent else "")
