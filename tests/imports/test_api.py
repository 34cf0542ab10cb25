"""The same by program."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from aims.models import Import
from inventory.models import AISystem
from tests.factories import person
from tests.imports import messy
from tests.imports.conftest import worked

pytestmark = pytest.mark.django_db
LINES = [["Name", "Purpose", "Owner", "Unit"], ["Churn", "Says who leaves.", "ada@example.org", "Shop"]]


@pytest.fixture
def api(officer, api_of, shop):
    person("system_owner", shop, email="ada@example.org")
    return api_of(officer)


def handed(api, lines=LINES):
    file = SimpleUploadedFile("register.xlsx", messy.workbook(lines).read())
    return api.post("/api/v1/imports/", {"file": file, "target": "system"}, format="multipart")


def act(api, run, verb, body):
    run.refresh_from_db()
    return api.post(f"/api/v1/imports/{run.ref}/{verb}/", body, HTTP_IF_MATCH=f'"{run.version}"')


def test_whole_way(api):
    answer = handed(api)
    assert (answer.status_code, answer.data["state"]) == (202, "reading")
    run = worked(Import.objects.get())
    read = api.get(answer["Location"]).data
    assert read["headers"] == LINES[0]
    assert act(api, run, "columns", {"columns": read["columns"]}).status_code == 200
    worked(run)
    assert api.get(f"{answer['Location']}lines/?state=new").data[0]["cells"] == LINES[1]
    assert act(api, run, "start", {}).data["state"] == "running"
    worked(run)
    made = api.get(f"{answer['Location']}lines/").data[0]
    assert made["record"] == AISystem.objects.get().ref
    assert act(api, run, "take_back", {"reason": "Wrong."}).status_code == 200
    assert worked(run).counts == {"undone": 1}


def test_bad_input(api, officer):
    assert handed(api, lines=[[]]).status_code == 202
    run = worked(Import.objects.get())
    assert run.state == "failed"
    answer = api.post(
        "/api/v1/imports/", {"target": "nonsense", "file": SimpleUploadedFile("a.csv", b"x")}, format="multipart"
    )
    assert answer.status_code == 403
    answer = api.post(
        "/api/v1/imports/", {"target": "system", "file": SimpleUploadedFile("a.exe", b"x")}, format="multipart"
    )
    assert answer.json()["errors"][0]["pointer"] == "/file"
    handed(api)
    run = worked(Import.objects.exclude(pk=run.pk).get())
    assert act(api, run, "columns", {"columns": {"first": "title"}}).status_code == 400
    assert act(api, run, "start", {}).status_code == 409
    assert api.get(f"/api/v1/imports/{run.ref}/lines/?after=x").status_code == 400
    assert api.post(f"/api/v1/imports/{run.ref}/drop/", {}).status_code == 428
    assert act(api, run, "drop", {}).data["state"] == "failed"


def test_reader_is_refused(api_of, shop):
    api = api_of(person("reader", shop))
    assert handed(api).status_code == 403
