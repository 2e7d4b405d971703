"""Steps of an import: begun, read otherwise, columns said, rows mended, accepted. Each is one transaction.

The plan is made and written by `import_advance`, which a worker calls (small files are done at once). The row's lock
keeps two workers apart; when one is killed the lock is gone, nothing of it was written, and the next tick begins anew.
"""

import json
from contextlib import suppress
from datetime import timedelta
from pathlib import PurePath

import structlog
from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.errors import Conflict, DomainError
from apps.core.services import audit_record
from apps.core.wakeups import wake
from apps.governments.models import Recipient, RecipientImport, RecipientImportRow

from .columns import BY_KEY, NEEDED, guess_mapping
from .reading import read_sheet
from .selectors import Answers, Countries, Kind, Plan, answers_of, known_in, plan_import, rows_of, sheet_of, unfinished
from .selectors.pages import DUE, opened, progress_key
from .sheet import Options
from .writing import plan_write

log = structlog.get_logger(__name__)
State = RecipientImport.State
#: so many rows are planned and written while the person waits
AT_ONCE = 500
#: how often work that breaks off is begun anew before a person is told
MOST_ATTEMPTS = 3
#: a file that nobody accepted is not kept longer
KEPT = timedelta(days=14)


class MissingColumn(DomainError):
    """A field without which no row can be taken has no column."""


class NotAcceptable(DomainError):
    """Rows are still refused, or nothing would be written."""


@transaction.atomic
def import_begin(*, campaign: Campaign, actor: User, file_name: str, content: bytes) -> RecipientImport:
    """Keep the file, encrypted, with a guess of its columns. Raises UnreadableFile, and then keeps nothing."""
    sheet = read_sheet(content)
    return RecipientImport.objects.create(
        campaign=campaign,
        made_by=actor,
        file_name=PurePath(file_name.replace("\\", "/")).name[:200],
        content=content,
        mapping=guess_mapping(sheet, Countries().is_one),
        total=len(sheet.rows),
    )


@transaction.atomic
def import_reread(*, batch: RecipientImport, options: Options) -> RecipientImport:
    """Read the file otherwise; the columns are guessed anew. Raises UnreadableFile, Conflict."""
    batch = _locked(batch, State.COLUMNS, State.CHECKED)
    batch.options = {key: value for key, value in vars(options).items() if value}
    sheet = sheet_of(batch)
    batch.mapping, batch.total = guess_mapping(sheet, Countries().is_one), len(sheet.rows)
    batch.answers, batch.state, batch.notice = "{}", State.COLUMNS, ""
    rows_of(batch).delete()
    batch.save()
    return batch


@transaction.atomic
def import_check(*, batch: RecipientImport, mapping: list[str]) -> None:
    """Say what the columns mean, and have the plan made. Raises MissingColumn, Conflict."""
    batch = _locked(batch, State.COLUMNS, State.CHECKED)
    if len(mapping) != len(batch.mapping) or any(key and key not in BY_KEY for key in mapping):
        raise MissingColumn(_("The columns are not those of this file. Load the page again."))
    for key in NEEDED:
        if key not in mapping:
            raise MissingColumn(
                _(
                    "No column is chosen for “%(field)s”. Without it nobody can be written to: choose its "
                    "column, or add one to the file.")
                % {"field": BY_KEY[key].label}
            )  # fmt: skip
    for key in mapping:
        if key and mapping.count(key) > 1 and not BY_KEY[key].several:
            raise MissingColumn(
                _("“%(field)s” is chosen for two columns. Choose one and leave the other out.")
                % {"field": BY_KEY[key].label}
            )
    batch.mapping = mapping
    _have_checked(batch)


