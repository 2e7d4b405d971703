"""Asking for an export, agreeing to it, cancelling and downloading it. Each is on record."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError, NotAllowed
from apps.core.wakeups import wake

from ..datasets import DATASETS, Selection
from ..models import Export, Format, Purpose, SavedChoice
from ..selectors import cancelled_key, selection_of
from ..writers import rows_check
from .contact_rows import second_person_needed
from .files import export_write, stored_file_delete

#: rows up to which a file is made while its reader waits
SMALL = 2_000
MAX_REASON = 300
#: longer than any file takes
CANCELLED_SECONDS = 3600


class NotOpen(Conflict):
    default_message = _("This export is finished or was cancelled. Reload the page.")


@dataclass(frozen=True)
class ExportChoice:
    """A choice as a form or a program states it."""

    dataset: str
    purpose: str
    format: str
    columns: Sequence[str]
    filters: Mapping[str, str]
    language: str = ""
    with_letter: bool = False

    def values(self) -> dict[str, object]:
        return {**vars(self), "columns": list(self.columns), "filters": dict(self.filters)}


@transaction.atomic
def export_request(
    *, campaign: Campaign, wanted: ExportChoice, reason: str, actor: User, at_once: bool = True
) -> tuple[Export, BinaryIO | None]:
    """Record the export and, if it is small, make its file at once: (the row, the open file), for larger ones, and for
    all unless `at_once`, (the row, None), which a worker makes. One with many rows of contact data waits for a second
    person. Raises DomainError."""
    if not reason.strip():
        raise DomainError(_("Say why you need this list. The activity log shows it."), field="reason")
    selection = selection_check(campaign, wanted)
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # two at once would not count each other's rows
    rows = selection.count()
    rows_check(Format(wanted.format), rows)
    export = Export(campaign=campaign, reason=reason.strip()[:MAX_REASON], rows=rows, asked_by=actor, **wanted.values())
    if second_person_needed(selection, rows, actor):
        export.state = Export.State.WAITING
    elif is_large(rows) or not at_once:
        export.state = Export.State.QUEUED
    else:
        return _make_now(export, actor)
    export.save()
    _record("export.request", export, actor)
    wake("exports")
    return export, None


def is_large(rows: int) -> bool:
    """Whether a worker makes the file."""
    return rows > SMALL


def _make_now(export: Export, actor: User) -> tuple[Export, BinaryIO]:
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    export_write(export, file)
    export.state, export.finished_at, export.downloaded_at = Export.State.DONE, timezone.now(), timezone.now()
    export.save()
    _record("export.make", export, actor)
    file.seek(0)
    return export, file


def selection_check(campaign: Campaign, wanted: ExportChoice) -> Selection:
    """Raises DomainError beside the field that is wrong."""
    dataset = DATASETS.get(wanted.dataset)
    if dataset is None:
        raise DomainError(_("Choose one of the lists."), field="dataset")
    if wanted.purpose not in dataset.purposes:
        raise DomainError(_("Choose for whom the list is."), field="purpose")
    purpose = Purpose(wanted.purpose)
    if wanted.format not in dataset.formats_for(purpose):
        raise DomainError(_("Choose one of the formats that this list has."), field="format")
    offered = {column.key for column in dataset.columns_for(purpose)}
    if not wanted.columns or not offered.issuperset(wanted.columns) or len({*wanted.columns}) < len(wanted.columns):
        raise DomainError(_("Choose at least one column, and only those that this list has."), field="columns")
    if not dataset.filters_for(purpose).keys() >= wanted.filters.keys():
        raise DomainError(_("This list cannot be narrowed like that. Reload the page."))
    return selection_of(SavedChoice(campaign=campaign, **wanted.values()))


@transaction.atomic
def export_agree(*, export: Export, actor: User) -> None:
    """A second person agrees that the list leaves. Raises NotAllowed for the one who asked, and NotOpen."""
    found = _locked(export, Export.State.WAITING)
    if found.asked_by_id == actor.pk:
        raise NotAllowed(_("You asked for this export. Another person has to agree."))
    found.state, found.agreed_by, found.agreed_at = Export.State.QUEUED, actor, timezone.now()
    found.save()
    _record("export.agree", found, actor)
    wake("exports")


@transaction.atomic
def export_cancel(*, export: Export, actor: User) -> None:
    """Also while it is being made, or waits to be downloaded: its file is deleted. Raises NotOpen."""
    found = _locked(export, *Export.State.OPEN, Export.State.READY)
    stored_file_delete(found)
    found.state, found.finished_at = Export.State.CANCELLED, timezone.now()
    found.save()
    transaction.on_commit(lambda: cache.set(cancelled_key(found.pk), True, timeout=CANCELLED_SECONDS))
    _record("export.cancel", found, actor)


def download_check(*, export: Export, actor: User) -> None:
    """Whether the person may download the file now. Raises NotAllowed and NotOpen."""
    if export.state != Export.State.READY or (export.expires_at and export.expires_at <= timezone.now()):
        raise NotOpen
    if export.asked_by_id != actor.pk:
        raise NotAllowed(_("Only the person who asked for this export can download it."))


@transaction.atomic
def export_taken(*, export: Export, actor: User) -> Export:
    """Put on record that the person who asked downloads the file. Raises NotAllowed and NotOpen."""
    found = _locked(export, Export.State.READY)
    download_check(export=found, actor=actor)
    found.downloaded_at = found.downloaded_at or timezone.now()
    found.save()
    _record("export.download", found, actor)
    return found


@transaction.atomic
def choice_save(*, campaign: Campaign, wanted: ExportChoice, name: str, actor: User) -> SavedChoice:
    """Keep the choice by its name; one of the same name is replaced. Raises DomainError."""
    selection_check(campaign, wanted)
    if not name.strip():
        raise DomainError(_("Enter a name for this choice."), field="name")
    saved, _created = SavedChoice.objects.update_or_create(
        campaign=campaign, name=name.strip()[:80], defaults={**wanted.values(), "saved_by": actor}
    )
    audit_record(verb="export_choice.save", subject=saved, actor=actor, dataset=saved.dataset, purpose=saved.purpose)
    return saved


@transaction.atomic
def choice_delete(*, saved: SavedChoice, actor: User) -> None:
    audit_record(verb="export_choice.delete", subject=saved, actor=actor, dataset=saved.dataset)
    saved.delete()


def _locked(export: Export, *states: str) -> Export:
    found = Export.objects.select_for_update(of=("self",)).get(pk=export.pk)
    if found.state not in states:
        raise NotOpen
    return found


def _record(verb: str, export: Export, actor: User) -> None:
    audit_record(
        verb=verb, subject=export, actor=actor, dataset=export.dataset, purpose=export.purpose, format=export.format,
        rows=export.rows, sha256=export.sha256,
    )  # fmt: skip
