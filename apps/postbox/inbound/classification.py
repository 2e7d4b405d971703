"""Classify incoming mail: report about our mail, automatic reply, or reply by a person. Reports follow RFC 3464, RFC
6533 and RFC 3886, complaints RFC 5965, receipts RFC 8098, automatic replies RFC 3834. Without such fields, the words of
mail systems decide, and flufl.bounce is asked."""

import re
import unicodedata
from dataclasses import replace
from email.message import Message

from django.utils.translation import gettext_noop

from .automatic_mail import auto_submitted, automatic_or_reply
from .automatic_mail_phrases import AUTOMATIC
from .bounce_reason_phrases import FULL, SPAM, TOO_LARGE
from .bounce_reasons import ENHANCED, BounceReason, bounce_reason
from .charsets import decode_text
from .classified import Classification, MailKind, shortened
from .failing_addresses import ADDRESS, failing_addresses, same_mailbox
from .failure_phrases import DELAYED, FAILED, STILL_TRIED
from .mail_systems import is_answer_or_forward, is_mail_system
from .parsing import ParsedMail, StructureTooComplex, header_text
from .phrase_matching import fold
from .quoted_text import shorten
from .reports import report_found
from .unknown_address_phrases import NO_SUCH_ADDRESS

_BASIC = re.compile(r"(?<![\d.])(5[0-5]\d)(?=[ :-]|$)")
_COPY = re.compile(
    r"^--.{0,200}?(?:copy of|original|returned|message header|below this line|mensaje|message d'|kopie|копия)",
    re.IGNORECASE | re.MULTILINE,
)
_GENERATED_FROM = re.compile(r"generated (from|by) <?([^\s<>)]+@[^\s<>)]+)", re.IGNORECASE)
#: Postfix names the address that failed, then ours
_EXPANDED_FROM = re.compile(r"<([^\s<>]+@[^\s<>]+)> \(expanded\s+from\s+<([^\s<>]+@[^\s<>]+)>\)", re.IGNORECASE)
_SUBJECT_TAGS = re.compile(r"^(\[[^\]]{1,30}\]|\*{2,9}[^*]{1,30}\*{2,9}|\W)*", re.IGNORECASE)
#: headers that any mail has one of
_WRITTEN = ("from", "sender", "reply-to", "to", "subject", "date", "message-id")
_ATTACHED = 5_000
_KEEPS_TRYING = gettext_noop("A mail server says that it keeps trying.")
_NOT_DELIVERED = gettext_noop("A mail server says that it was not delivered.")
_NOT_FORWARDED = gettext_noop("A mail server says that it could not forward it to another address.")
_UNREADABLE = gettext_noop("A mail server sent it, but what it says could not be read.")


def classify_mail(read: ParsedMail, *, sender: str, recipient: str = "") -> Classification:
    """`sender` is the envelope sender, "" for reports; `recipient` is whom our mail went to. What cannot be parsed is
    UNREADABLE."""
    try:
        return _classify(read, not sender.strip("<> "), recipient.strip().lower())
    except Exception:  # noqa: BLE001 – the parser meets hostile input; a person looks at what it trips over
        return Classification(MailKind.UNREADABLE, gettext_noop("The email could not be parsed."))


def _classify(read: ParsedMail, null_sender: bool, recipient: str) -> Classification:
    mail = read.message
    if mail is None:
        raise StructureTooComplex
    headers = {name.lower(): header_text(str(value)) for name, value in mail.raw_items()}
    untagged = _SUBJECT_TAGS.sub("", read.subject[:1000]) or read.subject[:1000]
    subject = fold(untagged)
    machine = is_mail_system(read.sender, read.sender_name) or "x-failed-recipients" in headers
    text = _COPY.split(shorten(read.text), maxsplit=1)[0]
    if found := report_found(mail, subject, text, recipient, nested=machine or null_sender):
        return found
    report_type = str(mail.get_param("report-type")).lower() if mail.get_content_type() == "multipart/report" else ""
    system = (machine or report_type == "delivery-status") and not AUTOMATIC.match(subject)
    sure = system and (null_sender or "x-failed-recipients" in headers)
    # people forward reports, and an address that writes is not dead
    person = is_answer_or_forward(untagged) or same_mailbox(read.sender.lower(), recipient)
    if system:
        text = f"{text}\n\n{_attached_words(read)}"
    reports = system or (
        not person and _begins_like_a_report(subject, text, headers, recipient, null_sender=null_sender)
    )
    if reports and (found := _in_words(subject, text, headers, recipient)):
        return found
    asked = system or not (person or AUTOMATIC.match(subject))
    if asked and (found := _found_by_flufl(mail, text, recipient)):
        return found
    if sure or report_type or (system and not text.strip()):
        return Classification(MailKind.UNREADABLE, _UNREADABLE)
    if not any(name in headers for name in _WRITTEN) or _is_garbled(read):
        return Classification(MailKind.UNREADABLE, gettext_noop("The email could not be parsed."))
    return automatic_or_reply(read, headers, subject, null_sender=null_sender)


def _attached_words(read: ParsedMail) -> str:
    """Some gateways attach the reason as a text."""
    texts = [decode_text(file.content[:_ATTACHED]) for file in read.files if file.content_type == "text/plain"]
    return shorten("\n\n".join(texts))


