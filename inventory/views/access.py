"""Roles that people hold on one system alone."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import clock
from aims.errors import Hidden
from aims.forms import ReasonForm
from aims.services import require
from aims.views.form import FormView
from inventory import policies, services
from inventory.forms import SystemGrantForm
from inventory.models import AISystem, SystemGrant
from inventory.views.systems import SystemView, again
from organization.deciding import Deciding
from organization.states import Role


class AccessGive(Deciding, SystemView, FormView):
    """Gives a person a role on this system."""

    form_class: ClassVar[type[Any]] = SystemGrantForm
    submit, said = gettext_lazy("Give the role"), gettext_lazy("The role is given.")

    def allowed(self, record: Any) -> None:
        require(policies.can_grant_on_system(self.request.user, record))

    def heading(self, record: Any) -> str:
        return _("Give a role on %(title)s") % {"title": record.title}

    def initial(self, record: Any) -> dict[str, Any]:
        return {"valid_from": clock.today()}

    def success_url(self, done: Any) -> str:
        return self.kind.url(self.kwargs["ref"], "roles")

    def perform(self, record: Any, form: Any) -> Any:
        return services.grant_on_system(record, by=self.me(), on=clock.today(), **form.data_for_service())

    def me(self) -> Any:
        return self.request.user


class AccessEnd(AccessGive):
    """Ends a role on this system before its time."""

    form_class: ClassVar[type[Any]] = ReasonForm
    template_name = "kit/act.html"
    submit, said = gettext_lazy("End the role"), gettext_lazy("The role has ended.")

    def grant(self, record: AISystem) -> SystemGrant:
        rows = SystemGrant.objects.filter(content_object=record, pk=self.kwargs["pk"])
        found = rows.select_related("user", "permission", "content_object").first()
        if found is None:
            raise Hidden
        return found

    def heading(self, record: Any) -> str:
        grant = self.grant(record)
        return _("End the role %(role)s of %(name)s") % {"role": Role(grant.role).label, "name": grant.user}

    def initial(self, record: Any) -> dict[str, Any]:
        return {"version": self.grant(record).version}

    def extra(self, record: Any) -> dict[str, Any]:
        return {
            "consequences": [_("The role stops counting at once, on the system and what hangs on it.")],
            "danger": True,
        }

    def perform(self, record: Any, form: Any) -> Any:
        reason, version = form.cleaned_data["reason"], self.version(form)
        return services.end_system_grant(
            self.grant(record), by=self.me(), reason=reason, at=self.now(), version=version
        )

    def conflict(self, record: Any, form: Any, stale: Any) -> HttpResponse:
        return again(self, form, stale)
