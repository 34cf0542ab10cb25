"""Pages of documents: the register, one of them, its versions and readers, writing and judging; and the reader's page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aims import clock
from aims.models import Reading, Task
from evidence import services
from evidence.models import Acknowledgement, Document
from evidence.states import PolicyElement
from organization.states import Role
from tests.factories import person, root_unit, unit
from tests.factories.documents import (
    POLICY,
    SAID,
    TEXT,
    approved,
    document,
    in_force,
    latest,
    manager,
    next_version,
    top,
)
from tests.factories.organization import sure

pytestmark = pytest.mark.django_db
CANARY = "CANARY-77d1"


def page(client, made, tail=""):
    return client.get(f"{made.get_absolute_url()}{tail}")


def text(answer):
    return answer.content.decode()


def effect(made):
    approved(made)
    services.put_in_force(latest(made), by=top(made.unit), at=clock.now(), on=clock.today())


@pytest.fixture
def keeper():
    return manager()


@pytest.fixture
def client(keeper, client_of):
    return client_of(keeper)


def test_the_register_shows_what_one_may_see(client_of):
    here, there = unit(), unit()
    in_force(where=here, title="Seen")
    document(where=there, title=CANARY)
    reader = client_of(person(Role.READER, here))
    for query in ("", "?format=csv", "?kind=procedure&state=effective&audience=nobody", "?q=Seen"):
        answer = reader.get(reverse("document_list") + query)
        body = answer.getvalue() if answer.streaming else answer.content
        assert b"Seen" in body
        assert CANARY.encode() not in body
    assert "Add a document" not in text(reader.get(reverse("document_list")))


@pytest.mark.parametrize("address", ["/documents/", "/reading/", "/api/v1/documents/"])
def test_lists_ask_the_database_as_often_for_three_as_for_one(client_of, address):
    who = person(Role.AIMS_MANAGER)
    asked = []
    for _number in range(3):
        in_force(document(audience="everybody"))
        with CaptureQueriesContext(connection) as found:
            assert client_of(who).get(address).status_code == 200
        asked.append(len(found))
    assert asked[0] == asked[2]


@pytest.mark.parametrize("tail", ["versions/", "readers/"])
def test_tabs_ask_as_often_for_three_as_for_one(client_of, tail):
    who, made, asked = manager(), in_force(document(audience="everybody")), []
    for _number in range(3):
        person(Role.EMPLOYEE)
        next_version(made)
        effect(made)
        with CaptureQueriesContext(connection) as found:
            assert page(client_of(who), made, tail).status_code == 200
        asked.append(len(found))
    assert asked[0] == asked[2]


def test_an_empty_register_teaches(client):
    assert "Begin with the AI policy" in text(client.get("/documents/"))


def test_readers_see_the_words_in_force_and_no_others(client_of):
    here = unit()
    made = in_force(document(where=here, words={"text": f"{CANARY}-1"}))
    next_version(made, text=f"{CANARY}-2")
    effect(made)
    next_version(made, text=f"{CANARY}-3")
    reader = client_of(person(Role.READER, here))
    told = text(page(reader, made)) + text(page(reader, made, "versions/")) + text(page(reader, made, "history/"))
    assert f"{CANARY}-2" in told
    assert f"{CANARY}-1" not in told
    assert f"{CANARY}-3" not in told
    assert [page(reader, made, f"versions/{number}/").status_code for number in (1, 2, 3, 4)] == [403, 200, 403, 404]
    writer = client_of(person(Role.CONTRIBUTOR, here))
    assert [page(writer, made, f"versions/{number}/").status_code for number in (1, 2, 3)] == [403, 200, 200]


def test_ac16_an_old_version_is_marked_and_leads_to_the_new_one(client):
    made = in_force()
    next_version(made)
    effect(made)
    told = text(page(client, made, "versions/1/"))
    assert "Superseded" in told
    assert "holds no more" in told
    assert f"{made.get_absolute_url()}versions/2/" in told
    assert "Send to review" not in told
    for verb in ("change", "draft", "approve", "return", "take-effect"):
        answer = page(client, made, f"versions/1/{verb}/")
        assert answer.status_code in (302, 403, 404, 409, 200)
        assert "<textarea" not in text(answer)
    assert client.post(f"{made.get_absolute_url()}versions/1/submit/").status_code == 409


def test_words_are_drawn_and_nothing_of_them_runs(client):
    made = document(words={"text": "# One\n\n<script>x</script> [a](javascript:x) [b](https://example.org)\n\n### Two"})
    told = text(page(client, made, "versions/1/"))
    assert "<h2>One</h2>" in told
    assert "<h3>Two</h3>" in told
    assert "&lt;script&gt;" in told
    assert 'href="javascript' not in told
    assert 'rel="noopener noreferrer"' in told


def form_of(**more):
    given = {"title": "AI policy", "sort": "ai_policy", "unit": root_unit().pk, "text": POLICY}
    return {**given, "audience": "everybody", "confidentiality": "normal", "kept_years": 10, **more}


def test_from_the_first_word_to_who_read_it(client_of):
    """AC-17 by page: the elements are asked for, another authority approves, everybody is asked to read."""
    writer, boss, employee = manager(), top(), person(Role.EMPLOYEE)
    mine = client_of(writer)
    answer = mine.post("/documents/create/", form_of())
    made = Document.objects.get()
    assert answer["Location"] == f"{made.get_absolute_url()}versions/1/"
    assert "It cannot be approved yet" in text(mine.get(answer["Location"]))
    change = f"{made.get_absolute_url()}versions/1/change/"
    opened = mine.get(change).context["form"]
    sent = {"text": POLICY, "changes": "First", "material": "on", "version": opened.initial["version"], **SAID}
    assert mine.post(change, {**sent, "improvement": ""}).status_code == 302
    made.refresh_from_db()
    assert mine.post(f"{made.get_absolute_url()}versions/1/submit/", {"version": made.version}).status_code == 302

    theirs = sure(client_of, boss)
    judged = page(theirs, made, "versions/1/approve/")
    assert "It says less than clause 5.2 asks for" in text(judged)
    refused = theirs.post(f"{made.get_absolute_url()}versions/1/approve/", {"reason": "Good"})
    assert refused.status_code == 409
    assert str(PolicyElement.IMPROVEMENT.label) in text(refused)
    back = theirs.post(f"{made.get_absolute_url()}versions/1/return/", {"reason": "One is missing"})
    assert back.status_code == 302

    made.refresh_from_db()
    assert mine.post(change, {**sent, "version": made.version}).status_code == 302
    mine.post(f"{made.get_absolute_url()}versions/1/submit/")
    assert page(sure(client_of, person(Role.APPROVER)), made, "versions/1/approve/").status_code == 403
    assert page(sure(client_of, writer), made, "versions/1/approve/").status_code == 403
    assert "Fits the purpose" in text(page(theirs, made, "versions/1/approve/"))
    assert theirs.post(f"{made.get_absolute_url()}versions/1/approve/", {"reason": "Good"}).status_code == 302
    assert "is scheduled" in text(page(theirs, made, "versions/1/take-effect/"))
    assert theirs.post(f"{made.get_absolute_url()}versions/1/take-effect/").status_code == 302

    reader = client_of(employee)
    assert f"{made.get_absolute_url()}read/" in text(reader.get("/inbox/"))
    assert "To read" in text(reader.get("/reading/"))
    assert page(reader, made).status_code == 404
    words = page(reader, made, "read/")
    assert "I have read and understood it" in text(words)
    assert "Open the record" not in text(words)
    assert reader.post(f"{made.get_absolute_url()}read/", {"number": "1"})["Location"] == "/reading/"
    assert Acknowledgement.objects.get().person == employee
    assert "You have read and understood it" in text(page(reader, made, "read/"))
    told = text(page(mine, made, "readers/"))
    assert "1 of 4 have read it" in told
    assert "readers/export/?format=xlsx" in told
    export = page(mine, made, "readers/export/?format=csv")
    assert employee.email in b"".join(export.streaming_content).decode()
    assert page(mine, made, "readers/export/?format=xlsx").status_code == 200


def test_a_task_to_read_leads_to_the_words(client_of):
    made, employee = document(audience="everybody"), person(Role.EMPLOYEE)
    effect(made)
    task = Task.objects.get(assignee=employee)
    answer = client_of(employee).get(task.get_absolute_url())
    assert answer["Location"] == f"{made.get_absolute_url()}read/"


def test_who_is_not_asked_reads_what_they_see_without_a_button(client_of):
    here = unit()
    made = in_force(document(where=here))
    reader = client_of(person(Role.READER, here))
    told = text(page(reader, made, "read/"))
    assert "I have read" not in told
    assert "Open the record" in told
    assert reader.post(f"{made.get_absolute_url()}read/").status_code == 403
    assert page(client_of(person(Role.EMPLOYEE, here)), made, "read/").status_code == 404
    assert page(reader, document(where=here), "read/").status_code == 404


def test_words_in_a_file_are_handed_out(client_of, client):
    file = SimpleUploadedFile("policy.txt", b"All of it")
    answer = client.post("/documents/create/", form_of(sort="manual", text="", file=file))
    made = Document.objects.get()
    assert answer.status_code == 302
    effect(made)
    assert b"".join(page(client, made, "versions/1/download/").streaming_content) == b"All of it"
    assert f"{made.get_absolute_url()}versions/1/download/" in text(page(client, made))
    assert "Download" in text(page(client, made, "versions/1/"))
    reader = client_of(person(Role.EMPLOYEE))
    assert b"".join(page(reader, made, "read/file/").streaming_content) == b"All of it"
    assert Reading.objects.exists()
    other = in_force()
    assert page(client, other, "versions/1/download/").status_code == 404
    assert page(client, other, "read/file/").status_code == 404


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"text": "x", "file": "both"}, "file"),
        ({"text": " ", "title": ""}, "title"),
        ({"file": "bad"}, "file"),
        ({"file": "huge"}, "file"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(client, more, field, settings):
    kinds = {"both": ("a.txt", b"x"), "bad": ("a.exe", b"MZ"), "huge": ("a.txt", b"x" * 50)}
    if "file" in more:
        settings.UPLOAD_MOST = 20
        more = {**more, "text": more.get("text", ""), "file": SimpleUploadedFile(*kinds[more["file"]])}
    answer = client.post("/documents/create/", form_of(**more))
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not Document.objects.exists()


def test_without_words_there_is_no_document(client):
    answer = client.post("/documents/create/", form_of(text=""))
    assert answer.status_code == 400
    assert "Write the text, or give a file." in text(answer)


def test_a_document_is_changed_by_page(client):
    made = in_force()
    form = page(client, made, "change/").context["form"]
    assert "sort" not in form.fields
    sent = {"title": "Other", "unit": made.unit_id, "owner": made.owner.email, "audience": "roles"}
    sent |= {"roles": ["reader"], "confidentiality": "normal", "kept_years": 3, "version": form.initial["version"]}
    assert client.post(f"{made.get_absolute_url()}change/", sent).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.roles, made.kept_years) == ("Other", ["reader"], 3)
    assert "Reader" in text(page(client, made))
    assert client.post(f"{made.get_absolute_url()}change/", {**sent, "title": "Third"}).status_code == 412
    assert client.post(f"{made.get_absolute_url()}change/", {**sent, "roles": []}).status_code == 400


def test_the_next_version_begins_with_the_words_of_the_last(client):
    made = in_force(document(sort="ai_policy"))
    opened = page(client, made, "draft/").context["form"]
    assert (opened.initial["text"], opened.initial["purpose"]) == (POLICY, SAID["purpose"])
    sent = {**SAID, "text": f"{POLICY}\nMore.", "changes": "More", "version": opened.initial["version"]}
    answer = client.post(f"{made.get_absolute_url()}draft/", sent)
    assert answer["Location"] == f"{made.get_absolute_url()}versions/2/"
    assert not latest(made).material
    told = text(client.get(answer["Location"]))
    assert "Changed since version 1" in told
    assert page(client, made, "draft/").status_code == 409
    assert "Version 2" in text(page(client, made))
    assert client.post(f"{made.get_absolute_url()}versions/2/change/", sent).status_code == 412
    services.submit_version(latest(made), by=manager())
    assert page(client, made, "versions/2/change/").status_code == 409


def test_a_judge_sees_first_what_changed(client_of):
    made = in_force()
    next_version(made)
    services.submit_version(latest(made), by=latest(made).author)
    judge = sure(client_of, person(Role.APPROVER))
    told = text(page(judge, made, "versions/2/approve/"))
    assert "Changed since version 1" in told
    assert "<ins>" in told
    assert "Approve" in text(page(judge, made, "versions/2/"))
    answer = judge.post(f"{made.get_absolute_url()}versions/2/approve/", {"reason": "Good"})
    assert answer.status_code == 302
    assert "blocked" in page(judge, made, "versions/2/approve/").context


def test_withdrawing_asks_who_one_is_and_why(client_of, client):
    made = in_force()
    assert "reauthenticate" in page(client, made, "withdraw/")["Location"]
    certain = sure(client_of, manager())
    assert "Nothing takes its place" in text(page(certain, made, "withdraw/"))
    assert certain.post(f"{made.get_absolute_url()}withdraw/", {"reason": ""}).status_code == 400
    assert certain.post(f"{made.get_absolute_url()}withdraw/", {"reason": "Over"}).status_code == 302
    assert "withdrawn already" in text(page(certain, made, "withdraw/"))
    assert "holds no more" in text(page(certain, made))
    assert page(certain, made, "change/").status_code == 409
    assert page(certain, made, "readers/").status_code == 200


def test_the_past_shows_what_held_then(client, at):
    made = in_force()
    before = clock.now()
    next_version(made)
    effect(made)
    told = text(client.get(f"{made.get_absolute_url()}?as_of={before.isoformat().replace('+', '%2B')}"))
    assert "What version 1 says" in told
    assert "What version 2 says" in text(page(client, made))
    assert TEXT.splitlines()[2] in text(page(client, made, "versions/1/"))
