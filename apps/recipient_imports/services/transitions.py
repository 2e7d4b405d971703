"""Transitions of an import: begin, read again, check, answer, accept, discard. Each is one transaction."""

from contextlib import suppress
from datetime import timedelta
from pathlib import PurePath

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.errors import Conflict, DomainError
from apps.core.retention import retention_job
from apps.core.wakeups import wake
from apps.governments.country_names import CountryLookup
from apps.governments.models import Member

from ..column_mapping import guess_mapping
from ..columns import COLUMNS_BY_KEY, REQUIRED
from ..models import RecipientImport
from ..planning.plan import WRITING, Answers, Kind
from ..selectors import decrypted, rows_of, sheet_of, unfinished
from ..spreadsheets.reader import read_sheet
from ..spreadsheets.table import Options
from .plan_and_write import end, import_advance, report_progress

State = RecipientImport.State
#: files of up to so many rows are processed in the request
AT_ONCE = 500
#: a file that nobody accepts is deleted after this
RETENTION, FORGOTTEN = timedelta(days=14), [State.COLUMNS, State.CHECKED]


class NotAcceptable(DomainError):
    """Rows are still refused, or nothing would be written."""


@transaction.atomic
def import_begin(*, campaign: Campaign, actor: User, file_name: str, content: bytes) -> RecipientImport:
    """Store the file, encrypted, with a guess of its columns. Raises UnreadableFile and stores nothing."""
    sheet = read_sheet(content, preview=True)
    return RecipientImport.objects.create(
        campaign=campaign,
        made_by=actor,
        file_name=PurePath(file_name.replace("\\", "/")).name[:200],
        content=content,
        options={"sheet": sheet.table.sheet} if sheet.table.sheet else {},
        mapping=guess_mapping(sheet, CountryLookup(Member.objects.all()).is_one),
        total=sheet.row_count,
    )


@transaction.atomic
def import_reread(*, batch: RecipientImport, options: Options) -> RecipientImport:
    """Read the file with other options and guess its columns again. Raises UnreadableFile, Conflict."""
    batch = _locked(batch, State.COLUMNS, State.CHECKED)
    batch.options = {key: value for key, value in vars(options).items() if value}
    sheet = sheet_of(batch, preview=True)
    batch.mapping, batch.total = guess_mapping(sheet, CountryLookup(Member.objects.all()).is_one), sheet.row_count
    batch.answers, batch.state, batch.notice = "{}", State.COLUMNS, ""
    rows_of(batch).delete()
    batch.save()
    return batch


@transaction.atomic
def import_check(*, batch: RecipientImport, mapping: list[str]) -> None:
    """Save what the columns mean and make the plan. Raises DomainError, Conflict."""
    batch = _locked(batch, State.COLUMNS, State.CHECKED)
    if len(mapping) != len(batch.mapping) or any(key and key not in COLUMNS_BY_KEY for key in mapping):
        raise DomainError(_("The columns are not those of this file. Load the page again."))
    for key in REQUIRED:
        if key not in mapping:
            missing = _("Choose a column for “%(field)s”, or add one to the file. Every recipient needs it.")
            raise DomainError(missing % {"field": COLUMNS_BY_KEY[key].label})
    for key in mapping:
        if key and mapping.count(key) > 1 and not COLUMNS_BY_KEY[key].joiner:
            twice = _("“%(field)s” is chosen for two columns. Choose one and leave the other out.")
            raise DomainError(twice % {"field": COLUMNS_BY_KEY[key].label})
    batch.mapping = mapping
    _queue_check(batch)


@transaction.atomic
def import_answer(*, batch: RecipientImport, cells: dict[str, dict[str, str]], decisions: dict[str, str]) -> None:
    """Save corrections and decisions for single rows and make the plan again. Raises Conflict."""
    batch = _locked(batch, State.CHECKED)
    answers = Answers.from_json(batch.answers)
    for number, typed in cells.items():
        known = {key: value[:10_000].replace("\x00", "") for key, value in typed.items() if key in COLUMNS_BY_KEY}
        answers.cells.setdefault(number, {}).update(known)
    _decide(answers, decisions)
    batch.answers = answers.to_json()
    _queue_check(batch)


@transaction.atomic
def import_answer_all(*, batch: RecipientImport, kind: str, act: str) -> int:
    """One decision for every row of a kind: "skip", "add" or "merge" (into the first match). Returns how many rows stay
    undecided: a match in another government is never merged. Raises Conflict."""
    batch = _locked(batch, State.CHECKED)
    answers, left = Answers.from_json(batch.answers), 0
    for row in rows_of(batch, kind):
        like = decrypted(row).like if act == "merge" else []
        if all(one["to"] for one in like):
            _decide(answers, {str(row.number): like[0]["to"] if like else act})
        else:
            left += 1
    batch.answers = answers.to_json()
    _queue_check(batch)
    return left


def _decide(answers: Answers, decisions: dict[str, str]) -> None:
    for number, act in decisions.items():
        if act == "open":
            answers.decisions.pop(number, None)
        elif act in ("skip", "add") or act.startswith(("merge:", "row:")):
            answers.decisions[number] = act


@transaction.atomic
def import_accept(*, batch: RecipientImport, actor: User, mark: str) -> RecipientImport:
    """Accept the plan that the page showed and write it, once. Raises NotAcceptable, Conflict."""
    batch = _locked(batch, State.CHECKED, State.WRITING, State.DONE)
    if batch.state != State.CHECKED:
        return batch  # idempotent
    if mark != batch.plan_mark:
        raise Conflict(_("The rows have been checked again since. Check the numbers, then import."))
    if batch.counts.get(Kind.REFUSED):
        raise NotAcceptable(_("Some rows are still refused. Correct them or leave them out, then import."))
    if not any(batch.counts.get(kind) for kind in WRITING):
        raise NotAcceptable(_("There is nothing to import: no row changes anything."))
    batch.accepted_by = actor
    _queue(batch, State.WRITING)
    return batch


@transaction.atomic
def import_discard(*, batch: RecipientImport) -> None:
    """Delete file and plan. Raises Conflict."""
    batch = _locked(batch, State.COLUMNS, State.CHECKING, State.CHECKED)
    end(batch, State.DISCARDED)


def imports_advance() -> None:
    """Run due jobs, and discard imports that nobody came back to."""
    for batch_id in unfinished():
        import_advance(batch_id=batch_id)
    old = RecipientImport.objects.defer("content", "answers").filter(
        state__in=FORGOTTEN, updated_at__lt=timezone.now() - RETENTION
    )
    with retention_job("recipient_tables") as job:
        for batch in old:
            with suppress(Conflict), transaction.atomic():
                import_discard(batch=batch)
                job.deleted(1, campaign_id=batch.campaign_id)


def _locked(batch: RecipientImport, *states: str) -> RecipientImport:
    rows = RecipientImport.objects.select_for_update(of=("self",), skip_locked=True).select_related("campaign")
    found = rows.defer("content").filter(pk=batch.pk).first()  # saving does not write it then
    if found is None:
        raise Conflict(_("This import is in progress. Load the page again in a moment."))
    if found.state not in states:
        raise Conflict(_("This import is at another step now. Load the page again."))
    return found


def _queue_check(batch: RecipientImport) -> None:
    batch.notice = ""
    _queue(batch, State.CHECKING)


def _queue(batch: RecipientImport, state: str) -> None:
    """Mark the job as due in the row; a small one runs now."""
    batch.state, batch.attempts = state, 0
    batch.save()
    report_progress(batch, 0)
    if batch.total <= AT_ONCE:
        import_advance(batch_id=batch.pk)
    else:
        wake("imports")
