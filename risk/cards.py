"""What the page of a risk shows beside its facts: decisions as cards, the plan, assessments beside each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aims.registry import registry
from aims.services import unmet_checks
from aims.ui import Badge
from aims.views.register import state_badge
from organization.duties import Kept
from risk.models import Risk, Treatment
from risk.scales import DIMENSIONS
from risk.states import EVALUATION_TONES, PLAN_TONES, RISK, VERDICT_TONES, Dimension
from risk.tables import due_cell


@dataclass(frozen=True)
class Card:
    """One decision: what, by whom, in which capacity, when, why, under which conditions, until when."""

    title: str
    badge: Badge
    by: Any
    capacity: str
    at: Any
    reason: str
    conditions: str = ""
    until: Any = None
    note: str = ""
    facts: Sequence[tuple[str, str]] = field(default=())


def capacity_words(capacity: str) -> str:
    card = registry.roles.get(capacity)
    return str(card.name) if card is not None else _("by own authority")


def decisions(risk: Risk) -> list[Card]:
    """Decisions on plan, effectiveness and residual, the latest first. Three queries."""
    found = [*_approvals(risk), *_verdicts(risk), *_acceptances(risk)]
    return sorted(found, key=lambda card: card.at, reverse=True)


def _apart(kept: str) -> str:
    notes = {
        Kept.OVERRIDDEN: _("Duties were not separated: overridden, with a safeguard, to be reviewed."),
        Kept.NOT_ASKED: _("Separation of duties is not asked here."),
    }
    return str(notes.get(Kept(kept), ""))


def _approvals(risk: Risk) -> Iterable[Card]:
    for row in risk.approvals.select_related("decided_by", "treatment"):
        badge = Badge(_("Approved"), "good") if row.approved else Badge(_("Returned"), "bad")
        yield Card(
            _("Treatment plan %(number)d") % {"number": row.treatment.number}, badge, row.decided_by,
            capacity_words(row.capacity), row.decided_at, row.reason, row.conditions, note=_apart(row.kept_apart),
        )  # fmt: skip


def _verdicts(risk: Risk) -> Iterable[Card]:
    for row in risk.verdicts.select_related("verified_by", "criteria"):
        yield Card(
            _("Effectiveness"), Badge(row.get_verdict_display(), VERDICT_TONES[row.verdict]), row.verified_by,
            capacity_words(row.capacity), row.verified_at, row.method, note=_apart(row.kept_apart),
            facts=[(pgettext("risk", "Left"), f"{row.level_name} {row.score}")],
        )  # fmt: skip


def _acceptances(risk: Risk) -> Iterable[Card]:
    for row in risk.acceptances.select_related("accepted_by", "criteria"):
        held = row.pk == risk.acceptance_id
        badge = Badge(_("Accepted"), "good") if held else Badge(_("Not in force any more"), "neutral")
        yield Card(
            _("Residual risk"), badge, row.accepted_by, capacity_words(row.capacity), row.accepted_at, row.reason,
            row.conditions, row.until, _apart(row.kept_apart), [(_("Level"), f"{row.level_name} {row.score}")],
        )  # fmt: skip


def plan(risk: Risk) -> dict[str, Any]:
    """The plan that holds now, with its controls and actions."""
    row: Treatment = risk.treatment  # type: ignore[assignment]
    actions = risk.actions.filter(treatment=row).select_related("owner").order_by("due_on", "pk")
    controls = [one.control for one in row.control_rows.select_related("control").order_by("control__position")]
    return {
        "row": row,
        "badge": Badge(row.get_state_display(), PLAN_TONES[row.state]),
        "expected": Badge(
            f"{row.level_name} {row.score}", EVALUATION_TONES[row.criteria.level(row.level)["evaluation"]]
        ),
        "controls": controls,
        "actions": [(action, state_badge(action), due_cell(action)) for action in actions],
    }


def comparison(risk: Risk, *, most: int) -> dict[str, Any]:
    """The latest assessments beside each other: for every rating its word and reason; disagreement is marked."""
    rows = list(
        risk.assessments.select_related("criteria", "recorded_by", "trigger_record").prefetch_related(
            "assessors__person"
        )[:most]
    )
    lines = [_line(name, rows) for name in ("likelihood", *DIMENSIONS)]
    heads = [
        {
            "row": one,
            "badge": Badge(
                f"{one.level_name} {one.score}", EVALUATION_TONES[one.criteria.level(one.level)["evaluation"]]
            ),
            "assessors": [assessor.person for assessor in one.assessors.all()],
        }
        for one in rows
    ]
    return {"heads": heads, "lines": lines}


def _line(name: str, rows: Sequence[Any]) -> dict[str, Any]:
    label = _("Likelihood") if name == "likelihood" else str(Dimension(name).label)
    ratings = [one.ratings[name] for one in rows]
    cells = [
        {
            "rating": rating,
            "word": one.criteria.word(name, rating),
            "reason": one.reason(name),
            "differs": index + 1 < len(ratings) and ratings[index + 1] != rating,
        }
        for index, (one, rating) in enumerate(zip(rows, ratings, strict=True))
    ]
    return {"label": label, "cells": cells}


def closing(risk: Risk) -> list[tuple[bool, Any]]:
    """What closing asks, and whether it is met."""
    unmet = {one["id"] for one in unmet_checks(risk, RISK.name, "close")}
    return [(check.id not in unmet, check.sentence) for check in registry.checks_of(RISK.name, "close")]
