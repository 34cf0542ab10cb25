"""Constraints of control statements: each refuses what it is for, in the database itself."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from aims.models import Record
from controls.models import Control, ControlStatement, ScopeSystem, StatementSystem
from inventory.models import AISystem
from tests.factories import person, root_unit, unit
from tests.factories.controls import included, statement, system

pytestmark = pytest.mark.django_db


def refuse(name, row, **values):
    """The database refuses the change, by the constraint of that name."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ControlStatement.objects.filter(pk=row.pk).update(**values)


def test_one_statement_a_control_and_place():
    row, department = statement(), unit()
    same = {"control": row.control, "scope": row.scope, "state": "undecided"}
    with pytest.raises(IntegrityError, match="statement_once"), transaction.atomic():
        ControlStatement.objects.create(unit=row.unit, title="again", **same)
    ControlStatement.objects.create(unit=department, title="a unit below", **same)
    ControlStatement.objects.create(unit=department, system=system(department), title="one of its systems", **same)


def test_a_statement_lies_inside_its_scope():
    row, outside = statement(unit=unit()), system(unit())
    same = {"control": row.control, "scope": row.scope, "state": "undecided"}
    for place in ({"unit": outside.unit}, {"unit": outside.unit, "system": outside}):
        with pytest.raises(IntegrityError, match="inside its scope"), transaction.atomic():
            ControlStatement.objects.create(title="elsewhere", **same, **place)
    ScopeSystem.objects.create(scope=row.scope, system=outside)
    ControlStatement.objects.create(title="listed", unit=outside.unit, system=outside, **same)


def test_the_statement_of_a_system_follows_it_into_another_unit():
    row, here, there = statement(), unit(), unit()
    one = system(here)
    own = ControlStatement.objects.create(
        control=row.control, scope=row.scope, state="undecided", title="own", unit=here, system=one
    )
    AISystem.objects.filter(pk=one.pk).update(unit=there)
    own.refresh_from_db()
    assert own.unit == there
    assert Record.objects.get(pk=own.pk).unit == there


@pytest.mark.parametrize("blank", ["", " ", "\n\t "])
def test_an_exclusion_has_a_justification(blank):
    decision = {"applicability": "excluded", "status": "not_applicable", "state": "excluded"}
    refuse("statement_excluded_is_justified", statement(), justification=blank, **decision)


def test_excluded_and_not_applicable_go_together():
    row = included()
    refuse("statement_excluded_not_applicable", row, status="not_applicable")
    refuse("statement_excluded_not_applicable", row, applicability="excluded", state="excluded")


@pytest.mark.parametrize("missing", ["owner", "due_on"])
def test_what_is_planned_has_an_owner_and_a_date(missing):
    row = included()
    values = {"owner": person("reader"), "due_on": date(2026, 6, 1), missing: None}
    refuse("statement_planned_has_owner_and_date", row, status="planned", state="planned", **values)


def test_basis_is_known():
    refuse("statement_basis_known", included(), basis=["risk", "mood"])


def test_state_follows_applicability_and_status():
    refuse("statement_state_follows", included(), state="implemented")


def test_a_system_is_named_once():
    row, one = included(), system()
    StatementSystem.objects.create(statement=row, system=one)
    with pytest.raises(IntegrityError, match="statement_system_once"), transaction.atomic():
        StatementSystem.objects.create(statement=row, system=one)


def test_clause_and_control_numbers_are_unique():
    control = Control.objects.get(number="A.2.2")
    control.pk = None
    with pytest.raises(IntegrityError, match="control_number"), transaction.atomic():
        control.save(force_insert=True)


def test_the_spine_repeats_the_statement():
    row = included("A.7.5", status="partial")
    record = Record.objects.get(pk=row.pk)
    assert (record.kind, record.ref, record.title, record.state) == (
        "statement",
        row.ref,
        "A.7.5 Data provenance",
        "partial",
    )
    assert record.get_absolute_url() == row.get_absolute_url() == f"/statements/{row.ref}/"


def test_a_named_system_raises_the_version():
    row = included()
    StatementSystem.objects.create(statement=row, system=system())
    assert ControlStatement.objects.get(pk=row.pk).version == row.version + 1


class TestSmallAnswers:
    def test_decided_and_excluded(self):
        assert not ControlStatement(applicability="undecided").decided
        assert ControlStatement(applicability="included").decided
        assert not ControlStatement(applicability="included").excluded
        assert ControlStatement(applicability="excluded").excluded

    def test_basis_in_words(self):
        assert ControlStatement(basis=["law", "practice"]).basis_words == ["Law or regulation", "Good practice"]

    @pytest.mark.parametrize(
        ("due_on", "status", "late"),
        [
            (None, "planned", False),
            (date(2026, 3, 31), "planned", True),
            (date(2026, 4, 1), "planned", False),
            (date(2026, 3, 31), "implemented", False),
            (date(2026, 3, 31), "not_applicable", False),
            (date(2026, 3, 31), "partial", True),
        ],
    )
    def test_late(self, due_on, status, late):
        assert ControlStatement(due_on=due_on, status=status).late(date(2026, 4, 1)) is late


def test_created_with_the_database_clock():
    row = statement()
    assert abs((timezone.now() - row.created_at).total_seconds()) < 60
    assert row.unit == root_unit()
