"""Two rows that are one recipient become one."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import DomainError

from ..models import Recipient, RecipientAddress

Health = RecipientAddress.Health


@transaction.atomic
def recipient_merge(*, kept: Recipient, other: Recipient, actor: User) -> Recipient:
    """Merge `other` into `kept`: its addresses go to the end of the kept one's, what the kept one does not know is
    taken over, and `other` becomes inactive, with a pointer. What was sent stays with the row it was sent to; who
    plans and sends asks for the letters of merged rows too (`merged_ids`), so nothing is sent a second time."""
    ids = [kept.pk, other.pk]
    rows = Recipient.objects.select_for_update(no_key=True).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=ids)}  # in one order, so that two merges never wait in a ring
    kept, other = found[kept.pk], found[other.pk]
    _check(kept, other)
    moved = _move_addresses(kept, other)
    filled = _fill_gaps(kept, other)
    other.active, other.merged_into = False, kept
    other.save(update_fields=["active", "merged_into", "updated_at"])
    Recipient.objects.filter(merged_into=other).update(merged_into=kept)  # the pointer is always to a living row
    audit_record(
        verb="recipient.merge", subject=kept, actor=actor, other=other.pk, addresses=moved, fields=filled,
    )  # fmt: skip
    return kept


def _check(kept: Recipient, other: Recipient) -> None:
    if kept.pk == other.pk:
        raise DomainError(_("Choose two different recipients."))
    if kept.campaign_id != other.campaign_id or kept.office.member_id != other.office.member_id:
        raise DomainError(_("These recipients belong to two governments, so they cannot be merged."))
    if kept.merged_into_id is not None or other.merged_into_id is not None:
        raise DomainError(_("One of them is already merged. Open the one that was kept."))
    if not kept.active:
        raise DomainError(_("The one to keep is inactive. Reactivate it first, or keep the other."))


def _move_addresses(kept: Recipient, other: Recipient) -> int:
    """An address that both have stays with each: letters point to the rows. The kept one learns its health."""
    own = {digest: row for row in kept.addresses.all() for digest in row.hashes}
    moved, position = 0, kept.addresses.count()
    for row in other.addresses.all():
        same = next((own[digest] for digest in row.hashes if digest in own), None)
        if same is None:
            row.recipient, row.position = kept, position + moved
            row.save(update_fields=["recipient", "position", "updated_at"])
            moved += 1
        elif same.health == Health.UNVERIFIED and row.health != Health.RETIRED:
            same.health, same.bounced_at = row.health, row.bounced_at
            same.save(update_fields=["health", "bounced_at", "updated_at"])
    return moved


def _fill_gaps(kept: Recipient, other: Recipient) -> list[str]:
    """Names of the fields that were empty and now say what the other row said."""
    filled = [name for name in ("name", "phone", "source") if not getattr(kept, name) and getattr(other, name)]
    for name in filled:
        setattr(kept, name, getattr(other, name))
    if kept.form == Recipient.Form.UNKNOWN and other.form != Recipient.Form.UNKNOWN:
        kept.form, filled = other.form, [*filled, "form"]
    salutation = other.salutation | {language: text for language, text in kept.salutation.items() if text}
    if salutation != kept.salutation:
        kept.salutation, filled = salutation, [*filled, "salutation"]
    if other.notes and other.notes not in kept.notes:
        kept.notes, filled = f"{kept.notes}\n\n{other.notes}".strip(), [*filled, "notes"]
    kept.save()
    return sorted(filled)
