"""Add, correct, retire and restore facts, and correct their sources. Each change keeps what a fact said before."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError
from apps.core.optimistic_locking import apply_changes, fingerprint
from apps.core.text import unique_key
from apps.core.types import JsonObject
from apps.sources.models import Source
from apps.sources.services import source_save

from ..models import Fact, FactRevision, TalkingPoint
from .fact_validation import check_fact, check_once


def fact_contents(fact: Fact) -> JsonObject:
    """What a correction may change, and whether the fact is retired. Sources by key, the point by number."""
    return {
        "point": fact.point.number if fact.point else None,
        "statement": fact.statement,
        "kind": fact.kind,
        "figures": fact.figures,
        "applies_to": fact.applies_to,
        "source": fact.source.key,
        "further_sources": sorted(source.key for source in fact.additional_sources.all()),
        "locator": fact.locator,
        "verification": fact.verification,
        "caution": fact.caution,
        "retired": fact.retired_at is not None,
    }


def fact_fingerprint(fact: Fact) -> str:
    return contents_fingerprint(fact.revision, fact_contents(fact))


def contents_fingerprint(revision: int, contents: JsonObject) -> str:
    return fingerprint([revision, contents])


@transaction.atomic
def fact_add(
    *,
    campaign: Campaign,
    actor: User,
    point: TalkingPoint | None,
    source: Source | None,
    further_sources: Iterable[Source] = (),
    new_source: JsonObject | None = None,
    **values: object,
) -> Fact:
    """A new fact, the last under the point (None: in the context), with a key that never changes. `values`: statement,
    kind, figures, applies_to, locator, verification, caution; `new_source`: the arguments of `source_save`."""
    Campaign.objects.locked(campaign.pk)  # positions and keys are given out one by one
    further, source = list(further_sources), _source(campaign, actor, source, new_source)
    fact = Fact(campaign=campaign, point=point, source=source, edited_at=timezone.now(), **values)
    check_fact(fact, further)
    check_once(fact)
    # not named by the point's number: facts move, and the campaign's files number theirs
    stem = f"fact-{slugify(fact.statement)[:30].strip('-_') or 'new'}"
    fact.key = unique_key(stem, set(campaign.facts.filter(key__startswith=stem).values_list("key", flat=True)))
    fact.position = _next_position(campaign.pk, point)
    fact.save()
    fact.additional_sources.set(further)
    number = point.number if point else None
    new = new_source is not None
    audit_record(verb="fact.add", subject=fact, actor=actor, point=number, source=source.key, with_new_source=new)
    return fact


@transaction.atomic
def fact_correct(
    *,
    fact: Fact,
    actor: User,
    seen: str,
    reason: str,
    source: Source | None = None,
    further_sources: Iterable[Source] | None = None,
    new_source: JsonObject | None = None,
    **values: object,
) -> Fact:
    """Change some of what `fact_add` takes. A change of `Fact.SUBSTANCE` makes a new revision, which drafts show. A
    fact that moves to another point becomes its last. `seen`: the `fact_fingerprint` of what the person read."""
    Campaign.objects.locked(fact.campaign_id)
    row = _locked(fact, seen)
    if row.retired_at:
        raise Conflict(_("This fact is retired. Restore it first, then correct it."))
    _check_reason(reason)
    values["source"] = _source(row.campaign, actor, source or row.source, new_source)
    present = set(row.additional_sources.all())
    further = present if further_sources is None else set(further_sources)
    changed = apply_changes(row, values)
    if further != present:
        changed.append("additional_sources")
    if not changed:
        raise DomainError(_("You have not changed anything. Change what is wrong, then save."))
    check_fact(row, further)
    if "statement" in changed:
        check_once(row)
    fact_remember(fact=row, act=FactRevision.Act.CORRECT, reason=reason, actor=actor)
    if "point" in changed:
        row.position = _next_position(row.campaign_id, row.point)
    if "additional_sources" in changed:
        row.additional_sources.set(further)
    if not set(changed).isdisjoint(Fact.SUBSTANCE):
        row.revision += 1
    return _finish(row, "fact.correct", actor, fields=sorted(changed))


@transaction.atomic
def fact_retire(*, fact: Fact, actor: User, seen: str, reason: str) -> Fact:
    """Take a fact out of use: letters can no longer be frozen with it."""
    row = _locked(fact, seen)
    if row.retired_at:
        raise Conflict(_("This fact is retired already."))
    _check_reason(reason)
    fact_remember(fact=row, act=FactRevision.Act.RETIRE, reason=reason, actor=actor)
    row.retired_at = timezone.now()
    return _finish(row, "fact.retire", actor)


@transaction.atomic
def fact_restore(*, fact: Fact, actor: User, seen: str, reason: str) -> Fact:
    """Put a retired fact back into use, unless another says the same by now."""
    row = _locked(fact, seen)
    if not row.retired_at:
        raise Conflict(_("This fact is in use. There is nothing to restore."))
    _check_reason(reason)
    check_once(row)
    fact_remember(fact=row, act=FactRevision.Act.RESTORE, reason=reason, actor=actor)
    row.retired_at = None
    return _finish(row, "fact.restore", actor)


def fact_remember(
    *, fact: Fact, act: FactRevision.Act, reason: str, actor: User | None, **further: object
) -> FactRevision:
    """Keep the stored contents of a fact, and `further` data, before it changes; in the caller's transaction."""
    stored = Fact.objects.select_related("source", "point").get(pk=fact.pk)
    return FactRevision.objects.create(
        fact=stored,
        revision=stored.revision,
        said=fact_contents(stored) | further,
        act=act,
        reason=reason.strip(),
        made_by=actor,
    )


def _source(campaign: Campaign, actor: User, chosen: Source | None, described: JsonObject | None) -> Source:
    """The source chosen, or a new one as described for `source_save`."""
    if described is not None:
        return source_save(campaign=campaign, actor=actor, **described)
    if chosen is None:
        raise DomainError(_("Choose the source, or describe a new one: every statement has one."), field="source")
    return chosen


def _next_position(campaign_id: int, point: TalkingPoint | None) -> int:
    """Retired facts count: their numbers may be quoted somewhere."""
    last = Fact.objects.filter(campaign=campaign_id, point=point).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def _locked(fact: Fact, seen: str) -> Fact:
    row = Fact.objects.select_for_update(of=("self",)).select_related("source", "point", "campaign").get(pk=fact.pk)
    if seen != fact_fingerprint(row):
        raise Conflict(_("Somebody changed this fact while you had it open. Read what it says now, then decide again."))
    return row


def _finish(row: Fact, verb: str, actor: User, **data: Any) -> Fact:
    row.edited_at = timezone.now()
    row.save()
    audit_record(verb=verb, subject=row, actor=actor, revision=row.revision, **data)
    return row


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise DomainError(_("Say why. People who cite this fact read it."), field="reason")
