"""groups.yaml: groups of members with dates, for the whole installation."""

from datetime import date
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as later

from apps.governments.models import Group, GroupMembership

from ..problems import Report
from ..schema import SLUG, Date, Entry, Integer, ListOf, MapOf, Mapping, Shape, Text, choice, fit, line_of
from .base import FileType, given, renamed

#: a code; also a word that is none, so that the check of the whole campaign can say what it is (the name of a group)
CODE = Text(50, r"[A-Za-z0-9][A-Za-z0-9-]*", later('a country code of two capitals, such as "KE"'))
DATED_MEMBER = Mapping(required={"code": CODE}, optional={"since": Date(), "until": Date()})


class GroupMember(Shape):
    """KE, or {code: GB, since: …, until: …}."""

    def read(self, node: yaml.Node, report: Report) -> Any:
        if isinstance(node, yaml.MappingNode):
            return DATED_MEMBER.read(node, report)
        code = CODE.read(node, report)
        if not isinstance(code, str):
            return code
        entry = Entry(line_of(node))
        entry["code"] = code
        return entry


SHAPE = Mapping(
    required={
        "slug": SLUG,
        "label": fit(Group, "label"),
        "confidence": choice("high", "medium", "low"),
        "members": ListOf(GroupMember(), repeats=True),
    },
    optional={
        "label_fr": fit(Group, "label_fr"),
        "label_es": fit(Group, "label_es"),
        "definition": Text(),
        "as_of": Text(10),
        "check": Text(),
        "since": Date(),
        "counts": MapOf(Date(), Integer()),
    },
)
COLUMNS = {
    "label": "label",
    "label_fr": "label_fr",
    "label_es": "label_es",
    "definition": "definition",
    "as_of": "as_of",
    "confidence": "confidence",
    "check_note": "check",
}


def values(entry: Entry, position: int) -> dict[str, Any]:
    """The group's fields without its members."""
    return {
        "label_fr": "",
        "label_es": "",
        "definition": "",
        "as_of": "",
        "check_note": "",
        **renamed(entry, **COLUMNS),
    }


def memberships(entry: Entry) -> set[tuple[str, date | None, date | None]]:
    """(code, first day, first day no more) of each member; the group's own `since` holds where a member has none."""
    since = entry.get("since")
    return {(member["code"], member.get("since", since), member.get("until")) for member in entry["members"]}


def to_file(group: Group) -> dict[str, Any]:
    """The fields of groups.yaml but its counts. `since` is written once where it is the same for all."""
    held = sorted(group.memberships.all(), key=lambda one: (one.member.code, one.since or date.min))
    days = {membership.since for membership in held}
    since = days.pop() if len(days) == 1 else None
    return {
        "slug": group.slug,
        **given(group, COLUMNS, SHAPE),
        **({"since": since} if since else {}),
        "members": [_written_member(membership, since) for membership in held],
    }


def _written_member(held: GroupMembership, since: date | None) -> Any:
    dated: dict[str, Any] = {"code": held.member.code}
    if held.since and held.since != since:
        dated["since"] = held.since
    if held.until:
        dated["until"] = held.until
    return dated if len(dated) > 1 else held.member.code


def count_on(group: Group, day: date) -> int:
    """How many belonged on a day, for `counts`: a later mistake in the list is noticed."""
    return sum(
        (held.since or date.min) <= day < (held.until or date.max)
        and held.member.acceded_on <= day < (held.member.left_on or date.max)
        for held in group.memberships.all()
    )


FILE_TYPE = FileType(
    name="groups",
    file="groups.yaml",
    section="groups",
    shape=SHAPE,
    model=Group,
    id="slug",
    key="slug",
    values=values,
    to_file=to_file,
    columns=COLUMNS,
    order=(
        "slug",
        "label",
        "label_fr",
        "label_es",
        "definition",
        "as_of",
        "confidence",
        "check",
        "since",
        "counts",
        "members",
    ),
    # the date is in campaign.yaml, extra is not used, members are rows of their own
    not_in_file=frozenset({"data_as_of", "extra", "members"}),
)
