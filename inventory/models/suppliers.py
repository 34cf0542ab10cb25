"""Who supplies AI systems, data, models, hosting (A.10.3)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.models import Governed, OwnValues, governed
from inventory.countries import known_country
from inventory.models.fields import choice, one_of, prose
from inventory.states import Criticality, SupplierKind, SupplierState


@governed("SUP", "supplier")
class Supplier(OwnValues, Governed):
    """A supplier with what it supplies and under which contract."""

    state = models.CharField(
        _("State"), max_length=32, choices=SupplierState.choices, default=SupplierState.ACTIVE, editable=False
    )
    country = models.CharField(_("Country"), max_length=2, blank=True, default="", validators=[known_country])
    supplier_kind = models.CharField(_("Kind"), max_length=32, choices=SupplierKind.choices)
    supplies = prose(_("What it supplies"))
    contract = prose(_("Contract"))
    criticality = choice(_("Criticality"), Criticality)

    state_tones: ClassVar = {"active": "good", "ended": "neutral"}

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        indexes: ClassVar = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="supplier_unit"),
            models.Index(fields=["-updated_at", "-id"], name="supplier_recent"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="supplier_has_owner", condition=Q(owner__isnull=False)),
            models.CheckConstraint(
                name="supplier_country_code", condition=Q(country="") | Q(country__regex="^[A-Z]{2}$")
            ),
            one_of("supplier_kind", SupplierKind),
            one_of("state", SupplierState),
            one_of("criticality", Criticality, optional=True),
        ]
