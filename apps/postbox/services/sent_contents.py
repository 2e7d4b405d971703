"""What was said in mails that have ended, when it may no longer be kept."""

from collections.abc import Iterable

from django.db import transaction

from apps.core.models import Blob

from ..models import Message, MessageAttachment, MessageState


@transaction.atomic
def sent_contents_forget(*, origin: str, origin_ids: Iterable[int]) -> int:
    """Empty text and files of these rows' mails that have ended. To whom they went, what became of them and their
    answers stay, and a file keeps its fingerprint. Returns the number of mails."""
    ids = [str(pk) for pk in origin_ids]
    rows = Message.objects.without_contents().filter(origin=origin, origin_id__in=ids)
    ended = rows.exclude(state__in=MessageState.OPEN)
    files = MessageAttachment.objects.filter(message__in=ended).values("blob")
    Blob.objects.filter(pk__in=files).update(content=b"")
    return ended.update(text_body="", html_body="")
