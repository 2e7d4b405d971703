"""The Merkle tree against the vectors of RFC 9162's reference implementation, and against its recursive definition."""

import hashlib
import secrets

import pytest

from apps.core.merkle_tree import (
    GrowingTree,
    Range,
    consistency_path,
    full_subtrees,
    inclusion_path,
    joined_hash,
    leaf_hash,
    node_hash,
)

#: leaves and roots of certificate-transparency's own tests
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def defined_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1, word for word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(defined_root(leaves[:split]), defined_root(leaves[split:]))


def inclusion_holds(leaf: bytes, number: int, size: int, path: list[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2."""
    index, last, found = number - 1, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if index & 1 or index == last:
            found = node_hash(sibling, found)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and found == root


def consistency_holds(first: int, size: int, old: bytes, new: bytes, path: list[bytes]) -> bool:
    """RFC 9162, 2.1.4.2."""
    if first == size:
        return not path and old == new
    path = [old, *path] if first & (first - 1) == 0 else path
    index, last = first - 1, size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and before == old and after == new


def test_the_roots_are_those_of_the_reference_implementation() -> None:
    tree, roots = GrowingTree(), {}
    for leaf in LEAVES:
        tree.append(leaf_hash(bytes.fromhex(leaf)))
        roots[tree.size] = tree.root().hex()
    assert {size: roots[size] for size in ROOTS} == ROOTS
    assert GrowingTree().root() == hashlib.sha256(b"").digest()


@pytest.fixture(scope="module")
def grown() -> tuple[list[bytes], dict[tuple[int, int], bytes]]:
    """70 leaves, and what is stored of their tree: {(height, end): hash}."""
    leaves, tree, stored = [secrets.token_bytes(32) for _ in range(70)], GrowingTree(), {}
    for end, leaf in enumerate(leaves, start=1):
        stored |= {(height, end): found for height, found in enumerate(tree.append(leaf))}
    return leaves, stored


def hashes(stored: dict[tuple[int, int], bytes], ranges: list[Range]) -> list[bytes]:
    return [joined_hash([stored[subtree] for subtree in full_subtrees(*each)]) for each in ranges]


def test_every_root_and_every_proof_follows_from_what_is_stored(
    grown: tuple[list[bytes], dict[tuple[int, int], bytes]],
) -> None:
    leaves, stored = grown
    assert len(stored) == 2 * 70 - bin(70).count("1"), "two hashes a leaf"
    roots = {size: defined_root(leaves[:size]) for size in range(1, 71)}
    for size, root in roots.items():
        assert hashes(stored, [(0, size)]) == [root]
        for number in range(1, size + 1):
            path = hashes(stored, inclusion_path(number, size))
            assert inclusion_holds(leaves[number - 1], number, size, path, root)
            assert not inclusion_holds(leaves[number % 70], number, size, path, root)
            path = hashes(stored, consistency_path(number, size))
            assert consistency_holds(number, size, roots[number], root, path)
            assert number == size or not consistency_holds(number, size, root, root, path)
