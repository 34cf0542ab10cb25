"""What systems are made of: data sets, models, tools, computing, people (A.4.2 to A.4.6, A.7)."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.db import Follows
from aims.models import Governed, OwnValues, Part, governed, part
from inventory.models.fields import choice, line, one_of, prose
from inventory.models.suppliers import Supplier
from inventory.models.systems import AISystem
from inventory.querysets import ComponentQuerySet
from inventory.states import KIND_FIELDS, ComponentKind, ComponentState, DataCategory, QualityState, SystemStage

# How each column says "nothing here".
_NOTHING: dict[str, Any] = {"personal_data": None, "last_updated": None, "stages": []}


def _only_of(kind: str) -> models.CheckConstraint:
    """Columns of one kind are empty in rows of every other kind."""
    empty = Q()
    for name in KIND_FIELDS[kind]:
        nothing = _NOTHING.get(name, "")
        empty &= Q(**{f"{name}__isnull": True}) if nothing is None else Q(**{name: nothing})
    return models.CheckConstraint(name=f"component_{kind}_fields", condition=Q(component_kind=kind) | empty)


@governed("CMP", "component", anchor="system_id")
class Component(OwnValues, Governed):
    """A data set, model, tool, computing resource or team. Its home system gives it its unit; others may share it."""

    state = models.CharField(
        _("State"), max_length=32, choices=ComponentState.choices, default=ComponentState.IN_USE, editable=False
    )
    component_kind = models.CharField(_("Kind"), max_length=16, choices=ComponentKind.choices)
    system = models.ForeignKey(
        AISystem,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="own_components",
        verbose_name=_("Home system"),
    )
    description = prose(_("Description"))
    supplier = models.ForeignKey(
        Supplier, null=True, blank=True, on_delete=models.PROTECT, related_name="components", verbose_name=_("Supplier")
    )
    release = line(_("Version"), 80)
    licence = line(_("Licence"))
    # data set
    category = choice(_("Category"), DataCategory)
    intended_use = prose(_("Intended use"))
    rights = prose(_("Rights"))
    provenance = prose(_("Provenance"))
    acquisition = prose(_("Acquisition"))
    labelling = prose(_("Labelling"))
    preparation = prose(_("Preparation"))
    personal_data = models.BooleanField(_("Personal data"), null=True, blank=True)
    personal_data_note = prose(_("Which personal data"))
    minimisation = prose(_("Minimisation"))
    anonymisation = prose(_("Anonymisation"))
    encryption = prose(_("Encryption"))
    retention = prose(_("Retention and disposal"))
    known_bias = prose(_("Known or possible bias"))
    quality_state = choice(_("Quality"), QualityState)
    quality_note = prose(_("Quality in detail"))
    last_updated = models.DateField(_("Data last updated"), null=True, blank=True)
    # model
    algorithm = prose(_("Algorithm"))
    base_model = line(_("Base model"))
    limits = prose(_("Limits"))
    # tool
    used_for = prose(_("Used for"))
    # computing
    location = line(_("Location"))
    resources = prose(_("Resources"))
    footprint = prose(_("Footprint"))
    # people
    roles = prose(_("Roles in the team"))
    competence = prose(_("Competence"))
    stages = ArrayField(
        models.CharField(max_length=32, choices=SystemStage.choices),
        size=8,
        verbose_name=_("Stages"),
        default=list,
        blank=True,
    )

    objects: ClassVar[Any] = ComponentQuerySet.as_manager()
    state_tones: ClassVar = {"in_use": "good", "withdrawn": "neutral"}

    class Meta:
        verbose_name = _("component")
        verbose_name_plural = _("components")
        indexes: ClassVar = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="component_unit"),
            models.Index(fields=["-updated_at", "-id"], name="component_recent"),
        ]
        constraints: ClassVar = [
            Follows(
                name="component_follows_system",
                columns=["system_id", "unit_id"],
                to="inventory_aisystem",
                to_columns=["id", "unit_id"],
            ),
            models.CheckConstraint(name="component_has_owner", condition=Q(owner__isnull=False)),
            models.CheckConstraint(name="component_stages_known", condition=Q(stages__contained_by=SystemStage.values)),
            one_of("component_kind", ComponentKind),
            one_of("state", ComponentState),
            one_of("category", DataCategory, optional=True),
            one_of("quality_state", QualityState, optional=True),
            *[_only_of(kind) for kind in KIND_FIELDS],
        ]

    def own_fields(self) -> tuple[str, ...]:
        """Names of the fields that this kind of component has beside the common ones."""
        return KIND_FIELDS.get(self.component_kind, ())


@part("system")
class ComponentUse(Part):
    """A system uses a component."""

    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="uses")
    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="uses", verbose_name=_("Component"))

    told_by: ClassVar = ("component",)

    class Meta:
        verbose_name = _("use of a component")
        verbose_name_plural = _("uses of components")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["system", "component"],
                name="component_use_once",
                violation_error_message=_("The system already uses this component."),
            ),
        ]
