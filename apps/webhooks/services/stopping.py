"""Endpoints that stop without a person."""

from django.utils import timezone

from apps.core.audit import audit_record
from apps.core.wakeups import wake

from ..models import Endpoint


def endpoint_stop(endpoint: Endpoint, reason: str) -> None:
    """Pause a locked endpoint, and tell those who may act."""
    if endpoint.paused_at is not None:
        return
    endpoint.paused_at, endpoint.pause_reason = timezone.now(), reason
    endpoint.save(update_fields=["paused_at", "pause_reason", "updated_at"])
    audit_record(verb="webhook.pause", subject=endpoint, reason=reason)
    wake("notices")
