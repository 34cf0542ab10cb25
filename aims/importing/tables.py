"""The register of imports."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from aims.importing.services import importable
from aims.listing import Column, Filter, Table
from aims.states import ImportState
from aims.ui import Badge

TONES: dict[str, Any] = {
    ImportState.READ: "warn",
    ImportState.CHECKED: "warn",
    ImportState.DONE: "good",
    ImportState.FAILED: "bad",
    ImportState.TAKEN_BACK: "neutral",
}


def _state(record: Any) -> Badge:
    return Badge(str(record.get_state_display()), TONES.get(record.state, "info"))


IMPORTS = Table(
    kind="import",
    columns=[
        Column("title", _("File"), lambda r: r.title, sort="title"),
        Column("target", _("What it holds"), lambda r: str(importable(r.target).label)),
        Column("state", _("State"), _state, lambda r: r.get_state_display()),
        Column("lines", _("Lines"), lambda r: sum(r.counts.values()), numeric=True),
        Column("created", _("Handed in"), lambda r: r.created_at, sort="created_at"),
        Column("ref", _("Reference"), lambda r: r.ref, sort="ref", shown=False),
    ],
    filters=[Filter("state", _("State"), lambda user: ImportState.choices, field="state")],
    search=("ref", "title"),
    sort="-created_at",
    extra_sorts=("created_at",),
)
