"""`manage.py rotate_keys`: everything is under the newest keys afterwards, and still readable and found."""

import base64
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from apps.coalitions.models import SignOn, SignOnCall
from apps.core.encryption import lookup_hashes
from apps.core.key_rotation import BATCH, hashes_left, hashes_rotate, values_rotate
from apps.postbox.models import Message
from apps.postbox.services.suppressions import address_suppress
from tests.factories.signing import organisation, signed, submit

pytestmark = pytest.mark.django_db
OLD, NEW = (f"{version}:{base64.urlsafe_b64encode(bytes([version]) * 32).decode()}" for version in (7, 8))


def key_versions() -> set[int]:
    """The first bytes of all encrypted values in the database."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if type(field).__name__.startswith("Encrypted"):
                with connection.cursor() as cursor:
                    cursor.execute(f'SELECT DISTINCT get_byte("{field.column}", 0) FROM "{model._meta.db_table}"')
                    found |= {row[0] for row in cursor.fetchall()}
    return found - {None}


@pytest.fixture
def old_rows(settings: Any, call: SignOnCall) -> SignOn:
    settings.FIELD_KEYS = settings.LOOKUP_KEYS = [OLD]
    sign_on = signed(call, organisation())
    submit(call, organisation("Second Forum", email="second@forum.example"))
    values_rotate()  # what fixtures made before
    settings.FIELD_KEYS = settings.LOOKUP_KEYS = [NEW, OLD]
    return sign_on


def test_all_values_and_hashes_move_to_the_newest_keys(old_rows: SignOn, settings: Any) -> None:
    email, log_salt = old_rows.email, old_rows.salt
    bodies = list(Message.objects.order_by("pk").values_list("to_address", "text_body", "composer_values"))
    assert key_versions() == {7}
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    assert key_versions() == {8}
    settings.FIELD_KEYS = [NEW]
    kept = SignOn.objects.get(pk=old_rows.pk)
    assert (kept.email, kept.salt, kept.updated_at) == (email, log_salt, old_rows.updated_at)
    assert (kept.email_hash, kept.key_version) == (lookup_hashes(email)[0].digest, 8)
    assert list(Message.objects.order_by("pk").values_list("to_address", "text_body", "composer_values")) == bodies
    assert "coalitions_signon: 2 rows hashed" in out.getvalue()
    assert (
        "Keep the older keys of LOOKUP_KEYS: addresses are known by hashes alone in postbox_message" in out.getvalue()
    )
    assert (values_rotate(), hashes_rotate()) == ({}, {}), "nothing is left to do"


def test_more_rows_than_a_batch(old_rows: SignOn) -> None:
    values = {field.attname: getattr(old_rows, field.attname) for field in SignOn._meta.concrete_fields}
    values |= {"id": None, "state": SignOn.State.PENDING}
    SignOn.objects.bulk_create(SignOn(**{**values, "email_hash": f"{number:064d}"}) for number in range(BATCH + 5))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE coalitions_signon SET email = (SELECT email FROM coalitions_signon WHERE id = %s)", [old_rows.pk]
        )
    assert values_rotate()["coalitions_signon"] == BATCH + 7
    assert key_versions() == {8}


def test_what_is_known_by_its_hash_alone_keeps_its_key(settings: Any) -> None:
    settings.LOOKUP_KEYS = [OLD]
    address_suppress(address="gone@office.example", reason="bounced", actor=None)
    settings.LOOKUP_KEYS = [NEW, OLD]
    assert hashes_rotate() == {}
    assert hashes_left() == {"postbox_suppression": 1}


def test_erased_and_equal_addresses_stay(old_rows: SignOn) -> None:
    other = SignOn.objects.exclude(pk=old_rows.pk).get()
    SignOn.objects.filter(pk=other.pk).update(email="", email_hash="erased:1")
    assert hashes_rotate()["coalitions_signon"] == 1
    other.refresh_from_db()
    assert (other.email_hash, other.key_version) == ("erased:1", 7)
    assert "coalitions_signon" not in hashes_left()


def test_a_key_that_is_missing_stops_it_with_a_reason(old_rows: SignOn, settings: Any) -> None:
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(CommandError, match="no key of version 7 is configured"):
        call_command("rotate_keys", stdout=StringIO())
    assert key_versions() == {7}
