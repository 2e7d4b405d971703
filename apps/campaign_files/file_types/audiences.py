"""audiences.yaml: which points fit whom, in which order."""

from apps.governments.models import Position
from apps.talkingpoints.models import Audience

from ..schema import COUNTRY, KEY, SLUG, Integer, ListOf, MapOf, Scalar, Text, choice
from .base import Field, FileType, Reference, Values


class NumberAsName(Scalar):
    """A number as a field name; JSON keeps it as text."""

    def parse(self, raw: str, tag: str) -> str:
        return str(Integer(1).parse(raw, tag))


def reasons_in_order(audience: Audience) -> Values:
    if not audience.reasons:
        return {}
    index = {str(number): at for at, number in enumerate(audience.order)}
    numbers = sorted(audience.reasons, key=lambda number: (index.get(number, len(index)), number))
    return {"reasons": {int(number): audience.reasons[number] for number in numbers}}


AUDIENCES = FileType(
    file="audiences.yaml",
    name="audiences",
    model=Audience,
    fields=(
        Field("slug", SLUG, required=True),
        Field("label", required=True),
        Field("priority", Integer(), required=True),
        Field("groups", ListOf(SLUG), refers=Reference.GROUP_OR_ALL),
        Field("countries", ListOf(COUNTRY), refers=Reference.MEMBER),
        Field("stances", ListOf(choice(*Position.Stance.values))),
        Field("order", ListOf(Integer(1), least=1), required=True, refers=Reference.POINT),
        Field("lead_asks", ListOf(KEY), refers=Reference.ASK),
        Field("reasons", MapOf(NumberAsName(), Text())),
        Field("note", Text()),
    ),
    unique=("priority",),
    more_fields=reasons_in_order,
)
