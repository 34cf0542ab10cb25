"""Export → import → export: each kind's sheet comes back cell by cell, and importing it changes nothing."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from aims.models import ImportLine
from aims.states import LineState
from tests.factories import person
from tests.factories.documents import document
from tests.factories.evidence import file_evidence
from tests.factories.inventory import component, supplier, system

pytestmark = pytest.mark.django_db
ODD = "=1+1; “Ä”,\n'quoted' \t –"


@pytest.fixture
def register(shop, officer):
    """Something of every kind, with what spreadsheets like to spoil."""
    ada = person("system_owner", shop, name="Ada Analyst", email="ada@example.org", manager=officer)
    supplied = supplier(unit=shop, title="Vendor 0815", country="DE", contract=ODD)
    churn = system(
        unit=shop, owner=ada, title="2026-03-31", purpose=ODD, regions=["DE", "FR"], languages=["de"],
        criticality="high", criticality_reason="People.", affected_groups=["Buyers", "Sellers"],
        third_party=True, vendor_product="Nr. 007", supplier=supplied,
    )  # fmt: skip
    system(unit=shop, owner=ada, title="Plain", third_party=False)
    component(churn, title="Orders", component_kind="data_set", personal_data=True, personal_data_note="Names.")
    component(churn, title="Model", component_kind="model", release="1.0")
    file_evidence(officer, title="0012", links=[(churn, "")])
    document(officer, shop, title="+1", source=ODD.strip(), audience="everybody")
    return {"person": 2, "system": 2, "component": 2, "supplier": 1, "evidence": 1, "document": 1}


def cells(data):
    return [[cell.value for cell in row] for row in load_workbook(BytesIO(data)).active.iter_rows()]


@pytest.mark.parametrize("kind", ["person", "system", "component", "supplier", "evidence", "document"])
def test_sheet_comes_back(register, client_of, officer, handed_in, confirmed, kind):
    browser = client_of(officer)
    before = browser.get(f"/imports/sheet/{kind}/").content
    assert len(cells(before)) >= 1 + register[kind]
    read = handed_in(BytesIO(before), target=kind)
    first = {} if kind == "person" else {"0": "ref"}
    run = confirmed(read, columns=first)
    assert set(run.counts) == {LineState.SAME}, list(ImportLine.objects.values_list("cells", "errors", "before"))
    assert cells(browser.get(f"/imports/sheet/{kind}/").content) == cells(before)
