"""Due mail that may not leave yet."""

from datetime import datetime

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop

from ..models import Message, MessageState
from ..selectors.quiet_hours import quiet_end
from .transitions import message_expire

QUIET = gettext_noop("These are quiet hours where its recipient is. It leaves when they end.")


def message_postpone(*, message: Message) -> bool:
    """Put off a due message, locked by the caller, whose recipient has quiet hours. False if it may leave now."""
    end = quiet_end(message, timezone.now())
    if end is None:
        return False
    message_put_off(message=message, until=end, why=QUIET)
    return True


def message_put_off(*, message: Message, until: datetime, why: str) -> None:
    """Let a queued message wait, or end it if its time would be over then."""
    if message.expires_at and until >= message.expires_at:
        message_expire(message=message, why=f"{why} Its time ends before that.")
        return
    rows = Message.objects.filter(pk=message.pk, state=MessageState.QUEUED)
    rows.update(next_at=until, explanation=why, updated_at=Now())
