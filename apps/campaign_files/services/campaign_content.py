"""Writing a campaign's own rows: sources, points with facts, asks, audiences, glossary, timeline, templates."""

from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.letters.models import LetterTemplate
from apps.sources.models import Source
from apps.talkingpoints.models import Fact, FactRevision, TalkingPoint
from apps.talkingpoints.services import CITED, fact_remember, facts_mark, translation_load

from ..file_types import FILE_TYPES, points, templates
from ..file_types import sources as source_files
from ..file_types.points import FACT_COLUMNS, fact_values
from ..folder_reader import CampaignFiles, FactRow
from ..notation_writer import written_letter
from ..problems import Problems
from ..schema import Entry
from .field_changes import FieldChange
from .load_report import Changes
from .sync_rows import changed_fields, places, row_change, rows_sync

#: the position of a fact is not part of its content
PLACE = {"point", "position"}


def evidence_sync(*, campaign: Campaign, files: CampaignFiles, problems: Problems) -> list[Changes]:
    """Every file_type that belongs to the campaign and whose file is there."""
    done = []
    for file_type in FILE_TYPES:
        entries = files.of(file_type)
        if entries is None or not hasattr(file_type.model, "campaign"):
            continue
        report = problems.report(file_type.file)
        further = _labels_of(files) if file_type is points.FILE_TYPE else None
        changes, rows = rows_sync(
            file_type=file_type, campaign=campaign, entries=entries, report=report, further=further
        )
        done.append(changes)
        if file_type is source_files.FILE_TYPE:
            _mark_facts(rows, changes)
        if file_type is points.FILE_TYPE:
            _labels_follow(campaign, files.words)
            translations_sync(rows=rows, entries=entries, changes=changes)
            done.append(facts_sync(campaign=campaign, facts=files.facts))
    if files.templates is not None:
        done.append(templates_sync(campaign=campaign, found=files.templates))
    return done


def _mark_facts(rows: dict[str, Any], changes: Changes) -> None:
    """A source that the files correct marks the facts on it, and the drafts that cite them, as one corrected here."""
    columns = {name: field for field, name in source_files.FILE_TYPE.columns.items()}
    for key, fields in changes.changed.items():
        named = [(columns.get(change.name, change.name), change.old, change.new) for change in fields]
        was = [entry for entry in named if entry[0] in CITED]
        if was:
            facts_mark(source=rows[key], was=was, actor=None)


def _labels_of(files: CampaignFiles) -> Any:
    """The words for topics and actors go with each point, so that pages need no further list."""

    def labels(entry: Entry) -> dict[str, Any]:
        slugs = [*entry.get("topics", []), *entry.get("actors_affected", [])]
        own = {slug: files.words[slug] for slug in slugs if files.words.get(slug, slug) != slug}
        return {"extra": {**points.point_values(entry, 0)["extra"], **({"labels": own} if own else {})}}

    return labels


def _labels_follow(campaign: Campaign, words: dict[str, str]) -> None:
    """One word for one topic, also at points that were written in the product."""
    for point in TalkingPoint.objects.filter(campaign=campaign, edited_at__isnull=False):
        own = point.extra.get("labels", {})
        named = {slug: words.get(slug, own.get(slug, slug)) for slug in (*point.topics, *point.actors)}
        labels = {slug: word for slug, word in named.items() if word != slug}
        if labels or own:
            row_change(point, {"extra": point.extra | {"labels": labels}})


def translations_sync(*, rows: dict[str, Any], entries: list[Entry], changes: Changes) -> None:
    """Points in other languages, as drafts; what somebody wrote or reviewed in the product stays."""
    for entry in entries:
        key, point = entry["number"], rows[entry["number"]]
        loaded = [
            FieldChange(points.translated_name(language, name), before, words[name])
            for language, words in points.translations(entry).items()
            for name, before in translation_load(point=point, language=language, words=words).items()
        ]
        if loaded and str(key) not in changes.created:
            changes.changed.setdefault(str(key), []).extend(loaded)


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


def templates_sync(*, campaign: Campaign, found: list[templates.Template]) -> Changes:
    """Letter templates by key and language. Letters that began from one keep their own text."""
    rows = LetterTemplate.objects.filter(campaign=campaign)
    stored = {f"{row.key}.{row.language}": row for row in rows}
    changes = Changes("letter templates", f"{templates.FOLDER}/")
    for template in found:
        values = templates.values(template)
        row = stored.pop(template.name, None)
        if row is None:
            entry = template.entry
            LetterTemplate.objects.create(campaign=campaign, key=entry["key"], language=entry["language"], **values)
            changes.created.append(template.name)
        elif fields := row_change(row, values, templates.COLUMNS):
            changes.changed[template.name] = [_in_words(change) for change in fields]
    changes.gone = sorted(stored)
    return changes


def _in_words(change: FieldChange) -> FieldChange:
    """A text in the notation of the template's file, not as the stored document."""
    if change.name != "body":
        return change
    old, new = written_letter(change.old), written_letter(change.new)
    return FieldChange("text", old, new)
