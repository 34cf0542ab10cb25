"""The registers of risks, of treatment actions and of criteria, each declared once for page, exports and API."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, F, Func, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aims import asof, clock
from aims.listing import Column, Filter, Table
from aims.ui import Badge, Link
from aims.views.register import due_badge, state_badge
from inventory.models import AISystem
from inventory.tables import of, owners_of, units_with
from risk.annex_c import NAMES, named
from risk.models import Risk, RiskCriteria, TreatmentAction
from risk.states import EVALUATION_TONES, ActionState, CriteriaState, Nature, Option, RiskState


def level_badge(risk: Any) -> Any:
    """The level in words with its score, or "" when not assessed."""
    if risk.criteria is None:
        return Badge(str(_("Not assessed")), "neutral")
    return Badge(f"{risk.level_name} {risk.score}", EVALUATION_TONES[risk.evaluation])


def system_links(risk: Risk) -> list[Any]:
    """The AI systems it concerns, as far as the reader sees them (`seen_systems` and `family_seen` of the view)."""
    seen = [risk.system] if risk.system is not None else []
    return [Link(one.title, one.get_absolute_url()) for one in [*seen, *(part.system for part in risk.family.all())]]


def due_cell(record: Any) -> Any:
    """The date, marked when it passed."""
    return due_badge(record.due_on, over=record.state in (RiskState.CLOSED, ActionState.DONE, ActionState.DROPPED))


def option_words(risk: Risk) -> str:
    return str(risk.treatment.get_option_display()) if risk.treatment is not None else ""


def _levels(user: Any) -> list[tuple[str, str]]:
    """Levels of every edition, in the words of the latest."""
    found: dict[str, str] = {}
    for levels in RiskCriteria.objects.order_by("edition").values_list("levels", flat=True):
        found |= {level["id"]: level["name"] for level in levels}
    return list(found.items())


def _systems(user: Any) -> list[tuple[str, Any]]:
    risks = Risk.objects.visible_to(user)
    own = Exists(risks.filter(system=OuterRef("pk")))
    family = Exists(risks.filter(family__system=OuterRef("pk")))
    rows = AISystem.objects.visible_to(user).filter(own | family).order_by("title")
    return list(rows.values_list("ref", "title"))


def _of_systems(rows: Any, refs: list[str]) -> Any:
    return rows.of_systems(list(AISystem.objects.filter(ref__in=refs).values_list("pk", flat=True)))


def _sources(user: Any) -> list[tuple[str, Any]]:
    rows = Risk.objects.visible_to(user).annotate(one=Func(F("sources"), function="unnest"))
    found = rows.order_by("one").values_list("one", flat=True).distinct()
    return [(value, f"{value} {NAMES[value]}" if value in NAMES else value) for value in found]


STANDING = (
    ("open", _("Not closed")),
    ("overdue", _("Review overdue")),
    ("to_accept", _("Waits for acceptance")),
    ("outdated", _("Rated by superseded criteria")),
    ("running_out", _("Acceptance runs out within 60 days")),
    ("action_late", _("An action is overdue")),
)


def _standing(rows: Any, values: list[str]) -> Any:
    match = Q()
    for value in values:
        match |= Q(pk__in=_STANDS[value](rows).order_by().values("pk"))
    return rows.filter(match)


def _running_out(rows: Any) -> Any:
    today = asof.day()
    return rows.open().filter(acceptance__until__range=(today, today.fromordinal(today.toordinal() + 60)))


def _action_late(rows: Any) -> Any:
    late = TreatmentAction.objects.overdue(on=asof.day()).filter(risk=OuterRef("pk"))
    return rows.open().filter(Exists(late))


_STANDS: dict[str, Any] = {
    "open": lambda rows: rows.open(),
    "overdue": lambda rows: rows.overdue(on=clock.today()),
    "to_accept": lambda rows: rows.to_accept(),
    "outdated": lambda rows: rows.outdated(),
    "running_out": _running_out,
    "action_late": _action_late,
}


def _any_of(name: str) -> Any:
    return lambda rows, values: rows.filter(**{f"{name}__in": values})


def _steps(user: Any) -> Sequence[tuple[str, str]]:
    return [(str(number), str(number)) for number in range(1, 8)]


def _overdue(rows: Any, values: list[str]) -> Any:
    return rows.overdue(on=clock.today())


RISKS = Table(
    kind="risk",
    columns=[
        Column("title", _("Risk"), lambda r: r.title, sort="title"),
        Column("level", _("Level"), level_badge, lambda r: r.level_name, sort="score"),
        Column("state", _("State"), state_badge, lambda r: r.get_state_display(), sort="state"),
        Column("systems", _("AI systems"), system_links, lambda r: [link.label for link in system_links(r)]),
        Column("option", _("Treatment"), option_words),
        Column("unit", _("Unit"), lambda r: r.unit.name, sort="unit__name"),
        Column("owner", _("Owner"), lambda r: r.owner, sort="owner__name"),
        Column("due_on", _("Next review"), due_cell, lambda r: r.due_on, sort="due_on"),
        Column("ref", _("Reference"), lambda r: r.ref, sort="ref", shown=False),
        Column("score", _("Score"), lambda r: r.score, sort="score", shown=False, numeric=True),
        Column("likelihood", _("Likelihood"), lambda r: r.likelihood, sort="likelihood", shown=False, numeric=True),
        Column("consequence", _("Consequence"), lambda r: r.consequence, sort="consequence", shown=False, numeric=True),
        Column("nature", _("Kind"), lambda r: r.get_nature_display(), shown=False),
        Column("sources", _("Risk sources"), lambda r: named(r.sources), shown=False),
        Column("objectives", _("Objectives"), lambda r: named(r.objectives), shown=False),
        Column("cause", _("Cause"), lambda r: r.cause, shown=False),
        Column("event", _("Event"), lambda r: r.event, shown=False),
        Column("consequences", _("Consequence in words"), lambda r: r.consequences, shown=False),
        Column(
            "accepted_until",
            _("Accepted until"),
            lambda r: r.acceptance.until if r.acceptance else None,
            sort="acceptance__until",
            shown=False,
        ),
        Column("criteria", _("Criteria"), lambda r: r.criteria.edition if r.criteria else None, shown=False),
        Column("updated", _("Changed"), lambda r: r.updated_at, sort="updated_at", shown=False),
    ],
    filters=[
        Filter("level", _("Level"), _levels, field="level"),
        Filter("state", _("State"), of(RiskState), field="state"),
        Filter("system", _("AI system"), _systems, apply=_of_systems),
        Filter("unit", _("Unit"), units_with(Risk), field="unit_id"),
        Filter("owner", _("Owner"), owners_of(Risk), apply=_any_of("owner_id")),
        Filter("source", _("Risk source"), _sources, apply=lambda rows, values: rows.filter(sources__overlap=values)),
        Filter("option", _("Treatment"), of(Option), apply=_any_of("treatment__option")),
        Filter("standing", _("Standing"), lambda user: STANDING, apply=_standing),
        Filter("nature", _("Kind"), of(Nature), apply=_any_of("nature")),
        Filter("likelihood", _("Likelihood"), _steps, apply=_any_of("likelihood")),
        Filter("consequence", _("Consequence"), _steps, apply=_any_of("consequence")),
        Filter("likelihood_before", _("Likelihood before"), _steps, apply=_any_of("inherent_likelihood")),
        Filter("consequence_before", _("Consequence before"), _steps, apply=_any_of("inherent_consequence")),
    ],
    search=("ref", "title", "cause", "event", "consequences"),
    related=("unit", "owner", "criteria", "treatment", "acceptance"),
    sort="-score",
)

ACTIONS = Table(
    kind="action",
    columns=[
        Column("title", pgettext_lazy("risk", "Action"), lambda a: a.title, sort="title"),
        Column("state", _("State"), state_badge, lambda a: a.get_state_display(), sort="state"),
        Column(
            "risk",
            _("Risk"),
            lambda a: Link(f"{a.risk.ref} {a.risk.title}", a.risk.get_absolute_url()) if a.risk else "",
            lambda a: a.risk.ref if a.risk else "",
        ),
        Column("owner", _("Owner"), lambda a: a.owner, sort="owner__name"),
        Column("due_on", _("Due"), due_cell, lambda a: a.due_on, sort="due_on"),
        Column("done_on", _("Done"), lambda a: a.done_on, sort="done_on"),
        Column("unit", _("Unit"), lambda a: a.unit.name, sort="unit__name", shown=False),
        Column("ref", _("Reference"), lambda a: a.ref, sort="ref", shown=False),
        Column("result", _("What came of it"), lambda a: a.result, shown=False),
        Column("updated", _("Changed"), lambda a: a.updated_at, sort="updated_at", shown=False),
    ],
    filters=[
        Filter("state", _("State"), of(ActionState), field="state"),
        Filter("owner", _("Owner"), owners_of(TreatmentAction), field="owner_id"),
        Filter("unit", _("Unit"), units_with(TreatmentAction), field="unit_id"),
        Filter(
            "standing",
            _("Standing"),
            lambda user: (("overdue", _("Overdue")),),
            apply=_overdue,
        ),
    ],
    search=("ref", "title", "result"),
    related=("unit", "owner"),
    sort="due_on",
)

CRITERIA = Table(
    kind="criteria",
    columns=[
        Column("title", _("Edition"), lambda c: c.title, sort="edition"),
        Column("state", _("State"), state_badge, lambda c: c.get_state_display()),
        Column("approved_by", _("Approved by"), lambda c: c.approved_by),
        Column("approved_at", _("Approved"), lambda c: c.approved_at),
        Column("due_on", _("Next review"), lambda c: c.due_on, sort="due_on"),
        Column("owner", _("Owner"), lambda c: c.owner, sort="owner__name"),
        Column("ref", _("Reference"), lambda c: c.ref, sort="ref", shown=False),
        Column("appetite", _("Appetite"), lambda c: c.appetite, shown=False),
    ],
    filters=[Filter("state", _("State"), of(CriteriaState), field="state")],
    search=("ref", "title", "appetite"),
    related=("unit", "owner", "approved_by"),
    sort="-edition",
)
