"""Addresses that get no mail until a person allows it again, and domains whose mail is held back."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audit_record
from apps.core.encryption import lookup_hashes
from apps.core.logs import ADDRESS
from apps.core.types import Actor
from apps.core.wakeups import wake

from ..models import Message, RecipientDomain, Suppression
from ..transports.email_addresses import address_check
from .recipient_domains import domains_close
from .transitions import event_record


class UnblockReason(TextChoices):
    """Why mail may go to a blocked address again. Chosen, not typed: the audit log keeps no words about people."""

    ASKED = "asked", _("Its owner asked for our email")
    MISTAKE = "mistake", _("It was blocked by mistake")
    NEW_OWNER = "new_owner", _("It belongs to somebody else now")


@transaction.atomic
def address_suppress(
    *,
    address: str,
    reason: str,
    actor: Actor,
    campaign_id: int | None = None,
    cause: Suppression.Cause = Suppression.Cause.COMPLAINT,
) -> Suppression:
    """Send no more mail to this address; what waits ends when it is due. There is a row for each key, since the hash of
    a recipient's address may be older than the newest. Raises BadAddress."""
    words = ADDRESS.sub("[address]", reason)[:200]
    row, *_older = [
        Suppression.objects.get_or_create(
            address_hash=found.digest, defaults={"key_version": found.key_version, "reason": words, "cause": cause}
        )[0]
        for found in lookup_hashes(address_check(address, field="address"))
    ]
    audit_record(verb="address.suppress", subject=row, actor=actor, campaign_id=campaign_id)
    return row


@transaction.atomic
def address_allow(*, hashes: Collection[str], actor: Actor, campaign_id: int | None = None, why: str = "") -> bool:
    """Allow mail to an address again; `hashes` are those under all keys, `why` a UnblockReason or "". The mail that its
    reader complained about gets an event. Returns False if the address was not suppressed."""
    given = {"reason": why} if why else {}
    rows = list(Suppression.objects.select_for_update().filter(address_hash__in=hashes))
    for row in rows:
        audit_record(verb="address.allow", subject=row, actor=actor, campaign_id=campaign_id, **given)
        row.delete()
    complained = Message.objects.without_contents().filter(to_hash__in=hashes, events__kind="complained")
    message = complained.order_by("-events__occurred_at").first() if rows else None
    if message:
        held = Message.objects.without_contents().select_for_update().get(pk=message.pk)
        event_record(message=held, kind="allowed", provider_id=f"allowed:{uuid.uuid4()}", actor=actor)
    return bool(rows)


@transaction.atomic
def domain_release(*, domain: RecipientDomain, actor: Actor) -> None:
    """Forget that mail to a domain failed, and send what waits for it."""
    domains_close(keys=[domain.key])
    audit_record(verb="domain.release", subject=domain, actor=actor)
    wake("postbox")
