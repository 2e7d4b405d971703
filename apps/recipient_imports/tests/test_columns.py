"""The guess of what a column means: by headings in five languages, by what stands in it, slips forgiven."""

import time
from datetime import date

import pytest

from apps.governments.models import Office, Recipient
from apps.recipient_imports.column_mapping import guess_mapping, key_of_heading
from apps.recipient_imports.columns import COLUMNS, COLUMNS_BY_KEY
from apps.recipient_imports.spreadsheets.reader import read_sheet


def known(value: str) -> bool:
    return value in {"Kenya", "Togo", "KE"}


def guess(*lines: str) -> list[str]:
    return guess_mapping(read_sheet("\n".join(lines).encode()), known)


@pytest.mark.parametrize(
    ("headings", "keys"),
    [
        ("Country,Office,Post,Name,E-Mail,Telephone", ["country", "office", "post", "name", "address", "phone"]),
        ("Courriel,Fonction,Pays,Ministère,Nom,Langue", ["address", "post", "country", "office", "name", "language"]),
        ("País,Ministerio,Cargo,Nombre,Correo electrónico", ["country", "office", "post", "name", "address"]),
        (
            "Land,Ministerium,Funktion,Ansprechpartner,E-Mail-Adresse,Anrede",
            ["country", "office", "post", "name", "address", "salutation"],
        ),
        ("البلد,الوزارة,المنصب,الاسم,البريد الإلكتروني", ["country", "office", "post", "name", "address"]),
        ("COUNTRY ,ofice,Fonktion,Telefone,POSTAL_ADDRESS", ["country", "office", "post", "phone", "postal"]),
        ("Minstry,Contry,Nottes,Xylophone,Z", ["office", "country", "notes", "", ""]),
    ],
)  # fmt: skip
def test_headings_in_any_order_and_language(headings: str, keys: list[str]) -> None:
    assert guess(headings, ",".join("" for _key in keys[1:]) + ",.") == keys


@pytest.mark.parametrize("heading", ["Email 2", "Courriel  12", "البريد الإلكتروني 3", "correo electrónico2"])
def test_a_number_after_a_heading_is_ignored(heading: str) -> None:
    assert key_of_heading(heading) == "address"


@pytest.mark.parametrize("cell", ["1" * 9_999 + "x", "1 " * 5_000 + "x", "a" + " " * 9_998 + "b", "٣" * 9_999 + "x"])
def test_a_long_cell_takes_no_time_to_be_no_heading(cell: str) -> None:
    started = time.thread_time()
    assert key_of_heading(cell) == ""
    assert time.thread_time() - started < 0.2


def test_every_heading_of_our_own_export_is_known() -> None:
    assert [key_of_heading(column.export_heading) for column in COLUMNS] == [column.key for column in COLUMNS]


def test_every_field_that_staff_edit_has_a_column() -> None:
    """Whoever adds a field to the page of a recipient adds a column, or says here why it has none."""
    columns = {(column.of_office, column.field_name) for column in COLUMNS}
    for model, others in (
        (Office, {"campaign", "member"}),
        (Recipient, {"campaign", "office", "active", "merged_into"}),
    ):
        fields = {field.name for field in model._meta.concrete_fields} - {"id", "created_at", "updated_at"} - others
        assert fields <= {name for of_office, name in columns if of_office == (model is Office)}


def test_what_stands_in_a_column_outweighs_its_heading() -> None:
    assert guess("a,b,c", "Kenya,x,m@ke.example", "Togo,y,m@tg.example") == ["country", "", "address"]
    assert guess("Country,Address", "Kenya,Street 1 Nairobi", "Togo,Lome") == ["country", "postal"]
    assert guess("Land,Post", "Kenya,Minister") == ["country", "post"]


def test_given_and_family_name_are_one_field_and_other_names_are_not() -> None:
    assert guess("Pays,Prénom,Nom,Poste", "Kenya,Amélie,Diop,x") == ["country", "name", "name", "post"]
    assert guess("Land,Name,Vorname,Posten", "Kenya,Diop,Ousmane,x") == ["country", "name", "name", "post"]
    assert guess("Country,Full name,Contact person", "Kenya,A Diop,B Sow") == ["country", "name", ""]


def test_only_addresses_may_come_in_several_columns() -> None:
    lines = ("Country,Country,Email 1,Email 2", "Kenya,Kenya,a@ke.example,b@ke.example")
    assert guess(*lines) == ["country", "", "address", "address"]


@pytest.mark.parametrize("text", ["Mission de Genève", "mission à Genève", "Misión en Ginebra", "Geneva mission"])
def test_a_mission_in_geneva_is_known_however_it_is_called(text: str) -> None:
    assert COLUMNS_BY_KEY["kind"].parse(text, date(2017, 12, 1)) == ("mission", [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("fr", "fr"), ("EN", "en"), ("en-GB", "en"), ("fr_CA", "fr"), ("es-419", "es"), ("Español", "es"),
        ("anglais", "en"), ("العربية", "ar"), ("de", None), ("Deutsch", None), ("pt-br", None), ("zh-hans", None),
        ("frisian", None), ("e", None),
    ],
)  # fmt: skip
def test_only_languages_of_letters_are_languages_to_write_in(text: str, code: str | None) -> None:
    value, reasons = COLUMNS_BY_KEY["language"].parse(text, date(2017, 12, 1))
    assert value == code
    assert [reason[0] for reason in reasons] == ([] if code else ["language_unknown"])
