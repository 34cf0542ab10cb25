"""The organization's own controls: adding, changing and taking back; what units and AI systems state for themselves."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.errors import Hidden, WrongState
from aims.services import require
from aims.ui import Crumb
from aims.views.form import FormView
from controls import policies, services
from controls.forms import ControlForm, DifferForm, WhyForm
from controls.models import Control, ControlStatement
from controls.views.statements import StatementView


class ControlAct(FormView):
    """A verb on an own control; it is part of the catalogue, not a governed record."""

    model = ControlStatement
    form_class = ControlForm

    def subject(self) -> Control | None:
        if "number" not in self.kwargs:
            return None
        found: Control | None = Control.objects.filter(number__iexact=self.kwargs["number"]).first()
        if found is None:
            raise Hidden
        return found

    def allowed(self, record: Any) -> None:
        require(policies.can_keep_controls(self.request.user))
        if record is not None and not record.own:
            raise WrongState(_("Controls of Annex A stay as they are; exclude what is not needed."))

    def crumbs(self, record: Any = None) -> list[Crumb]:
        trail = [Crumb(_("Controls"), "/controls/")]
        return trail if record is None else [*trail, Crumb(record.number, record.get_absolute_url())]

    def key(self, record: Any) -> str:
        return ""


class ControlCreate(ControlAct):
    """Add a control beyond Annex A."""

    said = gettext_lazy("Added. Each scope's draft has a row for it now.")

    def heading(self, record: Any) -> str:
        return _("Add an own control")

    def perform(self, record: Any, form: Any) -> Control:
        return services.add_control(by=self.request.user, data=form.data_for_service())  # type: ignore[arg-type]


class ControlChange(ControlAct):
    """Change what an own control says."""

    said = gettext_lazy("Saved.")

    def perform(self, record: Any, form: Any) -> Control:
        return services.change_control(record, by=self.request.user, data=form.data_for_service())  # type: ignore[arg-type]


class ControlDelete(ControlAct):
    """Take an own control back that nothing needs and no version named."""

    form_class, template_name, submit = WhyForm, "kit/act.html", gettext_lazy("Take it back")  # type: ignore[assignment]
    said = gettext_lazy("Taken back.")

    def heading(self, record: Any) -> str:
        return _("Take back %(control)s") % {"control": record}

    def perform(self, record: Any, form: Any) -> Any:
        by: Any = self.request.user
        services.delete_control(record, by=by, reason=form.cleaned_data["reason"])

    def success_url(self, done: Any) -> str:
        return "/controls/"


class StatementDiffer(StatementView, FormView):
    """Where a unit or an AI system decides or implements the control in its own way."""

    form_class, template_name = DifferForm, "kit/act.html"
    submit = gettext_lazy("Give it its own statement")
    said = gettext_lazy("A copy was made. Change what differs.")

    def allowed(self, record: Any) -> None:
        require(policies.can_decide_statement(self.request.user, record))

    def heading(self, record: Any) -> str:
        return _("Who differs in %(control)s?") % {"control": record.control.number}

    def perform(self, record: Any, form: Any) -> ControlStatement:
        by, data = self.request.user, form.cleaned_data
        return services.differ(record, by=by, unit=data["unit"], system=data["system"], reason=data["reason"])  # type: ignore[arg-type]

    def success_url(self, done: Any) -> str:
        return f"{done.get_absolute_url()}change/"


class StatementStop(StatementView, FormView):
    """Take a unit's or a system's own statement away."""

    form_class, template_name, submit = WhyForm, "kit/act.html", gettext_lazy("Take it away")
    said = gettext_lazy("The wider statement holds again.")

    def allowed(self, record: Any) -> None:
        require(policies.can_decide_statement(self.request.user, record))

    def extra(self, record: Any) -> dict[str, Any]:
        if not record.differs:
            return {"blocked": _("This is the scope's own statement; exclude the control instead, with the reason.")}
        return {"consequences": [_("The statement of the next wider place holds again.")]}

    def perform(self, record: Any, form: Any) -> Any:
        by: Any = self.request.user
        services.stop_differing(record, by=by, reason=form.cleaned_data["reason"], version=self.version(form))

    def success_url(self, done: Any) -> str:
        return "/statements/"

    def conflict(self, record: Any, form: Any, stale: Any) -> HttpResponse:
        form.data = form.data.copy()
        form.data["version"] = stale.extra["current"].version
        form.add_error(None, str(stale.detail))
        return self.page(self.get_record(), form, status=412)
