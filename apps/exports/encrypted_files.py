"""Files of exports at rest: encrypted in portions, so that neither writing nor reading one needs its size in memory.

A portion is its length (four bytes) and what `apps.core.encryption.encrypt` makes of its number, a mark on the last one
and the content: a file that was cut short, or whose portions were moved, is not read to its end.
"""

import struct
from collections.abc import Iterator
from typing import IO, BinaryIO

from apps.core.encryption import UnreadableValue, decrypt, encrypt

PORTION = 1024 * 1024
HEAD = struct.Struct(">QB")
LENGTH = struct.Struct(">I")


def encrypt_file(plain: BinaryIO, sealed: BinaryIO) -> None:
    """Write the rest of `plain` to `sealed`."""
    number, portion = 0, plain.read(PORTION)
    while True:
        following = plain.read(PORTION)
        content = encrypt(HEAD.pack(number, not following) + portion)
        sealed.write(LENGTH.pack(len(content)) + content)
        if not following:
            return
        number, portion = number + 1, following


def decrypted_portions(sealed: IO[bytes]) -> Iterator[bytes]:
    """The plain bytes, in portions. Raises UnreadableValue for what is not the whole file as it was written."""
    number, last = 0, False
    while length := sealed.read(LENGTH.size):
        if last or len(length) < LENGTH.size:
            raise UnreadableValue("there is more than the file")
        content = decrypt(sealed.read(LENGTH.unpack(length)[0]))
        found, last = HEAD.unpack(content[: HEAD.size])
        if found != number:
            raise UnreadableValue("a portion is missing or not in its place")
        yield content[HEAD.size :]
        number += 1
    if not last:
        raise UnreadableValue("the end of the file is missing")
