"""Changes: asked about before they are made, significant by one yes; what follows; the change envelope; settling."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from aims import clock
from aims.errors import NotPermitted, WrongState
from aims.models import Decision, Task
from aims.registry import registry
from aims.trail import recording
from inventory import services, tasks
from inventory.facts import SignificantChange
from inventory.models import AISystem, ChangeRequest, GateAttempt, LifecycleRecord
from inventory.services import Brought
from inventory.services.changes import questions
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import person, root, sure

pytestmark = pytest.mark.django_db
TODAY, AT = make.TODAY, make.AT
NEW = "f" * 64


def live(**fields: Any) -> AISystem:
    """A system in use with a version in use."""
    system = make.system(stage="operation_monitoring", **fields)
    make.version(system, live_from=TODAY)
    return fresh(system)


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def asked(system: AISystem | None = None, **data: Any) -> ChangeRequest:
    given = {"title": "Another model", **data}
    return services.request_change(system or live(), by=make.manager(), data=given, on=TODAY)


def answers(*yes: str) -> dict[str, str]:
    return {one["id"]: "yes" if one["id"] in yes else "no" for one in questions(TODAY)}


def assess(request: ChangeRequest, *yes: str, reason: str = "Same people, same data") -> ChangeRequest:
    return services.assess_change(request, by=make.manager(), answers=answers(*yes), reason=reason, on=TODAY)


def decide(request: ChangeRequest, by: Any = None, *, approved: bool = True) -> ChangeRequest:
    return services.decide_change(request, by=by or make.approver(), approved=approved, reason="Needed", on=TODAY)


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    heard: list[Any] = []
    monkeypatch.setattr(registry, "announce", heard.append)
    return heard


# Asking and answering


def test_a_change_is_asked_for_before_it_is_made() -> None:
    system = live()
    with pytest.raises(ValidationError, match="before it is made"):
        asked(system, planned_on=TODAY - timedelta(days=1))
    with pytest.raises(ValidationError):
        asked(system, title=" ")
    with pytest.raises(ValidationError, match="another system"):
        asked(system, release=make.version(make.system()))
    with pytest.raises(NotPermitted):
        services.request_change(system, by=person(Role.READER, root()), data={"title": "x"}, on=TODAY)
    assert asked(system, planned_on=TODAY).state == "asked"


def test_every_question_is_answered_with_yes_or_no() -> None:
    request = asked()
    with pytest.raises(ValidationError) as refused:
        services.assess_change(request, by=make.manager(), answers={"purpose": "perhaps"}, on=TODAY)
    assert set(refused.value.message_dict) == {one["id"] for one in questions(TODAY)}


def test_not_significant_wants_a_reason_and_is_sampled_by_somebody_else(announced: list[Any]) -> None:
    request = asked()
    with pytest.raises(ValidationError):
        assess(request, reason=" ")
    done = assess(request)
    assert (done.significance, done.state) == ("not_significant", "assessed") and not announced
    assert not fresh(done.system).flag
    assert list(ChangeRequest.objects.to_sample()) == [done]
    auditor = person(Role.INTERNAL_AUDITOR, root())
    with pytest.raises(NotPermitted, match="Somebody else"):
        services.sample_change(done, by=make.manager(), note="Fine", on=TODAY)
    services.sample_change(done, by=auditor, note="Right", on=TODAY)
    with pytest.raises(WrongState, match="once"):
        services.sample_change(done, by=auditor, note="Again", on=TODAY)
    assert not ChangeRequest.objects.to_sample().exists()


def test_a_significant_one_makes_stale_exactly_what_rests_on_it(announced: list[Any]) -> None:
    system = live()
    release = system.versions.get()
    kept = [make.record(system, sort, release) for sort in ("requirements", "deployment", "data_quality")]
    hit = [make.record(system, sort, release) for sort in ("design", "evaluation")]
    request = assess(asked(system), "model")
    assert {fresh(row).state for row in kept} == {"approved"}
    assert {(fresh(row).state, fresh(row).stale_cause) for row in hit} == {("stale", f"{request.ref}: Another model")}
    assert fresh(system).flag == f"{request.ref}: Another model"
    (fact,) = announced
    assert isinstance(fact, SignificantChange) and fact.matters == ("model",)


def test_one_task_for_each_owner_names_all_that_is_theirs() -> None:
    system, other = live(), person(Role.SYSTEM_OWNER, root())
    release = system.versions.get()
    mine = [make.record(system, "design", release), make.record(system, "evaluation", release)]
    theirs = make.record(system, "data_quality", release, owner=other)
    request = assess(asked(system), "model", "data")
    rows = Task.objects.filter(record_id=request.pk)
    assert rows.count() == 2
    assert all(row.ref in rows.get(assignee=make.manager()).asked for row in mine)
    assert theirs.ref in rows.get(assignee=other).asked


def test_what_is_not_in_use_is_not_flagged(announced: list[Any]) -> None:
    system = make.system()
    assess(asked(system), "purpose")
    assert not fresh(system).flag and len(announced) == 1


def test_somebody_else_decides_and_only_then_it_is_made(announced: list[Any]) -> None:
    request = assess(asked(), "purpose")
    with pytest.raises(WrongState, match="approved before"):
        services.carry_out_change(request, by=make.manager(), on=TODAY)
    with pytest.raises(NotPermitted):
        decide(request, make.manager())
    decide(request)
    done = services.carry_out_change(request, by=make.manager(), on=TODAY)
    assert (done.state, done.done_on) == ("done", TODAY)
    assert Decision.objects.get(record_id=request.pk).outcome == "Approved"


def test_a_rejected_change_is_over() -> None:
    request = decide(asked(), approved=False)
    assert request.state == "rejected" and Decision.objects.get(record_id=request.pk).refused
    with pytest.raises(WrongState):
        assess(request)


def test_a_changed_purpose_is_a_change_by_itself_and_one_foreseen_is_carried_out(announced: list[Any]) -> None:
    system = live()
    request = decide(assess(asked(system), "purpose"))
    services.change_system(fresh(system), by=make.manager(), data={"purpose": "Other"}, on=TODAY)
    assert fresh(request).state == "done" and len(announced) == 1
    services.change_system(fresh(system), by=make.manager(), data={"purpose": "Yet another"}, on=TODAY)
    made = ChangeRequest.objects.exclude(pk=request.pk).get()
    assert (made.unplanned, made.state, made.matters, len(announced)) == (True, "done", ["purpose"], 2)


def test_a_field_that_only_asks_opens_the_questions() -> None:
    system = live()
    services.change_system(system, by=make.manager(), data={"human_oversight": "Two people"}, on=TODAY)
    assert not ChangeRequest.objects.exists()  # filling in is no change
    services.change_system(fresh(system), by=make.manager(), data={"human_oversight": "One person"}, on=TODAY)
    made = ChangeRequest.objects.get()
    assert (made.state, made.unplanned) == ("asked", True) and "oversight" in made.title.lower()


# New versions, new releases of components, and the change envelope


def enveloped(system: AISystem, **more: Any) -> LifecycleRecord:
    release = system.versions.order_by("pk").first()
    return make.record(system, "envelope", release, **{"until": TODAY + timedelta(days=90), **more})


def data_set(system: AISystem, kind: str = "data_set") -> Any:
    return make.component(system, kind=kind, release="May")


def renew(component: Any, release: str = "June") -> None:
    services.change_component(fresh(component), by=make.manager(), data={"release": release}, on=TODAY)


def test_another_release_asks_each_live_system_once() -> None:
    system, other = live(), live()
    component = data_set(system)
    services.use_component(other, component, by=make.manager())
    services.use_component(make.system(), component, by=make.manager())
    renew(component)
    assert {row.system for row in ChangeRequest.objects.all()} == {system, other}
    assert {(row.state, row.component, row.brought) for row in ChangeRequest.objects.all()} == {
        ("asked", component, "June")
    }
    renew(component, "May")
    renew(component)
    assert ChangeRequest.objects.filter(system=system).count() == 2


def test_a_tool_asks_nothing() -> None:
    renew(data_set(live(), "tool"))
    assert not ChangeRequest.objects.exists()


def test_a_refresh_inside_the_envelope_asks_nothing(announced: list[Any]) -> None:
    system = live()
    envelope = enveloped(system)
    make.measured(envelope, data_version="June")
    renew(data_set(system))
    made = ChangeRequest.objects.get()
    assert (made.significance, made.state, made.envelope, made.done_on) == ("inside", "done", envelope, TODAY)
    assert envelope.ref in made.reason and not announced and not fresh(system).flag
    assert not ChangeRequest.objects.to_sample().exists()


def test_a_reading_that_comes_later_settles_what_was_asked() -> None:
    system = live()
    envelope, component = enveloped(system), data_set(system)
    renew(component)
    make.measured(envelope, "0.1", data_version="June")
    assert ChangeRequest.objects.get().state == "asked"
    make.measured(envelope, data_version="May")
    assert ChangeRequest.objects.get().state == "asked"
    make.measured(envelope, data_version="June")
    made = ChangeRequest.objects.get()
    assert (made.significance, made.state, made.envelope) == ("inside", "done", envelope)


def test_readings_of_other_records_settle_nothing() -> None:
    system = live()
    renew(data_set(system))
    make.measured(make.record(system, "data_quality", system.versions.get()), data_version="June")
    assert ChangeRequest.objects.get().state == "asked"


def test_an_envelope_that_ended_or_is_stale_proves_nothing(announced: list[Any]) -> None:
    system = live()
    make.measured(enveloped(system, until=TODAY - timedelta(days=1)), data_version="June")
    renew(data_set(system))
    assert ChangeRequest.objects.get().state == "asked"
    other = live()
    make.measured(enveloped(other), data_version="June")
    assess(asked(other), "data")
    renew(data_set(other))
    assert ChangeRequest.objects.filter(system=other, component__isnull=False).get().state == "asked"


def test_a_new_version_asks_unless_it_is_inside() -> None:
    system = live()
    envelope = enveloped(system)
    make.measured(envelope, digest=NEW)
    inside = make.version(system, "1.1", digest=NEW)
    outside = make.version(system, "2.0", digest="e" * 64)
    said = {row.release: (row.state, row.significance) for row in ChangeRequest.objects.all()}
    assert said == {inside: ("done", "inside"), outside: ("asked", "")}


def ask(release: Any, digest: str) -> GateAttempt:
    brought = Brought(release.number, digest=digest)
    return services.ask_gate(release.system, brought, by=make.manager(), at=AT)


def test_the_gate_takes_a_version_inside_for_the_one_it_grew_from() -> None:
    release = make.ready()
    system = fresh(release.system)
    envelope = make.record(system, "envelope", release, until=TODAY + timedelta(days=90))
    newer = make.version(system, "1.1", digest=NEW)
    assert {one["id"] for one in ask(newer, NEW).unmet} >= {"verified", "deployment_plan"}
    make.measured(envelope, digest=NEW)
    attempt = ask(newer, NEW)
    assert attempt.state == "allowed", attempt.unmet
    (bound,) = [one for one in attempt.items if one["id"] == "digest"]
    assert envelope.ref in bound["reason"]


def test_who_says_that_it_is_more_than_a_refresh_is_believed() -> None:
    release = make.ready()
    system = fresh(release.system)
    envelope = make.record(system, "envelope", release, until=TODAY + timedelta(days=90))
    newer = make.version(system, "1.1", digest=NEW)
    make.measured(envelope, digest=NEW)
    request = assess(asked(system, release=newer), "oversight")
    assert {one["id"] for one in ask(newer, NEW).unmet} >= {"verified", "change_settled"}
    decide(request, approved=False)
    assert "verified" not in {one["id"] for one in ask(newer, NEW).unmet}


@pytest.mark.parametrize("values", [{"significance": "inside"}, {"brought": "June"}])
def test_what_is_inside_names_its_envelope_and_a_release_its_component(values: dict[str, str]) -> None:
    rows = ChangeRequest.objects.filter(pk=assess(asked()).pk)
    names = "change_inside_names_envelope|change_release_of_component"
    with pytest.raises(IntegrityError, match=names), transaction.atomic(), recording(None, "test"):
        rows.update(**values)


# Settling


def test_the_flag_goes_once_all_is_approved_again() -> None:
    system = live()
    release = system.versions.get()
    make.record(system, "design", release)
    request = assess(asked(system), "model")
    make.record(fresh(system), "design", release)
    assert fresh(system).flag  # the change waits for a decision
    decide(request)
    assert not fresh(system).flag


def test_what_stays_stale_keeps_the_flag() -> None:
    system = live()
    release = system.versions.get()
    make.record(system, "design", release)
    decide(assess(asked(system), "model"))
    assert fresh(system).flag and services.settle_flagged(on=TODAY) == 0
    make.record(fresh(system), "design", release)
    assert not fresh(system).flag and services.settle(fresh(system), on=TODAY)


def test_a_stale_record_of_a_version_gone_keeps_nothing() -> None:
    system = live()
    make.record(system, "design", system.versions.get())
    decide(assess(asked(system), "model"))
    make.version(system, "2.0", digest=NEW, live_from=TODAY)
    assert not fresh(system).flag


def test_beat_settles_and_ends_missed_reviews(at: Any) -> None:
    at(AT)
    system = live()
    request = assess(asked(system), "model")
    with recording(None, "test"):
        ChangeRequest.objects.filter(pk=request.pk).update(
            state="rejected", decided_by=make.approver(), decided_on=TODAY
        )
    tasks.settle_flagged()
    assert not fresh(system).flag
    release = make.ready(without=("evaluation",))
    made = services.break_glass(
        fresh(release.system), Brought(release.number, digest=make.DIGEST), by=make.manager(), reason="Fire", at=AT
    )
    at(AT + timedelta(hours=25))
    assert clock.now() > made.review_by
    tasks.end_missed_reviews()
    assert fresh(made).nonconformity
    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {"inventory.settle_flagged", "inventory.end_missed_reviews"} <= named


# Pages and API


def test_by_page(client_of: Any) -> None:
    system = live()
    owner, other = client_of(make.manager()), sure(client_of, make.approver())
    made = owner.post(f"/systems/{system.ref}/changes/new/", {"title": "Another model"})
    assert made.status_code == 302
    url = made["Location"]
    assert owner.post(f"{url}assess/", answers()).status_code == 400  # all no, and no reason
    assert owner.post(f"{url}assess/", answers("model")).status_code == 302
    assert "Significant" in owner.get(url).content.decode()
    assert owner.post(f"{url}carry-out/", {"reason": "Done"}).status_code == 409
    assert other.post(f"{url}decide/", {"approved": "yes", "reason": "Needed"}).status_code == 302
    assert owner.post(f"{url}carry-out/", {"reason": "Done"}).status_code == 302
    assert ChangeRequest.objects.get().state == "done"


def test_a_change_inside_shows_its_envelope(client_of: Any, api_of: Any) -> None:
    system = live()
    envelope = enveloped(system)
    make.measured(envelope, data_version="June")
    renew(data_set(system))
    row = ChangeRequest.objects.get()
    page = client_of(make.manager()).get(row.get_absolute_url()).content.decode()
    assert "Inside the change envelope" in page and envelope.get_absolute_url() in page
    assert "Why nothing is asked" in page and "Does it matter?" not in page
    assert api_of(make.manager()).get(f"/api/v1/changes/{row.ref}/").json()["significance"] == "inside"


def test_by_api(api_of: Any) -> None:
    system, api = live(), api_of(make.manager())
    made = api.post("/api/v1/changes/", {"system": system.ref, "title": "Another model"})
    assert made.status_code == 201, made.content
    url = f"/api/v1/changes/{made.json()['ref']}/"
    body = {"answers": answers(), "reason": ""}
    assert api.post(f"{url}assess/", body, HTTP_IF_MATCH=made["ETag"]).status_code == 400
    done = api.post(f"{url}assess/", {**body, "reason": "Same"}, HTTP_IF_MATCH=made["ETag"])
    assert (done.status_code, done.json()["significance"]) == (200, "not_significant")
