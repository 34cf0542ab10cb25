"""The register of concerns, declared once for page, export and API."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aims import asof, clock
from aims.listing import Column, Filter, Table
from aims.views.register import due_badge, state_badge
from inventory.tables import of, owners_of, units_with
from monitoring.models import Concern
from monitoring.states import ConcernSort, ConcernState, Verdict

STANDING = (
    ("open", _("Open")),
    ("overdue", _("Overdue")),
    ("waiting", _("A message waits")),
)


def due_cell(concern: Concern) -> Any:
    """The date, marked when it passed."""
    return due_badge(concern.due_on)


def received_on(concern: Concern) -> Any:
    return timezone.localtime(concern.received_at).date()


def age(concern: Concern) -> int:
    """Days from the receipt to the answer, or until today."""
    until = timezone.localtime(concern.answered_at).date() if concern.answered_at else asof.day()
    return int((until - received_on(concern)).days)


def how(concern: Concern) -> str:
    return str(_("Without a name") if concern.anonymous else _("By name"))


def _standing(rows: Any, values: list[str]) -> Any:
    """Rows that are all of this."""
    for value in values:
        rows = rows.overdue(on=clock.today()) if value == "overdue" else getattr(rows, value)()
    return rows


CONCERNS = Table(
    kind="concern",
    columns=[
        Column("title", _("What happened"), lambda c: c.title, sort="title"),
        Column("state", _("State"), state_badge, lambda c: c.get_state_display(), sort="state"),
        Column("sort", _("About"), lambda c: c.get_sort_display()),
        Column("received", _("Received"), received_on, sort="received_at"),
        Column("age", _("Days"), age, numeric=True),
        Column("due_on", _("Due"), due_cell, lambda c: c.due_on, sort="due_on"),
        Column("owner", _("Handled by"), lambda c: c.owner, sort="owner__name"),
        Column("verdict", _("Outcome"), lambda c: c.get_verdict_display(), shown=False),
        Column("how", _("Raised"), how, shown=False),
        Column("unit", _("Unit"), lambda c: c.unit.name, sort="unit__name", shown=False),
        Column("ref", _("Reference"), lambda c: c.ref, sort="ref", shown=False),
    ],
    filters=[
        Filter("standing", _("Standing"), lambda user: STANDING, apply=_standing),
        Filter("state", _("State"), of(ConcernState), field="state"),
        Filter("sort", _("About"), of(ConcernSort), field="sort"),
        Filter("verdict", _("Outcome"), of(Verdict), field="verdict"),
        Filter("owner", _("Handled by"), owners_of(Concern), field="owner_id"),
        Filter("unit", _("Unit"), units_with(Concern), field="unit_id"),
    ],
    search=("ref", "title", "told", "about"),
    related=("unit", "owner"),
    sort="-received_at",
    extra_sorts=("received_at", "updated_at"),
)
