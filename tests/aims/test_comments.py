"""Comments with mentions on any governed record, in pages and API."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from aims import clock, comments
from aims.errors import Hidden, NotPermitted, WrongState
from aims.models import Comment, Task
from aims.trail import recording
from organization.states import Role
from tests.factories import inventory, person, root_unit, unit

pytestmark = pytest.mark.django_db


def say(record, by, text="Why two people?", **more):
    return comments.write_comment(record, by=by, text=text, on=clock.today(), at=clock.now(), **more)


@pytest.fixture
def system():
    return inventory.system(root_unit())


def test_who_is_named_finds_it_in_the_inbox_and_answering_does_it(system):
    asker, asked = person(Role.READER, root_unit()), person(Role.READER, root_unit())
    first = say(system, asker, f"@{asked.email} who stops it?", mentions=[asked])
    task = Task.objects.get(record_id=system.pk, sort="extra")
    assert (task.assignee, "who stops it?" in task.asked, task.state) == (asked, True, "open")
    answer = say(system, asked, "The shift lead.", answers_to=first)
    task.refresh_from_db()
    assert (answer.answers_to, task.state, task.done_by) == (first, "done", asked)


def test_settling_folds_a_thread_away_and_asks_nobody_any_more(system):
    asker, asked = person(Role.READER, root_unit()), person(Role.READER, root_unit())
    first = say(system, asker, mentions=[asked])
    done = comments.resolve_comment(first, by=asker, at=clock.now())
    assert (done.resolved_by, Task.objects.get(record_id=system.pk).state) == (asker, "done")
    with pytest.raises(WrongState):
        comments.resolve_comment(first, by=asker, at=clock.now())
    with pytest.raises(WrongState):
        say(system, asked, answers_to=first)


def test_nothing_said_nobody_there_and_strangers(system):
    asker = person(Role.READER, root_unit())
    with pytest.raises(ValidationError) as error:
        say(system, asker, "  ")
    assert set(error.value.error_dict) == {"text"}
    with pytest.raises(ValidationError) as error:
        say(system, asker, mentions=[person(Role.READER, unit("Elsewhere"))])
    assert set(error.value.error_dict) == {"mentions"}
    for stranger in (person(Role.READER, unit("Far away")), person(Role.EXTERNAL_AUDITOR, root_unit())):
        with pytest.raises(NotPermitted):
            say(system, stranger)


def test_an_answer_belongs_to_the_same_record(system):
    asker = person(Role.READER, root_unit())
    with pytest.raises(Hidden):
        say(inventory.system(root_unit()), asker, answers_to=say(system, asker))


@pytest.mark.parametrize("change", ["text", "delete"])
def test_what_was_said_stays(system, change):
    row = say(system, person(Role.READER, root_unit()))
    with pytest.raises((IntegrityError, Exception)), transaction.atomic(), recording(None, "test"):
        if change == "delete":
            row.delete()
        else:
            Comment.objects.filter(pk=row.pk).update(text="Something else")
    assert Comment.objects.get(pk=row.pk).text == "Why two people?"


def test_the_tab_says_and_settles(client_of, system, django_assert_num_queries):
    reader, other = person(Role.READER, root_unit()), person(Role.READER, root_unit())
    page = client_of(reader)
    url = f"{system.get_absolute_url()}comments/"
    assert "Nobody said anything yet" in page.get(url).content.decode()
    assert page.post(f"/comments/{system.ref}/", {"text": " "}).status_code == 400
    assert page.post(f"/comments/{system.ref}/", {"text": "Why?", "mentions": "nobody@example.org"}).status_code == 400
    assert page.post(f"/comments/{system.ref}/", {"text": "Why?", "mentions": other.email}).status_code == 302
    first = Comment.objects.get()
    answer = {"text": "Because.", "answers_to": first.pk}
    assert client_of(other).post(f"/comments/{system.ref}/", answer).status_code == 302
    text = page.get(url).content.decode()
    assert "Why?" in text and "Because." in text and other.name in text
    assert page.post(f"/comments/{first.pk}/resolve/").status_code == 302
    assert "Settled by" in page.get(url).content.decode()


def test_the_number_of_queries_does_not_grow(system, django_assert_num_queries):
    reader = person(Role.READER, root_unit())
    for _ in range(3):
        say(system, reader, answers_to=say(system, reader, mentions=[person(Role.READER, root_unit())]))
        with django_assert_num_queries(3):
            for thread in comments.threads_of(system):
                assert [thread.comment.author.name, *(one.person.name for one in thread.comment.mentions.all())]


def test_the_api(api_of, system):
    reader, other = person(Role.READER, root_unit()), person(Role.READER, root_unit())
    api = api_of(reader)
    made = api.post("/api/v1/comments/", {"record": system.ref, "text": "Why?", "mentions": [other.email]})
    assert (made.status_code, made.json()["mentions"]) == (201, [other.email])
    assert (
        api.post("/api/v1/comments/", {"record": system.ref, "text": "x", "mentions": ["a@b.example"]}).status_code
        == 400
    )
    assert api.post("/api/v1/comments/", {"record": system.ref, "text": "x", "more": 1}).status_code == 400
    assert api.post("/api/v1/comments/", {"record": "SYS-99999", "text": "x"}).status_code == 404
    pk = made.json()["id"]
    answer = api.post("/api/v1/comments/", {"record": system.ref, "text": "So.", "answers_to": pk})
    assert answer.json()["answers_to"] == pk
    assert len(api.get(f"/api/v1/comments/?record={system.ref}").json()["results"]) == 2
    assert api.get("/api/v1/comments/").status_code == 400
    assert api.post(f"/api/v1/comments/{pk}/resolve/").json()["resolved_by"] == reader.email
    assert api_of(person(Role.READER, unit("Off"))).post(f"/api/v1/comments/{pk}/resolve/").status_code == 404
