"""Components: the register, one component, its forms."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import clock
from aims.errors import Hidden
from aims.forms import ReasonForm
from aims.services import require
from aims.ui import Action, Badge, Empty, Fact, Header, Link
from aims.views.base import KindView
from aims.views.form import ChangeView, CreateView, FormView
from aims.views.record import RecordView
from aims.views.register import RegisterView
from inventory import policies, services
from inventory.completeness import label_of, missing_of
from inventory.forms import ComponentForm
from inventory.models import AISystem, Component
from inventory.states import CONTROL_OF_KIND, ComponentKind, ComponentState, SystemStage
from inventory.tables import COMPONENTS, gaps_badge, quality_badge
from inventory.views.systems import again, not_stated, seen


class ComponentList(RegisterView):
    """What are our systems made of?"""

    model, table = Component, COMPONENTS
    lead = gettext_lazy("Data sets, models, tools, computing and people, each recorded once and used by many systems.")

    def actions(self) -> list[Action]:
        if not policies.can_register_component(self.request.user):
            return []
        return [Action(_("Register a component"), "/components/new/", icon="plus", primary=True)]

    def empty(self) -> Empty:
        return Empty(
            title=_("No component is recorded yet"),
            text=_(
                "Record what a system is made of once; other systems then use it with a click. Begin with the data a "
                "system was trained with: where it comes from, by which right it is used, and whom it misses."
            ),
            clause="A.4.2 – A.4.6",
            action=next(iter(self.actions()), None),
        )


class ComponentDetail(RecordView):
    """What is it, where does it come from, which systems use it?"""

    model = Component
    summary_template = "inventory/component_detail.html"

    def rows(self) -> Any:
        return super().rows().select_related("supplier", "system")

    def badges(self, record: Component) -> list[Any]:
        return [
            Badge(record.get_component_kind_display(), "info", ICONS[record.component_kind]),
            *super().badges(record),
        ]

    def actions(self, record: Component) -> list[Action]:
        user, url = self.request.user, record.get_absolute_url()
        found = []
        if policies.can_withdraw_component(user, record):
            found.append(_withdrawal(record, url))
        if policies.can_change_component(user, record):
            found.append(Action(_("Change"), f"{url}change/", icon="pencil", primary=True))
        return found

    def lead(self, record: Component) -> str:
        return record.description

    def strip(self, record: Component) -> Sequence[Fact]:
        quality = [Fact(_("Quality"), quality_badge(record), missing=_("Not checked"))]
        return [
            Fact(_("Owner"), record.owner),
            Fact(_("Unit"), record.unit.name),
            Fact(_("Version"), record.release, missing=_("None")),
            *(quality if record.component_kind == ComponentKind.DATA_SET else []),
            Fact(_("Completeness"), gaps_badge(len(missing_of(record)))),
        ]

    def facts(self, record: Component) -> Sequence[tuple[Any, Sequence[Fact]]]:
        form = ComponentForm(instance=record, user=self.request.user)
        own = [(title, [self._fact(record, name) for name in names]) for title, names in list(form.groups)[1:]]
        return [(_("Identity"), self._identity(record)), *own]

    def _identity(self, record: Component) -> list[Fact]:
        systems = AISystem.objects.visible_to(self.request.user).filter(uses__component=record).order_by("title")
        used = [Link(f"{system.ref} {system.title}", system.get_absolute_url()) for system in systems]
        return [
            Fact(_("Used by"), used, missing=_("No system yet")),
            Fact(_("Description"), record.description, missing=not_stated()),
            Fact(_("Supplier"), seen(self.request.user, record.supplier)),
            Fact(_("Licence"), record.licence),
            Fact(_("Confidentiality"), record.get_confidentiality_display()),
        ]

    def _fact(self, record: Component, name: str) -> Fact:
        value = getattr(record, name)
        if name == "stages":
            value = [str(SystemStage(stage).label) for stage in value]
        elif name in ("category", "quality_state"):
            value = getattr(record, f"get_{name}_display")()
        return Fact(label_of(record, name), value, missing=not_stated())

    def extra(self, record: Component) -> dict[str, Any]:
        may = bool(policies.can_change_component(self.request.user, record))
        return {"missing": missing_of(record), "may_change": may}


ICONS: dict[str, str] = {
    "data_set": "database",
    "model": "brain",
    "tool": "tool",
    "computing": "server",
    "people": "users",
}


def _withdrawal(record: Component, url: str) -> Action:
    if record.state == ComponentState.WITHDRAWN:
        return Action(_("Take back into use"), f"{url}reinstate/", icon="arrow-back-up")
    return Action(_("Withdraw"), f"{url}withdraw/", icon="archive")


class ComponentCreate(CreateView):
    """Record a component: first its kind, then what is asked of that kind."""

    model, form_class = Component, ComponentForm

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.allowed(None)
        return super().get(request, **kwargs) if self.component_kind() else self.choose()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.allowed(None)
        return super().post(request, **kwargs) if self.component_kind() else self.choose(status=400)

    def choose(self, status: int = 200) -> HttpResponse:
        """Which kind? One link each, with the control that asks for it."""
        query = self.request.GET.copy()
        kinds = []
        for kind in ComponentKind:
            query["kind"] = kind.value
            kinds.append((kind.label, f"?{query.urlencode()}", CONTROL_OF_KIND[kind], ICONS[kind]))
        header = Header(title=_("What kind of component is it?"), crumbs=self.crumbs())
        return render(self.request, "inventory/component_kind.html", {"header": header, "kinds": kinds}, status=status)

    def component_kind(self) -> str:
        kind = self.request.GET.get("kind", "")
        return kind if kind in ComponentKind.values else ""

    def home(self) -> AISystem | None:
        """The system named in the address, to which the component belongs."""
        ref = self.request.GET.get("system", "")
        if not ref:
            return None
        found = AISystem.objects.visible_to(self.request.user).select_related("unit").filter(ref=ref).first()
        if found is None:
            raise Hidden
        return found  # type: ignore[no-any-return]

    def allowed(self, record: Any) -> None:
        home = self.home()
        if home is not None:
            require(policies.can_use_component(self.request.user, home))
        else:
            require(policies.can_register_component(self.request.user))

    def form_for(self, record: Any, **kwargs: Any) -> Any:
        return ComponentForm(
            instance=None, user=self.request.user, kind=self.component_kind(), home=self.home(), **kwargs
        )

    def initial(self, record: Any) -> dict[str, Any]:
        user: Any = self.request.user
        return {"owner": user, "unit": user.unit if policies.can_register_component(user, user.unit) else None}

    def heading(self, record: Any) -> str:
        return _("Register a component: %(kind)s") % {"kind": ComponentKind(self.component_kind()).label}

    def perform(self, record: Any, form: Any) -> Any:
        by: Any = self.request.user
        data = {**form.data_for_service(), "component_kind": self.component_kind(), "system": self.home()}
        return services.register_component(by=by, data=data)

    def success_url(self, done: Any) -> str:
        home = self.home()
        return f"/systems/{home.ref}/components/" if home is not None else super().success_url(done)


class ComponentChange(ChangeView):
    model, form_class, said = Component, ComponentForm, gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(policies.can_change_component(self.request.user, record))

    def perform(self, record: Any, form: Any) -> Any:
        by: Any = self.request.user
        return services.change_component(
            record, by=by, data=form.data_for_service(), on=clock.today(), version=self.version(form)
        )


class LifeView(FormView):
    """Ends or resumes a record, with a reason."""

    form_class: ClassVar[type[Any]] = ReasonForm
    template_name = "kit/act.html"
    said = gettext_lazy("Done.")
    title: ClassVar[Any] = ""

    def heading(self, record: Any) -> str:
        return f"{self.title}: {record.title}"

    def initial(self, record: Any) -> dict[str, Any]:
        return {"version": record.version}

    def conflict(self, record: Any, form: Any, stale: Any) -> HttpResponse:
        return again(self, form, stale)

    def verb(self, record: Any, **kwargs: Any) -> Any:
        """The service to call."""
        raise NotImplementedError

    def perform(self, record: Any, form: Any) -> Any:
        return self.verb(record, by=self.request.user, reason=form.cleaned_data["reason"], version=self.version(form))


class ComponentWithdraw(LifeView, KindView):
    model, title, submit = Component, gettext_lazy("Withdraw"), gettext_lazy("Withdraw")

    def allowed(self, record: Any) -> None:
        require(policies.can_withdraw_component(self.request.user, record))

    def verb(self, record: Any, **kwargs: Any) -> Any:
        return services.withdraw_component(record, **kwargs)


class ComponentReinstate(ComponentWithdraw):
    title, submit = gettext_lazy("Take back into use"), gettext_lazy("Take back into use")

    def verb(self, record: Any, **kwargs: Any) -> Any:
        return services.reinstate_component(record, **kwargs)
