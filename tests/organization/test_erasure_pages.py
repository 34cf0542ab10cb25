"""Pages and API of erasing a person's data: one asks, another approves or refuses; others see nothing of it."""

import pytest

from aims.models import Erasure
from organization.models import User
from organization.states import Role
from tests.factories import person, unit
from tests.factories.organization import sign_in_again

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    where = unit()
    managers = [person(Role.AIMS_MANAGER, where) for _number in range(2)]
    return [*managers, person(name="Jane Roe", unit=where, is_active=False)]


@pytest.fixture
def deciding(client_of):
    """`deciding(person)`: a browser session in which the person just said who they are."""

    def make(who):
        client = client_of(who)
        sign_in_again(client, who)
        return client

    return make


@pytest.fixture
def deciding_api(api_of):
    def make(who):
        client = api_of(who)
        sign_in_again(client, who)
        return client

    return make


def test_from_asking_to_the_erased_name(people, deciding):
    first, second, jane = people
    asking, approving = deciding(first), deciding(second)
    assert "Erase personal data" in asking.get(f"/people/{jane.pk}/").content.decode()
    done = asking.post(f"/people/{jane.pk}/erase/", {"reason": "She asked for it."})
    erasure = Erasure.objects.get()
    assert (done.status_code, done.url) == (302, f"/erasures/{erasure.pk}/")
    assert "/approve/" not in asking.get(done.url).content.decode()
    assert "/approve/" in approving.get(done.url).content.decode()
    assert "Jane Roe" in approving.get("/erasures/").content.decode()
    assert approving.get(f"{done.url}approve/").status_code == 200
    assert approving.post(f"{done.url}approve/").status_code == 302
    assert User.objects.get(pk=jane.pk).name == f"erased-{jane.pk}"
    assert "Jane Roe" not in approving.get(done.url).content.decode()
    assert approving.post(f"{done.url}approve/").status_code == 409


def test_who_asked_does_not_approve_but_may_take_it_back(people, deciding):
    client = deciding(people[0])
    url = client.post(f"/people/{people[2].pk}/erase/", {"reason": "asked"}).url
    refused = client.post(f"{url}approve/")
    assert (refused.status_code, "second person" in refused.content.decode()) == (400, True)
    assert client.post(f"{url}refuse/", {"reason": ""}).status_code == 400
    assert client.post(f"{url}refuse/", {"reason": "A mistake."}).status_code == 302
    assert "A mistake." in client.get(url).content.decode()


def test_others_see_nothing_of_it(people, deciding):
    url = deciding(people[0]).post(f"/people/{people[2].pk}/erase/", {"reason": "asked"}).url
    elsewhere, reader = deciding(person(Role.AIMS_MANAGER, unit())), deciding(person(Role.READER, people[0].unit))
    for client in (elsewhere, reader):
        assert {client.get(url).status_code, client.post(f"{url}approve/").status_code} == {404}
    assert "Jane Roe" not in elsewhere.get("/erasures/").content.decode()
    assert reader.get("/erasures/").status_code == 403
    assert reader.post(f"/people/{people[2].pk}/erase/", {"reason": "x"}).status_code in (403, 404)


def test_an_active_person_is_not_erased(people, deciding):
    active = person(unit=people[0].unit)
    refused = deciding(people[0]).post(f"/people/{active.pk}/erase/", {"reason": "asked"})
    assert (refused.status_code, "deactivated" in refused.content.decode()) == (409, True)


def test_the_list_costs_the_same_with_one_and_three(people, deciding, queries):
    def page():
        assert client.get("/erasures/").status_code == 200

    client, where = deciding(people[1]), people[0].unit
    client.get("/erasures/")
    Erasure.objects.create(source="organization_user", object_id=people[2].pk, reason="r", asked_by=people[0])
    one = queries(page)
    for _number in range(2):
        gone = person(unit=where, is_active=False)
        Erasure.objects.create(source="organization_user", object_id=gone.pk, reason="r", asked_by=people[0])
    assert queries(page) == one


def test_the_same_by_api(people, deciding_api):
    first, second, jane = people
    asking, approving = deciding_api(first), deciding_api(second)
    assert asking.post("/api/v1/erasures/", {"person": jane.pk, "reason": "r", "more": 1}).status_code == 400
    assert asking.post("/api/v1/erasures/", {"person": 99999999, "reason": "r"}).status_code == 400
    asked = asking.post("/api/v1/erasures/", {"person": jane.pk, "reason": "She asked."})
    assert (asked.status_code, asked.json()["state"]) == (201, "asked")
    url = f"/api/v1/erasures/{asked.json()['id']}/"
    assert asking.post(f"{url}approve/").status_code == 400
    assert approving.post(f"{url}approve/").json()["state"] == "erased"
    assert approving.post(f"{url}refuse/", {"reason": "late"}).status_code == 409
    assert [one["person"] for one in approving.get("/api/v1/erasures/").json()] == [jane.pk]
    assert approving.get(url).json()["approved_by"] == second.pk
    stranger = deciding_api(person(Role.AIMS_MANAGER, unit()))
    assert stranger.get(url).status_code == 404
    assert deciding_api(person(Role.READER, jane.unit)).get("/api/v1/erasures/").status_code == 403


def test_refused_by_api(people, deciding_api):
    api = deciding_api(people[0])
    url = f"/api/v1/erasures/{api.post('/api/v1/erasures/', {'person': people[2].pk, 'reason': 'r'}).json()['id']}/"
    assert api.post(f"{url}refuse/", {}).status_code == 400
    assert api.post(f"{url}refuse/", {"reason": "A case is open."}).json()["state"] == "refused"


def test_who_is_not_signed_in_learns_nothing(api_of):
    assert api_of().get("/api/v1/erasures/").status_code in (401, 403)
