"""The home page's panels: what of audits needs somebody now. Each number opens its list."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from aims import clock
from aims.access import access_of
from audits.models import CorrectiveAction, Engagement, Nonconformity


def panel(request: HttpRequest) -> dict[str, Any]:
    """Open, overdue, awaiting nonconformities and late actions; nothing for who sees none. Two queries."""
    today = clock.today()
    rows = Nonconformity.objects.visible_to(request.user).open().order_by()
    found = rows.aggregate(
        total=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)), again=Count("pk", filter=Q(round__gt=1)),
        waiting=Count("pk", filter=Q(state="awaiting", effect_from__lte=today)),
    )  # fmt: skip
    if not found["total"]:
        return {}
    actions = CorrectiveAction.objects.visible_to(request.user).open().overdue(on=today).count()
    lines = [
        (_("Open nonconformities"), found["total"], "/nonconformities/?standing=open"),
        (_("Overdue"), found["late"], "/nonconformities/?standing=overdue"),
        (_("Taken up more than once"), found["again"], "/nonconformities/?standing=reopened"),
        (_("Effect to be judged now"), found["waiting"], "/nonconformities/?state=awaiting"),
        (_("Corrective actions overdue"), actions, "/corrective-actions/?standing=overdue"),
    ]
    return {"template": "audits/_home.html", "rows": lines}


def rooms(request: HttpRequest) -> dict[str, Any]:
    """The way into their rooms for people from outside, above all else; nothing for ours. One query."""
    if not access_of(request.user).windows:
        return {}
    mine = Engagement.objects.visible_to(request.user).running(clock.today()).filter(members__person=request.user.pk)
    return {"template": "audits/_home_rooms.html", "first": True, "rows": list(mine.order_by("ends_on"))}
