"""Control statements as the services make them. The catalogue itself is in the test database from its start."""

from typing import Any

from aims.trail import recording
from controls import services
from controls.models import AimsScope, ControlStatement, SoaVersion
from inventory.models import AISystem
from organization.models import Unit
from tests.factories import person, root_unit


def scope(unit: Unit | None = None, **data: Any) -> AimsScope:
    """The scope in use of the unit (the whole organization's when none is given), opened when there is none."""
    where = unit or root_unit()
    found = AimsScope.objects.in_use().filter(unit=where).first()
    if found is None:
        found = services.open_scope(where, by=person("aims_manager", where), data=data)
    assert isinstance(found, AimsScope)
    return found


def statements(unit: Unit | None = None) -> dict[str, ControlStatement]:
    """A statement of the unit's scope for every control, by the control's number; all are there afterwards."""
    one = scope(unit)
    services.open_statements(one, by=person("aims_manager", one.unit))
    rows = ControlStatement.objects.of_scope(one).base()
    rows = rows.select_related("control__group", "unit", "owner", "scope__unit")
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


def decide(row: ControlStatement, by: Any, **data: Any) -> ControlStatement:
    """Include the control for a reason of its own, as `by` (or decide as `data` says)."""
    values = {"applicability": "included", "justification": f"{row.control.number}: our prices must stay fair.", **data}
    return services.change_statement(row, by=by, data=values, version=None)


def decide_all(by: Any, *, but: Any = ()) -> None:
    for number, row in statements().items():
        if number not in but:
            decide(row, by)


def draft() -> SoaVersion:
    """The open version of the whole organization's scope."""
    found = SoaVersion.objects.of_scope(scope()).open().get()
    assert isinstance(found, SoaVersion)
    return found


def system(unit: Unit | None = None, **data: Any) -> AISystem:
    """An AI system to which a statement may be limited."""
    where = unit or root_unit()
    values = {"title": "Fraud detection", "purpose": "Find fraud.", "owner": person("system_owner", where), **data}
    with recording(None, "test"):
        return AISystem.objects.create(unit=where, **values)