@transaction.atomic
def import_answer(*, batch: RecipientImport, cells: dict[str, dict[str, str]], decisions: dict[str, str]) -> None:
    """What a person typed and decided for single rows; the plan is made anew. Raises Conflict."""
    batch = _locked(batch, State.CHECKED)
    answers = answers_of(batch)
    for number, typed in cells.items():
        known = {key: value[:10_000].replace("\x00", "") for key, value in typed.items() if key in BY_KEY}
        answers.cells.setdefault(number, {}).update(known)
    _decide(answers, decisions)
    batch.answers = answers.text()
    _have_checked(batch)


@transaction.atomic
def import_answer_all(*, batch: RecipientImport, kind: str, act: str) -> None:
    """One decision for every row of a kind: "out", "add" or "merge" (into the first like it). Raises Conflict."""
    batch = _locked(batch, State.CHECKED)
    answers = answers_of(batch)
    for row in rows_of(batch, kind):
        like = opened(row).like
        if act == "merge" and not like:
            continue
        _decide(answers, {str(row.number): f"merge:{like[0]['id']}" if act == "merge" else act})
    batch.answers = answers.text()
    _have_checked(batch)


def _decide(answers: Answers, decisions: dict[str, str]) -> None:
    for number, act in decisions.items():
        if act == "open":
            answers.decisions.pop(number, None)
        elif act in ("out", "add") or act.startswith("merge:"):
            answers.decisions[number] = act


@transaction.atomic
def import_accept(*, batch: RecipientImport, actor: User, mark: str) -> RecipientImport:
    """Accept the plan that was shown, all of it: it is written, once. Raises NotAcceptable, Conflict."""
    batch = _locked(batch, State.CHECKED, State.WRITING, State.DONE)
    if batch.state != State.CHECKED:
        return batch  # accepted already: once is enough
    if mark != batch.plan_mark:
        raise Conflict(_("The plan is another one by now. Look at its numbers, then accept it."))
    if batch.counts.get(Kind.REFUSED):
        raise NotAcceptable(_("Rows are still refused. Mend them or leave them out, then accept."))
    if not batch.counts.get(Kind.ADDED) and not batch.counts.get(Kind.CHANGED):
        raise NotAcceptable(_("There is nothing to write: every row is left as it is."))
    batch.accepted_by = actor
    _have_worked(batch, State.WRITING)
    return batch


@transaction.atomic
def import_discard(*, batch: RecipientImport) -> None:
    """Give the import up: file and plan are erased. Raises Conflict."""
    batch = _locked(batch, State.COLUMNS, State.CHECKING, State.CHECKED)
    _end(batch, State.DISCARDED)


def imports_advance() -> None:
    """Do the work that is due, and erase what nobody came back for."""
    for batch_id in unfinished():
        import_advance(batch_id=batch_id)
    old = RecipientImport.objects.filter(state__in=[State.COLUMNS, State.CHECKED], updated_at__lt=timezone.now() - KEPT)
    for batch in old:
        with suppress(Conflict):
            import_discard(batch=batch)


def import_advance(*, batch_id: int) -> None:
    """Make or write the plan of one import, if that is due and nobody else is at it."""
    if not _attempt(batch_id):
        return
    try:
        with transaction.atomic():
            batch = _due(batch_id)
            if batch is not None:
                work = _write if batch.state == State.WRITING else _check
                work(batch)
    except Exception:
        log.exception("import_broke_off", batch=batch_id)


@transaction.atomic
def _attempt(batch_id: int) -> bool:
    """Count the attempt before it begins, so that work which kills its worker is not begun for ever."""
    batch = _due(batch_id)
    if batch is None:
        return False
    if batch.attempts >= MOST_ATTEMPTS:
        before = State.CHECKED if batch.state == State.WRITING else State.COLUMNS
        RecipientImport.objects.filter(pk=batch_id).update(
            state=before, attempts=0, notice=RecipientImport.Notice.FAILED, updated_at=timezone.now()
        )
        return False
    RecipientImport.objects.filter(pk=batch_id).update(attempts=F("attempts") + 1)
    return True


def _due(batch_id: int) -> RecipientImport | None:
    rows = RecipientImport.objects.select_for_update(of=("self",), skip_locked=True).select_related("campaign")
    return rows.filter(pk=batch_id, state__in=DUE).first()


