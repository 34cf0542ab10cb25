"""Other frameworks: what of the management system can be reused for them, what is missing, what nobody reviewed yet."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aims import asof, clock
from aims.errors import Hidden
from aims.ui import Badge, Crumb, Empty, Header
from aims.views.base import PageView
from controls import policies, services
from controls.models import Framework, OtherRow
from controls.reuse import Line, frameworks, lines_of
from controls.states import RELATIONSHIP_TONES, Ours


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


class FrameworkPage(PageView):
    """What the page of a framework and the act on it share."""

    def framework(self) -> Any:
        found = frameworks().filter(key=self.kwargs["key"]).first()
        if found is None:
            raise Hidden
        return found

    def page(self, found: Any, errors: Sequence[str] = (), status: int = 200) -> HttpResponse:
        """Every row with what stands behind it; `errors` of the act that was just refused."""
        lines = lines_of(found, self.request.user)
        asked = [line for line in lines if not line.row.heading]
        shown = [line for line in lines if not self.request.GET.get("unreviewed") or line.unreviewed]
        context = {
            "header": self.header(found),
            "framework": found,
            "rows": [(line, _told(line), review_badge(line.row, found)) for line in shown],
            "total": len(asked),
            "answered": sum(line.answered for line in asked),
            "missing": sum(not line.counterparts for line in asked),
            "reviewed": sum(line.row.reviewed for line in asked),
            "ours": ", ".join(str(Ours(one).label) for one in found.ours),
            "may_review": asof.moment() is None and bool(policies.can_review_framework(self.request.user)),
            "errors": errors,
            "note": self.request.POST.get("note", ""),
            "ticked": self.request.POST.getlist("rows"),
        }
        return render(self.request, "controls/framework_detail.html", context, status=status)

    def header(self, framework: Framework) -> Header:
        lead = _("%(edition)s: what can be reused, and what is missing. It says nothing about conforming with it.")
        crumbs = [Crumb(_("Other frameworks"), "/frameworks/")]
        return Header(title=framework.title, ref="", lead=lead % {"edition": framework.edition}, crumbs=crumbs)


class FrameworkDetail(FrameworkPage):
    """Row by row: what stands here already that answers it, what is missing, what did a person look at?"""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self.page(self.framework())


class FrameworkReview(FrameworkPage):
    """Say of the ticked rows that they were looked at, or that a review holds no more."""

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        found, by = self.framework(), request.user
        numbers, note = request.POST.getlist("rows"), request.POST.get("note", "")
        stands = request.POST.get("act") != "withdraw"
        try:
            done = services.review_rows(found, numbers, by=by, note=note, at=clock.now(), stands=stands)  # type: ignore[arg-type]
        except ValidationError as error:
            return self.page(found, error.messages, 400)
        if stands:
            said = ngettext("%(count)d row is reviewed.", "%(count)d rows are reviewed.", done) % {"count": done}
        else:
            said = ngettext("%(count)d review was withdrawn.", "%(count)d reviews were withdrawn.", done) % {
                "count": done
            }
        messages.success(request, said)
        return redirect(f"/frameworks/{found.key}/")


def _told(line: Line) -> list[tuple[Any, Badge]]:
    """Each counterpart with the badge of its relationship."""
    return [
        (one, Badge(one.counterpart.get_relationship_display(), RELATIONSHIP_TONES[one.counterpart.relationship]))
        for one in line.counterparts
    ]


def review_badge(row: OtherRow, framework: Framework) -> Badge:
    """Whether a person looked at the row; what is ours is called so until then."""
    if row.reviewed:
        return Badge(_("Reviewed"), "good")
    return Badge(_("Ours, unreviewed") if framework.ours else _("Unreviewed"), "warn")
