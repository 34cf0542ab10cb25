"""Activity, compared dates, decisions, seals and proofs, as people and programs see them."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from aims import decisions, sections
from aims.models import Decision, Job
from aims.registry import registry
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
    assert "Added" in page
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
    assert "Nothing matches" in text(client_of(manager).get("/decisions/?q=nothing+like+it"))
    assert client_of(manager).get("/decisions/?type=strange").status_code == 400


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


def test_activity_filters_by_unit_capacity_and_days(row, manager, client_of):
    other = sample(unit=unit(parent=row.unit), title="Below")
    with recording(manager, "rename", capacity=Role.AIMS_MANAGER):
        Sample.objects.filter(pk=row.pk).update(purpose="As a manager")
    client = client_of(manager)
    assert "Below" in text(client.get(f"/activity/?unit={row.unit_id}"))
    only = text(client.get(f"/activity/?unit={other.unit_id}"))
    assert "Below" in only
    assert "Watched" not in only.split("<ol")[1]
    assert "As a manager" in text(client.get(f"/activity/?capacity={Role.AIMS_MANAGER}"))
    assert "Nothing matches" in text(client.get("/activity/?capacity=reader"))
    today = date.today()
    assert row.ref in text(client.get(f"/activity/?from={today}&to={today}"))
    assert "Nothing matches" in text(client.get(f"/activity/?to={today - timedelta(days=2)}"))
    assert client.get("/activity/?from=soon").status_code == 400
    assert "Nothing matches" in text(client.get(f"/activity/?unit={unit().pk}"))


def test_activity_ends_at_the_date_being_read(row, manager, client_of):
    assert "Watched" not in text(client_of(manager).get("/activity/?as_of=2020-01-01"))


def test_activity_exports_as_workbook(row, manager, client_of):
    assert client_of(manager).get("/activity/?format=xlsx").content.startswith(b"PK")


def test_compared_in_sentences_with_parts_and_exports(at, client_of):
    where = unit()
    reader = person(Role.READER, where)
    at(datetime(2025, 1, 1, 12, tzinfo=UTC))
    changed, gone = sample(unit=where, title="Then"), sample(unit=where, title="Gone")
    slice_of(changed, label="thin")
    at(datetime(2025, 2, 1, 12, tzinfo=UTC))
    with recording(None, "change"):
        Sample.objects.filter(pk=changed.pk).update(title="Now", purpose="word " * 40)
        changed.slices.update(size=9)
        slice_of(changed, label="thick")
        Sample.objects.filter(pk=gone.pk).delete()
    new = sample(unit=where, title="New")
    url = "/compare/samples/?from=2025-01-15&to=2025-02-01"
    page = text(client_of(reader).get(url))
    for sentence in (
        "Name changed from “Then” to “Now”.",
        "Of the slice “thin”: Size changed from “0” to “9”.",
        "Added the slice “thick”.",
        f"{gone.ref} Gone",
        f'href="/samples/{new.ref}/"',
        "Removed",
    ):
        assert sentence in page
    assert f'href="/samples/{gone.ref}/"' not in page
    table = text(client_of(reader).get(f"{url}&format=csv"))
    assert f"{changed.ref},Now,changed,Name,Then,Now" in table
    assert client_of(reader).get(f"{url}&format=xlsx").content.startswith(b"PK")


@pytest.mark.urls("aims.urls")
@pytest.mark.parametrize("kind", sorted(registry.kinds))
def test_every_register_can_be_compared(kind, manager, client_of):
    assert client_of(manager).get(f"/compare/{registry.kinds[kind].path}/").status_code == 200


@pytest.fixture
def decided(row, manager):
    """Two decisions: one granted by the manager, one refused by somebody else elsewhere."""
    other = sample(unit=unit(parent=row.unit), title="Elsewhere")
    with recording(manager, "decide"):
        decisions.decide(
            row, by=manager, capacity=Role.AIMS_MANAGER, sort="override", question="May it stay?", outcome="Yes",
            reason="It is needed.", options=["Yes", "No"], dissent="One thought not.", conditions="Until spring.",
        )  # fmt: skip
        decisions.decide(
            other, by=None, capacity="", sort="tier", question="May it grow?", outcome="No", reason="Too soon.",
            refused=True,
        )  # fmt: skip
    return row, other


@pytest.mark.parametrize(
    "query",
    ["type=override", "outcome=granted", "person={manager}", "unit={unit}", "q=spring", "from={today}&type=override"],
)
def test_decisions_filter(decided, manager, client_of, query):
    asked = query.format(manager=manager.pk, unit=decided[0].unit_id, today=date.today())
    page = text(client_of(manager).get(f"/decisions/?{asked}"))
    assert "May it stay?" in page
    assert "May it grow?" not in page


def test_decisions_refuse_what_they_do_not_know(decided, manager, client_of):
    for query in ("person=999999", "outcome=perhaps", "from=soon"):
        assert client_of(manager).get(f"/decisions/?{query}").status_code == 400


def test_decisions_as_of_a_date_and_as_a_file(decided, manager, client_of):
    client = client_of(manager)
    assert "May it stay?" not in text(client.get("/decisions/?as_of=2020-01-01"))
    found = text(client.get("/decisions/?format=csv&type=override"))
    for word in ("Yes; No", "One thought not.", "Until spring.", decided[0].ref):
        assert word in found
    assert "Options" in text(client.get("/decisions/?columns=options,question"))
    assert "May it stay?" in text(client.get("/decisions/?sort=decided_at"))


def test_decisions_cost_the_same_for_one_and_three(decided, manager, client_of, queries):
    client = client_of(manager)
    client.get("/decisions/")
    two = queries(lambda: client.get("/decisions/"))
    with recording(manager, "decide"):
        decisions.decide(decided[0], by=manager, capacity="", sort="tier", question="?", outcome="Yes", reason="r")
    assert queries(lambda: client.get("/decisions/")) == two <= 20


def test_decisions_are_a_chapter_of_the_pack(decided, manager):
    pack = SimpleNamespace(asked_by=manager, unit_ids=[decided[0].unit_id], system_ids=[])
    (chapter,) = sections.decisions(pack)
    (line,) = chapter["rows"]
    assert (line["question"], line["dissent"], line["capacity"]) == ("May it stay?", "One thought not.", "AIMS manager")
    drawn = render_to_string("trail/pack_decisions.html", {"chapter": chapter})
    assert "Until spring." in drawn
    only = SimpleNamespace(asked_by=manager, unit_ids=[decided[0].unit_id], system_ids=[decided[0].pk])
    assert len(next(iter(sections.decisions(only)))["rows"]) == 1
    none = SimpleNamespace(asked_by=person(), unit_ids=[decided[0].unit_id], system_ids=[])
    assert list(sections.decisions(none)) == [{"rows": []}]
