"""Writing what serves the whole installation: members and groups. Only newer data replaces what is there."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from apps.governments.models import Group, GroupMembership, Member

from ...file_types import groups, members
from ...folder_reader import CampaignFiles
from ...problems import Problems, Report
from ..field_diffs import FieldChange
from ..load_report import Changes
from .rows import row_change, row_differences

#: code, first day, first day no more
type Membership = tuple[str, date | None, date | None]


def reference_sync(*, files: CampaignFiles, problems: Problems) -> list[Changes]:
    """Members, then groups, where their files are there."""
    done = []
    if files.of(members.FILE_TYPE) is not None:
        done.append(members_sync(files=files, report=problems.report(members.FILE_TYPE.file)))
    if files.of(groups.FILE_TYPE) is not None:
        done.append(groups_sync(files=files, report=problems.report(groups.FILE_TYPE.file)))
    return done


def members_sync(*, files: CampaignFiles, report: Report) -> Changes:
    """Members by code, each with its earlier names, oldest first."""
    as_of = files.campaign.get("reference_data_as_of", date.min)
    stored = {member.code: member for member in Member.objects.all()}
    earlier: dict[str, list[dict[str, str]]] = {}
    for name in files.earlier_names or []:
        earlier.setdefault(name["iso_alpha2"], []).append(members.earlier_name(name))
    changes = Changes(members.FILE_TYPE.name, members.FILE_TYPE.file)
    entries = files.of(members.FILE_TYPE) or []
    for position, entry in enumerate(entries, start=1):
        code = entry["iso_alpha2"]
        values = members.values(entry, position)
        if files.earlier_names is not None:
            values["earlier_names"] = sorted(earlier.get(code, []), key=lambda name: name["until"])
        row = stored.get(code)
        if row is None:
            Member.objects.create(code=code, data_as_of=as_of, **values)
            changes.created.append(code)
        elif _may_replace(
            row, row_differences(row, values, members.FILE_TYPE.columns), as_of, entry.line, changes, report
        ):
            _note(changes, code, row_change(row, {**values, "data_as_of": as_of}, members.FILE_TYPE.columns))
    changes.gone = _gone(stored, {entry["iso_alpha2"] for entry in entries}, as_of)
    return changes


def groups_sync(*, files: CampaignFiles, report: Report) -> Changes:
    """Groups by slug, with their dated memberships."""
    as_of = files.campaign.get("reference_data_as_of", date.min)
    stored = {group.slug: group for group in Group.objects.prefetch_related("memberships__member")}
    ids = dict(Member.objects.values_list("code", "pk"))
    changes = Changes(groups.FILE_TYPE.name, groups.FILE_TYPE.file)
    entries = files.of(groups.FILE_TYPE) or []
    for position, entry in enumerate(entries, start=1):
        values, wanted = groups.values(entry, position), groups.memberships(entry)
        group = stored.get(entry["slug"])
        if group is None:
            group = Group.objects.create(slug=entry["slug"], data_as_of=as_of, **values)
            _replace_memberships(group, wanted, ids)
            changes.created.append(entry["slug"])
            continue
        held = {(held.member.code, held.since, held.until) for held in group.memberships.all()}
        others = [FieldChange("members", _said(held), _said(wanted))] if wanted != held else []
        differing = row_differences(group, values, groups.FILE_TYPE.columns) + others
        if _may_replace(group, differing, as_of, entry.line, changes, report):
            fields = row_change(group, {**values, "data_as_of": as_of}, groups.FILE_TYPE.columns)
            if others:
                _replace_memberships(group, wanted, ids)
            _note(changes, entry["slug"], fields + others)
    changes.gone = _gone(stored, {entry["slug"] for entry in entries}, as_of)
    return changes


def _may_replace(
    row: Any, differing: list[FieldChange], as_of: date, line: int, changes: Changes, report: Report
) -> bool:
    """Whether the file is new enough. Other data of the same day is a fault, since either may be right."""
    if row.data_as_of is None or as_of > row.data_as_of:
        return True
    if differing and as_of < row.data_as_of:
        changes.newer.append(str(getattr(row, "code", None) or row.slug))
    elif differing:
        fields = [line for change in differing for line in change.lines()]
        report(
            line,
            _(
                "“%(row)s” differs from what is stored (%(fields)s), and both are of %(day)s. If the file is right, "
                "raise reference_data_as_of in campaign.yaml."
            )
            % {"row": row, "fields": "; ".join(fields), "day": as_of},
        )
    return False


def _note(changes: Changes, key: str, fields: list[FieldChange]) -> None:
    if fields:
        changes.changed[key] = fields


def _gone(stored: dict[str, Any], named: set[str], as_of: date) -> list[str]:
    """Rows that a newer file does not name any more. A file that is no newer may be about fewer members."""
    return [key for key, row in stored.items() if key not in named and row.data_as_of and row.data_as_of < as_of]


def _said(memberships: set[Membership]) -> list[str]:
    """ "GB from 1995-01-01 until 2020-02-01" """
    return [
        code
        + (_(" from %(day)s") % {"day": since} if since else "")
        + (_(" until %(day)s") % {"day": until} if until else "")
        for code, since, until in sorted(memberships, key=_by_code)
    ]


def _by_code(membership: Membership) -> tuple[str, date]:
    return membership[0], membership[1] or date.min


def _replace_memberships(group: Group, wanted: set[Membership], ids: dict[str, int]) -> None:
    GroupMembership.objects.filter(group=group).delete()
    GroupMembership.objects.bulk_create(
        GroupMembership(group=group, member_id=ids[code], since=since, until=until)
        for code, since, until in sorted(wanted, key=_by_code)
    )
