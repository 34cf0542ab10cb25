"""Programmes and audits: coverage, independence, checklist, report (9.2.1, 9.2.2)."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from aims import clock
from aims.errors import NotPermitted, Stale, WrongState
from aims.services import unmet_checks
from aims.trail import recording
from audits import coverage, leftout, services
from audits.checklist import questions_for
from audits.models import Audit, AuditProgramme, SampleRow, TeamMember
from audits.services import Scope
from audits.services.independence import competence_for_audit, conflicts_of, start_of_look_back
from controls.models import Clause, Control, Framework
from evidence.services.reading import acknowledge
from inventory.models import AISystem
from organization.duties import DutyMode
from organization.mandates import DutyOverride
from organization.services.duties import set_duties
from organization.states import Role
from tests.factories import audits as make
from tests.factories import documents, person, root_unit, unit
from tests.factories import risk as risks
from tests.factories.organization import sign_in_again

pytestmark = pytest.mark.django_db


def programme(**data):
    values = {
        "title": "Programme", "unit": root_unit(), "owner": person(), "starts_on": make.today(), "ends_on": make.soon(1095),
        "objectives": "Every clause in three years.", **data,
    }  # fmt: skip
    return services.draft_programme(by=make.manager(), data=values)


def numbers(gaps):
    return [gap.number for gap in gaps]


def test_a_programme_names_what_no_audit_covers():
    row = programme()
    everything = Clause.objects.filter(framework__key="iso-42001", heading=True)
    make.audit(programme=row, clauses=list(everything))
    gaps = numbers(coverage.gaps_of(row))
    assert "7.2" not in gaps
    assert "A.7.5" in gaps
    found = coverage.matrix_of(row, make.manager())
    assert numbers(found.gaps) == gaps
    assert all(line.covered for line in found.units)


def test_a_gap_needs_a_reason_and_is_frozen():
    row, chief = programme(), person(Role.TOP_MANAGEMENT)
    same = {"by": chief, "reason": "As planned.", "at": risks.now(), "on": make.today()}
    with pytest.raises(ValidationError) as refused:
        services.approve_programme(row, **same)
    assert "7.2" in str(refused.value.error_dict["gap_reason"]) or "4.1" in str(refused.value.error_dict["gap_reason"])
    done = services.approve_programme(row, gap_reason="Next year.", **same)
    assert "7.2" in done.gaps
    with pytest.raises(WrongState):
        services.change_programme(done, by=make.manager(), data={"title": "B"})
    with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
        AuditProgramme.objects.filter(pk=row.pk).update(objectives="Other")
    assert services.close_programme(done, by=make.manager(), reason="Over", on=make.today()).state == "closed"


@pytest.fixture
def left(at):
    """A programme that audits all clauses and controls in one shop; another shop with two systems is left out."""
    shop, other = unit("Shop"), unit("Logistics")
    team = unit("Fleet", parent=other)
    row, asks = programme(), Clause.objects.filter(framework__key="iso-42001", heading=True)
    controls = Control.objects.filter(framework__key="iso-42001")
    looked = make.system(shop)
    make.audit(shop, programme=row, clauses=list(asks), controls=list(controls), systems=[looked])
    return SimpleNamespace(row=row, shop=shop, other=other, near=make.system(shop), far=make.system(team), team=team,
                           chief=person(Role.TOP_MANAGEMENT))  # fmt: skip


def approve(left, **more):
    same = {"by": left.chief, "reason": "As planned.", "at": risks.now(), "on": make.today()}
    return services.approve_programme(make.fresh(left.row), **same, **more)


def test_units_and_systems_outside_every_audit_are_gaps_too(left):
    assert [(gap.part, gap.label) for gap in coverage.gaps_of(left.row)] == [
        ("units", "Logistics"), *sorted((("systems", left.near.title), ("systems", left.far.title)))
    ]  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        approve(left)
    assert all(
        word in str(refused.value.error_dict["gap_reason"]) for word in ("Logistics", left.near.ref, left.far.ref)
    )


def test_one_reason_stands_for_a_unit_and_all_below_it(left):
    with pytest.raises(ValidationError) as refused:
        approve(left, gap_reasons=["Logistics: Bought in May."])
    words = str(refused.value.error_dict["gap_reason"])
    assert left.near.ref in words and left.far.ref not in words
    done = approve(
        left, gap_reasons=["Logistics: Bought in May: audited next.", f"{left.near.ref}, {left.far.ref}: Small."]
    )
    assert [(one.about, one.why, one.units, one.systems) for one in leftout.left_out_of(done, left.chief)] == [
        ("Logistics", "Bought in May: audited next.", [left.other], [left.far]), (left.near.ref, "Small.", [], [left.near]),
    ]  # fmt: skip


@pytest.mark.parametrize("about", ["AI systems", "Not screened", "not screened, units"])
def test_a_reason_stands_for_a_part_or_a_tier(left, about):
    done = approve(left, gap_reasons=[f"{about}: By turns."], gap_reason="" if "units" in about else "Next year.")
    assert {one.pk for found in leftout.left_out_of(done, left.chief) for one in found.systems} == {
        left.near.pk,
        left.far.pk,
    }


@pytest.mark.parametrize("line", ["No colon", ": No name", "Logistics:", "Nowhere: Never heard of it."])
def test_a_reason_that_explains_nothing_is_refused(left, line):
    with pytest.raises(ValidationError) as refused:
        approve(left, gap_reasons=[line], gap_reason="Next year.")
    assert list(refused.value.error_dict) == ["gap_reasons"]


def test_an_approved_programme_is_not_asked_to_close_before_its_end(left, client_of, at):
    done, keeper = approve(left, gap_reason="Later."), make.manager()
    primary = f'btn btn-primary" href="{done.get_absolute_url()}close/"'
    assert primary not in client_of(keeper).get(done.get_absolute_url()).content.decode()
    at(clock.now() + timedelta(days=1200))
    assert primary in client_of(keeper).get(done.get_absolute_url()).content.decode()


def test_what_is_left_out_shows_to_who_sees_it(left, client_of, ask_api):
    chief = client_of(left.chief)
    sign_in_again(chief, left.chief)
    page = chief.get(f"{left.row.get_absolute_url()}approve/").content.decode()
    assert left.near.ref in page and "Logistics" in page
    answer = ask_api(
        left.chief, left.row, "approve", reason="Yes.", gap_reasons=["Logistics: Bought."], gap_reason="Later."
    )
    assert answer.status_code == 200, answer.content
    assert [(one["reason"], one["units"], one["systems"]) for one in answer.json()["left_out"]] == [
        ("Bought.", ["Logistics"], [left.far.ref]), ("Later.", [], [left.near.ref])
    ]  # fmt: skip
    keeper = person(Role.AIMS_MANAGER, root_unit())
    AISystem.objects.filter(pk=left.near.pk).update(confidentiality="case")
    shown = client_of(keeper).get(left.row.get_absolute_url()).content.decode()
    assert "Bought." in shown and left.far.ref in shown and left.near.ref not in shown and "Later." not in shown


def test_a_kept_reason_says_something(left):
    done = approve(left, gap_reason="Next year.")
    with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
        AuditProgramme.objects.filter(pk=done.pk).update(gap_reasons=[])
    draft = programme()
    for silent in ({"about": ""}, {"about": "", "why": " "}):
        with (
            pytest.raises(IntegrityError, match="programme_reasons_said"),
            transaction.atomic(),
            recording(None, "test"),
        ):
            AuditProgramme.objects.filter(pk=draft.pk).update(gap_reasons=[silent])


def test_one_reason_for_all_is_still_read():
    row = AuditProgramme(gaps=["7.2"], gap_reason="Next year.", gap_reasons=None)
    assert [(one.why, one.numbers) for one in leftout.left_out_of(row, person())] == [("Next year.", ["7.2"])]


def test_who_keeps_a_programme_does_not_approve_it():
    with pytest.raises(NotPermitted):
        services.approve_programme(
            programme(), by=make.manager(), reason="A", at=risks.now(), on=make.today(), gap_reason="B"
        )


def test_risk_says_what_to_audit_next():
    row = programme()
    risk = risks.assessed()
    make.nonconformity(system=risk.system, unit=None)
    first = coverage.suggestions(row, make.manager(), make.today())[0]
    assert first.system == risk.system
    assert len(first.reasons) == 3


def test_time_since_the_last_audit_weighs(at):
    row = programme()
    system, keeper = make.system(), make.manager()

    def reason(on):
        (found,) = (one for one in coverage.suggestions(row, keeper, on) if one.system == system)
        return found.reasons[-1], found.weight

    never, most = reason(make.today())
    assert never == "never audited"
    make.running()  # the whole of the unit, without naming a system
    at(clock.now() + timedelta(days=800))
    told, weight = reason(make.today())
    assert told.startswith("last audited on") and most - weight == coverage.NEVER - 4
    at(clock.now() + timedelta(days=8000))
    assert reason(make.today())[1] == most - 1


def test_an_audit_of_a_whole_unit_is_one_of_each_system_below_it():
    site = unit("Site")
    inside, beside, elsewhere = make.system(unit("Team", parent=site)), make.system(site), make.system(unit("Other"))
    whole, named = make.audit(site), make.audit(site, systems=[beside])
    assert set(Audit.objects.of_system(inside)) == {whole}
    assert set(Audit.objects.of_system(beside)) == {whole, named}
    assert not Audit.objects.of_system(elsewhere).exists()


def test_samples_cover_the_registers_over_the_cycle(client_of):
    row, keeper = programme(), make.manager()
    for _number in range(4):
        make.system()
    assert coverage.sampled_over(row, keeper) == []
    for seed in ("a", "b", "c"):
        audit, lead = make.running(programme=row)
        draw = {"title": "Systems", "record_kind": "system", "size": 2, "seed": seed}
        services.draw_sample(audit, by=lead, at=clock.now(), **draw)
    drawn = SampleRow.objects.values("record").distinct().count()
    (found,) = coverage.sampled_over(row, keeper)
    assert (found.kind.name, found.samples, found.drawn, found.total) == ("system", 3, drawn, 4)
    assert found.share == f"{25 * drawn} %"
    page = client_of(keeper).get(f"{row.get_absolute_url()}coverage/").content.decode()
    assert "Sampled over the cycle" in page and found.share in page
    with recording(None, "test"):
        AISystem.objects.update(confidentiality="case")
    assert [one.share for one in coverage.sampled_over(row, keeper)] == ["–"]


def test_an_audit_starts_only_with_objectives_criteria_scope_and_lead():
    by = make.manager()
    values = {"title": "Bare", "unit": root_unit(), "owner": by, "starts_on": make.today(), "ends_on": make.soon(1)}
    bare = services.plan_audit(by=by, data=values)
    with pytest.raises(WrongState) as refused:
        services.start_audit(bare, by=by, on=make.today())
    unmet = {one["id"] for one in refused.value.extra["unmet"]}
    assert unmet == {"audit_objectives", "audit_criteria", "audit_scope", "audit_team"}


def test_starting_asks_in_our_own_words():
    row, _lead = make.running(controls=[make.control()])
    questions = list(row.items.values_list("question", flat=True))
    assert set(make.control().questions[:6]) <= set(questions)
    assert len(questions) > len(make.control().questions[:6])


def test_a_procedure_is_asked_about_too():
    row = make.audit()
    services.change_audit(row, by=make.manager(), data={}, scope=Scope(procedures=["Release checklist"]))
    criterion = row.criteria.get(procedure="Release checklist")
    assert "Release checklist" in questions_for(criterion)[0]
    services.change_audit(row, by=make.manager(), data={}, scope=Scope(procedures=[], clauses=[]))
    assert not row.criteria.exists()


def test_criteria_come_from_any_framework():
    with recording(None, "test"):
        other = Framework.objects.create(
            key="our-own", title="Other", edition="Our own rules", data_version="1", words="", digest=""
        )
        clause = Clause.objects.create(framework=other, number="7.2", title="Competence", position=1)
    row = make.audit(clauses=[make.clause(), clause])
    assert row.criteria.count() == 2
    record = services.add_external_record(
        row, by=make.manager(), on=make.today(),
        data={"title": "Training plan", "held_by": "HR", "address": "hr/7", "edition": "3", "dated": make.today()},
    )  # fmt: skip
    assert str(record) == "Training plan"


def test_who_owns_a_system_does_not_audit_it():
    nadia = make.auditor()
    system = make.system(owner=nadia)
    row = make.audit(systems=[system])
    with pytest.raises(WrongState) as refused:
        make.assign(row, nadia)
    assert system.ref in str(refused.value.detail)
    assert refused.value.extra["unmet"]
    assert not row.team.exists()


def test_acts_of_substance_count_and_trifles_do_not():
    who = make.auditor()
    system = make.system()
    row = make.audit(systems=[system])
    since = start_of_look_back(row)
    for service in ("import_systems", "comment_record", "grant_on_system"):
        with recording(who, service):
            system.title += "!"
            system.save()
    with recording(who, "change_system", capacity="internal_auditor"):
        system.title += "?"
        system.save()
    assert conflicts_of(who, row, since=since) == []
    with recording(who, "change_system", capacity="system_owner"):
        system.purpose = "Written by somebody who will audit it."
        system.save()
    found = conflicts_of(who, row, since=since)
    assert [(one.ref, one.what) for one in found] == [(system.ref, "change system")]
    assert conflicts_of(who, row, since=risks.now() + timedelta(days=1)) == []


def test_who_wrote_a_document_is_partial_and_who_read_it_is_not():
    """AC-13: documents that somebody authored within the look-back."""
    author, reader = (person(Role.AIMS_MANAGER, root_unit()) for _one in range(2))
    policy = documents.in_force(documents.document(author, audience="everybody"))
    row = make.audit(clauses=[make.clause("7.5")])
    since = start_of_look_back(row)
    acknowledge(policy, by=reader, at=risks.now())
    assert conflicts_of(reader, row, since=since) == []
    found = conflicts_of(author, row, since=since)
    assert {(one.ref, one.what) for one in found} >= {(policy.ref, "owns it"), (policy.ref, "draft document")}


def test_what_is_not_in_scope_makes_nobody_partial():
    who = make.auditor()
    make.system(unit(), owner=who)
    row = make.audit(unit(), clauses=[make.clause("10.2")])
    assert make.assign(row, who).conflicts == []


def test_an_override_needs_the_table_an_approver_reason_and_safeguards():
    nadia = make.auditor()
    row = make.audit(systems=[make.system(owner=nadia)])
    chief = person(Role.TOP_MANAGEMENT)
    same = {"person": nadia, "role": "lead", "on": make.today(), "override_reason": "Nobody else can."}
    with pytest.raises(WrongState):
        services.assign_auditor(row, by=chief, safeguards="A second reads all.", **same)
    set_duties({"audit.independent": {"medium": DutyMode.OVERRIDE}}, by=chief, reason="We are three people.")
    with pytest.raises(NotPermitted):
        services.assign_auditor(row, by=make.manager(), safeguards="A second reads all.", **same)
    with pytest.raises(WrongState):
        services.assign_auditor(row, by=chief, **same)
    member = services.assign_auditor(row, by=chief, safeguards="A second reads all.", **same)
    assert (member.approved_by, bool(member.conflicts)) == (chief, True)
    assert DutyOverride.objects.filter(rule="audit.independent").exists()


def test_competence_is_asked_of_auditors_alone():
    who = person(Role.INTERNAL_AUDITOR)
    row = make.audit()
    with pytest.raises(ValidationError, match="competence"):
        make.assign(row, who)
    assert make.assign(row, who, role="observer").competence is None
    late = competence_for_audit(make.auditor(), date(2020, 1, 1))
    assert late is None


def test_nobody_is_on_the_team_twice():
    row, lead = make.running()
    with pytest.raises(ValidationError, match="already"):
        make.assign(row, lead, role="auditor")
    with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
        TeamMember.objects.create(audit=row, person=lead, role="observer", added_by=lead)


def test_a_paper_saved_by_two_loses_nothing():
    row, lead = make.running()
    item = row.items.first()
    same = {"by": lead, "at": risks.now(), "result": "conform", "evidence_seen": "Plan"}
    saved = services.save_paper(item, notes="First", edition=item.edition, **same)
    assert (saved.edition, saved.auditor) == (2, lead)
    with pytest.raises(Stale):
        services.save_paper(item, notes="Second", edition=1, **same)
    with pytest.raises(NotPermitted):
        services.save_paper(item, notes="B", **{**same, "by": make.auditor()})


def test_an_unreported_audit_is_not_distributed_or_signed():
    row, lead = make.running()
    with pytest.raises(WrongState):
        services.sign_report(row, by=lead, statement="Signed", on=make.today())
    with pytest.raises(WrongState):
        services.distribute_report(row, by=lead, people=[lead], on=make.today())


SAID = {"conclusions": "It works.", "left_out": "One item tells enough."}


def reported():
    row, lead = make.running()
    item = row.items.first()
    services.save_paper(item, by=lead, at=risks.now(), result="conform", notes="Seen", evidence_seen="Plan")
    return services.report_audit(row, by=lead, on=make.today(), at=risks.now(), **SAID), lead


def test_closing_needs_managers_and_a_signature():
    row, lead = reported()
    manager = make.manager()
    with pytest.raises(WrongState) as refused:
        services.close_audit(row, by=manager, reason="Over", on=make.today())
    assert {one["id"] for one in refused.value.extra["unmet"]} == {"audit_distributed", "audit_signed"}
    stranger = person(where=unit())
    services.distribute_report(make.fresh(row), by=manager, people=[stranger], on=make.today())
    services.sign_report(make.fresh(row), by=lead, statement="I stand by it.", on=make.today())
    with pytest.raises(WrongState):
        services.close_audit(make.fresh(row), by=manager, reason="Over", on=make.today())
    services.distribute_report(make.fresh(row), by=manager, people=[manager], on=make.today())
    assert services.close_audit(make.fresh(row), by=manager, reason="Over", on=make.today()).state == "closed"


def test_a_report_says_why_the_rest_was_not_looked_at():
    row, lead = make.running()
    first, *others = row.items.all()
    same = {"by": lead, "at": risks.now()}
    services.save_paper(first, result="conform", notes="Seen", evidence_seen="Plan", **same)
    with pytest.raises(ValidationError) as refused:
        services.report_audit(row, on=make.today(), conclusions="It works.", left_out=" ", **same)
    assert list(refused.value.error_dict) == ["left_out"]
    for item in others:
        services.save_paper(item, result="conform", notes="Seen", evidence_seen="Plan", **same)
    whole = services.report_audit(make.fresh(row), on=make.today(), conclusions="It works.", **same)
    assert whole.left_out == ""
    with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
        Audit.objects.filter(pk=row.pk).update(left_out="Other")


def test_a_report_says_what_independence_rests_on_and_who_keeps_the_papers(client_of):
    (row, lead), chief = reported(), person(Role.TOP_MANAGEMENT)
    body, _lead = make.running(sort="stage_1")
    services.report_audit(body, by=lead, on=make.today(), at=risks.now(), conclusions="As the body wrote.")
    own, theirs = (
        client_of(chief).get(f"{one.get_absolute_url()}report-page/").content.decode() for one in (row, body)
    )
    assert "nothing on record in the 24 months before the audit made them partial" in own and "Conforms: 1" in own
    assert "Who audited keeps the working papers." in theirs and "Conforms: 0" not in theirs


def test_a_body_keeps_its_own_papers():
    row, lead = make.running(sort="stage_2")
    told = services.report_audit(row, by=lead, on=make.today(), at=risks.now(), conclusions="As the body wrote.")
    assert (told.state, told.left_out) == ("reported", "")
    assert {one["id"] for one in unmet_checks(told, "audit", "close")} == {"audit_distributed"}


def test_what_a_body_found_is_entered_by_who_audits_for_us():
    row, _lead = make.running(sort="stage_2")
    ours, outside = make.auditor(), person(Role.EXTERNAL_AUDITOR, row.unit)
    with pytest.raises(NotPermitted):
        make.finding(row, outside)
    found = make.finding(row, ours)
    same = {"by": ours, "on": make.today(), "at": risks.now()}
    assert services.issue_finding(found, **same).nonconformity.source == "body"
    assert services.report_audit(make.fresh(row), **same, conclusions="As the body wrote.").reported_by == ours


def test_a_report_never_changes():
    row, _lead = reported()
    with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
        Audit.objects.filter(pk=row.pk).update(conclusions="Better")
    with pytest.raises(WrongState):
        services.change_audit(row, by=make.manager(), data={"objectives": "Other"})


def test_only_the_lead_reports_and_drafts_hold_it_back():
    row, lead = make.running()
    item = row.items.first()
    services.save_paper(item, by=lead, at=risks.now(), result="conform", notes="Seen", evidence_seen="Plan")
    with pytest.raises(NotPermitted):
        services.report_audit(row, by=make.auditor(), on=make.today(), at=risks.now(), **SAID)
    make.finding(row, lead)
    with pytest.raises(WrongState):
        services.report_audit(make.fresh(row), by=lead, on=make.today(), at=risks.now(), **SAID)


def test_a_cancelled_audit_covers_nothing():
    row = programme()
    audit = make.audit(programme=row)
    before = {gap.label for gap in coverage.gaps_of(row)}
    services.cancel_audit(audit, by=make.manager(), reason="No time", on=make.today())
    assert {gap.label for gap in coverage.gaps_of(row)} - before == {str(make.clause()), root_unit().name}


def test_somebody_leaves_the_team():
    row, lead = make.running()
    member = row.team.get(person=lead)
    services.remove_from_team(row, by=make.manager(), member=member, on=make.today(), reason="Ill")
    assert not row.team.exists()
