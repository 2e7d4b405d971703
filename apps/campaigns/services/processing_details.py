"""What people write into a campaign's record of processing."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import Conflict
from apps.core.optimistic_locking import apply_changes, fingerprint

from ..models import Campaign, ProcessingDetails
from ..selectors import processing_details


class ChangedMeanwhile(Conflict):
    default_message = _("Somebody saved this record after you opened the page. What you entered is still below.")


@transaction.atomic
def processing_details_save(*, campaign: Campaign, actor: User, seen: str, values: Mapping[str, str]) -> list[str]:
    """Save what differs and return its names; `seen` is the `details_fingerprint` of what the form showed. Raises
    ChangedMeanwhile."""
    Campaign.objects.locked(campaign.pk)
    row = processing_details(campaign)
    if details_fingerprint(row) != seen:
        raise ChangedMeanwhile
    changed = [name for name in ProcessingDetails.STATED if getattr(row, name) != values[name]]
    if changed:
        apply_changes(row, values)
        row.save()
        audit_record(verb="processing_details.save", subject=row, actor=actor, fields=changed)
    return changed


def details_fingerprint(row: ProcessingDetails) -> str:
    return fingerprint([getattr(row, name) for name in ProcessingDetails.STATED])
