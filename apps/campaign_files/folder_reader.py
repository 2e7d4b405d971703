"""Reading a campaign's folder, without the database."""

from dataclasses import dataclass, field
from pathlib import Path

import yaml
from django.utils.translation import gettext as _

from apps.core.similarity import suggestion

from .faults import Faults, Report
from .file_types import FILE_TYPES, POINTS, FileType, campaign, members, points, templates
from .file_types.templates import Template
from .formats import read_table, read_tree
from .schema import Entry, Integer, Items, ListOf, Mapping

#: besides the files of FILE_TYPES
OTHERS = {campaign.FILE, members.EARLIER_NAMES_FILE, templates.FOLDER, "demo"}


@dataclass(frozen=True)
class FactRow:
    """`point` is None for a fact of the context; `position` counts from 1."""

    entry: Entry
    point: int | None
    position: int


@dataclass
class CampaignFiles:
    """`rows` has None for a file that is missing."""

    campaign: Entry
    rows: dict[FileType, list[Entry] | None] = field(default_factory=dict)
    facts: list[FactRow] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    earlier_names: list[Entry] | None = None
    templates: list[Template] | None = None

    def entries(self, file_type: FileType) -> list[Entry]:
        return self.rows.get(file_type) or []

    @property
    def missing_files(self) -> list[str]:
        """What these would contain is left as it is."""
        missing = [file_type.file for file_type in FILE_TYPES if self.rows[file_type] is None]
        return missing + ([f"{templates.FOLDER}/"] if self.templates is None else [])


def read_folder(folder: Path, faults: Faults) -> CampaignFiles | None:
    """None without a usable campaign.yaml. Every fault is in `faults`."""
    if not folder.is_dir():
        faults.report(str(folder))(0, _("is not a folder."))
        return None
    _check_names(folder, faults)
    entry = _campaign(folder, faults)
    if entry is None:
        return None
    files = CampaignFiles(entry)
    for file_type in FILE_TYPES:
        files.rows[file_type] = _rows(folder, file_type, files, faults)
    path = folder / members.EARLIER_NAMES_FILE
    if path.exists():
        files.earlier_names = _table(path, members.EARLIER_NAME.shape, faults.report(path.name))
    files.templates = _templates(folder, faults)
    return files


def _check_names(folder: Path, faults: Faults) -> None:
    known = OTHERS | {file_type.file for file_type in FILE_TYPES}
    for path in sorted(folder.iterdir()):
        if path.name in known or path.name.startswith(".") or path.suffix == ".md":
            continue
        close = suggestion(path.name, known)
        hint = _(" Did you mean “%(close)s”?") % {"close": close} if close else ""
        faults.report(path.name)(0, _("is not a campaign file.") + hint)


def _campaign(folder: Path, faults: Faults) -> Entry | None:
    report = faults.report(campaign.FILE)
    if not (folder / campaign.FILE).exists():
        report(0, _("is missing."))
        return None
    node = read_tree(folder / campaign.FILE, report)
    return campaign.read(node, report) if node else None


def _rows(folder: Path, file_type: FileType, files: CampaignFiles, faults: Faults) -> list[Entry] | None:
    """None if the file is missing. With the points also their facts and labels."""
    path = folder / file_type.file
    if not path.exists():
        return None
    report = faults.report(file_type.file)
    if path.suffix == ".csv":
        return _table(path, file_type.shape, report)
    node = read_tree(path, report)
    if node is None:
        return []
    further = points.SECTIONS if file_type is POINTS else {}
    shape = Mapping(
        required={file_type.section: ListOf(file_type.shape, repeats=True)},
        optional={"schema_version": Integer(1, 1), **further},
    )
    top = shape.read(node, report)
    if not isinstance(top, Entry):
        return []
    if file_type is POINTS:
        _read_facts(top, files)
    return list(top[file_type.section])


def _read_facts(top: Entry, files: CampaignFiles) -> None:
    facts = [(point["number"], point["facts"]) for point in top["points"]] + [(None, top.get("context_facts", []))]
    files.facts = [FactRow(fact, point, at) for point, rows in facts for at, fact in enumerate(rows, start=1)]
    files.labels = {row["slug"]: row["label"] for part in ("topics", "actors") for row in top.get(part, [])}


def _table(path: Path, shape: Mapping, report: Report) -> list[Entry]:
    lists = {name for name, inner in shape.fields.items() if isinstance(inner, ListOf)}
    node = read_table(path, report, lists)
    rows = ListOf(shape, repeats=True).read(node, report) if isinstance(node, yaml.Node) else None
    return list(rows) if isinstance(rows, Items) else []


def _templates(folder: Path, faults: Faults) -> list[Template] | None:
    if not (folder / templates.FOLDER).is_dir():
        return None
    found = []
    for path in sorted((folder / templates.FOLDER).iterdir()):
        name = f"{templates.FOLDER}/{path.name}"
        report = faults.report(name)
        if path.suffix != ".yaml":
            report(0, _("is not a letter template (*.yaml)."))
            continue
        node = read_tree(path, report)
        template = templates.read(name, node, report) if node else None
        if template:
            found.append(template)
    return found
