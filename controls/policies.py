"""Who may do what with scopes, controls, statements and versions. Each answers the capacity that allows it, or ""."""

from collections.abc import Callable, Iterable
from typing import Any

from aims.access import access_of
from controls.models import AimsScope, ClauseAnswer, ControlStatement, SoaVersion
from organization.states import Role

_MANAGEMENT = (Role.APPROVER, Role.TOP_MANAGEMENT)
VERBS = {
    "gap.answer": (Role.AIMS_MANAGER,),
    "scope.keep": (Role.AIMS_MANAGER,),
    "control.keep": (Role.AIMS_MANAGER,),
    "framework.review": (Role.AIMS_MANAGER, Role.INTERNAL_AUDITOR),
    "soa.submit": (Role.AIMS_MANAGER,),
    "soa.answer": (Role.AIMS_MANAGER,),
    "soa.return": _MANAGEMENT,
    "soa.approve": _MANAGEMENT,
    "statement.open": (Role.AIMS_MANAGER,),
    "statement.decide": (Role.AIMS_MANAGER,),
    "statement.assign": (Role.AIMS_MANAGER,),
    "statement.describe": (Role.AIMS_MANAGER, Role.SYSTEM_OWNER, Role.CONTRIBUTOR),
}
# Asked for the password or passkey again; no API token may do them.
DECIDING = ("soa.approve",)
OWNER = "owner"  # the capacity of who answers for the statement itself

DECISION = frozenset({"applicability", "justification", "basis", "systems", "records"})
# Only these make a new version; how it is implemented, how far, by whom, and evidence move without one.
VERSIONED = DECISION
ASSIGNMENT = frozenset({"owner", "confidentiality"})
DESCRIPTION = frozenset({"implementation", "procedure", "status", "due_on", "last_reviewed_on", "evidence_days"})


def can_keep_scope(user: Any, unit: Any) -> str:
    """Open, change or end the scope of a unit."""
    return access_of(user).capacity("scope.keep", unit_id=unit.pk)


def can_keep_controls(user: Any) -> str:
    """Add or take back the organization's own controls; they are offered to every scope."""
    return access_of(user).capacity("control.keep")


def can_review_framework(user: Any) -> str:
    """Say that rows of another framework and their counterparts were looked at."""
    return access_of(user).capacity("framework.review")


def can_answer_clause(user: Any, unit: Any) -> str:
    """Say what was found of a clause."""
    return access_of(user).capacity("gap.answer", unit_id=unit.pk)


def can_change_answer(user: Any, answer: ClauseAnswer) -> str:
    """Say what has become of a gap: by role, or as who closes it (not by token)."""
    access = access_of(user)
    own = answer.owner_id == access.person_id is not None and access.scopes is None and access.sees(answer)
    return access.capacity("gap.answer", answer) or (OWNER if own else "")


def can_submit_soa(user: Any, soa: SoaVersion) -> str:
    return access_of(user).capacity("soa.submit", soa)


def can_return_soa(user: Any, soa: SoaVersion) -> str:
    return access_of(user).capacity("soa.return", soa)


def can_approve_soa(user: Any, soa: SoaVersion) -> str:
    return access_of(user).capacity("soa.approve", soa)


def can_answer_proposal(user: Any, soa: SoaVersion) -> str:
    return access_of(user).capacity("soa.answer", soa)


def can_differ(user: Any, scope: AimsScope, unit: Any) -> str:
    """State something of one's own for a unit, or an AI system in it."""
    return access_of(user).capacity("statement.decide", unit_id=unit.pk)


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
