"""How allauth behaves here: codes by mail, no sign-up, secrets sealed."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest

from apps.core.encryption import decrypt, encrypt


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come by invitation only; the mail says to the postbox what it is."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """As allauth's, with the header by which the postbox knows the kind of a mail."""
        kind = "sign_in" if template_prefix == "account/email/login_code" else "other"
        context = {**context, "site_url": settings.SITE_URL}
        return super().render_mail(template_prefix, email, context, {**(headers or {}), "X-Postbox-Kind": kind})


class MFAAdapter(DefaultMFAAdapter):
    """The secret of an authenticator app and the seed of recovery codes are sealed as all secrets here."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(encrypt(text.encode())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(base64.b64decode(encrypted_text)).decode()
