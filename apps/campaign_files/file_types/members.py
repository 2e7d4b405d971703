"""members.csv and earlier_names.csv: members of the organisation, for the whole installation."""

from typing import Any

from apps.core.text import sort_key
from apps.governments.models import Member

from ..schema import COUNTRY, Date, Entry, ListOf, Mapping, Text, choice, fit
from .base import FileType, given, in_order, renamed

LANGUAGES = ListOf(Text(3))

SHAPE = Mapping(
    required={
        "iso_alpha2": COUNTRY,
        "iso_alpha3": Text(3),
        "wto_name": fit(Member, "official_name"),
        "short_name": fit(Member, "name"),
        "name_fr": fit(Member, "name_fr"),
        "name_es": fit(Member, "name_es"),
        "accession_date": Date(),
        "capital": fit(Member, "capital"),
        "region": fit(Member, "region"),
        "official_languages": LANGUAGES,
        "wto_working_language": choice("en", "fr", "es"),
        "wto_working_language_basis": fit(Member, "working_language_basis"),
    },
    optional={
        "leaving_date": Date(),
        "intermediate_region": fit(Member, "intermediate_region"),
        "other_official_languages": LANGUAGES,
        "wto_working_language_alt": choice("en", "fr", "es"),
        "uncertain_fields": ListOf(Text(40)),
        "notes": Text(),
    },
)

EARLIER_NAMES_FILE = "earlier_names.csv"
EARLIER_NAME = Mapping(
    required={
        "iso_alpha2": COUNTRY,
        "until": Date(),
        "short_name": fit(Member, "name"),
        "wto_name": fit(Member, "official_name"),
    },
    optional={"name_fr": fit(Member, "name_fr"), "name_es": fit(Member, "name_es"), "basis": Text()},
)
COLUMNS = {
    "code3": "iso_alpha3",
    "official_name": "wto_name",
    "name": "short_name",
    "name_fr": "name_fr",
    "name_es": "name_es",
    "acceded_on": "accession_date",
    "left_on": "leaving_date",
    "capital": "capital",
    "region": "region",
    "intermediate_region": "intermediate_region",
    "official_languages": "official_languages",
    "other_official_languages": "other_official_languages",
    "working_language": "wto_working_language",
    "working_language_basis": "wto_working_language_basis",
    "working_language_alt": "wto_working_language_alt",
    "uncertain_fields": "uncertain_fields",
    "notes": "notes",
}
#: {element of Member.earlier_names: column of earlier_names.csv}
NAME_COLUMNS = {
    "name": "short_name",
    "name_fr": "name_fr",
    "name_es": "name_es",
    "official_name": "wto_name",
    "basis": "basis",
}
NAME_ORDER = ("iso_alpha2", "until", "short_name", "name_fr", "name_es", "wto_name", "basis")


def values(entry: Entry, position: int) -> dict[str, Any]:
    """The member's fields but its earlier names, sort keys included."""
    return {
        "left_on": None,
        "intermediate_region": "",
        "other_official_languages": [],
        "working_language_alt": "",
        "uncertain_fields": [],
        "notes": "",
        **renamed(entry, **COLUMNS),
        "sort_en": sort_key(entry["short_name"]),
        "sort_fr": sort_key(entry["name_fr"]),
        "sort_es": sort_key(entry["name_es"]),
    }


def earlier_name(entry: Entry) -> dict[str, str]:
    """One element of Member.earlier_names."""
    return {"until": entry["until"].isoformat(), **renamed(entry, **NAME_COLUMNS)}


def to_file(member: Member) -> dict[str, Any]:
    """The columns of members.csv."""
    return {"iso_alpha2": member.code, **given(member, COLUMNS, SHAPE)}


def written_names(member: Member) -> list[dict[str, Any]]:
    """The rows of earlier_names.csv about one member."""
    return [
        in_order(
            {
                "iso_alpha2": member.code,
                **{NAME_COLUMNS.get(field, field): value for field, value in name.items()},
            },
            NAME_ORDER,
        )
        for name in member.earlier_names
    ]


FILE_TYPE = FileType(
    name="members",
    file="members.csv",
    section="",
    shape=SHAPE,
    model=Member,
    id="iso_alpha2",
    key="code",
    values=values,
    to_file=to_file,
    columns=COLUMNS,
    order=(
        "iso_alpha2",
        "iso_alpha3",
        "wto_name",
        "short_name",
        "name_fr",
        "name_es",
        "accession_date",
        "leaving_date",
        "capital",
        "region",
        "intermediate_region",
        "official_languages",
        "other_official_languages",
        "wto_working_language",
        "wto_working_language_basis",
        "wto_working_language_alt",
        "uncertain_fields",
        "notes",
    ),
    unique=("iso_alpha3",),
    # earlier names have a file of their own, the date is in campaign.yaml
    not_in_file=frozenset({"earlier_names", "data_as_of"}),
)
