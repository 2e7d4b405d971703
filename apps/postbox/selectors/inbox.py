"""What came in: the local inbox of sink mode, answers, and mail that fits nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from ..models import InboundMail, Message, SinkMail
from .reading import mail_read


@dataclass(frozen=True)
class InboxLine:
    """A line of the local inbox. `kind` is that of the message it was, "" for mail of others."""

    pk: int
    at: datetime
    to: str
    subject: str
    kind: str
    files: int


def sink_mails() -> QuerySet[SinkMail]:
    """Everything the local inbox took, newest first. Each row carries its raw mail: page it."""
    return SinkMail.objects.order_by("-id")


def sink_mail_get(pk: int) -> SinkMail | None:
    return SinkMail.objects.filter(pk=pk).first()


def answers_received(*, matched: bool) -> QuerySet[InboundMail]:
    """Mail to our reply addresses, newest first: with the message it answers, or the queue of what fits none."""
    return InboundMail.objects.filter(message__isnull=not matched).order_by("-received_at", "-id")


def inbox_lines(mails: Iterable[SinkMail]) -> list[InboxLine]:
    """Lines for a page of sink mails: reads each raw mail, so give it one page."""
    rows = list(mails)
    ids = [row.message_id for row in rows if row.message_id]
    kinds = dict(Message.objects.filter(message_id__in=ids).values_list("message_id", "kind"))
    lines = []
    for row in rows:
        read = mail_read(bytes(row.raw))
        lines.append(
            InboxLine(
                row.pk,
                row.received_at,
                row.envelope_to,
                read.subject,
                kinds.get(row.message_id, ""),
                len(read.files),
            )
        )
    return lines
