"""The stretches of risk on the thread behind an AI system, and behind a risk."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import asof
from aims.registry import ThreadEdge
from aims.ui import Knot
from controls.models import Control
from inventory.models import AISystem
from risk.models import Risk
from risk.states import PlanState
from risk.tables import level_badge


def risks(user: Any, system: AISystem) -> Iterator[Knot]:
    """Its open risks, the gravest first, with what is missing about each."""
    rows = Risk.objects.visible_to(user).of_system(system).open().most_severe()
    for risk in rows.select_related("criteria", "owner", "assessment", "treatment", "acceptance"):
        yield _risk(risk)


def _risk(risk: Risk) -> Knot:
    missing = _missing(risk)
    on = risk.assessment.assessed_at if risk.assessment is not None else None
    return Knot(
        risk.title, risk.get_absolute_url(), on, level_badge(risk), _("%(person)s, owner") % {"person": risk.owner},
        missing or risk.get_state_display(), gap=bool(missing),
    )  # fmt: skip


def _missing(risk: Risk) -> str:
    """What this risk lacks, "" when nothing."""
    if risk.assessment is None:
        return _("It is not assessed.")
    if risk.evaluation == "unacceptable":
        return _("Its level is accepted by nobody.")
    if risk.due_on is not None and risk.due_on < asof.day():
        return _("Its review is overdue.")
    if risk.evaluation == "treat" and risk.treatment is None:
        return _("It has no treatment plan.")
    return ""


def controls(user: Any, system: AISystem) -> Iterator[Knot]:
    """The controls that treatment plans of its risks name as necessary."""
    seen = Risk.objects.visible_to(user).of_system(system).open()
    named = Control.objects.filter(
        treatment_rows__treatment__risk__in=seen.values("pk"),
        treatment_rows__treatment__state__in=[PlanState.PROPOSED, PlanState.APPROVED, PlanState.VERIFIED],
    )
    for control in named.distinct().order_by("position"):
        yield Knot(str(control), control.get_absolute_url(), text=control.summary)


def assessments(user: Any, risk: Risk) -> Iterator[Knot]:
    """Every version of its assessment."""
    rows = risk.assessments.select_related("criteria", "recorded_by").order_by("number")
    for row in rows:
        words = {"number": row.number, "level": row.level_name, "score": row.score}
        title = _("Assessment %(number)d: %(level)s %(score)d") % words
        yield Knot(
            title, f"{risk.get_absolute_url()}assessments/", row.assessed_at, by=str(row.recorded_by),
            text=f"{row.get_trigger_display()}. {row.likelihood_reason}",
        )  # fmt: skip


def plans(user: Any, risk: Risk) -> Iterator[Knot]:
    """Plans and what was done of them."""
    url = risk.get_absolute_url()
    for plan in risk.treatments.select_related("proposed_by").order_by("number"):
        title = _("Treatment plan %(number)d: %(state)s") % {"number": plan.number, "state": plan.get_state_display()}
        yield Knot(title, f"{url}#plan", plan.proposed_at, by=str(plan.proposed_by), text=plan.rationale)
    for action in risk.actions.visible_to(user).select_related("owner").order_by("due_on", "pk"):
        late = action.is_open and action.due_on < asof.day()
        words = _("Overdue") if late else action.get_state_display()
        on = action.done_on or action.due_on
        yield Knot(action.title, action.get_absolute_url(), on, by=str(action.owner), text=words, gap=late)


EDGES = (
    ThreadEdge("system", "risks", gettext_lazy("Risks"), risks, gettext_lazy("No risk is registered."), 30),
    ThreadEdge("system", "controls", gettext_lazy("Controls"), controls, gettext_lazy("No plan names a control."), 50),
    ThreadEdge(
        "risk", "assessments", gettext_lazy("Assessments"), assessments, gettext_lazy("It is not assessed."), 20
    ),
    ThreadEdge("risk", "plans", gettext_lazy("Treatment"), plans, order=30),
)
