"""Messages on the socket, as text."""

import base64
import json
from typing import Any

from django.utils import timezone, translation

from apps.core.errors import DomainError

from ..pages.live import is_reset, orphaned_json
from ..selectors.live_access import Participant
from ..services.text_updates import Applied, Outcome


def frame(kind: str, **fields: Any) -> str:
    return json.dumps({"type": kind, **fields}, ensure_ascii=False, separators=(",", ":"))


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def answer(participant: Participant, number: int, outcome: Outcome, applied: Applied) -> str:
    """Saved or refused, to who sent the update `number`."""
    if outcome.error:
        return refusal(participant, number, outcome.error)
    at = timezone.now().isoformat()
    orphaned = orphaned_json(outcome.orphaned)
    return frame(
        "saved", id=number, sequence=outcome.sequence, at=at, revision=applied.text.revision, orphaned=orphaned
    )


def refusal(participant: Participant, number: int, error: DomainError) -> str:
    return frame("refused", id=number, error=error_text(participant, error), reset=is_reset(error))


def error_text(participant: Participant | None, error: DomainError) -> str:
    """In the language of who reads it."""
    with translation.override(participant.user.language if participant else None):
        return str(error)
