"""The law as data: answers and an edition give classes with reasons and dates; open questions leave it undetermined."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from aims.errors import NotPermitted, WrongState
from aims.models import Task
from aims.trail import recording
from inventory import services
from inventory.law import asked, classify
from inventory.models import LifecycleRecord, RuleEdition
from inventory.rulebook import rules
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import UnitFactory, person, root

pytestmark = pytest.mark.django_db
TODAY, AT = make.TODAY, make.AT
LATER = date(2026, 11, 2)


def content(on: date = LATER) -> Any:
    return rules("law", on).content


def given(*yes: str, unsure: tuple[str, ...] = (), on: date = LATER) -> dict[str, str]:
    said = {**dict.fromkeys(yes, "yes"), **dict.fromkeys(unsure, "unsure")}
    return {one["id"]: said.get(one["id"], "no") for one in content(on)["questions"]}


@pytest.mark.parametrize(
    ("yes", "classes"),
    [
        ((), ["minimal"]),
        (("prohibited",), ["prohibited"]),
        (("area", "profiles"), ["high_risk_annex_iii"]),
        (("area",), ["high_risk_annex_iii"]),
        (("area", "exempt"), ["annex_iii_exempt"]),
        (("area", "profiles", "exempt"), ["high_risk_annex_iii"]),
        (("product",), ["high_risk_annex_i"]),
        (("interacts",), ["transparency", "minimal"]),
        (("gpai",), ["gpai", "minimal"]),
        (("gpai", "systemic"), ["gpai_systemic", "minimal"]),
    ],
)
def test_answers_come_to_classes(yes: tuple[str, ...], classes: list[str]) -> None:
    assert classify(content(), given(*yes), LATER)["classes"] == classes


def test_each_reason_names_provision_date_confidence_and_answers() -> None:
    (reason,) = classify(content(), given("area", "profiles"), LATER)["reasons"]
    assert reason["provision"].startswith("Art. 6") and reason["confidence"] == "high" and reason["duties"]
    assert (reason["applies_from"], reason["applies"]) == ("2027-12-02", False)
    assert {one["answer"] for one in reason["because"]} == {"yes"}
    (then,) = classify(content(), given("area", "profiles"), date(2028, 1, 1))["reasons"]
    assert then["applies"]


@pytest.mark.parametrize("name", ["area", "product", "interacts"])
def test_an_open_or_unsure_answer_leaves_it_undetermined(name: str) -> None:
    for answers in (given(unsure=(name,)), {**given(), name: ""}):
        outcome = classify(content(), answers, LATER)
        assert (outcome["undetermined"], outcome["classes"], outcome["stops"]) == ([name], [], False)


def test_what_is_prohibited_stands_whatever_else_is_open() -> None:
    outcome = classify(content(), given("prohibited", unsure=("area",)), LATER)
    assert (outcome["classes"], outcome["stops"], outcome["undetermined"]) == (["prohibited"], True, [])


def test_a_question_is_asked_only_where_it_leads() -> None:
    assert "profiles" not in [one["id"] for one in asked(content(), given())]
    assert "exempt" in [one["id"] for one in asked(content(), given("area"))]
    assert "exempt" not in [one["id"] for one in asked(content(), given("area", "profiles"))]


def test_a_person_confirms_never_who_answered() -> None:
    system = make.system()
    row = services.classify_system(system, by=make.manager(), answers=given(on=TODAY), on=TODAY)
    assert (row.state, row.classes) == ("draft", ["minimal"])
    with pytest.raises(NotPermitted):
        services.approve_record(row, by=make.manager(), reason="Mine", at=AT, on=TODAY)
    done = services.approve_record(row, by=make.approver(), reason="Agreed", at=AT, on=TODAY)
    assert done.state == "approved"
    with pytest.raises(WrongState):
        services.change_record(row, by=make.manager(), data={"answers": {}})


@pytest.mark.parametrize(
    ("stage", "words"), [("operation_monitoring", "stop it now"), ("inception", "never goes live")]
)
def test_what_is_prohibited_is_escalated_at_once(stage: str, words: str) -> None:
    """Also what ran before the AIMS and is in backlog: this does not wait for a catch-up date."""
    system = make.system(stage=stage)
    chief, elsewhere = person(Role.TOP_MANAGEMENT, root()), person(Role.TOP_MANAGEMENT, UnitFactory())
    found = services.classify_system(system, by=make.manager(), answers=given("prohibited", on=TODAY), on=TODAY)
    tasks = Task.objects.filter(record=found.pk)
    assert {one.assignee for one in tasks} == {system.owner, chief} and elsewhere not in {one.assignee for one in tasks}
    assert all(words in one.asked and one.due_on == TODAY and one.sort == "extra" for one in tasks)
    services.classify_system(system, by=make.manager(), answers=given(on=TODAY), on=TODAY)
    assert Task.objects.filter(asked__startswith="Prohibited").count() == 2


def test_undetermined_is_not_confirmed() -> None:
    row = services.classify_system(
        make.system(), by=make.manager(), answers=given(unsure=("area",), on=TODAY), on=TODAY
    )
    with pytest.raises(WrongState) as refused:
        services.approve_record(row, by=make.approver(), reason="Fine", at=AT, on=TODAY)
    assert "undetermined" in refused.value.extra["unmet"][0]["sentence"]


def test_an_exemption_is_reasoned_in_writing() -> None:
    system, answers = make.system(), given("area", "exempt", on=TODAY)
    with pytest.raises(ValidationError) as refused:
        services.classify_system(system, by=make.manager(), answers=answers, on=TODAY)
    assert set(refused.value.message_dict) == {"exemption"}
    row = services.classify_system(system, by=make.manager(), answers=answers, on=TODAY, exemption="Prepares only")
    assert row.classes == ["annex_iii_exempt"] and row.outcome["exemption"] == "Prepares only"


@pytest.mark.parametrize(("answers", "field"), [({"colour": "yes"}, "answers"), ({"area": "perhaps"}, "area")])
def test_bad_answers_are_told(answers: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        services.classify_system(make.system(), by=make.manager(), answers=answers, on=TODAY)
    assert set(refused.value.message_dict) == {field}


def test_another_edition_asks_to_classify_again() -> None:
    release = make.ready()
    late = services.look_at_gate(
        release.system, services.Brought(release.number, digest=make.DIGEST), by=make.manager(), on=LATER
    )
    said = {one.id: one.reason for one in late.unmet}
    assert "The law changed since" in said["law_class"]


def test_one_confirmed_supersedes_the_one_before() -> None:
    system = make.system()
    first, second = make.classified(system), make.classified(system, interacts="yes")
    assert LifecycleRecord.objects.get(pk=first.pk).state == "superseded"
    assert second.classes[0] == "transparency"


def test_editions_never_overlap_and_never_change() -> None:
    row = rules("law", LATER)
    twin = RuleEdition(
        sort="law", edition="other", valid_from=LATER, content=row.content, digest="0" * 64, reason="Overlaps"
    )
    with pytest.raises(IntegrityError, match="rules_law_apart"), transaction.atomic(), recording(None, "test"):
        twin.save(force_insert=True)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic(), recording(None, "test"):
        RuleEdition.objects.filter(pk=row.pk).update(content={})


def test_by_page_and_api(client_of: Any, api_of: Any, at: Any) -> None:
    at(AT)
    system = make.system()
    page = client_of(make.manager())
    assert "EU AI Act" in page.get(f"/systems/{system.ref}/law/classify/").content.decode()
    sent = page.post(f"/systems/{system.ref}/law/classify/", given("interacts", on=TODAY))
    assert sent.status_code == 302
    tab = page.get(f"/systems/{system.ref}/law/").content.decode()
    assert "Transparency duties" in tab and "Art. 50" in tab
    made = api_of(make.manager()).post(f"/api/v1/systems/{system.ref}/classify/", {"answers": given(on=TODAY)})
    assert (made.status_code, made.json()["outcome"]["classes"]) == (201, ["minimal"])
