"""What risk gives to the kernel and to the apps around it."""

from django.utils.translation import gettext_lazy as _

from aims.registry import Check, Kind, registry
from risk import policies
from risk.models import Risk, RiskCriteria, TreatmentAction

KINDS = (
    Kind("risk", Risk, _("Risk"), _("Risks"), "risks", "alert-triangle", ("6.1.1", "6.1.2", "6.1.3", "8.2", "8.3")),
    Kind("criteria", RiskCriteria, _("Risk criteria"), _("Risk criteria"), "criteria", "scale", ("6.1.1",)),
    Kind("action", TreatmentAction, _("Treatment action"), _("Treatment actions"), "actions", "checklist",
         ("6.1.3", "8.3")),
)  # fmt: skip


def _accepted(risk: Risk) -> dict[str, str] | None:
    """A risk closes only when its residual was accepted (6.1.3)."""
    return None if risk.acceptance_id else {"url": f"{risk.get_absolute_url()}accept/"}


def _all_done(risk: Risk) -> dict[str, str] | None:
    return {"url": f"{risk.get_absolute_url()}#actions"} if risk.actions.open().exists() else None


CHECKS = (
    Check("residual_accepted", "risk", "close", _("Somebody with authority accepted the residual risk."), _accepted),
    Check("actions_done", "risk", "close", _("Every action of the plan is done or dropped."), _all_done),
)


def register() -> None:
    """Called once, when the models are there."""
    for kind in KINDS:
        registry.add_kind(kind)
    registry.allow(policies.VERBS)
    registry.decides(policies.DECIDING)
    registry.checks.extend(CHECKS)
    registry.decision_sorts += ["risk_criteria", "risk_plan", "risk_effectiveness", "risk_acceptance", "override"]
