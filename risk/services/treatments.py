"""Treatment plans: proposing, deciding, carrying out, verifying (clauses 6.1.3 and 8.3)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from aims.decisions import decide, our_language
from aims.errors import WrongState, invalid
from aims.services import change, create, locked, move, require
from aims.trail import recording
from controls.models import Control
from controls.services import note_need
from organization.duties import Override
from organization.models import User
from organization.services.duties import separated
from risk import policies
from risk.models import EffectivenessVerdict, PlanApproval, Risk, Treatment, TreatmentAction, TreatmentControl
from risk.rules import PLAN_APPROVER, VERIFIER
from risk.services.assessments import RATINGS
from risk.services.common import check_steps, criteria_in_force, fresh, lapse, require_open, require_text, stands
from risk.states import RISK, ActionState, Option, PlanState, RiskState, Verdict

OPEN_PLANS = (PlanState.PROPOSED, PlanState.APPROVED, PlanState.VERIFIED)


def propose_treatment(
    risk: Risk,
    *,
    by: User,
    data: Mapping[str, Any],
    controls: Iterable[Control] = (),
    actions: Iterable[Mapping[str, Any]] = (),
    version: int | None = None,
) -> Treatment:
    """Propose a plan: option, rationale, own_controls, and the ratings it is expected to leave. Replaces an open plan.

    `actions` are mappings with title, owner, due_on (and resources); open ones of the plan before move to this one.
    Errors: NotPermitted, Stale, WrongState (not assessed, closed), ValidationError.
    """
    capacity = require(policies.can_treat_risk(by, risk))
    require_text(rationale=data.get("rationale") or "")
    with recording(by, "propose_treatment", capacity=capacity, reason=data.get("rationale", "")):
        current = locked(risk, version)
        require_open(current)
        plan = _new_plan(current, by, data, controls)
        for action in actions:
            _add_action(current, plan, action)
        move(current, RISK, "propose_plan", treatment=plan, acceptance=None)
        return plan


def _new_plan(risk: Risk, by: User, data: Mapping[str, Any], controls: Iterable[Control]) -> Treatment:
    if not risk.rated:
        raise WrongState(_("Assess the risk first; a plan answers an assessment."))
    if data.get("option") == Option.TAKE and risk.nature != "opportunity":
        raise invalid(option=_("Only an opportunity is taken or increased."))
    criteria, before = criteria_in_force(), risk.treatment
    check_steps(criteria, {name: data.get(name) for name in RATINGS})
    if before is not None and before.state in OPEN_PLANS:
        change(before, {"state": PlanState.SUPERSEDED})
    number = before.number + 1 if before is not None else 1
    plan = Treatment(risk=risk, number=number, proposed_by=by, **data)
    create(plan.by(criteria))
    rows = {control.pk: control for control in controls}
    TreatmentControl.objects.bulk_create(
        TreatmentControl(risk=risk, treatment=plan, control=control) for control in rows.values()
    )
    risk.actions.open().update(treatment=plan)
    return plan


def _add_action(risk: Risk, plan: Treatment, data: Mapping[str, Any]) -> TreatmentAction:
    if data.get("owner") is None or data.get("due_on") is None:
        raise invalid(actions=_("Each action has somebody who does it, and a date."))
    same = {"unit": risk.unit, "system": risk.system, "confidentiality": risk.confidentiality}
    return create(TreatmentAction(risk=risk, treatment=plan, **same, **data))


def decide_plan(
    risk: Risk,
    *,
    by: User,
    approved: bool,
    reason: str,
    on: date,
    conditions: str = "",
    version: int | None = None,
    override: Override | None = None,
) -> PlanApproval:
    """Designated management approves the proposed plan, or returns it (6.1.3). Never who proposed it.

    The controls that an approved plan names go as needs into the Statement of Applicability. Errors: NotPermitted,
    Stale, WrongState (decided already, nothing proposed), ValidationError.
    """
    capacity = require(policies.can_approve_plan(by, risk))
    require_text(reason=reason)
    with recording(by, "decide_plan", capacity=capacity, reason=reason):
        current = locked(risk, version)
        plan = current.treatment
        if plan is None or plan.state != PlanState.PROPOSED:
            raise WrongState(_("There is no plan to decide on, or somebody decided already."))
        own = approved and plan.proposed_by_id == by.pk
        kept = separated(
            PLAN_APPROVER, tier=plan.criteria.tier(current.level), broken=own, by=by, capacity=capacity,
            record=current, override=override, on=on,
        )  # fmt: skip
        made = create(
            PlanApproval(
                risk=current, treatment=plan, approved=approved, author=plan.proposed_by, decided_by=by,
                capacity=capacity, reason=reason, conditions=conditions, kept_apart=kept,
            )
        )  # fmt: skip
        with our_language():
            outcome = _("Approved") if approved else _("Returned")
            question = _("Approve treatment plan %(number)d?") % {"number": plan.number}
            decide(
                current, by=by, capacity=capacity, sort="risk_plan", question=question, outcome=outcome, reason=reason,
                conditions=conditions, refused=not approved,
            )  # fmt: skip
        change(plan, {"state": PlanState.APPROVED if approved else PlanState.RETURNED})
        move(current, RISK, "approve_plan" if approved else "return_plan")
        if approved:
            _note_needs(current, plan, by)
        fresh(risk)
        return made


def _note_needs(risk: Risk, plan: Treatment, by: User) -> None:
    """Where a scope covers the risk, its Statement of Applicability rests on the plan (6.1.3 b to d)."""
    reason = _("Treatment plan %(number)d of %(ref)s names it as necessary.") % {"number": plan.number, "ref": risk.ref}
    for control in plan.controls.order_by("position"):
        note_need(control, reason=reason, record=risk, by=by, system=risk.system)


def add_action(risk: Risk, *, by: User, data: Mapping[str, Any], version: int | None = None) -> TreatmentAction:
    """Add a step to the plan: what, who, by when."""
    capacity = require(policies.can_treat_risk(by, risk))
    with recording(by, "add_action", capacity=capacity):
        current = locked(risk, version)
        plan = current.treatment
        if plan is None or plan.state not in OPEN_PLANS:
            raise WrongState(_("Propose a plan first; actions belong to one."))
        return _add_action(current, plan, data)


def change_action(
    action: TreatmentAction, *, by: User, data: Mapping[str, Any], version: int | None, reason: str = ""
) -> TreatmentAction:
    """Change what an open action says, who does it, by when."""
    capacity = require(policies.can_change_action(by, action))
    with recording(by, "change_action", capacity=capacity, reason=reason):
        return change(_open_action(action, version), data)


def _open_action(action: TreatmentAction, version: int | None) -> TreatmentAction:
    current = locked(action, version)
    if not current.is_open:
        raise WrongState(_("This action is not open any more."))
    return current


def complete_action(
    action: TreatmentAction, *, by: User, on: date, result: str = "", version: int | None = None
) -> TreatmentAction:
    """Say that an action is done, and what came of it. By its owner, or who keeps the risk."""
    capacity = require(policies.can_complete_action(by, action))
    with recording(by, "complete_action", capacity=capacity, reason=result):
        current = _open_action(action, version)
        return change(current, {"state": ActionState.DONE, "done_on": on, "result": result})


def drop_action(action: TreatmentAction, *, by: User, reason: str, version: int | None = None) -> TreatmentAction:
    """Take an action out of the plan, with the reason."""
    capacity = require(policies.can_change_action(by, action))
    require_text(reason=reason)
    with recording(by, "drop_action", capacity=capacity, reason=reason):
        return change(_open_action(action, version), {"state": ActionState.DROPPED, "result": reason})


def verify_treatment(
    risk: Risk,
    *,
    by: User,
    data: Mapping[str, Any],
    on: date,
    version: int | None = None,
    override: Override | None = None,
) -> EffectivenessVerdict:
    """Say whether the treatment worked and what it left: verdict, method and the verified ratings (8.3).

    Not effective: the plan fails, the acceptance lapses, and the next version of the plan is open. Effective only
    when every action is done. Errors: NotPermitted, Stale, WrongState, ValidationError.
    """
    capacity = require(policies.can_verify_treatment(by, risk))
    require_text(method=data.get("method") or "")
    with recording(by, "verify_treatment", capacity=capacity, reason=data["method"]):
        current = locked(risk, version)
        plan = current.treatment
        if plan is None or plan.state not in (PlanState.APPROVED, PlanState.VERIFIED):
            raise WrongState(_("Only an approved plan is verified."))
        made = _verdict(current, plan, by, capacity, data, on, override)
        _take_over(current, plan, made, by)
        fresh(risk)
        return made


def _verdict(
    risk: Risk, plan: Treatment, by: User, capacity: str, data: Mapping[str, Any], on: date, override: Override | None
) -> EffectivenessVerdict:
    criteria = criteria_in_force()
    check_steps(criteria, {name: data.get(name) for name in RATINGS})
    if data["verdict"] == Verdict.EFFECTIVE and risk.actions.open().exists():
        raise WrongState(_("Actions are still open; the treatment can be partly effective at most."))
    doer = risk.actions.filter(treatment=plan, owner=by).exclude(state=ActionState.DROPPED).exists()
    kept = separated(
        VERIFIER, tier=criteria.tier(risk.level) if risk.criteria_id == criteria.pk else "high", broken=doer, by=by,
        capacity=capacity, record=risk, override=override, on=on,
    )  # fmt: skip
    made = EffectivenessVerdict(risk=risk, treatment=plan, verified_by=by, capacity=capacity, kept_apart=kept, **data)
    create(made.by(criteria))
    with our_language():
        decide(
            risk, by=by, capacity=capacity, sort="risk_effectiveness", question=_("Did the treatment work?"),
            outcome=made.get_verdict_display(), reason=made.method, refused=made.verdict == Verdict.NOT_EFFECTIVE,
        )  # fmt: skip
    return made


def _take_over(risk: Risk, plan: Treatment, made: EffectivenessVerdict, by: User) -> None:
    values = stands(made, made.criteria)
    if made.verdict != Verdict.NOT_EFFECTIVE:
        change(plan, {"state": PlanState.VERIFIED})
        move(lapse(risk) if risk.state == RiskState.ACCEPTED else risk, RISK, "verify", **values)
        return
    change(plan, {"state": PlanState.FAILED})
    move(risk, RISK, "fail", treatment=_next(risk, plan, by), acceptance=None, **values)


def _next(risk: Risk, failed: Treatment, by: User) -> Treatment:
    """The next version of the plan, as the failed one was, for its keeper to rework."""
    same = {name: getattr(failed, name) for name in ("option", "rationale", "own_controls", *RATINGS)}
    plan = Treatment(risk=risk, number=failed.number + 1, proposed_by=failed.proposed_by, **same)
    create(plan.by(criteria_in_force()))
    TreatmentControl.objects.bulk_create(
        TreatmentControl(risk=risk, treatment=plan, control=row.control) for row in failed.control_rows.all()
    )
    risk.actions.open().update(treatment=plan)
    return plan
