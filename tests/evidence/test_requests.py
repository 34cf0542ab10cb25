"""Asking for evidence: once or again and again, of whom, what is given, and when it falls due."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from aims import clock, due
from aims.errors import Hidden, NotPermitted, Stale, WrongState
from aims.models import Record, Task
from evidence import services
from evidence.models import EvidenceItem, EvidenceLink, EvidenceRequest, RequestAnswer
from organization.states import Role
from tests.factories import person, unit
from tests.factories.evidence import keeper, link_evidence
from tests.factories.inventory import system

pytestmark = pytest.mark.django_db


def today():
    return clock.today()


def ask(by=None, *, of=None, record=None, **data):
    record = record or Record.objects.get(pk=system().pk)
    values = {"title": "Bias test", "wanted": "The last bias test", "owner": of or person(Role.CONTRIBUTOR)}
    values |= {"due_on": today() + timedelta(days=10), **data}
    return services.request_evidence(by=by or keeper(), record=record, data=values)


def give(request, by=None, **more):
    by = by or request.owner
    return services.answer_request(request, by=by, item=link_evidence(by), on=today(), **more)


def test_request_stands_where_its_record_stands():
    here = unit()
    request = ask(record=Record.objects.get(pk=system(here, confidentiality="restricted").pk), of=keeper(here))
    assert (request.unit, request.confidentiality) == (here, "restricted")


def test_given_once_it_is_done_and_speaks_for_the_record():
    request = give(ask())
    assert (request.state, request.due_on) == ("given", None)
    assert EvidenceLink.objects.get().record_id == request.record_id
    assert RequestAnswer.objects.get().given_by == request.owner


def test_with_a_cadence_the_next_date_follows_the_rhythm():
    first = today() + timedelta(days=10)
    request = give(ask(due_on=first, number=30, period="days"))
    assert (request.state, request.due_on) == ("open", first + timedelta(days=30))


def test_answered_late_the_next_date_is_in_the_future():
    request = ask(due_on=today() - timedelta(days=70), number=30, period="days")
    assert give(request).due_on == today() + timedelta(days=20)


def test_who_is_asked_must_see_the_record():
    with pytest.raises(ValidationError, match="does not see"):
        ask(of=person(Role.CONTRIBUTOR, unit()), record=Record.objects.get(pk=system(unit()).pk))


@pytest.mark.parametrize("missing", ["owner", "due_on"])
def test_request_needs_somebody_and_a_date(missing):
    with pytest.raises(ValidationError):
        ask(**{missing: None})


def test_cadence_is_whole():
    with pytest.raises(ValidationError, match="neither"):
        ask(number=3)


def test_record_that_does_not_show_cannot_be_asked_about():
    with pytest.raises(Hidden):
        ask(person(Role.AIMS_MANAGER, unit()), record=Record.objects.get(pk=system(unit()).pk))


def test_reader_asks_nobody_and_gives_nothing():
    with pytest.raises(NotPermitted):
        ask(person(Role.READER))
    with pytest.raises(NotPermitted):
        give(ask(), person(Role.READER))


def test_same_evidence_is_given_once():
    request, item = ask(number=30, period="days"), link_evidence()
    services.answer_request(request, by=keeper(), item=item, on=today())
    with pytest.raises(ValidationError, match="already"):
        services.answer_request(request, by=keeper(), item=item, on=today())


def test_closed_request_takes_nothing():
    request = services.drop_request(ask(), by=keeper(), reason="Not needed", version=None)
    assert (request.state, request.due_on) == ("dropped", None)
    with pytest.raises(WrongState):
        give(request)
    with pytest.raises(WrongState):
        services.change_request(request, by=keeper(), data={"title": "More"}, version=None)


def test_withdrawn_evidence_answers_nothing():
    by = keeper()
    item = services.withdraw_evidence(link_evidence(by), by=by, reason="Wrong", version=None)
    with pytest.raises(WrongState):
        services.answer_request(ask(), by=by, item=item, on=today())


def test_hidden_evidence_answers_nothing():
    request, item = ask(), link_evidence(confidentiality="restricted")
    with pytest.raises(Hidden):
        services.answer_request(request, by=request.owner, item=item, on=today())


def test_taking_back_needs_a_reason_and_the_right():
    request = ask()
    with pytest.raises(ValidationError):
        services.drop_request(request, by=keeper(), reason=" ", version=None)
    with pytest.raises(NotPermitted):
        services.drop_request(request, by=person(Role.CONTRIBUTOR), reason="No", version=None)


def test_new_date_starts_the_rhythm_anew():
    request = ask(number=30, period="days")
    later = today() + timedelta(days=50)
    changed = services.change_request(request, by=keeper(), data={"due_on": later}, version=request.version)
    assert (changed.due_on, changed.counted_from) == (later, later)
    with pytest.raises(ValidationError):
        services.change_request(changed, by=keeper(), data={"due_on": None}, version=None)
    with pytest.raises(Stale):
        services.change_request(changed, by=keeper(), data={"title": "x"}, version=1)


def test_who_is_asked_gets_a_task_in_time():
    request = ask(due_on=today() + timedelta(days=14))
    ask(due_on=today() + timedelta(days=15))
    due.run(clock.now())
    task = Task.objects.get()
    assert (task.record_id, task.assignee) == (request.pk, request.owner)


def test_pages_ask_give_and_take_back(client_of):
    by, target = keeper(), system()
    client = client_of(by)
    given = {"record": target.ref, "title": "Bias test", "wanted": "The last one", "owner": by.email}
    wrong = client.post(reverse("request_create"), {**given, "record": "SYS-9999"})
    assert wrong.status_code == 400
    done = client.post(reverse("request_create"), {**given, "due_on": str(today())}, follow=True)
    assert "The last one" in done.content.decode()
    request = EvidenceRequest.objects.get()
    url = request.get_absolute_url()
    assert target.ref in client.get("/evidence-requests/").content.decode()
    assert "Bias test" in client.get(f"{target.get_absolute_url()}evidence/").content.decode()
    form = {"title": "Bias test of May", "wanted": "It", "owner": by.email, "due_on": str(today()), "version": 1}
    assert "Bias test of May" in client.post(f"{url}change/", form, follow=True).content.decode()
    item = link_evidence(by)
    assert client.get(f"{url}give/").status_code == 200
    client.post(f"{url}give/", {"evidence": item.ref, "version": 2})
    request.refresh_from_db()
    assert request.state == "given"
    assert item.ref in client.get(url).content.decode()
    assert client.get(f"{url}drop/").status_code == 409


def test_page_takes_a_request_back(client_of):
    request = ask()
    client_of(keeper()).post(f"{request.get_absolute_url()}drop/", {"reason": "Not needed", "version": request.version})
    request.refresh_from_db()
    assert request.state == "dropped"


def test_added_evidence_answers_the_request_it_came_from(client_of):
    request, by = ask(), keeper()
    data = {"title": "Test", "proves": "Tested", "unit": request.unit_id, "url": "https://archive.example.org/1"}
    response = client_of(by).post(f"/evidence/create/?way=link&request={request.ref}", data)
    request.refresh_from_db()
    assert (response.url, request.state) == (request.get_absolute_url(), "given")


def test_register_asks_as_often_for_three_rows_as_for_one(client_of, django_assert_max_num_queries):
    by = keeper()
    client, counts = client_of(by), []
    for number in (1, 2):
        for _more in range(number):
            ask(by)
        with django_assert_max_num_queries(40) as seen:
            client.get("/evidence-requests/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_api_asks_gives_and_takes_back(api_of):
    by, target = keeper(), system()
    api = api_of(by)
    body = {"record": target.ref, "title": "Bias test", "wanted": "It", "owner": by.email, "due_on": str(today())}
    made = api.post("/api/v1/evidence-requests/", body)
    assert made.status_code == 201, made.content
    url = f"/api/v1/evidence-requests/{made.json()['ref']}/"
    assert made.json()["record"] == target.ref
    changed = api.patch(url, {"number": 1, "period": "months"}, HTTP_IF_MATCH=made["ETag"])
    assert changed.json()["number"] == 1
    assert api.put(url, {**body, "record": target.ref}, HTTP_IF_MATCH=changed["ETag"]).status_code == 400
    pushed = api.post(
        "/api/v1/evidence/",
        {"title": "T", "proves": "P", "unit": "Whole", "url": "https://a.example/1", "request": made.json()["ref"]},
    )
    assert pushed.status_code == 201, pushed.content
    after = api.get(url)
    assert [one["evidence"] for one in after.json()["given"]] == [pushed.json()["ref"]]
    item = link_evidence(by)
    given = api.post(f"{url}give/", {"evidence": item.ref}, HTTP_IF_MATCH=after["ETag"])
    assert len(given.json()["given"]) == 2
    dropped = api.post(f"{url}drop/", {"reason": "Enough"}, HTTP_IF_MATCH=given["ETag"])
    assert dropped.json()["state"] == "dropped"
    assert api.post(f"{url}drop/", {"reason": "x"}).status_code == 428


def test_api_pushes_to_a_request_both_or_neither(api_of):
    request = services.drop_request(ask(), by=keeper(), reason="No", version=None)
    body = {"title": "T", "proves": "P", "unit": "Whole", "url": "https://a.example/1", "request": request.ref}
    assert api_of(keeper()).post("/api/v1/evidence/", body).status_code == 409
    assert EvidenceItem.objects.count() == 0
