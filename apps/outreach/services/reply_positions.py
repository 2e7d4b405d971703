"""Positions that an answer states."""

from django.db import transaction

from apps.accounts.models import User
from apps.governments.models import Position
from apps.governments.selectors import PositionContent
from apps.governments.services.positions import position_record

from ..models import Reply, ReplyPosition


@transaction.atomic
def reply_position_record(*, reply: Reply, content: PositionContent, actor: User) -> Position:
    """Record what the answer states, with the way back to it. Idempotent. Raises DomainError."""
    position = position_record(campaign=reply.campaign, member=reply.member, actor=actor, **vars(content))
    ReplyPosition.objects.get_or_create(position=position, defaults={"reply": reply})
    return position


def reply_position_follow(*, position: Position, corrected: Position) -> None:
    """A corrected position keeps the way to the answer that states it. Idempotent."""
    link = ReplyPosition.objects.filter(position=position).first()
    if link is not None:
        ReplyPosition.objects.get_or_create(position=corrected, defaults={"reply_id": link.reply_id})
