"""Rows of contact data that leave by one person: above so many in a day, in files and by programs together, a second
person agrees (docs/decisions/0083)."""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.core.errors import NotAllowed

from ..datasets import Selection
from ..models import ContactRead
from ..selectors import contact_rows_exported, contact_rows_read

#: rows within a day
MANY_CONTACTS = 1_000


class ManyContacts(NotAllowed):
    default_message = _(
        "A program reads at most 1,000 rows with contact data in a day, exports counted too. Ask for an export: a "
        "second person agrees to it."
    )


def second_person_needed(selection: Selection, rows: int, actor: User) -> bool:
    """What the person took of late counts too, so that a list cannot be taken in parts."""
    if not selection.has_contacts:
        return False
    taken = contact_rows_exported(selection.campaign, actor, beside=selection)
    return rows + taken + contact_rows_read(selection.campaign, actor) > MANY_CONTACTS


@transaction.atomic
def contact_rows_take(*, campaign: Campaign, person: User, kind: str, rows: Collection[int]) -> None:
    """A program of the person is about to be answered with the contact data of the rows, which are ids within `kind`.
    A row counts once in a day, whichever token reads it. Raises ManyContacts, and then counts none."""
    lately = ContactRead.objects.lately().filter(campaign=campaign, person=person, kind=kind, row__in=rows)
    if set(rows) == set(lately.values_list("row", flat=True)):
        return
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # as an export does: two at once count each other
    new = set(rows) - set(lately.values_list("row", flat=True))
    taken = contact_rows_exported(campaign, person) + contact_rows_read(campaign, person)
    if taken + len(new) > MANY_CONTACTS:
        raise ManyContacts
    ContactRead.objects.bulk_create(
        [ContactRead(campaign=campaign, person=person, kind=kind, row=row, at=timezone.now()) for row in new],
        update_conflicts=True, unique_fields=["campaign", "person", "kind", "row"], update_fields=["at"],
    )  # fmt: skip
    audit_record(verb="contact_data.read", subject=campaign, campaign_id=campaign.pk, actor=person, rows=len(new))


def contact_reads_delete_expired() -> int:
    """Delete those that no longer count. The record keeps when and how many. Returns how many."""
    return ContactRead.objects.filter(at__lt=timezone.now() - timedelta(days=2)).delete()[0]
