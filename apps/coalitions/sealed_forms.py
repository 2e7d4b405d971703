"""What was typed into the form to sign, sealed in a link for the person who may sign. We store nothing of it.

The link has the values compressed and encrypted, so that neither logs nor whoever sees the address can read them. What
a person has to decide alone, consents and "I am authorised", is left out.
"""

import base64
import json
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.core.encryption import UnreadableValue, decrypt, encrypt
from apps.core.errors import DomainError
from apps.core.text import clean_line

from .models.sign_on_fields import CONSENTS, TYPED

#: what else is encrypted with our keys is no form
PURPOSE = b"coalitions.form:"
#: characters of a link that mail programs and servers take
MOST = 3000
#: of one value
MOST_TYPED = 300
PASSED_ON = [field.name for field in TYPED if field not in CONSENTS and field.name != "authorised"]


class TooLong(DomainError):
    default_message = _("This is too long to fit into a link. Shorten what you entered, then try again.")


@dataclass(frozen=True)
class SealedForm:
    call_id: int
    kind: str
    values: dict[str, str]


def form_seal(*, call_id: int, kind: str, typed: Mapping[str, str]) -> str:
    """The form as a part of an address. Raises TooLong."""
    values = {name: clean_line(typed.get(name, "")[:MOST_TYPED]) for name in PASSED_ON}
    content = json.dumps([call_id, kind, {name: value for name, value in values.items() if value}], ensure_ascii=False)
    sealed = base64.urlsafe_b64encode(encrypt(PURPOSE + zlib.compress(content.encode(), 9))).decode().rstrip("=")
    if len(sealed) > MOST:
        raise TooLong
    return sealed


def form_open(sealed: str) -> SealedForm | None:
    """The form in the link; None if the link is incomplete or not ours."""
    with suppress(ValueError, UnreadableValue):
        plain = decrypt(base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4)))
        if plain.startswith(PURPOSE):
            call_id, kind, values = json.loads(zlib.decompress(plain.removeprefix(PURPOSE)))
            return SealedForm(call_id, kind, values)
    return None
