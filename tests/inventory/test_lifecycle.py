"""Life-cycle records: drafted by one, approved by another, measured against, judged; never changed afterwards."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from aims.errors import NotPermitted, Stale, WrongState
from aims.models import Decision
from aims.trail import recording
from inventory import services
from inventory.models import CheckResult, LifecycleRecord
from inventory.standing import standings
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import person, root, sure

pytestmark = pytest.mark.django_db
TODAY, AT = make.TODAY, make.AT
ANSWERS = {"rationale": "It serves people", "success": "Fewer returns", "requirements": "Same for everybody"}


def draft(system: Any = None, sort: str = "requirements", **data: Any) -> LifecycleRecord:
    given = {"answers": ANSWERS, **data} if sort == "requirements" else data
    return services.prepare_record(system or make.system(), by=make.manager(), sort=sort, data=given, on=TODAY)


def approve(record: LifecycleRecord, by: Any = None, **more: Any) -> LifecycleRecord:
    return services.approve_record(record, by=by or make.approver(), reason="Fine", at=AT, on=TODAY, **more)


def wrong(act: Any) -> set[str]:
    with pytest.raises(ValidationError) as refused:
        act()
    return set(refused.value.message_dict)


def test_a_draft_may_be_incomplete_and_its_approval_says_what_is_missing() -> None:
    record = draft(answers={"rationale": "It serves people"})
    with pytest.raises(WrongState) as refused:
        approve(record)
    said = [one["sentence"] for one in refused.value.extra["unmet"]]
    assert len(said) == 2 and all("is not stated" in one for one in said)
    services.change_record(record, by=make.manager(), data={"answers": ANSWERS})
    assert approve(record).state == "approved"
    assert Decision.objects.get(record_id=record.pk, sort="lifecycle_record").outcome == "Approved"


def test_a_controlled_document_may_stand_instead_of_the_form() -> None:
    record = draft(answers={}, link=make.proof())
    assert approve(record).state == "approved"


def test_who_prepared_it_does_not_approve_it() -> None:
    record = draft()
    with pytest.raises(NotPermitted):
        approve(record, make.manager())
    someone = person(Role.APPROVER, root())
    rows = LifecycleRecord.objects.filter(pk=record.pk)
    with (
        pytest.raises(IntegrityError, match="lifecycle_approved_by_another"),
        transaction.atomic(),
        recording(None, "x"),
    ):
        rows.update(state="approved", prepared_by=someone, approved_by=someone, approved_at=AT)


def test_a_reader_writes_nothing() -> None:
    reader = person(Role.READER, root())
    system = make.system()
    with pytest.raises(NotPermitted):
        services.prepare_record(system, by=reader, sort="requirements", data={}, on=TODAY)
    with pytest.raises(NotPermitted):
        approve(draft(system), reader)


@pytest.mark.parametrize(
    ("sort", "data", "field"),
    [
        ("nonsense", {}, "sort"),
        ("design", {}, "release"),
        ("requirements", {"answers": {"colour": "blue"}}, "answers"),
    ],
)
def test_unknown_sorts_questions_and_missing_versions_are_told(sort: str, data: Any, field: str) -> None:
    assert wrong(lambda: draft(sort=sort, **data)) == {field}


def test_a_version_of_another_system_is_refused() -> None:
    assert wrong(lambda: draft(release=make.version(make.system()))) == {"release"}


@pytest.mark.parametrize(
    "criterion",
    [
        {"metric": "", "comparison": "at_least", "threshold": "1"},
        {"metric": "recall", "comparison": "about", "threshold": "1"},
        {"metric": "recall", "comparison": "at_least", "threshold": "much"},
        {"metric": "recall", "comparison": "at_least", "threshold": "NaN"},
        {"metric": "recall", "comparison": "at_least", "threshold": "1e13"},
    ],
)
def test_a_criterion_is_whole(criterion: dict[str, str]) -> None:
    release = make.version(make.system())
    assert wrong(lambda: draft(release.system, "evaluation", release=release, criteria=[criterion])) == {"criteria"}


def test_somebody_elses_draft_is_not_overwritten() -> None:
    record = draft()
    services.change_record(record, by=make.manager(), data={"answers": ANSWERS}, version=record.version)
    services.change_record(record, by=make.manager(), data={"owner": make.approver()})
    with pytest.raises(Stale):
        approve(record, version=record.version)
    assert wrong_state(lambda: services.change_record(record, by=make.manager(), data={"until": TODAY})) == ""


def wrong_state(act: Any) -> str:
    """The refusal of a verb; empty when it went through."""
    try:
        act()
    except WrongState as refused:
        return str(refused)
    return ""


def test_what_is_approved_never_changes_and_another_one_supersedes_it() -> None:
    first = make.record(make.system(), "requirements")
    assert "draft" in wrong_state(lambda: services.change_record(first, by=make.manager(), data={"answers": {}}))
    rows = LifecycleRecord.objects.filter(pk=first.pk)
    with (
        pytest.raises(IntegrityError, match="lifecycle_frozen|never changes"),
        transaction.atomic(),
        recording(None, "x"),
    ):
        rows.update(answers={})
    with (
        pytest.raises(IntegrityError, match="lifecycle_frozen|never changes"),
        transaction.atomic(),
        recording(None, "x"),
    ):
        rows.delete()
    second = make.record(first.system, "requirements")
    assert LifecycleRecord.objects.get(pk=first.pk).state == "superseded"
    assert LifecycleRecord.objects.filter(system=first.system).newest("requirements") == second


def test_a_record_of_one_version_does_not_supersede_that_of_another() -> None:
    system = make.system()
    old, new = make.version(system), make.version(system, "2.0", digest="a" * 64)
    first = make.record(system, "design", old)
    make.record(system, "design", new)
    assert LifecycleRecord.objects.get(pk=first.pk).state == "approved"


def test_a_retired_system_gets_no_record() -> None:
    system = services.retire_system(opened(), by=make.manager(), reason="x", on=TODAY)
    with pytest.raises(WrongState, match="retired"):
        draft(system)


def opened() -> Any:
    make.open_gate()
    return make.system(retirement_plan="x")


def test_criteria_come_before_the_first_result() -> None:
    release = make.version(make.system())
    plan = draft(release.system, "evaluation", release=release, criteria=[make.CRITERION], answers={"method": "x"})
    with pytest.raises(WrongState, match="before the first result"):
        make.measured(plan)
    row = CheckResult(
        record=plan, metric="recall", value=1, comparison="at_least", threshold=0, passed=True, measured_on=TODAY,
        recorded_by=make.manager(),
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="before the first result"), transaction.atomic(), recording(None, "x"):
        row.save()


def plan(**data: Any) -> LifecycleRecord:
    release = make.version(make.system())
    return make.record(release.system, "evaluation", release, **data)


def test_a_result_is_bound_to_the_plan_and_its_model() -> None:
    record = plan()
    assert make.measured(record).digest == make.DIGEST
    assert make.measured(record, digest="f" * 64).digest == "f" * 64
    assert wrong(lambda: make.measured(record, metric="accuracy")) == {"metric"}
    assert wrong(lambda: make.measured(record, threshold="0.1")) == {"threshold"}
    assert wrong(lambda: make.measured(record, "plenty")) == {"value"}
    assert make.measured(record, threshold="0.80").passed


def test_the_formula_decides_whether_a_result_passed() -> None:
    two = [{**make.CRITERION}, {**make.CRITERION, "metric": "delay", "comparison": "at_most", "threshold": "5"}]
    record = plan(criteria=two)
    by = {"by": make.manager(), "on": TODAY}
    values = (("recall", "0.8"), ("delay", "5"), ("recall", "0.79"), ("delay", "5.1"))
    rows = [{"metric": name, "group": "", "value": value, "measured_on": TODAY} for name, value in values]
    made = services.record_results(record, rows=rows, **by)
    assert [row.passed for row in made] == [True, True, False, False]
    assert [one.passed for one in standings(record)] == [False, False]
    rows_ = CheckResult.objects.filter(pk=made[0].pk)
    with pytest.raises(Exception, match="append-only"), transaction.atomic(), recording(None, "x"):
        rows_.update(passed=False)


def test_a_verdict_needs_every_criterion_and_passed_means_met() -> None:
    record = plan()
    give = {"by": make.approver(), "reason": "Seen"}
    with pytest.raises(WrongState, match="not met: recall"):
        services.give_verdict(record, verdict="passed", **give)
    make.measured(record, "0.1")
    with pytest.raises(WrongState, match="not met: recall"):
        services.give_verdict(record, verdict="passed", **give)
    make.measured(record)
    assert services.give_verdict(record, verdict="passed", **give).verdict == "passed"
    design = make.record(record.system, "requirements")
    with pytest.raises(WrongState, match="evaluation plan"):
        services.give_verdict(design, verdict="failed", **give)


def test_an_envelope_ends_on_a_day() -> None:
    release = make.version(make.system())
    with pytest.raises(ValidationError, match="ends on a day"):
        draft(release.system, "envelope", release=release, criteria=[make.CRITERION])


def test_the_page_of_a_system_lists_its_records_in_few_questions(
    client_of: Any, django_assert_max_num_queries: Any
) -> None:
    system = make.system()
    page = client_of(make.manager())
    make.record(system, "requirements")
    page.get(f"/systems/{system.ref}/lifecycle/")
    with django_assert_max_num_queries(60) as few:
        page.get(f"/systems/{system.ref}/lifecycle/")
    make.record(system, "responsibilities")
    make.record(system, "logging")
    with django_assert_max_num_queries(len(few)):
        page.get(f"/systems/{system.ref}/lifecycle/")


def test_from_draft_to_verdict_by_page(client_of: Any) -> None:
    release = make.version(make.system())
    writer, other = sure(client_of, make.manager()), sure(client_of, make.approver())
    new = f"/systems/{release.system.ref}/records/new/?sort=evaluation"
    sent = {"release": release.number, "method": "Held apart", "limits": "Dialect", "criteria": "recall ≥ 0.8"}
    assert writer.post(new, {**sent, "criteria": "recall about 1"}).status_code == 400
    made = writer.post(new, sent)
    assert made.status_code == 302
    url = made["Location"]
    assert writer.post(f"{url}approve/", {"reason": "Mine"}).status_code == 403
    assert other.post(f"{url}approve/", {"reason": "Right criteria"}).status_code == 302
    result = {"criterion": "0", "value": "0.9", "measured_on": TODAY.isoformat()}
    assert writer.post(f"{url}result/", result).status_code == 302
    assert other.post(f"{url}verdict/", {"verdict": "passed", "reason": "All met"}).status_code == 302
    page = writer.get(url).content.decode()
    assert "recall" in page and "≥ 0.8" in page and "Passed" in page


def test_by_api(api_of: Any) -> None:
    release = make.version(make.system())
    api, other = api_of(make.manager()), sure(api_of, make.approver())
    body = {
        "system": release.system.ref, "sort": "data_quality", "release": release.number, "criteria": [make.CRITERION],
        "answers": {"requirements": "Complete", "bias": "By country"},
    }  # fmt: skip
    made = api.post("/api/v1/records/", body)
    assert made.status_code == 201, made.content
    url = f"/api/v1/records/{made.json()['ref']}/"
    early = api.post(f"{url}results/", {"results": [{"metric": "recall", "value": "0.9"}]})
    assert early.status_code == 409
    assert other.post(f"{url}approve/", {"reason": "Fine"}, HTTP_IF_MATCH=made["ETag"]).status_code == 200
    entered = api.post(f"{url}results/", {"results": [{"metric": "recall", "value": "0.9"}]})
    assert entered.status_code == 200, entered.content
    assert api.post(f"{url}results/", {"results": [{"metric": "other", "value": "1"}]}).status_code == 400


def test_a_result_of_a_day_long_gone_is_kept_with_its_day() -> None:
    assert make.measured(plan(), measured_on=TODAY - timedelta(days=30)).measured_on == TODAY - timedelta(days=30)
