"""The registers of committees and of sittings, each declared once for page, exports and API."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from aims.listing import Column, Filter, Table
from aims.ui import Link
from aims.views.register import state_badge
from organization.committee_states import CommitteeState, SittingState
from organization.committees import Committee, Sitting
from organization.models import Unit


def _units(model: Any) -> Any:
    def choices(user: Any) -> list[tuple[str, Any]]:
        rows = Unit.objects.filter(pk__in=model.objects.visible_to(user).order_by().values("unit"))
        return [(str(pk), name) for pk, name in rows.order_by("name").values_list("pk", "name")]

    return choices


COMMITTEES = Table(
    kind="committee",
    columns=[
        Column("title", _("Committee"), lambda c: c.title, sort="title"),
        Column("state", _("State"), state_badge, lambda c: c.get_state_display()),
        Column("purpose", _("What it decides"), lambda c: c.purpose),
        Column("quorum", _("Votes needed"), lambda c: c.quorum, numeric=True),
        Column("majority", _("Majority"), lambda c: c.get_majority_display()),
        Column("unit", _("Unit"), lambda c: c.unit.name, sort="unit__name"),
        Column("owner", _("Owner"), lambda c: c.owner, sort="owner__name"),
        Column("ref", _("Reference"), lambda c: c.ref, sort="ref", shown=False),
    ],
    filters=[
        Filter("state", _("State"), lambda user: CommitteeState.choices, field="state"),
        Filter("unit", _("Unit"), _units(Committee), field="unit_id"),
    ],
    search=("ref", "title", "purpose"),
    sort="title",
)


def _committee(sitting: Sitting) -> Any:
    return Link(sitting.committee.title, sitting.committee.get_absolute_url())


SITTINGS = Table(
    kind="sitting",
    columns=[
        Column("title", _("Sitting"), lambda s: s.title, sort="title"),
        Column("state", _("State"), state_badge, lambda s: s.get_state_display()),
        Column("held_on", _("Day"), lambda s: s.held_on, sort="held_on"),
        Column("committee", _("Committee"), _committee, lambda s: s.committee.title),
        Column("place", _("Place or call"), lambda s: s.place),
        Column("ref", _("Reference"), lambda s: s.ref, sort="ref", shown=False),
        Column("minutes", _("Minutes"), lambda s: s.minutes, shown=False),
    ],
    filters=[
        Filter("state", _("State"), lambda user: SittingState.choices, field="state"),
        Filter("unit", _("Unit"), _units(Sitting), field="unit_id"),
    ],
    search=("ref", "title", "minutes"),
    related=("unit", "owner", "committee"),
    sort="-held_on",
)
