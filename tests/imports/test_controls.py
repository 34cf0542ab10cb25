"""Gap assessments and Statements of Applicability from a file: a line speaks of the clause or control it names."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from aims.importing import services
from aims.models import ImportLine
from aims.states import LineState
from controls.models import ClauseAnswer, ControlStatement
from organization.states import Role
from tests.factories import person, unit
from tests.factories.controls import included, scope, statements
from tests.imports import messy
from tests.imports.conftest import worked

pytestmark = pytest.mark.django_db
GAPS = ["Requirement", "Result", "Finding", "Responsible", "Deadline"]
SOA = ["Control", "Applicable", "Justification", "Basis", "Implementation status", "Control owner", "Deadline"]


@pytest.fixture
def file(handed_in, confirmed, officer):
    """`file(target, lines)`: the file with its columns as guessed, checked."""

    def hand_in(target, lines, **more):
        return confirmed(handed_in(messy.csv(lines), target=target, name="sheet.csv"), **more)

    return hand_in


@pytest.fixture
def imported(file, officer):
    def run(target, lines, **more):
        return worked(services.start_import(file(target, lines, **more), by=officer))

    return run


def told():
    return list(ImportLine.objects.exclude(errors={}).values_list("errors", flat=True))


class TestGaps:
    LINES = (
        GAPS,
        ["Clause 7.3 Awareness", "Partly there", "Only engineers were told.", "ada@example.org", "2027-03-31"],
        ["4.1", "Met", "Minutes of March name the issues.", "", ""],
    )

    def test_each_line_answers_its_clause(self, imported):
        scope()
        assert imported("gap", self.LINES).counts == {LineState.MADE: 2}, told()
        met, partly = ClauseAnswer.objects.in_order()
        assert (met.clause.number, met.state, met.due_on) == ("4.1", "met", None)
        assert (partly.clause.number, partly.owner.email, str(partly.due_on)) == (
            "7.3",
            "ada@example.org",
            "2027-03-31",
        )

    def test_the_same_clause_again_is_brought_up_to_date_without_a_key(self, imported):
        scope()
        imported("gap", self.LINES)
        again = [*self.LINES[:2], ["4.1", "Met", "Minutes of May, too.", "", ""]]
        assert imported("gap", again).counts == {LineState.SAME: 1, LineState.CHANGED: 1}, told()
        assert ClauseAnswer.objects.get(clause__number="4.1").found == "Minutes of May, too."

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            (["7", "Met", "x", "", ""], "7 is a heading; answer the clauses below it."),
            (["11.1", "Met", "x", "", ""], "There is no clause “11.1”."),
            (["Awareness", "Met", "x", "", ""], "There is no clause “Awareness”."),
            (["7.3", "perhaps", "x", "", ""], "“perhaps” is not one of"),
            (["7.3", "Missing", "x", "", ""], "Say who closes the gap, and by when."),
            (["7.3", "Met", "", "", ""], "What was found is missing."),
            (["", "Met", "x", "", ""], "Clause is missing."),
        ],
    )
    def test_what_is_wrong_is_said_before_anything_is_made(self, file, line, said):
        scope()
        assert file("gap", [GAPS, line]).counts == {LineState.WRONG: 1}
        assert said in str(told())

    def test_needs_a_scope(self, file):
        assert file("gap", self.LINES).counts == {LineState.WRONG: 2}
        assert "There is no scope that you may see" in str(told())

    def test_a_clause_that_stands_twice_is_wrong_once_it_is_answered(self, imported, file):
        scope()
        imported("gap", self.LINES)
        twice = file("gap", [GAPS, ["4.1", "Met", "A", "", ""], ["4.1", "Met", "B", "", ""]])
        assert twice.counts == {LineState.UPDATE: 1, LineState.WRONG: 1}
        assert "speaks of GAP-" in str(told())
        fresh = imported("gap", [GAPS, ["4.2", "Met", "A", "", ""], ["4.2", "Met", "B", "", ""]])
        assert fresh.counts == {LineState.MADE: 1, LineState.WRONG: 1}
        assert "answered already" in str(told())

    def test_a_line_names_another_scope(self, imported):
        whole, own = scope(), scope(unit("Lab"))
        lines = [[*GAPS, "Scope"], ["4.1", "Met", "A", "", "", ""], ["4.1", "Met", "B", "", "", own.ref]]
        assert imported("gap", lines).counts == {LineState.MADE: 2}, told()
        assert {(one.scope, one.found) for one in ClauseAnswer.objects.all()} == {(whole, "A"), (own, "B")}

    def test_an_answer_stays_with_its_clause(self, imported):
        scope()
        imported("gap", self.LINES)
        row = ClauseAnswer.objects.get(clause__number="4.1")
        run = imported("gap", [["Ref", *GAPS], [row.ref, "4.2", "Met", "A", "", ""]], columns={"0": "ref"})
        assert run.counts == {LineState.WRONG: 1}
        assert f"{row.ref} is about something else." in str(told())

    def test_taken_back(self, imported, officer):
        scope()
        run = imported("gap", self.LINES)
        worked(services.take_back(run, by=officer, reason="Wrong file."))
        assert not ClauseAnswer.objects.exists()

    def test_a_reader_imports_none(self, client_of):
        assert client_of(person(Role.READER)).get("/imports/sheet/gap/").status_code == 403


class TestStatements:
    LINES = (
        SOA,
        [
            "A.2.2 AI policy",
            "yes",
            "Customers ask for one.",
            "Contract; Risk",
            "Planned",
            "ada@example.org",
            "2027-03-31",
        ],
        ["A.10.4", "Not applicable", "Nobody buys from us.", "Role or scope", "", "", ""],
    )

    def test_each_line_decides_its_control_in_the_open_draft(self, imported):
        rows = statements()
        assert imported("statement", self.LINES).counts == {LineState.CHANGED: 2}, told()
        rows["A.2.2"].refresh_from_db()
        rows["A.10.4"].refresh_from_db()
        assert (rows["A.2.2"].state, sorted(rows["A.2.2"].basis)) == ("planned", ["contract", "risk"])
        assert rows["A.2.2"].owner.email == "ada@example.org"
        assert (rows["A.10.4"].state, rows["A.10.4"].justification) == ("excluded", "Nobody buys from us.")
        assert ControlStatement.objects.count() == 38
        assert scope().versions.open().exists()

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            (["B.2.2", "yes", "x", "", "", "", ""], "There is no control “B.2.2”."),
            (["A.2.2", "perhaps", "x", "", "", "", ""], "is the control included or excluded?"),
            (["A.2.2", "", "x", "Whim", "", "", ""], "“whim” is not one of"),
            (["", "yes", "x", "", "", "", ""], "Control is missing."),
        ],
    )
    def test_what_is_wrong_is_said_before_anything_changes(self, file, line, said):
        statements()
        assert file("statement", [SOA, line]).counts == {LineState.WRONG: 1}
        assert said in str(told()), told()

    def test_the_rules_of_a_statement_hold_for_files_too(self, imported):
        statements()
        run = imported("statement", [SOA, ["A.2.2", "no", "", "", "", "", ""]])
        assert run.counts == {LineState.WRONG: 1}
        assert "Say why A.2.2 is excluded" in str(told())

    def test_without_a_scope_there_is_nothing_to_change(self, file):
        assert file("statement", self.LINES).counts == {LineState.WRONG: 2}
        assert "No scope that you see has a statement" in str(told())

    def test_a_statement_stays_with_its_control(self, imported):
        row = statements()["A.2.3"]
        run = imported(
            "statement", [["Ref", *SOA], [row.ref, "A.2.4", "yes", "x", "", "", "", ""]], columns={"0": "ref"}
        )
        assert run.counts == {LineState.WRONG: 1}

    def test_taken_back_what_was_changed_is_as_it_was(self, imported, officer):
        statements()
        row = included("A.2.2", justification="Because.")
        run = imported("statement", self.LINES)
        back = worked(services.take_back(run, by=officer, reason="Wrong file."))
        assert back.counts[LineState.UNDONE] == 2
        row.refresh_from_db()
        assert (row.state, row.justification, row.owner) == ("not_started", "Because.", None)

    def test_sheet_comes_back(self, imported, client_of, officer, handed_in, confirmed):
        statements()
        imported("statement", self.LINES)
        sheet = client_of(officer).get("/imports/sheet/statement/").content
        assert len(list(load_workbook(BytesIO(sheet)).active.iter_rows())) >= 39
        read = handed_in(BytesIO(sheet), target="statement")
        assert set(confirmed(read, columns={"0": "ref"}).counts) == {LineState.SAME}, told()
