"""Erasure: what letters to an address say about the person there goes; that they were sent stays."""

from django.db import transaction

from apps.core.services import audit_record
from apps.postbox.models import OPEN_STATES

from ..models import Delivery, Dispatch


@transaction.atomic
def deliveries_erase(address_hash: str) -> int:
    """Registered as a holder of personal data. Empties names and salutation of finished letters to this address, and
    lets go of their PDFs. Returns how many letters are under way and must be erased later."""
    rows = Delivery.objects.filter(address__address_hash=address_hash).select_related("dispatch", "message")
    busy = {Dispatch.State.PREPARED, Dispatch.State.AUTHORISED}
    later = 0
    for row in rows.select_for_update(no_key=True, of=("self",)):
        if row.message.state in OPEN_STATES if row.message else row.dispatch.state in busy:
            later += 1
            continue
        row.envelope, row.pdf = "{}", None
        row.save(update_fields=["envelope", "pdf", "updated_at"])
        audit_record(verb="delivery.erase", subject=row, campaign_id=row.dispatch.campaign_id)
    return later
