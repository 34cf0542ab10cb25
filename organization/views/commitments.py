"""Pages of obligations and objectives."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import clock
from aims.access import access_of
from aims.forms import ReasonForm
from aims.models import Record
from aims.services import require
from aims.ui import Action, Empty, Fact, Link
from aims.views.base import KindView
from aims.views.form import ChangeView, CreateView, FormView
from aims.views.record import RecordView
from aims.views.register import RegisterView
from organization.commitment_forms import CloseObjectiveForm, ObjectiveForm, ObligationForm
from organization.commitment_tables import OBJECTIVES, OBLIGATIONS, due_cell, reach_links
from organization.commitments import AimedSystem, BoundSystem, Objective, Obligation
from organization.deciding import Deciding
from organization.services import commitments as services


def with_reach(rows: Any, part: Any, user: Any) -> Any:
    """Rows with those of their systems that the person sees; the others are not named."""
    seen = part.objects.filter(record__in=Record.objects.visible_to(user)).select_related("record").order_by("pk")
    return rows.prefetch_related(Prefetch("reach", seen))


class ObligationView(KindView):
    model = Obligation

    def rows(self) -> Any:
        return with_reach(super().rows().select_related("unit", "owner"), BoundSystem, self.request.user)

    def may(self, verb: str, record: Any = None) -> str:
        return access_of(self.request.user).capacity(f"{self.kind.name}.{verb}", record)


class ObjectiveView(ObligationView):
    model = Objective  # type: ignore[assignment]

    def rows(self) -> Any:
        rows = KindView.rows(self).select_related("unit", "owner", "drafted_by")
        return with_reach(rows, AimedSystem, self.request.user)


class ObligationList(ObligationView, RegisterView):
    """Which laws, contracts and standards bind us, and who sees to it?"""

    table = OBLIGATIONS
    lead = gettext_lazy("Laws, contracts, standards and promises that ask something of us, with who sees to each.")

    def actions(self) -> list[Action]:
        if not self.may("register"):
            return []
        return [Action(_("Register an obligation"), "/obligations/new/", icon="plus", primary=True)]

    def empty(self) -> Empty:
        text = _(
            "Begin with the laws on AI and data that apply to you, then contracts that promise how your AI behaves."
        )
        first = next(iter(self.actions()), None)
        return Empty(title=_("No obligation is registered yet"), text=text, clause="4.1, 4.2", action=first)


class ObligationDetail(ObligationView, RecordView):
    """What does it ask of us, where, and who sees to it?"""

    def lead(self, record: Obligation) -> str:
        return record.source

    def actions(self, record: Obligation) -> list[Action]:
        url, found = record.get_absolute_url(), []
        if not record.in_force:
            return []
        if self.may("end", record):
            found.append(Action(_("End"), f"{url}end/", icon="archive"))
        if self.may("change", record):
            found.append(Action(_("Change"), f"{url}change/", icon="pencil", primary=True))
        return found

    def strip(self, record: Obligation) -> Sequence[Fact]:
        return [
            Fact(_("Sort"), record.get_sort_display()),
            Fact(_("Owner"), record.owner),
            Fact(_("Next review"), due_cell(record), missing=_("None")),
            Fact(_("Holds from"), record.holds_from, missing=_("Not stated yet")),
        ]

    def facts(self, record: Obligation) -> Sequence[tuple[Any, Sequence[Fact]]]:
        told = [
            Fact(_("What it asks of us"), record.asks),
            Fact(_("Where it is written"), Link(record.url, record.url) if record.url else "", missing=_("No address")),
            Fact(_("Unit"), record.unit.name),
            Fact(_("AI systems"), reach_links(record), missing=_("All of the unit")),
        ]
        return [("", [*told, Fact(_("Ended"), record.ended_on)] if record.ended_on else told)]


class _Written(FormView):
    """What creating and changing share: the form gives the record's fields and its reach."""

    def told(self, form: Any) -> dict[str, Any]:
        data = form.data_for_service()
        return {"by": self.request.user, "reach": data.pop("reach"), "data": data}


class ObligationCreate(ObligationView, _Written, CreateView):
    """Registers an obligation."""

    form_class, submit = ObligationForm, gettext_lazy("Register")
    said = gettext_lazy("The obligation is registered.")

    def allowed(self, record: Any) -> None:
        require(self.may("register"))

    def initial(self, record: Any) -> dict[str, Any]:
        return {"owner": self.request.user, **super().initial(record)}

    def heading(self, record: Any) -> str:
        return _("Register an obligation")

    def perform(self, record: Any, form: Any) -> Obligation:
        return services.register_obligation(**self.told(form))


class ObligationChange(ObligationView, _Written, ChangeView):
    """Changes what an obligation says."""

    form_class, said = ObligationForm, gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(self.may("change", record))

    def perform(self, record: Obligation, form: Any) -> Obligation:
        return services.change_obligation(record, version=self.version(form), **self.told(form))


class ObligationEnd(ObligationView, FormView):
    """It binds us no longer."""

    form_class, template_name = ReasonForm, "kit/act.html"
    submit, said = gettext_lazy("End the obligation"), gettext_lazy("Ended.")

    def allowed(self, record: Any) -> None:
        require(self.may("end", record))

    def heading(self, record: Any) -> str:
        return _("End: %(title)s") % {"title": record.title}

    def perform(self, record: Obligation, form: Any) -> Obligation:
        reason, version = form.cleaned_data["reason"], self.version(form)
        return services.end_obligation(record, by=self.request.user, reason=reason, on=clock.today(), version=version)


