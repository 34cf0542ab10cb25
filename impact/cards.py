"""What the page of an assessment shows beside the matrix: decisions as cards, opinions, conditions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from aims import clock
from aims.registry import registry
from aims.ui import Badge
from impact.models import ImpactAssessment
from impact.questions import sections_of
from impact.states import OUTCOME_TONES, VERDICT_TONES, Discipline
from organization.duties import Kept


@dataclass(frozen=True)
class Card:
    """One decision: what, by whom, in which capacity, when, why, on which conditions, until when."""

    title: str
    badge: Badge
    by: Any
    capacity: str
    at: Any
    reason: str
    until: Any = None
    note: str = ""


def capacity_words(capacity: str) -> str:
    card = registry.roles.get(capacity)
    return str(card.name) if card is not None else _("by own authority")


def decisions(assessment: ImpactAssessment) -> list[Card]:
    """Every decision, the latest first. One query."""
    rows = assessment.decisions.select_related("decided_by", "matter__sitting")
    return [_card(row) for row in rows]


def _card(row: Any) -> Card:
    sitting = row.matter.sitting if row.matter is not None else None
    title = _("Decided by the committee, %(sitting)s") % {"sitting": sitting.title} if sitting else _("Decision")
    badge = Badge(row.get_outcome_display(), OUTCOME_TONES[row.outcome])
    return Card(
        title,
        badge,
        row.decided_by,
        capacity_words(row.capacity),
        row.decided_at,
        row.reason,
        row.valid_until,
        _note(row),
    )


def _note(row: Any) -> str:
    apart = {
        Kept.OVERRIDDEN: _("Duties were not separated: overridden, with a safeguard, to be reviewed."),
        Kept.NOT_ASKED: _("Separation of duties is not asked here."),
    }.get(Kept(row.kept_apart), "")
    dissent = _("Dissent: %(text)s") % {"text": row.dissent} if row.dissent else ""
    return " ".join(text for text in (str(apart), dissent) if text)


@dataclass(frozen=True)
class Asked:
    """One opinion as the page shows it."""

    row: Any
    section: str
    badge: Badge
    late: bool
    url: str = ""  # where the reader gives it


def opinions(assessment: ImpactAssessment, user: Any, *, writing: bool) -> list[Asked]:
    """Opinions in force, dissent first, then what is missing. One query."""
    names = {one.id: f"{one.number} {one.title}" for one in sections_of(assessment.edition, assessment.tier)}
    rows = assessment.opinions.filter(withdrawn_on=None).select_related("asked", "asked_by")
    order = {"concern": 0, "condition": 1, "": 2, "agree": 3}
    base, today = assessment.get_absolute_url(), clock.today()
    found = []
    for row in sorted(rows, key=lambda one: order[one.verdict]):
        badge = Badge(row.get_verdict_display() if row.verdict else _("Not given yet"), VERDICT_TONES[row.verdict])
        mine = writing and not row.verdict and row.asked_id == user.pk
        late = not row.verdict and row.due_on is not None and row.due_on < today
        section = names.get(row.section, _("The whole assessment"))
        found.append(Asked(row, section, badge, late, f"{base}opinion/{row.pk}/" if mine else ""))
    return found


def unheard(asked: Iterable[Asked]) -> list[str]:
    """Disciplines that nobody was asked to speak for."""
    heard = {one.row.discipline for one in asked}
    return [str(one.label) for one in Discipline if one.value not in heard]


def conditions(assessment: ImpactAssessment) -> Sequence[tuple[Any, Badge]]:
    """Conditions of the decision in force, each met, open or late. One query."""
    today = clock.today()
    rows = assessment.conditions.filter(decision=assessment.decision_id).select_related("met_by")
    return [(row, _condition_badge(row, today)) for row in rows]


def _condition_badge(row: Any, today: Any) -> Badge:
    if row.met_on is not None:
        return Badge(_("Met"), "good")
    return Badge(_("Overdue"), "bad") if row.due_on < today else Badge(_("Open"), "warn")
