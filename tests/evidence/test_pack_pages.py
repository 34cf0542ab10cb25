"""Pages of packs: asking, progress, cancel, retry, download; and what others see of them."""

import pytest
from django.urls import reverse

from aims import jobs
from aims.models import Reading
from evidence.models import EvidencePack
from evidence.services.rendering import render_pack
from evidence.storage import Damaged
from organization.states import Role
from tests.factories import person, root_unit, unit
from tests.factories.evidence import file_evidence, keeper, pack


@pytest.fixture(autouse=True)
def no_pokes(monkeypatch):
    monkeypatch.setattr(jobs, "poke", lambda job: True)


@pytest.fixture
def by(db):
    return keeper()


@pytest.fixture
def client(by, client_of):
    return client_of(by)


def test_list_and_empty_list(by, client, client_of):
    assert b"Build a pack" in client.get(reverse("pack_list")).content
    assert b"Build a pack" not in client_of(person(Role.READER)).get(reverse("pack_list")).content
    found = pack(by, title="For the audit")
    assert found.title in client.get(reverse("pack_list")).content.decode()


def test_list_asks_as_often_for_three_rows_as_for_one(by, client, queries):
    pack(by)
    one = queries(lambda: client.get(reverse("pack_list")))
    pack(keeper())
    pack(keeper())
    assert queries(lambda: client.get(reverse("pack_list"))) == one


def test_asking_in_the_browser(by, client):
    form = client.get(reverse("pack_create"))
    assert "Evidence" in form.content.decode()
    answer = client.post(reverse("pack_create"), {"title": "Audit", "unit": root_unit().pk})
    found = EvidencePack.objects.get()
    assert answer.url == found.get_absolute_url()
    assert (found.title, found.asked_by) == ("Audit", by)


@pytest.mark.parametrize("data", [{"title": ""}, {"unit": "0"}, {"systems": "SYS-9999"}])
def test_bad_input_asks_for_nothing(client, data):
    answer = client.post(reverse("pack_create"), {"title": "Audit", "unit": root_unit().pk, **data})
    assert answer.status_code == 400
    assert not EvidencePack.objects.exists()


def test_too_many_open_packs_are_a_conflict(by, client):
    for _number in range(5):
        pack(by)
    assert client.post(reverse("pack_create"), {"title": "x", "unit": root_unit().pk}).status_code == 409


def test_asking_is_refused_to_contributors(db, client_of):
    contributor = client_of(person(Role.CONTRIBUTOR))
    assert contributor.get(reverse("pack_create")).status_code == 403
    assert contributor.post(reverse("pack_create"), {"title": "x", "unit": root_unit().pk}).status_code == 403


def test_progress_moves_and_reloads_at_the_end(by, client):
    found = pack(by)
    url = reverse("pack_progress", args=[found.ref]) + "?seen=asked"
    waiting = client.get(url)
    assert f'hx-get="{found.get_absolute_url()}progress/?seen=asked"' in waiting.content.decode()
    assert "HX-Refresh" not in waiting
    jobs.run(found.job_id, render_pack)
    ended = client.get(url)
    assert ended["HX-Refresh"] == "true"
    assert "hx-get" not in ended.content.decode()
    body = client.get(found.get_absolute_url()).content.decode()
    found.refresh_from_db()
    assert found.blob_id in body


def test_cancel_and_retry_in_the_browser(by, client):
    found = pack(by)
    assert client.get(reverse("pack_cancel", args=[found.ref])).status_code == 405
    assert client.post(reverse("pack_cancel", args=[found.ref])).status_code == 302
    assert "Try again" in client.get(found.get_absolute_url()).content.decode()
    assert client.post(reverse("pack_cancel", args=[found.ref])).status_code == 409
    assert client.post(reverse("pack_retry", args=[found.ref])).status_code == 302
    found.refresh_from_db()
    assert found.state == "asked"


def test_failure_says_why(by, client, monkeypatch):
    file_evidence(by, title="Lost", content=b"lost with the disk")
    monkeypatch.setattr("evidence.services.building.storage.verify", _lost)
    found = pack(by)
    jobs.run(found.job_id, render_pack)
    body = client.get(found.get_absolute_url()).content.decode()
    assert "report.txt" in body
    assert "Try again" in body


def _lost(digest):
    raise Damaged("gone")


def test_download_when_ready(by, client):
    found = pack(by)
    url = reverse("pack_download", args=[found.ref])
    assert client.get(url).status_code == 404
    jobs.run(found.job_id, render_pack)
    answer = client.get(url)
    assert answer.getvalue().startswith(b"%PDF-")
    assert answer["Content-Disposition"] == f'attachment; filename="{found.ref}.pdf"'
    assert Reading.objects.get(what="download").record_id == found.pk


def test_others_see_packs_only_when_cleared_there(by, client_of):
    here = unit()
    found = pack(by, here)
    for role, status in (
        (Role.READER, 404),
        (Role.CONTRIBUTOR, 404),
        (Role.APPROVER, 200),
        (Role.INTERNAL_AUDITOR, 200),
    ):
        who = client_of(person(role, here))
        assert who.get(found.get_absolute_url()).status_code == status, role
    elsewhere = client_of(person(Role.AIMS_MANAGER, unit()))
    for part in ("", "progress/", "download/", "history/"):
        assert elsewhere.get(found.get_absolute_url() + part).status_code == 404
    for part in ("cancel/", "retry/"):
        assert elsewhere.post(found.get_absolute_url() + part).status_code == 404
        assert client_of(person(Role.APPROVER, here)).post(found.get_absolute_url() + part).status_code == 403


def test_viewers_who_may_not_cancel_get_no_button(by, client_of):
    found = pack(by)
    body = client_of(person(Role.INTERNAL_AUDITOR)).get(found.get_absolute_url()).content.decode()
    assert "cancel/" not in body
