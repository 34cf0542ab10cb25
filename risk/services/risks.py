"""Registering, changing, closing and reopening risks (clauses 6.1.2 and 8.2)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from aims import services as kernel
from aims.errors import WrongState, invalid
from aims.services import locked, move, require
from aims.trail import recording
from inventory.models import AISystem
from organization.commitments import Objective, Obligation
from organization.models import User
from risk import policies
from risk.models import Risk, RiskObjective, RiskObligation, RiskSystem
from risk.services.common import fresh, require_active, require_open, require_seen, require_text
from risk.states import RISK

TOLD = ("title", "cause", "event", "consequences")


def register_risk(*, by: User, data: Mapping[str, Any], family: Iterable[AISystem] = (), reason: str = "") -> Risk:
    """Put a risk on the register. With a `system` it stands in that system's unit; `family` are further systems.

    `data` may name `objective_rows` (pairs of objective and effect) and `obligations`. Errors: NotPermitted, Hidden for
    what does not show, ValidationError.
    """
    links, values = _links(dict(data))
    capacity = require(policies.can_register_risk(by, values.get("unit"), values.get("system")))
    require_text(**{name: values.get(name) or "" for name in TOLD})
    require_active(owner=values.get("owner"))
    others = list(family)
    with recording(by, "register_risk", capacity=capacity, reason=reason):
        require_seen(by, _linked(values, others, links))
        risk = kernel.create(Risk(**values))
        _name_family(risk, others)
        _name_links(risk, by, **links)
        return fresh(risk)


def _links(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Objectives and obligations apart from the columns; a risk of one system stands in the system's unit."""
    links: dict[str, Any] = {
        name: list(values.pop(name)) for name in ("objective_rows", "obligations") if name in values
    }
    if values.get("system") is not None:
        values["unit"] = values["system"].unit
    return links, values


def _linked(values: Mapping[str, Any], family: Iterable[AISystem], links: Mapping[str, Any]) -> list[Any]:
    named = [values.get(name) for name in ("system", "inherits_from", "component")]
    named += [objective for objective, _effect in links.get("objective_rows", ())]
    return [one for one in [*named, *links.get("obligations", ()), *family] if one is not None]


def _name_links(risk: Risk, by: User, *, objective_rows: Any = None, obligations: Any = None) -> None:
    """Replace the objectives and obligations named, as far as the person sees them."""
    if objective_rows is not None:
        risk.objective_rows.filter(objective__in=Objective.objects.visible_to(by)).delete()
        RiskObjective.objects.bulk_create(
            RiskObjective(risk=risk, objective=objective, effect=effect)
            for objective, effect in {one.pk: (one, effect) for one, effect in objective_rows}.values()
        )
    if obligations is not None:
        wanted, seen = {one.pk for one in obligations}, Obligation.objects.visible_to(by)
        had = set(risk.obligation_rows.filter(obligation__in=seen).values_list("obligation_id", flat=True))
        risk.obligation_rows.filter(obligation_id__in=had - wanted).delete()
        RiskObligation.objects.bulk_create(RiskObligation(risk=risk, obligation_id=pk) for pk in sorted(wanted - had))


def change_risk(
    risk: Risk, *, by: User, data: Mapping[str, Any], version: int | None = None, reason: str = "",
    family: Iterable[AISystem] | None = None,
) -> Risk:  # fmt: skip
    """Change what is said about a risk; its ratings come from assessments alone. `family` replaces the further systems.

    Errors: NotPermitted, Hidden, Stale, WrongState (closed), ValidationError.
    """
    capacity = require(policies.can_change_risk(by, risk))
    links, values = _links(dict(data))
    with recording(by, "change_risk", capacity=capacity, reason=reason):
        current = locked(risk, version)
        require_open(current)
        _check_place(current, values, by)
        require_text(**{name: values[name] for name in TOLD if name in values})
        if "owner" in values and getattr(values["owner"], "pk", None) != current.owner_id:
            require_active(owner=values["owner"])
        require_seen(by, _linked(values, family or (), links))
        _check_inheritance(current, values)
        changed = kernel.change(current, values)
        _same_for_actions(changed, values)
        if family is not None:
            _name_family(changed, list(family))
        _name_links(changed, by, **links)
        return fresh(changed)


def _same_for_actions(risk: Risk, values: Mapping[str, Any]) -> None:
    """Actions are seen by whoever sees their risk, and concern the same system."""
    same = {name: values[name] for name in ("confidentiality", "system") if name in values}
    if same:
        risk.actions.update(**same)


def _check_place(risk: Risk, values: Mapping[str, Any], by: User) -> None:
    """Who moves a risk must be allowed to register one where it goes."""
    if "unit" in values and values["unit"] is None:
        raise invalid(unit=_("Name the unit that keeps it."))
    if "unit" in values and values["unit"].pk != risk.unit_id:
        require(policies.can_register_risk(by, values["unit"]), _("Your roles in that unit do not include this."))


def _check_inheritance(risk: Risk, values: Mapping[str, Any]) -> None:
    """A risk never inherits from itself, over whatever detour. The database refuses it too."""
    above, seen = values.get("inherits_from"), set()
    while above is not None and above.pk not in seen:
        if above.pk == risk.pk:
            raise invalid(inherits_from=_("This would let the risk inherit from itself."))
        seen.add(above.pk)
        above = above.inherits_from


def _name_family(risk: Risk, systems: list[AISystem]) -> None:
    wanted = {system.pk for system in systems} - {risk.system_id}
    had = set(risk.family.values_list("system_id", flat=True))
    risk.family.filter(system_id__in=had - wanted).delete()
    RiskSystem.objects.bulk_create(RiskSystem(risk=risk, system_id=pk) for pk in sorted(wanted - had))


def close_risk(risk: Risk, *, by: User, reason: str, on: date, version: int | None = None) -> Risk:
    """Close a risk whose residual was accepted by who may, with nothing left to do (6.1.3).

    Errors: NotPermitted, Stale, WrongState with what is unmet.
    """
    capacity = require(policies.can_close_risk(by, risk))
    require_text(reason=reason)
    with recording(by, "close_risk", capacity=capacity, reason=reason):
        current = locked(risk, version)
        if current.acceptance is not None and current.acceptance.until < on:
            raise WrongState(_("The acceptance ran out on %(day)s.") % {"day": current.acceptance.until})
        return move(current, RISK, "close", due_on=None)


def reopen_risk(risk: Risk, *, by: User, reason: str, on: date, version: int | None = None) -> Risk:
    """Take a closed risk up again; its acceptance lapses, and it is to be assessed at once."""
    capacity = require(policies.can_reopen_risk(by, risk))
    require_text(reason=reason)
    with recording(by, "reopen_risk", capacity=capacity, reason=reason):
        return move(locked(risk, version), RISK, "reopen", acceptance=None, due_on=on)
