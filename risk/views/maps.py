"""Where is the danger? The heat map, before treatment or now, at any date, with its table and the top risks."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aims import asof
from aims.ui import Crumb, Header
from aims.views.register import state_badge
from risk import pictures
from risk.models import RiskCriteria
from risk.tables import level_badge
from risk.views.base import RiskView

TOP = 10


class HeatMap(RiskView):
    """Two maps beside each other; every number opens its list."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows, criteria = self.model.objects.visible_to(request.user), RiskCriteria.objects.in_force()
        lead = _("Open risks by how likely they are and how bad they would be.")
        header = Header(title=_("Heat map of risks"), lead=lead, crumbs=[Crumb(_("Risks"), "/risks/")])
        context: dict[str, Any] = {"header": header, "as_of": request.GET.get("as_of", ""), "past": asof.moment()}
        if criteria is not None:
            context |= {
                "now": self._map(criteria, rows, _("Now"), before=False),
                "before": self._map(criteria, rows, _("Before treatment"), before=True),
                "top": [(r, level_badge(r), state_badge(r)) for r in self._top()],
                "edition": criteria,
            }
        return render(request, "risk/heatmap.html", context)

    def _map(self, criteria: RiskCriteria, rows: Any, title: str, *, before: bool) -> Any:
        counts = pictures.counts_of(rows, before)
        return pictures.heat_map(criteria, counts, title=title, before=before)

    def _top(self) -> Any:
        return self.rows().open().exclude(score=None).most_severe()[:TOP]
