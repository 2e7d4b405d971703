"""A folder of files, read into a Pack. Knows no database; faults go to Problems, all of them."""

import difflib
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from django.utils.translation import gettext as _

from .files import read_table, read_tree
from .kinds import KINDS, Kind, campaign, members, points, templates
from .kinds.templates import Template
from .problems import Problems, Report
from .shapes import Entry, Integer, Items, ListOf, Mapping

#: what may lie in the folder beside the files of the kinds
OTHERS = {campaign.FILE, members.EARLIER_NAMES_FILE, templates.FOLDER, "demo"}


@dataclass(frozen=True)
class FactRow:
    """A fact with the number of its point (None: context) and its place under it, from 1."""

    entry: Entry
    point: int | None
    position: int


@dataclass
class Pack:
    """A campaign as it stands in its files. A kind whose file is missing is None in `rows`."""

    campaign: Entry
    rows: dict[str, list[Entry] | None] = field(default_factory=dict)
    facts: list[FactRow] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    earlier_names: list[Entry] | None = None
    templates: list[Template] | None = None

    def of(self, kind: Kind) -> list[Entry] | None:
        return self.rows.get(kind.name)

    @property
    def missing_files(self) -> list[str]:
        """Files that are not there, whose kinds are left alone."""
        missing = [kind.file for kind in KINDS if self.of(kind) is None]
        return missing + ([f"{templates.FOLDER}/"] if self.templates is None else [])


def read_pack(folder: Path, problems: Problems) -> Pack | None:
    """The pack, or None where there is no campaign.yaml to speak of. Every fault found is in `problems`."""
    if not folder.is_dir():
        problems.report(str(folder))(0, _("is no folder."))
        return None
    _check_names(folder, problems)
    entry = _campaign(folder, problems)
    if entry is None:
        return None
    pack = Pack(entry)
    for kind in KINDS:
        pack.rows[kind.name] = _rows(folder, kind, pack, problems)
    pack.earlier_names = _earlier_names(folder, problems)
    pack.templates = _templates(folder, problems)
    return pack


def _check_names(folder: Path, problems: Problems) -> None:
    """A file that nothing reads is a slip of the pen."""
    known = OTHERS | {kind.file for kind in KINDS}
    for path in sorted(folder.iterdir()):
        if path.name in known or path.name.startswith(".") or path.suffix == ".md":
            continue
        close = difflib.get_close_matches(path.name, known, n=1)
        hint = _(" Is it “%(close)s”?") % {"close": close[0]} if close else ""
        problems.report(path.name)(0, _("is no file of a campaign.") + hint)


def _campaign(folder: Path, problems: Problems) -> Entry | None:
    report = problems.report(campaign.FILE)
    if not (folder / campaign.FILE).exists():
        report(0, _("is missing."))
        return None
    node = read_tree(folder / campaign.FILE, report)
    return campaign.read(node, report) if node else None


def _rows(folder: Path, kind: Kind, pack: Pack, problems: Problems) -> list[Entry] | None:
    """The rows of one kind; with the points also their facts and words. None where the file is missing."""
    path = folder / kind.file
    if not path.exists():
        return None
    report = problems.report(kind.file)
    if path.suffix == ".csv":
        return _table(path, kind.shape, report) or []
    node = read_tree(path, report)
    if node is None:
        return []
    further = points.SECTIONS if kind is points.KIND else {}
    shape = Mapping(
        required={kind.section: ListOf(kind.shape, repeats=True)},
        optional={"schema_version": Integer(1, 1), **further},
    )
    top = shape.read(node, report)
    if not isinstance(top, Entry):
        return []
    if kind is points.KIND:
        _take_facts(top, pack)
    return list(top[kind.section])


def _take_facts(top: Entry, pack: Pack) -> None:
    for point in top["points"]:
        pack.facts += [FactRow(fact, point["number"], place) for place, fact in enumerate(point["facts"], start=1)]
    context = top.get("context_facts", [])
    pack.facts += [FactRow(fact, None, place) for place, fact in enumerate(context, start=1)]
    pack.words = {word["slug"]: word["label"] for part in ("topics", "actors") for word in top.get(part, [])}


def _table(path: Path, shape: Mapping, report: Report) -> list[Entry] | None:
    lists = {name for name, inner in shape.fields.items() if isinstance(inner, ListOf)}
    node = read_table(path, report, lists)
    rows = ListOf(shape, repeats=True).read(node, report) if isinstance(node, yaml.Node) else None
    return list(rows) if isinstance(rows, Items) else None


def _earlier_names(folder: Path, problems: Problems) -> list[Entry] | None:
    path = folder / members.EARLIER_NAMES_FILE
    return _table(path, members.EARLIER_NAME, problems.report(path.name)) or [] if path.exists() else None


def _templates(folder: Path, problems: Problems) -> list[Template] | None:
    place = folder / templates.FOLDER
    if not place.is_dir():
        return None
    found = []
    for path in sorted(place.iterdir()):
        name = f"{templates.FOLDER}/{path.name}"
        report = problems.report(name)
        if path.suffix != ".yaml":
            report(0, _("is no letter template (*.yaml)."))
            continue
        node = read_tree(path, report)
        template = templates.read(name, node, report) if node else None
        if template:
            found.append(template)
    return found
