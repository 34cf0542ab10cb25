"""Suppliers: the register, one supplier, its forms."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.services import require
from aims.ui import Action, Empty, Fact, Link
from aims.views.form import ChangeView, CreateView
from aims.views.record import RecordView
from aims.views.register import RegisterView
from inventory import policies, services
from inventory.countries import country_name
from inventory.forms import SupplierForm
from inventory.models import AISystem, Component, Supplier
from inventory.states import SupplierState
from inventory.tables import SUPPLIERS, criticality_badge
from inventory.views.components import LifeView
from inventory.views.systems import not_stated


class SupplierList(RegisterView):
    """On whom do our AI systems depend?"""

    model, table = Supplier, SUPPLIERS
    lead = gettext_lazy(
        "Who supplies AI systems, models, data, software, hosting and services, and under which contract."
    )

    def actions(self) -> list[Action]:
        if not policies.can_register_supplier(self.request.user):
            return []
        return [Action(_("Register a supplier"), "/suppliers/new/", icon="plus", primary=True)]

    def empty(self) -> Empty:
        return Empty(
            title=_("No supplier is recorded yet"),
            text=_(
                "Record whose work your AI systems stand on: hosting, bought software with AI inside, pretrained "
                "models, data, labelling. An auditor asks how you chose them and what the contract says about changes."
            ),
            clause="A.10.3",
            action=next(iter(self.actions()), None),
        )


class SupplierDetail(RecordView):
    """What do they supply, under which contract, to which systems?"""

    model = Supplier

    def actions(self, record: Supplier) -> list[Action]:
        user, url = self.request.user, record.get_absolute_url()
        found = []
        if policies.can_end_supplier(user, record):
            active = record.state == SupplierState.ACTIVE
            label, verb = (_("End the relationship"), "end") if active else (_("Resume"), "resume")
            found.append(Action(label, f"{url}{verb}/", icon="archive" if active else "arrow-back-up"))
        if policies.can_change_supplier(user, record):
            found.append(Action(_("Change"), f"{url}change/", icon="pencil", primary=True))
        return found

    def strip(self, record: Supplier) -> Sequence[Fact]:
        return [
            Fact(_("Kind"), record.get_supplier_kind_display()),
            Fact(_("Country"), country_name(record.country), missing=not_stated()),
            Fact(_("Criticality"), criticality_badge(record), missing=_("Not rated")),
            Fact(_("Owner"), record.owner),
            Fact(_("Unit"), record.unit.name),
        ]

    def facts(self, record: Supplier) -> Sequence[tuple[Any, Sequence[Fact]]]:
        user = self.request.user
        systems = AISystem.objects.visible_to(user).filter(supplier=record).order_by("title")
        components = Component.objects.visible_to(user).filter(supplier=record).order_by("title")
        return [
            (
                _("Supply"),
                [
                    Fact(_("What it supplies"), record.supplies, missing=not_stated()),
                    Fact(_("Contract"), record.contract, missing=not_stated()),
                ],
            ),
            (
                _("What stands on it"),
                [
                    Fact(_("AI systems"), _links(systems), missing=_("None")),
                    Fact(_("Components"), _links(components), missing=_("None")),
                ],
            ),
        ]


def _links(rows: Any) -> list[Link]:
    return [Link(f"{row.ref} {row.title}", row.get_absolute_url()) for row in rows]


class SupplierCreate(CreateView):
    model, form_class = Supplier, SupplierForm

    def allowed(self, record: Any) -> None:
        require(policies.can_register_supplier(self.request.user))

    def heading(self, record: Any) -> str:
        return _("Register a supplier")

    def initial(self, record: Any) -> dict[str, Any]:
        user: Any = self.request.user
        unit = user.unit if policies.can_register_supplier(user, user.unit) else None
        return {"owner": user, "unit": unit, **super().initial(record)}

    def perform(self, record: Any, form: Any) -> Any:
        by: Any = self.request.user
        return services.register_supplier(by=by, data=form.data_for_service())


class SupplierChange(ChangeView):
    model, form_class, said = Supplier, SupplierForm, gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(policies.can_change_supplier(self.request.user, record))

    def perform(self, record: Any, form: Any) -> Any:
        by: Any = self.request.user
        return services.change_supplier(record, by=by, data=form.data_for_service(), version=self.version(form))


class SupplierEnd(LifeView):
    model, title, submit = Supplier, gettext_lazy("End the relationship"), gettext_lazy("End")

    def allowed(self, record: Any) -> None:
        require(policies.can_end_supplier(self.request.user, record))

    def verb(self, record: Any, **kwargs: Any) -> Any:
        return services.end_supplier(record, **kwargs)


class SupplierResume(SupplierEnd):
    title, submit = gettext_lazy("Resume the relationship"), gettext_lazy("Resume")

    def verb(self, record: Any, **kwargs: Any) -> Any:
        return services.resume_supplier(record, **kwargs)
