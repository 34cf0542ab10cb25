"""Sign in, find the fraud system, change its purpose, read the change as a sentence, build the pack, read the PDF.

By page and by API with a token; the worker is a real one.
"""

import hashlib
from html import unescape
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests import factories
from tests.journeys.stage import NEW_PURPOSE, PASSWORD, set_stage

pytestmark = pytest.mark.xdist_group("worker")


@pytest.fixture
def stage(committed_db):
    return set_stage()


def text(response):
    return unescape(response.content.decode())


def what_the_form_sends(form):
    """The fields of a page's form as a browser would send them."""
    sent = {}
    for bound in form:
        value = bound.field.prepare_value(bound.value()) if hasattr(bound.field, "prepare_value") else bound.value()
        if value not in (None, False, ""):
            sent[bound.html_name] = value
    return sent


def pdf_text(data: bytes) -> str:
    return " ".join(" ".join((page.extract_text() or "").split()) for page in PdfReader(BytesIO(data)).pages)


def assert_it_is_the_pack(data: bytes) -> None:
    said = pdf_text(data)
    assert "Fraud detection" in said
    assert "Score each order for fraud before it is paid" in said
    assert "A.6.2.4" in said
    assert "Validation report of the fraud model" in said


def test_officer_makes_the_first_pack_by_page(stage, client, worker, patiently):
    signed_in = client.post("/account/login/", {"login": stage.officer.email, "password": PASSWORD})
    assert signed_in.status_code == 302, text(signed_in)

    links = client.get("/jump/", {"q": "fraud"}).context["links"]
    assert stage.fraud.get_absolute_url() in [link.url for link in links]

    change = f"{stage.fraud.get_absolute_url()}change/"
    sent = what_the_form_sends(client.get(change).context["form"])
    saved = client.post(change, {**sent, "purpose": NEW_PURPOSE})
    assert saved.status_code == 302, text(saved)

    history = text(client.get(f"{stage.fraud.get_absolute_url()}history/"))
    assert "Clara Officer" in history
    assert "changed Purpose" in history

    sent = what_the_form_sends(client.get("/packs/create/").context["form"])
    asked = client.post("/packs/create/", {**sent, "title": "First pack"})
    assert asked.status_code == 302, text(asked)
    page = asked["Location"]

    def ready():
        return "PDF" in text(client.get(page)) and client.get(f"{page}download/").status_code == 200

    patiently(ready, "the pack is ready", lambda: worker.text()[-3000:], seconds=90)
    answer = client.get(f"{page}download/")
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer["Content-Type"] == "application/pdf"
    assert hashlib.sha256(data).hexdigest() in text(client.get(page))
    assert_it_is_the_pack(data)


def test_program_makes_the_first_pack_by_token(stage, api_of, worker, patiently):
    api = api_of(token=stage.token())
    found = api.get("/api/v1/systems/?q=fraud").json()["results"]
    assert [row["title"] for row in found] == ["Fraud detection"]
    address = f"/api/v1/systems/{found[0]['ref']}/"

    read = api.get(address)
    changed = api.patch(address, {"purpose": NEW_PURPOSE}, HTTP_IF_MATCH=read["ETag"])
    assert changed.status_code == 200, changed.content
    assert changed.json()["purpose"] == NEW_PURPOSE
    assert api.patch(address, {"purpose": "Late."}, HTTP_IF_MATCH=read["ETag"]).status_code == 412

    body = {"title": "By token", "unit": stage.fraud.unit.name}
    asked = api.post("/api/v1/packs/", body, HTTP_IDEMPOTENCY_KEY="journey-1")
    assert asked.status_code == 202, asked.content
    again = api.post("/api/v1/packs/", body, HTTP_IDEMPOTENCY_KEY="journey-1")
    assert again.json()["ref"] == asked.json()["ref"]

    pack = asked["Location"]
    patiently(
        lambda: api.get(pack).json()["state"] == "ready", "the pack is ready", lambda: worker.text()[-3000:], seconds=90
    )
    answer = api.get(f"{pack}download/")
    assert_it_is_the_pack(b"".join(answer.streaming_content) if answer.streaming else answer.content)


def test_pack_of_somebody_elses_unit_cannot_be_had(stage, api_of, client_of):
    stranger = factories.person("reader", factories.unit())
    assert api_of(stranger).get("/api/v1/packs/").json()["count"] == 0
    assert client_of(stranger).get(stage.fraud.get_absolute_url()).status_code == 404
