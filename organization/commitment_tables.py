"""The registers of obligations and objectives."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from aims import asof
from aims.listing import Column, Filter, Table
from aims.ui import Badge, Link
from aims.views.register import state_badge
from organization.commitments import Objective, Obligation
from organization.models import Unit, User
from organization.states import ObjectiveState, ObligationSort, ObligationState


def of(choices: Any) -> Any:
    """The values of a scale as choices of a filter."""
    return lambda user: list(choices.choices)


def units_with(model: Any) -> Any:
    """Units that have such a record the person sees."""

    def choices(user: Any) -> list[tuple[str, Any]]:
        rows = Unit.objects.filter(pk__in=model.objects.visible_to(user).order_by().values("unit_id").distinct())
        return [(str(pk), name) for pk, name in rows.order_by("name").values_list("pk", "name")]

    return choices


def owners_of(model: Any) -> Any:
    """People who answer for such a record that the person sees."""

    def choices(user: Any) -> list[tuple[str, Any]]:
        rows = User.objects.filter(pk__in=model.objects.visible_to(user).order_by().values("owner_id").distinct())
        return [(str(pk), name) for pk, name in rows.order_by("name").values_list("pk", "name")]

    return choices


def reach_links(row: Any) -> list[Any]:
    """The AI systems it is about, as far as the reader sees them (`with_reach` of the view)."""
    return [Link(one.record.title, one.record.get_absolute_url()) for one in row.reach.all()]


def due_cell(row: Any) -> Any:
    """The date, marked when it passed."""
    if row.due_on is None or row.due_on >= asof.day():
        return row.due_on
    return Badge(str(_("Overdue")), "bad", "clock-exclamation")


OBLIGATIONS = Table(
    kind="obligation",
    columns=[
        Column("title", _("Obligation"), lambda o: o.title, sort="title"),
        Column("sort", _("Sort"), lambda o: o.get_sort_display(), sort="sort"),
        Column("source", _("Source"), lambda o: o.source, sort="source"),
        Column("state", _("State"), state_badge, lambda o: o.get_state_display(), sort="state"),
        Column("reach", _("AI systems"), reach_links, lambda o: [link.label for link in reach_links(o)]),
        Column("unit", _("Unit"), lambda o: o.unit.name, sort="unit__name"),
        Column("owner", _("Owner"), lambda o: o.owner, sort="owner__name"),
        Column("due_on", _("Next review"), due_cell, lambda o: o.due_on, sort="due_on"),
        Column("ref", _("Reference"), lambda o: o.ref, sort="ref", shown=False),
        Column("asks", _("What it asks of us"), lambda o: o.asks, shown=False),
        Column("holds_from", _("Holds from"), lambda o: o.holds_from, sort="holds_from", shown=False),
        Column("updated", _("Changed"), lambda o: o.updated_at, sort="updated_at", shown=False),
    ],
    filters=[
        Filter("sort_of", _("Sort"), of(ObligationSort), field="sort"),
        Filter("state", _("State"), of(ObligationState), field="state"),
        Filter("unit", _("Unit"), units_with(Obligation), field="unit_id"),
        Filter("owner", _("Owner"), owners_of(Obligation), field="owner_id"),
    ],
    search=("ref", "title", "source", "asks"),
    sort="title",
)

OBJECTIVES = Table(
    kind="objective",
    columns=[
        Column("title", _("Objective"), lambda o: o.title, sort="title"),
        Column("state", _("State"), state_badge, lambda o: o.get_state_display(), sort="state"),
        Column("theme", _("Theme"), lambda o: o.theme, sort="theme"),
        Column("measure", _("Measure and target"), lambda o: o.measure),
        Column("owner", _("Responsible"), lambda o: o.owner, sort="owner__name"),
        Column("due_on", _("By when"), due_cell, lambda o: o.due_on, sort="due_on"),
        Column("reach", _("AI systems"), reach_links, lambda o: [link.label for link in reach_links(o)], shown=False),
        Column("unit", _("Unit"), lambda o: o.unit.name, sort="unit__name", shown=False),
        Column("ref", _("Reference"), lambda o: o.ref, sort="ref", shown=False),
        Column("work", _("What is done"), lambda o: o.work, shown=False),
        Column("resources", _("Resources"), lambda o: o.resources, shown=False),
        Column("evaluation", _("How the result is evaluated"), lambda o: o.evaluation, shown=False),
        Column("result", _("What came of it"), lambda o: o.result, shown=False),
        Column("updated", _("Changed"), lambda o: o.updated_at, sort="updated_at", shown=False),
    ],
    filters=[
        Filter("state", _("State"), of(ObjectiveState), field="state"),
        Filter("unit", _("Unit"), units_with(Objective), field="unit_id"),
        Filter("owner", _("Responsible"), owners_of(Objective), field="owner_id"),
    ],
    search=("ref", "title", "theme", "measure", "work"),
    sort="title",
)
