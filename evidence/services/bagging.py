"""The pack as a ZIP for machines and auditors: PDF, records with proofs, files of evidence, manifest, verifier.

A BagIt 1.0 bag whose bytes follow from records, moment and programs; only the key's signature is its own. Clause 7.5.
"""

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

import rfc8785
from django.conf import settings
from django.db import connection

from aims import keys, merkle, seals
from aims.models import Seal, SealKey
from evidence import storage
from evidence.models import EvidencePack
from evidence.services.building import Made

PAYLOAD = "application/vnd.aims.pack-manifest+json"
EPOCH = (1980, 1, 1, 0, 0, 0)
CHUNK = 500
OWN = Path(settings.BASE_DIR) / "evidence" / "data"

_EVENTS = """
    SELECT t.object_id, t.event_id, t.content, l.position
    FROM trail."{table}" t JOIN public."{table}" e ON e.pgh_id = t.event_id
    LEFT JOIN aims_leaf l ON l.source = '{table}' AND l.event_id = t.event_id
    WHERE t.object_id = ANY(%s) AND e.pgh_created_at <= %s ORDER BY t.object_id, t.event_id
"""


@dataclass
class Told:
    """One record with its events, oldest first; positions in the sealed log are turned into proofs when written."""

    ref: str
    source: str
    events: list[tuple[int, str, int | None]] = field(default_factory=list)


def histories(pack: EvidencePack, found: Sequence[tuple[Any, Sequence[tuple[int, str]]]]) -> Iterator[Told]:
    """Every record with its own events until the moment, in a few statements a kind."""
    for model, rows in found:
        table = f"{model._meta.db_table}event"
        for start in range(0, len(rows), CHUNK):
            some = dict(rows[start : start + CHUNK])
            told = {key: Told(ref, table) for key, ref in some.items()}
            with connection.cursor() as cursor:
                cursor.execute(_EVENTS.format(table=table), [list(some), pack.at])
                for key, event, content, position in cursor.fetchall():
                    told[key].events.append((event, content, position))
            yield from (one for one in told.values() if one.events)


def checkpoint(top: int | None) -> Seal | None:
    """The first seal that covers every event that has a leaf: the same one whenever the pack is built again."""
    if top is None:
        return Seal.objects.order_by("number").first()
    return Seal.objects.filter(size__gt=top).select_related("key").order_by("number").first()


class Bag:
    """A ZIP being written: every file with a fixed time, its digest noted."""

    def __init__(self, target: IO[bytes], name: str) -> None:
        self.zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.name = name
        self.digests: dict[str, tuple[str, int]] = {}

    def write(self, path: str, pieces: Iterator[bytes] | list[bytes]) -> None:
        info = zipfile.ZipInfo(f"{self.name}/{path}", EPOCH)
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
        digest, size = hashlib.sha256(), 0
        with self.zip.open(info, "w", force_zip64=True) as member:
            for piece in pieces:
                member.write(piece)
                digest.update(piece)
                size += len(piece)
        self.digests[path] = digest.hexdigest(), size

    def listing(self, *, data: bool) -> bytes:
        """Digests of the files in `data/`, or of the others, as BagIt writes them."""
        names = [name for name in sorted(self.digests) if name.startswith("data/") == data]
        return "".join(f"{self.digests[name][0]}  {name}\n" for name in names).encode()


def write_bag(pack: EvidencePack, made: Made, folder: Path) -> Path:
    """Write the ZIP into `folder`. Damaged when a file of evidence is missing or altered."""
    target = folder / "pack.zip"
    with target.open("wb") as file:
        bag = Bag(file, pack.ref)
        with made.path.open("rb") as pdf:
            bag.write("data/pack.pdf", storage.chunks_of(pdf))
        told = list(histories(pack, made.records))
        seal = checkpoint(_top(told))
        unsealed = _write_records(bag, told, seal)
        for one in sorted({one["sha256"] for one in made.files}):
            bag.write(f"data/evidence/{one}", storage.checked(one))
        _write_manifest(bag, made, seal, records=len(told), unsealed=unsealed)
        _write_tags(bag, pack)
        bag.zip.close()
    return target


def _top(told: Sequence[Told]) -> int | None:
    return max((place for one in told for _event, _content, place in one.events if place is not None), default=None)


def _write_records(bag: Bag, told: Sequence[Told], seal: Seal | None) -> int:
    """Each record as canonical JSON with an inclusion proof for every sealed event; answers how many are not sealed."""
    size = seal.size if seal else 0
    tree = merkle.Tree(seals.leaf_hashes(size))
    unsealed = 0
    for one in sorted(told, key=lambda each: each.ref):
        events = []
        for event, content, place in one.events:
            inside = place is not None and place < size
            proof = [step.hex() for step in tree.proof(place)] if inside and place is not None else []
            events.append({"event": event, "content": content, "index": place if inside else None, "proof": proof})
            unsealed += not inside
        last = json.loads(one.events[-1][1])
        document: dict[str, Any] = {
            "ref": one.ref, "title": last["title"], "state": last["state"], "source": one.source, "events": events,
        }  # fmt: skip
        bag.write(f"data/records/{one.ref}.json", [rfc8785.dumps(document)])
    return unsealed


def _write_manifest(bag: Bag, made: Made, seal: Seal | None, **counts: int) -> None:
    """The canonical manifest, and the same signed by the installation's key (DSSE)."""
    files = [{"path": path, "sha256": digest, "size": size} for path, (digest, size) in sorted(bag.digests.items())]
    document: dict[str, Any] = {
        **made.manifest,
        **counts,
        "files": files,
        "checkpoint": _checkpoint(seal),
        "keys": _vouched(),
    }
    data = rfc8785.dumps(document)
    bag.write("data/manifest.json", [data])
    key = keys.signing_key()
    pae = b"DSSEv1 %d %s %d %s" % (len(PAYLOAD), PAYLOAD.encode(), len(data), data)
    signature = {"keyid": keys.public_hex(key), "sig": base64.b64encode(key.sign(pae)).decode()}
    envelope: dict[str, Any] = {
        "payloadType": PAYLOAD,
        "payload": base64.b64encode(data).decode(),
        "signatures": [signature],
    }
    bag.write("data/manifest.dsse.json", [rfc8785.dumps(envelope)])


def _checkpoint(seal: Seal | None) -> Mapping[str, Any]:
    assert seal is not None, "a log with records has a seal"
    return {"statement": seal.statement(seals.installation_id()), "signature": seal.signature}


def _vouched() -> list[list[str]]:
    """Each key with the one before it and its vouching signature, oldest first."""
    rows = list(SealKey.objects.order_by("pk"))
    return [[older.public, newer.public, newer.vouched] for older, newer in pairwise(rows)]


def _write_tags(bag: Bag, pack: EvidencePack) -> None:
    payload = [size for path, (_digest, size) in bag.digests.items() if path.startswith("data/")]
    about = {
        "Bagging-Date": pack.at.date().isoformat(),
        "External-Identifier": pack.ref,
        "Payload-Oxum": f"{sum(payload)}.{len(payload)}",
    }
    bag.write("bagit.txt", [b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"])
    bag.write("bag-info.txt", ["".join(f"{name}: {value}\n" for name, value in about.items()).encode()])
    for name in ("verify.py", "HOW-TO-VERIFY.txt"):
        bag.write(name, [(OWN / name).read_bytes()])
    bag.write("manifest-sha256.txt", [bag.listing(data=True)])
    bag.write("tagmanifest-sha256.txt", [bag.listing(data=False)])
