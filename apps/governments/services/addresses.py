"""Write the email addresses of recipients. The text of an address never changes, because sent letters point to it: a
new one is added and the old one retired."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.encryption import lookup_hashes
from apps.core.errors import Conflict, DomainError
from apps.postbox.services import suppressions

from ..models import Recipient, RecipientAddress

Health = RecipientAddress.Health


class Merged(Conflict):
    default_message = _("This recipient was merged into another one. Change that one instead.")


def recipient_row_locked(pk: int) -> Recipient:
    """Raises Merged."""
    row = Recipient.objects.select_for_update().get(pk=pk)
    if row.merged_into_id is not None:
        raise Merged
    return row


@transaction.atomic
def address_add(*, recipient: Recipient, address: str, actor: User | None) -> RecipientAddress:
    """Add an email address after the recipient's others; idempotent. Raises DomainError, Merged."""
    address = address.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise DomainError(
            _("“%(address)s” is not an email address. It needs a name, an @ and a domain.") % {"address": address},
            field="address",
        ) from None
    recipient_row_locked(recipient.pk)  # two who add at once keep their order
    hashes = lookup_hashes(address)
    known = recipient.addresses.filter(address_hash__in=[found.digest for found in hashes]).first()
    if known is not None:
        return known
    row = RecipientAddress(
        recipient=recipient,
        address=address,
        address_hash=hashes[0].digest,
        key_version=hashes[0].key_version,
        position=recipient.addresses.count(),
    )
    addresses_inherit_bounces([row])
    row.save()
    audit_record(verb="address.add", subject=row, actor=actor, campaign_id=recipient.campaign_id)
    return row


def addresses_inherit_bounces(rows: Sequence[RecipientAddress]) -> None:
    """Mark unsaved rows as bounced whose address bounces at another recipient, of any campaign."""
    hashes = [row.hashes for row in rows]
    same = RecipientAddress.objects.filter(address_hash__in=set().union(*hashes), health=Health.BOUNCED)
    bounced = dict(same.order_by("bounced_at").values_list("address_hash", "bounced_at"))
    for row, own in zip(rows, hashes, strict=True):
        if found := own & bounced.keys():
            row.health, row.bounced_at = Health.BOUNCED, max(filter(None, map(bounced.get, found)), default=None)


@transaction.atomic
def address_mark_bounced(*, hashes: Collection[str], at: datetime) -> int:
    """Mark every recipient's address with one of these hashes as bounced, in all campaigns, unless a later bounce is on
    record. Returns how many changed."""
    rows = RecipientAddress.objects.filter(address_hash__in=hashes).exclude(health=Health.RETIRED)
    return _mark(rows.exclude(bounced_at__gte=at), "address.bounce", {"health": Health.BOUNCED, "bounced_at": at})


@transaction.atomic
def address_mark_good(*, hashes: Collection[str], at: datetime, bounced_too: bool = True) -> int:
    """Mark every recipient's address with one of these hashes as delivering, in all campaigns, but not one that bounced
    since (without `bounced_too`: ever) or was retired. Returns how many changed."""
    healths = [Health.UNVERIFIED, Health.BOUNCED] if bounced_too else [Health.UNVERIFIED]
    rows = RecipientAddress.objects.filter(address_hash__in=hashes, health__in=healths)
    return _mark(rows.exclude(bounced_at__gte=at), "address.good", {"health": Health.GOOD})


@transaction.atomic
def address_marks_correct(*, hashes: Collection[str], bounced_at: datetime | None, delivers: bool) -> int:
    """After a person corrected what a mail said: what remains known is the last bounce, if any, and whether something
    else shows that the address delivers. A mark that rested on that mail goes; what a person set stays. Returns how
    many changed."""
    rows = RecipientAddress.objects.filter(address_hash__in=hashes)
    bounced, good = rows.filter(health=Health.BOUNCED, bounced_at__isnull=False), rows.filter(health=Health.GOOD)
    if bounced_at:
        values = {"health": Health.BOUNCED, "bounced_at": bounced_at}
        marked = _mark(bounced.exclude(bounced_at=bounced_at), "address.bounce", values)
        return marked + (0 if delivers else _mark(good, "address.bounce", values))
    health = Health.GOOD if delivers else Health.UNVERIFIED
    marked = _mark(bounced, "address.restore", {"health": health, "bounced_at": None})
    return marked + (0 if delivers else _mark(good, "address.restore", {"health": health}))


def _mark(addresses: QuerySet[RecipientAddress], verb: str, values: dict[str, object]) -> int:
    rows = addresses.select_for_update()  # without a join: a row that a merge moves would be passed over
    for row in rows:
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=[*values, "updated_at"])
        audit_record(verb=verb, subject=row, campaign_id=row.recipient.campaign_id)
    return len(rows)


@transaction.atomic
def address_retire(*, address: RecipientAddress, actor: User) -> None:
    """Send nothing more there; the address stays on record. Idempotent. Raises Merged."""
    _set_health(address, Health.RETIRED, "address.retire", actor)


@transaction.atomic
def address_restore(*, address: RecipientAddress, actor: User) -> None:
    """Use a retired or bounced address again, because a person says that it works. Raises Merged."""
    _set_health(address, Health.UNVERIFIED, "address.restore", actor)


@transaction.atomic
def address_allow(*, address: RecipientAddress, actor: User) -> None:
    """Lift the suppression of an address whose reader complained. Idempotent."""
    suppressions.address_allow(hashes=address.hashes, actor=actor, campaign_id=address.recipient.campaign_id)


def _set_health(address: RecipientAddress, health: str, verb: str, actor: User) -> None:
    recipient_row_locked(address.recipient_id)
    row = RecipientAddress.objects.select_for_update().get(pk=address.pk)  # without a join, as above
    if row.health == health or (health == Health.UNVERIFIED and row.health == Health.GOOD):
        return
    before, row.health = row.health, health
    row.save(update_fields=["health", "updated_at"])
    audit_record(verb=verb, subject=row, actor=actor, campaign_id=row.recipient.campaign_id, before=before)


@transaction.atomic
def address_first(*, address: RecipientAddress, actor: User) -> None:
    """Put an address before the recipient's others: letters go to the first that works. Raises Merged."""
    recipient = recipient_row_locked(address.recipient_id)
    rows = list(recipient.addresses.all())
    if not rows or rows[0].pk == address.pk:
        return
    rows.sort(key=lambda row: row.pk != address.pk)  # stable: the others keep their order
    for position, row in enumerate(rows):
        row.position = position
    RecipientAddress.objects.bulk_update(rows, ["position"])
    audit_record(verb="address.first", subject=address, actor=actor, campaign_id=recipient.campaign_id)
