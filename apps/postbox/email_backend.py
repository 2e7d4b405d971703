"""Django's email backend that queues mail in the postbox."""

from collections.abc import Iterable, Sequence
from email.message import MIMEPart

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils.encoding import force_bytes

from .models import Policy
from .services.queue import message_queue
from .transports.email_addresses import address_split
from .transports.mime import File

#: says what the mail is for; it is removed before sending
KIND_HEADER = "X-Postbox-Kind"
_DROPPED = frozenset({"from", "to", "cc", "bcc", "reply-to", "message-id", "date", KIND_HEADER.lower()})


class PostboxBackend(BaseEmailBackend):
    """Queues one repeatable message per recipient, each seeing only their own address."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue all or none; returns how many have a recipient. Raises what `message_queue` raises."""
        with transaction.atomic():
            return sum(1 for mail in email_messages if self._queue(mail))

    def _queue(self, mail: EmailMessage) -> int:
        recipients = list(dict.fromkeys(address_split(text, field="to")[1] for text in mail.recipients()))
        headers = {str(name): str(value) for name, value in mail.extra_headers.items()}
        kind = next((value for name, value in headers.items() if name.lower() == KIND_HEADER.lower()), "other")
        text, html = _bodies(mail)
        for address in recipients:
            message_queue(
                kind=kind[:30],
                policy=Policy.REPEATABLE,
                to_address=address,
                subject=str(mail.subject),
                text_body=text,
                html_body=html,
                from_header=headers.get("From", str(mail.from_email)),
                reply_to=", ".join(map(str, mail.reply_to)),
                headers={name: value for name, value in headers.items() if name.lower() not in _DROPPED},
                attachments=list(_files(mail)),
            )
        return len(recipients)


def _bodies(mail: EmailMessage) -> tuple[str, str]:
    body = str(mail.body)
    if mail.content_subtype == "html":
        return "", body
    alternatives = mail.alternatives if isinstance(mail, EmailMultiAlternatives) else []
    html = next((str(content) for content, kind in alternatives if kind == "text/html"), "")
    return body, html


def _files(mail: EmailMessage) -> Iterable[File]:
    for number, attached in enumerate(mail.attachments, start=1):
        if isinstance(attached, MIMEPart):
            content = attached.get_payload(decode=True)
            name = attached.get_filename() or f"part-{number}"
            yield name, attached.get_content_type(), content if isinstance(content, bytes) else attached.as_bytes()
        else:
            filename, content, content_type = attached
            yield filename or f"part-{number}", content_type or "application/octet-stream", force_bytes(content)
