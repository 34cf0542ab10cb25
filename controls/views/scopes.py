"""Scopes: which there are, what one covers, opening, changing and ending one; what units and systems state themselves."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.services import require
from aims.ui import Action, Empty, Fact
from aims.views.base import KindView
from aims.views.form import ChangeView, CreateView, FormView
from aims.views.record import RecordView
from aims.views.register import RegisterView
from controls import policies, services
from controls.forms import OpenScopeForm, ScopeForm, WhyForm
from controls.models import AimsScope, SoaVersion
from controls.tables import SCOPES
from inventory.models import AISystem
from organization.models import Unit


class ScopeView(KindView):
    model = AimsScope

    def rows(self) -> Any:
        return super().rows().select_related("unit", "owner")


class ScopeList(ScopeView, RegisterView):
    """Which certificates do we hold or want, and what does each cover?"""

    table = SCOPES
    lead = gettext_lazy("One certificate has one scope and one Statement of Applicability.")

    def actions(self) -> list[Action]:
        units = Unit.objects.all()
        may = any(policies.can_keep_scope(self.request.user, unit) for unit in units)
        return [Action(_("Open a scope"), "/scopes/create/", icon="plus", primary=True)] if may else []

    def empty(self) -> Empty:
        return Empty(
            title=_("There is no scope yet"),
            text=_("Say which part of the organization and which AI systems the management system covers."),
            clause="4.3",
            action=next(iter(self.actions()), None),
        )


class ScopeDetail(ScopeView, RecordView):
    """What is inside, what is not?"""

    def actions(self, record: AimsScope) -> list[Action]:
        if not record.in_use or not policies.can_keep_scope(self.request.user, record.unit):
            return []
        url = record.get_absolute_url()
        return [Action(_("Change"), f"{url}change/", icon="pencil"), Action(_("End"), f"{url}end/", danger=True)]

    def facts(self, record: AimsScope) -> Sequence[tuple[Any, Sequence[Fact]]]:
        listed = AISystem.objects.visible_to(self.request.user).filter(scopes__scope=record).order_by("title")
        versions = SoaVersion.objects.visible_to(self.request.user).of_scope(record).order_by("-number")
        return [
            (
                _("What it covers"),
                [
                    Fact(_("Unit"), str(record.unit)),
                    Fact(_("Further AI systems"), list(listed), missing=_("None listed")),
                    Fact(
                        _("What is inside and what is not"), record.boundaries, missing=_("Not stated yet"), wide=True
                    ),
                    Fact(_("Owner"), record.owner),
                ],
            ),
            (_("Statement of Applicability"), [Fact(_("Versions"), list(versions), missing=_("None yet"))]),
        ]


class ScopeCreate(ScopeView, CreateView):
    """Open a scope: a statement about every control is opened with it."""

    form_class, said = OpenScopeForm, gettext_lazy("The scope is open; every control waits for its decision.")

    def allowed(self, record: Any) -> None:
        require(next(filter(None, (policies.can_keep_scope(self.request.user, one) for one in Unit.objects.all())), ""))

    def heading(self, record: Any) -> str:
        return _("Open a scope")

    def perform(self, record: Any, form: Any) -> AimsScope:
        data = form.data_for_service()
        unit, systems = data.pop("unit"), data.pop("systems")
        return services.open_scope(unit, by=self.request.user, data=data, systems=systems)  # type: ignore[arg-type]


class ScopeChange(ScopeView, ChangeView):
    """Change what it says and lists; the next version of the Statement opens by itself."""

    form_class, said = ScopeForm, gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(policies.can_keep_scope(self.request.user, record.unit))

    def perform(self, record: Any, form: Any) -> AimsScope:
        data = form.data_for_service()
        systems, by = data.pop("systems"), self.request.user
        return services.change_scope(record, by=by, data=data, systems=systems, version=self.version(form))  # type: ignore[arg-type]


class ScopeEnd(ScopeView, FormView):
    """End a scope."""

    form_class, template_name, submit = WhyForm, "kit/act.html", gettext_lazy("End the scope")
    said = gettext_lazy("The scope has ended.")

    def allowed(self, record: Any) -> None:
        require(policies.can_keep_scope(self.request.user, record.unit))

    def heading(self, record: Any) -> str:
        return _("End %(title)s") % {"title": record.title}

    def extra(self, record: AimsScope) -> dict[str, Any]:
        said = [_("Its statements hold nowhere any more. They and every version stay readable.")]
        return {"consequences": said, "danger": True}

    def perform(self, record: Any, form: Any) -> AimsScope:
        by: Any = self.request.user
        return services.end_scope(record, by=by, reason=form.cleaned_data["reason"], version=self.version(form))
