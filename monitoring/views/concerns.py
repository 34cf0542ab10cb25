"""Concerns for those who handle them: the register, one case, its verbs, the numbers."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import asof, clock
from aims.registry import registry
from aims.services import require
from aims.ui import Action, Crumb, Empty, Fact, Header, Link
from aims.views.act import ActView
from aims.views.base import KindView, PageView
from aims.views.record import RecordView
from aims.views.register import RegisterView
from monitoring import policies
from monitoring.acts import ACTS, Act, Given
from monitoring.figures import figures, lines
from monitoring.forms import NoteForm, SayForm
from monitoring.models import Concern
from monitoring.states import EntrySort
from monitoring.tables import CONCERNS, due_cell
from monitoring.views.base import seen


class ConcernView(KindView):
    """A page of concerns for who is on their case lists."""

    model = Concern

    def rows(self) -> Any:
        return seen(super().rows(), self.request.user)


class ConcernList(ConcernView, RegisterView):
    """Which concerns wait for us, and until when?"""

    table = CONCERNS
    lead = gettext_lazy("Cases you are on the list of. Nobody else sees them; who is named in one never does.")

    def rows(self) -> Any:
        return self.model.objects.visible_to(self.request.user)

    def actions(self) -> list[Action]:
        found = [Action(_("Raise a concern"), "/concerns/new/", icon="plus", primary=True)]
        if policies.can_count(self.request.user):
            found.insert(0, Action(_("In figures"), "/concerns/figures/", icon="chart-bar"))
        return found

    def empty(self) -> Empty:
        text = _("Concerns show to those who handle them. Those that you raised stand on a page of your own.")
        return Empty(
            _("No case for you here"), text, clause="A.3.3", action=Action(_("My concerns"), "/concerns/mine/")
        )


class ConcernDetail(ConcernView, RecordView):
    """What was raised, how far are we, what did we say?"""

    summary_template = "monitoring/concern_detail.html"

    def acts(self, record: Concern) -> list[Act]:
        """What this person may do in this state."""
        may = asof.moment() is None and policies.can_handle(self.request.user, record)
        return [act for act in ACTS if may and record.state in act.states]

    def actions(self, record: Concern) -> list[Action]:
        url = record.get_absolute_url()
        head = [act for act in self.acts(record) if not act.beside]
        made = [Action(str(act.label), f"{url}{act.id}/", icon=act.icon, primary=act is head[0]) for act in head]
        return [*made[1:], *made[:1]]

    def strip(self, record: Concern) -> Sequence[Fact]:
        return [
            Fact(_("Handled by"), record.owner, missing=_("Nobody")),
            Fact(_("Received"), record.received_at),
            Fact(_("Due"), due_cell(record), missing=_("Nothing")),
        ]

    def facts(self, record: Concern) -> Sequence[tuple[Any, Sequence[Fact]]]:
        raised = [
            Fact(_("What happened"), record.told, wide=True),
            Fact(_("What it is about"), record.get_sort_display()),
            Fact(_("Which AI system or which part of the house"), record.about, missing=_("Not said")),
            Fact(_("Raised by"), self._reporter(record)),
            Fact(_("Who is involved"), record.named, missing=_("Nobody named")),
        ]
        return [
            (_("In the words of who raised it"), raised),
            *self._answer(record),
            (_("The case"), self._case(record)),
        ]

    def _reporter(self, record: Concern) -> Any:
        if record.anonymous:
            return _("Nobody by name")
        if not policies.may_know_reporter(self.request.user, record):
            return _("A name that only the handlers know")
        return record.raised_by if not record.name_kept else f"{record.raised_by} ({_('keep the name to yourselves')})"

    def _answer(self, record: Concern) -> list[tuple[Any, list[Fact]]]:
        return [(_("The answer"), answer_facts(record))] if record.answered else []

    def _case(self, record: Concern) -> list[Fact]:
        links = [Link(str(one.record), one.record.get_absolute_url()) for one in record.links.all()]
        return [
            Fact(_("AI system"), record.system, missing=_("None linked")),
            Fact(_("Linked records"), links, missing=_("None")),
            Fact(_("Kept out"), [str(one) for one in record.people.all()], missing=_("Nobody")),
            Fact(_("Unit"), record.unit.name),
            Fact(_("Acknowledge by"), record.acknowledge_by),
            Fact(_("Answer by"), record.answer_by),
        ]

    def extra(self, record: Concern) -> dict[str, Any]:
        url, acts = record.get_absolute_url(), {act.id: act for act in self.acts(record)}
        entries = list(record.entries.all())
        shown = {"involve", "link", *(["unlink"] if record.links.all() else [])}
        beside = [Action(str(act.label), f"{url}{name}/", icon=act.icon) for name, act in acts.items() if name in shown]
        return {
            "messages_said": [one for one in entries if one.sort != EntrySort.NOTE],
            "notes_said": [one for one in entries if one.sort == EntrySort.NOTE],
            "say_form": SayForm(prefix="", auto_id="say_%s") if "write" in acts else None,
            "note_form": NoteForm(auto_id="note_%s") if "note" in acts else None,
            "beside": beside,
            "url": url,
            "reporter": self._reporter(record),
        }


def answer_facts(record: Concern) -> list[Fact]:
    """What came of it, as who raised it and the handlers read it."""
    return [
        Fact(_("Outcome"), record.get_verdict_display()),
        Fact(_("Why"), record.reasons, wide=True),
        Fact(_("What follows from it"), record.outcome, missing=_("Nothing further"), wide=True),
        Fact(_("Answered"), record.answered_at),
    ]


class ConcernAct(ConcernView, ActView):
    """The page of one verb."""

    act: Act = None  # type: ignore[assignment]

    def may(self, record: Concern) -> str:
        return policies.can_handle(self.request.user, record)

    def form_for(self, record: Any, **kwargs: Any) -> Any:
        return self.act.form(instance=record, user=self.request.user, **kwargs)

    def heading(self, record: Any) -> str:
        return f"{self.act.label}: {record.title}"

    def extra(self, record: Any) -> dict[str, Any]:
        words = _("This is not possible while it is “%s”.") % record.get_state_display()
        blocked = "" if record.state in list(map(str, self.act.states)) else words
        return {
            "submit": str(self.act.label),
            "blocked": blocked,
            "consequences": [self.act.says] if self.act.says and not blocked else [],
            "draft": False,
        }

    def perform(self, record: Concern, form: Any) -> Concern:
        given = Given(self.request.user, clock.now(), clock.today(), self.version(form), form.data_for_service())
        self.act.do(record, given)
        return record

    @property
    def said(self) -> Any:
        return self.act.said


class Figures(PageView):
    """Is the way to raise concerns used, and do we answer in time? Numbers alone."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require(policies.can_count(request.user))
        found = figures(policies.units_counted(request.user))
        kind = registry.kinds["concern"]
        header = Header(
            title=_("Concerns in figures"),
            lead=_("How many there are in your units and how they were answered. What they say shows to their handlers alone."),
            crumbs=[Crumb(str(kind.plural), kind.url())],
        )  # fmt: skip
        facts = [("", [Fact(label, number) for label, number in lines(found)])]
        return render(request, "kit/record.html", {"header": header, "facts": facts})
