"""What a mail says about the mail of ours that it answers: tokens of reply addresses and Message-IDs."""

import re
from email.message import Message
from email.parser import HeaderParser
from typing import cast

from .charsets import decode_text
from .parsing import ParsedMail, header_text, leaves, part_bytes

TOKEN = re.compile(r"reply\+([a-z2-7]{52})(?=@)", re.IGNORECASE)
MESSAGE_ID = re.compile(r"<[^<>\s]{1,198}>")
MAX_IDS = 20
_ADDRESSED = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "resent-to", "x-forwarded-to")


def reply_tokens(read: ParsedMail, envelope_to: str) -> list[str]:
    """Tokens of the address that it came to, then of those in its headers: a redirect changes the envelope."""
    headers = " ".join(value for name, value in read.headers if name.lower() in _ADDRESSED)
    found = TOKEN.findall(envelope_to) + TOKEN.findall(headers)[:MAX_IDS]
    return list(dict.fromkeys(token.lower() for token in found))


def referred_ids(read: ParsedMail) -> list[str]:
    """Message-IDs from the likeliest: In-Reply-To, References from the newest, then those of the mails that it returns
    or that a receipt names."""
    found = MESSAGE_ID.findall(read.header("In-Reply-To"))
    found += MESSAGE_ID.findall(read.header("References"))[-MAX_IDS:][::-1]
    found += _returned_ids(read.message) if read.message else []
    return list(dict.fromkeys(found))[: 2 * MAX_IDS]


def _returned_ids(mail: Message) -> list[str]:
    ids: list[str] = []
    for part in leaves(mail):
        kind = part.get_content_type()
        if kind in {"message/rfc822", "message/global"} and part.is_multipart():
            ids += [header_text(str(inner.get("message-id", ""))) for inner in cast(list[Message], part.get_payload())]
        elif kind in {"text/rfc822-headers", "message/global-headers"}:
            head = decode_text(part_bytes(part)[:20_000])
            ids.append(str(HeaderParser().parsestr(head.lstrip()).get("message-id", "")))
        elif kind.endswith("disposition-notification"):
            ids += re.findall(r"(?im)^original-message-id:(.*)$", decode_text(part_bytes(part)[:20_000]))
    return MESSAGE_ID.findall(" ".join(ids))[:MAX_IDS]
