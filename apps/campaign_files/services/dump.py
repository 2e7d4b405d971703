"""A campaign out of the database into a folder of files, which load it again without a change."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.core.errors import DomainError

from ..file_types import FILE_TYPES, FileType, groups, members, points, templates
from ..file_types import campaign as campaign_kind
from ..formats import Row, table_text, yaml_text
from ..problems import MOST_SHOWN, InvalidFiles
from ..schema import SLUG
from ..selectors import (
    facts_written,
    rows_of,
    shared_data_dates,
    templates_stored,
)
from .load import campaign_load, wait_for_turn
from .output_folder import folder_beside, folder_check, folder_put

#: what follows from the files of one campaign: {name in the folder: text}
type Files = dict[str, str]


@dataclass
class DumpReport:
    """What was written: {file: number of rows}, and which of the facts are retired."""

    campaign: str
    folder: Path
    rows: dict[str, int] = field(default_factory=dict)
    retired: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """One line for each file, the sum last."""
        found = [f"{file}: {count}" for file, count in self.rows.items()]
        if self.retired:
            found.append(_("retired, kept with the reason: %(facts)s") % {"facts": ", ".join(self.retired)})
        return [*found, _("%(campaign)s is in %(folder)s") % {"campaign": self.campaign, "folder": self.folder}]


def campaign_dump(*, slug: str, folder: Path, force: bool = False) -> DumpReport:
    """Write the campaign's files into the folder, the whole of it or nothing.

    Before they take their place they are loaded as a trial, so that what the files cannot say is found now. Raises
    DomainError, folder_refused (see `force`: a folder that is not empty), cannot_say.
    """
    campaign = Campaign.objects.filter(slug=slug).first()
    if campaign is None:
        raise DomainError(_("Campaign “%(slug)s” does not exist.") % {"slug": slug})
    folder = folder.absolute()
    report = DumpReport(slug, folder)
    with transaction.atomic():
        wait_for_turn()
        files = campaign_files(campaign, report)
        folder_check(folder, files, force=force)
        with folder_beside(folder) as made:
            for name, text in files.items():
                path = made / name
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="")
            (made / templates.FOLDER).mkdir(exist_ok=True)
            _try(made)
            folder_put(made, folder)
    return report


def campaign_files(campaign: Campaign, report: DumpReport) -> Files:
    """Every file of the campaign; the same database gives the same texts."""
    files = {campaign_kind.FILE: yaml_text(campaign_kind.to_file(campaign, _as_of()))}
    for file_type in FILE_TYPES:
        rows = list(rows_of(file_type, campaign))
        files |= SPECIAL.get(file_type, _plain)(file_type, rows, campaign, report)
        report.rows[file_type.file] = len(rows)
    for template in templates_stored(campaign):
        name = _template_name(template)
        files[name] = yaml_text(templates.to_file(template))
        report.rows[name] = 1
    return files


def _as_of() -> date | None:
    """The day of the oldest row, so that loading into the same database takes none for newer than it is."""
    days = shared_data_dates()
    if undated := [name for name, day in days.items() if day is None]:
        raise DomainError(
            _("%(names)s: nothing says how new this is (data_as_of), and the files must say it.")
            % {"names": ", ".join(undated[:20])},
            code="cannot_say",
        )
    return min((day for day in days.values() if day), default=None)


def _plain(file_type: FileType, rows: list[Any], campaign: Campaign, report: DumpReport) -> Files:
    return {file_type.file: _yaml(file_type, [Row(file_type.row(row)) for row in rows])}


def _yaml(file_type: FileType, rows: list[Row], **further: Any) -> str:
    above = {name: section for name, section in further.items() if name in {"topics", "actors"} and section}
    below = {name: section for name, section in further.items() if name not in above and section}
    return yaml_text({"schema_version": 1, **above, file_type.section: rows, **below})


def _members(file_type: FileType, rows: list[Any], campaign: Campaign, report: DumpReport) -> Files:
    names = [name for row in rows for name in members.written_names(row)]
    return {
        file_type.file: table_text(file_type.order, [file_type.row(row) for row in rows]),
        members.EARLIER_NAMES_FILE: table_text(members.NAME_ORDER, names),
    }


def _groups(file_type: FileType, rows: list[Any], campaign: Campaign, report: DumpReport) -> Files:
    day = campaign.ends_on
    found = []
    for group in rows:
        fields = {**file_type.row(group), "counts": {day: groups.count_on(group, day)}}
        found.append(Row((name, fields[name]) for name in file_type.order if name in fields))
    return {file_type.file: _yaml(file_type, found)}


def _points(file_type: FileType, rows: list[Any], campaign: Campaign, report: DumpReport) -> Files:
    facts: dict[int | None, list[Row]] = {}
    stored = list(facts_written(campaign))
    for fact in stored:
        facts.setdefault(fact.point_id, []).append(Row(points.fact_to_file(fact)))
    report.retired = sorted(fact.key for fact in stored if fact.retired_at)
    written = [Row({**file_type.row(point), "facts": facts.get(point.pk, [])}) for point in rows]
    worded = any(point.extra.get("labels") for point in rows)
    words = {name: points.labels_to_file(rows, name) for name in ("topics", "actors")} if worded else {}
    return {file_type.file: _yaml(file_type, written, **words, context_facts=facts.get(None, []))}


#: kinds whose files are more than their rows
SPECIAL: dict[FileType, Callable[[FileType, list[Any], Campaign, DumpReport], Files]] = {
    members.FILE_TYPE: _members,
    groups.FILE_TYPE: _groups,
    points.FILE_TYPE: _points,
}


def _template_name(template: Any) -> str:
    """ "templates/african-group.en.yaml"; a name that would lead out of the folder is refused with the rest."""
    if SLUG.fits(template.key) and SLUG.fits(template.language.lower()):
        return f"{templates.FOLDER}/{template.key}.{template.language}.yaml"
    raise DomainError(
        _("letter template “%(key)s” (%(language)s): this cannot be a file name.")
        % {"key": template.key, "language": template.language},
        code="cannot_say",
    )


def _try(folder: Path) -> None:
    """Load the files as a trial. They must be sound, and nothing may change by them."""
    try:
        report = campaign_load(folder=folder, dry_run=True)
    except InvalidFiles as broken:
        raise DomainError(_refusal([str(problem) for problem in broken.problems]), code="cannot_say") from None
    if report.created or report.changed:
        raise DomainError(_refusal(report.lines(fields=True)[:-1]), code="cannot_say")


def _refusal(reasons: list[str]) -> str:
    shown = [_("The files cannot say what the database holds. Nothing was written."), *reasons[:MOST_SHOWN]]
    if len(reasons) > MOST_SHOWN:
        shown.append(_("and %(more)d more") % {"more": len(reasons) - MOST_SHOWN})
    return "\n".join(shown)
