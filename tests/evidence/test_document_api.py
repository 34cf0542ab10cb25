"""API of documents: draft, change, review, approve, put in force, read, withdraw; what it refuses and hides."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from evidence.models import Acknowledgement, Document
from organization.states import Role
from tests.factories import person, unit
from tests.factories.documents import POLICY, SAID, TEXT, document, in_force, latest, manager, next_version, top
from tests.factories.organization import sure

pytestmark = pytest.mark.django_db
URL = "/api/v1/documents/"


def of(made):
    return {"HTTP_IF_MATCH": f'"{Document.objects.get(pk=made.pk).version}"'}


def post(api, made, verb, data=None):
    return api.post(f"{URL}{made.ref}/{verb}/", data or {}, **of(made))


@pytest.fixture
def api(api_of):
    return api_of(manager())


def test_from_draft_to_acknowledgement(api, api_of):
    employee = person(Role.EMPLOYEE)
    body = {"title": "Policy", "kind": "ai_policy", "unit": "Whole", "audience": "everybody", "text": POLICY}
    answer = api.post(URL, body)
    assert (answer.status_code, answer.json()["in_force"]) == (201, None)
    made = Document.objects.get()
    assert post(api, made, "rewrite", {**SAID, "changes": "First"}).status_code == 200
    assert post(api, made, "submit").status_code == 200
    assert post(api, made, "approve", {"reason": "Good"}).status_code == 403
    boss = sure(api_of, top())
    assert post(boss, made, "send_back", {"reason": "More"}).status_code == 200
    assert post(api, made, "submit").status_code == 200
    assert post(boss, made, "approve", {"reason": "Good"}).status_code == 200
    done = post(boss, made, "put_in_force")
    assert done.json()["in_force"]["number"] == 1
    assert done.json()["in_force"]["sha256"] == latest(made).sha256
    mine = api_of(employee)
    assert mine.get(f"{URL}{made.ref}/").status_code == 404
    said = mine.post(f"{URL}{made.ref}/acknowledge/", {"number": 1})
    assert (said.status_code, said.json()["number"]) == (201, 1)
    assert Acknowledgement.objects.get().person == employee
    readers = api.get(f"{URL}{made.ref}/readers/").json()
    assert [bool(one["read_at"]) for one in readers if one["email"] == employee.email] == [True]


def test_who_decides_proves_who_they_are(api_of):
    boss, made = api_of(top()), in_force()
    next_version(made)
    from_session = post(boss, made, "withdraw", {"reason": "Over"})
    assert from_session.status_code == 401
    post(api_of(manager()), made, "submit")
    assert post(boss, made, "approve", {"reason": "Good"}).status_code == 401
    assert post(boss, made, "put_in_force").status_code == 401
    assert post(sure(api_of, top()), made, "withdraw", {"reason": "Over"}).json()["state"] == "withdrawn"


def test_ac16_versions_show_to_those_who_may_read_them(api, api_of):
    here = unit()
    made = in_force(document(where=here))
    next_version(made)
    found = api.get(f"{URL}{made.ref}/versions/").json()
    assert [(one["number"], one["state"]) for one in found] == [(2, "draft"), (1, "effective")]
    assert found[1]["text"] == TEXT
    reader = api_of(person(Role.READER, here))
    assert [one["number"] for one in reader.get(f"{URL}{made.ref}/versions/").json()] == [1]
    assert post(reader, made, "submit").status_code == 403
    assert post(reader, made, "send_back", {"reason": "x"}).status_code == 403
    assert reader.get(f"{URL}{made.ref}/readers/").status_code == 403


def test_ac16_what_is_in_force_is_neither_changed_nor_deleted(api):
    made = in_force()
    assert post(api, made, "rewrite", {"text": "Other"}).status_code == 404
    assert api.delete(f"{URL}{made.ref}/", **of(made)).status_code == 405
    next_version(made)
    post(api, made, "submit")
    assert post(api, made, "rewrite", {"text": "Other"}).status_code == 409
    assert post(api, made, "draft", {"text": "Third"}).status_code == 409


def test_a_new_version_by_file(api):
    made = in_force()
    file = SimpleUploadedFile("next.txt", b"All of it")
    answer = api.post(f"{URL}{made.ref}/draft/", {"file": file, "changes": "New"}, format="multipart", **of(made))
    assert answer.status_code == 200
    assert (latest(made).number, latest(made).file_name) == (2, "next.txt")


def test_what_is_said_changes_and_not_what_it_is(api):
    made = document()
    answer = api.patch(f"{URL}{made.ref}/", {"title": "Other", "audience": "roles", "roles": ["reader"]}, **of(made))
    assert (answer.status_code, answer.json()["roles"]) == (200, ["reader"])
    body = {"title": "Third", "unit": "Whole", "owner": made.owner.email, "audience": "nobody", "roles": []}
    assert api.put(f"{URL}{made.ref}/", body, **of(made)).json()["title"] == "Third"
    wrong = api.patch(f"{URL}{made.ref}/", {"kind": "plan"}, **of(made))
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/kind")
    assert api.patch(f"{URL}{made.ref}/", {"audience": "roles"}, **of(made)).status_code == 400
