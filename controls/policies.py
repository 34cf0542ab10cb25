"""Who may do what with control statements. Each function answers the capacity that allows it, or ""."""

from collections.abc import Callable, Iterable
from typing import Any

from aims.access import access_of
from controls.models import ControlStatement
from organization.states import Role

VERBS = {
    "statement.open": (Role.AIMS_MANAGER,),
    "statement.decide": (Role.AIMS_MANAGER,),
    "statement.assign": (Role.AIMS_MANAGER,),
    "statement.describe": (Role.AIMS_MANAGER, Role.SYSTEM_OWNER, Role.CONTRIBUTOR),
}
OWNER = "owner"  # the capacity of who answers for the statement itself

DECISION = frozenset({"applicability", "justification", "basis", "systems"})
ASSIGNMENT = frozenset({"owner", "confidentiality"})
DESCRIPTION = frozenset({"implementation", "procedure", "status", "due_on", "last_reviewed_on"})


def can_open_statements(user: Any, unit: Any) -> str:
    return access_of(user).capacity("statement.open", unit_id=unit.pk)


def can_decide_statement(user: Any, statement: ControlStatement) -> str:
    """Include or exclude a control, with justification, basis and the systems it holds for."""
    return access_of(user).capacity("statement.decide", statement)


def can_assign_statement(user: Any, statement: ControlStatement) -> str:
    """Name the owner."""
    return access_of(user).capacity("statement.assign", statement)


def can_describe_statement(user: Any, statement: ControlStatement) -> str:
    """Say how the control is implemented and how far: by role, or as the statement's owner (not by token)."""
    access = access_of(user)
    own = statement.owner_id == access.person_id is not None and access.scopes is None and access.sees(statement)
    return access.capacity("statement.describe", statement) or (OWNER if own else "")


_BY_FIELDS: tuple[tuple[frozenset[str], Callable[[Any, ControlStatement], str]], ...] = (
    (DECISION, can_decide_statement),
    (ASSIGNMENT, can_assign_statement),
    (DESCRIPTION, can_describe_statement),
)


def can_change_statement(user: Any, statement: ControlStatement, fields: Iterable[str] = ()) -> str:
    """Change these fields; with none given: any field at all. Every field must be allowed, else ""."""
    wanted = set(fields)
    if not wanted:
        return next((found for _names, ask in _BY_FIELDS if (found := ask(user, statement))), "")
    capacity = ""
    for names, ask in _BY_FIELDS:
        if wanted & names:
            capacity = ask(user, statement)
            if not capacity:
                return ""
    return capacity


def open_fields(user: Any, statement: ControlStatement) -> frozenset[str]:
    """The fields this person may change now."""
    return frozenset().union(*(names for names, ask in _BY_FIELDS if ask(user, statement)))
