"""Personal data cannot be read from the database, and survives a change of keys."""

import pytest
from django.db import connection

from apps.core.encryption import UnreadableValue, decrypt, encrypt, lookup_hashes, normalise_address, parse_keys
from apps.governments.models import Office, Recipient
from tests.factories import make_member

NEW = "3:" + "bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleS0="


def test_what_is_sealed_reads_back_and_never_looks_the_same() -> None:
    first, second = encrypt("سفير كينيا".encode()), encrypt("سفير كينيا".encode())
    assert first != second
    assert decrypt(first).decode() == decrypt(second).decode() == "سفير كينيا"


def test_an_altered_value_is_refused() -> None:
    sealed = bytearray(encrypt(b"a.person@mission-ke.example"))
    sealed[-1] ^= 1
    with pytest.raises(UnreadableValue):
        decrypt(bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" * 9, b"\x01" * 28])
def test_a_value_that_was_cut_short_is_refused(sealed: bytes) -> None:
    with pytest.raises(UnreadableValue):
        decrypt(sealed)


def test_old_values_stay_readable_when_a_new_key_comes_first(settings: pytest.FixtureRequest) -> None:
    old = encrypt(b"kept")
    settings.FIELD_KEYS = [NEW, *settings.FIELD_KEYS]
    assert decrypt(old) == b"kept"
    assert encrypt(b"fresh")[0] == 3
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(UnreadableValue, match="version 2"):
        decrypt(old)


def test_the_column_holds_no_plain_text(campaign: object) -> None:
    office = Office.objects.create(campaign=campaign, member=make_member(), kind="mission", name="Mission")
    recipient = Recipient.objects.create(
        campaign=campaign, office=office, post="Ambassador", name="Wanjiru Kamau", language="en"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM governments_recipient WHERE id = %s", [recipient.pk])
        stored = bytes(cursor.fetchone()[0])
    assert b"Wanjiru" not in stored
    recipient.refresh_from_db()
    assert recipient.name == "Wanjiru Kamau"


@pytest.mark.parametrize("other", [" A.Person@Example.Test", "a.person@EXAMPLE.test ", "A.PERSON@example.test"])
def test_two_spellings_of_an_address_are_one(other: str) -> None:
    assert lookup_hashes(other) == lookup_hashes("a.person@example.test")


def test_a_domain_in_its_own_script_equals_its_ascii_form() -> None:
    assert normalise_address("post@bücher.example") == "post@xn--bcher-kva.example"


def test_a_hash_needs_the_key(settings: pytest.FixtureRequest) -> None:
    before = lookup_hashes("a@b.example")[0].digest
    settings.LOOKUP_KEYS = [NEW]
    assert lookup_hashes("a@b.example")[0].digest != before


def test_a_short_key_is_named() -> None:
    with pytest.raises(ValueError, match="key 1 must be 32 bytes"):
        parse_keys(["1:c2hvcnQ="])