class ObjectiveList(ObjectiveView, RegisterView):
    """What do we want to reach with AI, by when, and who answers for it?"""

    table = OBJECTIVES
    lead = gettext_lazy("What we want to reach with AI, each with its plan and how the result is judged.")

    def actions(self) -> list[Action]:
        if not self.may("draft"):
            return []
        return [Action(_("Draft an objective"), "/objectives/new/", icon="plus", primary=True)]

    def empty(self) -> Empty:
        text = _("Three to six objectives that somebody measures are worth more than twenty wishes.")
        first = next(iter(self.actions()), None)
        return Empty(title=_("There is no objective yet"), text=text, clause="6.2", action=first)


class ObjectiveDetail(ObjectiveView, RecordView):
    """What do we want to reach, by which plan, and did we?"""

    def actions(self, record: Objective) -> list[Action]:
        url, found = record.get_absolute_url(), []
        if not record.open:
            return []
        if self.may("close", record):
            found.append(Action(_("Close"), f"{url}close/", icon="archive"))
        if self.may("change", record):
            found.append(Action(_("Change"), f"{url}change/", icon="pencil", primary=not record.draft))
        if record.draft and self.may("adopt", record):
            found.append(Action(_("Adopt"), f"{url}adopt/", icon="rubber-stamp", primary=True))
        return found

    def strip(self, record: Objective) -> Sequence[Fact]:
        return [
            Fact(_("Responsible"), record.owner),
            Fact(_("By when"), due_cell(record) or record.ended_on, missing=_("Not stated yet")),
            Fact(_("Theme"), record.theme, missing=_("Not stated yet")),
            Fact(_("Measurable"), record.measurable),
        ]

    def facts(self, record: Objective) -> Sequence[tuple[Any, Sequence[Fact]]]:
        empty = _("Not stated yet")
        plan = [
            Fact(
                _("Measure and target") if record.measurable else _("Why it cannot be measured"),
                record.measure,
                missing=empty,
            ),
            Fact(_("What is done"), record.work, missing=empty),
            Fact(_("Resources"), record.resources, missing=empty),
            Fact(_("How the result is evaluated"), record.evaluation, missing=empty),
            Fact(_("Unit"), record.unit.name),
            Fact(_("AI systems"), reach_links(record), missing=_("All of the unit")),
        ]
        ended = [Fact(_("Ended"), record.ended_on), Fact(_("What came of it"), record.result)]
        return [("", plan), *([(_("Result"), ended)] if record.ended_on else [])]

    def extra(self, record: Objective) -> dict[str, Any]:
        lacking = len(services.unplanned(record)) if record.draft else 0
        return {"notes": [("warn", _("The plan is not whole yet."))] if lacking else []}


class ObjectiveCreate(ObjectiveView, _Written, CreateView):
    """Drafts an objective."""

    form_class, submit = ObjectiveForm, gettext_lazy("Draft")
    said = gettext_lazy("The draft is there. Top management adopts it.")

    def allowed(self, record: Any) -> None:
        require(self.may("draft"))

    def initial(self, record: Any) -> dict[str, Any]:
        return {"owner": self.request.user, **super().initial(record)}

    def heading(self, record: Any) -> str:
        return _("Draft an objective")

    def perform(self, record: Any, form: Any) -> Objective:
        return services.draft_objective(**self.told(form))


class ObjectiveChange(ObjectiveView, _Written, ChangeView):
    """Changes an objective that is not ended."""

    form_class, said = ObjectiveForm, gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(self.may("change", record))

    def perform(self, record: Objective, form: Any) -> Objective:
        return services.change_objective(record, version=self.version(form), **self.told(form))


class ObjectiveAct(ObjectiveView, FormView):
    template_name = "kit/act.html"


class ObjectiveAdopt(Deciding, ObjectiveAct):
    """Top management decides that it is pursued."""

    form_class, submit, said = ReasonForm, gettext_lazy("Adopt"), gettext_lazy("It is pursued now.")

    def allowed(self, record: Any) -> None:
        require(self.may("adopt", record))

    def heading(self, record: Any) -> str:
        return _("Adopt %(title)s") % {"title": record.title}

    def extra(self, record: Objective) -> dict[str, Any]:
        lacking = services.unplanned(record)
        return (
            {"blocked": _("The plan is not whole yet."), "checks": [(False, text) for text in lacking.values()]}
            if lacking
            else {}
        )

    def perform(self, record: Objective, form: Any) -> Objective:
        reason, version = form.cleaned_data["reason"], self.version(form)
        return services.adopt_objective(record, by=self.request.user, reason=reason, on=clock.today(), version=version)


class ObjectiveClose(ObjectiveAct):
    """Was it reached, and what came of it?"""

    form_class, submit, said = CloseObjectiveForm, gettext_lazy("Close"), gettext_lazy("Closed.")

    def allowed(self, record: Any) -> None:
        require(self.may("close", record))

    def heading(self, record: Any) -> str:
        return _("Close %(title)s") % {"title": record.title}

    def perform(self, record: Objective, form: Any) -> Objective:
        data, on = form.cleaned_data, clock.today()
        return services.close_objective(
            record, by=self.request.user, verb=data["verb"], result=data["result"], on=on, version=self.version(form)
        )
