"""The API of control statements and of the catalogue; AC-01 through PATCH and bulk."""

import pytest

from controls.models import ControlStatement
from organization.states import Role
from tests.controls.making import evidence
from tests.factories import person, unit
from tests.factories.controls import included, statement, statements, system

pytestmark = pytest.mark.django_db
URL = "/api/v1/statements/"


@pytest.fixture
def manager():
    return person(Role.AIMS_MANAGER)


@pytest.fixture
def api(manager, api_of):
    return api_of(manager)


@pytest.fixture
def reader(api_of):
    return api_of(person(Role.READER))


def match(row):
    return {"HTTP_IF_MATCH": f'"{row.version}"'}


class TestReading:
    def test_lists_statements_in_the_catalogues_order(self, reader):
        statements()
        body = reader.get(URL).json()
        assert body["count"] == 38
        assert [row["control"] for row in body["results"]][:3] == ["A.2.2", "A.2.3", "A.2.4"]

    def test_narrows_like_the_register(self, reader):
        included("A.7.5")
        assert [row["control"] for row in reader.get(URL, {"progress": "decided"}).json()["results"]] == ["A.7.5"]
        assert reader.get(URL, {"progress": "nonsense"}).status_code == 400
        assert reader.get(URL, {"colour": "red"}).status_code == 400

    def test_gives_one_with_its_etag(self, reader):
        row = included("A.7.5", owner=person(email="olga@example.org"))
        evidence(row)
        answer = reader.get(f"{URL}{row.ref}/")
        body = answer.json()
        assert answer["ETag"] == f'"{row.version}"'
        assert (body["control"], body["owner"], body["evidence_count"]) == ("A.7.5", "olga@example.org", 1)
        assert (body["state"], body["basis"], body["systems"]) == ("not_started", ["risk"], [])

    def test_names_only_systems_that_one_sees(self, reader):
        hidden, shown = system(confidentiality="restricted"), system(title="Pricing")
        row = included(systems=[hidden, shown])
        assert reader.get(f"{URL}{row.ref}/").json()["systems"] == [shown.ref]

    def test_hides_other_units(self, api_of):
        row, stranger = statement(unit=unit()), api_of(person(Role.AIMS_MANAGER, unit()))
        assert stranger.get(URL).json()["count"] == 0
        assert stranger.get(f"{URL}{row.ref}/").status_code == 404
        assert stranger.patch(f"{URL}{row.ref}/", {"status": "partial"}, **match(row)).status_code == 404

    def test_asks_to_sign_in(self, api_of):
        assert api_of().get(URL).status_code == 401

    def test_queries_do_not_grow(self, reader, django_assert_max_num_queries):
        with django_assert_max_num_queries(12):
            reader.get(URL)
        statements()
        with django_assert_max_num_queries(12):
            reader.get(URL)


class TestChanging:
    def test_patch_changes_and_gives_the_new_etag(self, api, manager):
        row, one = statement("A.7.4"), system()
        data = {
            "applicability": "included",
            "justification": "Bad data, bad prices.",
            "basis": ["law"],
            "systems": [one.ref],
            "owner": manager.email,
            "status": "planned",
            "due_on": "2027-01-31",
        }
        answer = api.patch(f"{URL}{row.ref}/", data, **match(row))
        assert answer.status_code == 200
        body = answer.json()
        assert {name: body[name] for name in data} == data
        assert body["state"] == "planned"
        assert answer["ETag"] == f'"{ControlStatement.objects.get(pk=row.pk).version}"'

    def test_put_changes_too(self, api):
        row = included()
        answer = api.put(f"{URL}{row.ref}/", {"status": "implemented", "justification": "It is."}, **match(row))
        assert answer.json()["state"] == "implemented"

    @pytest.mark.parametrize("method", ["put", "patch"])
    @pytest.mark.parametrize("blank", ["", "  \n"])
    def test_ac01_excluding_without_justification_names_the_control(self, api, method, blank):
        row = statement("A.6.2.8")
        send = getattr(api, method)
        answer = send(f"{URL}{row.ref}/", {"applicability": "excluded", "justification": blank}, **match(row))
        assert answer.status_code == 400
        (error,) = answer.json()["errors"]
        assert error["pointer"] == "/justification"
        assert "A.6.2.8" in error["detail"]
        assert ControlStatement.objects.get(pk=row.pk).version == row.version

    def test_needs_if_match(self, api):
        row = included()
        assert api.patch(f"{URL}{row.ref}/", {"status": "partial"}).status_code == 428

    def test_a_stale_version_gets_the_current_state(self, api):
        row = included()
        ControlStatement.objects.filter(pk=row.pk).update(procedure="Theirs")
        answer = api.patch(f"{URL}{row.ref}/", {"procedure": "Mine"}, **match(row))
        assert answer.status_code == 412
        assert answer.json()["current"]["procedure"] == "Theirs"

    @pytest.mark.parametrize(
        ("data", "pointer"),
        [
            ({"colour": "red"}, "/colour"),
            ({"state": "implemented"}, "/state"),
            ({"control": "A.2.3"}, "/control"),
            ({"status": "done"}, "/status"),
            ({"basis": ["mood"]}, "/basis/0"),
            ({"owner": "nobody@example.org"}, "/owner"),
            ({"systems": ["SYS-9999"]}, "/systems"),
            ({"due_on": "soon"}, "/due_on"),
            ({"implementation": "x" * 20_001}, "/implementation"),
            ({"status": "not_applicable"}, "/status"),
        ],
    )
    def test_refuses_by_field(self, api, data, pointer):
        row = included()
        answer = api.patch(f"{URL}{row.ref}/", data, **match(row))
        assert answer.status_code == 400
        assert pointer in [error["pointer"] for error in answer.json()["errors"]]

    def test_refuses_other_roles_but_not_what_is_theirs(self, api_of, reader):
        row = included()
        contributor = api_of(person(Role.CONTRIBUTOR))
        assert reader.patch(f"{URL}{row.ref}/", {"status": "partial"}, **match(row)).status_code == 403
        assert contributor.patch(f"{URL}{row.ref}/", {"justification": "Mine"}, **match(row)).status_code == 403
        assert contributor.patch(f"{URL}{row.ref}/", {"status": "partial"}, **match(row)).status_code == 200

    def test_a_system_one_does_not_see_does_not_exist(self, api_of):
        row, hidden = included(), system(confidentiality="restricted")
        answer = api_of(person(Role.CONTRIBUTOR)).patch(f"{URL}{row.ref}/", {"systems": [hidden.ref]}, **match(row))
        assert answer.status_code == 400

    @pytest.mark.parametrize("method", ["post", "delete"])
    def test_statements_are_not_made_or_deleted_singly(self, api, method):
        row = included()
        assert getattr(api, method)(URL if method == "post" else f"{URL}{row.ref}/", {}).status_code == 405


