"""A message as bytes for SMTP, the same at every attempt. Bodies are 7-bit, so that no server needs an extension and no
line is long. Headers are written here: the `email` package breaks neighbouring encoded words and long tokens when
folding."""

import hashlib
from collections.abc import Iterable
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime, quote

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import DomainError

from ..models import Message
from .email_addresses import address_split

#: (filename, content type, content)
type File = tuple[str, str, bytes]

MAX_MAIL_BYTES = 25 * 1024 * 1024
MAX_LINE = 998  # RFC 5322 §2.1.1, without CRLF
#: written by a person; all others say that they are automatic (RFC 3834 §5)
LETTER_KINDS = frozenset({"letter", "test"})
#: callers may not set these
_OURS = frozenset(
    {"from", "to", "cc", "bcc", "reply-to", "sender", "subject", "date", "message-id", "mime-version", "content-type"}
    | {"content-disposition", "content-transfer-encoding", "auto-submitted", "return-path", "received"}
)
_LETTERS_NEVER = frozenset({"list-unsubscribe", "list-unsubscribe-post", "precedence", "list-id"})
_POLICY = policy.SMTP.clone(cte_type="7bit")


class UnsafeHeader(DomainError):
    """A header has line breaks, control characters, or a name that callers may not set."""


class MailTooLarge(DomainError):
    """Larger than mail servers accept."""


def mail_bytes(message: Message, files: Iterable[File]) -> bytes:
    """With CRLF, not dot-stuffed. `message` may be unsaved. Raises UnsafeHeader, BadAddress, MailTooLarge."""
    body = _body(message, list(files))
    lines = [*_headers(message), body.as_bytes(policy=_POLICY)]
    content = b"".join(lines)
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
        raise UnsafeHeader(_("A header has letters that cannot be written in a mail."), field="headers")
    return fields


def _extra_line(message: Message, name: str, value: str) -> bytes:
    if not name.isascii() or not name.replace("-", "").isalnum() or name.lower() in _OURS:
        raise UnsafeHeader(_("The header %(name)s cannot be set.") % {"name": name[:60]}, field="headers")
    if message.kind in LETTER_KINDS and name.lower() in _LETTERS_NEVER:
        raise UnsafeHeader(_("The header %(name)s does not belong in a letter.") % {"name": name}, field="headers")
    return _text_line(name, value, f"headers[{name}]")


def _refuse_control(value: str, field: str) -> str:
    if any(ord(sign) < 32 or 127 <= ord(sign) < 160 or sign in "\u2028\u2029" for sign in value):
        raise UnsafeHeader(
            _("%(field)s contains a line break or a control character, which a mail header must not.")
            % {"field": field},
            field=field,
        )
    return value


def _plain_line(name: str, value: str, field: str) -> bytes:
    line = f"{name}: {_refuse_control(value, field)}".encode()
    if len(line) > MAX_LINE:
        raise UnsafeHeader(_("%(field)s is too long for a mail header.") % {"field": field}, field=field)
    return line + b"\r\n"


def _text_line(name: str, value: str, field: str) -> bytes:
    """Plain if ASCII suffices, otherwise encoded words of at most 75 characters (RFC 2047 §2)."""
    _refuse_control(value, field)
    if value.isascii() and "=?" not in value and len(name) + len(value) < 900:
        return _plain_line(name, value, field)
    if len(value) > 5000:
        raise UnsafeHeader(_("%(field)s is too long for a mail header.") % {"field": field}, field=field)
    encoded = Header(value, "utf-8", maxlinelen=75, header_name=name).encode(linesep="\r\n")
    return f"{name}: {encoded}\r\n".encode("ascii")


def _address_line(name: str, value: str, field: str) -> bytes:
    _refuse_control(value, field)
    person, address = address_split(value, field=field)
    if not person:
        return _plain_line(name, address, field)
    if person.isascii() and "=?" not in person and len(person) < 200:
        return _plain_line(name, f'"{quote(person)}" <{address}>', field)
    if len(person) > 1000:
        raise UnsafeHeader(_("%(field)s is too long for a mail header.") % {"field": field}, field=field)
    encoded = Header(person, "utf-8", maxlinelen=75, header_name=name).encode(linesep="\r\n")
    return f"{name}: {encoded}\r\n <{address}>\r\n".encode()


def _body(message: Message, files: list[File]) -> EmailMessage:
    body = EmailMessage(policy=_POLICY)
    body.set_content(message.text_body)
    if message.html_body:
        body.add_alternative(message.html_body, subtype="html")
    for filename, content_type, content in files:
        _refuse_control(filename, "filename")
        main, slash, sub = _refuse_control(content_type, "content_type").partition("/")
        if not (slash and main.isalnum() and sub.replace("-", "").replace("+", "").replace(".", "").isalnum()):
            raise UnsafeHeader(_("The attachment’s content type is not valid."), field="content_type")
        if main in {"message", "multipart"}:  # these promise a structure; a file is sent as bytes
            main, sub = "application", "octet-stream"
        body.add_attachment(content, maintype=main, subtype=sub, filename=filename)
    _fix_boundaries(body, message.message_id)
    return body


def _fix_boundaries(body: EmailMessage, seed: str) -> None:
    """Boundaries derived from the Message-ID. "=_" occurs in no encoded body (RFC 2045 §6.7)."""
    for number, part in enumerate(body.walk()):
        if part.is_multipart():
            digest = hashlib.sha256(f"{seed}/{number}".encode()).hexdigest()[:32]
            part.set_boundary(f"=_{digest}")
