"""What impact gives to the kernel and to the apps around it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from aims.models import Decision
from aims.registry import Check, Kind, NavItem, Section, registry
from impact import conditions, consistency, demo, facts, policies, reactions, sections, thread
from impact.api import ImpactViewSet, ScreeningViewSet
from impact.currency import impact_unmet, screened_unmet
from impact.due import SOURCES
from impact.models import ImpactAssessment, Screening
from impact.pickers import PICKERS
from impact.services.common import purpose_digest
from impact.services.decisions import committee_decided
from impact.views.assessments import CHANGES, REPORT, SYSTEM_IMPACT
from inventory.facts import SignificantChange
from inventory.gate import SETTLE, gate_check
from inventory.states import SystemStage
from organization.facts import MatterDecided
from organization.services.committees import VOTE, WORKFLOW

GROUP = _("Impact")
KINDS = (
    Kind("screening", Screening, _("Screening"), _("Screenings"), "screenings", "filter", ("6.1.4", "A.5.2")),
    Kind("impact", ImpactAssessment, _("Impact assessment"), _("Impact assessments"), "impact-assessments", "users",
         ("6.1.4", "8.4", "A.5.2", "A.5.3", "A.5.4", "A.5.5")),
)  # fmt: skip


def decided_in_sittings() -> Any:
    """Decisions that a committee took in a recorded sitting."""
    return Decision.objects.filter(sort="committee").values("pk")


def _same_purpose(assessment: ImpactAssessment) -> dict[str, str] | None:
    """An approval binds to purpose and intended use as they stood when it was submitted."""
    same = assessment.purpose_digest == purpose_digest(assessment.system)
    return None if same else {"url": f"{assessment.system.get_absolute_url()}history/"}


CHECKS = (
    *(
        Check("purpose_unchanged", "impact", verb, _("Purpose and intended use are those that were submitted."), _same_purpose)
        for verb in ("approve", "allow")
    ),
    Check("not_an_author", WORKFLOW, VOTE, _("Who wrote the assessment does not vote on it."), reactions.is_author),
    Check("impact_current", *SETTLE, _("The impact assessment is approved again."), impact_unmet),
    gate_check(
        "screened", SystemStage.DESIGN_DEVELOPMENT, _("A screening is in force."), screened_unmet
    ),
    gate_check(
        "impact_approved", SystemStage.DEPLOYMENT, _("The impact assessment is approved and current."), impact_unmet
    ),
)  # fmt: skip


def register() -> None:
    """Called once, when the models are there."""
    for kind in KINDS:
        registry.add_kind(kind)
    registry.allow(policies.VERBS)
    registry.decides(policies.DECIDING)
    for source in SOURCES:
        registry.falls_due(source)
    registry.checks.extend(CHECKS)
    registry.keep(consistency.RULES)
    _facts()
    registry.decision_sorts |= {"screening": _("Screening"), "impact": _("Impact assessment")}
    registry.navigation += [
        NavItem(GROUP, _("Impact assessments"), "/impact-assessments/", "users", order=23),
        NavItem(GROUP, _("Screenings"), "/screenings/", "filter", order=24),
    ]
    registry.tabs += [REPORT, CHANGES, SYSTEM_IMPACT]
    registry.routes += [("impact-assessments", ImpactViewSet), ("screenings", ScreeningViewSet)]
    registry.pickers.update(PICKERS)
    registry.thread_edges += thread.EDGES
    registry.sections.append(
        Section("impact", _("Impact assessments"), "impact/pack_impact.html", sections.assessments, order=12)
    )
    registry.conditions += conditions.CONDITIONS
    registry.demo_steps.append(demo.steps)
    registry.sittings.append(decided_in_sittings)


def _facts() -> None:
    for fact, sentence in facts.DECLARED:
        registry.declare(fact, sentence)
    registry.react(SignificantChange, reactions.changed)
    registry.react(MatterDecided, committee_decided)
