"""The home page's panel: which concerns wait for who handles them. Each number opens its list."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from aims import clock
from aims.access import access_of
from monitoring.models import Concern


def panel(request: HttpRequest) -> dict[str, Any]:
    """Open, overdue, with a message that waits; nothing for who is on no case list."""
    rows = Concern.objects.visible_to(request.user)
    if not access_of(request.user).cases or not rows.exists():
        return {}
    lines = [
        (_("Open"), rows.open().count(), "/concerns/?standing=open"),
        (_("Overdue"), rows.overdue(on=clock.today()).count(), "/concerns/?standing=overdue"),
        (_("A message waits"), rows.open().waiting().count(), "/concerns/?standing=open&standing=waiting"),
    ]
    return {"template": "monitoring/_home.html", "rows": lines}
