"""The draw of a sample, by an algorithm anybody can repeat with the standard library alone (see data/redraw.py).

Rows of each stratum are ordered by HMAC-SHA256 of the seed over population digest and reference; each stratum gets its
share of the size by largest remainder. Same seed and same population: same rows, anywhere.
"""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable, Sequence

ALGORITHM = "aims-sample-1"
Population = Sequence[tuple[str, str]]  # (reference, stratum)


def in_order(rows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The population as it is digested: by reference."""
    return sorted((str(ref), str(stratum)) for ref, stratum in rows)


def digest_of(population: Population) -> str:
    """SHA-256 of every reference with its stratum, one a line, in order."""
    text = "".join(f"{ref}\t{stratum}\n" for ref, stratum in in_order(population))
    return hashlib.sha256(text.encode()).hexdigest()


def shares(counts: dict[str, int], size: int) -> dict[str, int]:
    """How many rows each stratum gives: its share of the size, the rest to the largest remainders (then by name)."""
    total = sum(counts.values())
    whole = {name: size * count // total for name, count in counts.items()}
    rest = sorted(counts, key=lambda name: (-(size * counts[name] % total), name))
    for name in rest[: size - sum(whole.values())]:
        whole[name] += 1
    return whole


def draw(population: Population, seed: str, size: int) -> list[tuple[str, str]]:
    """(reference, stratum) of the rows drawn, stratum by stratum by name, in order of the draw."""
    digest, strata = digest_of(population), defaultdict(list)
    for ref, stratum in in_order(population):
        mark = hmac.new(seed.encode(), f"{digest}\n{ref}".encode(), hashlib.sha256).hexdigest()
        strata[stratum].append((mark, ref))
    given = shares({name: len(rows) for name, rows in strata.items()}, size)
    return [(ref, name) for name in sorted(strata) for _mark, ref in sorted(strata[name])[: given[name]]]
