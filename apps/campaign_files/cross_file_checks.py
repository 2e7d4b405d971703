"""Checks across files: unknown names, duplicates, dates, counts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.core.registries import merge_fields
from apps.letters.document.schema import AUDIENCE_ENTRY
from apps.sources.services import check_day
from apps.talkingpoints.selectors import EVERYBODY
from apps.talkingpoints.services.fact_validation import FigureIncomplete, fact_faults

from .file_types import (
    ASKS,
    AUDIENCES,
    FILE_TYPES,
    GLOSSARY,
    GROUPS,
    MEMBERS,
    POINTS,
    SOURCES,
    TIMELINE,
    FileType,
    campaign,
    members,
    templates,
)
from .folder_reader import CampaignFiles, FactRow
from .problems import Problems, Report
from .schema import Entry, Items
from .selectors import Stored

GLOBAL = "global"
#: None while their own file has faults: every name is accepted
type Names = Collection[object] | None


@dataclass(frozen=True)
class Known:
    """Names that a reference may use."""

    members: Names
    groups: Names
    sources: Names
    points: Names
    facts: Names
    asks: Names
    fields: Names


def check_consistency(files: CampaignFiles, stored: Stored, problems: Problems) -> None:
    known = _known(files, stored, {problem.file for problem in problems.found})
    for file_type in FILE_TYPES:
        for field in (file_type.id, *file_type.unique):
            _check_once(files.entries(file_type), field, problems.report(file_type.file))
    _check_members(files, known, problems)
    _check_groups(files, known, stored, problems.report(GROUPS.file))
    _check_points(files, known, problems.report(POINTS.file))
    _check_lists(files, known, problems)
    for source in files.entries(SOURCES):
        _check_checked_on(source, problems.report(SOURCES.file))
    for audience in files.entries(AUDIENCES):
        _check_reasons(audience, problems.report(AUDIENCES.file))
    _check_templates(files, known, problems)


def _known(files: CampaignFiles, stored: Stored, broken: set[str]) -> Known:
    def names(file_type: FileType, of_stored: Collection[object], shared: bool = False) -> Names:
        if file_type.file in broken:
            return None
        own = {row[file_type.id] for row in files.entries(file_type)}
        return own | set(of_stored) if shared or files.rows[file_type] is None else own

    facts: Names = stored.facts if files.rows[POINTS] is None else {row.entry["id"] for row in files.facts}
    return Known(
        members=names(MEMBERS, stored.members, shared=True),
        groups=names(GROUPS, stored.groups, shared=True),
        sources=names(SOURCES, stored.sources),
        points=names(POINTS, stored.points),
        facts=None if POINTS.file in broken else facts,
        asks=names(ASKS, stored.asks),
        fields=set(merge_fields),
    )


def _check_once(rows: Iterable[Entry], field: str, report: Report) -> None:
    seen: dict[object, int] = {}
    for row in rows:
        if field not in row:
            continue
        if row[field] in seen:
            values = {"field": field, "value": row[field], "line": seen[row[field]]}
            report(row.line_of(field), _("%(field)s: “%(value)s” is already used in line %(line)d.") % values)
        seen.setdefault(row[field], row.line_of(field))


def _check_names(row: Entry, field: str, known: Names, report: Report, what: str, *also: str) -> None:
    """Report names in `field`, one or a list, that are unknown."""
    value = row.get(field)
    if known is None or value is None:
        return
    pairs = zip(value, value.lines, strict=True) if isinstance(value, Items) else [(value, row.line_of(field))]
    for name, line in pairs:
        if name not in known and name not in also:
            report(line, f"{field}: " + _("%(what)s “%(name)s” does not exist.") % {"what": what, "name": name})


def _check_members(files: CampaignFiles, known: Known, problems: Problems) -> None:
    for row in files.entries(MEMBERS):
        if row.get("leaving_date", date.max) <= row["accession_date"]:
            problems.report(MEMBERS.file)(row.line, _("leaving_date: the member leaves before it accedes."))
    report = problems.report(members.EARLIER_NAMES_FILE)
    if files.earlier_names is not None and files.rows[MEMBERS] is None:
        report(0, _("needs members.csv in the same folder."))
    for row in files.earlier_names or []:
        _check_names(row, "iso_alpha2", known.members, report, _("member"))
    shared = [file_type.file for file_type in (MEMBERS, GROUPS) if files.entries(file_type)]
    if shared and "reference_data_as_of" not in files.campaign:
        problems.report(campaign.FILE)(
            0, _("reference_data_as_of is missing. It says how new %(files)s are.") % {"files": ", ".join(shared)}
        )


def _check_groups(files: CampaignFiles, known: Known, stored: Stored, report: Report) -> None:
    own = {row["iso_alpha2"]: (row["accession_date"], row.get("leaving_date")) for row in files.entries(MEMBERS)}
    dates = stored.members | own
    slugs = stored.groups | {group["slug"] for group in files.entries(GROUPS)}
    for group in files.entries(GROUPS):
        for member in group["members"]:
            if member["code"] in slugs:
                _refuse_group(group, member, report)
            else:
                _check_names(member, "code", known.members, report, _("member"))
        _check_memberships(group, report)
        if known.members is not None and {member["code"] for member in group["members"]} <= dates.keys():
            _check_counts(group, dates, report)


def _refuse_group(group: Entry, member: Entry, report: Report) -> None:
    """Nested groups would hide when each member joined and left."""
    if member["code"] == group["slug"]:
        reason = _("members: “%(slug)s” contains itself. Remove it.")
    else:
        reason = _("members: “%(slug)s” is a group, and a group has members only. Name its members one by one.")
    report(member.line, reason % {"slug": member["code"]})


def _period(group: Entry, member: Entry) -> tuple[date, date]:
    return member.get("since", group.get("since", date.min)), member.get("until", date.max)


def _check_memberships(group: Entry, report: Report) -> None:
    """A member may come back, but not belong twice on one day."""
    seen: dict[str, list[tuple[date, date]]] = {}
    for member in group["members"]:
        code, (since, until) = member["code"], _period(group, member)
        if until <= since:
            report(member.line, _("members: %(code)s leaves before it joins.") % {"code": code})
        if any(since < other_until and other_since < until for other_since, other_until in seen.get(code, [])):
            report(member.line, _("members: “%(code)s” is in the list twice.") % {"code": code})
        seen.setdefault(code, []).append((since, until))


def _check_counts(group: Entry, dates: dict[str, tuple[date, date | None]], report: Report) -> None:
    def belongs(member: Entry, day: date) -> bool:
        (acceded, left), (since, until) = dates[member["code"]], _period(group, member)
        return acceded <= day < (left or date.max) and since <= day < until

    for day, count in group.get("counts", {}).items():
        found = sum(belongs(member, day) for member in group["members"])
        if found != count:
            report(
                group["counts"].lines[day],
                _("counts: “%(slug)s” has %(found)d members on %(day)s, not %(count)d.")
                % {"slug": group["slug"], "found": found, "day": day, "count": count},
            )


def _check_points(files: CampaignFiles, known: Known, report: Report) -> None:
    rows = files.entries(POINTS)
    for point in rows:
        _check_names(point, "related_groups", known.groups, report, _("group"))
        _check_names(point, "related_countries", known.members, report, _("member"))
        if files.labels:
            _check_names(point, "topics", files.labels, report, _("topic"))
            _check_names(point, "actors_affected", files.labels, report, _("actor"))
    non_members = {code for point in rows for code in point.get("related_non_members", [])}
    _check_once((fact.entry for fact in files.facts), "id", report)
    for fact in files.facts:
        _check_fact(fact, known, non_members, report)


def _check_fact(fact: FactRow, known: Known, non_members: set[str], report: Report) -> None:
    entry = fact.entry
    _check_names(entry, "source_id", known.sources, report, _("source"))
    _check_names(entry, "additional_source_ids", known.sources, report, _("source"))
    if known.members is not None and known.groups is not None:
        applicable = {GLOBAL, *non_members, *known.members, *known.groups}
        _check_names(entry, "applies_to", applicable, report, _("member or group"))
    if "exact_locator" in entry:
        _check_names(entry["exact_locator"], "point", known.points, report, _("point"))
    figures, verification = entry.get("figures", []), entry["verification"]
    faults = fact_faults(
        kind=entry["kind"], figures=figures, verification=verification, caution=entry.get("caution", "")
    )
    for fault in faults:
        if isinstance(fault, FigureIncomplete):
            line = figures[fault.index].line
        else:
            line = entry.line_of(fault.field if fault.field in entry else "verification")
        report(line, f"{fault.field}: {fault}")


def _check_lists(files: CampaignFiles, known: Known, problems: Problems) -> None:
    checks: tuple[tuple[FileType, str, Names, str, tuple[str, ...]], ...] = (
        (SOURCES, "cited_in_points", known.points, _("point"), ()),
        (ASKS, "supports", known.points, _("point"), ()),
        (ASKS, "fits_groups", known.groups, _("group"), (EVERYBODY,)),
        (ASKS, "not_for_groups", known.groups, _("group"), ()),
        (AUDIENCES, "groups", known.groups, _("group"), (EVERYBODY,)),
        (AUDIENCES, "countries", known.members, _("member"), ()),
        (AUDIENCES, "order", known.points, _("point"), ()),
        (AUDIENCES, "lead_asks", known.asks, _("ask"), ()),
        (GLOSSARY, "points", known.points, _("point"), ()),
        (TIMELINE, "points", known.points, _("point"), ()),
        (TIMELINE, "sources", known.sources, _("source"), ()),
    )
    for file_type, field, names, what, also in checks:
        for row in files.entries(file_type):
            _check_names(row, field, names, problems.report(file_type.file), what, *also)


def _check_checked_on(source: Entry, report: Report) -> None:
    try:
        check_day(source.get("checked_on"))
    except DomainError as error:
        report(source.line_of("checked_on"), f"checked_on: {error}")


def _check_reasons(audience: Entry, report: Report) -> None:
    reasons = audience.get("reasons", Entry(0))
    for number in reasons:
        if int(number) not in audience["order"]:
            report(reasons.line_of(number), _("reasons: point %(number)s is not in the order.") % {"number": number})


def _check_templates(files: CampaignFiles, known: Known, problems: Problems) -> None:
    seen: dict[str, str] = {}
    for template in files.templates or []:
        report = problems.report(template.file)
        before = len(problems.found)
        if template.name in seen:
            report(template.entry.line, _("is the same template as %(file)s.") % {"file": seen[template.name]})
        seen.setdefault(template.name, template.file)
        _check_names(template.entry, "for_group", known.groups, report, _("group"))
        languages = files.campaign["languages"]
        _check_names(template.entry, "language", languages, report, _("language of the campaign"))
        _check_text(template, known, report)
        if len(problems.found) == before:
            templates.check_document(template, report)


def _check_text(template: templates.Template, known: Known, report: Report) -> None:
    text = template.text
    for references, names, what in (
        (text.fields, known.fields, _("merge field")),
        (text.facts, known.facts, _("fact")),
        (text.points, known.points, _("point")),
    ):
        for line, name in references:
            if names is not None and name not in names:
                report(line, _("%(what)s “%(name)s” does not exist.") % {"what": what, "name": name})
    for line, entry in text.entries:
        if not AUDIENCE_ENTRY.fullmatch(entry):
            report(line, _("“%(entry)s” is not group:…, member:… or stance:….") % {"entry": entry[:60]})
            continue
        kind, _colon, name = entry.partition(":")
        names = {"group": known.groups, "member": known.members}.get(kind)
        if names is not None and name not in names:
            report(line, _("%(what)s “%(name)s” does not exist.") % {"what": kind, "name": name})
