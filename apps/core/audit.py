"""The audit trail."""

from typing import Any

import structlog
from django.db import models

from .models import AuditEvent
from .prepared_statements import row_insert
from .types import Actor


def audit_record(
    *, verb: str, subject: models.Model, actor: Actor = None, campaign_id: int | None = None, **data: Any
) -> AuditEvent:
    """Write one audit row in the caller's transaction. `data` may have numbers, hashes, states and lists of them, but
    no personal data. What a program does says with which API token."""
    context = structlog.contextvars.get_contextvars()
    if (token := context.get("api_token")) is not None:
        data["api_token"] = token
    actor_type, actor_id = _actor(actor)
    event = AuditEvent(
        verb=verb,
        actor_type=actor_type,
        actor_id=actor_id,
        campaign_id=campaign_id if campaign_id is not None else getattr(subject, "campaign_id", None),
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        data=data,
        request_id=context.get("request_id", ""),
    )
    row_insert(event)
    return event


def _actor(actor: Actor) -> tuple[str, str]:
    if actor is None:
        return "system", ""
    if isinstance(actor, str):
        return actor, ""
    return "user", str(actor.pk)
