"""How a unit's list of AI systems stands."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from aims.ui import Tone
from aims.workflow import Workflow, edge
from organization.states import Role


class ListState(TextChoices):
    KEPT = "kept", _("Attested regularly")
    ENDED = "ended", _("No longer asked for")


LIST_TONES: dict[str, Tone] = {ListState.KEPT: "good", ListState.ENDED: "neutral"}
LIST = Workflow(
    "attested_list",
    ListState,
    [edge("end", _("Ask no more"), [ListState.KEPT], ListState.ENDED, (Role.AIMS_MANAGER,))],
)
