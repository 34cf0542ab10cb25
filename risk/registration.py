"""What risk gives to the kernel and to the apps around it."""

from django.utils.translation import gettext_lazy as _

from aims.registry import Check, Kind, NavItem, Section, registry
from aims.thread import tab
from impact.facts import SevereHarmsRated
from inventory.facts import SignificantChange
from risk import (
    conditions,
    consistency,
    demo,
    first_steps,
    foundations,
    gate,
    home,
    importing,
    pickers,
    policies,
    reactions,
    sections,
    thread,
)
from risk.api import ActionViewSet, CriteriaViewSet, RiskViewSet
from risk.due import SOURCES
from risk.models import Risk, RiskCriteria, TreatmentAction
from risk.views.criteria import REEVALUATION
from risk.views.risks import ASSESSMENTS, SYSTEM_RISKS

GROUP = _("Risk")

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
    for source in SOURCES:
        registry.falls_due(source)
    registry.decides(policies.DECIDING)
    registry.keep(consistency.RULES)
    registry.checks.extend((*CHECKS, *gate.CHECKS))
    registry.react(SignificantChange, reactions.changed)
    registry.react(SevereHarmsRated, reactions.harms_rated)
    registry.decision_sorts |= {
        "risk_criteria": _("Risk criteria"),
        "risk_plan": _("Risk treatment"),
        "risk_effectiveness": _("Effectiveness of a risk treatment"),
        "risk_acceptance": _("Risk acceptance"),
    }
    registry.navigation += [
        NavItem(GROUP, _("Risks"), "/risks/", "alert-triangle", order=26),
        NavItem(GROUP, _("Heat map"), "/risks/heatmap/", "grid-dots", order=27),
        NavItem(GROUP, _("Risks to accept"), "/risks/sitting/", "signature", order=28, verb="risk.accept"),
        NavItem(GROUP, _("Treatment actions"), "/actions/", "checklist", order=28),
        NavItem(GROUP, _("Risk criteria"), "/criteria/", "scale", order=29),
    ]
    registry.tabs += [ASSESSMENTS, SYSTEM_RISKS, REEVALUATION, tab("risk")]
    registry.thread_edges += thread.EDGES
    registry.routes += [("risks", RiskViewSet), ("actions", ActionViewSet), ("criteria", CriteriaViewSet)]
    registry.pickers.update(pickers.PICKERS)
    registry.home_panels.append(home.panel)
    registry.importables[importing.RISKS.kind] = importing.RISKS
    registry.first_steps += first_steps.STEPS
    registry.conditions += conditions.CONDITIONS
    registry.sections.append(Section("risks", _("Risks"), "risk/pack_risks.html", sections.risks, order=15, wide=True))
    registry.demo_steps.append(demo.steps)
    registry.foundations.append(foundations.foundations)
