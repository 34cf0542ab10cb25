"""How a unit's list of AI systems stands."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from aims.ui import Tone
from aims.workflow import Workflow, edge
from organization.states import Role


class ListState(TextChoices):
    ASKED = "asked", _("Not yet attested")
    KEPT = "kept", _("Attested regularly")
    ENDED = "ended", _("No longer asked for")


ASKED_FOR = (ListState.ASKED, ListState.KEPT)
LIST_TONES: dict[str, Tone] = {ListState.ASKED: "warn", ListState.KEPT: "good", ListState.ENDED: "neutral"}
LIST = Workflow(
    "attested_list",
    ListState,
    [
        edge("attest", _("Attest"), ASKED_FOR, ListState.KEPT),
        edge("end", _("Ask no more"), ASKED_FOR, ListState.ENDED, (Role.AIMS_MANAGER,)),
    ],
)
