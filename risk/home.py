"""The home page's panel: what about risk needs somebody now. Each number opens its list."""

from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from aims import clock
from risk.models import Risk, TreatmentAction
from risk.states import WAITING, Evaluation


def panel(request: HttpRequest) -> dict[str, Any]:
    """Unacceptable, overdue, waiting, late actions; nothing for who sees no risk. Three queries."""
    today, rows = clock.today(), Risk.objects.visible_to(request.user)
    found: Counter[str] = Counter()
    for (state, evaluation), n in rows.cells("risk.standing").items():
        found["total"] += n
        found["worst"] += n * (evaluation == Evaluation.UNACCEPTABLE)
        found["waiting"] += n * (state in WAITING and evaluation != Evaluation.UNACCEPTABLE)
    if not found["total"]:
        return {}
    overdue = rows.overdue(on=today).count()
    late = TreatmentAction.objects.visible_to(request.user).overdue(on=today).count()
    lines = [
        (_("Open risks"), found["total"], "/risks/?standing=open"),
        (_("Accepted by nobody"), found["worst"], "/risks/?level=unacceptable"),
        (_("Review overdue"), overdue, "/risks/?standing=overdue"),
        (_("Wait for acceptance"), found["waiting"], "/risks/?standing=to_accept"),
        (_("Actions overdue"), late, "/actions/?standing=overdue"),
    ]
    return {"template": "risk/_home.html", "rows": lines}