class TestBulk:
    def test_answers_row_by_row(self, api, manager):
        rows = statements()
        body = {
            "reason": "Kick-off",
            "statements": [
                {"ref": rows["A.2.2"].ref, "version": 1, "owner": manager.email},
                {"ref": rows["A.6.2.8"].ref, "version": 1, "applicability": "excluded", "justification": " "},
                {"ref": rows["A.2.3"].ref.lower(), "version": 7, "owner": manager.email},
                {"ref": "STM-9999", "version": 1, "status": "partial"},
            ],
        }
        answer = api.post(f"{URL}bulk/", body)
        assert answer.status_code == 200
        saved, refused, stale, unknown = answer.json()["results"]
        assert saved == {"ref": rows["A.2.2"].ref, "status": 200, "version": 2, "errors": {}}
        assert refused["status"] == 400
        assert "A.6.2.8" in refused["errors"]["justification"][0]
        assert (stale["status"], stale["version"]) == (412, 1)
        assert (unknown["status"], unknown["version"]) == (404, None)
        assert ControlStatement.objects.filter(owner=manager).count() == 1

    def test_a_malformed_row_refuses_the_request(self, api):
        rows = statements()
        body = {"statements": [{"ref": rows["A.2.2"].ref, "version": 1, "status": "done"}]}
        answer = api.post(f"{URL}bulk/", body)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["pointer"] == "/statements/0/status"

    @pytest.mark.parametrize("body", [{}, {"statements": []}, {"statements": [{"version": 1}]}, {"statements": "all"}])
    def test_refuses_what_names_no_rows(self, api, body):
        assert api.post(f"{URL}bulk/", body).status_code == 400

    def test_the_same_key_gives_the_first_answer(self, api):
        rows = statements()
        body = {"statements": [{"ref": rows["A.2.2"].ref, "version": 1, "status": "partial"}]}
        first = api.post(f"{URL}bulk/", body, HTTP_IDEMPOTENCY_KEY="once")
        again = api.post(f"{URL}bulk/", body, HTTP_IDEMPOTENCY_KEY="once")
        assert first.json() == again.json()
        assert again["Idempotent-Replayed"] == "true"
        assert ControlStatement.objects.get(pk=rows["A.2.2"].pk).version == 2

    def test_a_reader_is_refused_in_each_row(self, reader):
        row = statement()
        body = {"statements": [{"ref": row.ref, "version": 1, "status": "partial"}]}
        assert [one["status"] for one in reader.post(f"{URL}bulk/", body).json()["results"]] == [403]


class TestOpening:
    def test_opens_what_is_missing(self, api):
        assert api.post(f"{URL}open/").json() == {"opened": 38}
        assert api.post(f"{URL}open/").json() == {"opened": 0}

    def test_refuses_others(self, reader):
        assert reader.post(f"{URL}open/").status_code == 403


class TestCatalogue:
    def test_controls(self, reader):
        found = reader.get("/api/v1/controls/").json()["results"]
        assert len(found) == 38
        assert found[0]["number"] == "A.2.2"
        one = reader.get("/api/v1/controls/a.6.2.4/").json()
        assert (one["group"], one["subgroup"], one["framework"]) == ("A.6", "A.6.2", "iso-42001")
        assert one["questions"]

    def test_clauses(self, reader):
        assert len(reader.get("/api/v1/clauses/").json()["results"]) == 43
        one = reader.get("/api/v1/clauses/6.1.3/").json()
        assert one["requirements"][0]["number"] == "6.1.3#1"
        assert one["documented_mandatory"]

    @pytest.mark.parametrize("path", ["controls/B.1.1/", "clauses/11.1/"])
    def test_unknown_rows_are_not_found(self, reader, path):
        assert reader.get(f"/api/v1/{path}").status_code == 404

    @pytest.mark.parametrize("path", ["controls/", "clauses/", "controls/A.2.2/"])
    def test_is_read_only_and_asks_to_sign_in(self, api, api_of, path):
        assert api.post(f"/api/v1/{path}", {}).status_code == 405
        assert api_of().get(f"/api/v1/{path}").status_code == 401

    @pytest.mark.parametrize("path", ["controls/", "clauses/"])
    def test_queries(self, reader, django_assert_max_num_queries, path):
        with django_assert_max_num_queries(8):
            reader.get(f"/api/v1/{path}")


def test_schema_describes_the_routes(reader):
    schema = reader.get("/api/v1/schema/?format=json").content.decode()
    for path in (
        "/api/v1/statements/bulk/",
        "/api/v1/statements/open/",
        "/api/v1/statements/{ref}/",
        "/api/v1/clauses/{number}/",
    ):
        assert path in schema
