"""Model fields that are encrypted in the database and plain in Python. They cannot be searched."""

from typing import Any

from django.db import models

from .encryption import decrypt, encrypt


class EncryptedBinaryField(models.BinaryField):
    """Bytes, sealed with AES-256-GCM."""

    def get_prep_value(self, value: Any) -> bytes | None:
        return None if value is None else encrypt(bytes(value))

    def from_db_value(self, value: Any, *_: object) -> bytes | None:
        return None if value is None else decrypt(bytes(value))


class EncryptedTextField(models.TextField):
    """Text, sealed as UTF-8 in a bytea column."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_prep_value(self, value: Any) -> bytes | None:
        return None if value is None else encrypt(str(value).encode())

    def from_db_value(self, value: Any, *_: object) -> str | None:
        return None if value is None else decrypt(bytes(value)).decode()
