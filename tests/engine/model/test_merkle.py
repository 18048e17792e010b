"""The Merkle tree, against RFC 6962's definition written down as it stands there."""

from __future__ import annotations

import hashlib

import pytest

from engine.model.merkle import (
    Frontier,
    consistency_path,
    inclusion_path,
    is_consistent,
    leaf_hash,
    node_hash,
    root_by_path,
    root_of,
)

MOST = 40
LEAVES = [leaf_hash(bytes([number])) for number in range(MOST)]


def defined(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(defined(leaves[:k]), defined(leaves[k:]))


def over(start: int, end: int) -> bytes:
    return defined(LEAVES[start:end])


def test_the_roots_of_the_rfc_are_found() -> None:
    # The vectors of Certificate Transparency's own tests.
    data = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    leaves = [leaf_hash(bytes.fromhex(text)) for text in data]
    assert leaves[0].hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert root_of(leaves[:2]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert root_of(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@pytest.mark.parametrize("size", range(MOST + 1))
def test_the_edge_knows_the_root_and_can_be_put_down_and_taken_up(size: int) -> None:
    edge = Frontier()
    for leaf in LEAVES[:size]:
        edge = Frontier.unpacked(edge.size, edge.packed())
        edge.add(leaf)
    assert edge.root() == defined(LEAVES[:size])


@pytest.mark.parametrize("size", range(1, MOST + 1))
def test_a_path_leads_from_every_leaf_to_the_root_and_from_no_other(size: int) -> None:
    root = defined(LEAVES[:size])
    for index in range(size):
        path = inclusion_path(index, size, over)
        assert root_by_path(index, size, LEAVES[index], path) == root
        for place in range(size + 1):
            if place != index:
                assert root_by_path(place, size, LEAVES[index], path) != root
        assert root_by_path(index, size, LEAVES[index], [*path, bytes(32)]) != root
        if path:
            assert root_by_path(index, size, LEAVES[index], path[:-1]) != root


@pytest.mark.parametrize("second", range(1, MOST + 1))
def test_a_tree_that_grew_is_told_from_one_that_was_changed(second: int) -> None:
    new = defined(LEAVES[:second])
    for first in range(1, second + 1):
        old, path = defined(LEAVES[:first]), consistency_path(first, second, over)
        assert is_consistent(first, second, old, new, path)
        assert not is_consistent(first, second, bytes(32), new, path)
        assert not is_consistent(first, second, old, bytes(32), path)
        assert not is_consistent(first, second, old, new, [*path, bytes(32)])


@pytest.mark.parametrize(("size", "packed"), [(1, b""), (3, bytes(32)), (2, bytes(31)), (0, bytes(32))])
def test_an_edge_that_no_tree_has_is_refused(size: int, packed: bytes) -> None:
    with pytest.raises(ValueError, match="peaks"):
        Frontier.unpacked(size, packed)


def test_what_is_not_in_a_tree_has_no_path() -> None:
    with pytest.raises(ValueError, match="no leaf 3"):
        inclusion_path(3, 3, over)
    with pytest.raises(ValueError, match="never had 4"):
        consistency_path(4, 3, over)
