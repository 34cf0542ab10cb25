"""Findings: hidden drafts, issued words that stay, what follows from a grade; the improvement log (9.2.2, 10.1)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from aims.errors import NotPermitted, WrongState
from aims.models import Record
from aims.trail import recording
from audits import services
from audits.models import Finding, Improvement, Nonconformity
from organization.states import Role
from tests.factories import audits as make
from tests.factories import person, root_unit
from tests.factories import risk as risks

pytestmark = pytest.mark.django_db


def issue(row, by, **more):
    return services.issue_finding(row, by=by, on=make.today(), at=risks.now(), **more)


def test_a_draft_is_known_to_the_team_alone():
    audit, lead = make.running()
    row = make.finding(audit, lead)
    manager = make.manager()
    for model in (Finding, Record):
        assert not model.objects.visible_to(manager).filter(pk=row.pk).exists()
        assert model.objects.visible_to(lead).filter(pk=row.pk).exists()
    later = make.auditor()
    make.assign(audit, later, role="auditor")
    assert Finding.objects.visible_to(later).filter(pk=row.pk).exists()
    issue(row, lead)
    assert Finding.objects.visible_to(manager).filter(pk=row.pk).exists()


@pytest.mark.parametrize("grade", ["minor", "major"])
def test_a_nonconformity_takes_the_full_path(grade):
    audit, lead = make.running()
    row = issue(make.finding(audit, lead, grade=grade), lead)
    found = Nonconformity.objects.get(finding=row)
    assert (found.grade, found.source, found.clause, found.owner) == (grade, "audit", make.clause(), audit.owner)
    assert not Improvement.objects.exists()
    with pytest.raises(ValidationError):
        services.withdraw_finding(row, by=lead, on=make.today(), reason="Wrong")


@pytest.mark.parametrize("grade", ["observation", "opportunity"])
def test_what_could_be_better_goes_to_the_log(grade):
    audit, lead = make.running()
    row = issue(make.finding(audit, lead, grade=grade), lead, owner=person())
    found = Improvement.objects.get(finding=row)
    assert (found.owner, found.due_on) == (row.owner, make.soon(180))
    assert not Nonconformity.objects.exists()


def test_a_strength_goes_nowhere():
    audit, lead = make.running()
    issue(make.finding(audit, lead, grade="strength"), lead)
    assert not Improvement.objects.exists() and not Nonconformity.objects.exists()


def test_issued_words_never_change():
    audit, lead = make.running()
    row = make.finding(audit, lead)
    services.change_finding(row, by=lead, data={"title": "Clearer"})
    issued = issue(make.fresh(row), lead)
    with pytest.raises(WrongState):
        services.change_finding(issued, by=lead, data={"title": "Softer"})
    with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
        Finding.objects.filter(pk=row.pk).update(statement="Softer")


def test_the_database_keeps_drafts_hidden():
    audit, lead = make.running()
    row = make.finding(audit, lead)
    with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
        Finding.objects.filter(pk=row.pk).update(confidentiality="normal")


def test_the_auditee_answers_and_the_auditor_closes():
    audit, lead = make.running()
    draft = make.finding(audit, lead)
    auditee = person()
    with pytest.raises(NotPermitted):
        services.answer_finding(draft, by=make.manager(), on=make.today(), at=risks.now(), response="A")
    row = issue(draft, lead, owner=person(Role.READER))
    with pytest.raises(NotPermitted):
        services.answer_finding(row, by=auditee, on=make.today(), at=risks.now(), response="A")
    answered = services.answer_finding(row, by=row.owner, on=make.today(), at=risks.now(), response="We agree.")
    assert (answered.state, answered.responded_by) == ("answered", row.owner)
    with pytest.raises(NotPermitted):
        services.close_finding(answered, by=row.owner, on=make.today(), outcome="Fine")
    assert services.close_finding(answered, by=lead, on=make.today(), outcome="Fine").state == "closed"


def test_a_criterion_of_another_audit_is_refused():
    audit, lead = make.running()
    other = make.audit()
    with pytest.raises(ValidationError) as refused:
        make.finding(audit, lead, criterion=other.criteria.first())
    assert "criterion" in refused.value.error_dict


def test_only_the_team_of_a_running_audit_raises():
    audit, _lead = make.running()
    with pytest.raises(NotPermitted):
        make.finding(audit, make.auditor())


def test_an_idea_is_entered_changed_and_ended():
    by = make.manager()
    data = {
        "title": "Name deputies",
        "idea": "Somebody stands in.",
        "unit": root_unit(),
        "owner": by,
        "due_on": make.soon(),
    }
    row = services.register_improvement(by=by, data=data, on=make.today())
    services.change_improvement(row, by=by, data={"title": "Name a deputy"})
    done = services.end_improvement(row, by=by, on=make.today(), outcome="Done", carried_out=True)
    assert (done.state, done.ended_on) == ("done", make.today())
    with pytest.raises(WrongState):
        services.end_improvement(done, by=by, on=make.today(), outcome="Again")
    with pytest.raises(ValidationError):
        services.register_improvement(by=by, data={**data, "due_on": None}, on=make.today())


def test_a_declined_idea_says_why():
    by = make.manager()
    data = {"title": "A", "idea": "B", "unit": root_unit(), "owner": by, "due_on": make.soon()}
    row = services.register_improvement(by=by, data=data, on=make.today())
    with pytest.raises(ValidationError):
        services.end_improvement(row, by=by, on=make.today(), outcome=" ", carried_out=False)
    assert (
        services.end_improvement(row, by=by, on=make.today(), outcome="Too dear", carried_out=False).state == "declined"
    )
