"""Parse raw mail from untrusted senders: headers, texts and files."""

import email
import quopri
import re
from base64 import b64decode
from binascii import Error as Base64Error
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import parseaddr
from mimetypes import guess_extension
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from tnefparse import TNEF

from apps.core.text import clean_line
from apps.core.types import Label

from .charsets import decode_text
from .containers import MAX_TEXT, signed_content, tnef_text
from .html import clean_html, html_to_text

MAX_PARTS = 200
MAX_HEADER = 10_000
#: beyond these a mail is not parsed: the time grows with their square
MAX_NESTING = 100
MAX_BOUNDARIES = 20_000
#: each becomes a part of its own in a delivery report
MAX_BLANK_LINES = 5_000
MAX_HEAD = 256 * 1024
#: nested mails and signed envelopes
MAX_DEPTH = 4
SMIME_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
ENCRYPTED_TYPES = SMIME_TYPES | {"application/pgp-encrypted"}
#: names of parts that have none
NAMES: dict[str, Label] = {
    "message/delivery-status": gettext_lazy("Delivery report.txt"),
    "message/global-delivery-status": gettext_lazy("Delivery report.txt"),
    "message/disposition-notification": gettext_lazy("Read receipt.txt"),
    "message/global-disposition-notification": gettext_lazy("Read receipt.txt"),
    "message/feedback-report": gettext_lazy("Spam report.txt"),
    "message/rfc822": gettext_lazy("Returned message.eml"),
    "message/global": gettext_lazy("Returned message.eml"),
    "text/rfc822-headers": gettext_lazy("Headers of the returned message.txt"),
    "message/global-headers": gettext_lazy("Headers of the returned message.txt"),
}
TEXT_TYPES = frozenset({"text/plain", "text/html"})
TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})


