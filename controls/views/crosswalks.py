"""Other frameworks: what of the management system can be reused for them, and what is missing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aims.errors import Hidden
from aims.ui import Badge, Crumb, Empty, Header
from aims.views.base import PageView
from controls.models import Framework
from controls.reuse import Line, frameworks, lines_of
from controls.states import RELATIONSHIP_TONES


class FrameworkList(PageView):
    """Which other frameworks are there, and how much of each has a counterpart?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        lead = _("What is kept for ISO/IEC 42001 can often be shown elsewhere. Nothing here says that you conform.")
        context = {
            "header": Header(title=_("Other frameworks"), lead=lead),
            "frameworks": frameworks(),
            "empty": Empty(title=_("No other framework is loaded"), text=_("An administrator loads them from files.")),
        }
        return render(request, "controls/framework_list.html", context)


class FrameworkDetail(PageView):
    """Row by row: what stands here already that answers it, and what is missing?"""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        found = frameworks().filter(key=key).first()
        if found is None:
            raise Hidden
        lines = lines_of(found, request.user)
        asked = [line for line in lines if not line.row.heading]
        context = {
            "header": self.header(found),
            "framework": found,
            "rows": [(line, _told(line)) for line in lines],
            "total": len(asked),
            "answered": sum(line.answered for line in asked),
            "missing": sum(not line.counterparts for line in asked),
        }
        return render(request, "controls/framework_detail.html", context)

    def header(self, framework: Framework) -> Header:
        lead = _("%(edition)s: what can be reused, and what is missing. It says nothing about conforming with it.")
        crumbs = [Crumb(_("Other frameworks"), "/frameworks/")]
        return Header(title=framework.title, ref="", lead=lead % {"edition": framework.edition}, crumbs=crumbs)


def _told(line: Line) -> list[tuple[Any, Badge]]:
    """Each counterpart with the badge of its relationship."""
    return [
        (one, Badge(one.counterpart.get_relationship_display(), RELATIONSHIP_TONES[one.counterpart.relationship]))
        for one in line.counterparts
    ]
