"""Control statements as the services make them. The catalogue itself is in the test database from its start."""

from typing import Any

from aims.trail import recording
from controls import services
from controls.models import ControlStatement
from inventory.models import AISystem
from organization.models import Unit
from tests.factories import person, root_unit


def statements(unit: Unit | None = None) -> dict[str, ControlStatement]:
    """An undecided statement of the unit for every control, by the control's number."""
    where = unit or root_unit()
    services.open_statements(where, by=person("aims_manager", where))
    rows = ControlStatement.objects.filter(unit=where).select_related("control__group", "unit", "owner")
    return {row.control.number: row for row in rows}


def statement(number: str = "A.2.2", *, unit: Unit | None = None, **data: Any) -> ControlStatement:
    """One statement, changed as an AIMS manager would with `data`."""
    row = statements(unit)[number]
    if data:
        manager = person("aims_manager", row.unit)
        row = services.change_statement(row, by=manager, data=data, version=row.version)
    return row


def included(number: str = "A.2.2", *, unit: Unit | None = None, **data: Any) -> ControlStatement:
    """A statement that includes its control."""
    decision = {"applicability": "included", "justification": f"{number} keeps our prices fair.", "basis": ["risk"]}
    return statement(number, unit=unit, **{**decision, **data})


def system(unit: Unit | None = None, **data: Any) -> AISystem:
    """An AI system to which a statement may be limited."""
    where = unit or root_unit()
    values = {"title": "Fraud detection", "purpose": "Find fraud.", "owner": person("system_owner", where), **data}
    with recording(None, "test"):
        return AISystem.objects.create(unit=where, **values)
