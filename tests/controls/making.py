"""What the tests of controls need beside statements: evidence linked to one."""

from typing import Any

from aims.models import Record
from controls.models import ControlStatement
from evidence.models import EvidenceItem
from evidence.services import add_evidence
from organization.states import Role
from tests.factories import person


def evidence(row: ControlStatement, **data: Any) -> EvidenceItem:
    """A link, or with `result` a measurement, that speaks for a statement, added by an AIMS manager of its unit."""
    where = data.setdefault("unit", row.unit)
    values = {"title": "Minutes of the review", "proves": "It was reviewed.", **data}
    manager = person(Role.AIMS_MANAGER, row.unit)
    assert where is not None
    link = (Record.objects.get(pk=row.pk), "")
    result = values.pop("result", None)
    url = "" if result else "https://example.org/minutes"
    return add_evidence(by=manager, data=values, url=url, result=result, links=[link])
