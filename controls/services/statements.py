"""Every write to control statements (clause 6.1.3, Annex A). The rules stand here once, for pages, API and demo."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from aims.access import access_of
from aims.errors import Hidden, Refusal, WrongState, invalid
from aims.models import Record
from aims.services import change, locked, require, unmet_checks
from aims.trail import recording
from controls import policies
from controls.models import AimsScope, Control, ControlStatement, StatementBasis, StatementSystem
from controls.services.opening import draft_for
from controls.states import Applicability, StatementState, Status, state_of
from inventory.models import AISystem
from organization.models import User


def open_statements(scope: AimsScope, *, by: User, reason: str = "") -> int:
    """Give the scope an undecided statement for every control it has none for; answers how many were opened.

    Clause 6.1.3 f) wants a decision on every control: none is left out, none has a default. Runs again harmlessly.
    """
    capacity = require(policies.can_open_statements(by, scope.unit))
    with recording(by, "open_statements", capacity=capacity, reason=reason):
        stated = ControlStatement.objects.of_scope(scope).base()
        rows = [
            undecided(scope, control) for control in Control.objects.in_order().exclude(pk__in=stated.values("control"))
        ]
        before = stated.count()
        ControlStatement.objects.bulk_create(rows, ignore_conflicts=True)
        return int(stated.count()) - int(before)


def undecided(scope: AimsScope, control: Control) -> ControlStatement:
    """A statement of the scope that nobody decided yet, not saved."""
    return ControlStatement(
        scope=scope, control=control, unit_id=scope.unit_id, title=str(control)[:200], state=StatementState.UNDECIDED
    )


@dataclass(frozen=True)
class RowChange:
    """What one row of a bulk change asks for: the statement, the version that was read, the fields to set."""

    statement: ControlStatement
    data: Mapping[str, Any]
    version: int | None = None


def change_statement(
    statement: ControlStatement, *, by: User, data: Mapping[str, Any], version: int | None, reason: str = ""
) -> ControlStatement:
    """Change any fields at once, each under its own permission.

    `systems`: the AI systems it is limited to, empty for all. `records`: the risks, obligations and objectives that
    call for it. A decision goes into the scope's open draft, which opens by itself. ValidationError by field where a
    rule of the statement is broken, Stale when another person saved in between, WrongState while the draft is in
    review or where a registered check says that something needs the control (6.1.3 b to d).
    """
    return _apply("change_statement", RowChange(statement, data, version), by, reason)


def decide_statement(
    statement: ControlStatement, *, by: User, data: Mapping[str, Any], version: int | None, reason: str = ""
) -> ControlStatement:
    """Include or exclude the control, with the reason in words, its basis and the systems it holds for (6.1.3 f)."""
    return _apply("decide_statement", RowChange(statement, _only(policies.DECISION, data), version), by, reason)


def describe_implementation(
    statement: ControlStatement, *, by: User, data: Mapping[str, Any], version: int | None, reason: str = ""
) -> ControlStatement:
    """Say how the control is implemented, where its procedure stands, when it was looked at last."""
    fields = policies.DESCRIPTION - {"status", "due_on"}
    return _apply("describe_implementation", RowChange(statement, _only(fields, data), version), by, reason)


def set_status(
    statement: ControlStatement, *, by: User, data: Mapping[str, Any], version: int | None, reason: str = ""
) -> ControlStatement:
    """Say how far the control is implemented; what is planned has an owner and a date."""
    return _apply("set_status", RowChange(statement, _only({"status", "due_on"}, data), version), by, reason)


def assign_owner(
    statement: ControlStatement, *, by: User, owner: User | None, version: int | None, reason: str = ""
) -> ControlStatement:
    """Name who answers for the control."""
    return _apply("assign_owner", RowChange(statement, {"owner": owner}, version), by, reason)


def _only(fields: Iterable[str], data: Mapping[str, Any]) -> Mapping[str, Any]:
    strange = set(data) - set(fields)
    assert not strange, f"not this verb's fields: {sorted(strange)}"
    return data


@dataclass(frozen=True)
class Outcome:
    """What became of one row: 200, or the refusal's status with sentences by field ("" for the row as a whole)."""

    statement: ControlStatement
    status: int = 200
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)


