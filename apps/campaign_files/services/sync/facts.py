"""Bringing facts in step with points.yaml: created, changed, retired, and put in order under their points."""

from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.sources.models import Source
from apps.talkingpoints.models import Fact, FactRevision, TalkingPoint
from apps.talkingpoints.services import fact_remember

from ...file_types import points
from ...file_types.points import FACT_COLUMNS, fact_values
from ...folder_reader import FactRow
from ...schema import Entry
from ..field_diffs import FieldChange
from ..load_report import Changes
from .rows import changed_fields, places, row_change

#: the position of a fact is not part of its content
PLACE = {"point", "position"}


def facts_sync(*, campaign: Campaign, facts: list[FactRow]) -> Changes:
    """Facts by key. Those that left the files are retired, as are those of which the files say so; those that came back
    are in force again."""
    rows = Fact.objects.filter(campaign=campaign).select_related("source", "point")
    stored = {fact.key: fact for fact in rows.prefetch_related("additional_sources")}
    sources = {source.key: source for source in Source.objects.filter(campaign=campaign)}
    by_number = {point.number: point for point in TalkingPoint.objects.filter(campaign=campaign)}
    changes = Changes("facts", points.FILE_TYPE.file)
    for row, position in zip(facts, _fact_places(facts, stored), strict=True):
        entry, key = row.entry, row.entry["id"]
        values = {
            **fact_values(entry, position),
            "source": sources[entry["source_id"]],
            "point": by_number[row.point] if row.point is not None else None,
            "retired_at": _retired_at(entry, stored.get(key)),
        }
        further = [sources[name] for name in entry.get("additional_source_ids", [])]
        fact = stored.get(key)
        if fact is None:
            _fact_made(entry, further, campaign=campaign, key=key, **values)
            changes.created.append(key)
            fields = []
        elif differing := _corrected_here(fact, values, further):
            changes.corrected[key] = sorted(differing)
            fields = row_change(fact, {"position": position})
        else:
            fields = _fact_change(fact, values, further, entry)
        if fields:
            changes.changed[key] = fields
    for key in stored.keys() - {row.entry["id"] for row in facts}:
        _fact_left(stored[key], changes)
    changes.retired.sort()
    _make_room(campaign, facts, changes)
    return changes


def _retired_at(entry: Entry, stored: Fact | None) -> datetime | None:
    """The file knows no time: what is retired here already stays so from its own day, with the reason given here."""
    if "retired" not in entry:
        return None
    return (stored.retired_at if stored else None) or timezone.now()


def _fact_made(entry: Entry, further: list[Source], *, retired_at: datetime | None, **values: Any) -> None:
    fact = Fact.objects.create(**values)
    fact.additional_sources.set(further)
    if retired_at:
        fact_remember(fact=fact, act=FactRevision.Act.RETIRE, reason=entry["retired"], actor=None)
        row_change(fact, {"retired_at": retired_at})


def _fact_left(fact: Fact, changes: Changes) -> None:
    """A fact that is in no file: retired, unless somebody wrote or corrected it in the product."""
    if fact.retired_at is not None:
        return
    if fact.edited_at is not None:
        changes.corrected[fact.key] = ["retired_at"]
        return
    fact_remember(fact=fact, act=FactRevision.Act.RETIRE, reason=_("It left the campaign’s files."), actor=None)
    row_change(fact, {"retired_at": timezone.now()})
    changes.retired.append(fact.key)


def _fact_places(facts: list[FactRow], stored: dict[str, Fact]) -> list[int]:
    """The place of each fact under its point, in the order given. What was moved elsewhere in the product keeps the
    place that it has there."""
    found: list[int] = []
    for point, rows in groupby(facts, key=lambda row: row.point):
        known = [stored.get(row.entry["id"]) for row in rows]
        here = [fact if fact and _under(fact) == point else None for fact in known if not _moved(fact, point)]
        free = iter(places(here))
        found += [fact.position if fact and _moved(fact, point) else next(free) for fact in known]
    return found


def _under(fact: Fact) -> int | None:
    return fact.point.number if fact.point else None


def _moved(fact: Fact | None, point: int | None) -> bool:
    return fact is not None and fact.edited_at is not None and _under(fact) != point


def _make_room(campaign: Campaign, facts: list[FactRow], changes: Changes) -> None:
    """Facts added or moved in the product come after those that the files position."""
    named = {row.entry["id"]: row.point for row in facts}
    rows = list(Fact.objects.filter(campaign=campaign).select_related("point").order_by("position", "pk"))
    places_of: dict[int | None, set[int]] = {}
    ours = []
    for fact in rows:
        if fact.key in named and named[fact.key] == _under(fact):
            places_of.setdefault(_under(fact), set()).add(fact.position)
        elif fact.retired_at is None:
            ours.append(fact)
    last: dict[int | None, int] = {}
    for fact in rows:
        last[_under(fact)] = max(last.get(_under(fact), 0), fact.position)
    for fact in ours:
        taken = places_of.setdefault(_under(fact), set())
        if fact.position in taken:
            last[_under(fact)] += 1
            changes.changed.setdefault(fact.key, []).extend(row_change(fact, {"position": last[_under(fact)]}))
        taken.add(fact.position)


def _corrected_here(fact: Fact, values: dict[str, Any], further: list[Source]) -> list[str]:
    """As `corrected_here`, with further sources, and whatever the fact's position."""
    if fact.edited_at is None:
        return []
    names = changed_fields(fact, {name: values[name] for name in values if name != "position"})
    if _further_change(fact, further):
        names.append("additional_source_ids")
    if not names:
        row_change(fact, {"edited_at": None})
    return names


def _fact_change(fact: Fact, values: dict[str, Any], further: list[Source], entry: Entry) -> list[FieldChange]:
    changed = set(changed_fields(fact, values))
    of_sources = _further_change(fact, further)
    if of_sources:
        changed.add("additional_sources")
    if changed - PLACE:
        act, reason = FactRevision.Act.LOAD, _("The campaign’s files say otherwise now.")
        if values["retired_at"] and not fact.retired_at:
            act, reason = FactRevision.Act.RETIRE, entry["retired"]
        fact_remember(fact=fact, act=act, reason=reason, actor=None)
    if of_sources:
        fact.additional_sources.set(further)
    if not changed.isdisjoint(Fact.SUBSTANCE):
        fact.revision += 1
    fields = row_change(fact, values, {**FACT_COLUMNS, "source": "source_id"})
    if of_sources and not fields:
        fact.save()
    return fields + of_sources


def _further_change(fact: Fact, wanted: list[Source]) -> list[FieldChange]:
    held = list(fact.additional_sources.all())
    if {source.pk for source in wanted} == {source.pk for source in held}:
        return []
    return [FieldChange("additional_source_ids", [source.key for source in held], [source.key for source in wanted])]
