"""Readiness, clause by clause, and the gap assessment behind it."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import asof
from aims.errors import Hidden, WrongState
from aims.services import require
from aims.ui import Action, Badge, Crumb, Empty, Fact, Header
from aims.views.base import KindView, PageView
from aims.views.form import ChangeView, CreateView
from aims.views.record import RecordView
from aims.views.register import RegisterView, state_badge
from controls import policies, readiness, services
from controls.forms import AnswerForm
from controls.importing import ANSWERS as ANSWERS_FROM_FILES
from controls.models import Clause, ClauseAnswer
from controls.tables import ANSWERS


class ReadinessPage(PageView):
    """Are we ready for stage 1, for stage 2, and if not, why not?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        named = request.GET.get("scope", "")
        scope = readiness.scope_named(request.user, named)
        if named and scope is None:
            raise Hidden
        found = readiness.read(request.user, scope, asof.day())
        may = readiness.may_answer(request.user, scope)
        lead = _("Computed from the records that you see; nobody can tick it off.")
        context = {
            "header": Header(title=_("Readiness"), lead=lead, actions=[Action(_("Gap assessment"), "/gaps/")]),
            "readiness": found,
            "chapters": [(one, [_row(clause, may) for clause in one.clauses]) for one in found.chapters],
            "stages": [
                (stage, _badge(stage.ready), [fact for fact in found.missing if fact.stage == stage.number])
                for stage in found.stages
            ],
        }
        return render(request, "controls/readiness.html", context)


def _badge(ready: bool) -> Badge:
    return Badge(_("Ready"), "good") if ready else Badge(_("Not ready"), "warn")


def _row(one: readiness.ClauseReading, may: bool) -> tuple[readiness.ClauseReading, Badge | None, str]:
    """A clause with the badge of its answer, and where it is answered by who may."""
    if one.answer is not None:
        return one, state_badge(one.answer), one.answer.get_absolute_url()
    return one, None, readiness.answer_url(one.clause) if may and one.clause is not None else ""


class AnswerView(KindView):
    model = ClauseAnswer

    def rows(self) -> Any:
        return super().rows().select_related("unit", "owner", "scope__unit", "clause")


class AnswerList(AnswerView, RegisterView):
    """What did the gap assessment find, who closes which gap by when?"""

    table = ANSWERS
    lead = gettext_lazy("Clause by clause, answered once. Controls are answered in the Statement of Applicability.")

    def actions(self) -> list[Action]:
        sheet = Action(_("Import a sheet"), "/imports/create/?target=gap", icon="upload")
        found = [sheet] if ANSWERS_FROM_FILES.may(self.request.user) else []
        return [*found, Action(_("Readiness"), "/readiness/", icon="gauge", primary=True)]

    def title(self) -> str:
        return _("Gap assessment")

    def empty(self) -> Empty:
        return Empty(
            title=_("No clause is answered yet"),
            text=_("Go through the clauses once and say what is there. Each gap gets an owner and a date: a task."),
            clause="4.4",
            action=Action(_("Readiness"), "/readiness/", primary=True),
        )


class AnswerDetail(AnswerView, RecordView):
    """What is there of this clause, and who closes the gap?"""

    def lead(self, record: ClauseAnswer) -> str:
        return record.found

    def actions(self, record: ClauseAnswer) -> list[Action]:
        if not policies.can_change_answer(self.request.user, record):
            return []
        return [Action(_("Bring up to date"), f"{record.get_absolute_url()}change/", icon="pencil", primary=True)]

    def strip(self, record: ClauseAnswer) -> Sequence[Fact]:
        return [
            Fact(_("Clause"), record.clause),
            Fact(_("Who closes the gap"), record.owner, missing=_("Nobody named")),
            Fact(_("By when"), record.due_on, missing=_("No gap")),
        ]


class AnswerCreate(AnswerView, CreateView):
    """Answer a clause for the first time."""

    form_class, said = AnswerForm, gettext_lazy("Answered.")
    template_name = "controls/clauseanswer_form.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form, or the answer where there is one already."""
        found = self.rows().of_scope(self.scope()).filter(clause=self.clause()).first()
        return redirect(f"{found.get_absolute_url()}change/") if found is not None else super().get(request, **kwargs)

    def scope(self) -> Any:
        found = readiness.scope_named(self.request.user, self.request.GET.get("scope", ""))
        if found is None:
            raise WrongState(_("There is no scope that you may see; open one first."))
        return found

    def clause(self) -> Clause:
        found = Clause.objects.prefetch_related("requirements").filter(number=self.kwargs["number"]).first()
        if found is None or found.heading:
            raise Hidden
        return found

    def allowed(self, record: Any) -> None:
        require(policies.can_answer_clause(self.request.user, self.scope().unit))

    def heading(self, record: Any) -> str:
        return str(self.clause())

    def crumbs(self, record: Any = None) -> list[Crumb]:
        return [Crumb(_("Readiness"), "/readiness/")]

    def extra(self, record: Any) -> dict[str, Any]:
        return {"clause": self.clause()}

    def perform(self, record: Any, form: Any) -> ClauseAnswer:
        by: Any = self.request.user
        return services.answer_clause(self.scope(), self.clause(), by=by, data=_data(form))

    def success_url(self, done: Any) -> str:
        return f"/readiness/#clause-{done.clause.number}"


class AnswerChange(AnswerView, ChangeView):
    """Bring an answer up to date."""

    form_class, said = AnswerForm, gettext_lazy("Saved.")
    template_name = "controls/clauseanswer_form.html"

    def allowed(self, record: Any) -> None:
        require(policies.can_change_answer(self.request.user, record))

    def heading(self, record: Any) -> str:
        return str(record.clause)

    def extra(self, record: Any) -> dict[str, Any]:
        return {"clause": record.clause}

    def perform(self, record: Any, form: Any) -> ClauseAnswer:
        by: Any = self.request.user
        return services.change_answer(record, by=by, data=_data(form), version=self.version(form))


def _data(form: Any) -> dict[str, Any]:
    return dict(form.data_for_service())
