"""A message as bytes for SMTP, the same at every attempt. Bodies are 7-bit, so that no server needs an extension and no
line is long. Headers are written here: the `email` package breaks neighbouring encoded words and long tokens when
folding."""

from collections.abc import Iterable
from email.header import Header
from email.utils import format_datetime, quote

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import DomainError

from ..models import Message
from .email_addresses import address_split
from .mime_parts import UnsafeHeader, file_part, multipart, refuse_control, text_part

#: (filename, content type, content)
type File = tuple[str, str, bytes]

MAX_MAIL_BYTES = 25 * 1024 * 1024
MAX_LINE = 998  # RFC 5322 §2.1.1, without CRLF
#: written by a person; all others say that they are automatic (RFC 3834 §5)
LETTER_KINDS = frozenset({"letter", "test", "answer"})
#: callers may not set these
_OURS = frozenset(
    {"from", "to", "cc", "bcc", "reply-to", "sender", "subject", "date", "message-id", "mime-version", "content-type"}
    | {"content-disposition", "content-transfer-encoding", "auto-submitted", "return-path", "received"}
)
_LETTERS_NEVER = frozenset({"list-unsubscribe", "list-unsubscribe-post", "precedence", "list-id"})


class MailTooLarge(DomainError):
    """Larger than mail servers accept."""


def mail_bytes(message: Message, files: Iterable[File]) -> bytes:
    """With CRLF, not dot-stuffed. `message` may be unsaved. Raises UnsafeHeader, BadAddress, MailTooLarge."""
    return mail_assemble(message, [file_part(*file) for file in files])


def mail_assemble(message: Message, files: list[bytes]) -> bytes:
    """`mail_bytes` with files that were encoded before, by `file_part`."""
    content = b"".join([*_headers(message), b"MIME-Version: 1.0\r\n", _body(message, files)])
    if len(content) > MAX_MAIL_BYTES:
        raise MailTooLarge(
            _("This email has %(size)s MB with attachments; servers accept %(limit)s MB. Attach less, or link to it.")
            % {"size": len(content) // 2**20 + 1, "limit": MAX_MAIL_BYTES // 2**20}
        )
    return content


def _headers(message: Message) -> list[bytes]:
    fields = [
        _address_line("From", message.from_header, "from_header"),
        _address_line("To", message.to_address, "to_address"),
        _text_line("Subject", message.subject, "subject"),
        _plain_line("Date", format_datetime(message.created_at or timezone.now()), "date"),
        _plain_line("Message-ID", message.message_id, "message_id"),
    ]
    if message.reply_to:
        fields.append(_address_line("Reply-To", message.reply_to, "reply_to"))
    if message.kind not in LETTER_KINDS:
        fields.append(b"Auto-Submitted: auto-generated\r\n")
    fields += [_extra_line(message, name, value) for name, value in message.headers.items()]
    if message.to_address.isascii() and not all(line.isascii() for line in fields):
        raise UnsafeHeader(_("A header has characters that cannot be written in an email."), field="headers")
    return fields


def _extra_line(message: Message, name: str, value: str) -> bytes:
    if not name.isascii() or not name.replace("-", "").isalnum() or name.lower() in _OURS:
        raise UnsafeHeader(_("The header %(name)s cannot be set.") % {"name": name[:60]}, field="headers")
    if message.kind in LETTER_KINDS and name.lower() in _LETTERS_NEVER:
        raise UnsafeHeader(_("The header %(name)s does not belong in a letter.") % {"name": name}, field="headers")
    return _text_line(name, value, f"headers[{name}]")


def _plain_line(name: str, value: str, field: str) -> bytes:
    line = f"{name}: {refuse_control(value, field)}".encode()
    if len(line) > MAX_LINE:
        raise UnsafeHeader(_("%(field)s is too long for an email header.") % {"field": field}, field=field)
    return line + b"\r\n"


def _text_line(name: str, value: str, field: str) -> bytes:
    """Plain if ASCII suffices, otherwise encoded words of at most 75 characters (RFC 2047 §2)."""
    refuse_control(value, field)
    if value.isascii() and "=?" not in value and len(name) + len(value) < 900:
        return _plain_line(name, value, field)
    if len(value) > 5000:
        raise UnsafeHeader(_("%(field)s is too long for an email header.") % {"field": field}, field=field)
    encoded = Header(value, "utf-8", maxlinelen=75, header_name=name).encode(linesep="\r\n")
    return f"{name}: {encoded}\r\n".encode("ascii")


def _address_line(name: str, value: str, field: str) -> bytes:
    refuse_control(value, field)
    person, address = address_split(value, field=field)
    if not person:
        return _plain_line(name, address, field)
    if person.isascii() and "=?" not in person and len(person) < 200:
        return _plain_line(name, f'"{quote(person)}" <{address}>', field)
    if len(person) > 1000:
        raise UnsafeHeader(_("%(field)s is too long for an email header.") % {"field": field}, field=field)
    encoded = Header(person, "utf-8", maxlinelen=75, header_name=name).encode(linesep="\r\n")
    return f"{name}: {encoded}\r\n <{address}>\r\n".encode()


def _body(message: Message, files: list[bytes]) -> bytes:
    """With its own headers. Boundaries are derived from the Message-ID, so that every attempt has the same bytes."""
    body = text_part(message.text_body, "plain")
    if message.html_body:
        body = multipart("alternative", [body, text_part(message.html_body, "html")], f"{message.message_id}/1")
    return multipart("mixed", [body, *files], f"{message.message_id}/0") if files else body
