"""Obligations and objectives: registering, changing, adopting, ending (clauses 4.2 and 6.2)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from aims.access import access_of
from aims.decisions import decide, our_language
from aims.errors import Hidden, WrongState, invalid
from aims.models import Record
from aims.registry import registry
from aims.services import change, create, locked, move, require
from aims.trail import recording
from organization.commitments import AimedSystem, BoundSystem, Objective, Obligation
from organization.facts import ObligationChanged
from organization.states import OBJECTIVE, ObligationState

ASKING = ("source", "asks", "holds_from")  # what an obligation asks, and from when
PLAN = ("work", "resources", "measure", "evaluation")
R = TypeVar("R", Obligation, Objective)
ENDS = ("reach", "miss", "drop")


def register_obligation(*, by: Any, data: Mapping[str, Any], reach: Iterable[Record] = ()) -> Obligation:
    """Put an obligation on the register; `reach` are the AI systems it is about. Errors: NotPermitted, ValidationError."""
    capacity = require(access_of(by).capacity("obligation.register", unit_id=data["unit"].pk))
    _check_owner(data)
    with recording(by, "register_obligation", capacity=capacity):
        row = create(Obligation(**data))
        _reach(row, BoundSystem, "obligation", reach, by)
        return _fresh(row)


def change_obligation(
    row: Obligation, *, by: Any, data: Mapping[str, Any], reach: Iterable[Record] | None = None,
    version: int | None = None, reason: str = "",
) -> Obligation:  # fmt: skip
    """Change what an obligation in force says. Errors: NotPermitted, Stale, WrongState, ValidationError."""
    capacity = require(access_of(by).capacity("obligation.change", row))
    with recording(by, "change_obligation", capacity=capacity, reason=reason):
        current = locked(row, version)
        if not current.in_force:
            raise WrongState(_("It has ended already."))
        _check_move(by, "obligation.register", current, data)
        otherwise = any(name in data and data[name] != getattr(current, name) for name in ASKING)
        changed = change(current, data)
        if otherwise:
            cause = _("%(ref)s asks something else than before.") % {"ref": changed.ref}
            registry.announce(ObligationChanged(changed, cause, by))
        if reach is not None:
            _reach(changed, BoundSystem, "obligation", reach, by)
        return _fresh(changed)


def end_obligation(row: Obligation, *, by: Any, reason: str, on: date, version: int | None = None) -> Obligation:
    """It binds us no longer. Errors: NotPermitted, Stale, WrongState, ValidationError."""
    capacity = require(access_of(by).capacity("obligation.end", row))
    _said(reason=reason)
    with recording(by, "end_obligation", capacity=capacity, reason=reason):
        current = locked(row, version)
        if not current.in_force:
            raise WrongState(_("It has ended already."))
        ended = change(current, {"state": ObligationState.ENDED, "ended_on": on, "due_on": None})
        registry.announce(ObligationChanged(ended, _("%(ref)s binds us no longer.") % {"ref": ended.ref}, by))
        return ended


def draft_objective(*, by: Any, data: Mapping[str, Any], reach: Iterable[Record] = ()) -> Objective:
    """Draft an objective; it is pursued once top management adopts it. Errors: NotPermitted, ValidationError."""
    capacity = require(access_of(by).capacity("objective.draft", unit_id=data["unit"].pk))
    _check_owner(data)
    with recording(by, "draft_objective", capacity=capacity):
        row = create(Objective(drafted_by=by, **data))
        _reach(row, AimedSystem, "objective", reach, by)
        return _fresh(row)


def change_objective(
    row: Objective, *, by: Any, data: Mapping[str, Any], reach: Iterable[Record] | None = None,
    version: int | None = None, reason: str = "",
) -> Objective:  # fmt: skip
    """Change an objective that is not ended. Errors: NotPermitted, Stale, WrongState, ValidationError."""
    capacity = require(access_of(by).capacity("objective.change", row))
    with recording(by, "change_objective", capacity=capacity, reason=reason):
        current = locked(row, version)
        if not current.open:
            raise WrongState(_("It has ended already."))
        _check_move(by, "objective.draft", current, data)
        changed = change(current, data)
        if reach is not None:
            _reach(changed, AimedSystem, "objective", reach, by)
        return _fresh(changed)


def unplanned(row: Objective) -> dict[str, str]:
    """What the plan of an objective still lacks: field → sentence (6.2)."""
    lacking = {name: _("An objective is pursued with a whole plan.") for name in PLAN if not getattr(row, name).strip()}
    return lacking if row.due_on is not None else {**lacking, "due_on": _("Say by when.")}


def adopt_objective(row: Objective, *, by: Any, reason: str, on: date, version: int | None = None) -> Objective:
    """Top management decides that it is pursued; its plan is whole by then (6.2).

    Errors: NotPermitted, Stale, WrongState, ValidationError with what the plan lacks.
    """
    capacity = require(access_of(by).capacity("objective.adopt", row))
    _said(reason=reason)
    with recording(by, "adopt_objective", capacity=capacity, reason=reason):
        current = locked(row, version)
        lacking = unplanned(current) if current.draft else {}
        if lacking:
            raise WrongState(_("The plan is not whole yet."), unmet=_unmet(current, lacking))
        adopted = move(current, OBJECTIVE, "adopt")
        with our_language():
            question, outcome = _("Pursue this objective?"), _("Adopted")
            decide(
                adopted, by=by, capacity=capacity, sort="objective", question=question, outcome=outcome, reason=reason
            )
        return adopted


def _unmet(row: Objective, lacking: Mapping[str, str]) -> list[dict[str, str]]:
    url = f"{row.get_absolute_url()}change/#field-"
    return [
        {"id": name, "sentence": f"{_label(row, name)}: {text}", "url": url + name} for name, text in lacking.items()
    ]


def _label(row: Objective, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def close_objective(
    row: Objective, *, by: Any, verb: str, result: str, on: date, version: int | None = None
) -> Objective:
    """End an objective: `reach`, `miss` or `drop`, with what came of it. Errors: NotPermitted, Stale, WrongState, ValidationError."""
    capacity = require(access_of(by).capacity("objective.close", row))
    _said(result=result)
    if verb not in ENDS:
        raise invalid(verb=_("Say whether it was reached."))
    with recording(by, "close_objective", capacity=capacity, reason=result):
        return move(locked(row, version), OBJECTIVE, verb, ended_on=on, result=result.strip(), due_on=None)


def _said(**texts: str) -> None:
    empty = {name: _("This must be said.") for name, text in texts.items() if not text.strip()}
    if empty:
        raise invalid(**empty)


def _check_owner(data: Mapping[str, Any]) -> None:
    owner = data.get("owner")
    if owner is None or not owner.is_active:
        raise invalid(owner=_("Name somebody who is here."))


def _check_move(by: Any, verb: str, row: Any, data: Mapping[str, Any]) -> None:
    """Who moves a record to another unit may register one there; a new owner is here."""
    if "unit" in data and data["unit"].pk != row.unit_id:
        require(access_of(by).capacity(verb, unit_id=data["unit"].pk))
    if "owner" in data and getattr(data["owner"], "pk", None) != row.owner_id:
        _check_owner(data)


def _reach(row: Any, part: Any, name: str, records: Iterable[Record], by: Any) -> None:
    """Replace the records that a row is about; what one may not see cannot be named, nor taken away."""
    wanted = {record.pk for record in records}
    seen = Record.objects.visible_to(by)
    had = set(row.reach.filter(record__in=seen).values_list("record_id", flat=True))
    if wanted - set(seen.filter(pk__in=wanted).values_list("pk", flat=True)):
        raise Hidden
    row.reach.filter(record_id__in=had - wanted).delete()
    part.objects.bulk_create(part(**{name: row}, record_id=pk) for pk in sorted(wanted - had))


def _fresh(row: R) -> R:
    row.refresh_from_db(fields=["version", "updated_at"])
    return row
