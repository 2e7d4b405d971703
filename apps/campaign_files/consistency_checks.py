"""Checks across files: unknown names, duplicates, dates, counts."""

from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.core.registries import merge_fields
from apps.letters.document.schema import AUDIENCE_ENTRY
from apps.sources.services import check_day
from apps.talkingpoints.selectors import EVERYBODY, GLOBAL
from apps.talkingpoints.services.fact_validation import FigureIncomplete, fact_faults

from .faults import Faults, Report
from .file_types import (
    ASKS,
    AUDIENCES,
    FILE_TYPES,
    GROUPS,
    MEMBERS,
    POINTS,
    SOURCES,
    Fields,
    FileType,
    Reference,
    campaign,
    members,
    points,
    templates,
)
from .folder_reader import CampaignFiles
from .schema import Entry, Items
from .selectors import Stored

#: names that a reference may use; None while their own file has faults: every name is accepted
type Known = dict[Reference, Collection[object] | None]


def check_consistency(files: CampaignFiles, stored: Stored, faults: Faults) -> None:
    known = _known(files, stored, {fault.file for fault in faults.found})
    for file_type in FILE_TYPES:
        rows, report = files.entries(file_type), faults.report(file_type.file)
        for field in (file_type.id, *file_type.unique):
            _check_once(rows, field, report)
        _check_references(rows, file_type, known, report)
    _check_members(files, known, faults)
    _check_groups(files, known, stored, faults.report(GROUPS.file))
    _check_facts([fact.entry for fact in files.facts], known, faults.report(POINTS.file))
    for source in files.entries(SOURCES):
        _check_checked_on(source, faults.report(SOURCES.file))
    for audience in files.entries(AUDIENCES):
        _check_reasons(audience, faults.report(AUDIENCES.file))
    _check_templates(files, known, faults)


def _known(files: CampaignFiles, stored: Stored, broken: set[str]) -> Known:
    def names(file_type: FileType, of_stored: Collection[object], shared: bool = False) -> set[object] | None:
        if file_type.file in broken:
            return None
        own = {row[file_type.id] for row in files.entries(file_type)}
        return own | set(of_stored) if shared or files.rows[file_type] is None else own

    facts: Collection[object] = (
        {row.entry["id"] for row in files.facts} if files.rows[POINTS] is not None else stored.facts
    )
    codes, slugs = names(MEMBERS, stored.members, shared=True), names(GROUPS, stored.groups, shared=True)
    non_members = {code for point in files.entries(POINTS) for code in point.get("related_non_members", [])}
    return {
        Reference.MEMBER: codes,
        Reference.GROUP: slugs,
        Reference.GROUP_OR_ALL: None if slugs is None else slugs | {EVERYBODY},
        Reference.MEMBER_OR_GROUP: None if codes is None or slugs is None else {GLOBAL} | non_members | codes | slugs,
        Reference.SOURCE: names(SOURCES, stored.sources),
        Reference.POINT: names(POINTS, stored.points),
        Reference.FACT: None if POINTS.file in broken else facts,
        Reference.ASK: names(ASKS, stored.asks),
        Reference.TOPIC: files.labels or None,
        Reference.ACTOR: files.labels or None,
        Reference.LANGUAGE: files.campaign["languages"],
        Reference.MERGE_FIELD: set(merge_fields),
    }


def _check_once(rows: Iterable[Entry], field: str, report: Report) -> None:
    seen: dict[object, int] = {}
    for row in rows:
        if field not in row:
            continue
        if row[field] in seen:
            values = {"field": field, "value": row[field], "line": seen[row[field]]}
            report(row.line_of(field), _("%(field)s: “%(value)s” is already used in line %(line)d.") % values)
        seen.setdefault(row[field], row.line_of(field))


def _check_references(rows: Iterable[Entry], fields: Fields, known: Known, report: Report) -> None:
    referring = [(field.name, field.refers) for field in fields.fields if field.refers]
    for row in rows:
        for field, refers in referring:
            value = row.get(field)
            lines = zip(value, value.lines, strict=True) if isinstance(value, Items) else [(value, row.line_of(field))]
            for name, line in lines if field in row else ():
                _check_name(name, line, refers, known, report, f"{field}: ")


def _check_name(name: object, line: int, refers: Reference, known: Known, report: Report, prefix: str = "") -> None:
    names = known[refers]
    if names is not None and name not in names:
        report(line, prefix + _("%(what)s “%(name)s” does not exist.") % {"what": refers.label, "name": name})


def _check_members(files: CampaignFiles, known: Known, faults: Faults) -> None:
    for row in files.entries(MEMBERS):
        if row.get("leaving_date", date.max) <= row["accession_date"]:
            faults.report(MEMBERS.file)(row.line, _("leaving_date: the member leaves before it accedes."))
    report = faults.report(members.EARLIER_NAMES_FILE)
    if files.earlier_names is not None and files.rows[MEMBERS] is None:
        report(0, _("needs members.csv in the same folder."))
    _check_references(files.earlier_names or [], members.EARLIER_NAME, known, report)
    shared = [file_type.file for file_type in (MEMBERS, GROUPS) if files.entries(file_type)]
    if shared and "reference_data_as_of" not in files.campaign:
        faults.report(campaign.FILE)(
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
                _check_name(member["code"], member.line_of("code"), Reference.MEMBER, known, report, "code: ")
        _check_memberships(group, report)
        if known[Reference.MEMBER] is not None and {member["code"] for member in group["members"]} <= dates.keys():
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


def _check_facts(facts: list[Entry], known: Known, report: Report) -> None:
    _check_once(facts, "id", report)
    _check_references(facts, points.FACT, known, report)
    for fact in facts:
        if number := fact.get("exact_locator", {}).get("point"):
            _check_name(number, fact["exact_locator"].line_of("point"), Reference.POINT, known, report, "point: ")
        _check_figures(fact, report)


def _check_figures(entry: Entry, report: Report) -> None:
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


def _check_templates(files: CampaignFiles, known: Known, faults: Faults) -> None:
    seen: dict[str, str] = {}
    for template in files.templates or []:
        report = faults.report(template.file)
        before = len(faults.found)
        if template.name in seen:
            report(template.entry.line, _("is the same template as %(file)s.") % {"file": seen[template.name]})
        seen.setdefault(template.name, template.file)
        _check_references([template.entry], templates.TEMPLATE, known, report)
        _check_text(template, known, report)
        if len(faults.found) == before:
            templates.check_document(template, report)


def _check_text(template: templates.Template, known: Known, report: Report) -> None:
    text = template.text
    for references, refers in (
        (text.fields, Reference.MERGE_FIELD),
        (text.facts, Reference.FACT),
        (text.points, Reference.POINT),
    ):
        for line, name in references:
            _check_name(name, line, refers, known, report)
    for line, entry in text.entries:
        kind, _colon, name = entry.partition(":")
        if not AUDIENCE_ENTRY.fullmatch(entry):
            report(line, _("“%(entry)s” is not group:…, member:… or stance:….") % {"entry": entry[:60]})
        elif kind in {Reference.GROUP, Reference.MEMBER}:
            _check_name(name, line, Reference(kind), known, report)
