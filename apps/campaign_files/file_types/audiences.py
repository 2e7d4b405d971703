"""audiences.yaml: which points fit whom, in which order."""

from typing import Any

import yaml

from apps.governments.models import Position
from apps.talkingpoints.models import Audience

from ..problems import Report
from ..schema import COUNTRY, KEY, SLUG, Entry, Integer, ListOf, MapOf, Mapping, Shape, Text, choice, fit
from .base import FileType, given, renamed


class NumberAsName(Shape):
    """A point's number as a field name; kept as text, as JSON keeps it."""

    def read(self, node: yaml.Node, report: Report) -> Any:
        number = Integer(1).read(node, report)
        return str(number) if isinstance(number, int) else number


SHAPE = Mapping(
    required={
        "slug": SLUG,
        "label": fit(Audience, "label"),
        "priority": Integer(),
        "order": ListOf(Integer(1), least=1),
    },
    optional={
        "groups": ListOf(SLUG),
        "countries": ListOf(COUNTRY),
        "stances": ListOf(choice(*Position.Stance.values)),
        "lead_asks": ListOf(KEY),
        "reasons": MapOf(NumberAsName(), Text()),
        "note": Text(),
    },
)
COLUMNS = {
    "label": "label",
    "priority": "priority",
    "groups": "groups",
    "countries": "countries",
    "stances": "stances",
    "order": "order",
    "lead_asks": "lead_asks",
    "note": "note",
}


def values(entry: Entry, position: int) -> dict[str, Any]:
    """The audience's fields."""
    return {
        "groups": [],
        "countries": [],
        "stances": [],
        "lead_asks": [],
        "note": "",
        **renamed(entry, **COLUMNS),
        "reasons": dict(entry.get("reasons", {})),
    }


def to_file(audience: Audience) -> dict[str, Any]:
    """The fields of audiences.yaml; reasons in the order of the points."""
    fields = {"slug": audience.slug, **given(audience, COLUMNS, SHAPE)}
    if audience.reasons:
        places = {str(number): place for place, number in enumerate(audience.order)}
        numbers = sorted(audience.reasons, key=lambda number: (places.get(number, len(places)), number))
        fields["reasons"] = {int(number): audience.reasons[number] for number in numbers}
    return fields


FILE_TYPE = FileType(
    name="audiences",
    file="audiences.yaml",
    section="audiences",
    shape=SHAPE,
    model=Audience,
    id="slug",
    key="slug",
    values=values,
    to_file=to_file,
    columns=COLUMNS,
    order=("slug", "label", "priority", "groups", "countries", "stances", "order", "lead_asks", "reasons", "note"),
    unique=("priority",),
)
