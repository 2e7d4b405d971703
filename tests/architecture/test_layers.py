"""The layers: foreign keys point down, the import rules know every app, frozen tables refuse every change."""

import configparser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from apps.core.checks.databases import foreign_keys_point_down

ROOT = Path(__file__).resolve().parent.parent.parent


def test_foreign_keys_point_down_the_layers() -> None:
    """Rule: "Foreign keys must point down the APP_LAYERS list" (ecom.E040, of settings/base.py)."""
    assert foreign_keys_point_down(None) == []


def test_an_upward_key_would_be_seen(settings: Any) -> None:
    """The rule above reversed: with the layers upside down there are many violations, each named."""
    settings.APP_LAYERS = settings.APP_LAYERS[::-1]
    found = foreign_keys_point_down(None)
    assert len(found) > 10
    assert {error.id for error in found} == {"ecom.E040"}
    assert any("letters.Letter.campaign → campaigns.Campaign" in error.msg for error in found)


def test_the_audit_trail_has_no_foreign_keys() -> None:
    """Rows it speaks of may be erased; the trail stays."""
    from apps.core.models import AuditEvent

    assert [field.name for field in AuditEvent._meta.get_fields() if field.is_relation] == []


def test_the_import_rules_know_every_app_in_the_order_of_the_layers() -> None:
    rules = configparser.ConfigParser()
    rules.read(ROOT / ".importlinter")
    listed = rules["importlinter:contract:apps"]["layers"].replace("|", " ").split()
    folders = {path.parent.name for path in (ROOT / "apps").glob("*/__init__.py")}
    assert listed == settings.APP_LAYERS
    assert folders == set(settings.APP_LAYERS)


def insert_only_tables() -> list[str]:
    """Tables with our trigger, as the database knows them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "JOIN pg_proc ON pg_proc.oid = tgfoid WHERE proname = 'refuse_change' AND tgenabled = 'O' "
            "GROUP BY relname HAVING count(*) >= 2 ORDER BY relname"
        )
        return [name for (name,) in cursor.fetchall()]


MUST_BE_INSERT_ONLY = {
    "core_auditevent",
    "letters_letterversion",
    "letters_edition",
    "letters_approval",
    "letters_textrevision",
    "letters_textupdate",
    "letters_textsnapshot",
    "letters_textclient",
    "coalitions_signonversion",
    "coalitions_annex",
    "coalitions_annexentry",
    "coalitions_signaturelogentry",
    "coalitions_signatureloghead",
}


@pytest.mark.django_db
def test_what_is_frozen_is_guarded() -> None:
    assert set(insert_only_tables()) >= MUST_BE_INSERT_ONLY


@pytest.mark.django_db
def test_guarded_tables_refuse_every_change_whoever_asks() -> None:
    """Raw SQL, past Django: UPDATE, DELETE and TRUNCATE of each guarded table."""
    for table in insert_only_tables():
        put_in_one_row(table)
        column = first_column(table)
        for change in (
            f"UPDATE {table} SET {column} = {column}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
        ):
            with pytest.raises(IntegrityError, match="is refused"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(change)


def first_column(table: str) -> str:
    with connection.cursor() as cursor:
        return connection.introspection.get_table_description(cursor, table)[0].name


def put_in_one_row(table: str) -> None:
    """A row of zeros and empty texts, without the rows it would point to: only the guards are of interest here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, udt_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND table_name = %s AND is_nullable = 'NO' AND is_identity = 'NO'",
            [table],
        )
        columns = cursor.fetchall()
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'",
            [table],
        )
        for (constraint,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"')
        names = ", ".join(f'"{name}"' for name, _ in columns)
        values = ", ".join(ZERO[kind] for _, kind in columns)
        cursor.execute("SET LOCAL session_replication_role = replica")  # no foreign keys for a moment
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({values})")
        cursor.execute("SET LOCAL session_replication_role = origin")


ZERO = {
    **dict.fromkeys(("int2", "int4", "int8"), "0"),
    **dict.fromkeys(("varchar", "text", "bpchar"), "''"),
    "bool": "false",
    "jsonb": "'{}'",
    "bytea": "''",
    "date": "'2017-12-10'",
    "timestamptz": "'2017-12-10 12:00+00'",
    "uuid": "'00000000-0000-0000-0000-000000000000'",
    "_varchar": "'{}'",
}
