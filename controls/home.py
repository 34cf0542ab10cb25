"""The home page's panel: how far Annex A is."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from aims import clock
from aims.access import access_of
from controls import readiness
from controls.models import ControlStatement
from controls.tables import PROGRESS_RULES


def fitness(request: HttpRequest) -> dict[str, Any]:
    """How fit the clauses 4 to 10 are, and the three facts that hold the certificate back most; both from readiness.

    What to do about it this week is told to our people alone.
    """
    scope = readiness.scope_named(request.user)
    if scope is None:
        return {}
    found = readiness.read(request.user, scope, clock.today())
    bars = [(one.number, one.title, one.done, one.total, one.url) for one in found.chapters if one.number.isdigit()]
    outside = access_of(request.user).guest
    return {"clauses": bars, "week": [] if outside else [_step(*step) for step in found.steps]}


def _step(name: str, fact: readiness.Fact) -> dict[str, str]:
    why = _("Missing for stage %(stage)d: %(sentence)s %(why)s")
    words = {"stage": fact.stage, "sentence": fact.sentence, "why": fact.reading.why}
    return {"title": name, "url": fact.reading.url, "why": why % words}


def annex_a(request: HttpRequest) -> dict[str, Any]:
    """Bars for decided, justified, implemented and evidenced, each linking to its list; nothing for who sees none."""
    rows = ControlStatement.objects.visible_to(request.user).with_links(request.user).order_by()
    counts = {name: Count("pk", filter=rule) for name, rule in PROGRESS_RULES.items()}
    found = rows.aggregate(total=Count("pk"), included=Count("pk", filter=Q(applicability="included")), **counts)
    if not found["total"]:
        return {}
    bars = [
        (_("Decided"), found["decided"], found["total"], "decided"),
        (_("Justified, with basis"), found["justified"], found["total"], "justified"),
        (_("Implemented"), found["implemented"], found["included"], "implemented"),
        (_("With evidence"), found["evidenced"], found["included"], "evidenced"),
    ]
    return {"template": "controls/_home.html", "bars": [_bar(*bar) for bar in bars]}


def _bar(label: str, done: int, total: int, key: str) -> dict[str, Any]:
    return {"label": label, "done": done, "total": total, "url": f"/statements/?progress={key}"}
