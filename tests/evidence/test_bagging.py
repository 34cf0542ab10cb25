"""The ZIP of a pack: what is in it, that it is made again byte by byte, and that its verifier misses no change."""

import base64
import contextlib
import hashlib
import importlib.util
import io
import json
import random
import subprocess
import sys
import zipfile

import pytest
from django.conf import settings

from aims import jobs, merkle, seals
from aims.models import Record
from evidence import services, storage
from evidence.models import EvidencePack
from evidence.services.rendering import render_pack
from tests.factories import person, unit
from tests.factories.evidence import file_evidence, keeper, link_evidence, pack
from tests.factories.inventory import system

pytestmark = pytest.mark.django_db
VERIFY = settings.BASE_DIR / "evidence" / "data" / "verify.py"


@pytest.fixture(autouse=True)
def no_pokes(monkeypatch):
    monkeypatch.setattr(jobs, "poke", lambda job: True)


@pytest.fixture(scope="module")
def verify():
    spec = importlib.util.spec_from_file_location("pack_verify", VERIFY)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def built(by=None, **more):
    by = by or keeper()
    found = pack(by, **more)
    jobs.run(found.job_id, render_pack)
    found.refresh_from_db()
    assert found.is_ready, found.failure
    return found


def files_of(found):
    data = b"".join(storage.checked(found.bag_id))
    archive = zipfile.ZipFile(io.BytesIO(data))
    return data, {name: archive.read(name) for name in archive.namelist()}


def zipped(files, path):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def says(verify, files, path, key=""):
    """Whether the verifier takes this pack."""
    verify.FOUND.clear()
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return verify.main(str(zipped(files, path)), key) == 0
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OSError, zipfile.BadZipFile):
        return False


def world():
    by, target = keeper(), system()
    record = Record.objects.get(pk=target.pk)
    item = file_evidence(by, content=b"tested and found good", links=[(record, "")])
    services.change_evidence(item, by=by, data={"title": "Test protocol of May"}, version=None)
    link_evidence(by)
    return by


