"""Merkle trees as in RFC 6962 (section 2.1): roots, inclusion and consistency proofs over SHA-256 leaf hashes.

Pure functions on lists of 32-byte leaf hashes; `Range` appends without reading the leaves before it.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf's bytes (domain-separated by 0x00)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node (domain-separated by 0x01)."""
    return sha256(b"\x01" + left + right).digest()


EMPTY = sha256(b"").digest()


class Range:
    """The left edge of a growing tree: roots of its perfect subtrees, largest first, as (leaves, hash)."""

    def __init__(self, peaks: Iterable[tuple[int, bytes]] = ()) -> None:
        self.peaks = list(peaks)

    @property
    def size(self) -> int:
        return sum(leaves for leaves, _hash in self.peaks)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash at the right."""
        self.peaks.append((1, leaf))
        while len(self.peaks) > 1 and self.peaks[-1][0] == self.peaks[-2][0]:
            (leaves, right), (_same, left) = self.peaks.pop(), self.peaks.pop()
            self.peaks.append((2 * leaves, node_hash(left, right)))

    def root(self) -> bytes:
        """Root of the whole tree."""
        if not self.peaks:
            return EMPTY
        found = self.peaks[-1][1]
        for _leaves, peak in reversed(self.peaks[:-1]):
            found = node_hash(peak, found)
        return found


class Tree:
    """A whole tree in memory, for many inclusion proofs: each costs as many steps as the tree has levels."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.levels = [list(leaves)]
        while len(self.levels[-1]) > 1:
            below = self.levels[-1]
            above = [node_hash(below[place], below[place + 1]) for place in range(0, len(below) - 1, 2)]
            self.levels.append([*above, *below[2 * len(above) :]])  # what has no neighbour moves up as it is

    def proof(self, index: int) -> list[bytes]:
        """Audit path of the leaf at `index`, as `inclusion_proof` gives it. Raises IndexError outside the tree."""
        if not 0 <= index < len(self.levels[0]):
            raise IndexError(index)
        found = []
        for level in self.levels[:-1]:
            neighbour = index ^ 1
            if neighbour < len(level):
                found.append(level[neighbour])
            index //= 2
        return found


def root(leaves: Sequence[bytes]) -> bytes:
    """Root over leaf hashes in order."""
    tree = Range()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def _split(size: int) -> int:
    """Largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Audit path of the leaf at `index` (RFC 6962 2.1.1). Raises IndexError outside the tree."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return [*inclusion_proof(leaves[:k], index), root(leaves[k:])]
    return [*inclusion_proof(leaves[k:], index - k), root(leaves[:k])]


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that a proof leads to (RFC 9162 2.1.3.2). Raises ValueError when its length is wrong."""
    if not 0 <= index < size:
        raise ValueError("index outside the tree")
    position, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise ValueError("proof is too long")
        if position & 1 or position == last:
            found = node_hash(step, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, step)
        position, last = position >> 1, last >> 1
    if last:
        raise ValueError("proof is too short")
    return found


def consistency_proof(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """Proof that the tree of the `first` leaves is the beginning of this one (RFC 6962 2.1.2)."""
    if not 0 < first <= len(leaves):
        raise IndexError(first)
    return _subproof(leaves, first, whole=True)


def _subproof(leaves: Sequence[bytes], first: int, *, whole: bool) -> list[bytes]:
    if first == len(leaves):
        return [] if whole else [root(leaves)]
    k = _split(len(leaves))
    if first <= k:
        return [*_subproof(leaves[:k], first, whole=whole), root(leaves[k:])]
    return [*_subproof(leaves[k:], first - k, whole=False), root(leaves[:k])]


def consistent(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of size `first` is the beginning of that of size `second` (RFC 9162 2.1.4.2)."""
    if first == second:
        return not proof and first_root == second_root
    if not 0 < first < second or not proof:
        return False
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    position, last = first - 1, second - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, step)
        position, last = position >> 1, last >> 1
    return (old, new, last) == (first_root, second_root, 0)
