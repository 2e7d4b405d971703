"""Updating one campaign: sources, points, asks, audiences, glossary, timeline, templates."""

from apps.campaigns.models import Campaign
from apps.letters.models import LetterTemplate
from apps.talkingpoints.models import TalkingPoint
from apps.talkingpoints.services.source_corrections import CITED, facts_mark
from apps.talkingpoints.services.translations import translation_load

from ...faults import Faults
from ...file_types import FILE_TYPES, POINTS, SOURCES, Values, points, templates
from ...folder_reader import CampaignFiles
from ...letter_markup.writer import written_letter
from ...schema import Entry
from ..field_change import FieldChange
from ..load_result import Changes
from .facts import facts_sync
from .rows import Rows, edited_here, row_change, row_differences, rows_sync


def content_sync(*, campaign: Campaign, files: CampaignFiles, faults: Faults) -> list[Changes]:
    def labelled(entry: Entry) -> Values:
        """Each point stores the labels of its topics and actors."""
        slugs = [*entry.get("topics", []), *entry.get("actors_affected", [])]
        own = {slug: files.labels[slug] for slug in slugs if files.labels.get(slug, slug) != slug}
        return {"extra": POINTS.values(entry)["extra"] | ({"labels": own} if own else {})}

    done = []
    for file_type in FILE_TYPES:
        entries = files.rows[file_type]
        if entries is None or not hasattr(file_type.model, "campaign"):
            continue
        changes, rows = rows_sync(
            file_type=file_type,
            campaign=campaign,
            entries=entries,
            report=faults.report(file_type.file),
            more_values=labelled if file_type is POINTS else None,
        )
        done.append(changes)
        if file_type is SOURCES:
            _mark_facts(rows, changes)
        if file_type is POINTS:
            _update_labels(campaign, files.labels)
            translations_sync(rows=rows, entries=entries, changes=changes)
            done.append(facts_sync(campaign=campaign, facts=files.facts))
    if files.templates is not None:
        done.append(templates_sync(campaign=campaign, found=files.templates))
    return done


def _mark_facts(rows: Rows, changes: Changes) -> None:
    """A corrected source marks its facts and the drafts that cite them."""
    columns = {name: column for column, name in SOURCES.columns.items()}
    for key, fields in changes.changed.items():
        named = [(columns.get(change.name, change.name), change.old, change.new) for change in fields]
        if was := [entry for entry in named if entry[0] in CITED]:
            facts_mark(source=rows[key], was=was, actor=None)


def _update_labels(campaign: Campaign, labels: dict[str, str]) -> None:
    """Points written in the product use the same labels."""
    for point in TalkingPoint.objects.filter(campaign=campaign, edited_at__isnull=False):
        own = point.extra.get("labels", {})
        named = {slug: labels.get(slug, own.get(slug, slug)) for slug in (*point.topics, *point.actors)}
        wanted = {slug: label for slug, label in named.items() if label != slug}
        if wanted or own:
            row_change(point, {"extra": point.extra | {"labels": wanted}})


def translations_sync(*, rows: Rows, entries: list[Entry], changes: Changes) -> None:
    """As drafts; what somebody wrote or reviewed in the product stays."""
    for entry in entries:
        key = entry["number"]
        loaded = [
            FieldChange(points.translated_name(language, name), before, words[name])
            for language, words in points.translations(entry).items()
            for name, before in translation_load(point=rows[key], language=language, words=words).items()
        ]
        if loaded and str(key) not in changes.created:
            changes.changed.setdefault(str(key), []).extend(loaded)


def templates_sync(*, campaign: Campaign, found: list[templates.Template]) -> Changes:
    """Letters that began from a template keep their own text; a template that was edited in the product stays."""
    rows = LetterTemplate.objects.select_for_update(no_key=True).filter(campaign=campaign)
    stored = {f"{row.key}.{row.language}": row for row in rows}
    changes = Changes("letter templates", f"{templates.FOLDER}/")
    for template in found:
        row = stored.pop(template.name, None)
        if row is None:
            LetterTemplate.objects.create(campaign=campaign, **template.values())
            changes.created.append(template.name)
        elif names := edited_here(row, row_differences(row, template.values(), templates.TEMPLATE.columns)):
            changes.corrected[template.name] = ["text" if name == "body" else name for name in names]
        elif fields := row_change(row, template.values(), templates.TEMPLATE.columns):
            changes.changed[template.name] = [_in_markup(change) for change in fields]
    changes.gone = sorted(stored)
    return changes


def _in_markup(change: FieldChange) -> FieldChange:
    if change.name != "body":
        return change
    return FieldChange("text", written_letter(change.old), written_letter(change.new))
