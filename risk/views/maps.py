"""Where is the danger? The heat map, before treatment or now, at any date, with its table; the top risks; the trend."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aims import asof
from aims.ui import Crumb, Header, Link
from aims.views.register import state_badge
from risk import pictures
from risk.models import RiskCriteria
from risk.states import Nature
from risk.tables import level_badge
from risk.views.base import RiskView

TOP = 10


class HeatMap(RiskView):
    """Two maps beside each other, of threats or of opportunities; every number opens its list."""

    def get(self, request: HttpRequest) -> HttpResponse:
        criteria, nature = RiskCriteria.objects.in_force(), self._nature()
        lead = _("Open risks by how likely they are and how bad they would be.")
        if nature == Nature.OPPORTUNITY:
            lead = _("Open opportunities by how likely they are and how much they would bring.")
        header = Header(title=_("Heat map of risks"), lead=lead, crumbs=[Crumb(_("Risks"), "/risks/")])
        context: dict[str, Any] = {"header": header, "as_of": request.GET.get("as_of", ""), "nature": nature}
        if criteria is not None:
            context |= {
                "now": self._map(criteria, nature, _("Now"), before=False),
                "before": self._map(criteria, nature, _("Before treatment"), before=True),
                "top": [(r, level_badge(r), state_badge(r)) for r in self._top(nature)],
                "edition": criteria,
                "natures": Nature.choices,
                "trend": Link(_("Trend over a year"), asof.carry("/risks/trend/")),
            }
        return render(request, "risk/heatmap.html", context)

    def _nature(self) -> str:
        asked = self.request.GET.get("nature", "")
        return asked if asked in Nature.values else Nature.THREAT

    def _map(self, criteria: RiskCriteria, nature: str, title: str, *, before: bool) -> Any:
        counts = pictures.counts_of(self.model.objects.visible_to(self.request.user), before, nature)
        return pictures.heat_map(criteria, counts, title=title, before=before, more=f"&nature={nature}")

    def _top(self, nature: str) -> Any:
        return self.rows().open().filter(nature=nature).exclude(score=None).most_severe()[:TOP]


class Trend(RiskView):
    """Do our risks become fewer and smaller? Thirteen months, from what was recorded."""

    def get(self, request: HttpRequest) -> HttpResponse:
        crumbs = [Crumb(_("Risks"), "/risks/"), Crumb(_("Heat map"), asof.carry("/risks/heatmap/"))]
        lead = _("Open risks at the end of each month, as they were recorded then.")
        header = Header(title=_("Trend of risks"), lead=lead, crumbs=crumbs)
        charts = pictures.trend(request.user, asof.day())
        return render(request, "risk/trend.html", {"header": header, "charts": charts})
