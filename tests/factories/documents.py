"""Makers of controlled documents, through the services."""

from typing import Any

from aims import clock
from evidence import services
from evidence.models import Document, DocumentVersion
from evidence.states import PolicyElement
from organization.models import Unit, User
from organization.states import Role
from tests.factories import person, root_unit

TEXT = "# Purpose\n\nWe use AI where it helps patients.\n\n# Rules\n\n- Ask first.\n"
POLICY = (
    "# AI policy\n\nIt serves our purpose.\n\nObjectives are derived from it.\n\n"
    "We meet the requirements that apply.\n\nWe improve continually.\n"
)
SAID = {
    "purpose": "serves our purpose",
    "objectives": "Objectives are derived from it",
    "requirements": "meet the requirements",
    "improvement": "We improve continually",
}


def manager(where: Unit | None = None) -> User:
    return person(Role.AIMS_MANAGER, where or root_unit())


def top(where: Unit | None = None) -> User:
    return person(Role.TOP_MANAGEMENT, where or root_unit())


def document(by: User | None = None, where: Unit | None = None, *, words: Any = None, **data: Any) -> Document:
    """A procedure with the draft of its first version; with `sort` "ai_policy" a policy that says everything."""
    where = where or root_unit()
    values = {"title": "How we ask", "sort": "procedure", "unit": where, **data}
    if words is None:
        words = {"text": POLICY, **SAID} if values["sort"] == "ai_policy" else {"text": TEXT}
    return services.draft_document(by=by or manager(where), data=values, words=words)


def latest(made: Document) -> DocumentVersion:
    found = made.versions.select_related("document").order_by("-number").first()
    assert found is not None
    return found


def approved(made: Document, by: User | None = None) -> DocumentVersion:
    """The latest version, submitted by its author and approved by top management."""
    draft = latest(made)
    services.submit_version(draft, by=draft.author)
    return services.approve_version(latest(made), by=by or top(made.unit), reason="Fit for purpose", at=clock.now())


def in_force(made: Document | None = None, **data: Any) -> Document:
    """A document with a version in force; of `made` its latest."""
    made = made or document(**data)
    approved(made)
    services.put_in_force(latest(made), by=top(made.unit), at=clock.now(), on=clock.today())
    return Document.objects.get(pk=made.pk)


def next_version(made: Document, **words: Any) -> DocumentVersion:
    """The draft of the next version."""
    values = {"text": f"{latest(made).text}\nMore.\n", "changes": "One rule more"}
    if made.is_policy:
        values |= {name: getattr(latest(made), name) for name in PolicyElement.values}
    return services.draft_version(made, by=manager(made.unit), words={**values, **words})
