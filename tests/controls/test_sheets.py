"""Answer sheets: the statement, the best evidence, who speaks, and the gaps of a day."""

from datetime import date, timedelta

import pytest

from controls import sheets
from controls.models import Clause, Control, ControlStatement
from organization.states import Role
from tests.controls.making import evidence
from tests.factories import person, root_unit, unit
from tests.factories.controls import included, statement, statements, system

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 1)
RESULT = {"metric": "auc", "value": 3, "unit": "", "comparator": ">=", "threshold": 2, "measured_on": "2026-03-01"}
WHOLE = {"implementation": "It is done.", "status": "implemented", "last_reviewed_on": TODAY, "basis": ["risk"]}


def sentences(row, items=(), on=TODAY):
    return [gap.sentence for gap in sheets.gaps_of(row, list(items), on)]


class TestGaps:
    def test_nothing_open(self):
        row = included(owner=person(Role.READER), **WHOLE)
        assert sentences(row, [evidence(row)]) == []

    def test_undecided_says_only_that(self):
        assert sentences(statement()) == ["Nobody decided yet whether this control applies."]

    def test_excluded_is_asked_for_basis_and_owner_alone(self):
        row = statement(applicability="excluded", justification="Not our role.")
        assert sentences(row) == ["The decision names no basis.", "Nobody is named who answers for it."]

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"status": "not_started"}, "Nothing is implemented yet."),
            ({"status": "partial"}, "It is not fully implemented yet."),
            ({"status": "partial", "due_on": TODAY}, "It is not fully implemented yet."),
            (
                {"status": "planned", "due_on": TODAY - timedelta(days=1)},
                "Its date passed and it is not fully implemented.",
            ),
            ({"implementation": " "}, "Nobody described how it is implemented."),
            ({"basis": []}, "The decision names no basis."),
            ({"last_reviewed_on": TODAY - timedelta(days=366)}, "Nobody reviewed it within the last year."),
            ({"last_reviewed_on": None}, "Nobody reviewed it within the last year."),
        ],
    )
    def test_each_gap_alone(self, changes, sentence):
        row = included(**{"owner": person(Role.READER), **WHOLE, **changes})
        assert sentences(row, [evidence(row)]) == [sentence]

    def test_owner_missing_or_gone(self):
        row = included(**WHOLE)
        assert sentences(row, [evidence(row)]) == ["Nobody is named who answers for it."]
        row.owner = person(is_active=False)
        assert sentences(row, [evidence(row)]) == ["Its owner has left."]

    def test_evidence_missing_or_run_out(self):
        row = included(owner=person(Role.READER), **WHOLE)
        assert sentences(row) == ["No evidence is linked."]
        old, new = evidence(row, expires_on=TODAY - timedelta(days=1)), evidence(row)
        assert sentences(row, [old]) == ["All its evidence ran out."]
        assert sentences(row, [old, new]) == ["Some of its evidence ran out."]

    def test_missing_evidence_is_graver_when_it_is_said_to_be_implemented(self):
        done = included("A.2.2", owner=person(Role.READER), **WHOLE)
        begun = included("A.2.3", owner=person(Role.READER), **{**WHOLE, "status": "partial"})
        assert sheets.gaps_of(done, [], TODAY)[0].tone == "bad"
        assert {gap.tone for gap in sheets.gaps_of(begun, [], TODAY)} == {"warn"}


class TestReads:
    def test_the_statement_of_the_widest_unit_that_one_sees(self):
        department = unit()
        statements()
        statements(department)
        control = Control.objects.get(number="A.2.2")
        assert sheets.statement_of(control, person(Role.READER)).unit == root_unit()
        assert sheets.statement_of(control, person(Role.READER, department)).unit == root_unit()
        ControlStatement.objects.filter(unit=root_unit()).update(confidentiality="restricted")
        assert sheets.statement_of(control, person(Role.READER, department)).unit == department
        assert sheets.statement_of(control, person()) is None

    def test_best_evidence_first(self):
        row, reader = included(), person(Role.READER)
        soon, later, open_ended = (
            evidence(row, expires_on="2027-01-01"),
            evidence(row, expires_on="2028-01-01"),
            evidence(row),
        )
        evidence(row, confidentiality="restricted")
        assert sheets.evidence_of(row, reader) == [open_ended, later, soon]

    def test_what_missed_its_threshold_comes_last(self):
        row = included()
        missed, met = (
            evidence(row, result={**RESULT, "value": 1}),
            evidence(row, result=RESULT, expires_on="2027-01-01"),
        )
        assert sheets.evidence_of(row, person(Role.READER)) == [met, missed]

    @pytest.mark.parametrize(("days", "label"), [(365, "Fresh"), (10, "Due for renewal"), (-1, "Ran out")])
    def test_freshness(self, days, label):
        item = evidence(included(), expires_on=TODAY + timedelta(days=days))
        assert sheets.freshness_badge(item, TODAY).label == label

    def test_kinds_that_serve_a_clause_with_their_latest_records(self):
        statements()
        found = {one.kind.name: one for one in sheets.serving("6.1.3", person(Role.READER))}
        assert (found["statement"].count, len(found["statement"].latest)) == (38, 3)
        assert {one.kind.name: one.count for one in sheets.serving("6.1.3", person())}["statement"] == 0

    def test_people_and_units_are_named_by_their_register_alone(self):
        found = sheets.serving("5.3", person(Role.READER))
        uncounted = [one for one in found if one.count is None]
        assert {one.kind.name for one in uncounted} == {"person", "unit"}
        assert sheets.clause_gaps(uncounted, person(Role.READER), TODAY) == []

    def test_a_kind_of_a_clause_serves_its_parts_and_its_heading(self):
        served = lambda number: {one.kind.name for one in sheets.serving(number, person())}  # noqa: E731
        assert "evidence" in served("7.5") & served("7.5.3") & served("7")
        assert "statement" not in served("6.1.30") | served("6.2")

    def test_speakers_once_each(self):
        owner = person(Role.READER)
        included("A.2.2", owner=owner)
        included("A.2.3", owner=owner)
        serving = [one for one in sheets.serving("6.1.3", person(Role.READER)) if one.kind.name == "statement"]
        assert sheets.speakers(serving) == [owner]

    def test_overdue_records_are_gaps_of_a_clause(self):
        included(owner=person(Role.READER), status="planned", due_on=TODAY - timedelta(days=1))
        (found,) = [one for one in sheets.serving("6.1.3", person(Role.READER)) if one.kind.name == "statement"]
        assert [gap.sentence for gap in sheets.clause_gaps([found], person(Role.READER), TODAY)] == [
            "1 of the control statements is overdue."
        ]

    def test_a_clause_that_no_record_answers_is_a_gap(self):
        (found,) = [one for one in sheets.serving("6.1.3", person(Role.READER)) if one.kind.name == "statement"]
        assert [gap.sentence for gap in sheets.clause_gaps([found], person(Role.READER), TODAY)] == [
            "No control statements that you may see."
        ]

    def test_crosswalk_names_frameworks_that_have_something(self):
        clause = Clause.objects.get(number="4.3")
        assert [name for name, _places in sheets.crosswalk(clause)] == [
            "NIST AI RMF",
            "ISO/IEC 27001:2022",
            "ISO 9001:2015",
        ]


def test_a_system_makes_no_gap():
    row = included(owner=person(Role.READER), systems=[system()], **WHOLE)
    assert sentences(row, [evidence(row)]) == []
