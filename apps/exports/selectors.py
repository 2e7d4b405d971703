"""Exports on record."""

from collections.abc import Mapping
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.canonical_json import canonical_json

from .datasets import DATASETS, Selection
from .models import Choice, ContactRead, Export, Purpose, SavedChoice


def campaign_exports(campaign: Campaign) -> QuerySet[Export]:
    return Export.objects.filter(campaign=campaign).select_related("asked_by", "agreed_by").order_by("-id")


def exports_to_agree(campaign: Campaign, person: User) -> QuerySet[Export]:
    """Those that wait for somebody else than the person who asked."""
    return campaign_exports(campaign).filter(state=Export.State.WAITING).exclude(asked_by=person).order_by("id")


def exports_ready(campaign: Campaign, person: User) -> QuerySet[Export]:
    """The person's own files that can be downloaded and were not yet."""
    ready = campaign_exports(campaign).filter(state=Export.State.READY, expires_at__gt=timezone.now())
    return ready.filter(asked_by=person, downloaded_at=None)


def exports_due() -> QuerySet[Export]:
    """Those to be made, and those that are being made or whose worker died."""
    return Export.objects.filter(state__in=[Export.State.QUEUED, Export.State.RUNNING]).order_by("id")


def saved_choices(campaign: Campaign) -> QuerySet[SavedChoice]:
    return SavedChoice.objects.filter(campaign=campaign).select_related("saved_by")


def selection_of(choice: Choice) -> Selection:
    """What the choice names now; columns that are no longer offered are left out."""
    dataset, purpose = DATASETS[choice.dataset], Purpose(choice.purpose)
    offered = {column.key: column for column in dataset.columns_for(purpose)}
    columns = [offered[key] for key in choice.columns if key in offered]
    return Selection(dataset, choice.campaign, purpose, columns, choice.filters, choice.language)


def contact_rows_exported(campaign: Campaign, person: User, *, beside: Selection | None = None) -> int:
    """Rows with contact data in files that the person took, or can take, of those asked for within a day and without
    somebody's agreement. The same list in another format or with other columns counts once, and `beside` not at all."""
    taken = Export.objects.filter(
        campaign=campaign, asked_by=person, agreed_by=None, created_at__gt=timezone.now() - timedelta(days=1)
    )
    never = Q(state__in=[Export.State.WAITING, Export.State.CANCELLED, Export.State.FAILED], downloaded_at=None)
    contacts = {key: {column.key for column in one.columns if column.contact} for key, one in DATASETS.items()}
    rows: dict[tuple[str, bytes], int] = {}
    for one in taken.exclude(never):
        if not contacts[one.dataset].isdisjoint(one.columns):
            key = one.dataset, canonical_json(one.filters)
            rows[key] = max(one.rows, rows.get(key, 0))
    if beside is not None:
        rows.pop((beside.dataset.key, canonical_json(dict(beside.filters))), None)
    return sum(rows.values())


def contact_rows_read(campaign: Campaign, person: User) -> int:
    """Rows with contact data that programs of the person read within a day."""
    return ContactRead.objects.lately().filter(campaign=campaign, person=person).count()


def rows_made(exports: list[Export]) -> Mapping[int, int]:
    """{id: rows written so far} of those that are being made."""
    keys = {progress_key(export.pk): export.pk for export in exports if export.state == Export.State.RUNNING}
    return {keys[key]: rows for key, rows in cache.get_many(keys).items()} if keys else {}


def progress_key(export_id: int) -> str:
    return f"export:{export_id}:rows"


def cancelled_key(export_id: int) -> str:
    return f"export:{export_id}:cancelled"


def expired(now: object) -> QuerySet[Export]:
    return Export.objects.filter(Q(state=Export.State.READY, expires_at__lte=now))
