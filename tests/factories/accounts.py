"""Signing in with a mailed code and a second factor."""

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from apps.postbox.models import Message

DOOR = "/accounts/sign-in/"
CODE = "/accounts/sign-in/code/"


def mailed_code() -> str:
    """The code in the newest mail."""
    found = re.search(r"^ {4}(\S+)$", newest_mail().text_body, re.MULTILINE)
    assert found, newest_mail().text_body
    return found[1]


def newest_mail() -> Message:
    return Message.objects.order_by("-created_at")[0]


def ask_for_code(client: Client, address: str, **extra: str) -> None:
    response = client.post(DOOR, {"email": address, **extra})
    assert response.status_code == 302, response.content.decode()
    assert response.url.startswith(CODE)


def totp_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
