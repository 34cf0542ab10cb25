"""Every write to control statements (clause 6.1.3, Annex A). The rules stand here once, for pages, API and demo."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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

    Clause 6.1.3 f) wants a decision on every control: none is left out, none has a default. Runs again harmlessly.
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


@dataclass(frozen=True)
class RowChange:
    """What one row of a bulk change asks for: the statement, the version that was read, the fields to set."""

    statement: ControlStatement
    data: Mapping[str, Any]
    version: int | None = None


def change_statement(
    statement: ControlStatement, *, by: User, data: Mapping[str, Any], version: int | None, reason: str = ""
) -> ControlStatement:
    """Change any fields at once, each under its own permission; `systems` is a list of AI systems, empty for all.

    ValidationError by field where a rule of the statement is broken, Stale when another person saved in between.
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


def _one_of_many(row: RowChange, by: User, reason: str) -> Outcome:
    try:
        return Outcome(_apply("bulk_change", row, by, reason))
    except ValidationError as error:
        return Outcome(row.statement, 400, error.message_dict)
    except Refusal as refusal:
        current = refusal.extra.get("current", row.statement)
        return Outcome(current, refusal.status, {"": [str(refusal.detail)]})


def _apply(service: str, row: RowChange, by: User, reason: str) -> ControlStatement:
    differing = _differing(row.statement, by, row.data)
    capacity = require(policies.can_change_statement(by, row.statement, differing))
    with recording(by, service, capacity=capacity, reason=reason):
        current = locked(row.statement, row.version)
        values = {name: value for name, value in row.data.items() if name != "systems"}
        values = _consequences(current, values)
        _check(current, values)
        changed: ControlStatement = change(current, values)
        if "systems" in differing:
            _limit_to(changed, row.data["systems"], by)
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
    words = {"control": statement.control.number}
    wrong = {name: sentence % words for name, sentence in (*_undecidable(after), *_unplanned(after))}
    if wrong:
        raise invalid(**wrong)
    values["state"] = state_of(after["applicability"], after["status"])


def _undecidable(after: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    excluded, not_applicable = (
        after["applicability"] == Applicability.EXCLUDED,
        after["status"] == Status.NOT_APPLICABLE,
    )
    if after["applicability"] != Applicability.UNDECIDED and not after["justification"].strip():
        yield "justification", _unjustified(excluded)
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


def _unjustified(excluded: bool) -> str:
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
