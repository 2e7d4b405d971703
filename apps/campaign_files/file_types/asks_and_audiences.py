"""asks.yaml: what a letter can ask for. audiences.yaml: which points fit whom, in which order."""

from apps.governments.models import Position
from apps.talkingpoints.models import Ask, Audience

from ..schema import COUNTRY, KEY, SLUG, Integer, ListOf, MapOf, Scalar, Text, choice, fit
from .base import Field, FileType, Reference, Values

ASKS = FileType(
    file="asks.yaml",
    name="asks",
    model=Ask,
    fields=(
        Field("id", KEY, "key", required=True),
        Field("text", required=True),
        Field("short", required=True),
        Field("short_fr", fit(Ask, "short"), "fr", within="shorts"),
        Field("short_es", fit(Ask, "short"), "es", within="shorts"),
        Field("supports", ListOf(Integer(1)), required=True, refers=Reference.POINT),
        Field("fits_groups", ListOf(SLUG), refers=Reference.GROUP_OR_ALL),
        Field("not_for_groups", ListOf(SLUG), refers=Reference.GROUP),
        Field("strength", choice("core", "strong", "optional"), required=True),
        Field("from_document", choice("explicit", "derived", "general"), "basis", required=True),
        Field("note", Text()),
    ),
)


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
