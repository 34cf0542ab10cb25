"""Treatment actions: the register, one action, doing it."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import clock
from aims.services import require
from aims.ui import Action, Empty, Fact
from aims.views.base import KindView
from aims.views.form import ChangeView, FormView
from aims.views.record import RecordView
from aims.views.register import RegisterView
from risk import policies, services
from risk.forms import ActionForm, CloseForm, DoneForm
from risk.models import TreatmentAction
from risk.tables import ACTIONS, due_cell
from risk.views.base import with_risk


class ActionView(KindView):
    model = TreatmentAction

    def rows(self) -> Any:
        return with_risk(super().rows().select_related("unit", "owner"), self.request.user)


class ActionList(ActionView, RegisterView):
    """Who does what about our risks, and by when?"""

    table = ACTIONS
    lead = gettext_lazy("Every step of every treatment plan, with who does it and by when.")

    def empty(self) -> Empty:
        text = _("Actions come with treatment plans: open a risk and plan its treatment.")
        return Empty(title=_("There is nothing to do yet"), text=text, clause="6.1.3, 8.3")


class ActionDetail(ActionView, RecordView):
    """What is to be done, by whom, by when, and what shows that it was?"""

    def actions(self, record: TreatmentAction) -> list[Action]:
        url, user, found = record.get_absolute_url(), self.request.user, []
        if not record.is_open:
            return []
        if policies.can_change_action(user, record):
            found += [
                Action(_("Drop"), f"{url}drop/", icon="x"),
                Action(_("Change"), f"{url}change/", icon="pencil"),
            ]
        if policies.can_complete_action(user, record):
            found.append(Action(_("Done"), f"{url}done/", icon="check", primary=True))
        return found

    def facts(self, record: TreatmentAction) -> Sequence[tuple[Any, Sequence[Fact]]]:
        seen = [
            Fact(_("Risk"), record.risk, missing=_("Not for you to see")),
            Fact(_("Who"), record.owner),
            Fact(_("By when"), due_cell(record)),
            Fact(_("Resources"), record.resources, missing=_("None named")),
            Fact(_("Done"), record.done_on, missing=_("Not yet")),
            Fact(_("What came of it"), record.result, missing=_("Not said")),
        ]
        return [("", seen)]


class ActionChange(ActionView, ChangeView):
    """Change what an open action says."""

    form_class, said = ActionForm, gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(policies.can_change_action(self.request.user, record))

    def perform(self, record: Any, form: Any) -> TreatmentAction:
        by: Any = self.request.user
        return services.change_action(record, by=by, data=form.data_for_service(), version=self.version(form))


class ActionDone(ActionView, FormView):
    """Say that it is done."""

    form_class, template_name = DoneForm, "kit/act.html"
    submit, said = gettext_lazy("It is done"), gettext_lazy("Recorded as done.")

    def allowed(self, record: Any) -> None:
        require(policies.can_complete_action(self.request.user, record))

    def heading(self, record: Any) -> str:
        return _("Done: %(title)s") % {"title": record.title}

    def perform(self, record: TreatmentAction, form: Any) -> TreatmentAction:
        by: Any = self.request.user
        result, version = form.cleaned_data["result"], self.version(form)
        return services.complete_action(record, by=by, on=clock.today(), result=result, version=version)


class ActionDrop(ActionView, FormView):
    """Take it out of the plan, with the reason."""

    form_class, template_name = CloseForm, "kit/act.html"
    submit, said = gettext_lazy("Drop the action"), gettext_lazy("Dropped.")

    def allowed(self, record: Any) -> None:
        require(policies.can_change_action(self.request.user, record))

    def heading(self, record: Any) -> str:
        return _("Drop: %(title)s") % {"title": record.title}

    def perform(self, record: TreatmentAction, form: Any) -> TreatmentAction:
        by: Any = self.request.user
        reason, version = form.cleaned_data["reason"], self.version(form)
        return services.drop_action(record, by=by, reason=reason, version=version)