def bulk_change(rows: Iterable[RowChange], *, by: User, reason: str = "") -> list[Outcome]:
    """Change several statements, each in its own transaction: one refused row does not hold the others back."""
    return [_one_of_many(row, by, reason) for row in rows]


def copy_statements(scope: AimsScope, source: AimsScope, *, by: User, reason: str) -> list[Outcome]:
    """Take over what another scope decided for every control that is undecided here; answers what became of each.

    Copied are the decision with its justification and basis, the implementation and the procedure, as a beginning to
    be looked at. Status, owner, dates and evidence are each scope's own. Errors: NotPermitted, Hidden, ValidationError.
    """
    require(policies.can_differ(by, scope, scope.unit))
    if not reason.strip():
        raise invalid(reason=_("This must be said."))
    if not access_of(by).sees(source):
        raise Hidden
    seen = ControlStatement.objects.visible_to(by).base()
    given = {row.control_id: row for row in seen.of_scope(source).decided()}
    empty = seen.of_scope(scope).filter(applicability=Applicability.UNDECIDED, control__in=given)
    rows = empty.select_related("control", "scope", "unit", "owner").in_order()
    return [_one_of_many(RowChange(row, _copied(given[row.control_id])), by, reason, "copy_statements") for row in rows]


def _copied(row: ControlStatement) -> Mapping[str, Any]:
    return {
        name: getattr(row, name) for name in ("applicability", "justification", "basis", "implementation", "procedure")
    }


def _one_of_many(row: RowChange, by: User, reason: str, service: str = "bulk_change") -> Outcome:
    try:
        return Outcome(_apply(service, row, by, reason))
    except ValidationError as error:
        return Outcome(row.statement, 400, error.message_dict)
    except Refusal as refusal:
        current = refusal.extra.get("current", row.statement)
        unmet = [str(one["sentence"]) for one in refusal.extra.get("unmet", ())]
        return Outcome(current, refusal.status, {"": [str(refusal.detail), *unmet]})


def _apply(service: str, row: RowChange, by: User, reason: str) -> ControlStatement:
    differing = _differing(row.statement, by, row.data)
    capacity = require(policies.can_change_statement(by, row.statement, differing))
    with recording(by, service, capacity=capacity, reason=reason):
        if differing & policies.VERSIONED:
            draft_for(row.statement.scope, by=by, why=reason)
        current = locked(row.statement, row.version)
        values = _consequences(current, {name: value for name, value in row.data.items() if name not in LISTS})
        _check(current, values)
        changed: ControlStatement = change(current, values)
        for name in LISTS & differing:
            _SET[name](changed, row.data[name], by)
        return changed


def _differing(statement: ControlStatement, by: User, data: Mapping[str, Any]) -> set[str]:
    """The fields that would change: only those need a permission."""
    names = {name for name, value in data.items() if name not in LISTS and getattr(statement, name) != value}
    seen: Mapping[str, Callable[[ControlStatement, User], Sequence[Any]]] = {"systems": reach, "records": basis_records}
    for name in LISTS & set(data):
        if {row.pk for row in data[name]} != {row.pk for row in seen[name](statement, by)}:
            names.add(name)
    return names


def basis_records(statement: ControlStatement, by: User) -> list[Record]:
    """What calls for the control, as far as the person sees it."""
    return list(Record.objects.visible_to(by).filter(called_for__statement=statement).order_by("ref"))


def reach(statement: ControlStatement, by: User) -> list[AISystem]:
    """The AI systems the statement is limited to, as far as the person sees them."""
    return list(AISystem.objects.visible_to(by).filter(statements__statement=statement).order_by("title"))


