"""How allauth behaves here: codes by mail, no sign-up, secrets sealed."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.http import HttpRequest

from apps.core.encryption import decrypt, encrypt
from apps.core.wakeups import wake

LOGIN_CODE = "account/email/login_code"
CODE_SENT = "account/messages/login_code_sent.txt"


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
        kind = "sign_in" if template_prefix == LOGIN_CODE else "other"
        context = {**context, "site_url": settings.SITE_URL}
        return super().render_mail(template_prefix, email, context, {**(headers or {}), "X-Postbox-Kind": kind})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if template_prefix != LOGIN_CODE:
            return super().send_mail(template_prefix, email, context)
        context["request"].login_code_mailed = True
        return self._mail_code(email, context, keep=True)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        """As allauth's. Where a code is said to be sent and none was, as nobody has the address, the same work is done
        and undone: the time of the answer must not tell who has an account."""
        if message_template == CODE_SENT and message_context and not getattr(request, "login_code_mailed", False):
            context = {"request": request, "code": self.generate_login_code()}
            self._mail_code(message_context["email"], context, keep=False)
            wake("postbox")
        super().add_message(request, level, message_template, message_context, **options)

    def _mail_code(self, email: str, context: dict[str, Any], *, keep: bool) -> None:
        """Queue the mail with the code. Its commit does not wait for the disk, which a rollback would not either; the
        commit of the session, which follows, waits for both."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")
            super().send_mail(LOGIN_CODE, email, context)
            transaction.set_rollback(not keep)


class MFAAdapter(DefaultMFAAdapter):
    """The secret of an authenticator app and the seed of recovery codes are sealed as all secrets here."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(encrypt(text.encode())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(base64.b64decode(encrypted_text)).decode()
