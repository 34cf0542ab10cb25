"""The API's base: statuses, problems, ETags, idempotency, unknown fields, pages."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections
from rest_framework.test import APIClient

from aims.errors import Refusal
from tests.factories import person, unit
from tests.factories.sample import sample
from tests.sample.models import Sample

pytestmark = [pytest.mark.urls("tests.sample.urls")]
URL = "/samples-api/samples/"


@pytest.fixture
def owner(db):
    return person("system_owner", unit())


@pytest.fixture
def api(owner, api_of):
    return api_of(owner)


@pytest.fixture
def row(owner):
    return sample(unit=owner.unit, owner=owner)


def patch(api, row, data, match='"1"'):
    headers = {"HTTP_IF_MATCH": match} if match else {}
    return api.patch(f"{URL}{row.ref}/", data, **headers)


def problem(response, status):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["title"]
    return body


def test_one_record_with_its_etag(api, row):
    answer = api.get(f"{URL}{row.ref}/")
    assert (answer.status_code, answer["ETag"], answer.json()["ref"]) == (200, '"1"', row.ref)


def test_reference_is_found_in_lower_case(api, row):
    assert api.get(f"{URL}{row.ref.lower()}/").status_code == 200


def test_foreign_and_missing_answer_the_same(api):
    foreign = sample(unit=unit())
    missing = api.get(f"{URL}SMP-99999999/")
    answer = api.get(f"{URL}{foreign.ref}/")
    one, other = problem(answer, 404), problem(missing, 404)
    one.pop("instance"), other.pop("instance")
    assert one == other


def test_nobody_is_asked_to_sign_in(api_of, db):
    answer = api_of().get(URL)
    problem(answer, 401)
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_create_answers_the_record_its_etag_and_place(api, owner):
    answer = api.post(URL, {"title": "New", "unit": owner.unit.pk})
    assert answer.status_code == 201, answer.content
    assert answer["Location"] == f"/api/v1/samples/{answer.json()['ref']}/"
    assert answer["ETag"] == '"1"'


def test_unknown_and_read_only_fields_are_refused_by_pointer(api, owner):
    body = problem(api.post(URL, {"title": "x", "unit": owner.unit.pk, "is_staff": True, "state": "gone"}), 400)
    assert {error["pointer"] for error in body["errors"]} == {"/is_staff", "/state"}
    assert not Sample.objects.exists()


def test_invalid_values_are_pointed_at(api, owner):
    body = problem(api.post(URL, {"title": "x" * 201, "unit": 0, "amount": "much"}), 400)
    assert {error["pointer"] for error in body["errors"]} == {"/title", "/unit", "/amount"}


def test_rule_of_the_model_is_a_400(api, owner):
    body = problem(api.post(URL, {"title": "x", "unit": owner.unit.pk, "amount": "-1"}), 400)
    assert body["errors"] == [{"pointer": "", "detail": "An amount is not negative."}]


@pytest.mark.parametrize("text", ["", "[]", '"x"', "{", "null", "[1]"])
def test_body_that_is_no_object_is_refused(api, text):
    problem(api.post(URL, text, content_type="application/json"), 400)


def test_other_media_types_are_refused(api):
    problem(api.post(URL, "title=x", content_type="application/x-www-form-urlencoded"), 415)


def test_link_to_a_foreign_record_does_not_exist(api, owner):
    foreign = sample(unit=unit())
    refused = problem(api.post(URL, {"title": "x", "unit": owner.unit.pk, "twin": foreign.ref}), 400)
    unknown = problem(api.post(URL, {"title": "x", "unit": owner.unit.pk, "twin": "SMP-99999999"}), 400)
    assert refused["errors"][0]["pointer"] == unknown["errors"][0]["pointer"] == "/twin"
    assert foreign.title not in str(refused)


def test_link_to_a_visible_record(api, owner, row):
    assert api.post(URL, {"title": "x", "unit": owner.unit.pk, "twin": row.ref}).json()["twin"] == row.ref


def test_change_needs_the_version_read(api, row):
    problem(patch(api, row, {"title": "x"}, match=""), 428)


@pytest.mark.parametrize("match", ["*", "1", 'W/"1"', '"x"', '""', '"1", "2"'])
def test_other_forms_of_the_version_are_refused(api, row, match):
    body = problem(patch(api, row, {"title": "x"}, match=match), 400)
    assert body["errors"][0]["pointer"] == "/If-Match"
    row.refresh_from_db()
    assert row.version == 1


def test_change_answers_the_new_version(api, row):
    answer = patch(api, row, {"title": "x", "amount": "1.50"})
    assert (answer.status_code, answer["ETag"]) == (200, '"2"')
    row.refresh_from_db()
    assert (row.title, row.amount) == ("x", Decimal("1.50"))


def test_stale_change_answers_the_current_state(api, row):
    patch(api, row, {"title": "first"})
    answer = patch(api, row, {"title": "second"})
    body = problem(answer, 412)
    assert (body["current"]["title"], body["current"]["version"], answer["ETag"]) == ("first", 2, '"2"')


def test_acting_needs_the_version_too(api, row):
    problem(api.post(f"{URL}{row.ref}/use/", {}), 428)
    assert api.post(f"{URL}{row.ref}/use/", {}, HTTP_IF_MATCH='"1"').json()["state"] == "used"
    assert "In use" in problem(api.post(f"{URL}{row.ref}/use/", {}, HTTP_IF_MATCH='"2"'), 409)["detail"]


def test_reader_sees_but_may_not(api_of, row):
    api = api_of(person("reader", row.unit))
    assert api.get(f"{URL}{row.ref}/").status_code == 200
    problem(patch(api, row, {"title": "x"}), 403)


@pytest.mark.parametrize("kind", list(Refusal.__subclasses__()), ids=lambda one: one.__name__)
def test_every_refusal_has_its_status(api, kind):
    body = problem(api.get(f"{URL}refusal/?kind={kind.__name__}"), kind.status)
    assert body["title"] == str(kind.title)
    assert body["instance"].startswith("urn:request:")


def test_list_pages_by_links(api, owner):
    for number in range(5):
        sample(unit=owner.unit, title=f"t{number}")
    sample(unit=unit(), title="foreign")
    seen, url = [], f"{URL}?sort=title&limit=2"
    while url:
        page = api.get(url).json()
        assert page["count"] == 5
        seen += [row["title"] for row in page["results"]]
        last, url = url, page["next"]
    assert seen == [f"t{n}" for n in range(5)]
    assert [row["title"] for row in api.get(api.get(last).json()["previous"]).json()["results"]] == ["t2", "t3"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "limit=-1", "nonsense=1", "expand=owner", "state=no"]
)
def test_bad_parameters_are_refused(api, query):
    problem(api.get(f"{URL}?{query}"), 400)


def test_list_narrows_by_filter_and_search(api, row):
    sample(unit=row.unit, title="other", state="used")
    assert [one["ref"] for one in api.get(f"{URL}?state=draft&q={row.ref}").json()["results"]] == [row.ref]


def test_list_makes_as_many_queries_for_three_as_for_one(api, owner, queries):
    sample(unit=owner.unit, owner=owner)
    api.get(URL)
    one = queries(lambda: api.get(URL))
    for _number in range(2):
        sample(unit=owner.unit, owner=owner, twin=Sample.objects.first())
    assert queries(lambda: api.get(URL)) == one <= 10


class TestOncePerKey:
    def post(self, api, unit_id, key="k1", **data):
        return api.post(URL, {"title": "once", "unit": unit_id, **data}, HTTP_IDEMPOTENCY_KEY=key)

    def test_same_key_same_body_gives_the_first_answer(self, api, owner):
        first, second = (self.post(api, owner.unit.pk) for _again in range(2))
        assert Sample.objects.count() == 1
        assert (first.status_code, first.json()) == (second.status_code, second.json())
        assert second["Idempotent-Replayed"] == "true"
        assert (first["ETag"], first["Location"]) == (second["ETag"], second["Location"])

    def test_same_key_other_body_is_refused(self, api, owner):
        self.post(api, owner.unit.pk)
        problem(self.post(api, owner.unit.pk, title="other"), 409)
        assert Sample.objects.count() == 1

    def test_other_person_may_use_the_same_key(self, api, api_of, owner):
        self.post(api, owner.unit.pk)
        assert self.post(api_of(person("system_owner", owner.unit)), owner.unit.pk).status_code == 201
        assert Sample.objects.count() == 2

    def test_refused_request_does_not_use_the_key_up(self, api, owner):
        problem(self.post(api, owner.unit.pk, amount="-1"), 400)
        problem(self.post(api, owner.unit.pk, amount="-1"), 400)
        assert self.post(api, owner.unit.pk).status_code == 201

    def test_key_of_more_than_80_characters_is_refused(self, api, owner):
        problem(self.post(api, owner.unit.pk, key="k" * 81), 400)


def test_two_at_once_with_one_key_make_one_record(committed_db):
    owner = person("system_owner", unit())

    def post(_number):
        try:
            api = APIClient()
            api.force_login(owner)
            return api.post(URL, {"title": "x", "unit": owner.unit.pk}, format="json", HTTP_IDEMPOTENCY_KEY="same")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(post, range(4)))
    assert [a.status_code for a in answers] == [201] * 4, [a.content for a in answers]
    assert Sample.objects.count() == 1


def test_of_two_changes_at_once_one_is_stale(committed_db):
    owner = person("system_owner", unit())
    row = sample(unit=owner.unit, owner=owner)

    def change(number):
        try:
            api = APIClient()
            api.force_login(owner)
            return patch_as(api, row, number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(change, range(4)))
    assert statuses == [200, 412, 412, 412]
    assert Sample.objects.get(pk=row.pk).version == 2


def patch_as(api, row, number):
    answer = api.patch(f"{URL}{row.ref}/", {"title": f"by {number}"}, format="json", HTTP_IF_MATCH='"1"')
    return answer.status_code
