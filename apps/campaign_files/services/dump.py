"""Writing a campaign into a folder that loads again without a change."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.core.errors import DomainError
from apps.letters.models import LetterTemplate

from ..faults import InvalidFiles, shortened
from ..file_types import FILE_TYPES, GROUPS, MEMBERS, POINTS, FileType, groups, members, points, templates
from ..file_types import campaign as campaign_file
from ..formats import Row, table_text, yaml_text
from ..schema import SLUG
from ..selectors import facts_to_write, rows_of, shared_data_dates
from .load import campaign_load, wait_for_turn
from .output_folder import check_folder, replace_folder, temporary_folder

#: {name in the folder: text}
type Files = dict[str, str]


@dataclass
class DumpResult:
    """{file: number of rows}, and the keys of retired facts."""

    campaign: str
    folder: Path
    rows: dict[str, int] = field(default_factory=dict)
    retired: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        found = [f"{file}: {count}" for file, count in self.rows.items()]
        if self.retired:
            found.append(_("retired, kept with the reason: %(facts)s") % {"facts": ", ".join(self.retired)})
        return [*found, _("%(campaign)s is in %(folder)s") % {"campaign": self.campaign, "folder": self.folder}]


def campaign_dump(*, slug: str, folder: Path, force: bool = False) -> DumpResult:
    """Write the campaign's files into the folder, all or nothing; with `force` into one that is not empty. They are
    first loaded as a trial, which finds what files cannot say. Raises DomainError."""
    campaign = Campaign.objects.filter(slug=slug).first()
    if campaign is None:
        raise DomainError(_("Campaign “%(slug)s” does not exist.") % {"slug": slug})
    folder = folder.absolute()
    result = DumpResult(slug, folder)
    with transaction.atomic():
        wait_for_turn()
        files = campaign_files(campaign, result)
        check_folder(folder, files, force=force)
        with temporary_folder(folder) as new:
            for name, text in files.items():
                path = new / name
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="")
            (new / templates.FOLDER).mkdir(exist_ok=True)
            _try(new)
            replace_folder(new, folder)
    return result


def campaign_files(campaign: Campaign, result: DumpResult) -> Files:
    """The same database gives the same texts."""
    files = {campaign_file.FILE: yaml_text(campaign_file.to_file(campaign, _as_of()))}
    for file_type in FILE_TYPES:
        rows = list(rows_of(file_type, campaign))
        result.rows[file_type.file] = len(rows)
        if file_type is MEMBERS:
            files |= _members(rows)
        elif file_type is POINTS:
            files[POINTS.file] = _points(rows, campaign, result)
        else:
            files[file_type.file] = _rows(file_type, rows, campaign.ends_on)
    for template in LetterTemplate.objects.filter(campaign=campaign).order_by("key", "language"):
        name = _template_name(template)
        files[name] = yaml_text(templates.to_file(template))
        result.rows[name] = 1
    return files


def _as_of() -> date | None:
    """The oldest day, so that loading the files again does not make rows look newer."""
    days = shared_data_dates()
    if undated := [name for name, day in days.items() if day is None]:
        raise DomainError(
            _("%(names)s: data_as_of is missing, and the files need it.") % {"names": ", ".join(undated[:20])}
        )
    return min((day for day in days.values() if day), default=None)


def _rows(file_type: FileType, rows: list[Any], day: date) -> str:
    if file_type is GROUPS:
        entries = [Row(GROUPS.to_file(group, counts={day: groups.count_on(group, day)})) for group in rows]
    else:
        entries = [Row(file_type.to_file(row)) for row in rows]
    return yaml_text({"schema_version": 1, file_type.section: entries})


def _members(rows: list[Any]) -> Files:
    names = [name for row in rows for name in members.earlier_names_to_file(row)]
    return {
        MEMBERS.file: table_text(MEMBERS.order, [MEMBERS.to_file(row) for row in rows]),
        members.EARLIER_NAMES_FILE: table_text(members.EARLIER_NAME.order, names),
    }


def _points(rows: list[Any], campaign: Campaign, result: DumpResult) -> str:
    facts: dict[int | None, list[Row]] = {}
    for fact in facts_to_write(campaign):
        facts.setdefault(fact.point_id, []).append(Row(points.fact_to_file(fact)))
        if fact.retired_at:
            result.retired.append(fact.key)
    result.retired.sort()
    sections: dict[str, object] = {"schema_version": 1}
    if any(point.extra.get("labels") for point in rows):
        sections |= {name: points.labels_to_file(rows, name) for name in ("topics", "actors")}
    sections[POINTS.section] = entries = [Row(POINTS.to_file(point, facts=facts.get(point.pk, []))) for point in rows]
    for entry in entries:
        entry.pop("labels", None)  # they have sections of their own
    sections["context_facts"] = facts.get(None)
    return yaml_text({name: section for name, section in sections.items() if section or name == POINTS.section})


def _template_name(template: LetterTemplate) -> str:
    """Refuses a name that might lead out of the folder."""
    if SLUG.fits(template.key) and SLUG.fits(template.language.lower()):
        return f"{templates.FOLDER}/{template.key}.{template.language}.yaml"
    raise DomainError(
        _("letter template “%(key)s” (%(language)s): this cannot be a file name.")
        % {"key": template.key, "language": template.language}
    )


def _try(folder: Path) -> None:
    """The files must be valid and change nothing."""
    try:
        result = campaign_load(folder=folder, dry_run=True)
    except InvalidFiles as error:
        reasons = [str(fault) for fault in error.faults]
    else:
        reasons = result.lines(fields=True)[:-1] if result.created or result.changed else []
    if reasons:
        first = _("The files cannot express everything in the database. Nothing was written.")
        raise DomainError("\n".join([first, *shortened(reasons)]))
