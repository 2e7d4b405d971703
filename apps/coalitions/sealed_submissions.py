"""Which form a page that says "check your email" is about, sealed in its address: it says later whether the mail came
back. The address has one length, whether a mail was sent or not."""

import base64
import struct
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from apps.core.encryption import UnreadableValue, decrypt, encrypt

#: what else is encrypted with our keys is no submission
PURPOSE = b"coalitions.submission:"
FORMAT = ">Qd"
#: how long the page knows
VALID = timedelta(days=1)


def submission_seal(sign_on_id: int, since: datetime) -> str:
    """A part of an address for a form and the mail about it, sent since then; 0: nothing was mailed."""
    content = struct.pack(FORMAT, sign_on_id, since.timestamp())
    return base64.urlsafe_b64encode(encrypt(PURPOSE + content)).decode().rstrip("=")


def submission_open(sealed: str) -> tuple[int, datetime] | None:
    """What was sealed, with 0 once it is too old; None if it is not ours."""
    with suppress(ValueError, UnreadableValue, struct.error):
        plain = decrypt(base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4)))
        if plain.startswith(PURPOSE):
            sign_on_id, at = struct.unpack(FORMAT, plain.removeprefix(PURPOSE))
            since = datetime.fromtimestamp(at, UTC)
            return sign_on_id if since > timezone.now() - VALID else 0, since
    return None
