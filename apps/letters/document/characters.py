"""What text and links may consist of."""

import re
import unicodedata
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError

MAIL = re.compile(r"[^@\s<>\"?&]+@[^@\s<>\"?&]+\.[^@\s<>\"?&]+")


class DocumentInvalid(DomainError):
    """The document is not a letter. `path` says where ("content[3].attrs.level"), the message why."""

    def __init__(self, path: str, reason: str | Promise) -> None:
        super().__init__(reason, field="body")
        self.path = path


def safe_link(href: str) -> bool:
    """Whether the address is http, https or mailto, whole, and leads where a reader sees it does."""
    if len(href) > 2000 or any(char.isspace() or unicodedata.category(char)[0] == "C" for char in href):
        return False
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    if parts.scheme in {"http", "https"}:
        return bool(parts.hostname) and parts.username is None and not any(char in href for char in '"<>\\^`{|}')
    return parts.scheme == "mailto" and not parts.query and bool(MAIL.fullmatch(parts.path))


def check_text(text: str, path: str) -> None:
    """Refuse what is no text: control characters, halves of surrogate pairs, unassigned ends of planes, and the
    overrides that show letters in another order than they are stored (somebody signs what they see)."""
    for char in text:
        code = ord(char)
        if code < 0x20 or 0x7F <= code < 0xA0 or code in (0x2028, 0x2029):
            raise DocumentInvalid(path, _("The text holds a control character. Paste it without formatting."))
        if 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code < 0xFDF0:
            raise DocumentInvalid(path, _("The text holds half a character. Type that place again."))
        if code in (0x202D, 0x202E):
            raise DocumentInvalid(path, _("The text holds a sign that reverses its order. Type that place again."))
