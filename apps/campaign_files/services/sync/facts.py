"""Updating facts."""

from datetime import datetime
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.sources.models import Source
from apps.talkingpoints.models import Fact, FactRevision, TalkingPoint
from apps.talkingpoints.services.facts import fact_remember

from ...file_types import POINTS, Values
from ...file_types.points import FACT
from ...folder_reader import FactRow
from ...schema import Entry
from ..field_change import FieldChange
from ..load_result import Changes
from .rows import edited_here, positions_for, row_change, row_differences

#: not part of its content
LOCATION = {"point", "position"}


def facts_sync(*, campaign: Campaign, facts: list[FactRow]) -> Changes:
    """Facts that left the files are retired; those that came back are in use again."""
    rows = Fact.objects.filter(campaign=campaign).select_related("source", "point")
    locked = rows.select_for_update(no_key=True, of=("self",)).prefetch_related("additional_sources")
    stored = {fact.key: fact for fact in locked}
    sources = {source.key: source for source in Source.objects.filter(campaign=campaign)}
    by_number = {point.number: point for point in TalkingPoint.objects.filter(campaign=campaign)}
    changes = Changes("facts", POINTS.file)
    for row, position in zip(facts, _positions(facts, stored), strict=True):
        entry, key = row.entry, row.entry["id"]
        values = {
            **FACT.values(entry),
            "position": position,
            "source": sources[entry["source_id"]],
            "point": by_number[row.point] if row.point is not None else None,
            "retired_at": _retired_at(entry, stored.get(key)),
        }
        further = [sources[name] for name in entry.get("additional_source_ids", [])]
        if key in stored:
            _update(stored[key], values, further, entry, changes)
        else:
            _create(entry, further, {**values, "campaign": campaign})
            changes.created.append(key)
    for key in sorted(stored.keys() - {row.entry["id"] for row in facts}):
        _retire_missing(stored[key], changes)
    _separate_positions(campaign, facts, changes)
    return changes


def _update(fact: Fact, values: Values, further: list[Source], entry: Entry, changes: Changes) -> None:
    content = {name: value for name, value in values.items() if name != "position"}
    if names := edited_here(fact, row_differences(fact, content) + _further_change(fact, further)):
        changes.corrected[fact.key] = sorted(names)
        changes.change(fact.key, row_change(fact, {"position": values["position"]}))
    else:
        changes.change(fact.key, _change(fact, values, further, entry))


def _retired_at(entry: Entry, stored: Fact | None) -> datetime | None:
    """Keeps the time of a fact that is retired already."""
    if "retired" not in entry:
        return None
    return (stored.retired_at if stored else None) or timezone.now()


def _create(entry: Entry, further: list[Source], values: Values) -> None:
    retired_at = values.pop("retired_at")
    fact = Fact.objects.create(**values)
    fact.additional_sources.set(further)
    if retired_at:
        fact_remember(fact=fact, act=FactRevision.Act.RETIRE, reason=entry["retired"], actor=None)
        row_change(fact, {"retired_at": retired_at})


def _retire_missing(fact: Fact, changes: Changes) -> None:
    """Unless somebody wrote or corrected it in the product."""
    if fact.retired_at is not None:
        return
    if fact.edited_at is not None:
        changes.corrected[fact.key] = ["retired_at"]
        return
    fact_remember(fact=fact, act=FactRevision.Act.RETIRE, reason=_("Removed from the campaign’s files."), actor=None)
    row_change(fact, {"retired_at": timezone.now()})
    changes.retired.append(fact.key)


def _point_number(fact: Fact) -> int | None:
    return fact.point.number if fact.point else None


def _positions(facts: list[FactRow], stored: dict[str, Fact]) -> list[int]:
    """Positions under each point. A fact moved to another point in the product keeps its own."""
    found: list[int] = []
    for point, rows in groupby(facts, key=lambda row: row.point):
        known = [stored.get(row.entry["id"]) for row in rows]
        moved = [bool(fact and fact.edited_at and _point_number(fact) != point) for fact in known]
        here = [
            fact if fact and _point_number(fact) == point else None
            for fact, away in zip(known, moved, strict=True)
            if not away
        ]
        free = iter(positions_for(here))
        found += [fact.position if fact and away else next(free) for fact, away in zip(known, moved, strict=True)]
    return found


def _separate_positions(campaign: Campaign, facts: list[FactRow], changes: Changes) -> None:
    """Facts added or moved in the product come after those of the files."""
    named = {row.entry["id"]: row.point for row in facts}
    taken: dict[int | None, set[int]] = {}
    last: dict[int | None, int] = {}
    ours = []
    for fact in Fact.objects.filter(campaign=campaign).select_related("point").order_by("position", "pk"):
        number = _point_number(fact)
        last[number] = fact.position
        if fact.key in named and named[fact.key] == number:
            taken.setdefault(number, set()).add(fact.position)
        elif fact.retired_at is None:
            ours.append(fact)
    for fact in ours:
        number = _point_number(fact)
        if fact.position in taken.setdefault(number, set()):
            last[number] += 1
            changes.changed.setdefault(fact.key, []).extend(row_change(fact, {"position": last[number]}))
        taken[number].add(fact.position)


def _change(fact: Fact, values: Values, further: list[Source], entry: Entry) -> list[FieldChange]:
    changed = {change.name for change in row_differences(fact, values)}
    of_sources = _further_change(fact, further)
    if of_sources:
        changed.add("additional_sources")
    if changed - LOCATION:
        act, reason = FactRevision.Act.LOAD, _("The campaign’s files have changed.")
        if values["retired_at"] and not fact.retired_at:
            act, reason = FactRevision.Act.RETIRE, entry["retired"]
        fact_remember(fact=fact, act=act, reason=reason, actor=None)
    if of_sources:
        fact.additional_sources.set(further)
    if not changed.isdisjoint(Fact.SUBSTANCE):
        fact.revision += 1
    fields = row_change(fact, values, {**FACT.columns, "source": "source_id"})
    if of_sources and not fields:
        fact.save()
    return fields + of_sources


def _further_change(fact: Fact, wanted: list[Source]) -> list[FieldChange]:
    stored = list(fact.additional_sources.all())
    if {source.pk for source in wanted} == {source.pk for source in stored}:
        return []
    return [FieldChange("additional_source_ids", [source.key for source in stored], [source.key for source in wanted])]
