"""Writing a campaign's own rows: sources, points with facts, asks, audiences, glossary, timeline, templates."""

from typing import Any

from apps.campaigns.models import Campaign
from apps.letters.models import LetterTemplate
from apps.talkingpoints.models import TalkingPoint
from apps.talkingpoints.services import CITED, facts_mark, translation_load

from ...file_types import FILE_TYPES, points, templates
from ...file_types import sources as source_files
from ...folder_reader import CampaignFiles
from ...letter_markup.writer import written_letter
from ...problems import Problems
from ...schema import Entry
from ..field_diffs import FieldChange
from ..load_report import Changes
from .facts import facts_sync
from .rows import row_change, rows_sync


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
