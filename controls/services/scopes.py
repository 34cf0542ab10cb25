"""Scopes of the management system, and what units and AI systems state for themselves inside one (clause 4.3)."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from aims.access import access_of
from aims.errors import Hidden, WrongState, invalid
from aims.services import change, create, locked, require
from aims.trail import recording
from controls import policies
from controls.models import AimsScope, ControlStatement, ScopeSystem, StatementBasis
from controls.services.opening import draft_for, open_version
from controls.services.statements import open_statements
from controls.states import ScopeState
from inventory.models import AISystem
from organization.models import Unit, User

M = TypeVar("M", AimsScope, ControlStatement)
COPIED = ("title", "applicability", "justification", "basis", "implementation", "procedure", "status", "owner", "due_on",
          "state")  # fmt: skip


def scope_of(unit: Unit, system: AISystem | None = None) -> AimsScope | None:
    """The scope in use that covers a unit or its system: the one that lists the system, else the closest above."""
    return AimsScope.objects.covering(unit.path, system).first()


def open_scope(
    unit: Unit, *, by: User, data: Mapping[str, Any] | None = None, systems: Sequence[AISystem] = (), reason: str = ""
) -> AimsScope:
    """Begin a scope: the unit with all below it and the listed systems, an undecided statement for every control.

    One certificate has one scope and one Statement. Errors: NotPermitted, Hidden, ValidationError.
    """
    capacity = require(policies.can_keep_scope(by, unit))
    values = {"title": _("AI management system of %(unit)s") % {"unit": unit}, "owner": by, **(data or {})}
    with recording(by, "open_scope", capacity=capacity, reason=reason):
        scope: AimsScope = create(AimsScope(unit=unit, **values))
        _list(scope, systems, by)
        open_statements(scope, by=by, reason=reason)
        open_version(scope, by=by)
        return _fresh(scope)


def open_organization(*, by: User) -> int:
    """Open the scope of the whole organization, or what its statements lack; answers how many statements were opened."""
    root = Unit.objects.get(parent=None)
    scope = AimsScope.objects.in_use().filter(unit=root).first()
    if scope is not None:
        return open_statements(scope, by=by)
    return int(open_scope(root, by=by).statements.count())


def change_scope(
    scope: AimsScope,
    *,
    by: User,
    data: Mapping[str, Any],
    version: int | None,
    systems: Sequence[AISystem] | None = None,
    reason: str = "",
) -> AimsScope:
    """Change what a scope says and which systems it lists; the change opens the next version.

    Errors: NotPermitted, Hidden, Stale, WrongState (ended, or its version in review), ValidationError.
    """
    capacity = require(policies.can_keep_scope(by, scope.unit))
    with recording(by, "change_scope", capacity=capacity, reason=reason):
        current = _in_use(locked(scope, version))
        draft_for(current, by=by, why=reason or _("The scope changed"))
        changed: AimsScope = change(current, data)
        if systems is not None:
            _list(changed, systems, by)
        return _fresh(changed)


def end_scope(scope: AimsScope, *, by: User, reason: str, version: int | None) -> AimsScope:
    """End a scope: its statements hold nowhere any more and stay readable. Errors: NotPermitted, Stale, WrongState."""
    capacity = require(policies.can_keep_scope(by, scope.unit))
    if not reason.strip():
        raise invalid(reason=_("This must be said."))
    with recording(by, "end_scope", capacity=capacity, reason=reason):
        return change(_in_use(locked(scope, version)), {"state": ScopeState.ENDED, "due_on": None})


def differ(
    statement: ControlStatement, *, by: User, unit: Unit | None = None, system: AISystem | None = None, reason: str = ""
) -> ControlStatement:
    """Give a unit or an AI system its own statement about a control, a copy of the scope's to begin with.

    It goes into the scope's draft. Errors: NotPermitted, Hidden, WrongState, ValidationError where it has one already.
    """
    where = system.unit if system is not None else unit
    assert where is not None, "name a unit or a system"
    capacity = require(policies.can_differ(by, statement.scope, where))
    _require_seen(by, [system] if system is not None else [])
    with recording(by, "differ", capacity=capacity, reason=reason):
        draft_for(_in_use(statement.scope), by=by, why=reason)
        same = {name: getattr(statement, name) for name in COPIED}
        more = {"confidentiality": system.confidentiality} if system is not None else {}
        row = ControlStatement(
            scope=statement.scope, control=statement.control, unit=where, system=system, **same, **more
        )
        if not _covered(statement.scope, where, system):
            raise invalid(unit=_("This lies outside the scope."))
        made = create(row)
        StatementBasis.objects.bulk_create(
            StatementBasis(statement=made, record_id=one.record_id, note=one.note) for one in statement.basis_rows.all()
        )
        return _fresh(made)


def stop_differing(statement: ControlStatement, *, by: User, reason: str, version: int | None) -> None:
    """Take a unit's or a system's own statement away: that of the next wider place holds again.

    Errors: NotPermitted, Stale, WrongState for a scope's own statement.
    """
    capacity = require(policies.can_decide_statement(by, statement))
    if not statement.differs:
        raise WrongState(_("This is the scope's own statement; exclude the control instead, with the reason."))
    with recording(by, "stop_differing", capacity=capacity, reason=reason):
        draft_for(statement.scope, by=by, why=reason)
        locked(statement, version).delete()


def _covered(scope: AimsScope, unit: Unit, system: AISystem | None) -> bool:
    listed = system is not None and scope.listed.filter(system=system).exists()
    return scope.unit_id in unit.path or listed


def _in_use(scope: AimsScope) -> AimsScope:
    if not scope.in_use:
        raise WrongState(_("This scope has ended."))
    return scope


def _require_seen(by: User, systems: Sequence[AISystem]) -> None:
    access = access_of(by)
    if not all(access.sees(system) for system in systems):
        raise Hidden


def _list(scope: AimsScope, systems: Sequence[AISystem], by: User) -> None:
    """Replace the listed systems that the person sees; others stay as they are."""
    _require_seen(by, systems)
    seen = set(AISystem.objects.visible_to(by).filter(scopes__scope=scope).values_list("pk", flat=True))
    wanted = {system.pk for system in systems}
    scope.listed.filter(system_id__in=seen - wanted).delete()
    ScopeSystem.objects.bulk_create(ScopeSystem(scope=scope, system_id=pk) for pk in wanted - seen)


def _fresh(row: M) -> M:
    """The row with the version that its parts raised."""
    row.refresh_from_db(fields=["version", "updated_at"])
    return row