def _consequences(statement: ControlStatement, data: Mapping[str, Any]) -> dict[str, Any]:
    """What a decision implies: an excluded control has no status of its own, one that is taken up again starts anew."""
    values = dict(data)
    status, now_excluded = values.get("status", statement.status), _becomes(statement, values) == Applicability.EXCLUDED
    if now_excluded and status == statement.status:
        values["status"] = Status.NOT_APPLICABLE
    elif not now_excluded and status == statement.status == Status.NOT_APPLICABLE:
        values["status"] = Status.NOT_STARTED
    return values


def _becomes(statement: ControlStatement, values: Mapping[str, Any]) -> str:
    return str(values.get("applicability", statement.applicability))


def _check(statement: ControlStatement, values: dict[str, Any]) -> None:
    """Refuse by field, naming the control; then set the state that follows."""
    after = {name: values.get(name, getattr(statement, name)) for name in _RULED}
    words = {"control": statement.control.number}
    wrong = {name: sentence % words for name, sentence in (*_undecidable(after), *_unplanned(after))}
    if wrong:
        raise invalid(**wrong)
    if after["applicability"] == Applicability.EXCLUDED and not statement.excluded:
        require_unneeded(statement)
    values["state"] = state_of(after["applicability"], after["status"])


def _undecidable(after: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    excluded, not_applicable = (
        after["applicability"] == Applicability.EXCLUDED,
        after["status"] == Status.NOT_APPLICABLE,
    )
    if excluded and not after["justification"].strip():
        yield (
            "justification",
            _("Say why %(control)s is excluded: what makes it unnecessary, or who else answers for it."),
        )
    if excluded and not not_applicable:
        yield "status", _("%(control)s is excluded and has no status of its own. Include it first.")
    if not_applicable and not excluded:
        yield "status", _("%(control)s is not excluded. Exclude it, with the reason.")


def _unplanned(after: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if after["status"] == Status.PLANNED and after["owner"] is None:
        yield "owner", _("%(control)s is planned: name who does it.")
    if after["status"] == Status.PLANNED and after["due_on"] is None:
        yield "due_on", _("%(control)s is planned: say by when.")


_RULED = ("applicability", "justification", "status", "owner", "due_on")


def require_unneeded(statement: ControlStatement) -> None:
    """WrongState where a treatment or anything else registered needs the control; each says what and where."""
    unmet = unmet_checks(statement, "statement", "exclude")
    if unmet:
        detail = _("%(control)s is needed and cannot be excluded.") % {"control": statement.control.number}
        raise WrongState(detail, unmet=unmet)


def _limit_to(statement: ControlStatement, systems: Sequence[AISystem], by: User) -> None:
    """Replace the systems that the person sees; others stay as they are."""
    access = access_of(by)
    if not all(access.sees(system) for system in systems):
        raise Hidden
    seen, wanted = {system.pk for system in reach(statement, by)}, {system.pk for system in systems}
    statement.reach.filter(system_id__in=seen - wanted).delete()
    StatementSystem.objects.bulk_create(StatementSystem(statement=statement, system_id=pk) for pk in wanted - seen)
    statement.refresh_from_db(fields=["version", "updated_at"])


def _call_for(statement: ControlStatement, records: Sequence[Record], by: User) -> None:
    """Replace the links that the person sees; others stay as they are."""
    access = access_of(by)
    if not all(access.sees(record) for record in records):
        raise Hidden
    seen, wanted = {row.pk for row in basis_records(statement, by)}, {record.pk for record in records}
    statement.basis_rows.filter(record_id__in=seen - wanted).delete()
    StatementBasis.objects.bulk_create(StatementBasis(statement=statement, record_id=pk) for pk in wanted - seen)
    statement.refresh_from_db(fields=["version", "updated_at"])


_SET: Mapping[str, Callable[[ControlStatement, Any, User], None]] = {"systems": _limit_to, "records": _call_for}
LISTS = frozenset(_SET)
