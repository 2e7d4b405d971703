"""Encryption of personal data at rest, and the keyed hash that finds an address.

Keys come from settings as "version:base64", newest first. AES-256-GCM (NIST SP 800-38D), a fresh 96-bit nonce per
value. Rotation: put a new key first; old values stay readable until `manage.py rotate_keys` has
rewritten them.
"""

import base64
import hmac
import os
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

#: the version is one byte of every encrypted value
MAX_VERSION = 255


class UnreadableValue(Exception):
    """A stored value was altered, or its key is not configured."""


@dataclass(frozen=True)
class LookupHash:
    """Keyed hash of an address: 64 hex digits, and the version of the key it was made with."""

    digest: str
    key_version: int


def parse_keys(configured: list[str]) -> dict[int, bytes]:
    """{version: 32 bytes}, newest first. Raises ValueError with the reason where a key is malformed.

    The reason numbers the entries and quotes none: a misplaced part may be the secret itself.
    """
    keys: dict[int, bytes] = {}
    for number, entry in enumerate(configured, start=1):
        version, colon, encoded = entry.partition(":")
        if not colon:
            raise ValueError(f"entry {number} has no version and colon before the key")
        if not (version.isascii() and version.isdecimal() and len(version) <= 3 and 1 <= int(version) <= MAX_VERSION):
            raise ValueError(f"the version of entry {number} must be a whole number from 1 to {MAX_VERSION}")
        try:
            key = base64.b64decode(encoded, altchars=b"-_", validate=True)
        except ValueError:
            raise ValueError(f"key {int(version)} is not URL-safe base64") from None
        if len(key) != 32:
            raise ValueError(f"key {int(version)} must be 32 bytes, it is {len(key)}")
        if int(version) in keys:
            raise ValueError(f"version {int(version)} is given twice")
        keys[int(version)] = key
    return keys


@lru_cache(maxsize=4)
def _keys(configured: tuple[str, ...]) -> dict[int, bytes]:
    """`parse_keys`, cached: an import needs the keys half a million times."""
    return parse_keys(list(configured))


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def encrypt(plain: bytes) -> bytes:
    """One byte of key version, 12 bytes of nonce, ciphertext with tag."""
    version, key = next(iter(_keys(tuple(settings.FIELD_KEYS)).items()))
    nonce = os.urandom(12)
    return bytes([version]) + nonce + _cipher(key).encrypt(nonce, plain, None)


def decrypt(sealed: bytes) -> bytes:
    """The plain bytes. Raises UnreadableValue."""
    if len(sealed) < 29:  # version, nonce and tag
        raise UnreadableValue("the value is too short")
    key = _keys(tuple(settings.FIELD_KEYS)).get(sealed[0])
    if key is None:
        raise UnreadableValue(f"no key of version {sealed[0]} is configured (FIELD_KEYS)")
    try:
        return _cipher(key).decrypt(sealed[1:13], sealed[13:], None)
    except InvalidTag:
        raise UnreadableValue("the value was altered or its key replaced") from None


def normalise_address(address: str) -> str:
    """A form that is equal for two spellings of one email address: trimmed, lower case, domain in IDNA."""
    local, at, domain = address.strip().rpartition("@")
    if not domain.isascii():
        with suppress(UnicodeError):  # not a domain name: compare as typed
            domain = domain.encode("idna").decode()
    return f"{local}{at}{domain}".lower()


def lookup_hashes(address: str) -> list[LookupHash]:
    """Hashes with every configured key, newest first: store the first, search for all."""
    plain = normalise_address(address).encode()
    return [
        LookupHash(hmac.digest(key, plain, "sha256").hex(), version)
        for version, key in _keys(tuple(settings.LOOKUP_KEYS)).items()
    ]
