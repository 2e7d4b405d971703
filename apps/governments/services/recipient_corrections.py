"""Corrections that the public proposes. A person accepts them field by field."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.core.encryption import lookup_hashes
from apps.core.errors import Conflict, DomainError
from apps.core.retention import retention_job
from apps.core.types import JsonObject

from ..models import Correction, Member, Office, Recipient
from ..selectors import recipient_fingerprint
from .addresses import address_add
from .recipients import ChangedMeanwhile, office_moved, recipient_add, recipient_locked, recipient_save

#: in the audit trail: somebody without an account
PROPOSER: Final = "proposer"
#: everything typed by the proposer
TYPED = ("wrong", "office", "post", "name", "address", "phone", "source", "mail")
State = Correction.State


class AlreadyDecided(Conflict):
    default_message = _("Somebody has already decided this correction. You changed nothing.")


@transaction.atomic
def correction_propose(*, campaign: Campaign, member: Member, typed: dict[str, str], suspect: bool) -> Correction:
    """Store a proposal, encrypted. `suspect`: the hidden field was filled in, as bots do."""
    mail = typed.get("mail", "")
    row = Correction.objects.create(
        campaign=campaign,
        member=member,
        suspect=suspect,
        mail_hash=lookup_hashes(mail)[0].digest if mail else "",
        **typed,
    )
    audit_record(verb="correction.propose", subject=row, actor=PROPOSER, member=member.code, suspect=suspect)
    return row


@transaction.atomic
def correction_accept(
    *,
    correction: Correction,
    fields: Collection[str],
    actor: User,
    recipient: Recipient | None = None,
    seen: str | None = None,
) -> Recipient:
    """Write the chosen fields of a correction into a recipient; without one, make it (that needs office and post).
    `seen` is the fingerprint of what the person compared it with. Raises AlreadyDecided, Merged, ChangedMeanwhile."""
    row = _waiting(correction)
    values = {name: getattr(row, name) for name in row.PROPOSED if name in fields and getattr(row, name)}
    if not values:
        raise DomainError(_("Tick at least one field, or decline the correction."))
    if recipient is None:
        recipient = _made(row, values, actor)
    else:
        recipient = recipient_locked(recipient)
        if seen is not None and recipient_fingerprint(recipient) != seen:
            raise ChangedMeanwhile
        recipient = _changed(row, recipient, dict(values), actor)
    _decide(row, State.ACCEPTED, actor)
    row.recipient, row.accepted = recipient, sorted(values)
    row.save()
    audit_record(
        verb="correction.accept", subject=row, actor=actor, recipient=recipient.pk, fields=row.accepted
    )  # fmt: skip
    return recipient


def _made(row: Correction, values: dict[str, str], actor: User) -> Recipient:
    if "office" not in values or "post" not in values:
        raise DomainError(_("A new recipient needs an office and a post. Tick both, or choose an existing recipient."))
    details: JsonObject = {"kind": row.kind or Office.Kind.OTHER, "language": row.member.working_language, **values}
    return recipient_add(campaign=row.campaign, member=row.member, actor=actor, **details)


def _changed(row: Correction, recipient: Recipient, values: JsonObject, actor: User) -> Recipient:
    if recipient.campaign_id != row.campaign_id or recipient.office.member_id != row.member_id:
        raise DomainError(_("Choose a recipient of the government that the correction is about."))
    address, saved = values.pop("address", ""), {"post": recipient.post, "language": recipient.language, **values}
    saved["office"] = office = recipient.office
    if "office" in values:
        wanted = {"kind": row.kind or office.kind, "name": values["office"]}
        kept = {"city": office.city, "postal_address": office.postal_address, "phone": office.phone}
        saved["office"] = office_moved(recipient, wanted | kept, actor)
    recipient = recipient_save(recipient=recipient, actor=actor, **saved)
    if address:
        address_add(recipient=recipient, address=address, actor=actor)
    return recipient


@transaction.atomic
def correction_decline(*, correction: Correction, reason: str, actor: User) -> Correction:
    """Nothing is applied; the reason stays with it. Raises AlreadyDecided, DomainError."""
    if not reason.strip():
        raise DomainError(_("Enter a reason for your colleagues."), field="reason")
    row = _waiting(correction)
    _decide(row, State.DECLINED, actor)
    row.reason = reason.strip()
    row.save()
    audit_record(verb="correction.decline", subject=row, actor=actor)
    return row


def _waiting(correction: Correction) -> Correction:
    rows = Correction.objects.select_for_update(of=("self",)).select_related("campaign", "member")
    row = rows.get(pk=correction.pk)
    if row.state != State.WAITING:
        raise AlreadyDecided
    return row


def _decide(row: Correction, state: str, actor: User) -> None:
    row.state, row.decided_by, row.decided_at = state, actor, timezone.now()


def corrections_delete_expired() -> int:
    """Delete the text of corrections after the campaign's retention period, counted from the decision or, without one,
    from the proposal. Idempotent. Returns how many were emptied."""
    with retention_job("corrections") as job, transaction.atomic():
        return job.deleted_in(_delete_expired())


def _delete_expired() -> list[int]:
    """The campaign of each."""
    now, kept = timezone.now(), Correction.objects.filter(forgotten_at=None)
    rows: list[Correction] = []
    for campaign in Campaign.objects.filter(pk__in=kept.values("campaign")):
        until = now - timedelta(days=campaign.retention_days)
        late = Q(decided_at__lt=until) | Q(decided_at=None, created_at__lt=until)
        rows += kept.filter(late, campaign=campaign).select_for_update(of=("self",), skip_locked=True)
    for row in rows:
        if row.state == State.WAITING:
            row.state = State.EXPIRED
        for name in TYPED:
            setattr(row, name, "")
        row.mail_hash, row.forgotten_at = "", now
        row.save()
        audit_record(verb="correction.forget", subject=row)
    return [row.campaign_id for row in rows]


@transaction.atomic
def corrections_erase(*, hashes: Collection[str], **_: object) -> int:
    """Receiver of `personal_data_erase`: delete the proposer's address."""
    rows: QuerySet[Correction] = Correction.objects.select_for_update(of=("self",)).filter(mail_hash__in=hashes)
    for row in rows:
        row.mail, row.mail_hash = "", ""
        row.save(update_fields=["mail", "mail_hash", "updated_at"])
        audit_record(verb="correction.erase", subject=row)
    return 0
