"""Pages of evidence: allowed, refused, hidden, bad input; downloads that never run; the tab on other records."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from aims import clock
from aims.models import Reading, Record
from evidence import services, storage
from evidence.models import EvidenceItem, EvidenceLink
from evidence.uploads import examine
from evidence.views.links import evidence_count, evidence_tab
from organization.states import Role
from tests.factories import person, root_unit, unit
from tests.factories.evidence import file_evidence, keeper, link_evidence, result_evidence
from tests.factories.organization import sign_in_again

CANARY = "CANARY-51c0"


@pytest.fixture
def by(db):
    return keeper()


@pytest.fixture
def client(by, client_of):
    return client_of(by)


def said(**more):
    return {"title": "Minutes", "proves": "It was decided", "unit": root_unit().pk, "confidentiality": "normal", **more}


def upload(name="minutes.txt", content=b"we decided"):
    return SimpleUploadedFile(name, content)


# the register


def test_register_shows_what_one_may_see(by, client_of):
    here, there = unit(), unit()
    file_evidence(by, here, title="Seen")
    file_evidence(by, there, title=CANARY)
    file_evidence(by, here, title=f"{CANARY} restricted", confidentiality="restricted")
    reader = client_of(person(Role.READER, here))
    for query in ("", "?q=CANARY", "?format=csv", "?kind=file&freshness=fresh"):
        answer = reader.get(reverse("evidence_list") + query)
        body = answer.getvalue() if answer.streaming else answer.content
        assert answer.status_code == 200
        assert CANARY.encode() not in body.replace(b"CANARY%22", b"")
    assert b"Seen" in reader.get(reverse("evidence_list")).content


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?kind=link", {"Kept far away"}),
        ("?kind=result", {"Measured well"}),
        ("?state=withdrawn", {"Taken back"}),
        ("?freshness=fresh", {"Kept far away"}),
        ("?freshness=unknown", {"Measured well"}),
        ("?freshness=fresh&freshness=unknown", {"Kept far away", "Measured well"}),
    ],
)
def test_register_filters(by, client, query, found):
    link_evidence(by, title="Kept far away", collected_on=clock.today())
    result_evidence(by, title="Measured well")
    services.withdraw_evidence(file_evidence(by, title="Taken back"), by=by, reason="x", version=None)
    body = client.get(reverse("evidence_list") + query).content.decode()
    assert {
        title
        for title in ("Kept far away", "Measured well", "Taken back")
        if f">{title}<" in body or f"{title}</" in body
    } == found


def test_register_asks_as_often_for_three_rows_as_for_one(by, client, queries):
    file_evidence(by, unit(), title="one")
    one = queries(lambda: client.get(reverse("evidence_list")))
    for _row in range(2):
        file_evidence(keeper(), unit())
    assert queries(lambda: client.get(reverse("evidence_list"))) == one


def test_empty_register_teaches(client, client_of):
    assert b"Add evidence" in client.get(reverse("evidence_list")).content
    assert b"Add evidence" not in client_of(person(Role.READER)).get(reverse("evidence_list")).content


# taking in


def test_file_is_taken_in(by, client):
    answer = client.post(reverse("evidence_create"), said(file=upload(), owner=by.email))
    item = EvidenceItem.objects.get()
    assert answer.url == item.get_absolute_url()
    assert (item.file_name, item.collector, item.owner) == ("minutes.txt", by, by)


def test_link_is_taken_in(client):
    client.post(reverse("evidence_create") + "?way=link", said(url="https://archive.example.org/a"))
    assert EvidenceItem.objects.get().url == "https://archive.example.org/a"


def test_result_is_taken_in(client):
    data = said(metric="Recall", value="0.91", comparator=">=", threshold="0.9", measured_on="2026-03-31")
    client.post(reverse("evidence_create") + "?way=result", data)
    item = EvidenceItem.objects.get()
    assert (item.passed, item.result["measured_on"]) == (True, "2026-03-31")


def test_one_comes_back_to_the_record_one_came_from(by, client):
    other = file_evidence(by)
    answer = client.post(reverse("evidence_create") + f"?links={other.ref}", said(file=upload(), links=other.ref))
    assert answer.url == f"{other.get_absolute_url()}evidence/"
    assert EvidenceLink.objects.get().record_id == other.pk


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"file": None}, "required"),
        ({"file": ("page.png", b"<html>")}, "content is something else"),
        ({"file": ("a.exe", b"MZ")}, "not taken"),
        ({"title": ""}, "required"),
        ({"proves": ""}, "required"),
        ({"period_from": "2026-02-01", "period_to": "2026-01-01"}, "ends before it begins"),
        ({"expires_on": "31.31.2026"}, "valid date"),
        ({"links": "SYS-9999"}, "no such record"),
        ({"collector": "nobody@example.org"}, "Nothing here is called"),
        ({"confidentiality": "case"}, "valid choice"),
    ],
)
def test_bad_input_is_told_and_nothing_is_kept(client, data, says):
    given = {"file": ("minutes.txt", b"x"), **data}
    given["file"] = upload(*given["file"]) if given["file"] else ""
    answer = client.post(reverse("evidence_create"), said(**given))
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert not EvidenceItem.objects.exists()


def test_adding_is_refused_to_readers_and_in_foreign_units(db, client_of):
    reader = client_of(person(Role.READER))
    assert reader.get(reverse("evidence_create")).status_code == 403
    assert reader.post(reverse("evidence_create"), said(file=upload())).status_code == 403
    contributor = client_of(person(Role.CONTRIBUTOR, unit()))
    assert contributor.post(reverse("evidence_create"), said(file=upload())).status_code == 400
    assert not EvidenceItem.objects.exists()


def test_body_larger_than_allowed_is_413_with_a_page(client, settings):
    settings.UPLOAD_MOST = 1_000
    answer = client.post(reverse("evidence_create"), said(file=upload(content=b"x" * 2_600_000)))
    assert answer.status_code == 413
    assert "too large" in answer.content.decode()
    assert client.post(reverse("evidence_create"), said(file=upload(content=b"x" * 1_001))).status_code == 400


def test_text_larger_than_allowed_is_413_too(client):
    answer = client.post(
        reverse("evidence_create") + "?way=link",
        "proves=" + "x" * 10_000_000,
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 413


# one record


def test_record_page_tells_all_of_it(by, client):
    for item in (file_evidence(by), link_evidence(by), result_evidence(by)):
        body = client.get(item.get_absolute_url()).content.decode()
        assert item.proves in body
        assert (item.blob_id or item.url or "Threshold met") in body


def test_hidden_evidence_does_not_exist(by, client_of):
    item = file_evidence(by, unit())
    outsider = client_of(person(Role.AIMS_MANAGER, unit()))
    url = item.get_absolute_url()
    for part in ("", "history/", "change/", "download/", "replace/", "withdraw/", "link/"):
        assert outsider.get(url + part).status_code == 404
    for part in ("verify/", "change/", "withdraw/", "link/"):
        assert outsider.post(url + part).status_code == 404
    assert outsider.post(reverse("evidence_attach", args=[item.ref])).status_code == 404


def test_links_to_hidden_records_do_not_show(by, client_of):
    here, there = unit(), unit()
    item, foreign = file_evidence(by, here), file_evidence(by, there, title=CANARY)
    link = services.link_evidence(item, by=by, record=Record.objects.get(pk=foreign.pk), proves=CANARY)
    services.supersede_evidence(link_evidence(by, there, title=CANARY), by=by, successor=item, version=None)
    reader, contributor = client_of(person(Role.READER, here)), client_of(person(Role.CONTRIBUTOR, here))
    assert CANARY not in reader.get(item.get_absolute_url()).content.decode()
    unlink = reverse("evidence_unlink", args=[item.ref, link.pk])
    assert contributor.get(unlink).status_code == 404
    assert contributor.post(unlink, {"reason": "x"}).status_code == 404


def test_change_and_stale_change(by, client):
    item = file_evidence(by)
    page = reverse("evidence_change", args=[item.ref])
    assert client.get(page).status_code == 200
    data = said(title="Changed", owner=by.email, collector=by.email, version=item.version)
    assert client.post(page, data).status_code == 302
    stale = client.post(page, {**data, "title": "Mine"})
    assert stale.status_code == 412
    assert "Mine" in stale.content.decode()
    item.refresh_from_db()
    assert item.title == "Changed"


def test_change_is_refused_to_readers_and_for_what_is_not_current(by, client, client_of):
    item = file_evidence(by)
    reader = client_of(person(Role.READER))
    for part in ("change/", "replace/", "withdraw/", "link/"):
        assert reader.get(item.get_absolute_url() + part).status_code == 403
        assert reader.post(item.get_absolute_url() + part, said()).status_code == 403
    services.withdraw_evidence(item, by=by, reason="x", version=None)
    for part in ("change/", "replace/", "withdraw/"):
        assert client.get(item.get_absolute_url() + part).status_code == 409


def test_replacing_by_a_newer_file(by, client):
    item, target = file_evidence(by, expires_on="2026-05-04"), file_evidence(by)
    services.link_evidence(item, by=by, record=Record.objects.get(pk=target.pk))
    page = reverse("evidence_replace", args=[item.ref])
    body = client.get(page).content.decode()
    assert target.ref in body
    assert "2026-05-04" not in body
    answer = client.post(page, said(file=upload("newer.txt", b"newer"), links=target.ref))
    newer = EvidenceItem.objects.get(supersedes=item)
    assert answer.url == newer.get_absolute_url()
    assert newer.links.get().record_id == target.pk
    assert newer.ref in client.get(item.get_absolute_url()).content.decode()


def test_withdrawing_needs_a_reason(by, client):
    item = file_evidence(by)
    page = reverse("evidence_withdraw", args=[item.ref])
    assert client.get(page).status_code == 200
    assert client.post(page, {"reason": ""}).status_code == 400
    assert client.post(page, {"reason": "wrong sample", "version": item.version}).status_code == 302
    item.refresh_from_db()
    assert item.state == "withdrawn"


def test_verifying_says_whether_the_file_is_unchanged(by, client):
    item = file_evidence(by, content=b"verify me")
    page = reverse("evidence_verify", args=[item.ref])
    assert "unchanged" in client.post(page, follow=True).content.decode()
    storage.remove(item.blob_id)
    assert "missing or was altered" in client.post(page, follow=True).content.decode()
    assert client.get(page).status_code == 405


# files

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("data.xml", b"<x/>"),
        ("report.pdf", b"%PDF-1.7 /JS"),
        ("note.txt", b"<html>"),
    ],
)
@pytest.mark.parametrize("query", ["", "?shown"])
def test_nothing_that_could_run_is_shown(by, client, name, content, query):
    item = file_evidence(by, name=name, content=content)
    answer = client.get(reverse("evidence_download", args=[item.ref]) + query)
    assert answer.getvalue() == content
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert {name: answer[name] for name in HEADERS} == HEADERS


def test_pictures_are_shown_in_the_page(by, client):
    item = file_evidence(by, name="screen.png", content=b"\x89PNG\r\n\x1a\n" + b"\x00" * 60)
    assert "download/?shown" in client.get(item.get_absolute_url()).content.decode()
    answer = client.get(reverse("evidence_download", args=[item.ref]) + "?shown")
    assert answer["Content-Disposition"].startswith("inline")
    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert not Reading.objects.filter(what="download").exists()


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ('quote".txt', 'attachment; filename="quote\\".txt"'),
        ("größe.txt", "attachment; filename*=utf-8''gr%C3%B6%C3%9Fe.txt"),
        ("a\r\nX-Evil: 1.txt", 'attachment; filename="aX-Evil: 1.txt"'),
        ("\u202etxt.exe.txt", 'attachment; filename="txt.exe.txt"'),
    ],
)
def test_names_cannot_leave_their_header(by, client, name, header):
    item = file_evidence(by, name=name)
    answer = client.get(reverse("evidence_download", args=[item.ref]))
    assert answer["Content-Disposition"] == header
    assert "X-Evil" not in answer


def test_downloads_are_recorded_and_ask_the_record(by, client, client_of):
    elsewhere = unit()
    item = file_evidence(by)
    client.get(reverse("evidence_download", args=[item.ref])).getvalue()
    reading = Reading.objects.get(what="download")
    assert (reading.person, reading.record_id, reading.digest) == (by, item.pk, item.blob_id)
    copy = file_evidence(by, elsewhere)
    assert copy.blob_id == item.blob_id
    reader = client_of(person(Role.READER, elsewhere))
    assert reader.get(reverse("evidence_download", args=[copy.ref])).status_code == 200
    assert reader.get(reverse("evidence_download", args=[item.ref])).status_code == 404


def test_lost_file_is_a_conflict_and_links_have_none(by, client):
    item = file_evidence(by, content=b"to be lost")
    storage.remove(item.blob_id)
    assert client.get(reverse("evidence_download", args=[item.ref])).status_code == 409
    assert client.get(reverse("evidence_download", args=[link_evidence(by).ref])).status_code == 404


# the tab on other records, and linking


def test_tab_shows_links_and_counts_what_one_sees(by, client, client_of):
    here, there = unit(), unit()
    target = file_evidence(by, here)
    spine = Record.objects.get(pk=target.pk)
    for item in (file_evidence(by, here, title="Shown"), file_evidence(by, there, title=CANARY)):
        services.link_evidence(item, by=by, record=spine)

    class Request:
        user = person(Role.READER, here)

    assert evidence_count(Request, target) == 1
    assert [link.item.title for link, _badge in evidence_tab(Request, target)["linked"]] == ["Shown"]
    assert evidence_tab(Request, target)["attach"] is None


def test_attaching_what_is_there(by, client):
    target, item = file_evidence(by), file_evidence(by)
    page = reverse("evidence_attach", args=[target.ref])
    answer = client.post(page, {"evidence": item.ref, "proves": "this too"})
    assert answer.url == f"{target.get_absolute_url()}evidence/"
    assert EvidenceLink.objects.get().proves == "this too"
    for data in ({"evidence": item.ref}, {"evidence": "EVD-99999"}, {"evidence": target.ref}):
        assert client.post(page, data).status_code == 302
    assert EvidenceLink.objects.count() == 1


def test_linking_and_unlinking(by, client):
    item, target = file_evidence(by), file_evidence(by)
    page = reverse("evidence_link", args=[item.ref])
    assert client.get(page).status_code == 200
    assert client.post(page, {"record": "SYS-99999"}).status_code == 400
    assert client.post(page, {"record": item.ref}).status_code == 400
    assert client.post(page, {"record": target.ref.lower(), "proves": "x"}).status_code == 302
    link = EvidenceLink.objects.get()
    unlink = reverse("evidence_unlink", args=[item.ref, link.pk])
    assert client.get(unlink).status_code == 200
    assert client.post(unlink, {"reason": ""}).status_code == 400
    assert client.post(unlink, {"reason": "wrong"}).status_code == 302
    assert not EvidenceLink.objects.exists()


def test_own_pages_have_no_evidence_tab(by, client):
    item = file_evidence(by)
    assert client.get(f"{item.get_absolute_url()}evidence/").status_code == 404


def test_upload_is_never_held_in_memory(settings):
    assert settings.FILE_UPLOAD_HANDLERS == ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]


def test_attesting_locks_and_says_who(db, client_of):
    item, auditor = file_evidence(keeper()), person(Role.INTERNAL_AUDITOR)
    client = client_of(auditor)
    sign_in_again(client, auditor)
    url = item.get_absolute_url()
    assert "What the machine sees" in client.get(f"{url}attest/").content.decode()
    sent = {"sufficient": "yes", "reason": "Read and compared", "version": item.version}
    body = client.post(f"{url}attest/", sent, follow=True).content.decode()
    assert "Read and compared" in body
    assert "Attested as sufficient" in body


def test_attesting_asks_who_one_is(db, client_of):
    item = file_evidence(keeper())
    assert client_of(person(Role.INTERNAL_AUDITOR)).get(f"{item.get_absolute_url()}attest/").status_code == 302


def test_what_was_collected_by_oneself_or_withdrawn_is_not_attested(by, client):
    item = file_evidence(by)
    assert client.get(f"{item.get_absolute_url()}attest/").status_code == 403
    services.withdraw_evidence(item, by=by, reason="Wrong", version=None)
    assert client.get(f"{item.get_absolute_url()}attest/").status_code == 409


def test_accepted_evidence_keeps_what_it_says(by, client):
    item = file_evidence(by)
    services.attest_evidence(item, by=person(Role.APPROVER), sufficient=True, reason="Read", at=clock.now())
    body = client.get(f"{item.get_absolute_url()}change/").content.decode()
    assert "disabled" in body
    assert client.post(f"{item.get_absolute_url()}change/", _fields(item)).status_code == 302


def _fields(item):
    return {
        "title": "Another", "unit": item.unit_id, "owner": item.owner.email, "confidentiality": "restricted",
        "version": EvidenceItem.objects.get(pk=item.pk).version,
    }  # fmt: skip


def test_redacted_copy_is_added_beside_the_original(by, client):
    item = file_evidence(by, confidentiality="restricted")
    url = item.get_absolute_url()
    assert client.get(f"{url}redact/").status_code == 200
    file = SimpleUploadedFile("copy.txt", b"without names")
    body = client.post(f"{url}redact/", {"file": file, "reason": "Names of people"}, follow=True).content.decode()
    assert "Names of people" in body
    assert "(redacted)" in client.get(url).content.decode()


def test_redacted_copy_names_no_original_to_who_may_not_see_it(by, client_of):
    item = file_evidence(by, title="Interview", confidentiality="restricted")
    copy = services.add_redacted_copy(
        item, by=by, file=examine(BytesIO(b"without names"), "copy.txt"), redaction="Names of people"
    )
    body = client_of(person(Role.READER)).get(copy.get_absolute_url()).content.decode()
    assert item.ref not in body
    assert "shows to few" in body


def test_link_has_no_redacted_copy(by, client):
    assert client.get(f"{link_evidence(by).get_absolute_url()}redact/").status_code == 409


def test_page_tells_what_the_rules_say(by, client):
    item = link_evidence(by, collected_on=clock.today() - timedelta(days=90))
    body = client.get(item.get_absolute_url()).content.decode()
    assert "received only on" in body
    assert "Received late" in body
