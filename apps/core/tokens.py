"""Tokens that are mailed or shown once."""

from .canonical import sha256_hex


def token_hash(token: str) -> str:
    """What is stored of a token: its sha256. Tokens are 256 random bits, so a plain hash cannot be reversed."""
    return sha256_hex(token.encode())
