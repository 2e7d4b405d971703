"""Bodies and files as MIME parts. A file that goes to many is encoded once per process."""

import base64
import binascii
import hashlib
import re
from collections import OrderedDict
from email import policy
from email.message import MIMEPart
from threading import Lock

from django.utils.translation import gettext as _

from apps.core.errors import DomainError

POLICY = policy.SMTP.clone(cte_type="7bit")
#: lines up to this length are sent as they are (RFC 5322 §2.1.1)
PLAIN_LINE = 78
#: bytes of encoded files that a process keeps
KEPT = 48 * 2**20

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class UnsafeHeader(DomainError):
    """A header has line breaks, control characters, or a name that callers may not set."""


def refuse_control(value: str, field: str) -> str:
    if _CONTROL.search(value):
        raise UnsafeHeader(
            _("%(field)s contains a line break or a control character, which an email header must not.")
            % {"field": field},
            field=field,
        )
    return value


def text_part(text: str, subtype: str) -> bytes:
    """Headers and body. As it is, quoted-printable or base64, whichever is short and 7-bit."""
    lines = text.encode("utf-8", "surrogateescape").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if not lines[-1]:
        lines.pop()
    body = b"\r\n".join(lines) + b"\r\n"
    if body.isascii() and max(map(len, lines), default=0) <= PLAIN_LINE and b"\x00" not in body:
        encoding = b"7bit"
    elif len(body) - len(body.decode(errors="replace")) > len(body) // 6:
        encoding, body = b"base64", base64_lines(body)
    else:
        encoding, body = b"quoted-printable", binascii.b2a_qp(body, istext=True)
    head = b'Content-Type: text/%b; charset="utf-8"\r\nContent-Transfer-Encoding: %b\r\n\r\n'
    return head % (subtype.encode(), encoding) + body


def base64_lines(content: bytes) -> bytes:
    """Base64 in lines of 76 characters (RFC 2045 §6.8)."""
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def file_part(filename: str, content_type: str, content: bytes) -> bytes:
    """Headers and body. Raises UnsafeHeader."""
    refuse_control(filename, "filename")
    main, slash, sub = refuse_control(content_type, "content_type").partition("/")
    if not (slash and main.isalnum() and sub.replace("-", "").replace("+", "").replace(".", "").isalnum()):
        raise UnsafeHeader(_("The attachment’s content type is not valid."), field="content_type")
    if main in {"message", "multipart"}:  # these promise a structure; a file is sent as bytes
        main, sub = "application", "octet-stream"
    part = MIMEPart(policy=POLICY)
    part.set_content(b"", maintype=main, subtype=sub, disposition="attachment", filename=filename)
    return part.as_bytes(policy=POLICY).rstrip(b"\r\n") + b"\r\n\r\n" + base64_lines(content)


def multipart(kind: str, parts: list[bytes], seed: str) -> bytes:
    """The boundary is derived from the seed. "=_" occurs in no encoded body (RFC 2045 §6.7)."""
    boundary = b"=_" + hashlib.sha256(seed.encode()).hexdigest()[:32].encode()
    head = b'Content-Type: multipart/%b; boundary="%b"\r\n\r\n' % (kind.encode(), boundary)
    return b"".join([head, *(b"--%b\r\n%b\r\n" % (boundary, part) for part in parts), b"--%b--\r\n" % boundary])


class EncodedPartCache:
    """Encoded files, by the sha256 of the content, name and type; the least used go first. For several threads."""

    def __init__(self) -> None:
        self._parts: OrderedDict[tuple[str, str, str], bytes] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, key: tuple[str, str, str]) -> bytes | None:
        with self._lock:
            part = self._parts.get(key)
            if part is not None:
                self._parts.move_to_end(key)
            return part

    def keep(self, key: tuple[str, str, str], part: bytes) -> None:
        with self._lock:
            if key in self._parts or len(part) > KEPT // 4:
                return
            self._parts[key] = part
            self._size += len(part)
            while self._size > KEPT:
                self._size -= len(self._parts.popitem(last=False)[1])


kept_parts = EncodedPartCache()
