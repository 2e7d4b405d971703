"""members.csv and earlier_names.csv: governments, the members of the organisation, for the whole installation."""

from apps.core.text import sort_key
from apps.governments.models import Member

from ..schema import COUNTRY, Date, Entry, ListOf, Text, choice
from .base import Field, Fields, FileType, Reference, Values, in_order
from .campaign import Zone

LANGUAGES = ListOf(Text(3))
WORKING_LANGUAGE = choice("en", "fr", "es")


def sort_keys(entry: Entry) -> Values:
    names = {"sort_en": "short_name", "sort_fr": "name_fr", "sort_es": "name_es"}
    return {field: sort_key(entry[name]) for field, name in names.items()}


MEMBERS = FileType(
    file="members.csv",
    name="members",
    model=Member,
    fields=(
        Field("iso_alpha2", COUNTRY, "code", required=True),
        Field("iso_alpha3", Text(3), "code3", required=True),
        Field("wto_name", None, "official_name", required=True),
        Field("short_name", None, "name", required=True),
        Field("name_fr", required=True),
        Field("name_es", required=True),
        Field("accession_date", Date(), "acceded_on", required=True),
        Field("leaving_date", Date(), "left_on"),
        Field("capital", required=True),
        Field("time_zone", Zone(40)),
        Field("region", required=True),
        Field("intermediate_region"),
        Field("official_languages", LANGUAGES, required=True),
        Field("other_official_languages", LANGUAGES),
        Field("wto_working_language", WORKING_LANGUAGE, "working_language", required=True),
        Field("wto_working_language_basis", None, "working_language_basis", required=True),
        Field("wto_working_language_alt", WORKING_LANGUAGE, "working_language_alt"),
        Field("uncertain_fields", ListOf(Text(40))),
        Field("notes", Text()),
    ),
    unique=("iso_alpha3",),
    more_values=sort_keys,
)

EARLIER_NAMES_FILE = "earlier_names.csv"
#: the columns after the first are stored in Member.earlier_names
EARLIER_NAME = Fields(
    Member,
    (
        Field("iso_alpha2", COUNTRY, "code", required=True, refers=Reference.MEMBER),
        Field("until", Date(), None, required=True),
        Field("short_name", None, "name", required=True),
        Field("name_fr"),
        Field("name_es"),
        Field("name_ar", Text(120), None),
        Field("wto_name", None, "official_name", required=True),
        Field("basis", Text(), None),
    ),
)
NAME_COLUMNS = {field.stored or field.name: field.name for field in EARLIER_NAME.fields[1:]}


def earlier_name(entry: Entry) -> dict[str, str]:
    found = {field: entry[name] for field, name in NAME_COLUMNS.items() if name in entry}
    return found | {"until": entry["until"].isoformat()}


def earlier_names_to_file(member: Member) -> list[Values]:
    rows = [{NAME_COLUMNS.get(field, field): value for field, value in name.items()} for name in member.earlier_names]
    return [in_order({"iso_alpha2": member.code, **row}, EARLIER_NAME.order) for row in rows]
