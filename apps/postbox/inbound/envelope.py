"""The envelope of a mail that lay in a mailbox: the server that put it there wrote it into headers."""

from collections.abc import Callable
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parseaddr

#: which of them a server writes, and how, no standard says
_DELIVERED_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "X-Rcpt-To")
_ADDRESSED_TO = ("To", "Cc", "Resent-To", "Resent-Cc")
_KEPT = (b"from:", b"to:", b"cc:", b"reply-to:", b"subject:", b"date:", b"message-id:", b"in-reply-to:")
_KEPT_TOO = (b"references:", b"auto-submitted:", b"precedence:", b"return-path:", b"delivered-to:", b"x-original-to:")
#: larger mail is refused, and its recipients hear of it, or left in the mailbox with a note
MAX_RECEIVED_BYTES = 50 * 1024 * 1024
MAX_HEADER_BYTES = 256 * 1024
MAX_RECIPIENTS = 100


def mail_header(raw: bytes) -> bytes:
    """The header of a mail, at most MAX_HEADER_BYTES of it."""
    ends = [end for end in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n")) if end >= 0]
    return raw[: min([*ends, MAX_HEADER_BYTES])]


def envelope_read(header: bytes, is_ours: Callable[[str], bool]) -> tuple[str, list[str]]:
    """(envelope sender, "" for a report; envelope recipients). The recipients are those addresses of ours that the
    delivering server names, else those that the writer addressed, else the mailbox itself."""
    read = BytesHeaderParser().parsebytes(header)

    def addresses(names: tuple[str, ...]) -> list[str]:
        values = [str(value) for name in names for value in read.get_all(name, [])]
        found = [address.strip() for _name, address in getaddresses(values, strict=False)]
        return list(dict.fromkeys(address.lower() for address in found if "@" in address))

    delivered = addresses(_DELIVERED_TO)
    ours = [address for address in delivered if is_ours(address)]
    ours = ours or [address for address in addresses(_ADDRESSED_TO) if is_ours(address)]
    path = read.get("Return-Path")
    sender = parseaddr(str(read.get("From", "") if path is None else path), strict=False)[1]
    return sender, (ours or delivered[:1] or [""])[:MAX_RECIPIENTS]


def mail_notice(header: bytes, text: str) -> bytes:
    """A mail with the header of another and a text of ours in place of its contents."""
    lines: list[bytes] = []
    for line in header.replace(b"\r\n", b"\n").split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            if lines:
                lines[-1] += b"\r\n" + line
        else:
            lines.append(line)
    kept = [line for line in lines if line.lower().startswith(_KEPT + _KEPT_TOO)]
    kept += [b"MIME-Version: 1.0", b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: 8bit"]
    return b"\r\n".join([*kept, b"", text.encode(), b""])
