"""Past audits and their findings from files: they come as history, and nothing that only counts when done here."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from openpyxl import load_workbook

from aims.errors import Hidden, NotPermitted, WrongState
from aims.importing import services
from aims.models import ImportLine
from aims.readiness import stock_of
from aims.registry import registry
from aims.states import LineState
from aims.trail import recording
from audits import services as audits
from audits.conditions import audited
from audits.models import Audit, Finding, Improvement, Nonconformity, TeamMember
from audits.services.past import as_scope
from organization.states import Role
from tests.factories import audits as make
from tests.factories import person, root_unit
from tests.factories.inventory import system
from tests.imports import messy
from tests.imports.conftest import worked

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"
AUDIT_HEAD = ["No.", "Audit", "Type", "Owner", "Department", "Start", "End", "Auditors", "Kriterien", "Systems", "Summary",
              "Report", "Objective"]  # fmt: skip
FINDING_HEAD = ["No.", "Finding", "Audit no", "Clause", "Severity", "Description", "Evidence", "Responsible", "System",
                "Date", "Status", "What came of it"]  # fmt: skip


@pytest.fixture
def ranker(shop):
    return system(shop, title="Ranker")


@pytest.fixture
def lines(ranker):
    return {
        "audit": [
            AUDIT_HEAD,
            ["IA-23", "Internal audit 2023", "internal", ADA, "Shop", "2023-05-02", "2023-05-05", "B. Brown",
             "4.1, A.7.5; Release checklist; 9.2@iso-42001", ranker.ref, "It works, mostly.", "SharePoint, audits", "See it work."],
            ["S1-24", "Stage 1", "Stage 1", ADA, "Shop", "3.4.2024", "4.4.2024", "Nordvalid", "Clause 7 Support", "",
             "Ready for stage 2.", "", ""],
        ],
        "finding": [
            FINDING_HEAD,
            ["F-1", "No record of skills", "IA-23", "7.2", "minor", "Two of eight have none.", "Eight people.", ADA,
             "Ranker", "2023-05-05", "Closed", "Recorded since."],
            ["F-2", "Late plan", "Stage 1", "Release checklist", "Observation", "The plan came late.", "", "", "", "", "", ""],
        ],
    }  # fmt: skip


@pytest.fixture
def both(imported):
    assert imported("audit").counts == {LineState.MADE: 2}, told()
    assert imported("finding").counts == {LineState.MADE: 2}, told()
    return Audit.objects.order_by("pk"), Finding.objects.order_by("pk")


def told():
    return list(ImportLine.objects.values_list("errors", flat=True))


def test_a_past_audit_says_who_audited_what_and_concluded_what(imported, shop, ranker):
    assert imported("audit").counts == {LineState.MADE: 2}, told()
    one, two = Audit.objects.order_by("pk")
    assert (one.title, one.sort, one.state, one.owner.email, one.unit) == (
        "Internal audit 2023", "internal", "taken_over", ADA, shop,
    )  # fmt: skip
    assert (one.starts_on, one.ends_on, two.starts_on) == (date(2023, 5, 2), date(2023, 5, 5), date(2024, 4, 3))
    assert (one.audited_by, one.conclusions, one.report_at) == ("B. Brown", "It works, mostly.", "SharePoint, audits")
    assert sorted(map(str, one.criteria.values_list("clause__number", "control__number", "procedure"))) == [
        "('4.1', None, '')", "('9.2', None, '')", "(None, 'A.7.5', '')", "(None, None, 'Release checklist')",
    ]  # fmt: skip
    assert [row.scope_unit for row in one.units.all()] == [shop]
    assert [row.system for row in one.systems.all()] == [ranker]
    assert [row.number for row in two.criteria.all()] == ["7"]
    assert not TeamMember.objects.exists() and not one.items.exists() and one.reported_at is None


def test_a_past_finding_says_what_was_found_and_starts_nothing(both, ranker):
    (internal, stage), (one, two) = both
    assert (one.audit, one.system, one.owner.email, one.grade, one.state) == (internal, ranker, ADA, "minor", "closed")
    assert (one.criterion.number, one.issued_at.date(), one.outcome) == ("7.2", date(2023, 5, 5), "Recorded since.")
    assert (two.audit, two.owner, two.criterion.procedure, two.state) == (
        stage,
        stage.owner,
        "Release checklist",
        "issued",
    )
    assert two.issued_at.date() == stage.ends_on and {one.taken_over, two.taken_over} == {True}
    assert (one.confidentiality, one.rationale, two.objective_evidence) == ("normal", "", "")
    assert not Nonconformity.objects.exists() and not Improvement.objects.exists()


@pytest.mark.parametrize("kind", ["audit", "finding"])
def test_the_same_key_changes_what_differs(imported, lines, kind):
    imported("audit")
    imported(kind) if kind == "finding" else None
    column, name = {"audit": (10, "conclusions"), "finding": (5, "statement")}[kind]
    lines[kind][1][column] = "Said better."
    assert imported(kind).counts == {LineState.CHANGED: 1, LineState.SAME: 1}, told()
    assert getattr({"audit": Audit, "finding": Finding}[kind].objects.order_by("pk")[0], name) == "Said better."


def test_a_finding_is_settled_by_the_next_file(both, imported, lines):
    lines["finding"][2][3], lines["finding"][2][9:] = "4.1", ["2024-04-05", "closed", "Done."]
    assert imported("finding").counts[LineState.CHANGED] == 1, told()
    two = both[1][1]
    assert (two.state, two.outcome, two.criterion.number, two.issued_at.date()) == (
        "closed", "Done.", "4.1", date(2024, 4, 5),
    )  # fmt: skip
    lines["finding"][2][2] = "IA-23"
    assert imported("finding").counts[LineState.WRONG] == 1


def test_what_a_file_does_not_know_of_a_scope_stays(both, imported, lines, officer, shop):
    row = both[0][0]
    hidden = system(shop, title="Hidden")
    audits.change_past_audit(row, by=officer, data={}, on=make.today(), scope=as_scope(None, systems=[hidden]))
    type(hidden).objects.filter(pk=hidden.pk).update(confidentiality="case")
    assert imported("audit").counts == {LineState.CHANGED: 2}, told()
    assert {str(one) for one in both[0][1].criteria.all()} == {str(make.clause("7")), "Release checklist"}
    assert {one.system.title for one in make.fresh(row).systems.all()} == {"Hidden", "Ranker"}


@pytest.mark.parametrize(
    ("kind", "column", "cell"),
    [("audit", 2, ""), ("audit", 6, "2099-01-01"), ("audit", 6, "2020-01-01"), ("audit", 7, ""), ("audit", 8, "99.9"),
     ("audit", 9, "SYS-9999"), ("audit", 10, ""), ("finding", 2, "No such audit"), ("finding", 3, "A.99.1"),
     ("finding", 4, "Huge"), ("finding", 5, ""), ("finding", 10, "draft")],
)  # fmt: skip
def test_wrong_cells_are_named(imported, handed_in, confirmed, lines, kind, column, cell):
    imported("audit") if kind == "finding" else None
    lines[kind][1][column] = cell
    run = confirmed(handed_in(messy.csv(lines[kind]), target=kind, name="log.csv"))
    assert run.counts == {LineState.WRONG: 1, LineState.NEW: 1}, told()
    assert str(column) in run.lines.get(state=LineState.WRONG).errors


def test_what_was_done_here_takes_nothing_from_a_file(imported, handed_in, confirmed, lines, officer):
    row, lead = make.running(root_unit())
    raised = make.finding(row, lead)
    issued = audits.issue_finding(raised, by=lead, on=make.today(), at=make.clock.now())
    imported("audit")
    lines["finding"][1][2] = row.ref
    run = confirmed(handed_in(messy.csv(lines["finding"]), target="finding", name="log.csv"))
    assert "2" in run.lines.get(state=LineState.WRONG).errors
    with pytest.raises(WrongState):
        audits.take_over_finding(make.fresh(row), by=officer, data={"title": "A", "statement": "B", "criterion": "C"})
    with pytest.raises(WrongState):
        audits.change_past_audit(make.fresh(row), by=officer, data={"title": "A"}, on=make.today())
    with pytest.raises(WrongState):
        audits.change_past_finding(issued, by=officer, data={"title": "A"})
    assert {"sample", "working_paper", "signature"}.isdisjoint(registry.importables)


@pytest.mark.parametrize("kind", ["audit", "finding"])
def test_an_import_is_taken_back_unless_something_hangs_on_it(imported, officer, kind):
    run = imported("audit")
    if kind == "audit":
        imported("finding")
        back = worked(services.take_back(run, by=officer, reason="Wrong list."))
        assert back.counts.get(LineState.UNDONE, 0) == 0 and Audit.objects.count() == 2
        return
    found = imported("finding")
    row = Finding.objects.order_by("pk")[0]
    make.nonconformity(finding=row)
    back = worked(services.take_back(found, by=officer, reason="Wrong list."))
    assert back.counts[LineState.UNDONE] == 1 and list(Finding.objects.all()) == [row]


@pytest.mark.parametrize("kind", ["audit", "finding"])
def test_the_sheet_comes_back(both, client_of, officer, handed_in, confirmed, kind):
    row, lead = make.running(root_unit(), clauses=[make.clause("9.2"), make.clause("4.1")], controls=[make.control()])
    audits.issue_finding(make.finding(row, lead), by=lead, on=make.today(), at=make.clock.now())
    browser = client_of(officer)

    def cells():
        sheet = load_workbook(BytesIO(browser.get(f"/imports/sheet/{kind}/").content)).active
        return [[cell.value for cell in row] for row in sheet.iter_rows()]

    before = cells()
    assert len(before) == 4
    read = handed_in(BytesIO(browser.get(f"/imports/sheet/{kind}/").content), target=kind)
    assert set(confirmed(read, columns={"0": "ref"}).counts) == {LineState.SAME}, told()
    assert cells() == before


def test_nonconformities_name_the_finding_they_came_of(both, client_of, handed_in, confirmed, officer):
    found = both[1][0]
    head = ["Abweichung", "Owner", "Department", "Criterion", "Description", "Severity", "Origin", "Finding no"]
    line = ["No skills", ADA, "Shop", "7.2", "Two of eight.", "Minor", "Internal audit", found.ref]
    run = confirmed(handed_in(messy.csv([head, line]), target="nonconformity", name="log.csv"))
    assert worked(services.start_import(run, by=officer)).counts == {LineState.MADE: 1}, told()
    row = Nonconformity.objects.get()
    assert row.finding == found and row.source_record.ref == found.ref
    assert found.ref in client_of(officer).get(row.get_absolute_url()).content.decode()
    again = confirmed(handed_in(messy.csv([head, ["Other", *line[1:]]]), target="nonconformity", name="log.csv"))
    assert worked(services.start_import(again, by=officer)).counts == {LineState.WRONG: 1}


def test_pages_say_that_it_was_taken_over(both, client_of, officer):
    (row, _stage), (found, _two) = both
    browser = client_of(officer)
    page = browser.get(row.get_absolute_url()).content.decode()
    assert "over before it came here" in page and "B. Brown" in page and "SharePoint, audits" in page
    report = browser.get(f"{row.get_absolute_url()}report-page/").content.decode()
    assert "Taken over" in report and "Two of eight have none." in report and "Team and independence" not in report
    assert "Entered by" in browser.get(found.get_absolute_url()).content.decode()
    api = browser.get(f"/api/v1{row.get_absolute_url()}").json()
    assert (api["audited_by"], api["state"]) == ("B. Brown", "taken_over")


@pytest.mark.parametrize(("kind", "register"), [("audit", "audits"), ("finding", "findings")])
def test_who_keeps_audits_is_shown_the_way_from_a_sheet(client_of, officer, kind, register):
    way = f'href="/imports/create/?target={kind}"'
    assert way in client_of(officer).get(f"/{register}/").content.decode()
    assert way not in client_of(person(Role.READER, root_unit())).get(f"/{register}/").content.decode()
    form = client_of(officer).get(f"/imports/create/?target={kind}").content.decode()
    assert re.search(f'value="{kind}"[^>]*checked', form)


def test_an_auditor_settles_what_a_past_audit_left_open(both):
    lead = make.auditor()
    closed = audits.close_finding(both[1][1], by=lead, on=make.today(), outcome="Seen.")
    assert closed.state == "closed"


def test_only_who_plans_audits_brings_them(both, shop):
    values = {"title": "A", "unit": shop, "ends_on": make.today()}
    with pytest.raises(NotPermitted):
        audits.take_over_audit(by=person(Role.SYSTEM_OWNER, shop), data=values, on=make.today())
    with pytest.raises(NotPermitted):
        audits.take_over_finding(both[0][0], by=person(Role.SYSTEM_OWNER, shop), data={})
    other = system(root_unit(), title="Elsewhere", confidentiality="case")
    keeper = person(Role.AIMS_MANAGER, shop)
    with pytest.raises(Hidden):
        audits.change_past_audit(both[0][0], by=keeper, data={}, on=make.today(), scope=as_scope(None, systems=[other]))


def test_the_database_keeps_past_audits_whole(both):
    row, found = both[0][0], both[1][0]
    own, _lead = make.running()
    for model, key, values, name in (
        (Audit, row.pk, {"audited_by": " "}, "audit_taken_over_whole"),
        (Audit, row.pk, {"conclusions": ""}, "audit_taken_over_whole"),
        (Audit, own.pk, {"audited_by": "Somebody"}, "audit_taken_over_whole"),
        (Finding, found.pk, {"taken_over": False}, "finding_grounded"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic(), recording(None, "test"):
            model.objects.filter(pk=key).update(**values)


def test_an_internal_audit_done_before_counts_and_a_body_does_not(both, officer):
    internal, stage = both[0]
    assert audited(stock_of(officer, make.today())).met
    assert {internal, stage} == set(Audit.objects.done())
    Audit.objects.filter(pk=internal.pk).update(sort="gap")
    assert not audited(stock_of(officer, make.today())).met
