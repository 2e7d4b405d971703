"""Correcting, retiring and restoring facts. What a fact said before is kept; frozen letters keep it anyway."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.errors import Conflict, DomainError
from apps.core.services import audit_record
from apps.sources.models import Source

from ..contents import fact_contents, fact_seen
from ..models import Fact, FactRevision


class FactChanged(Conflict):
    """The fact is no longer what the person saw."""


class FactRetired(Conflict):
    """A retired fact has to be restored before it is corrected; what is in force cannot be restored."""


class ReasonMissing(DomainError):
    """Nobody would know later why the fact changed."""


class FigureWithoutUnit(DomainError):
    """A number that says nothing."""


class CautionWithoutWords(DomainError):
    """A fact is under caution, and nobody says why."""


class NotThisCampaign(DomainError):
    """The source belongs to another campaign."""


class NothingToCorrect(DomainError):
    """What was given is what is there."""


@transaction.atomic
def fact_correct(*, fact: Fact, actor: User, seen: str, reason: str, **values: Any) -> Fact:
    """Give a fact other contents: statement, kind, figures, applies_to, source, locator, verification, caution.

    `seen` is `fact_seen` of what the person read. Another statement, figure or source is a new revision: drafts that
    cite the fact show it as changed. Raises FactChanged, FactRetired, ReasonMissing, FigureWithoutUnit,
    CautionWithoutWords, NotThisCampaign, NothingToCorrect.
    """
    row = _locked(fact, seen)
    if row.retired_at:
        raise FactRetired(_("This fact is retired. Restore it first, then correct it."))
    _check_reason(reason)
    _check(row, values)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        raise NothingToCorrect(_("Nothing differs from what is stored. Change what is wrong, then save."))
    fact_remember(fact=row, act=FactRevision.Act.CORRECT, reason=reason, actor=actor)
    for name in changed:
        setattr(row, name, values[name])
    if not set(changed).isdisjoint(Fact.SUBSTANCE):
        row.revision += 1
    return _finish(row, "fact.correct", actor, fields=sorted(changed))


@transaction.atomic
def fact_retire(*, fact: Fact, actor: User, seen: str, reason: str) -> Fact:
    """Take a fact out of use: no letter can be frozen with it any more. Raises FactChanged, FactRetired,
    ReasonMissing."""
    row = _locked(fact, seen)
    if row.retired_at:
        raise FactRetired(_("This fact is retired already."))
    _check_reason(reason)
    fact_remember(fact=row, act=FactRevision.Act.RETIRE, reason=reason, actor=actor)
    row.retired_at = timezone.now()
    return _finish(row, "fact.retire", actor)


@transaction.atomic
def fact_restore(*, fact: Fact, actor: User, seen: str, reason: str) -> Fact:
    """Put a retired fact back into use. Raises FactChanged, FactRetired, ReasonMissing."""
    row = _locked(fact, seen)
    if not row.retired_at:
        raise FactRetired(_("This fact is in use. There is nothing to restore."))
    _check_reason(reason)
    fact_remember(fact=row, act=FactRevision.Act.RESTORE, reason=reason, actor=actor)
    row.retired_at = None
    return _finish(row, "fact.restore", actor)


def fact_remember(*, fact: Fact, act: FactRevision.Act, reason: str, actor: User | None) -> FactRevision:
    """Keep what the fact says now, before it changes; in the caller's transaction."""
    stored = Fact.objects.select_related("source").get(pk=fact.pk)
    return FactRevision.objects.create(
        fact=stored,
        revision=stored.revision,
        said=fact_contents(stored),
        act=act,
        reason=reason.strip(),
        made_by=actor,
    )


def _locked(fact: Fact, seen: str) -> Fact:
    row = Fact.objects.select_for_update(of=("self",)).select_related("source", "point").get(pk=fact.pk)
    if seen != fact_seen(row):
        raise FactChanged(
            _("Somebody changed this fact while you had it open. Read what it says now, then decide again.")
        )
    return row


def _finish(row: Fact, verb: str, actor: User, **data: Any) -> Fact:
    row.edited_at = timezone.now()
    row.save()
    audit_record(verb=verb, subject=row, actor=actor, revision=row.revision, **data)
    return row


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing(_("Say why. Whoever cites this fact reads it."), field="reason")


def _check(row: Fact, values: dict[str, Any]) -> None:
    for figure in values.get("figures", row.figures):
        if not figure.get("unit"):
            shown = {"value": figure.get("value", figure.get("as_stated", ""))}
            raise FigureWithoutUnit(
                _("The figure %(value)s has no unit. Say of what: percent of jobs, USD, people.") % shown,
                field="figures",
            )
    caution = values.get("caution", row.caution)
    if values.get("verification", row.verification) == Fact.Verification.CAUTION and not caution.strip():
        raise CautionWithoutWords(
            _("Say what is doubtful: whoever picks this fact reads it under the statement."), field="caution"
        )
    source: Source = values.get("source", row.source)
    if source.campaign_id != row.campaign_id:
        raise NotThisCampaign(_("This source belongs to another campaign. Choose one of this."), field="source")
