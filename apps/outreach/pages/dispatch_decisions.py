"""Who set the terms of a mailing and who agreed to them, from the record."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.core.text import joined_clauses

from ..models import Dispatch
from ..sending_terms import Terms
from .dispatch_choice import terms_in_words

#: acts that set terms, or agree to them
DECISIONS = (
    "dispatch.prepare", "dispatch.set_terms", "dispatch.send_despite", "dispatch.authorise", "dispatch.resume",
)  # fmt: skip


@dataclass(frozen=True)
class Decision:
    """`verb` is one of DECISIONS. `terms`: what was set or agreed to then, in words; "" in old records."""

    verb: str
    name: str
    at: datetime
    terms: str


def dispatch_decisions(dispatch: Dispatch) -> list[Decision]:
    """The earliest first."""
    rows = AuditEvent.objects.filter(
        subject_type=dispatch._meta.label_lower, subject_id=str(dispatch.pk), verb__in=DECISIONS
    )
    events = list(rows.order_by("pk"))
    people = User.objects.filter(pk__in={event.actor_id for event in events if event.actor_id})
    names = {str(person.pk): person.name for person in people}
    return [Decision(event.verb, names.get(event.actor_id, "–"), event.at, _words(dispatch, event)) for event in events]


def _words(dispatch: Dispatch, event: AuditEvent) -> str:
    if event.verb == "dispatch.send_despite":
        return f"{event.data['member']}: {event.data['reason']}"
    if "terms" not in event.data:
        return ""
    said = terms_in_words(Terms.stored(event.data["terms"]), dispatch.campaign)
    return joined_clauses(f"{what}: {which}" for what, which in said)
