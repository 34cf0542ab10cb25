"""What risk asks before a system enters a stage, and before a control is excluded (6.1.3, 8.2, A.6.2)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.registry import Check
from inventory.gate import SETTLE, Answer, GateQuestion, gate_check
from inventory.states import SystemStage
from risk.models import Reassessment, Risk, TreatmentControl
from risk.states import PlanState, RiskState

OPEN_PLANS = (PlanState.PROPOSED, PlanState.APPROVED, PlanState.VERIFIED)


def risk_assessed(asked: GateQuestion) -> Answer:
    """There are risks, all are assessed, and none waits to be assessed again."""
    rows = Risk.objects.of_system(asked.system)
    if not rows.exists():
        url = f"/risks/library/?system={asked.system.ref}"
        return {"reason": _("No risk of this system is registered."), "url": url}
    unrated = rows.open().filter(state=RiskState.IDENTIFIED).order_by("pk").first()
    if unrated is not None:
        return {
            "reason": _("%(ref)s is not assessed.") % {"ref": unrated.ref},
            "url": f"{unrated.get_absolute_url()}assess/",
        }
    return reassessed(asked)


def reassessed(asked: GateQuestion) -> Answer:
    """No risk waits to be assessed again because of a change (8.2)."""
    waiting = Reassessment.objects.waiting().filter(risk__in=Risk.objects.of_system(asked.system).open().values("pk"))
    row = waiting.select_related("risk").first()
    if row is None:
        return None
    words = {"ref": row.risk.ref, "cause": row.cause}
    reason = _("%(ref)s is to be assessed again: %(cause)s") % words
    return {"reason": reason, "url": f"{row.risk.get_absolute_url()}assess/"}


def residual_accepted(asked: GateQuestion) -> Answer:
    """Every open risk is accepted on that day; what is unacceptable blocks whatever the tier asks."""
    rows = Risk.objects.of_system(asked.system).open()
    worst = rows.filter(evaluation="unacceptable").order_by("pk").first()
    if worst is not None:
        reason = _("%(ref)s is at a level that nobody accepts.") % {"ref": worst.ref}
        return {"reason": reason, "url": worst.get_absolute_url(), "failed": True}
    held = rows.filter(state=RiskState.ACCEPTED, acceptance__until__gte=asked.on)
    left = rows.exclude(pk__in=held.values("pk")).order_by("pk").first()
    if left is None:
        return None
    return {"reason": _("%(ref)s is not accepted.") % {"ref": left.ref}, "url": left.get_absolute_url()}


def needed_by_treatment(statement: Any) -> dict[str, str] | None:
    """A control that a plan not ended names as necessary cannot be excluded where the risk stands (6.1.3 b to d)."""
    rows = TreatmentControl.objects.filter(
        control=statement.control_id, treatment__state__in=OPEN_PLANS, risk__unit__path__contains=[statement.unit_id]
    )
    row = rows.exclude(risk__state=RiskState.CLOSED).select_related("risk", "treatment").order_by("pk").first()
    if row is None:
        return None
    words = {"number": row.treatment.number, "ref": row.risk.ref}
    return {
        "sentence": _("Treatment plan %(number)d of %(ref)s names it as necessary.") % words,
        "url": f"{row.risk.get_absolute_url()}#plan",
    }


def harms_in_register(assessment: Any) -> dict[str, str] | None:
    """Every severe harm stands in the register as a risk (6.1.4); that it is assessed, the gate asks."""
    loose = assessment.impacts.severe().filter(risk_links=None).order_by("pk").first()
    if loose is None:
        return None
    words = {"harm": loose}
    url = f"/risks/new/?system={assessment.system.ref}"
    return {"sentence": _("No risk stands for the harm: %(harm)s") % words, "url": url}


CHECKS = (
    *(
        Check(
            "harms_in_register", "impact", verb, gettext_lazy("Every severe harm stands in the register of risks."),
            harms_in_register,
        )
        for verb in ("approve", "allow")
    ),
    gate_check(
        "risk_assessed", SystemStage.VERIFICATION_VALIDATION, gettext_lazy("The risks are assessed."), risk_assessed
    ),
    gate_check(
        "residual_accepted", SystemStage.DEPLOYMENT, gettext_lazy("What is left of the risks is accepted."),
        residual_accepted,
    ),
    gate_check(
        "residual_accepted", SystemStage.DEPLOYMENT, gettext_lazy("No risk waits to be assessed again."), reassessed
    ),
    Check("risks_assessed_again", *SETTLE, gettext_lazy("No risk waits to be assessed again."), reassessed),
    Check(
        "treatment_needs_it", "statement", "exclude", gettext_lazy("No treatment plan names the control."),
        needed_by_treatment,
    ),
)  # fmt: skip
