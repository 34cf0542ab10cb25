"""Roles, versions and uses of components: small forms on a system."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from aims import clock
from aims.errors import Hidden
from aims.forms import ReasonForm
from aims.services import require
from aims.views.form import FormView
from inventory import policies, services
from inventory.forms import DatedForm, LawRoleForm, RoleForm, UseForm, VersionForm
from inventory.models import AISystem, Component, LawRole, SystemRole, SystemVersion
from inventory.views.systems import SystemView, again


class PartView(SystemView, FormView):
    """A form about a part of a system; `tab` is where one goes on."""

    part_model: ClassVar[type[Any] | None] = None
    tab: ClassVar[str] = ""
    title: ClassVar[Any] = ""

    def part(self, system: AISystem) -> Any:
        """The part named in the address, or a new one."""
        if "pk" not in self.kwargs or self.part_model is None:
            return None
        found = self.part_model._default_manager.filter(system=system, pk=self.kwargs["pk"]).first()
        if found is None:
            raise Hidden
        return found

    def form_for(self, record: Any, **kwargs: Any) -> Any:
        return self.form_class(instance=self.part(record), system=record, user=self.request.user, **kwargs)

    def heading(self, record: Any) -> str:
        return str(self.title)

    def initial(self, record: Any) -> dict[str, Any]:
        return {"version": record.version}

    def success_url(self, done: Any) -> str:
        return self.kind.url(self.kwargs["ref"], self.tab)

    def conflict(self, record: Any, form: Any, stale: Any) -> HttpResponse:
        return again(self, form, stale)


class ActView(PartView):
    """A verb on a part, with its reason."""

    template_name = "kit/act.html"
    form_class: ClassVar[type[Any]] = ReasonForm

    def form_for(self, record: Any, **kwargs: Any) -> Any:
        return self.form_class(instance=record, user=self.request.user, **kwargs)


class RoleView(PartView):
    """Pages of ISO roles."""

    part_model: ClassVar[type[Any]] = SystemRole
    form_class: ClassVar[type[Any]] = RoleForm
    tab = "roles"

    def allowed(self, record: Any) -> None:
        require(policies.can_change_system(self.request.user, record))


class RoleAdd(RoleView):
    title, said = gettext_lazy("State an ISO role"), gettext_lazy("Role stated.")

    def perform(self, record: Any, form: Any) -> Any:
        by: Any = self.request.user
        return services.add_role(record, by=by, data=form.data_for_service())


class RoleChange(RoleView):
    title, said = gettext_lazy("Correct the role"), gettext_lazy("Saved.")

    def perform(self, record: Any, form: Any) -> Any:
        by: Any = self.request.user
        row = self.part(record)
        return services.change_role(row, by=by, data=form.data_for_service(), version=self.version(form))


class RoleRemove(ActView, RoleView):
    title, said, form_class = gettext_lazy("Take the role away"), gettext_lazy("Role taken away."), ReasonForm

    def perform(self, record: Any, form: Any) -> Any:
        by: Any = self.request.user
        row, reason = self.part(record), form.cleaned_data["reason"]
        return services.remove_role(row, by=by, reason=reason, version=self.version(form))

    def extra(self, record: Any) -> dict[str, Any]:
        row = self.part(record)
        sentence = _("%(role)s, held by %(entity)s, is taken away. The history keeps it.")
        return {"consequences": [sentence % {"role": row, "entity": row.legal_entity}], "danger": True}


class LawRoleAdd(RoleAdd):
    part_model, form_class, title = LawRole, LawRoleForm, gettext_lazy("State a role under the EU AI Act")

    def perform(self, record: Any, form: Any) -> Any:
        by: Any = self.request.user
        return services.add_law_role(record, by=by, data=form.data_for_service())


class LawRoleChange(RoleChange):
    part_model, form_class = LawRole, LawRoleForm


class LawRoleRemove(RoleRemove):
    part_model = LawRole


class VersionAdd(PartView):
    part_model, form_class, tab = SystemVersion, VersionForm, "versions"
    title, said = gettext_lazy("Record a version"), gettext_lazy("Version recorded.")

    def allowed(self, record: Any) -> None:
        require(policies.can_add_version(self.request.user, record))

    def perform(self, record: Any, form: Any) -> Any:
        by: Any = self.request.user
        return services.add_version(record, by=by, data=form.data_for_service(), on=clock.today())


class VersionChange(VersionAdd):
    title, said = gettext_lazy("Correct the version"), gettext_lazy("Saved.")

    def perform(self, record: Any, form: Any) -> Any:
        by: Any = self.request.user
        row = self.part(record)
        return services.change_version(row, by=by, data=form.data_for_service(), version=self.version(form))


class VersionRelease(ActView):
    """Bring a version into use."""

    part_model, form_class, tab = SystemVersion, DatedForm, "versions"
    submit, said = pgettext_lazy("verb", "Release"), gettext_lazy("Version released.")

    def allowed(self, record: Any) -> None:
        require(policies.can_release_version(self.request.user, record))

    def heading(self, record: Any) -> str:
        return _("Release version %(number)s") % {"number": self.part(record)}

    def initial(self, record: Any) -> dict[str, Any]:
        return {"version": record.version, "day": clock.today()}

    def extra(self, record: Any) -> dict[str, Any]:
        live = record.versions.filter(live_from__isnull=False, live_until=None).first()
        ends = _("Version %(number)s, in use until now, ends the same day.") % {"number": live}
        return {"consequences": [ends]} if live else {}

    def perform(self, record: Any, form: Any) -> Any:
        by: Any = self.request.user
        day, reason = form.cleaned_data["day"], form.cleaned_data["reason"]
        return services.release_version(
            self.part(record), by=by, on=clock.today(), live_from=day, reason=reason, version=self.version(form)
        )


class VersionEnd(VersionRelease):
    """Take the version in use out of use."""

    submit, said = gettext_lazy("Take out of use"), gettext_lazy("Version taken out of use.")

    def heading(self, record: Any) -> str:
        return _("Take version %(number)s out of use") % {"number": self.part(record)}

    def extra(self, record: Any) -> dict[str, Any]:
        return {"consequences": [_("The system then has no version in use.")], "danger": True}

    def perform(self, record: Any, form: Any) -> Any:
        by: Any = self.request.user
        day, reason = form.cleaned_data["day"], form.cleaned_data["reason"]
        return services.end_version(
            self.part(record), by=by, on=clock.today(), live_until=day, reason=reason, version=self.version(form)
        )


class UseAdd(ActView):
    """Say that the system uses a component that is registered already."""

    form_class, tab, template_name = UseForm, "components", "kit/form.html"
    title, said = gettext_lazy("Use a registered component"), gettext_lazy("Component added.")

    def allowed(self, record: Any) -> None:
        require(policies.can_use_component(self.request.user, record))

    def perform(self, record: Any, form: Any) -> Any:
        by: Any = self.request.user
        return services.use_component(record, form.cleaned_data["component"], by=by)


class UseEnd(ActView):
    """Say that the system no longer uses a component."""

    tab, said = "components", gettext_lazy("The system no longer uses it.")

    def allowed(self, record: Any) -> None:
        require(policies.can_use_component(self.request.user, record))

    def component(self, record: AISystem) -> Component:
        rows = Component.objects.visible_to(self.request.user).used_in(record)
        found = rows.filter(ref=self.kwargs["component"]).first()
        if found is None:
            raise Hidden
        return found  # type: ignore[no-any-return]

    def heading(self, record: Any) -> str:
        return _("Stop using %(title)s") % {"title": self.component(record).title}

    def perform(self, record: Any, form: Any) -> Any:
        by: Any = self.request.user
        reason = form.cleaned_data["reason"]
        return services.stop_using(record, self.component(record), by=by, reason=reason, version=self.version(form))
