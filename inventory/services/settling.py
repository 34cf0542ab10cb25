"""Taking the flag of a significant change away once everything it asked for was done again (8.1, 8.4)."""

from datetime import date

from django.utils.translation import gettext as _

from aims.services import change, locked, unmet_checks
from aims.trail import recording
from inventory.gate import SETTLE, GateQuestion
from inventory.models import AISystem


def settle(system: AISystem, *, on: date) -> bool:
    """Take the flag away when nothing is stale any more; whether it is gone.

    Called by verbs that approve something, inside their transactions, and by `settle_flagged`.
    """
    current = locked(system)
    if not current.flag:
        return True
    live = current.versions.filter(live_from__isnull=False, live_until=None).first()
    if unmet_checks(GateQuestion(current, live, "", on), *SETTLE):
        return False
    change(current, {"flag": ""})
    return True


def settle_flagged(*, on: date) -> int:
    """Settle every flagged system of which everything was done again; answers how many. Runs again harmlessly."""
    flagged = AISystem.objects.exclude(flag="").order_by("pk").values_list("pk", flat=True)
    return sum(_settled(pk, on) for pk in list(flagged))


def _settled(pk: int, on: date) -> bool:
    with recording(None, "settle", reason=_("Everything that the change asked for was done again.")):
        return settle(AISystem(pk=pk), on=on)
