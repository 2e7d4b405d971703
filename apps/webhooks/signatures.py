"""The signature of Standard Webhooks (standardwebhooks.com, version 1): HMAC-SHA256 over id, time and body."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
#: the specification asks for 24 to 64
SECRET_BYTES = 32


def secret_make() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature_headers(*, webhook_id: str, timestamp: int, body: bytes, secrets: Iterable[str]) -> dict[str, str]:
    """The three headers. With several secrets there are several signatures, of which a receiver needs one."""
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    signatures = (hmac.new(_key(secret), signed, hashlib.sha256).digest() for secret in secrets)
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{base64.b64encode(one).decode()}" for one in signatures),
    }


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(PREFIX))