def _is_garbled(read: ParsedMail) -> bool:
    """Whether the text is mostly no text, and there is nothing else to read."""
    signs = [sign for sign in read.text[:_ATTACHED] if not sign.isspace()]
    odd = sum(sign == "\ufffd" or not (sign.isprintable() or unicodedata.category(sign) == "Cf") for sign in signs)
    return not read.files and odd > len(signs) / 3


def _begins_like_a_report(
    subject: str, text: str, headers: dict[str, str], recipient: str, *, null_sender: bool
) -> bool:
    """People and absence notes use words of failure too: "my old address no longer exists"."""
    automatic = auto_submitted(headers) != "no"
    if FAILED.match(subject) or DELAYED.match(subject):
        told = recipient in text.lower() or _code_in(text) or NO_SUCH_ADDRESS.search(fold(text))
        return automatic or null_sender or bool(told and FAILED.search(fold(text)) and FAILED.match(subject))
    return null_sender and not automatic and not AUTOMATIC.match(subject) and bool(FAILED.search(fold(text)))


def _in_words(subject: str, text: str, headers: dict[str, str], recipient: str) -> Classification | None:
    """A report in words only, or None."""
    ours = _about(text, recipient)
    words, code = fold(text), _code_in(ours) or _code_in(text)
    detail = shortened(_line_with(code, text) or ours)
    failed = FAILED.search(subject)
    delayed = DELAYED.search(subject) or ((not failed or code.startswith("4")) and DELAYED.search(words))
    if not code.startswith("5") and (still := STILL_TRIED.search(words)):
        return Classification(MailKind.DELAY, _KEEPS_TRYING, still[0], code, detail)
    final = failed or code.startswith("5") or (not DELAYED.search(subject) and NO_SUCH_ADDRESS.search(fold(ours)))
    if delayed and (code.startswith("4") or not final):
        return Classification(MailKind.DELAY, _KEEPS_TRYING, delayed[0], code, detail)
    failed = failed or FAILED.search(words) or NO_SUCH_ADDRESS.search(words)
    if not failed and recipient and recipient in text.lower():
        failed = next(filter(None, (reason.search(fold(ours)) for reason in (FULL, TOO_LARGE, SPAM))), None)
    if not failed and not code.startswith("5"):
        return None
    said = failed[0] if failed else detail
    if recipient and _is_forwarded(text, headers.get("x-failed-recipients", ""), recipient):
        return Classification(MailKind.FORWARDING_FAILED, _NOT_FORWARDED, said, code, detail)
    found = Classification(MailKind.BOUNCE, _NOT_DELIVERED, said, code, detail)
    return _with_reason(found, ours, text)


def _line_with(code: str, text: str) -> str:
    """The line with the code, and the one after it where it ends in a colon."""
    lines = text.splitlines()
    number = next((number for number, line in enumerate(lines) if code and code in line), None)
    if number is None:
        return ""
    return " ".join(lines[number : number + 2] if lines[number].rstrip().endswith(":") else [lines[number]])


def _with_reason(found: Classification, *texts: str) -> Classification:
    """With the bounce reason of the code and detail or, where those do not tell, of the first text that does."""
    answers = (f"{found.code} {found.detail}", *texts)
    known = (reason for answer in answers if (reason := bounce_reason(answer)) != BounceReason.OTHER)
    return replace(found, bounce_reason=next(known, BounceReason.OTHER))


def _about(text: str, recipient: str) -> str:
    """The part of a report in words that is about our recipient; all of it where none names the address."""
    paragraphs = [part for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]
    for number, part in enumerate(paragraphs):
        if recipient and recipient in part.lower():
            following = paragraphs[number + 1 : number + 2]
            return "\n".join([part, *(more for more in following if not ADDRESS.search(more))])
    return text


def _found_by_flufl(mail: Message, text: str, recipient: str) -> Classification | None:
    """What flufl.bounce finds, of all mails that our own reading says nothing about."""
    temporary, permanent = failing_addresses(mail)
    named = next((address for address in temporary | permanent if same_mailbox(address, recipient)), "")
    if not (temporary or permanent) or (recipient and not named and recipient in text.lower()):
        return None
    detail, code = shortened(_about(text, named or recipient)), _code_in(text)
    if recipient and not named:
        return Classification(MailKind.FORWARDING_FAILED, _NOT_FORWARDED, detail, code, detail)
    if named in temporary or not permanent:
        return Classification(MailKind.DELAY, _KEEPS_TRYING, detail, code, detail)
    found = Classification(MailKind.BOUNCE, _NOT_DELIVERED, detail, code, detail)
    return _with_reason(found, text)


def _is_forwarded(text: str, failed: str, recipient: str) -> bool:
    named = ADDRESS.findall(failed.lower())
    if named:
        return not any(same_mailbox(address, recipient) for address in named)
    for behind, ours in _EXPANDED_FROM.findall(text.lower()):
        if same_mailbox(ours, recipient):
            return not same_mailbox(behind, recipient)
    origin = _GENERATED_FROM.search(text)
    return bool(origin and same_mailbox(origin[2].lower(), recipient))


def _code_in(text: str) -> str:
    codes = [code for code in ENHANCED.findall(text) if code[0] != "2"]
    best = [code for code in codes if code[0] == "5" and not code.endswith(".0.0")] or codes
    basic = _BASIC.search(text)
    return best[0] if best else basic[1] if basic else ""
