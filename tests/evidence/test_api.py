"""API of evidence and packs: add, change, replace, link, withdraw, download; what it refuses and hides."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from aims import jobs
from aims.models import Record
from evidence import services
from evidence.models import EvidenceItem, EvidencePack
from evidence.services.rendering import render_pack
from organization.states import Role
from tests.factories import person, unit
from tests.factories.evidence import RESULT, file_evidence, keeper, link_evidence, pack
from tests.factories.organization import sign_in_again

URL = "/api/v1/evidence/"
PACKS = "/api/v1/packs/"
CANARY = "CANARY-9b1d"


@pytest.fixture(autouse=True)
def no_pokes(monkeypatch):
    monkeypatch.setattr(jobs, "poke", lambda job: True)


@pytest.fixture
def by(db):
    return keeper()


@pytest.fixture
def api(by, api_of):
    return api_of(by)


def said(**more):
    return {"title": "Minutes", "proves": "It was decided", "unit": "Whole", **more}


def of(item, version=None):
    return {"HTTP_IF_MATCH": f'"{version or EvidenceItem.objects.get(pk=item.pk).version}"'}


def pointers(answer):
    return {error["pointer"] for error in answer.json()["errors"]}


# adding


def test_result_is_pushed_and_read_back(api, by):
    other = file_evidence(by)
    answer = api.post(URL, said(result=RESULT, speaks_for=[other.ref]))
    assert answer.status_code == 201
    body = answer.json()
    assert answer["Location"] == f"{URL}{body['ref']}/"
    assert answer["ETag"] == f'"{body["version"]}"'
    assert (body["kind"], body["passed"], body["result"]["metric"]) == ("result", True, "False refusals")
    assert [link["record"] for link in body["links"]] == [other.ref]
    assert api.get(answer["Location"]).json() == body


def test_link_is_added(api):
    assert api.post(URL, said(url="https://archive.example.org/a")).json()["kind"] == "link"


def test_file_is_added_by_multipart(api):
    data = said(file=SimpleUploadedFile("minutes.txt", b"we decided"), collected_on="2026-05-04")
    answer = api.post(URL, data, format="multipart")
    assert answer.status_code == 201
    body = answer.json()
    assert (body["file_name"], body["size"], body["media_type"]) == ("minutes.txt", 10, "text/plain")
    found = api.get(f"{URL}{body['ref']}/download/")
    assert found.getvalue() == b"we decided"
    assert found["Content-Digest"].startswith("sha-256=:")


def test_result_in_multipart_is_text(api):
    assert api.post(URL, said(result=json.dumps(RESULT)), format="multipart").status_code == 201
    assert pointers(api.post(URL, said(result="{"), format="multipart")) == {"/result"}


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({}, ""),
        ({"url": "https://x.example", "result": RESULT}, ""),
        ({"url": "javascript:alert(1)"}, "/url"),
        ({"result": {**RESULT, "value": "high"}}, "/result"),
        ({"result": [1]}, "/result"),
        ({"url": "https://x.example", "unit": "Nowhere"}, "/unit"),
        ({"url": "https://x.example", "unit": True}, "/unit"),
        ({"url": "https://x.example", "collector": "nobody@example.org"}, "/collector"),
        ({"url": "https://x.example", "speaks_for": ["SYS-99999"]}, "/speaks_for"),
        ({"url": "https://x.example", "supersedes": "EVD-99999"}, "/supersedes"),
        ({"url": "https://x.example", "proves": ""}, "/proves"),
        ({"url": "https://x.example", "state": "withdrawn"}, "/state"),
        ({"url": "https://x.example", "received_at": "2020-01-01T00:00:00Z"}, "/received_at"),
        ({"url": "https://x.example", "sha256": "0" * 64}, "/sha256"),
        ({"url": "https://x.example", "surprise": 1}, "/surprise"),
        ({"url": "https://x.example", "confidentiality": "case"}, "/confidentiality"),
        ({"url": "https://x.example", "period_from": "2026-02-02", "period_to": "2026-01-01"}, ""),
    ],
)
def test_bad_bodies_are_refused_with_pointers(api, data, pointer):
    answer = api.post(URL, said(**data))
    assert answer.status_code == 400
    assert any(found.startswith(pointer) for found in pointers(answer))
    assert not EvidenceItem.objects.exists()


@pytest.mark.parametrize(("name", "content"), [("a.png", b"<html>"), ("a.exe", b"MZ"), ("a.zip", b"PK\x03\x04")])
def test_bad_files_are_refused(api, name, content):
    answer = api.post(URL, said(file=SimpleUploadedFile(name, content)), format="multipart")
    assert (answer.status_code, pointers(answer)) == (400, {"/file"})


def test_large_bodies_are_413_as_problems(api, settings):
    answer = api.post(URL, said(url="https://x.example", method="x" * 3_000_000))
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    settings.UPLOAD_MOST = 100
    answer = api.post(URL, said(file=SimpleUploadedFile("a.txt", b"x" * 101)), format="multipart")
    assert answer.status_code == 413


def test_same_idempotency_key_adds_once(api):
    first = api.post(URL, said(url="https://x.example"), HTTP_IDEMPOTENCY_KEY="k1")
    again = api.post(URL, said(url="https://x.example"), HTTP_IDEMPOTENCY_KEY="k1")
    assert (again.json(), again["Idempotent-Replayed"]) == (first.json(), "true")
    assert EvidenceItem.objects.count() == 1


def test_replacing(api, by):
    older = file_evidence(by)
    body = api.post(URL, said(url="https://x.example", supersedes=older.ref)).json()
    assert body["supersedes"] == older.ref
    assert api.get(f"{URL}{older.ref}/").json()["state"] == "superseded"
    assert api.post(URL, said(url="https://x.example", supersedes=older.ref)).status_code in (400, 409)


# changing


def test_change_wants_the_version(api, by):
    item = file_evidence(by)
    url = f"{URL}{item.ref}/"
    assert api.patch(url, {"title": "x"}).status_code == 428
    assert api.patch(url, {"title": "New"}, **of(item)).json()["title"] == "New"
    stale = api.patch(url, {"title": "x"}, **of(item, item.version))
    assert (stale.status_code, stale.json()["current"]["title"]) == (412, "New")
    body = said(title="Whole", confidentiality="normal")
    assert api.put(url, body, **of(item)).json()["title"] == "Whole"


@pytest.mark.parametrize("name", ["url", "result", "file", "supersedes", "speaks_for", "state", "ref"])
def test_content_never_changes(api, by, name):
    item = link_evidence(by)
    answer = api.patch(f"{URL}{item.ref}/", {name: "https://other.example"}, **of(item))
    assert (answer.status_code, pointers(answer)) == (400, {f"/{name}"})


def test_there_is_no_delete(api, by):
    assert api.delete(f"{URL}{file_evidence(by).ref}/").status_code == 405


def test_withdrawing(api, by):
    item = file_evidence(by)
    url = f"{URL}{item.ref}/withdraw/"
    assert api.post(url, {"reason": "x"}).status_code == 428
    assert pointers(api.post(url, {"reason": ""}, **of(item))) == {"/reason"}
    assert api.post(url, {"reason": "wrong sample"}, **of(item)).json()["state"] == "withdrawn"
    assert api.post(url, {"reason": "again"}, **of(item)).status_code == 409


def test_linking_and_unlinking(api, by):
    item, target = file_evidence(by), file_evidence(by)
    url = f"{URL}{item.ref}/"
    stale = of(item)
    body = api.post(f"{url}link/", {"record": target.ref, "proves": "x"}, **of(item)).json()
    assert api.post(f"{url}link/", {"record": target.ref}, **stale).status_code == 412
    assert api.post(f"{url}link/", {"record": "SYS-99999"}, **of(item)).status_code == 400
    link = body["links"][0]
    assert (link["record"], link["kind"], link["proves"]) == (target.ref, "evidence", "x")
    assert api.get(f"{url}links/").json() == [link]
    assert api.post(f"{url}unlink/", {"link": 0, "reason": "x"}, **of(item)).status_code == 404
    gone = api.post(f"{url}unlink/", {"link": link["id"], "reason": "wrong"}, **of(item))
    assert gone.json()["links"] == []


# who


def test_list_filters_and_hides(api, api_of, by):
    here, there = unit(), unit()
    mine, foreign = file_evidence(keeper(), here, title="Mine"), link_evidence(keeper(), there, title=CANARY)
    services.link_evidence(mine, by=keeper(), record=Record.objects.get(pk=foreign.pk), proves=CANARY)
    services.supersede_evidence(foreign, by=keeper(), successor=mine, version=None)
    reader = api_of(person(Role.READER, here))
    body = reader.get(URL).json()
    assert (body["count"], [row["title"] for row in body["results"]]) == (1, ["Mine"])
    assert (body["results"][0]["supersedes"], body["results"][0]["links"]) == (None, [])
    for query in (f"?q={CANARY}", "?kind=link", "?sort=title", "?state=superseded"):
        assert CANARY not in json.dumps(reader.get(URL + query).json()["results"])
    assert reader.get(URL + "?kind=unknown").status_code == 400
    assert reader.get(URL + "?what=1").status_code == 400
    for part in ("", "links/", "download/"):
        assert reader.get(f"{URL}{foreign.ref}/{part}").status_code == 404
    assert reader.patch(f"{URL}{foreign.ref}/", {"title": "x"}, **of(foreign)).status_code == 404
    assert reader.patch(f"{URL}{mine.ref}/", {"title": "x"}, **of(mine)).status_code == 403
    assert reader.post(URL, said(url="https://x.example", unit=here.name)).status_code == 403


def test_foreign_references_in_bodies_do_not_exist(api_of, by):
    here, there = unit(), unit()
    foreign = file_evidence(keeper(), there)
    contributor = api_of(person(Role.CONTRIBUTOR, here))
    good = {"title": "x", "proves": "x", "unit": here.name, "url": "https://x.example"}
    for change in ({"unit": there.pk}, {"supersedes": foreign.ref}, {"speaks_for": [foreign.ref]}):
        assert contributor.post(URL, {**good, **change}).status_code == 400
    made = contributor.post(URL, good).json()
    item = EvidenceItem.objects.get(ref=made["ref"])
    assert contributor.post(f"{URL}{item.ref}/link/", {"record": foreign.ref}, **of(item)).status_code == 400
    assert EvidenceItem.objects.count() == 2


def test_list_asks_as_often_for_three_rows_as_for_one(api, by, queries):
    def add():
        item, older = file_evidence(by), link_evidence(by)
        services.link_evidence(item, by=by, record=Record.objects.get(pk=older.pk))
        services.supersede_evidence(older, by=by, successor=item, version=None)

    add()
    one = queries(lambda: api.get(URL))
    add()
    add()
    assert queries(lambda: api.get(URL)) == one


def test_anonymous_is_401(api_of):
    assert api_of().get(URL).status_code == 401


# packs


def test_pack_from_asking_to_download(api, by):
    file_evidence(by)
    asked = api.post(PACKS, {"title": "Audit", "unit": "Whole"}, HTTP_IDEMPOTENCY_KEY="p1")
    assert asked.status_code == 202
    again = api.post(PACKS, {"title": "Audit", "unit": "Whole"}, HTTP_IDEMPOTENCY_KEY="p1")
    assert (again.status_code, again.json()) == (202, asked.json())
    status = asked["Location"]
    assert status == f"{PACKS}{asked.json()['ref']}/"
    assert api.get(f"{status}download/").status_code == 404
    found = EvidencePack.objects.get()
    jobs.run(found.job_id, render_pack)
    body = api.get(status).json()
    assert (body["state"], body["progress"]["done"] > 0, body["systems"]) == ("ready", True, [])
    data = api.get(f"{status}download/").getvalue()
    assert (len(data), data[:5]) == (body["size"], b"%PDF-")


def test_pack_bodies_are_checked(api, by):
    item = file_evidence(by)
    assert pointers(api.post(PACKS, {"unit": "Whole"})) == {"/title"}
    assert pointers(api.post(PACKS, {"title": "x", "unit": "Nowhere"})) == {"/unit"}
    assert pointers(api.post(PACKS, {"title": "x", "unit": "Whole", "systems": [item.ref]})) == {"/systems"}
    assert pointers(api.post(PACKS, {"title": "x", "unit": "Whole", "state": "ready"})) == {"/state"}
    assert not EvidencePack.objects.exists()


def test_pack_is_cancelled_and_tried_again(api, by):
    found = pack(by)
    url = f"{PACKS}{found.ref}/"

    def match():
        return {"HTTP_IF_MATCH": api.get(url)["ETag"]}

    assert api.post(f"{url}cancel/").status_code == 428
    assert api.post(f"{url}cancel/", **match()).json()["state"] == "cancelled"
    assert api.post(f"{url}cancel/", **match()).status_code == 409
    assert api.post(f"{url}retry/", **match()).json()["state"] == "asked"
    assert api.patch(url, {}).status_code == 405


def test_packs_of_others(api_of, by):
    here = unit()
    found = pack(keeper(), here)
    assert api_of(person(Role.READER, here)).get(f"{PACKS}{found.ref}/").status_code == 404
    auditor = api_of(person(Role.INTERNAL_AUDITOR, here))
    assert auditor.get(PACKS).json()["count"] == 1
    assert auditor.post(f"{PACKS}{found.ref}/cancel/", HTTP_IF_MATCH=f'"{found.version}"').status_code == 403
    assert api_of(person(Role.CONTRIBUTOR, here)).post(PACKS, {"title": "x", "unit": here.name}).status_code == 403


def test_attesting_by_api_needs_a_person_who_confirmed(db, api_of):
    item, auditor = link_evidence(), person(Role.INTERNAL_AUDITOR)
    api = api_of(auditor)
    url, body = f"/api/v1/evidence/{item.ref}/attest/", {"sufficient": True, "reason": "Read"}
    assert api.post(url, body, HTTP_IF_MATCH=f'"{item.version}"').status_code == 401
    sign_in_again(api, auditor)
    answer = api.post(url, body, HTTP_IF_MATCH=f'"{item.version}"')
    assert (answer.status_code, answer.json()["accepted_by"]) == (200, auditor.email)


def test_evidence_tells_freshness_and_scores(db, api_of):
    item = link_evidence(population="All")
    found = api_of(keeper()).get(f"/api/v1/evidence/{item.ref}/").json()
    assert (found["freshness"], found["good_until"]) == ("unknown", None)
    assert {one["name"]: one["points"] for one in found["scores"]} == {"recency": 0, "scope": 1, "verifiability": 0}


def test_redacted_copy_by_api(db, api_of):
    item = file_evidence(confidentiality="restricted")
    file = SimpleUploadedFile("copy.txt", b"without names")
    answer = api_of(keeper()).post(
        f"/api/v1/evidence/{item.ref}/redact/",
        {"file": file, "redaction": "Names"},
        format="multipart",
        HTTP_IF_MATCH=f'"{item.version}"',
    )
    assert answer.status_code == 201, answer.content
    assert (answer.json()["redacted"], answer.json()["redaction"]) == (True, "Names")