@dataclass(frozen=True)
class MailFile:
    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class ParsedMail:
    """`html` is sanitised; `files` includes those in envelopes; `message` is None if the mail is too tangled."""

    headers: list[tuple[str, str]]
    subject: str = ""
    sender: str = ""
    sender_name: str = ""
    text: str = ""
    html: str = ""
    files: list[MailFile] = field(default_factory=list)
    broken: bool = False
    message: Message | None = field(default=None, repr=False)

    @property
    def is_encrypted(self) -> bool:
        """Nothing can be read of it, and one of its parts is for whoever has a key."""
        kinds = {file.content_type for file in self.files}
        return not self.text.strip() and bool(kinds & ENCRYPTED_TYPES)

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class _AsWritten(Compat32):
    """Leaves the headers of attached mails as they came: folding long ones takes minutes."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}\n".encode("utf-8", "surrogateescape")


class StructureTooComplex(ValueError):
    """More nesting, parts or headers than any real mail has."""


AS_WRITTEN = _AsWritten(verify_generated_headers=False)


def message_from_raw(raw: bytes) -> Message:
    """Parse with Python's compat32 policy: the modern one needs minutes for some hostile headers. Raises
    StructureTooComplex and anything else that a hostile structure provokes."""
    flat = raw.lower()
    head = re.search(rb"\r?\n\r?\n", raw)
    if (
        flat.count(b"multipart/") + flat.count(b"message/") > MAX_NESTING
        or raw.count(b"\n--") > MAX_BOUNDARIES
        or (b"delivery-status" in flat and raw.count(b"\n\n") + raw.count(b"\n\r\n") > MAX_BLANK_LINES)
        or (head.start() if head else len(raw)) > MAX_HEAD
    ):
        raise StructureTooComplex
    return email.message_from_bytes(raw)


def parse_mail(raw: bytes) -> ParsedMail:
    """Never raises: a mail that cannot be parsed comes back as `broken`, with its raw text."""
    message = None
    try:
        message = message_from_raw(raw)
        return _parse(message)
    except Exception:  # noqa: BLE001 – the parser meets hostile input; whatever it trips over, the mail is shown raw
        return ParsedMail(headers=[], text=decode_text(raw[:MAX_TEXT]), broken=True, message=message)


def _parse(mail: Message) -> ParsedMail:
    raw_headers = [(name, str(value)[:MAX_HEADER]) for name, value in mail.raw_items()]
    headers = [(name, header_text(value)) for name, value in raw_headers]
    found = {name.lower(): value for name, value in reversed(headers)}
    # split before decoding: a decoded name may contain a comma
    name, sender = parseaddr(next((value for key, value in raw_headers if key.lower() == "from"), ""))
    body = _Body()
    text = body.read(mail) or next(filter(_not_blank, body.fallbacks), "")
    html = "\n".join(body.html)[:MAX_TEXT]
    return ParsedMail(
        headers=headers,
        subject=found.get("subject", ""),
        sender=header_text(sender),
        sender_name=header_text(name),
        text=text[:MAX_TEXT],
        html=clean_html(html),
        files=body.files,
        message=mail,
    )


class _Body:
    """Texts, HTML and files of one mail. `fallbacks` are texts of attached mails, for mails without a text."""

    def __init__(self, depth: int = 0) -> None:
        self.html: list[str] = []
        self.files: list[MailFile] = []
        self.fallbacks: list[str] = []
        self.depth = depth
        self.parts = 0
        #: bytes of text read: of all parts together, no more than MAX_TEXT
        self.seen = 0

    def read(self, part: Message, *, report: bool = False) -> str:
        """The text of a part. Mails attached to a `report` are what it is about, so their text is ignored."""
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            return self._multipart(part, report or part.get_content_type() == "multipart/report")
        self.parts += 1
        if self.parts > MAX_PARTS:
            return ""
        kind, content = part.get_content_type(), part_bytes(part)
        named = part.get_content_disposition() == "attachment" or bool(part.get_filename())
        if kind in TEXT_TYPES and not named:
            return self._text(kind, self._budgeted(content), part.get_content_charset(""))
        if kind in TEXT_TYPES and not report:  # the body of some mail programs, where there is no other
            self.fallbacks.append(_plain(kind, self._budgeted(content), part.get_content_charset("")))
        file = _file(part, content, len(self.files) + 1, report)
        self.files.append(file)
        if self.depth >= MAX_DEPTH or (report and kind == "message/rfc822"):
            return ""
        try:
            return self._inside(kind, file)
        except Exception:  # noqa: BLE001 – hostile or damaged: the container itself can still be opened
            return ""

    def _budgeted(self, content: bytes) -> bytes:
        content = content[: max(0, MAX_TEXT - self.seen)]
        self.seen += len(content)
        return content

    def _text(self, kind: str, content: bytes, charset: str) -> str:
        if kind == "text/html":
            self.html.append(decode_text(content[:MAX_TEXT], charset))
        return _not_blank(_plain(kind, content, charset))

    def _multipart(self, part: Message, report: bool) -> str:
        children = cast(list[Message], part.get_payload())
        texts = [(child.get_content_type() != "text/plain", self.read(child, report=report)) for child in children]
        texts = [(worse, text) for worse, text in texts if text]
        if part.get_content_type() == "multipart/alternative":
            return min(texts, key=lambda found: found[0])[1] if texts else ""
        return "\n\n".join(text for _worse, text in texts)

    def _inside(self, kind: str, file: MailFile) -> str:
        name = file.filename.lower()
        if kind in SMIME_TYPES or name.endswith(".p7m"):
            return self._nested(signed_content(file.content), own=True)
        if kind == "message/rfc822":
            return self._nested(file.content, own=False)
        if kind in TNEF_TYPES or name == "winmail.dat":
            tnef = TNEF(file.content)
            self.files += [
                MailFile(safe_filename(attached.long_filename() or attached.name or "", len(self.files) + number),
                         "application/octet-stream", bytes(attached.data or b""))
                for number, attached in enumerate(tnef.attachments, start=1)
            ]  # fmt: skip
            self.fallbacks.append(tnef_text(tnef))
        return ""

    def _nested(self, raw: bytes, *, own: bool) -> str:
        inner = _Body(self.depth + 1)
        inner.seen = self.seen
        text = inner.read(message_from_raw(raw))
        self.seen = inner.seen
        self.files += inner.files
        self.fallbacks += inner.fallbacks
        if own:
            self.html += inner.html
            return text
        self.fallbacks.append(text)
        return ""


def header_text(value: str) -> str:
    """A header, decoded as far as possible, on one line, without invisible characters."""
    text = decode_text(value[:MAX_HEADER].encode("utf-8", "surrogateescape"))
    if "=?" in text:
        with suppress(MessageError, ValueError):
            text = "".join(
                decode_text(chunk, charset or "") if isinstance(chunk, bytes) else chunk
                for chunk, charset in decode_header(text)
            )
    return clean_line(text.encode("utf-8", "replace").decode())


def leaves(mail: Message) -> list[Message]:
    """The parts that are not multipart, at most MAX_PARTS, without those of attached mails."""
    found: list[Message] = []
    todo: list[Message] = [mail]
    while todo and len(found) < MAX_PARTS:
        part = todo.pop(0)
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            todo = cast(list[Message], part.get_payload()) + todo
        else:
            found.append(part)
    return found


def part_bytes(part: Message) -> bytes:
    """The decoded content. An attached mail comes as its bytes."""
    if not part.is_multipart():
        content = part.get_payload(decode=True)
        return content if isinstance(content, bytes) else b""
    raw = b"\n".join(inner.as_bytes(policy=AS_WRITTEN) for inner in cast(list[Message], part.get_payload()))
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    if encoding == "base64":  # the parser leaves it in place for message/*
        with suppress(Base64Error):
            return b64decode(raw)
    return quopri.decodestring(raw) if encoding == "quoted-printable" else raw


def safe_filename(name: str, number: int) -> str:
    """Printable, without path separators; a number for an empty name."""
    kept = "".join(sign for sign in name if sign.isprintable() and sign not in '/\\"')
    return kept.strip(". ")[:150] or _("Attachment %(number)d") % {"number": number}


def _file(part: Message, content: bytes, number: int, report: bool) -> MailFile:
    kind = part.get_content_type()
    name = header_text(part.get_filename() or "") or _name_by_kind(kind, content, number, report)
    return MailFile(safe_filename(name, number), kind, content)


def _name_by_kind(kind: str, content: bytes, number: int, report: bool) -> str:
    """The name of a part that has none. In a `report`, an attached mail is ours."""
    if kind == "message/rfc822" and not report:
        subject = header_text(str(email.message_from_bytes(content[:MAX_HEAD]).get("subject", "")))[:120]
        return f"{subject or _('Attached message')}.eml"
    if kind in NAMES:
        return str(NAMES[kind])
    main = kind.partition("/")[0]
    name = _("Image %(number)d") if main == "image" else _("Attachment %(number)d")
    return name % {"number": number} + (guess_extension(kind) or "")


def _plain(kind: str, content: bytes, charset: str) -> str:
    text = decode_text(content[:MAX_TEXT], charset)
    return html_to_text(text) if kind == "text/html" else text


def _not_blank(text: str) -> str:
    return text if text.strip() else ""
