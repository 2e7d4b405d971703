"""Updating members and groups, which all campaigns share. Only newer data replaces older."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from apps.governments.models import Group, GroupMembership, Member

from ...faults import Faults, Report
from ...file_types import GROUPS, MEMBERS, FileType, groups, members
from ...file_types.groups import Membership
from ...folder_reader import CampaignFiles
from ..field_change import FieldChange
from ..load_result import Changes
from .rows import row_change, row_differences


def shared_sync(*, files: CampaignFiles, faults: Faults) -> list[Changes]:
    done = []
    for file_type, sync in ((MEMBERS, members_sync), (GROUPS, groups_sync)):
        if files.rows[file_type] is not None:
            done.append(sync(files=files, report=faults.report(file_type.file)))
    return done


@dataclass
class _Update:
    file_type: FileType
    as_of: date
    report: Report
    changes: Changes

    @classmethod
    def begin(cls, file_type: FileType, files: CampaignFiles, report: Report) -> "_Update":
        as_of = files.campaign.get("reference_data_as_of", date.min)
        return cls(file_type, as_of, report, Changes(file_type.name, file_type.file))

    def may_replace(self, row: Member | Group, differing: list[FieldChange], line: int) -> bool:
        """Other data of the same day is a fault: either may be right."""
        if row.data_as_of is None or self.as_of > row.data_as_of:
            return True
        if differing and self.as_of < row.data_as_of:
            self.changes.newer.append(str(getattr(row, self.file_type.key)))
        elif differing:
            fields = "; ".join(line for change in differing for line in change.lines())
            self.report(
                line,
                _(
                    "“%(row)s” differs from what is stored (%(fields)s), and both are of %(day)s. If the file is "
                    "right, raise reference_data_as_of in campaign.yaml."
                )
                % {"row": row, "fields": fields, "day": self.as_of},
            )
        return False

    def finish(self, stored: dict[str, Member] | dict[str, Group], named: set[str]) -> Changes:
        """Notes what a newer file no longer names. An older one may be about fewer members."""
        self.changes.gone = [
            key for key, row in stored.items() if key not in named and row.data_as_of and row.data_as_of < self.as_of
        ]
        return self.changes


def members_sync(*, files: CampaignFiles, report: Report) -> Changes:
    """With their earlier names, oldest first."""
    update = _Update.begin(MEMBERS, files, report)
    stored = {member.code: member for member in Member.objects.all()}
    earlier: dict[str, list[dict[str, str]]] = {}
    for name in files.earlier_names or []:
        earlier.setdefault(name["iso_alpha2"], []).append(members.earlier_name(name))
    entries = files.entries(MEMBERS)
    for entry in entries:
        code, values = entry["iso_alpha2"], MEMBERS.values(entry)
        if files.earlier_names is not None:
            values["earlier_names"] = sorted(earlier.get(code, []), key=lambda name: name["until"])
        row = stored.get(code)
        if row is None:
            Member.objects.create(data_as_of=update.as_of, **values)
            update.changes.created.append(code)
        elif update.may_replace(row, row_differences(row, values, MEMBERS.columns), entry.line):
            update.changes.change(code, row_change(row, {**values, "data_as_of": update.as_of}, MEMBERS.columns))
    return update.finish(stored, {entry["iso_alpha2"] for entry in entries})


def groups_sync(*, files: CampaignFiles, report: Report) -> Changes:
    """With their dated memberships."""
    update = _Update.begin(GROUPS, files, report)
    stored = {group.slug: group for group in Group.objects.prefetch_related("memberships__member")}
    ids = dict(Member.objects.values_list("code", "pk"))
    entries = files.entries(GROUPS)
    for entry in entries:
        values, wanted = GROUPS.values(entry), groups.memberships(entry)
        group = stored.get(entry["slug"])
        if group is None:
            group = Group.objects.create(data_as_of=update.as_of, **values)
            _replace_memberships(group, wanted, ids)
            update.changes.created.append(group.slug)
            continue
        existing = {(row.member.code, row.since, row.until) for row in group.memberships.all()}
        others = [FieldChange("members", _labels(existing), _labels(wanted))] if wanted != existing else []
        if update.may_replace(group, row_differences(group, values, GROUPS.columns) + others, entry.line):
            fields = row_change(group, {**values, "data_as_of": update.as_of}, GROUPS.columns)
            if others:
                _replace_memberships(group, wanted, ids)
            update.changes.change(group.slug, fields + others)
    return update.finish(stored, {entry["slug"] for entry in entries})


def _labels(memberships: set[Membership]) -> list[str]:
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
