"""groups.yaml: groups of members with dates, for the whole installation."""

from typing import Any

import yaml

from apps.governments.models import Group

from ..problems import Report
from ..shapes import COUNTRY, SLUG, Date, Entry, Integer, ListOf, MapOf, Mapping, Shape, Text, choice, fit, line_of
from .base import Kind, renamed

DATED_MEMBER = Mapping(required={"code": COUNTRY}, optional={"since": Date(), "until": Date()})


class GroupMember(Shape):
    """KE, or {code: GB, since: …, until: …}."""

    def read(self, node: yaml.Node, report: Report) -> Any:
        if isinstance(node, yaml.MappingNode):
            return DATED_MEMBER.read(node, report)
        code = COUNTRY.read(node, report)
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


def values(entry: Entry, position: int) -> dict[str, Any]:
    """The group's fields without its members."""
    return {
        "label_fr": "",
        "label_es": "",
        "definition": "",
        "as_of": "",
        "check_note": "",
        **renamed(
            entry,
            label="label",
            label_fr="label_fr",
            label_es="label_es",
            definition="definition",
            as_of="as_of",
            confidence="confidence",
            check_note="check",
        ),
    }


KIND = Kind(
    name="groups",
    file="groups.yaml",
    section="groups",
    shape=SHAPE,
    model=Group,
    id="slug",
    key="slug",
    values=values,
)
