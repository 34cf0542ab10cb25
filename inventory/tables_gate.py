"""The registers of life-cycle records, changes and passages of the gate."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aims.listing import Column, Filter, Table
from aims.ui import Badge, Link
from aims.views.register import state_badge
from inventory.models import ChangeRequest, GateAttempt, LifecycleRecord
from inventory.states import AttemptState, ChangeState, Mode, RecordSort, RecordState, Significance, Verdict, Way
from inventory.tables import of, owners_of, units_with

_SIGNIFICANCE_TONES: dict[str, Any] = {"significant": "warn", "not_significant": "info", "inside": "good"}
_VERDICT_TONES: dict[str, Any] = {"passed": "good", "failed": "bad"}
_LET_PASS: dict[str, Any] = {Mode.OBSERVE: _("Let pass, observing"), Mode.WARN: _("Let pass, with a warning")}


def system_link(record: Any) -> Link:
    return Link(record.system.title, record.system.get_absolute_url())


def verdict_badge(record: LifecycleRecord) -> Any:
    value = record.verdict
    return Badge(str(Verdict(value).label), _VERDICT_TONES[value]) if value else ""


def significance_badge(change: ChangeRequest) -> Any:
    value = change.significance
    return Badge(str(Significance(value).label), _SIGNIFICANCE_TONES[value]) if value else ""


def answer_badge(attempt: GateAttempt) -> Badge:
    """What the gate answered; where it let something pass with items unmet, that it only observed or warned."""
    if attempt.state == AttemptState.ALLOWED and attempt.unmet:
        return Badge(str(_LET_PASS[attempt.mode]), "warn")
    return state_badge(attempt)


def release_number(record: Any) -> str:
    return record.release.number if record.release is not None else ""


_SYSTEM = Column("system", _("AI system"), system_link, lambda r: r.system.ref, sort="system__title")
_COMMON = (
    Column("unit", _("Unit"), lambda r: r.unit.name, sort="unit__name", shown=False),
    Column("owner", _("Owner"), lambda r: r.owner, sort="owner__name"),
    Column("ref", _("Reference"), lambda r: r.ref, sort="ref", shown=False),
    Column("updated", _("Changed"), lambda r: r.updated_at, sort="updated_at", shown=False),
)
_RELATED = ("unit", "owner", "system", "release")


def _filters(model: Any, states: Any) -> list[Filter]:
    return [
        Filter("state", _("State"), of(states), field="state"),
        Filter("unit", _("Unit"), units_with(model), field="unit_id"),
        Filter("owner", _("Owner"), owners_of(model), field="owner_id"),
    ]


def _to_sample(rows: Any, values: list[str]) -> Any:
    return rows.to_sample()


def _to_review(rows: Any, values: list[str]) -> Any:
    return rows.to_review()


RECORDS = Table(
    kind="lifecycle_record",
    columns=[
        Column("title", _("Record"), lambda r: r.title, sort="title"),
        _SYSTEM,
        Column("release", _("Version"), release_number),
        Column("state", _("State"), state_badge, lambda r: r.get_state_display(), sort="state"),
        Column("verdict", _("Verdict"), verdict_badge, lambda r: r.get_verdict_display()),
        *_COMMON,
    ],
    filters=[Filter("sort_", _("Sort"), of(RecordSort), field="sort"), *_filters(LifecycleRecord, RecordState)],
    search=("ref", "title", "system__title"),
    related=_RELATED,
)

CHANGES = Table(
    kind="change",
    columns=[
        Column("title", pgettext_lazy("noun", "Change"), lambda r: r.title, sort="title"),
        _SYSTEM,
        Column("significance", _("Significance"), significance_badge, lambda r: r.get_significance_display()),
        Column("state", _("State"), state_badge, lambda r: r.get_state_display(), sort="state"),
        Column("planned_on", _("Planned for"), lambda r: r.planned_on, sort="planned_on"),
        Column("reason", _("Why it is not significant"), lambda r: r.reason, shown=False),
        *_COMMON,
    ],
    filters=[
        Filter("significance", _("Significance"), of(Significance), field="significance"),
        Filter("sample", _("Sampling"), lambda user: (("open", _("To sample")),), apply=_to_sample),
        *_filters(ChangeRequest, ChangeState),
    ],
    search=("ref", "title", "system__title"),
    related=_RELATED,
)

ATTEMPTS = Table(
    kind="gate_attempt",
    columns=[
        Column("title", _("Passage"), lambda r: r.title, sort="title"),
        replace(_SYSTEM, shown=False),  # the title names it
        Column("way", _("Way"), lambda r: r.get_way_display()),
        Column(
            "environment", pgettext_lazy("deployment", "Environment"), lambda r: r.environment or r.get_stage_display()
        ),
        Column("state", pgettext_lazy("noun", "Answer"), answer_badge, lambda r: r.get_state_display(), sort="state"),
        Column("mode", _("The gate"), lambda r: r.get_mode_display()),
        Column("unmet", _("Unmet"), lambda r: len(r.unmet), numeric=True),
        Column("asked_by", _("Asked by"), lambda r: r.asked_by),
        Column("asked_at", _("Asked"), lambda r: r.asked_at, sort="asked_at"),
        *(replace(column, shown=False) for column in _COMMON),
    ],
    filters=[
        Filter("way", _("Way"), of(Way), field="way"),
        Filter("mode", _("The gate"), of(Mode), field="mode"),
        Filter("review", _("Review"), lambda user: (("open", _("To review")),), apply=_to_review),
        *_filters(GateAttempt, AttemptState),
    ],
    search=("ref", "title", "system__title", "environment", "digest", "commit"),
    related=(*_RELATED, "asked_by"),
)
