"""The catalogue: clauses and controls, and the answer sheet of each."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aims import asof
from aims.errors import Hidden
from aims.ui import Action, Badge, Crumb, Header
from aims.views.base import PageView
from aims.views.register import state_badge
from controls import policies, sheets
from controls.models import Clause, Control, ControlGroup, ControlStatement


class ControlList(PageView):
    """Which controls are there, and where do we stand with each?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        stated = _stated(request.user)
        groups = [
            (group, [(control, stated.get(control.pk)) for control in group.controls.all()])
            for group in ControlGroup.objects.order_by("position").prefetch_related("controls")
        ]
        lead = _("The 38 controls of Annex A by objective, in our own words. Each opens its answer sheet.")
        context = {"header": Header(title=_("Controls"), lead=lead), "groups": groups}
        return render(request, "controls/control_list.html", context)


def _stated(user: Any) -> dict[int, tuple[ControlStatement, Badge]]:
    rows = ControlStatement.objects.visible_to(user).select_related("owner").order_by("-unit__path")
    return {row.control_id: (row, state_badge(row)) for row in rows}


class ControlSheet(PageView):
    """What does this control ask, what do we answer, what shows it, who speaks for it, what is open?"""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        control = Control.objects.select_related("group", "framework").filter(number__iexact=number).first()
        if control is None:
            raise Hidden
        statement = sheets.statement_of(control, request.user)
        context = {
            "header": self._header(request, control, statement),
            "control": control,
            "statement": statement,
            "serving": sheets.serving(control.number, request.user),
            "crosswalk": sheets.crosswalk(control),
            "around": _around(Control, control),
            **(_answer(request, statement) if statement else {}),
        }
        return render(request, "controls/control_detail.html", context)

    def _header(self, request: HttpRequest, control: Control, statement: ControlStatement | None) -> Header:
        crumbs = [Crumb(_("Controls"), "/controls/"), Crumb(str(control.group))]
        badges, actions = [], []
        if statement is not None:
            badges = [state_badge(statement)]
            if policies.can_change_statement(request.user, statement):
                url = f"{statement.get_absolute_url()}change/"
                actions = [Action(_("Change our statement"), url, icon="pencil", primary=True)]
        return Header(control.title, control.number, badges, control.summary, crumbs, actions)


def _answer(request: HttpRequest, statement: ControlStatement) -> dict[str, Any]:
    today = asof.day()
    evidence = sheets.evidence_of(statement, request.user)
    return {
        "best": [(item, sheets.freshness_badge(item, today, statement.counts_for)) for item in evidence[: sheets.BEST]],
        "evidence_total": len(evidence),
        "gaps": sheets.gaps_of(statement, evidence, today),
    }


def _around(model: Any, row: Any) -> tuple[Any, Any]:
    """The row before and the row after, for turning pages during an interview."""
    rows = model.objects.filter(framework=row.framework)
    before = rows.filter(position__lt=row.position).order_by("-position").first()
    return before, rows.filter(position__gt=row.position).order_by("position").first()


class ClauseList(PageView):
    """What does the standard ask, clause by clause?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        lead = _("The clauses of the standard in our own words. Each opens its answer sheet.")
        clauses = Clause.objects.in_order().prefetch_related("requirements")
        context = {"header": Header(title=_("Clauses"), lead=lead), "clauses": clauses}
        return render(request, "controls/clause_list.html", context)


class ClauseSheet(PageView):
    """What does this clause ask, which records answer it, who speaks for it, what is open?"""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        rows = Clause.objects.select_related("framework").prefetch_related("requirements")
        clause = rows.filter(number=number).first()
        if clause is None:
            raise Hidden
        serving = sheets.serving(clause.number, request.user)
        crumbs = [Crumb(_("Clauses"), "/clauses/")]
        if clause.parent_number:
            crumbs.append(Crumb(clause.parent_number, f"/clauses/{clause.parent_number}/"))
        context = {
            "header": Header(title=clause.title, ref=clause.number, crumbs=crumbs),
            "clause": clause,
            "below": Clause.objects.below(clause.number).in_order(),
            "serving": serving,
            "gaps": sheets.clause_gaps(serving, request.user, asof.day()),
            "speakers": sheets.speakers(serving),
            "crosswalk": sheets.crosswalk(clause),
            "around": _around(Clause, clause),
        }
        return render(request, "controls/clause_detail.html", context)
