"""Messages on their way."""

from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

#: the states on the way to each
WAYS = {
    "queued": [],
    "claimed": ["claimed"],
    "final": ["claimed", "final"],
    "accepted": ["claimed", "final", "accepted"],
    "bounced": ["claimed", "final", "accepted", "bounced"],
    "in_doubt": ["claimed", "final", "in_doubt"],
    "deferred": ["claimed", "queued"],
    "refused": ["claimed", "refused"],
    "expired": ["expired"],
}


def move_messages(messages: Any, state: str) -> None:
    """Walk queued messages to a state, by the way that the database allows, as a worker would have."""
    now = timezone.now()
    for step in WAYS[state]:
        changes: dict[str, Any] = {"state": step, "lease_until": None}
        if step in {"claimed", "final"}:
            changes["lease_until"] = now + timedelta(minutes=1)
        if step == "claimed":
            changes["attempt"] = F("attempt") + 1
        if step == "accepted":
            changes |= {"accepted_at": now, "last_code": 250}
        if step == "bounced":
            changes["bounced_at"] = now
        messages.update(**changes)
