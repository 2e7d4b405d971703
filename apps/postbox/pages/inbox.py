"""Lines of the local inbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ..inbound.parsing import parse_mail
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
    """Parses each raw mail, so pass one page."""
    rows = list(mails)
    ids = [row.message_id for row in rows if row.message_id]
    kinds = dict(Message.objects.filter(message_id__in=ids).values_list("message_id", "kind"))
    parsed = [(row, parse_mail(bytes(row.raw))) for row in rows]
    return [
        InboxLine(
            row.pk, row.received_at, row.envelope_to, read.subject, kinds.get(row.message_id, ""), len(read.files)
        )
        for row, read in parsed
    ]
