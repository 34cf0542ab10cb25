"""The stretches of impact on the thread behind an AI system."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import asof
from aims.registry import ThreadEdge
from aims.ui import Knot
from aims.views.register import state_badge
from impact.models import ImpactAssessment, Screening
from impact.states import ImpactState
from inventory.models import AISystem


def impact(user: Any, system: AISystem) -> Iterator[Knot]:
    """Its screening, then every assessment in the order they were opened."""
    screening = Screening.objects.visible_to(user).filter(system=system).order_by("-pk").first()
    if screening is not None:
        yield Knot(
            screening.title, screening.get_absolute_url(), screening.decided_on or screening.created_at,
            state_badge(screening), str(screening.answered_by), " ".join(screening.reasons),
        )  # fmt: skip
    rows = ImpactAssessment.objects.visible_to(user).of_system(system).select_related("owner", "decision__decided_by")
    for row in rows.order_by("pk"):
        yield _assessment(row)


def _assessment(row: ImpactAssessment) -> Knot:
    missing = _missing(row)
    decided = row.decision
    on = decided.decided_on if decided is not None else row.created_at
    by = _("%(person)s decided") % {"person": decided.decided_by} if decided is not None else str(row.owner)
    text = missing or (decided.reason if decided is not None else row.get_trigger_display())
    return Knot(row.title, row.get_absolute_url(), on, state_badge(row), by, text, gap=bool(missing))


def _missing(row: ImpactAssessment) -> str:
    """What this assessment lacks, "" when nothing."""
    if row.state == ImpactState.STALE:
        return _("Its approval is stale: %(cause)s") % {"cause": row.stale_cause}
    if row.state == ImpactState.APPROVED and row.valid_until is not None and row.valid_until < asof.day():
        return _("The time of its approval is over.")
    if row.open and row.due_on is not None and row.due_on < asof.day():
        return _("It is overdue.")
    return ""


EDGES = (
    ThreadEdge(
        "system", "impact", gettext_lazy("Impact"), impact, gettext_lazy("It is neither screened nor assessed."), 40
    ),
)
