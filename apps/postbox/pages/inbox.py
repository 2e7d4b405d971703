"""Lines of the local inbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ..models import Message, SinkMail


@dataclass(frozen=True)
class InboxLine:
    """`kind` is that of the message, "" for other mail."""

    pk: int
    at: datetime
    to: str
    subject: str
    kind: str
    files: int


def inbox_lines(mails: Iterable[SinkMail]) -> list[InboxLine]:
    rows = list(mails)
    ids = [row.message_id for row in rows if row.message_id]
    kinds = dict(Message.objects.filter(message_id__in=ids).values_list("message_id", "kind"))
    return [
        InboxLine(row.pk, row.received_at, row.envelope_to, row.subject, kinds.get(row.message_id, ""), row.files)
        for row in rows
    ]
