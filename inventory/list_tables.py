"""The register of lists that heads of units attest."""

from django.utils.translation import gettext_lazy as _

from aims.listing import Column, Filter, Table
from aims.views.register import state_badge
from inventory.list_states import ListState
from inventory.models import AttestedList
from inventory.tables import of, owners_of, units_with

LISTS = Table(
    kind="attested_list",
    columns=[
        Column("title", _("List"), lambda one: one.title, sort="title"),
        Column("owner", _("Head"), lambda one: one.owner, sort="owner__name"),
        Column("attested", _("Last attested"), lambda one: one.attested_at, sort="attested_at"),
        Column("counted", _("Systems then"), lambda one: one.counted, numeric=True),
        Column("found_later", _("Found later"), lambda one: one.found_later, numeric=True),
        Column("found", _("Found before that"), lambda one: one.found, numeric=True),
        Column("due", _("Due"), lambda one: one.due_on, sort="due_on"),
        Column("state", _("State"), state_badge, lambda one: one.get_state_display()),
        Column("unit", _("Unit"), lambda one: one.unit.name, sort="unit__name", shown=False),
        Column("ref", _("Reference"), lambda one: one.ref, sort="ref", shown=False),
    ],
    filters=[
        Filter("state", _("State"), of(ListState), field="state"),
        Filter("unit", _("Unit"), units_with(AttestedList), field="unit_id"),
        Filter("owner", _("Head"), owners_of(AttestedList), field="owner_id"),
    ],
)
