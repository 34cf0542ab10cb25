"""Texts that are almost the same: a sketch of each text is kept, and sketches are compared.

Method: bottom-k sketch of 5-word shingles (Broder). The text's words, lower case, are read five at a time; of the
hashes of these shingles the SKETCH smallest are kept. Two texts whose sketches share ALIKE of their hashes share about
as much of their shingles. Short texts have no sketch; pictures and documents are compared by their digest alone.
"""

import re
from collections.abc import Iterable
from hashlib import blake2b
from heapq import nsmallest

from django.db import connection

SHINGLE = 5
SKETCH = 64
ALIKE = 0.8
# Fewer shingles say nothing: forms and headings are alike by nature.
FEWEST = 20
# Of longer texts the beginning is enough.
MOST_BYTES = 2_000_000
_WORD = re.compile(r"\w+")


def sketch(pieces: Iterable[bytes]) -> list[int]:
    """The sketch of a text in UTF-8; empty when it is too short to compare."""
    data = bytearray()
    for piece in pieces:
        data += piece
        if len(data) >= MOST_BYTES:
            break
    words = _WORD.findall(data[:MOST_BYTES].decode("utf-8", errors="replace").lower())
    shingles = {" ".join(words[start : start + SHINGLE]) for start in range(len(words) - SHINGLE + 1)}
    return nsmallest(SKETCH, map(_hash, shingles)) if len(shingles) >= FEWEST else []


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


_PAIRS = """
    WITH hashes AS MATERIALIZED (
        SELECT i.id, i.redacts_id, b.sha256, unnest(b.sketch) AS hash, cardinality(b.sketch) AS many
        FROM evidence_evidenceitem i JOIN evidence_blob b ON b.sha256 = i.blob_id
        WHERE i.state = 'current' AND cardinality(b.sketch) > 0
    )
    SELECT a.id, b.id, count(*)::float / greatest(a.many, b.many) AS alike
    FROM hashes a JOIN hashes b ON b.hash = a.hash AND b.id > a.id AND b.sha256 <> a.sha256
    WHERE b.redacts_id IS DISTINCT FROM a.id AND a.redacts_id IS DISTINCT FROM b.id
    GROUP BY a.id, b.id, a.many, b.many HAVING count(*) >= %s * greatest(a.many, b.many)
    ORDER BY a.id, b.id
"""


def alike_pairs() -> list[tuple[int, int, float]]:
    """Keys of current evidence whose texts are almost the same, and how much (ALIKE to 1), in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, [ALIKE])
        return list(cursor.fetchall())
