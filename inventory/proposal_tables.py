"""The register of proposals."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aims.listing import Column, Filter, Table
from aims.views.register import state_badge
from inventory.models import Proposal
from inventory.proposal_states import ProposalSource, ProposalState
from inventory.tables import of, units_with

PROPOSALS = Table(
    kind="proposal",
    columns=[
        Column("title", _("Name"), lambda p: p.title, sort="title"),
        Column("state", pgettext_lazy("noun", "Answer"), state_badge, lambda p: p.get_state_display()),
        Column("system", _("System"), lambda p: p.system.ref if p.system else ""),
        Column("unit", _("Unit"), lambda p: p.unit.name, sort="unit__name"),
        Column("owner", _("Proposed by"), lambda p: p.owner, sort="owner__name"),
        Column("created", _("Proposed"), lambda p: p.created_at, sort="created_at"),
        Column("source", _("Source"), lambda p: p.get_source_display(), shown=False),
        Column("tool", _("Product or model"), lambda p: p.tool, shown=False),
        Column("answer", _("Why"), lambda p: p.answer, shown=False),
        Column("ref", _("Reference"), lambda p: p.ref, sort="ref", shown=False),
    ],
    filters=[
        Filter("state", pgettext_lazy("noun", "Answer"), of(ProposalState), field="state"),
        Filter("source", _("Source"), of(ProposalSource), field="source"),
        Filter("unit", _("Unit"), units_with(Proposal), field="unit_id"),
    ],
    search=("ref", "title", "purpose", "tool"),
    related=("unit", "owner", "system"),
    sort="-created_at",
    extra_sorts=("created_at",),
)
