"""Tokens that are mailed or shown once."""

from .canonical_json import sha256_hex


def token_hash(token: str) -> str:
    """The sha256 that is stored of a token. It needs no salt: a token has 256 random bits."""
    return sha256_hex(token.encode())
