"""Personal data moves to the newest keys: encrypted values, and the keyed hashes by which addresses are found."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Func, Q, Value

from .encrypted_fields import EncryptedBinaryField, EncryptedTextField
from .encryption import lookup_hashes, parse_keys

#: fields with the hash of an address, and with the version of its key
HASHES = [("email_hash", "key_version"), ("address_hash", "key_version"), ("to_hash", "to_key_version")]
ENCRYPTED = (EncryptedBinaryField, EncryptedTextField)
#: rows that are locked and rewritten at once; a row may hold a PDF
BATCH = 200


def values_rotate() -> dict[str, int]:
    """Encrypt every value that an older key of FIELD_KEYS protects with the newest. {table: rows rewritten}. May be
    stopped and started at any time; rows that are in use meanwhile are waited for. Raises UnreadableValue."""
    newest = next(iter(parse_keys(list(settings.FIELD_KEYS))))
    found = {}
    for model in apps.get_models():
        names = [field.name for field in model._meta.concrete_fields if isinstance(field, ENCRYPTED)]
        if names and (number := sum(_batches(model, names, newest))):
            found[model._meta.db_table] = number
    return found


def hashes_rotate() -> dict[str, int]:
    """Make hashes of addresses with the newest of LOOKUP_KEYS, in models that name ADDRESS_FIELDS (address, hash, key
    version). {table: rows rewritten}. What is known by its hash alone keeps its key, and so does a row whose new hash
    another one has already."""
    newest = next(iter(parse_keys(list(settings.LOOKUP_KEYS))))
    found = {}
    for model in apps.get_models():
        names: tuple[str, str, str] | None = getattr(model, "ADDRESS_FIELDS", None)
        if names and (number := _rehash(model, names, newest)):
            found[model._meta.db_table] = number
    return found


def hashes_left() -> dict[str, int]:
    """{table: rows whose hash an older key made}. While there are any, that key stays in LOOKUP_KEYS."""
    newest = next(iter(parse_keys(list(settings.LOOKUP_KEYS))))
    found: dict[str, int] = {}
    for model in apps.get_models():
        for digest, version in HASHES:
            if {digest, version} <= {field.name for field in model._meta.concrete_fields}:
                # "erased:" and "none:" stand in the place of a hash
                rows = model._default_manager.exclude(**{version: newest}).exclude(**{f"{digest}__contains": ":"})
                found |= {model._meta.db_table: number} if (number := rows.count()) else {}
    return found


def _batches(model: type[models.Model], names: list[str], newest: int) -> Iterator[int]:
    """Rewrite the rows with an older value, in the order of their keys. Yields how many at a time."""
    versions = {f"version_{name}": _key_version(name) for name in names}
    is_newest = Q(*((name, newest) for name in versions), _connector=Q.AND)
    rows = model._default_manager.annotate(**versions).exclude(is_newest).order_by("pk")
    last = None
    while True:
        with transaction.atomic():
            later = rows if last is None else rows.filter(pk__gt=last)
            ids = list(later.select_for_update(of=("self",)).values_list("pk", flat=True)[:BATCH])
            found = model._default_manager.filter(pk__in=ids).only("pk", *names)
            model._default_manager.bulk_update(found, names)
        if not ids:
            return
        last = ids[-1]
        yield len(ids)


def _key_version(name: str) -> Func:
    """The first byte of an encrypted value."""
    return Func(name, Value(0), function="get_byte", output_field=models.IntegerField())


def _rehash(model: type[models.Model], names: tuple[str, str, str], newest: int) -> int:
    address, _digest, version = names
    number, last = 0, None
    while True:
        rows = model._default_manager.exclude(**{version: newest}).order_by("pk")
        rows = rows.filter(pk__gt=last) if last is not None else rows
        batch = list(rows.only("pk", address, version)[:BATCH])
        for row in batch:
            number += _rehash_one(model, row, names)
        if not batch:
            return number
        last = batch[-1].pk


def _rehash_one(model: type[models.Model], row: models.Model, names: tuple[str, str, str]) -> int:
    """Only where nobody has changed or erased the address meanwhile: its hash is still that of the old key."""
    address, digest, version = names
    plain = getattr(row, address)
    if not plain:
        return 0
    newest, *older = lookup_hashes(plain)
    known = {f"{digest}__in": [each.digest for each in older], "pk": row.pk}
    try:
        with transaction.atomic():
            values = {digest: newest.digest, version: newest.key_version}
            return model._default_manager.filter(**known).update(**values)
    except IntegrityError:
        return 0
