"""Activity, compared dates, decisions, seals and proofs, as people and programs see them."""

from datetime import date, timedelta

import pytest

from aims import decisions
from aims.models import Decision, Job
from aims.trail import recording
from organization.states import Role
from tests.factories import person, unit
from tests.factories.sample import sample, slice_of
from tests.sample.models import Sample

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.sample.urls")]


@pytest.fixture
def row():
    return sample(unit=unit(), title="Watched")


@pytest.fixture
def manager(row):
    return person(Role.AIMS_MANAGER, row.unit, name="Mara Manager")


def text(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode()


def test_activity_tells_who_did_what_why_in_what_capacity(row, manager, client_of):
    with recording(manager, "rename", capacity=Role.AIMS_MANAGER, reason="It was misleading."):
        Sample.objects.filter(pk=row.pk).update(title="Renamed")
    page = text(client_of(manager).get("/activity/"))
    for word in ("Mara Manager", "AIMS manager", "It was misleading.", row.ref, "Renamed"):
        assert word in page


def test_activity_hides_what_one_does_not_see(row, client_of):
    stranger = person(Role.READER, unit())
    assert "Watched" not in text(client_of(stranger).get("/activity/"))


def test_activity_filters(row, manager, client_of):
    with recording(manager, "rename"):
        Sample.objects.filter(pk=row.pk).update(purpose="By Mara")
    Sample.objects.filter(pk=row.pk).update(purpose="By psql")
    client = client_of(manager)
    assert "Outside" in text(client.get("/activity/?outside=1"))
    assert "Mara Manager" not in text(client.get("/activity/?outside=1")).split("<ol")[1]
    assert "By psql" not in text(client.get(f"/activity/?actor={manager.pk}")).split("<ol")[1]
    assert "Nothing matches" in text(client.get("/activity/?kind=nothing"))
    assert row.ref in text(client.get("/activity/?kind=sample&days=3"))
    assert client.get("/activity/?days=many").status_code == 400


def test_activity_pages_back(row, manager, client_of, monkeypatch):
    monkeypatch.setattr("aims.views.trail.PAGE", 2)
    page = text(client_of(manager).get("/activity/"))
    assert 'rel="next"' not in page, "one transaction is never torn"
    for _number in range(3):
        slice_of(row)
    older = client_of(manager).get("/activity/?before=1")
    assert older.status_code == 200


def test_activity_exports(row, manager, client_of):
    found = text(client_of(manager).get("/activity/?format=csv"))
    assert row.ref in found
    assert "added the sample" in found


def test_activity_costs_the_same_for_many_events(row, manager, client_of, queries):
    client, counts = client_of(manager), []
    for number in range(3):
        with recording(manager, "rename"):
            Sample.objects.filter(pk=row.pk).update(title=f"Title {number}")
        client.get("/activity/")
        counts.append(queries(lambda: client.get("/activity/")))
    assert counts[0] == counts[2] <= 20


def test_two_dates_compared_on_a_page(row, manager, client_of):
    today, client = date.today(), client_of(manager)
    page = text(client.get(f"/compare/samples/?from={today - timedelta(days=1)}&to={today}"))
    assert f"{row.ref} Watched" in page
    assert "added" in page
    assert "No difference" in text(client.get("/compare/samples/?from=2020-01-01&to=2020-01-02"))
    assert client.get(f"/compare/samples/?from={today}&to={today}").status_code == 400
    assert client.get("/compare/nothing/").status_code == 404


def test_decisions_are_listed_for_those_who_see_the_record(row, manager, client_of):
    with recording(manager, "accept", capacity=Role.AIMS_MANAGER):
        decisions.decide(
            row,
            by=manager,
            capacity=Role.AIMS_MANAGER,
            sort="acceptance",
            question="May it stay?",
            outcome="Accepted",
            reason="Low and watched.",
            conditions="Look again in May.",
            until=date(2027, 5, 1),
        )
    page = text(client_of(manager).get("/decisions/"))
    for word in ("May it stay?", "Accepted", "Low and watched.", "Look again in May.", row.ref):
        assert word in page
    assert "May it stay?" not in text(client_of(person(Role.READER, unit())).get("/decisions/"))
    assert "May it stay?" in text(client_of(manager).get("/decisions/?format=csv"))
    assert "No decision yet" in text(client_of(manager).get("/decisions/?q=nothing+like+it"))
    assert client_of(manager).get("/decisions/?sort=strange").status_code == 200


def test_a_decision_needs_a_reason(row):
    with pytest.raises(Exception, match="reason"):
        decisions.decide(row, by=None, capacity="", sort="x", question="?", outcome="yes", reason="")
    assert not Decision.objects.exists()


def test_everybody_may_read_what_is_recorded(client_of):
    assert "13 months" in text(client_of(person()).get("/recorded/"))


def test_the_seals_page_is_for_those_who_answer_for_the_trail(row, manager, client_of):
    assert client_of(person(Role.READER, row.unit)).get("/trail/").status_code == 403
    assert client_of(person(Role.READER, row.unit)).post("/trail/").status_code == 403
    assert "none yet" in text(client_of(manager).get("/trail/"))


def test_verification_runs_in_the_background(row, manager, client_of):
    client = client_of(manager)
    answer = client.post("/trail/")
    job = Job.objects.get()
    assert (job.task, job.asked_by) == ("aims.verify_trail", manager)
    assert "Verification" in text(client.get(answer.headers["Location"]))


def test_no_proof_before_the_first_seal(row, manager, api_of):
    assert api_of(manager).get("/api/v1/trail/consistency/?first=1").status_code == 404
