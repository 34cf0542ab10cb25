"""Merkle trees: known roots of RFC 6962's test data, proofs that hold and forgeries that do not."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aims import merkle

# Test data of RFC 6962 implementations: the first leaves and the roots of the trees they make.
DATA = [
    bytes.fromhex(h)
    for h in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
leaves = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40)


@pytest.mark.parametrize(("size", "expected"), ROOTS.items())
def test_roots_are_those_of_rfc_6962(size, expected):
    assert merkle.root([merkle.leaf_hash(data) for data in DATA[:size]]).hex() == expected


def test_the_empty_tree_has_the_hash_of_nothing():
    assert merkle.Range().root() == sha256(b"").digest()


@given(leaves, st.data())
def test_an_inclusion_proof_leads_to_the_root_and_to_no_other_leaf(found, data):
    index = data.draw(st.integers(0, len(found) - 1))
    proof = merkle.inclusion_proof(found, index)
    assert merkle.root_from_inclusion(found[index], index, len(found), proof) == merkle.root(found)
    other = sha256(found[index]).digest()
    assert merkle.root_from_inclusion(other, index, len(found), proof) != merkle.root(found)


@given(leaves, st.data())
def test_a_consistency_proof_holds_for_the_beginning_alone(found, data):
    first = data.draw(st.integers(1, len(found)))
    proof = merkle.consistency_proof(found, first)
    beginning, whole = merkle.root(found[:first]), merkle.root(found)
    assert merkle.consistent(first, len(found), beginning, whole, proof)
    if first < len(found):
        assert not merkle.consistent(first, len(found), sha256(beginning).digest(), whole, proof)
        assert not merkle.consistent(first, len(found), beginning, sha256(whole).digest(), proof)
        assert not merkle.consistent(first, len(found), beginning, whole, [*proof, whole])
        assert not merkle.consistent(first, len(found), beginning, whole, [])


def test_growing_by_peaks_is_the_same_as_at_once():
    hashes = [merkle.leaf_hash(bytes([n])) for n in range(50)]
    tree = merkle.Range()
    for number, leaf in enumerate(hashes, start=1):
        tree = merkle.Range(tree.peaks)
        tree.append(leaf)
        assert (tree.size, tree.root()) == (number, merkle.root(hashes[:number]))


@pytest.mark.parametrize("index", [-1, 3])
def test_no_proof_outside_the_tree(index):
    with pytest.raises(IndexError):
        merkle.inclusion_proof([b"a" * 32] * 3, index)
    with pytest.raises(ValueError, match="outside"):
        merkle.root_from_inclusion(b"a" * 32, index, 3, [])


@pytest.mark.parametrize("first", [0, 4])
def test_no_consistency_beyond_the_tree(first):
    with pytest.raises(IndexError):
        merkle.consistency_proof([b"a" * 32] * 3, first)


def test_a_proof_of_the_wrong_length_is_refused():
    hashes = [merkle.leaf_hash(bytes([n])) for n in range(5)]
    proof = merkle.inclusion_proof(hashes, 2)
    with pytest.raises(ValueError, match="long"):
        merkle.root_from_inclusion(hashes[2], 2, 5, [*proof, proof[0]])
    with pytest.raises(ValueError, match="short"):
        merkle.root_from_inclusion(hashes[2], 2, 5, proof[:-1])
