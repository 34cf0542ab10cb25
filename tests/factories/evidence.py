"""Makers of evidence and packs, through the services."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from aims import clock
from evidence import services
from evidence.models import EvidenceItem, EvidencePack
from evidence.uploads import examine
from organization.models import Unit, User
from organization.states import Role
from tests.factories import person, root_unit

AT = datetime(2026, 5, 4, 8, 30, tzinfo=UTC)
RESULT = {"metric": "False refusals", "value": 1.4, "unit": "%", "comparator": "<=", "threshold": 2}


def keeper(unit: Unit | None = None) -> User:
    """An AIMS manager of the unit (the root when none is named)."""
    return person(Role.AIMS_MANAGER, unit or root_unit())


def _said(unit: Unit | None, data: dict[str, Any]) -> dict[str, Any]:
    return {"title": "Test protocol", "proves": "It was tested", "unit": unit or root_unit(), **data}


def file_evidence(
    by: User | None = None,
    unit: Unit | None = None,
    *,
    name: str = "report.txt",
    content: bytes = b"tested and found good",
    links: Any = (),
    supersedes: EvidenceItem | None = None,
    **data: Any,
) -> EvidenceItem:
    """Evidence in a file."""
    upload = examine(BytesIO(content), name)
    by = by or keeper(unit)
    return services.add_evidence(by=by, data=_said(unit, data), file=upload, links=links, supersedes=supersedes)


def link_evidence(
    by: User | None = None, unit: Unit | None = None, *, url: str = "https://archive.example.org/1", **data: Any
) -> EvidenceItem:
    """Evidence kept elsewhere."""
    return services.add_evidence(by=by or keeper(unit), data=_said(unit, data), url=url)


def result_evidence(
    by: User | None = None, unit: Unit | None = None, *, result: Any = RESULT, **data: Any
) -> EvidenceItem:
    """A measured result."""
    return services.add_evidence(by=by or keeper(unit), data=_said(unit, data), result=result)


def pack(by: User | None = None, unit: Unit | None = None, *, at: datetime | None = None, **data: Any) -> EvidencePack:
    """A pack that was asked for and waits."""

    values = {"title": "Audit pack", "unit": unit or root_unit(), **data}
    return services.ask_pack(by=by or keeper(unit), at=at or clock.now(), **values)
