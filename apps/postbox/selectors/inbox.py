"""What came in: the local inbox of sink mode, answers, and mail that fits nothing."""

from django.db.models import QuerySet

from ..models import InboundMail, SinkMail


def sink_mails() -> QuerySet[SinkMail]:
    """Everything the local inbox took, newest first. Each row carries its raw mail: page it."""
    return SinkMail.objects.order_by("-id")


def sink_mail_get(pk: int) -> SinkMail | None:
    return SinkMail.objects.filter(pk=pk).first()


def answers_received(*, matched: bool) -> QuerySet[InboundMail]:
    """Mail to our reply addresses, newest first: with the message it answers, or the queue of what fits none."""
    return InboundMail.objects.filter(message__isnull=not matched).order_by("-received_at", "-id")
