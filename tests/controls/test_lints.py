"""A planted faulty Statement of Applicability: the lints find exactly what was planted."""

from datetime import date

import pytest

from controls import lints, services
from controls.models import Control
from organization.states import Role
from tests.controls.making import evidence
from tests.factories import person
from tests.factories.controls import scope, statements, system

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def test_a_planted_statement_yields_exactly_the_expected_findings():
    manager, rows = person(Role.AIMS_MANAGER), statements()

    def said(number, **data):
        text = f"{number}: without it our prices could become unfair."
        values = {"applicability": "included", "justification": text, **data}
        return services.change_statement(rows[number], by=manager, data=values, version=None)

    planted = {"A.2.2", "A.2.3", "A.2.4", "A.3.2", "A.3.3", "A.4.2", "A.4.3", "A.4.4"}
    for number in set(rows) - planted:
        evidence(said(number))
    evidence(said("A.2.3", justification=""))
    evidence(said("A.2.4", justification="N/A"))
    for number in ("A.3.2", "A.3.3"):
        evidence(said(number, justification="Our board wants this control in every country."))
    said("A.4.2")
    said("A.4.3", status="implemented")
    said("A.4.4", applicability="excluded", justification="Nobody here trains a model of our own.")
    services.note_need(Control.objects.get(number="A.4.4"), reason="A plan needs it.", record=system(), by=manager)

    found = lints.findings(lints.draft_of(scope(), manager, TODAY, thorough=True))
    assert {(one.number, one.id, one.blocking) for one in found} == {
        ("A.2.2", "undecided", True),
        ("A.2.3", "unjustified", True),
        ("A.4.4", "needed", True),
        ("A.2.4", "boilerplate", False),
        ("A.3.2", "duplicated", False),
        ("A.3.3", "duplicated", False),
        ("A.4.2", "unsupported", False),
        ("A.4.3", "unsupported", False),
        ("A.4.3", "unproven", False),
        ("A.4.4", "unanswered", False),
    }
    assert all(one.url.startswith("/") for one in found)