def _check(batch: RecipientImport) -> None:
    _keep(batch, _plan(batch, steps=1))
    batch.state, batch.attempts = State.CHECKED, 0
    batch.save()


def _plan(batch: RecipientImport, *, steps: int) -> Plan:
    return plan_import(
        campaign=batch.campaign,
        sheet=sheet_of(batch),
        mapping=batch.mapping,
        answers=answers_of(batch),
        known=known_in(batch.campaign),
        today=timezone.localdate() + timedelta(days=1),  # it is tomorrow somewhere
        progress=lambda done: _tell(batch, done // steps),
    )


def _tell(batch: RecipientImport, done: int) -> None:
    """The transaction hides what is under way; how far it is may be known."""
    with suppress(RedisError):
        cache.set(progress_key(batch.pk), done, timeout=600)


def _keep(batch: RecipientImport, plan: Plan) -> None:
    rows_of(batch).delete()
    RecipientImportRow.objects.bulk_create(
        [
            RecipientImportRow(
                batch=batch,
                number=row.number,
                kind=row.kind,
                sealed=json.dumps(
                    {
                        "cells": row.cells,
                        "reasons": row.reasons,
                        "changes": row.changes,
                        "like": row.like,
                        "decided": row.decided,
                    },
                    ensure_ascii=False,
                ),
            )
            for row in plan.rows
        ],
        batch_size=2000,
    )
    batch.counts, batch.plan_mark = plan.counts, plan.mark


def _write(batch: RecipientImport) -> None:
    """Write the accepted plan, if it is still the same. Whoever changes a recipient meanwhile waits or came before."""
    Campaign.objects.select_for_update(no_key=True).get(pk=batch.campaign_id)
    list(Recipient.objects.select_for_update(no_key=True).filter(campaign=batch.campaign).values_list("pk"))
    plan = _plan(batch, steps=2)
    if plan.mark != batch.plan_mark:
        _keep(batch, plan)
        batch.state, batch.attempts, batch.notice = State.CHECKED, 0, RecipientImport.Notice.CHANGED
        batch.save()
        return
    plan_write(plan=plan, campaign=batch.campaign, progress=lambda done: _tell(batch, batch.total // 2 + done // 2))
    written = [
        RecipientImportRow(
            batch=batch,
            number=row.number,
            kind=row.kind,
            recipient=row.recipient,
            fields=sorted({field for field, _old, _new in row.changes}),
        )
        for row in plan.rows
        if row.kind in (Kind.ADDED, Kind.CHANGED)
    ]
    _end(batch, State.DONE)
    RecipientImportRow.objects.bulk_create(written, batch_size=2000)
    audit_record(verb="recipients.import", subject=batch, actor=batch.accepted_by, rows=batch.total, **batch.counts)


def _end(batch: RecipientImport, state: str) -> None:
    rows_of(batch).delete()
    batch.state, batch.content, batch.answers, batch.attempts = state, None, "{}", 0
    batch.ended_at = timezone.now()
    batch.save()


def _locked(batch: RecipientImport, *states: str) -> RecipientImport:
    rows = RecipientImport.objects.select_for_update(of=("self",), skip_locked=True).select_related("campaign")
    found = rows.filter(pk=batch.pk).first()
    if found is None:
        raise Conflict(_("This import is being worked on right now. Load the page again in a moment."))
    if found.state not in states:
        raise Conflict(_("This import is at another step by now. Load the page again."))
    return found


def _have_checked(batch: RecipientImport) -> None:
    batch.notice = ""
    _have_worked(batch, State.CHECKING)


def _have_worked(batch: RecipientImport, state: str) -> None:
    """Leave the work as a row; a small one is done at once."""
    batch.state, batch.attempts = state, 0
    batch.save()
    _tell(batch, 0)
    if batch.total <= AT_ONCE:
        import_advance(batch_id=batch.pk)
    else:
        wake("imports")
