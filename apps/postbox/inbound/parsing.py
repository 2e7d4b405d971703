"""Reading a raw mail: headers, texts and files, from bytes that anybody may have written. Never raises."""

import email
import re
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from typing import Any, cast

import nh3

#: parts beyond this are not looked at; the raw mail is kept whole
MAX_PARTS = 200
MAX_TEXT = 500_000
MAX_HEADER = 10_000
#: beyond these a mail is not parsed at all: parsing takes time that grows with their square
MAX_NESTING = 100
MAX_BOUNDARIES = 20_000
MAX_HEAD = 256 * 1024


@dataclass(frozen=True)
class MailFile:
    """A file in a mail."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class ParsedMail:
    """A mail, read. `headers` are decoded, in order; `html` is cleaned: no scripts, styles, pictures or forms."""

    headers: list[tuple[str, str]]
    subject: str = ""
    sender: str = ""
    text: str = ""
    html: str = ""
    files: list[MailFile] = field(default_factory=list)
    broken: bool = False

    def header(self, name: str) -> str:
        """The first header of that name, "" where there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class TooTangled(ValueError):
    """A mail built to keep its reader busy: nesting, parts or headers beyond any real mail."""


def mail_parse(raw: bytes) -> Message:
    """The parsed mail; structural defects are kept in it. Headers stay as written: the parser that understands them
    needs minutes for some that are meant to take them.

    Raises TooTangled, and what else a hostile structure can provoke.
    """
    flat = raw.lower()
    head = re.search(rb"\r?\n\r?\n", raw)
    if (
        flat.count(b"multipart/") + flat.count(b"message/") > MAX_NESTING
        or raw.count(b"\n--") > MAX_BOUNDARIES
        or (head.start() if head else len(raw)) > MAX_HEAD
    ):
        raise TooTangled
    return email.message_from_bytes(raw)


def mail_read(raw: bytes) -> ParsedMail:
    """What a person wants to see of it. A mail that cannot be parsed comes back `broken`, with its text as it is."""
    try:
        mail = mail_parse(raw)
        return _read(mail)
    except Exception:  # noqa: BLE001 – the parser meets hostile input; whatever it trips over, the mail is shown raw
        return ParsedMail(headers=[], text=raw[:MAX_TEXT].decode("utf-8", "replace"), broken=True)


def _read(mail: Message) -> ParsedMail:
    headers = [(name, header_text(value)) for name, value in mail.raw_items()]
    text, html = "", ""
    files: list[MailFile] = []
    for part in parts_of(mail):
        kind, is_file = part.get_content_type(), part.get_content_disposition() == "attachment" or part.get_filename()
        if is_file or part.get_content_maintype() not in {"text", "multipart"}:
            files.append(_file(part, len(files) + 1))
        elif kind == "text/plain":
            text += part_text(part)
        elif kind == "text/html":
            html += part_text(part)
    found = {name.lower(): value for name, value in reversed(headers)}
    return ParsedMail(
        headers=headers,
        subject=found.get("subject", ""),
        sender=parseaddr(found.get("from", ""))[1],
        text=(text or html_to_text(html[:MAX_TEXT]))[:MAX_TEXT],
        html=clean_html(html[:MAX_TEXT]),
        files=files,
    )


def header_text(value: Any) -> str:
    """One header, decoded, on one line, even where its encoding is broken; at most MAX_HEADER signs."""
    text = str(value)[:MAX_HEADER].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if text.isascii():
        with suppress(MessageError, ValueError, LookupError):
            text = str(make_header(decode_header(text)))
    return " ".join(text.encode("utf-8", "replace").decode().split())


def parts_of(mail: Message) -> list[Message]:
    """The leaves, in order, without going into mails inside the mail; at most MAX_PARTS."""
    leaves: list[Message] = []
    todo: list[Message] = [mail]
    while todo and len(leaves) < MAX_PARTS:
        part = todo.pop(0)
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            todo = cast(list[Message], part.get_payload()) + todo
        else:
            leaves.append(part)
    return leaves


def part_bytes(part: Message) -> bytes:
    """The content without its transfer encoding. A mail inside the mail comes as its bytes."""
    if part.is_multipart():
        return b"\n".join(inner.as_bytes() for inner in cast(list[Message], part.get_payload()))
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def part_text(part: Message) -> str:
    """The text of a part, whatever it claims its charset to be."""
    content = part_bytes(part)
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def html_to_text(html: str) -> str:
    """The words of a page, without its tags."""
    return nh3.clean(html, tags=set(), attributes={}, clean_content_tags={"script", "style"}).strip()


def clean_html(html: str) -> str:
    """HTML of strangers, made harmless: structure and links stay; pictures, styles, forms and scripts go. Headings
    become paragraphs, for the page it is shown in has its own."""
    kept = nh3.clean(html, tags=nh3.ALLOWED_TAGS - {"img", "map", "area"}, link_rel="noopener noreferrer nofollow")
    return re.sub(r"<(/?)h[1-6]\b", r"<\1p", kept)


def _file(part: Message, number: int) -> MailFile:
    name = header_text(part.get_filename() or f"part-{number}")
    safe = "".join(sign for sign in name if sign.isprintable() and sign not in '/\\"').strip(". ") or f"part-{number}"
    return MailFile(filename=safe[:150], content_type=part.get_content_type(), content=part_bytes(part))
