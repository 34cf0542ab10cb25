"""Proofs of the sealed log through the API, and the page that shows the last seal."""

import pytest

from aims import merkle, seals
from aims.models import Leaf, Seal
from organization.states import Role
from tests.aims.sealing import seal
from tests.factories import person, unit
from tests.factories.sample import sample

# One after the other: each waits for the transactions of other tests.
pytestmark = [pytest.mark.urls("tests.sample.urls"), pytest.mark.xdist_group("seals")]


@pytest.fixture
def sealed(committed_db, tmp_path, settings):
    settings.SEAL_KEY_FILE = str(tmp_path / "seal.pem")
    where = unit()
    for _number in range(5):
        sample(unit=where)
    seal()
    return person(Role.AIMS_MANAGER, where)


def test_proofs_through_the_api(sealed, api_of):
    api = api_of(sealed)
    last = max(api.get("/api/v1/trail/").json(), key=lambda one: one["size"])
    leaf = Leaf.objects.get(position=2)
    proof = api.get(f"/api/v1/trail/inclusion/?source={leaf.source}&event={leaf.event_id}").json()
    steps = [bytes.fromhex(step) for step in proof["proof"]]
    led = merkle.root_from_inclusion(bytes.fromhex(proof["leaf"]), proof["index"], proof["size"], steps)
    assert led.hex() == last["root"]
    grown = api.get("/api/v1/trail/consistency/?first=3").json()
    first = merkle.root(seals.leaf_hashes(3))
    steps = [bytes.fromhex(step) for step in grown["proof"]]
    assert merkle.consistent(3, grown["size"], first, bytes.fromhex(grown["root"]), steps)


def test_proofs_that_cannot_be_are_refused(sealed, api_of):
    api = api_of(sealed)
    for query, status in (
        ("inclusion/?source=nothing&event=1", 404),
        ("inclusion/?source=a&event=b", 400),
        ("inclusion/", 400),
        ("consistency/?first=0", 400),
        ("consistency/?first=999999", 400),
    ):
        assert api.get(f"/api/v1/trail/{query}").status_code == status, query
    assert api_of(person(Role.READER, sealed.unit)).get("/api/v1/trail/").status_code == 403


def test_the_seals_page_shows_the_last_seal(sealed, client_of):
    page = client_of(sealed).get("/trail/").content.decode()
    assert "Sealed events" in page
    # There are several where transactions of other tests held the first one back.
    assert Seal.objects.latest("number").root in page
