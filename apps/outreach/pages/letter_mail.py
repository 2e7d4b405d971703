"""The mail of a letter as its recipient sees it: headers, text and HTML."""

from dataclasses import dataclass, replace
from email import message_from_bytes, policy

from apps.core.encryption import UnreadableValue
from apps.core.errors import DomainError
from apps.letters.rendering import MissingValue
from apps.postbox.models import Message
from apps.postbox.transports.email_addresses import address_header
from apps.postbox.transports.mime import mail_bytes

from ..letter_rendering import dispatch_enclosure, pdf_filename, render_mail
from ..models import Delivery
from ..selectors.dispatches import names_removed


@dataclass(frozen=True)
class LetterMail:
    """`headers` in the order of the mail. Empty texts: they were erased, or the letter cannot be made."""

    headers: list[tuple[str, str]]
    text: str
    html: str
    files: list[str]


def letter_mail(delivery: Delivery) -> LetterMail:
    """The mail that was queued, without names that were removed since; before that, as it would be now, without what is
    fixed only then."""
    try:
        if delivery.message is None:
            return _planned(delivery)
        sent = _queued(delivery.message)
        if sent.text and names_removed(delivery.dispatch):
            anew = _planned(delivery)
            sent = replace(sent, text=anew.text, html=anew.html)
        return sent
    except (MissingValue, DomainError, UnreadableValue):
        return LetterMail([], "", "", [])


def _queued(message: Message) -> LetterMail:
    full = Message.objects.prefetch_related("attachments").get(pk=message.pk)
    files = [file.filename for file in full.attachments.all()]
    if not full.text_body:
        return LetterMail([], "", "", files)
    mail = message_from_bytes(mail_bytes(full, []), policy=policy.default)
    return LetterMail([(name, str(value)) for name, value in mail.items()], full.text_body, full.html_body, files)


def _planned(delivery: Delivery) -> LetterMail:
    dispatch = delivery.dispatch
    link = "https://…" if dispatch.pdf_linked else ""
    subject, text, html = render_mail(delivery, dispatch_enclosure(dispatch), link=link)
    headers = [
        ("From", address_header(dispatch.sender_name, dispatch.sender_address)),
        ("To", delivery.address.address),
        ("Subject", subject),
    ]
    return LetterMail(headers, text, html, [] if link else [pdf_filename(delivery)])
