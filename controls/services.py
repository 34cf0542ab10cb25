"""Every write to control statements (clause 6.1.3, Annex A). The rules stand here once, for pages, API and demo."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from aims.access import access_of
from aims.errors import Hidden, Refusal, invalid
from aims.services import change, locked, require
from aims.trail import recording
from controls import policies
from controls.models import Control, ControlStatement, StatementSystem
from controls.states import Applicability, StatementState, Status, state_of
from inventory.models import AISystem
from organization.models import Unit, User


def open_statements(unit: Unit, *, by: User, reason: str = "") -> int:
    """Give the unit an undecided statement for every control it has none for; answers how many were opened.

    Clause 6.1.3 f) wants a decision on every control, so none is left out and none has a default. Runs again harmlessly.
    """
    capacity = require(policies.can_open_statements(by, unit))
    with recording(by, "open_statements", capacity=capacity, reason=reason):
        missing = Control.objects.exclude(statements__unit=unit).in_order()
        rows = [_undecided(control, unit) for control in missing]
        before = ControlStatement.objects.filter(unit=unit).count()
        ControlStatement.objects.bulk_create(rows, ignore_conflicts=True)
        return int(ControlStatement.objects.filter(unit=unit).count()) - int(before)


def _undecided(control: Control, unit: Unit) -> ControlStatement:
    return ControlStatement(control=control, unit=unit, title=str(control)[:200], state=StatementState.UNDECIDED)


def change_statement(
    statement: ControlStatement, *, by: User, data: Mapping[str, Any], version: int | None, reason: str = ""
) -> ControlStatement:
    """Change any fields at once, each under its own permission; `systems` is a list of AI systems, empty for all.

    ValidationError by field where a rule of the statement is broken, Stale when another person saved in between.
    """
    return _apply("change_statement", statement, by, data, version, reason)


def decide_statement(
    statement: ControlStatement,
    *,
    by: User,
    applicability: str,
    justification: str,
    basis: Sequence[str] = (),
    version: int | None = None,
    reason: str = "",
) -> ControlStatement:
    """Include or exclude the control, with the reason in words and its basis (clause 6.1.3 f)."""
    data = {"applicability": applicability, "justification": justification, "basis": list(basis)}
    return _apply("decide_statement", statement, by, data, version, reason)


def describe_implementation(
    statement: ControlStatement,
    *,
    by: User,
    implementation: str,
    procedure: str = "",
    version: int | None = None,
    reason: str = "",
) -> ControlStatement:
    """Say how the control is implemented and where its procedure stands."""
    data = {"implementation": implementation, "procedure": procedure}
    return _apply("describe_implementation", statement, by, data, version, reason)


def set_status(
    statement: ControlStatement,
    *,
    by: User,
    status: str,
    due_on: date | None = None,
    version: int | None = None,
    reason: str = "",
) -> ControlStatement:
    """Say how far the control is implemented; what is planned has an owner and a date."""
    return _apply("set_status", statement, by, {"status": status, "due_on": due_on}, version, reason)


def assign_owner(
    statement: ControlStatement, *, by: User, owner: User, version: int | None = None, reason: str = ""
) -> ControlStatement:
    """Name who answers for the control."""
    return _apply("assign_owner", statement, by, {"owner": owner}, version, reason)


@dataclass(frozen=True)
class RowChange:
    """What one row of a bulk change asks for: the statement, the version that was read, the fields to set."""

    statement: ControlStatement
    data: Mapping[str, Any]
    version: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one row: 200, or the refusal's status with sentences by field ("" for the row as a whole)."""

    statement: ControlStatement
    status: int = 200
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)


def bulk_change(rows: Iterable[RowChange], *, by: User, reason: str = "") -> list[Outcome]:
    """Change several statements, each in its own transaction: one refused row does not hold the others back."""
    return [_one_of_many(row, by, reason) for row in rows]


def _one_of_many(row: RowChange, by: User, reason: str) -> Outcome:
    try:
        return Outcome(_apply("bulk_change", row.statement, by, row.data, row.version, reason))
    except ValidationError as error:
        return Outcome(row.statement, 400, error.message_dict)
    except Refusal as refusal:
        current = refusal.extra.get("current", row.statement)
        return Outcome(current, refusal.status, {"": [str(refusal.detail)]})


def _apply(
    service: str, statement: ControlStatement, by: User, data: Mapping[str, Any], version: int | None, reason: str
) -> ControlStatement:
    # A form may have set what was typed on the row already: compare with what is stored.
    stored = ControlStatement.objects.select_related("control", "owner").get(pk=statement.pk)
    differing = _differing(stored, by, data)
    capacity = require(policies.can_change_statement(by, stored, differing))
    with recording(by, service, capacity=capacity, reason=reason):
        current = locked(statement, version)
        values = {name: value for name, value in data.items() if name != "systems"}
        values = _consequences(current, values)
        _check(current, values)
        changed = change(current, values)
        if "systems" in differing:
            _limit_to(changed, data["systems"], by)
        return changed


def _differing(statement: ControlStatement, by: User, data: Mapping[str, Any]) -> set[str]:
    """The fields that would change: only those need a permission."""
    names = {name for name, value in data.items() if name != "systems" and getattr(statement, name) != value}
    if "systems" in data and {system.pk for system in data["systems"]} != {s.pk for s in reach(statement, by)}:
        names.add("systems")
    return names


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
    number = statement.control.number
    decided, excluded = after["applicability"] != Applicability.UNDECIDED, after["applicability"] == Applicability.EXCLUDED
    wrong: dict[str, str] = {}
    if decided and not after["justification"].strip():
        wrong["justification"] = _excuse(excluded) % {"control": number}
    if excluded and after["status"] != Status.NOT_APPLICABLE:
        wrong["status"] = _("%(control)s is excluded and has no status of its own. Include it first.") % {"control": number}
    if not excluded and after["status"] == Status.NOT_APPLICABLE:
        wrong["status"] = _("%(control)s is not excluded. Exclude it, with the reason.") % {"control": number}
    if after["status"] == Status.PLANNED and after["owner"] is None:
        wrong["owner"] = _("%(control)s is planned: name who does it.") % {"control": number}
    if after["status"] == Status.PLANNED and after["due_on"] is None:
        wrong["due_on"] = _("%(control)s is planned: say by when.") % {"control": number}
    if wrong:
        raise invalid(**wrong)
    values["state"] = state_of(after["applicability"], after["status"])


_RULED = ("applicability", "justification", "status", "owner", "due_on")


def _excuse(excluded: bool) -> str:
    if excluded:
        return _("Say why %(control)s is excluded: what makes it unnecessary, or who else answers for it.")
    return _("Say why %(control)s is included: which risk, law, contract or objective calls for it.")


def _limit_to(statement: ControlStatement, systems: Sequence[AISystem], by: User) -> None:
    """Replace the systems that the person sees; others stay as they are."""
    access = access_of(by)
    if not all(access.sees(system) for system in systems):
        raise Hidden
    seen, wanted = {system.pk for system in reach(statement, by)}, {system.pk for system in systems}
    statement.reach.filter(system_id__in=seen - wanted).delete()
    StatementSystem.objects.bulk_create(StatementSystem(statement=statement, system_id=pk) for pk in wanted - seen)
    statement.refresh_from_db(fields=["version", "updated_at"])
