"""Which systems are still to be screened, by the filters of the register of AI systems."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import QueryDict

from impact import policies
from impact.models import Screening
from impact.states import ScreeningState
from inventory.models import AISystem
from inventory.tables import SYSTEMS


def to_screen(user: Any, params: QueryDict) -> list[AISystem]:
    """Systems that the person may screen, that no screening holds or waits for, and that match; by name.

    Errors: ValidationError (a value that a filter does not know).
    """
    held = Screening.objects.filter(system=OuterRef("pk"), state__in=[ScreeningState.PROPOSED, ScreeningState.IN_FORCE])
    rows = AISystem.objects.visible_to(user).in_life().exclude(Exists(held))
    found = SYSTEMS.filtered(rows, params, user).select_related("unit", "owner").order_by("title", "pk")
    return [row for row in found if policies.can_screen(user, row)]
