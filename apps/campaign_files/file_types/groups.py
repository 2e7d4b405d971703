"""groups.yaml: groups of members with dates, for the whole installation."""

from datetime import date

import yaml
from django.utils.translation import gettext_lazy

from apps.governments.models import Group, GroupMembership

from ..faults import Report
from ..schema import SLUG, Date, Entry, Integer, ListOf, MapOf, Mapping, Shape, Text, choice, line_of
from .base import Field, FileType, Values

#: a member's code, first day, first day after the last
type Membership = tuple[str, date | None, date | None]

#: also the slug of a group, which cross_file_checks refuses with a better reason
CODE = Text(50, r"[A-Za-z0-9][A-Za-z0-9-]*", gettext_lazy('a country code of two capital letters, such as "KE"'))
DATED_MEMBER = Mapping(required={"code": CODE}, optional={"since": Date(), "until": Date()})


class GroupMember(Shape):
    """KE, or {code: GB, since: …, until: …}."""

    def read(self, node: yaml.Node, report: Report) -> object:
        if isinstance(node, yaml.MappingNode):
            return DATED_MEMBER.read(node, report)
        code = CODE.read(node, report)
        if not isinstance(code, str):
            return code
        entry = Entry(line_of(node))
        entry["code"] = code
        return entry


def memberships(entry: Entry) -> set[Membership]:
    """The group's own `since` counts for members without one."""
    since = entry.get("since")
    return {(member["code"], member.get("since", since), member.get("until")) for member in entry["members"]}


def members_to_file(group: Group) -> Values:
    """`members`, and `since` where it is the same for all."""
    rows = sorted(group.memberships.all(), key=lambda row: (row.member.code, row.since or date.min))
    days = {row.since for row in rows}
    since = days.pop() if len(days) == 1 else None
    return {**({"since": since} if since else {}), "members": [_member_to_file(row, since) for row in rows]}


def _member_to_file(membership: GroupMembership, since: date | None) -> str | Values:
    dated: Values = {"code": membership.member.code}
    if membership.since and membership.since != since:
        dated["since"] = membership.since
    if membership.until:
        dated["until"] = membership.until
    return dated if len(dated) > 1 else membership.member.code


def count_on(group: Group, day: date) -> int:
    """How many belonged on a day."""
    return sum(
        (row.since or date.min) <= day < (row.until or date.max)
        and row.member.acceded_on <= day < (row.member.left_on or date.max)
        for row in group.memberships.all()
    )


GROUPS = FileType(
    file="groups.yaml",
    name="groups",
    model=Group,
    fields=(
        Field("slug", SLUG, required=True),
        Field("label", required=True),
        Field("label_fr"),
        Field("label_es"),
        Field("definition", Text()),
        Field("as_of", Text(10)),
        Field("confidence", choice("high", "medium", "low"), required=True),
        Field("check", Text(), "check_note"),
        Field("since", Date(), None),
        Field("counts", MapOf(Date(), Integer()), None),
        Field("members", ListOf(GroupMember(), repeats=True), None, required=True),
    ),
    more_fields=members_to_file,
)
