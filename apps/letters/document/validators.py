"""Which characters and links a letter may have."""

import re
import unicodedata
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.text import JOINERS, clean_span

MAIL = re.compile(r"[^@\s<>\"?&]+@[^@\s<>\"?&]+\.[^@\s<>\"?&]+")


class DocumentInvalid(DomainError):
    """The document is not a valid letter. `path` is like "content[3].attrs.level"."""

    def __init__(self, path: str, reason: str | Promise) -> None:
        super().__init__(reason, field="body")
        self.path = path


def safe_link(href: str) -> bool:
    """Whether the URL is complete, uses http, https or mailto, and does not hide where it leads."""
    if len(href) > 2000 or any(char.isspace() or unicodedata.category(char)[0] == "C" for char in href):
        return False
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    if parts.scheme in {"http", "https"}:
        return bool(parts.hostname) and parts.username is None and not any(char in href for char in '"<>\\^`{|}')
    return parts.scheme == "mailto" and not parts.query and bool(MAIL.fullmatch(parts.path))


def clean_text(text: str, before: str = "") -> str:
    """The text without what `clean_span` drops. `before`: the text before it, to which a first joiner belongs."""
    if before and text[:1] in JOINERS:
        return clean_span(before[-1] + text)[1:]
    return clean_span(text)


def check_text(text: str, path: str) -> None:
    """Raises DocumentInvalid for characters that cannot be encoded or that `clean_text` drops."""
    for char in text:
        code = ord(char)
        if 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code < 0xFDF0:
            raise DocumentInvalid(path, _("The text has an incomplete character. Type the word again."))
    composed = unicodedata.normalize("NFC", text).lstrip("".join(JOINERS))
    cleaned = clean_text(composed)
    if composed != cleaned:
        pairs = zip(composed, cleaned, strict=False)
        at = next((index for index, (one, other) in enumerate(pairs) if one != other), len(cleaned))
        raise DocumentInvalid(
            path,
            _("The text has an invisible character (%(code)s). Delete the word and type it again.")
            % {"code": f"U+{ord(composed[at]):04X}"},
        )
