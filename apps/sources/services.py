"""Add, correct and check sources."""

from datetime import date, timedelta
from datetime import timezone as zones
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError
from apps.core.optimistic_locking import apply_changes, fingerprint
from apps.core.text import unique_key

from .models import Source

#: the fields that a person fills in
FIELDS = (
    "form", "authors", "title", "publisher", "date", "year", "url", "other_url", "archived_url", "doi", "checked_on",
    "note",
)  # fmt: skip
#: the time zone in which a day begins first
EARLIEST = zones(timedelta(hours=14))


def source_fingerprint(source: Source) -> str:
    return fingerprint([getattr(source, name) for name in FIELDS])


@transaction.atomic
def source_save(
    *, campaign: Campaign, actor: User, source: Source | None = None, seen: str = "", **values: Any
) -> Source:
    """Add a source, or correct the one given. `values`: any of FIELDS; for a new one also kind. `seen`: the
    `source_fingerprint` of what the person read."""
    if not values.get("title", source.title if source else "").strip():
        raise DomainError(_("A source needs a title. If it has none, describe it in a few words."), field="title")
    check_day(values.get("checked_on"))
    if source is None:
        row = Source(campaign=campaign, key=_free_key(campaign, values["title"]), kind=values.pop("kind", "report"))
    else:
        row = Source.objects.select_for_update().get(pk=source.pk, campaign=campaign)
        if seen != source_fingerprint(row):
            raise Conflict(_("Somebody changed this source while you had it open. Compare, then save."))
    changed = apply_changes(row, values)
    if not changed:
        return row
    row.edited_at = timezone.now()
    row.save()
    audit_record(verb="source.save", subject=row, actor=actor, fields=sorted(changed))
    return row


@transaction.atomic
def source_check(*, source: Source, actor: User, on: date) -> bool:
    """Record that somebody opened the source on this day and found what it is cited for; no footnote changes. Returns
    False if that or a later day is recorded already."""
    check_day(on)
    row = Source.objects.select_for_update().get(pk=source.pk)
    if row.checked_on is not None and row.checked_on >= on:
        return False
    row.checked_on, row.edited_at = on, timezone.now()
    row.save()
    audit_record(verb="source.check", subject=row, actor=actor, on=on.isoformat())
    return True


def check_day(day: date | None) -> None:
    if day is not None and day > timezone.now().astimezone(EARLIEST).date():
        raise DomainError(_("This day is in the future. Give the day on which somebody checked."), field="checked_on")


def _free_key(campaign: Campaign, title: str) -> str:
    Campaign.objects.locked(campaign.pk)  # two who add at once get two keys
    stem = f"src-{slugify(title)[:60].strip('-') or 'new'}"
    return unique_key(stem, set(campaign.sources.filter(key__startswith=stem).values_list("key", flat=True)))
