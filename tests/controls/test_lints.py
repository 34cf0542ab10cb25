"""A planted faulty Statement of Applicability: the lints find exactly what was planted."""

import re
from datetime import date
from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook

from controls import lints, services
from controls.models import Control, SoaVersion
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


def test_the_page_of_checks_shows_exactly_what_was_planted(client_of):
    manager, rows = person(Role.AIMS_MANAGER), statements()
    for number, row in rows.items():
        said = f"{number}: without it our prices could become unfair."
        values = {"applicability": "included", "justification": said}
        if number == "A.2.3":
            values["justification"] = ""
        if number == "A.4.3":
            values["status"] = "implemented"
        if number != "A.2.2":
            services.change_statement(row, by=manager, data=values, version=None)
        if number not in ("A.2.2", "A.4.3"):
            evidence(row)
    soa = SoaVersion.objects.of_scope(scope()).open().get()
    page = unescape(client_of(manager).get(f"{soa.get_absolute_url()}lints/").content.decode())
    found = re.findall(r'<a href="(/statements/[^"]+)">(A\.[^<]+)</a>', page)
    a, b, c = (rows[number].get_absolute_url() for number in ("A.2.2", "A.2.3", "A.4.3"))
    assert found == [
        (f"{a}change/", "A.2.2 is not decided."),
        (f"{b}change/", "A.2.3 has no justification."),
        (f"{c}evidence/", "A.4.3 counts as implemented without evidence."),
        (f"{c}change/", "A.4.3 is included, but no risk, obligation, objective or evidence is linked."),
    ]
    assert "2 findings block the approval" in page


@pytest.mark.parametrize("danger", ['=HYPERLINK("https://example.org")', "+1+1", "-2+3", "@SUM(A1)"])
def test_no_word_of_a_version_becomes_a_formula(danger, client_of):
    manager, rows = person(Role.AIMS_MANAGER), statements()
    data = {"applicability": "included", "justification": danger}
    services.change_statement(rows["A.2.2"], by=manager, data=data, version=None)
    soa = SoaVersion.objects.of_scope(scope()).open().get()
    file = client_of(manager).get(f"{soa.get_absolute_url()}download/xlsx/").getvalue()
    cells = [cell for row in load_workbook(BytesIO(file)).active.iter_rows() for cell in row]
    assert danger in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "d"}
