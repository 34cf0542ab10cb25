"""The registers of screenings and of assessments, each declared once for page, exports and API."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from aims import asof, clock
from aims.listing import Column, Filter, Table
from aims.ui import Badge, Link
from aims.views.register import due_badge, state_badge
from impact.models import Impact, ImpactAssessment, Screening
from impact.states import (
    OPEN_STATES,
    SEVERE,
    TIER_TONES,
    USE_TONES,
    Direction,
    ImpactState,
    ScreeningState,
    Tier,
    Trigger,
    Use,
)
from inventory.models import AISystem
from inventory.tables import of, owners_of, units_with


def tier_badge(record: Any) -> Any:
    """The tier with its tone, or "" when there is none yet."""
    return Badge(str(Tier(record.tier).label), TIER_TONES[record.tier]) if record.tier else ""


def use_badge(record: Any) -> Any:
    """What kind of use it is; nothing for an ordinary one."""
    ordinary = record.use in ("", Use.ORDINARY)
    return "" if ordinary else Badge(str(Use(record.use).label), USE_TONES[record.use])


def system_link(record: Any) -> Any:
    """The AI system, where the reader sees it."""
    return Link(record.system.title, record.system.get_absolute_url()) if record.system is not None else ""


def family_links(assessment: ImpactAssessment) -> list[Any]:
    """The system and the family, as far as the reader sees them (prefetched by the view)."""
    own = [assessment.system] if assessment.system is not None else []
    return [Link(one.title, one.get_absolute_url()) for one in [*own, *(row.system for row in assessment.family.all())]]


def due_cell(record: Any) -> Any:
    """The date, marked when it passed."""
    return due_badge(record.due_on, over=record.state in (ImpactState.SUPERSEDED, ImpactState.REJECTED))


def _systems(model: Any) -> Any:
    def choices(user: Any) -> list[tuple[str, Any]]:
        rows = model.objects.visible_to(user).filter(system=OuterRef("pk"))
        found = AISystem.objects.visible_to(user).filter(Exists(rows)).order_by("title")
        return list(found.values_list("ref", "title"))

    return choices


def _of_systems(rows: Any, refs: list[str]) -> Any:
    keys = list(AISystem.objects.filter(ref__in=refs).values_list("pk", flat=True))
    return rows.of_systems(keys) if hasattr(rows, "of_systems") else rows.filter(system__in=keys)


def _any_of(name: str) -> Any:
    return lambda rows, values: rows.filter(**{f"{name}__in": values})


STANDING = (
    ("open", _("Being written or decided")),
    ("waiting", _("Waits for a decision")),
    ("current", _("Approved and valid")),
    ("overdue", _("Overdue")),
    ("running_out", _("Approval ends within 60 days")),
    ("bare", _("Severe harm without a measure")),
    ("opinions", _("Opinions missing")),
    ("conditions", _("Conditions overdue")),
)


def _standing(rows: Any, values: list[str]) -> Any:
    match = Q()
    for value in values:
        match |= Q(pk__in=_STANDS[value](rows).order_by().values("pk")) if value in _STANDS else Q()
    return rows.filter(match)


def _running_out(rows: Any) -> Any:
    today = asof.day()
    return rows.approved().filter(valid_until__range=(today, today.fromordinal(today.toordinal() + 60)))


def _bare(rows: Any) -> Any:
    harms = Impact.objects.filter(assessment=OuterRef("pk"), direction=Direction.HARM, severity__gte=SEVERE)
    return rows.filter(Exists(harms.filter(coverings=None))).exclude(state=ImpactState.SUPERSEDED)


_STANDS: dict[str, Any] = {
    "open": lambda rows: rows.open(),
    "waiting": lambda rows: rows.filter(state__in=[ImpactState.IN_REVIEW, ImpactState.ESCALATED]),
    "current": lambda rows: rows.current(on=clock.today()),
    "overdue": lambda rows: rows.overdue(on=clock.today()),
    "running_out": _running_out,
    "bare": _bare,
    "opinions": lambda rows: rows.filter(
        state__in=OPEN_STATES, opinions__verdict="", opinions__withdrawn_on=None, opinions__isnull=False
    ),
    "conditions": lambda rows: rows.approved().filter(conditions__met_on=None, conditions__due_on__lt=clock.today()),
}

ASSESSMENTS = Table(
    kind="impact",
    columns=[
        Column("title", _("Assessment"), lambda a: a.title, sort="title"),
        Column("state", _("State"), state_badge, lambda a: a.get_state_display(), sort="state"),
        Column("systems", _("AI systems"), family_links, lambda a: [link.label for link in family_links(a)]),
        Column("tier", _("Tier"), tier_badge, lambda a: a.get_tier_display(), sort="tier"),
        Column("use", _("Use"), use_badge, lambda a: a.get_use_display()),
        Column("unit", _("Unit"), lambda a: a.unit.name, sort="unit__name"),
        Column("owner", _("Owner"), lambda a: a.owner, sort="owner__name"),
        Column("valid_until", _("Valid until"), lambda a: a.valid_until, sort="valid_until"),
        Column("due_on", _("Due"), due_cell, lambda a: a.due_on, sort="due_on"),
        Column("ref", _("Reference"), lambda a: a.ref, sort="ref", shown=False),
        Column("trigger", _("Why"), lambda a: a.get_trigger_display(), shown=False),
        Column("version", _("Version of the system"), lambda a: str(a.system_version or ""), shown=False),
        Column("publication", _("Publication"), lambda a: a.get_publication_display(), shown=False),
        Column("stale_cause", _("Why it is stale"), lambda a: a.stale_cause, shown=False),
        Column("updated", _("Changed"), lambda a: a.updated_at, sort="updated_at", shown=False),
    ],
    filters=[
        Filter("state", _("State"), of(ImpactState), field="state"),
        Filter("tier", _("Tier"), of(Tier), field="tier"),
        Filter("use", _("Use"), of(Use), apply=_any_of("use")),
        Filter("system", _("AI system"), _systems(ImpactAssessment), apply=_of_systems),
        Filter("unit", _("Unit"), units_with(ImpactAssessment), field="unit_id"),
        Filter("owner", _("Owner"), owners_of(ImpactAssessment), apply=_any_of("owner_id")),
        Filter("standing", _("Standing"), lambda user: STANDING, apply=_standing),
        Filter("trigger", _("Why"), of(Trigger), apply=_any_of("trigger")),
    ],
    search=("ref", "title", "use_reason", "trigger_note"),
    related=("unit", "owner", "system_version"),
    sort="-updated_at",
)

SCREENINGS = Table(
    kind="screening",
    columns=[
        Column("title", _("Screening"), lambda s: s.title, sort="title"),
        Column("state", _("State"), state_badge, lambda s: s.get_state_display(), sort="state"),
        Column("system", _("AI system"), system_link, lambda s: s.system.title if s.system else ""),
        Column("tier", _("Tier"), tier_badge, lambda s: s.get_tier_display(), sort="tier"),
        Column("use", _("Use"), use_badge, lambda s: s.get_use_display()),
        Column("unit", _("Unit"), lambda s: s.unit.name, sort="unit__name"),
        Column("answered_by", _("Answered by"), lambda s: s.answered_by),
        Column("decided_on", _("In force since"), lambda s: s.decided_on, sort="decided_on"),
        Column("ref", _("Reference"), lambda s: s.ref, sort="ref", shown=False),
        Column("reasons", _("Reasons"), lambda s: s.reasons, shown=False),
        Column("due_on", _("Due"), lambda s: s.due_on, sort="due_on", shown=False),
        Column("updated", _("Changed"), lambda s: s.updated_at, sort="updated_at", shown=False),
    ],
    filters=[
        Filter("state", _("State"), of(ScreeningState), field="state"),
        Filter("tier", _("Tier"), of(Tier), field="tier"),
        Filter("use", _("Use"), of(Use), apply=_any_of("use")),
        Filter("system", _("AI system"), _systems(Screening), apply=_of_systems),
        Filter("unit", _("Unit"), units_with(Screening), field="unit_id"),
    ],
    search=("ref", "title", "note"),
    related=("unit", "owner", "answered_by"),
    sort="-updated_at",
)
