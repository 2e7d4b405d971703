"""A Merkle tree that only grows, after RFC 9162, sections 2.1.1 to 2.1.4: one hash stands for its first N leaves in
order. Ranges of leaves are (start, end): the leaves start + 1 … end, counted from 1."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import reduce
from typing import NamedTuple

type Range = tuple[int, int]
HASH_BYTES = 32


class Subtree(NamedTuple):
    """A full subtree: of 2**height leaves, the last of which is leaf `end`."""

    height: int
    end: int


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


class GrowingTree:
    """A tree of `size` leaves, of which it keeps the hashes of the full subtrees only, from left to right."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)

    def append(self, leaf: bytes) -> list[bytes]:
        """Add the hash of a leaf. Returns the hashes of the full subtrees that end with it: its own, then larger."""
        full, below = [leaf], self.size
        while below & 1:
            full.append(node_hash(self.peaks.pop(), full[-1]))
            below >>= 1
        self.peaks.append(full[-1])
        self.size += 1
        return full

    def root(self) -> bytes:
        return joined_hash(self.peaks)


def joined_hash(peaks: list[bytes]) -> bytes:
    """The hash over neighbouring full subtrees, the largest first; of none, that of the empty tree."""
    if not peaks:
        return hashlib.sha256().digest()
    return reduce(lambda right, left: node_hash(left, right), reversed(peaks))


def full_subtrees(start: int, end: int) -> Iterator[Subtree]:
    """Those into which a range splits, the largest first. Ranges of this module begin where the largest may begin."""
    while start < end:
        height = (end - start).bit_length() - 1
        start += 1 << height
        yield Subtree(height, start)


def inclusion_path(leaf: int, size: int) -> list[Range]:
    """The ranges whose hashes lead from leaf number `leaf` to the root of `size` leaves, from the bottom up."""
    start, end, path = 0, size, []
    while end - start > 1:
        split = _split(start, end)
        inside, outside = ((start, split), (split, end)) if leaf <= split else ((split, end), (start, split))
        path.append(outside)
        start, end = inside
    return path[::-1]


def consistency_path(first: int, size: int) -> list[Range]:
    """The ranges whose hashes show that the tree of `size` leaves begins with that of the `first` ones (0 < first)."""
    start, end, path = 0, size, []
    whole = True
    while first != end:
        split = _split(start, end)
        if first <= split:
            path.append((split, end))
            end = split
        else:
            path.append((start, split))
            start, whole = split, False
    return ([] if whole else [(start, end)]) + path[::-1]


def _split(start: int, end: int) -> int:
    """Where the left branch ends: after the largest power of two that is smaller than the number of leaves."""
    return start + (1 << (end - start - 1).bit_length() - 1)
