"""Reads of statements with what a person sees behind them."""

from datetime import date

import pytest

from controls.models import ControlStatement
from organization.states import Role
from tests.controls.making import evidence
from tests.factories import person, unit
from tests.factories.controls import included, statement, statements, system

pytestmark = pytest.mark.django_db


def test_decided_included_justified_implemented():
    rows = statements()
    assert ControlStatement.objects.decided().count() == 0
    included("A.2.2", status="implemented")
    included("A.2.3", basis=[])
    statement("A.2.4", applicability="excluded", justification="Not ours.", basis=["role"])
    numbers = lambda found: {row.control.number for row in found}  # noqa: E731
    assert numbers(ControlStatement.objects.decided()) == {"A.2.2", "A.2.3", "A.2.4"}
    assert numbers(ControlStatement.objects.included()) == {"A.2.2", "A.2.3"}
    assert numbers(ControlStatement.objects.justified()) == {"A.2.2", "A.2.4"}
    assert numbers(ControlStatement.objects.implemented()) == {"A.2.2"}
    assert len(rows) == 38


class TestLinks:
    def test_counts_current_evidence_that_the_person_sees(self):
        row, reader = included(), person(Role.READER)
        evidence(row)
        evidence(row, confidentiality="restricted")
        evidence(row, unit=unit())
        gone = evidence(row)
        type(gone).objects.filter(pk=gone.pk).update(state="withdrawn")
        count = lambda who: ControlStatement.objects.with_links(who).get(pk=row.pk).evidence_count  # noqa: E731
        assert count(reader) == 2
        assert count(person(Role.AIMS_MANAGER)) == 3
        assert count(person()) == 0

    def test_names_only_systems_that_the_person_sees(self):
        named, hidden = system(title="Pricing"), system(title="Fraud", confidentiality="restricted")
        row = included(systems=[named, hidden])
        found = ControlStatement.objects.with_links(person(Role.READER)).get(pk=row.pk)
        assert found.systems == [named]
        assert found.limited
        assert not ControlStatement.objects.with_links(person(Role.READER)).exclude(pk=row.pk).first().limited

    def test_one_query_more_whatever_the_rows(self, django_assert_num_queries):
        statements()
        reader = person(Role.READER)
        assert reader.access
        with django_assert_num_queries(2):
            assert len(list(ControlStatement.objects.visible_to(reader).with_links(reader))) == 38


def test_overdue_is_by_date_alone():
    row = included(owner=person(Role.READER), due_on=date(2026, 1, 1), status="planned")
    assert list(ControlStatement.objects.overdue(on=date(2026, 1, 2))) == [row]
