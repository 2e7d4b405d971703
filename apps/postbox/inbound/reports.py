"""Reports in fields, wherever they are in a mail: delivery status (RFC 3464, RFC 6533, RFC 3886), complaints (RFC
5965) and receipts (RFC 8098)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from email.parser import HeaderParser
from typing import cast

from django.utils.translation import gettext_noop

from .automatic_mail_phrases import COMPLAINED, OPINION
from .bounce_reasons import ENHANCED, BounceReason, bounce_reason
from .charsets import decode_text
from .classified import Classification, MailKind, shortened
from .delivery_receipt_phrases import PASSED_ON, RECEIPT, RECEIPT_MARK, RECEIPT_SENTENCE
from .failing_addresses import ADDRESS, same_mailbox
from .failure_phrases import FAILED
from .parsing import header_text, leaves, part_bytes
from .phrase_matching import fold
from .receipt_phrases import MORE_THAN_RECEIPT

STATUS_TYPES = frozenset(
    {"message/delivery-status", "message/global-delivery-status", "message/tracking-status"}
)  # fmt: skip
RECEIPT_TYPES = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
MAX_DEPTH = 3
MAX_FIELDS = 20_000
#: a receipt in words is short, and begins with what it says
MAX_RECEIPT, RECEIPT_BEGINNING = 1_000, 500
#: domains of servers inside an office, which are no other address
_INTERNAL = re.compile(r"\.(local|localdomain|internal|intern|lan|corp|intra|intranet|private|domain)$")
#: gateways pass fields on as text
_FIELDS = re.compile(r"^final-recipient ?:.*^(action|status) ?:", re.IGNORECASE | re.MULTILINE | re.DOTALL)
_DIGIT = re.compile(r"\d")
_COMPLAINED = gettext_noop("A feedback report says that its reader complained.")


def report_found(mail: Message, subject: str, text: str, recipient: str, *, nested: bool) -> Classification | None:
    """What the report in a mail says about our recipient. `text` are the words above it. Reports in attached mails
    count where `nested`: a person may attach one too."""
    parts = list(_parts(mail, MAX_DEPTH if nested else 0))
    for part in parts:
        if part.get_content_type() == "message/feedback-report":
            return _feedback(part)
    if match := COMPLAINED.match(subject):
        return Classification(MailKind.COMPLAINT, _COMPLAINED, match[0], detail=match[0])
    status_parts = [part for part in parts if part.get_content_type() in STATUS_TYPES]
    if not status_parts and nested:
        status_parts = [part for part in parts if part.get_content_type() == "text/plain" and _has_fields(part)]
    blocks = [block for part in status_parts for block in _blocks(part)]
    if blocks and (found := _status(blocks, recipient, text)):
        return found
    receipts = [block for part in parts if part.get_content_type() in RECEIPT_TYPES for block in _blocks(part)]
    return _receipt(receipts, subject, text, recipient, machine=nested)


def _parts(mail: Message, depth: int) -> Iterator[Message]:
    """The parts of a mail, and of those attached to it down to `depth`."""
    for part in leaves(mail):
        yield part
        if depth and part.get_content_type() == "message/rfc822" and part.is_multipart():
            for inner in cast(list[Message], part.get_payload()):
                yield from _parts(inner, depth - 1)


def _feedback(part: Message) -> Classification:
    fields = HeaderParser().parsestr(decode_text(part_bytes(part)).lstrip())
    what = shortened(str(fields.get("feedback-type", "")).strip().lower()) or "abuse"
    if what in {"not-spam", "auth-failure", "dmarc"}:
        return Classification(
            MailKind.AUTO_REPLY, gettext_noop("A feedback report says that it is no complaint."), what, detail=what
        )
    return Classification(MailKind.COMPLAINT, _COMPLAINED, what, detail=what)


def _has_fields(part: Message) -> bool:
    return bool(_FIELDS.search(decode_text(part_bytes(part)[:MAX_FIELDS])))


def _blocks(part: Message) -> Iterator[Message]:
    text = decode_text(part_bytes(part)).replace("\r\n", "\n")
    for block in re.split(r"\n\s*\n", text.strip()):
        yield HeaderParser().parsestr(block.strip())


_ACTIONS = {
    "failed": MailKind.BOUNCE,
    "delayed": MailKind.DELAY,
    "delivered": MailKind.DELIVERED,
    "relayed": MailKind.DELIVERED,
    "expanded": MailKind.DELIVERED,
    "transferred": MailKind.AUTO_REPLY,
    "opaque": MailKind.AUTO_REPLY,
}
_WORST_FIRST = [
    MailKind.BOUNCE, MailKind.FORWARDING_FAILED, MailKind.DELAY, MailKind.DELIVERED, MailKind.AUTO_REPLY
]  # fmt: skip
_BY_CLASS = {"5": "failed", "4": "delayed", "2": "delivered"}
_PASSED_ON = gettext_noop("A delivery report says that it was passed on.")
_REASONS = {
    MailKind.BOUNCE: gettext_noop("A delivery report says that it failed for good."),
    MailKind.DELAY: gettext_noop("A delivery report says that it is delayed."),
    MailKind.DELIVERED: gettext_noop("A delivery report says that it arrived."),
    MailKind.AUTO_REPLY: _PASSED_ON,
}
_OTHERS = {
    MailKind.BOUNCE: (MailKind.FORWARDING_FAILED, gettext_noop("A delivery report says that another address failed.")),
    MailKind.DELIVERED: (MailKind.AUTO_REPLY, gettext_noop("A delivery report says that another address got it.")),
}


def _status(blocks: list[Message], recipient: str, text: str) -> Classification | None:
    """What the fields say about our recipient, or the worst that they say."""
    found: list[tuple[bool, Classification]] = []
    for block in blocks:
        status = ENHANCED.search(str(block.get("status", "")))
        action = re.split(r"[\s(;]", str(block.get("action", "")).strip().lower())[0]
        action = action if action in _ACTIONS else _BY_CLASS.get(status[1][0], "") if status and not action else ""
        if action:
            ours = _is_about(block, recipient)
            found.append((ours, _from_block(block, action, status[1] if status else "", ours)))
    if not found:
        return None
    best = min(found, key=lambda entry: (not entry[0], _WORST_FIRST.index(entry[1].kind)))[1]
    if best.kind == MailKind.BOUNCE and best.bounce_reason == BounceReason.OTHER and len(found) == 1:
        return replace(best, bounce_reason=bounce_reason(text))  # the words above are about the same address
    return best


def _from_block(block: Message, action: str, code: str, ours: bool) -> Classification:
    diagnostic = header_text(str(block.get("diagnostic-code", "")))
    words = diagnostic.partition(";")[2].strip() or diagnostic or action
    if action in {"failed", "delayed"} and (not code or code.endswith(".0.0")):  # the diagnostic says more
        code = next((found for found in ENHANCED.findall(words) if not found.endswith(".0.0")), code)
    kind = _ACTIONS[action]
    said = _PASSED_ON if action in {"relayed", "expanded"} else _REASONS[kind]
    kind, reason = (kind, said) if ours else _OTHERS.get(kind, (kind, said))
    why = bounce_reason(f"{code} {words}") if kind == MailKind.BOUNCE else ""
    return Classification(kind, reason, shortened(f"{action} {code} {words}"), code, shortened(words), why)


def _is_about(block: Message, recipient: str) -> bool:
    value = header_text(str(block.get("final-recipient", ""))).lower()
    final = ADDRESS.search(value.partition(";")[2] or value)
    if not final or not recipient or same_mailbox(final[0], recipient):
        return True
    original = ADDRESS.search(header_text(str(block.get("original-recipient", ""))).lower().partition(";")[2])
    same_name = final[0].partition("@")[0] == recipient.partition("@")[0] or _INTERNAL.search(final[0])
    return bool(original and same_mailbox(original[0], recipient) and same_name)


def _receipt(blocks: list[Message], subject: str, text: str, recipient: str, *, machine: bool) -> Classification | None:
    """Read or displayed means arrived, also if it was deleted by a person. Pigeonhole refuses mail by a receipt. One
    in words says when, or comes from a `machine`."""
    disposition = next((str(block["disposition"]).lower() for block in blocks if block["disposition"]), "")
    if not disposition:
        return None if blocks else _receipt_in_words(subject, text, machine=machine)
    if "automatic-action" in disposition and "deleted" in disposition and (match := FAILED.search(fold(text))):
        reason = gettext_noop("A receipt says that it was refused.")
        why = bounce_reason(text)
        return Classification(MailKind.BOUNCE, reason, match[0], detail=shortened(text), bounce_reason=why)
    ours = any(_is_about(block, recipient) for block in blocks if block["final-recipient"])
    kind = MailKind.DELIVERED if ours and not re.search("denied|failed|error", disposition) else MailKind.AUTO_REPLY
    return Classification(kind, gettext_noop("It is a receipt."), shortened(disposition), detail=shortened(disposition))


def _receipt_in_words(subject: str, text: str, *, machine: bool) -> Classification | None:
    if len(text) >= MAX_RECEIPT or FAILED.search(subject):
        return None
    words = fold(text)
    if not machine and (OPINION.search(words) or MORE_THAN_RECEIPT.search(words)):
        return None
    match = RECEIPT_MARK.search(subject) or RECEIPT.match(subject) if machine or _DIGIT.search(text) else None
    if match:
        receipt = gettext_noop("Its subject begins as those of receipts do.")
        return Classification(MailKind.DELIVERED, receipt, match[0], detail=match[0])
    said = RECEIPT_SENTENCE.search(words[:RECEIPT_BEGINNING])
    passed = PASSED_ON.match(subject) if machine and not FAILED.search(words) else None
    if (said and not FAILED.search(words[: said.start()])) or passed:
        found = said or passed
        assert found
        return Classification(MailKind.DELIVERED, gettext_noop("It is a receipt."), found[0], detail=found[0])
    return None
