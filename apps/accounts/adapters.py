"""Settings of allauth in code: sign-in by mailed code, no sign-up, encrypted secrets."""

import base64

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.http import HttpRequest

from apps.core.encryption import decrypt, encrypt
from apps.core.types import JsonObject
from apps.core.wakeups import wake

LOGIN_CODE = "account/email/login_code"
CODE_SENT = "account/messages/login_code_sent.txt"


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: JsonObject, headers: dict[str, str] | None = None
    ) -> EmailMessage:
        """Adds the header that tells the postbox the kind of email."""
        kind = "sign_in" if template_prefix == LOGIN_CODE else "other"
        context = {**context, "site_url": settings.SITE_URL}
        return super().render_mail(template_prefix, email, context, {**(headers or {}), "X-Postbox-Kind": kind})

    def send_mail(self, template_prefix: str, email: str, context: JsonObject) -> None:
        if template_prefix != LOGIN_CODE:
            return super().send_mail(template_prefix, email, context)
        context["request"].login_code_mailed = True
        return self._mail_code(email, context, keep=True)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: JsonObject | None = None,
        **options: object,
    ) -> None:
        """For an unknown address, no code is sent although the message says so. The same work is done and rolled back,
        so that the response time does not reveal who has an account."""
        if message_template == CODE_SENT and message_context and not getattr(request, "login_code_mailed", False):
            context = {"request": request, "code": self.generate_login_code()}
            self._mail_code(message_context["email"], context, keep=False)
            wake("postbox")
        super().add_message(request, level, message_template, message_context, **options)

    def _mail_code(self, email: str, context: JsonObject, *, keep: bool) -> None:
        """Queue the email with the code. Its commit does not wait for the disk, as a rollback would not; the commit of
        the session follows and waits for both."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")
            super().send_mail(LOGIN_CODE, email, context)
            transaction.set_rollback(not keep)


class MFAAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return base64.b64encode(encrypt(text.encode())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(base64.b64decode(encrypted_text)).decode()
