"""The home page's panel: what about risk needs somebody now. Each number opens its list."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from aims import clock
from risk.models import Risk, TreatmentAction


def panel(request: HttpRequest) -> dict[str, Any]:
    """Unacceptable, overdue, waiting, late actions; nothing for who sees no risk. Two queries."""
    today = clock.today()
    rows = Risk.objects.visible_to(request.user).open().order_by()
    found = rows.aggregate(
        total=Count("pk"),
        worst=Count("pk", filter=Q(evaluation="unacceptable")),
        overdue=Count("pk", filter=Q(due_on__lt=today)),
        waiting=Count("pk", filter=Q(state__in=["assessed", "treating", "verified"]) & ~Q(evaluation="unacceptable")),
    )
    if not found["total"]:
        return {}
    late = TreatmentAction.objects.visible_to(request.user).overdue(on=today).count()
    lines = [
        (_("Open risks"), found["total"], "/risks/?standing=open"),
        (_("Accepted by nobody"), found["worst"], "/risks/?level=unacceptable"),
        (_("Review overdue"), found["overdue"], "/risks/?standing=overdue"),
        (_("Wait for acceptance"), found["waiting"], "/risks/?standing=to_accept"),
        (_("Actions overdue"), late, "/actions/?standing=overdue"),
    ]
    return {"template": "risk/_home.html", "rows": lines}
