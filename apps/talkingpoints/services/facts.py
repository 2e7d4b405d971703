"""Correcting, retiring and restoring facts. What a fact said before is kept; frozen letters keep it anyway."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.edits import changed_fields
from apps.core.errors import Conflict, DomainError
from apps.core.types import JsonObject
from apps.sources.models import Source
from apps.sources.services import source_save

from ..models import Fact, FactRevision
from ..snapshots import fact_contents, fact_seen
from .fact_checks import check_fact, check_once
from .numbering import hold_campaign, next_place


@transaction.atomic
def fact_correct(
    *,
    fact: Fact,
    actor: User,
    seen: str,
    reason: str,
    further_sources: Iterable[Source] | None = None,
    new_source: JsonObject | None = None,
    **values: Any,
) -> Fact:
    """Give a fact other contents: statement, kind, figures, applies_to, point, source, locator, verification, caution;
    and its further sources, where they are given.

    `seen` is `fact_seen` of what the person read. What is in `Fact.SUBSTANCE` makes a new revision: drafts that cite
    the fact show it as changed. `new_source` has what `source_save` takes: it is made with the correction, or not at
    all. A fact that moves to another point takes the last place there. Raises fact_changed, fact_retired,
    reason_missing, and the errors of `fact_checks`.
    """
    hold_campaign(fact.campaign_id)
    row = _locked(fact, seen)
    if row.retired_at:
        raise Conflict(_("This fact is retired. Restore it first, then correct it."), code="fact_retired")
    _check_reason(reason)
    if new_source is not None:
        values["source"] = source_save(campaign=row.campaign, actor=actor, **new_source)
    held = list(row.additional_sources.all())
    further = held if further_sources is None else list(further_sources)
    changed = changed_fields(row, values)
    for name in changed:
        setattr(row, name, values[name])
    if {source.pk for source in further} != {source.pk for source in held}:
        changed.append("additional_sources")
    if not changed:
        raise DomainError(_("Nothing differs from what is stored. Change what is wrong, then save."))
    check_fact(row, further)
    if "statement" in changed:
        check_once(row)
    fact_remember(fact=row, act=FactRevision.Act.CORRECT, reason=reason, actor=actor)
    if "point" in changed:
        row.position = next_place(row.campaign_id, row.point)
    if "additional_sources" in changed:
        row.additional_sources.set(further)
    if not set(changed).isdisjoint(Fact.SUBSTANCE):
        row.revision += 1
    return _finish(row, "fact.correct", actor, fields=sorted(changed))


@transaction.atomic
def fact_retire(*, fact: Fact, actor: User, seen: str, reason: str) -> Fact:
    """Take a fact out of use: no letter can be frozen with it any more. Raises fact_changed, fact_retired,
    reason_missing."""
    row = _locked(fact, seen)
    if row.retired_at:
        raise Conflict(_("This fact is retired already."), code="fact_retired")
    _check_reason(reason)
    fact_remember(fact=row, act=FactRevision.Act.RETIRE, reason=reason, actor=actor)
    row.retired_at = timezone.now()
    return _finish(row, "fact.retire", actor)


@transaction.atomic
def fact_restore(*, fact: Fact, actor: User, seen: str, reason: str) -> Fact:
    """Put a retired fact back into use. Raises fact_changed, fact_retired, reason_missing."""
    row = _locked(fact, seen)
    if not row.retired_at:
        raise Conflict(_("This fact is in use. There is nothing to restore."), code="fact_retired")
    _check_reason(reason)
    fact_remember(fact=row, act=FactRevision.Act.RESTORE, reason=reason, actor=actor)
    row.retired_at = None
    return _finish(row, "fact.restore", actor)


def fact_remember(
    *, fact: Fact, act: FactRevision.Act, reason: str, actor: User | None, **further: Any
) -> FactRevision:
    """Keep what the fact says now, and `further` words about it, before it changes; in the caller's transaction."""
    stored = Fact.objects.select_related("source", "point").get(pk=fact.pk)
    return FactRevision.objects.create(
        fact=stored,
        revision=stored.revision,
        said=fact_contents(stored) | further,
        act=act,
        reason=reason.strip(),
        made_by=actor,
    )


def _locked(fact: Fact, seen: str) -> Fact:
    row = Fact.objects.select_for_update(of=("self",)).select_related("source", "point", "campaign").get(pk=fact.pk)
    if seen != fact_seen(row):
        raise Conflict(
            _("Somebody changed this fact while you had it open. Read what it says now, then decide again."),
            code="fact_changed",
        )
    return row


def _finish(row: Fact, verb: str, actor: User, **data: Any) -> Fact:
    row.edited_at = timezone.now()
    row.save()
    audit_record(verb=verb, subject=row, actor=actor, revision=row.revision, **data)
    return row


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise DomainError(_("Say why. Whoever cites this fact reads it."), field="reason", code="reason_missing")
