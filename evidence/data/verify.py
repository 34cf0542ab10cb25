#!/usr/bin/env python3
"""Verifies an evidence pack with Python's standard library alone, where AIMS is not installed.

    python3 verify.py PACK.zip [--key HEX]      or the folder of an unpacked ZIP

It checks that no file is missing, added or changed, that the manifest is signed, that every record and its history is
in the sealed log whose root is signed, and that every file of evidence is one that a sealed record names. Give the
public key of the installation (from its page of seals) with --key: without it the pack's own key is believed.
"""

import base64
import hashlib
import json
import sys
import zipfile
from pathlib import Path

FOUND = []  # what does not hold

def check(holds, sentence):
    if not holds:
        FOUND.append(sentence)
    return holds

# --- Ed25519 (RFC 8032, section 5.1.7): only verifying, so that time does not matter -------------------------------
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
I = pow(2, (P - 1) // 4, P)

def add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P

def multiply(number, point):
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = add(found, point)
        point, number = add(point, point), number >> 1
    return found

def point_of(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * I % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise ValueError("not a point")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P

BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))

def signed(public, signature, data):
    try:
        public, signature = bytes.fromhex(public), bytes.fromhex(signature)
        key, r, s = point_of(public), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    except ValueError:
        return False
    hashed = hashlib.sha512(signature[:32] + public + data).digest()
    left, right = multiply(s, BASE), add(r, multiply(int.from_bytes(hashed, "little") % L, key))
    same = (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0
    return len(signature) == 64 and len(public) == 32 and s < L and same

# --- the pack as names and bytes ----------------------------------------------------------------------------------
def read(path):
    """Names and a reader; twice the same name in a ZIP is a fault."""
    if path.is_dir():
        names = sorted(p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file())
        return names, lambda name: (path / name).read_bytes()
    archive = zipfile.ZipFile(path)
    full = [name for name in archive.namelist() if not name.endswith("/")]
    top = {name.split("/")[0] for name in full}
    check(len(top) == 1 and len(set(full)) == len(full), "the ZIP holds one folder, and each name once")
    names = {name.partition("/")[2]: name for name in full}
    return sorted(names), lambda name: archive.read(names[name])

def sha(data):
    return hashlib.sha256(data).hexdigest()

def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

def lines(data):
    return dict(reversed(line.split("  ", 1)) for line in data.decode().splitlines())

def root(leaf, index, size, proof):
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2)."""
    last, found = size - 1, leaf
    for step in map(bytes.fromhex, proof):
        if index & 1 or index == last:
            found = hashlib.sha256(b"\x01" + step + found).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\x01" + found + step).digest()
        index, last = index >> 1, last >> 1
    return found.hex() if last == 0 else ""

def bag(names, get):
    """BagIt: every file is named once, with its digest."""
    for listing, covered in (
        ("manifest-sha256.txt", [n for n in names if n.startswith("data/")]),
        ("tagmanifest-sha256.txt", [n for n in names if not n.startswith("data/") and n != "tagmanifest-sha256.txt"]),
    ):
        told = lines(get(listing))
        exact = "".join(f"{told[name]}  {name}\n" for name in sorted(told)).encode() == get(listing)
        check(exact and sorted(told) == sorted(covered), f"{listing} names every file and no other")
        for name in covered:
            check(told.get(name) == sha(get(name)), f"{name} is unchanged")

def manifest(names, get, pinned):
    """The signed list of contents; answers it."""
    data, envelope = get("data/manifest.json"), json.loads(get("data/manifest.dsse.json"))
    told, kind = json.loads(data), envelope["payloadType"].encode()
    pae = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(data), data)
    key, seal = envelope["signatures"][0]["keyid"], told["checkpoint"]
    check(base64.b64decode(envelope["payload"]) == data, "the envelope holds the manifest")
    check(signed(key, base64.b64decode(envelope["signatures"][0]["sig"]).hex(), pae), "the manifest is signed")
    check(pinned in ("", key), "the key is the one that was given")
    check(data == canonical(told), "the manifest is canonical")
    trusted = {key}
    for older, newer, vouched in reversed(told["keys"]):
        if newer in trusted and check(
            signed(older, vouched, newer.encode()), "each key is vouched for by the one before"
        ):
            trusted.add(older)
    check(seal["statement"]["key"] in trusted, "the log is sealed by the key that signs, or one before it")
    check(signed(seal["statement"]["key"], seal["signature"], canonical(seal["statement"])), "the log's root is signed")
    rest = {name for name in names if name.startswith("data/")} - {"data/manifest.json", "data/manifest.dsse.json"}
    check({one["path"] for one in told["files"]} == rest, "the manifest names every file and no other")
    for one in told["files"]:
        if one["path"] in rest:
            content = get(one["path"])
            check(
                (one["sha256"], one["size"]) == (sha(content), len(content)), f"{one['path']} is as the manifest says"
            )
    return told

def record(one, seal):
    """A record's history is in the sealed log; answers what it last said and how many events are not sealed yet."""
    waiting = 0
    for event in one["events"]:
        leaf = hashlib.sha256(b"\x00" + event["content"].encode()).digest()
        said = json.loads(event["content"])
        check(
            (said["source"], said["pgh_id"]) == (one["source"], event["event"]), f"{one['ref']}: events are their own"
        )
        if event["index"] is None:
            waiting += 1
        else:
            found = root(leaf, event["index"], seal["size"], event["proof"])
            check(found == seal["root"], f"{one['ref']}: event {event['event']} is in the sealed log")
    last = json.loads(one["events"][-1]["content"])
    check(
        (last["ref"], last["title"], last["state"]) == (one["ref"], one["title"], one["state"]),
        f"{one['ref']}: title and state",
    )
    return last, waiting

def main(path, pinned=""):
    names, get = read(Path(path))
    bag(names, get)
    told = manifest(names, get, pinned)
    seal, named, waiting = told["checkpoint"]["statement"], set(), 0
    records = [name for name in names if name.startswith("data/records/")]
    for name in records:
        one = json.loads(get(name))
        check(name == f"data/records/{one['ref']}.json", f"{name} is called as its record")
        last, more = record(one, seal)
        waiting += more
        named.add(last.get("blob_id"))
    files = {name.rpartition("/")[2] for name in names if name.startswith("data/evidence/")}
    check(files <= named, "every file of evidence is named by a sealed record")
    for digest in files:
        check(sha(get(f"data/evidence/{digest}")) == digest, f"data/evidence/{digest} has the digest of its name")
    check((len(records), waiting) == (told["records"], told["unsealed"]), "as many records as the manifest says")
    for sentence in FOUND:
        print(f"FAILED  {sentence}")
    print(f"{told['pack']} as of {told['as_of']}: {len(records)} records, {len(files)} files of evidence,")
    print(f"log sealed at {seal['sealed_at']} with {seal['size']} events, {waiting} events here not sealed yet.")
    print(f"Key {seal['key']}" + ("" if pinned else " (not compared: give it with --key)"))
    print("NOT VERIFIED" if FOUND else "VERIFIED")
    return 1 if FOUND else 0

if __name__ == "__main__":
    given = sys.argv[1:]
    key = given.pop(given.index("--key") + 1) if "--key" in given else ""
    try:
        sys.exit(main([one for one in given if one != "--key"][0], key.lower()))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OSError, zipfile.BadZipFile) as error:
        print(f"NOT VERIFIED: {type(error).__name__}: {error}")
        sys.exit(1)
