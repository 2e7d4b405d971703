"""Writes about offices and the recipients in them."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError
from apps.core.optimistic_locking import apply_changes
from apps.core.types import JsonObject

from ..models import Member, Office, Recipient
from ..selectors import recipient_fingerprint
from .addresses import address_add, recipient_row_locked


class ChangedMeanwhile(Conflict):
    default_message = _("Somebody saved this recipient after you opened the page. What you entered is still below.")


@transaction.atomic
def office_save(
    *,
    campaign: Campaign,
    member: Member,
    kind: str,
    name: str,
    actor: User | None,
    city: str = "",
    postal: str = "",
    phone: str | None = None,
) -> Office:
    """Create or update the office of that kind and name; without `phone` the phone stays."""
    office, created = Office.objects.get_or_create(
        campaign=campaign,
        member=member,
        kind=kind,
        name=name,
        defaults={"city": city, "postal_address": postal, "phone": phone or ""},
    )
    wanted = (city, postal, office.phone if phone is None else phone)
    if not created and (office.city, office.postal_address, office.phone) == wanted:
        return office
    office.city, office.postal_address, office.phone = wanted
    office.save()
    audit_record(verb="office.save", subject=office, actor=actor, member=member.code, created=created)
    return office


@transaction.atomic
def recipient_save(
    *, office: Office, post: str, language: str, actor: User | None, recipient: Recipient | None = None, **details: Any
) -> Recipient:
    """Make a recipient in an office, or change the one given. Raises DomainError if they are of two campaigns.
    `details`: name, form, salutation ({language: text}), phone, source, verified_on, active, notes."""
    if recipient is not None and recipient.campaign_id != office.campaign_id:
        raise DomainError(_("That office belongs to another campaign. Choose one of this campaign."), field="office")
    row = recipient or Recipient(campaign_id=office.campaign_id)
    values = {"office": office, "post": post, "language": language, **details}
    changed = apply_changes(row, values)
    if not changed:
        return row
    row.save()
    audit_record(verb="recipient.save", subject=row, actor=actor, fields=sorted(changed))
    return row


@transaction.atomic
def recipient_add(
    *,
    campaign: Campaign,
    member: Member,
    actor: User,
    kind: str,
    office: str,
    post: str,
    language: str,
    address: str = "",
    city: str = "",
    postal: str = "",
    office_phone: str = "",
    **details: Any,
) -> Recipient:
    """Add a recipient with office and address, all or nothing. A known office keeps what is not given here."""
    known = campaign.offices.filter(member=member, kind=kind, name=office).first() or Office()
    saved_office = office_save(
        campaign=campaign, member=member, kind=kind, name=office, actor=actor, city=city or known.city,
        postal=postal or known.postal_address, phone=office_phone or known.phone,
    )  # fmt: skip
    recipient = recipient_save(office=saved_office, post=post, language=language, actor=actor, **details)
    if address:
        address_add(recipient=recipient, address=address, actor=actor)
    return recipient


@transaction.atomic
def recipient_change(*, recipient: Recipient, seen: str, values: JsonObject, actor: User) -> Recipient:
    """Save `recipient_values`; `seen` is the fingerprint of what the form showed. Raises ChangedMeanwhile, Merged."""
    row = recipient_locked(recipient)
    if recipient_fingerprint(row) != seen:
        raise ChangedMeanwhile
    rest = dict(values)
    kind, name, city, postal, phone = (rest.pop(key) for key in ("kind", "office", "city", "postal", "office_phone"))
    wanted = {"kind": kind, "name": name, "city": city, "postal_address": postal, "phone": phone}
    office = office_moved(row, wanted, actor)
    return recipient_save(office=office, actor=actor, recipient=row, **rest)


def recipient_locked(recipient: Recipient) -> Recipient:
    """The row and its office, locked. PostgreSQL would drop a joined row whose join changed. Raises Merged."""
    row = recipient_row_locked(recipient.pk)
    row.office = Office.objects.select_for_update().get(pk=row.office_id)
    return row


def office_moved(recipient: Recipient, wanted: dict[str, str], actor: User) -> Office:
    """The office for these values. Another kind or name finds the existing office, unchanged. Without one, the old
    office is renamed, or a new one made if it has other recipients."""
    office = recipient.office
    if (office.kind, office.name) != (wanted["kind"], wanted["name"]):
        same = Office.objects.filter(campaign_id=office.campaign_id, member_id=office.member_id)
        known = same.filter(kind=wanted["kind"], name=wanted["name"]).first()
        if known is not None:
            return known
        if office.recipients.exclude(pk=recipient.pk).exists():
            office = Office(campaign_id=office.campaign_id, member=office.member)
    changed = sorted(apply_changes(office, wanted))
    if not changed:
        return office
    try:
        with transaction.atomic():
            office.save()
    except IntegrityError:  # somebody made an office of that name a moment ago
        raise ChangedMeanwhile from None
    audit_record(verb="office.save", subject=office, actor=actor, member=office.member.code, fields=changed)
    return office


@transaction.atomic
def recipient_verify(*, recipient: Recipient, seen: str, actor: User) -> Recipient:
    """Record that a person checked all details today, in the campaign's time zone; `seen` is the fingerprint of what
    they saw. Raises Merged, Conflict."""
    row = recipient_locked(recipient)
    today = timezone.localdate(timezone=ZoneInfo(row.campaign.time_zone))
    if row.verified_on == today:
        return row
    if recipient_fingerprint(row) != seen:
        raise Conflict(_("The details of this recipient changed after you opened the page. Check them again."))
    row.verified_on = today
    row.save(update_fields=["verified_on", "updated_at"])
    audit_record(verb="recipient.verify", subject=row, actor=actor)
    return row


@transaction.atomic
def recipient_set_active(*, recipient: Recipient, active: bool, actor: User) -> Recipient:
    """An inactive recipient gets no letters and stays on record. Raises Merged."""
    row = recipient_locked(recipient)
    if row.active == active:
        return row
    row.active = active
    row.save(update_fields=["active", "updated_at"])
    audit_record(verb="recipient.reactivate" if active else "recipient.deactivate", subject=row, actor=actor)
    return row
