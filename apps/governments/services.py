"""Writes about recipients, their addresses, and positions."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.encryption import lookup_hashes
from apps.core.errors import DomainError
from apps.core.services import audit_record
from apps.sources.models import Source

from .models import Member, Office, Position, Recipient, RecipientAddress

#: where the day begins first (UTC+14): nobody who says "today" is refused
FURTHEST_EAST = timedelta(hours=14)


class NotAnAddress(DomainError):
    """What was given is no mail address."""


class UnknownOffice(DomainError):
    """The office is not one of this campaign."""


class UnknownStance(DomainError):
    """The stance is none of those a position can have."""


class SaidInFuture(DomainError):
    """A position cannot be dated after today."""


class ForeignSource(DomainError):
    """The source belongs to another campaign."""


@transaction.atomic
def office_save(
    *, campaign: Campaign, member: Member, kind: str, name: str, actor: User | None, city: str = "", postal: str = ""
) -> Office:
    """The office of that kind and name in the campaign, made or brought up to date."""
    office, created = Office.objects.get_or_create(
        campaign=campaign, member=member, kind=kind, name=name, defaults={"city": city, "postal_address": postal}
    )
    if not created and (office.city, office.postal_address) == (city, postal):
        return office
    office.city, office.postal_address = city, postal
    office.save()
    audit_record(verb="office.save", subject=office, actor=actor, member=member.code, created=created)
    return office


@transaction.atomic
def recipient_save(
    *, office: Office, post: str, language: str, actor: User | None, recipient: Recipient | None = None, **details: Any
) -> Recipient:
    """Make a recipient in an office, or change the one given.

    `details`: name, form, salutation ({language: text}), verified_on, active, notes. Raises UnknownOffice where the
    recipient belongs to another campaign than the office.
    """
    if recipient is not None and recipient.campaign_id != office.campaign_id:
        raise UnknownOffice(_("That office belongs to another campaign. Choose one of this campaign."), field="office")
    row = recipient or Recipient(campaign_id=office.campaign_id)
    values = {"office": office, "post": post, "language": language, **details}
    changed = [name for name, value in values.items() if row.pk is None or getattr(row, name) != value]
    if not changed:
        return row
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    audit_record(verb="recipient.save", subject=row, actor=actor, fields=sorted(changed))
    return row


@transaction.atomic
def address_add(*, recipient: Recipient, address: str, actor: User | None) -> RecipientAddress:
    """Add a mail address at the end of the recipient's; one that is there already is returned as it is.

    Stored encrypted, with the keyed hash of its normal form. Raises NotAnAddress.
    """
    address = address.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise NotAnAddress(
            _("“%(address)s” is no mail address. It needs a name, an @ and a domain.") % {"address": address},
            field="address",
        ) from None
    Recipient.objects.select_for_update().get(pk=recipient.pk)  # two who add at once keep their order
    hashes = lookup_hashes(address)
    known = recipient.addresses.filter(address_hash__in=[found.digest for found in hashes]).first()
    if known is not None:
        return known
    row = RecipientAddress.objects.create(
        recipient=recipient,
        address=address,
        address_hash=hashes[0].digest,
        key_version=hashes[0].key_version,
        position=recipient.addresses.count(),
    )
    audit_record(verb="address.add", subject=row, actor=actor, campaign_id=recipient.campaign_id)
    return row


@transaction.atomic
def address_mark_bounced(*, address_hash: str, at: datetime) -> int:
    """Mark every recipient's address with this hash as bounced, in all campaigns; return how many changed.

    A bounce older than the one on record changes nothing.
    """
    rows = (
        RecipientAddress.objects.select_for_update(of=("self",))
        .select_related("recipient")
        .filter(address_hash=address_hash)
        .exclude(health=RecipientAddress.Health.RETIRED)
        .exclude(bounced_at__gte=at)
    )
    for row in rows:
        row.health, row.bounced_at = RecipientAddress.Health.BOUNCED, at
        row.save(update_fields=["health", "bounced_at", "updated_at"])
        audit_record(verb="address.bounce", subject=row, campaign_id=row.recipient.campaign_id)
    return len(rows)


@transaction.atomic
def position_record(
    *,
    campaign: Campaign,
    member: Member,
    stance: str,
    on: date,
    actor: User | None,
    statement: str = "",
    source: Source | None = None,
    confidence: str = "medium",
    note: str = "",
) -> Position:
    """Record what a member said on a day; earlier positions stay. Saying the same again gives the row there is.

    Raises UnknownStance, SaidInFuture, ForeignSource.
    """
    if stance not in Position.Stance.values:
        raise UnknownStance(
            _("“%(stance)s” is no stance. Choose one of: %(known)s.")
            % {"stance": stance, "known": ", ".join(Position.Stance.values)},
            field="stance",
        )
    if on > (timezone.now() + FURTHEST_EAST).date():
        raise SaidInFuture(_("The day lies in the future. Give the day on which it was said."), field="on")
    if source is not None and source.campaign_id != campaign.pk:
        raise ForeignSource(_("That source belongs to another campaign. Choose one of this campaign."), field="source")
    position, created = Position.objects.get_or_create(
        campaign=campaign,
        member=member,
        stance=stance,
        on=on,
        source=source,
        statement=statement,
        defaults={"confidence": confidence, "note": note, "recorded_by": actor},
    )
    if created:
        audit_record(
            verb="position.record", subject=position, actor=actor, member=member.code, stance=stance, on=on.isoformat()
        )
    return position