def test_pack_verifies_where_aims_is_not(tmp_path):
    found = built(world())
    data, files = files_of(found)
    (tmp_path / "pack.zip").write_bytes(data)
    (tmp_path / "verify.py").write_bytes(files[f"{found.ref}/verify.py"])
    key = seals.Seal.objects.order_by("number").first().key.public
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", "pack.zip", "--key", key],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "VERIFIED" in done.stdout.splitlines()[-1], done.stdout + done.stderr
    assert done.returncode == 0
    wrong = subprocess.run(
        [sys.executable, "-I", "verify.py", "pack.zip", "--key", "0" * 64],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert wrong.returncode == 1


def test_verifier_is_short_and_needs_nothing():
    text = VERIFY.read_text()
    assert len(text.splitlines()) <= 200
    imported = {line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert imported <= sys.stdlib_module_names


def test_bag_holds_pdf_records_evidence_and_verifier(undisturbed):
    found = built(world())
    _data, files = files_of(found)
    names = {name.partition("/")[2] for name in files}
    digest = hashlib.sha256(b"tested and found good").hexdigest()
    assert {"data/pack.pdf", "data/manifest.json", f"data/evidence/{digest}", "verify.py", "bagit.txt"} <= names
    told = json.loads(files[f"{found.ref}/data/manifest.json"])
    assert told["records"] == sum(name.startswith("data/records/") for name in names)
    assert told["unsealed"] == 0


def test_same_records_and_moment_give_the_same_bytes():
    by = world()
    first = built(by)
    data, _files = files_of(first)
    EvidencePack.objects.filter(pk=first.pk).update(state="rendering", blob=None, bag=None, pages=None)
    file_evidence(by, content=b"something newer")
    seals.seal_new_events()
    again = EvidencePack.objects.get(pk=first.pk)
    type(again.job).objects.filter(pk=again.job_id).update(state="queued", finished_at=None)
    jobs.run(again.job_id, render_pack)
    again.refresh_from_db()
    assert again.bag_id == hashlib.sha256(data).hexdigest()


def test_what_the_person_does_not_see_is_not_packed():
    here = unit()
    by = keeper(here)
    file_evidence(keeper(), content=b"of the whole group")
    file_evidence(by, unit=here, content=b"of this unit")
    _data, files = files_of(built(by, unit=here))
    assert not [name for name, content in files.items() if b"of the whole group" in content]
    assert hashlib.sha256(b"of this unit").hexdigest() in " ".join(files)


def test_every_change_is_caught(verify, tmp_path):
    """Bits flipped, files taken out, put in, exchanged or renamed, and digests made anew by somebody without the key."""
    found = built(world())
    _data, files = files_of(found)
    key = json.loads(files[f"{found.ref}/data/manifest.json"])["checkpoint"]["statement"]["key"]
    path = tmp_path / "mutant.zip"
    assert says(verify, files, path, key), verify.FOUND
    # Listing anew undoes some flips: what equals the pack again is no mutant.
    mutants = [one for one in _mutants(files, found.ref, random.Random(7)) if one[1] != files]
    missed = [what for what, mutant in mutants if says(verify, mutant, path, key)]
    assert missed == []
    assert len(mutants) >= 100


def _mutants(files, ref, chance):
    for name, content in files.items():
        for _time in range(4):
            place = chance.randrange(len(content))
            flipped = bytearray(content)
            flipped[place] ^= 1 << chance.randrange(8)
            yield f"flip {name} at {place}", {**files, name: bytes(flipped)}
            forged = _relisted({**files, name: bytes(flipped)}, ref)
            if name.rpartition("/")[2] not in ("verify.py", "HOW-TO-VERIFY.txt", "bag-info.txt", "bagit.txt") and not (
                name.endswith("sha256.txt")
            ):
                yield f"flip {name} at {place} and list it anew", forged
        yield f"without {name}", {one: value for one, value in files.items() if one != name}
        yield f"cut {name}", {**files, name: content[:-1]}
        if "/data/" in name:
            less = {one: value for one, value in files.items() if one != name}
            yield f"without {name}, listed anew", _relisted(less, ref)
    yield "one more", {**files, f"{ref}/data/evidence/{'0' * 64}": b"planted"}
    yield "one more, listed anew", _relisted({**files, f"{ref}/data/evidence/{'0' * 64}": b"planted"}, ref)
    records = [name for name in files if "/data/records/" in name]
    yield "exchanged", {**files, records[0]: files[records[1]], records[1]: files[records[0]]}
    yield from _rewritten(files, records, ref)


def _rewritten(files, records, ref):
    """What somebody who can run all of it but has not the key would do."""
    for name in records:
        document = json.loads(files[name])
        yield (
            f"{name}: history cut",
            _relisted({**files, name: _json({**document, "events": document["events"][:-1]})}, ref),
        )
        yield f"{name}: another title", _relisted({**files, name: _json({**document, "title": "Nicer"})}, ref)
        event = dict(document["events"][-1])
        event["content"] = event["content"].replace(document["title"], "Nicer")
        changed = {**document, "title": "Nicer", "events": [*document["events"][:-1], event]}
        yield f"{name}: another content", _relisted({**files, name: _json(changed)}, ref)


def _json(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _relisted(files, ref):
    """Digests and manifest made anew, with the old signature: there is no key to make another."""
    files = dict(files)
    manifest, envelope = f"{ref}/data/manifest.json", f"{ref}/data/manifest.dsse.json"
    try:
        told = json.loads(files.get(manifest, b"{}"))
        signed = json.loads(files.get(envelope, b"{}"))
    except ValueError:
        return files
    inside = {name.partition("/")[2]: value for name, value in files.items() if name.startswith(f"{ref}/data/")}
    rest = {name: value for name, value in inside.items() if not name.startswith("data/manifest")}
    told["files"] = [
        {"path": name, "sha256": hashlib.sha256(value).hexdigest(), "size": len(value)}
        for name, value in sorted(rest.items())
    ]
    told["records"] = sum(name.startswith("data/records/") for name in rest)
    if manifest in files:
        files[manifest] = _json(told)
        signed["payload"] = base64.b64encode(files[manifest]).decode()
    if envelope in files:
        files[envelope] = _json(signed)
    for listing, data in (("manifest-sha256.txt", True), ("tagmanifest-sha256.txt", False)):
        covered = [
            name
            for name in sorted(files)
            if name.startswith(f"{ref}/data/") == data and not name.endswith("tagmanifest-sha256.txt")
        ]
        lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name.partition('/')[2]}\n" for name in covered]
        files[f"{ref}/{listing}"] = "".join(lines).encode()
    return files


def test_forged_seal_key_is_caught_when_the_key_is_known(verify, tmp_path):
    """Everything signed anew by another key holds by itself; who compares the key is not fooled."""
    _data, files = files_of(built(world()))
    assert not says(verify, files, tmp_path / "pack.zip", "ab" * 32)


def test_missing_file_fails_the_whole_pack():
    by = keeper()
    item = file_evidence(by)
    found = pack(by)
    storage.remove(item.blob_id)
    jobs.run(found.job_id, render_pack)
    found.refresh_from_db()
    assert (found.state, found.bag_id) == ("failed", None)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 21, 64, 100])
def test_tree_gives_the_proofs_of_the_standard(size):
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(size)]
    tree = merkle.Tree(leaves)
    for index in range(size):
        assert tree.proof(index) == merkle.inclusion_proof(leaves, index)
    with pytest.raises(IndexError):
        tree.proof(size)


def test_zip_is_handed_out_to_who_sees_the_pack(client_of, api_of):
    by = world()
    found = built(by)
    url = found.get_absolute_url()
    assert "Download the ZIP" in client_of(by).get(url).content.decode()
    answer = client_of(by).get(f"{url}bag/")
    assert (answer["Content-Type"], answer.getvalue()[:2]) == ("application/zip", b"PK")
    assert api_of(by).get(f"/api/v1/packs/{found.ref}/bag/").status_code == 200
    assert client_of(person("reader")).get(f"{url}bag/").status_code == 404


def test_pack_that_waits_has_no_zip(client_of):
    by = keeper()
    assert client_of(by).get(f"{pack(by).get_absolute_url()}bag/").status_code == 404
