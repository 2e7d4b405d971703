"""Addresses that get no mail: after a complaint, until a person allows it again."""

import uuid
from collections.abc import Collection

from django.db import transaction

from apps.core.audit import audit_record
from apps.core.encryption import lookup_hashes
from apps.core.types import Actor

from ..models import Message, Suppression
from ..transports.email_addresses import address_check
from .transitions import event_record


@transaction.atomic
def address_suppress(*, address: str, reason: str, actor: Actor, campaign_id: int | None = None) -> Suppression:
    """Send no more mail to this address; what waits ends when it is due. There is a row for each key, since the hash of
    a recipient's address may be older than the newest."""
    row, *_older = [
        Suppression.objects.get_or_create(
            address_hash=found.digest, defaults={"key_version": found.key_version, "reason": reason[:200]}
        )[0]
        for found in lookup_hashes(address_check(address, field="address"))
    ]
    audit_record(verb="address.suppress", subject=row, actor=actor, campaign_id=campaign_id)
    return row


@transaction.atomic
def address_allow(*, hashes: Collection[str], actor: Actor, campaign_id: int | None = None) -> bool:
    """Allow mail to an address again; `hashes` are those under all keys. The mail that its reader complained about gets
    an event. Returns False if the address was not suppressed."""
    rows = list(Suppression.objects.select_for_update().filter(address_hash__in=hashes))
    for row in rows:
        audit_record(verb="address.allow", subject=row, actor=actor, campaign_id=campaign_id)
        row.delete()
    complained = Message.objects.without_contents().filter(to_hash__in=hashes, events__kind="complained")
    message = complained.order_by("-events__occurred_at").first() if rows else None
    if message:
        held = Message.objects.without_contents().select_for_update().get(pk=message.pk)
        event_record(message=held, kind="allowed", provider_id=f"allowed:{uuid.uuid4()}", actor=actor)
    return bool(rows)
