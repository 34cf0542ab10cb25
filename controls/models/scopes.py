"""Scopes of the management system: a part of the organization and further systems, with one Statement (clause 4.3)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.models import Governed, Part, governed, part
from controls.querysets import ScopeQuerySet
from controls.states import SCOPE_TONES, ScopeState


@governed("SCP", "scope")
class AimsScope(Governed):
    """What one certificate covers: its unit with all below it, and the AI systems it lists beside."""

    state_tones = SCOPE_TONES
    for_all_below = True

    state = models.CharField(
        _("State"), max_length=32, choices=ScopeState.choices, default=ScopeState.IN_USE, editable=False
    )
    boundaries = models.TextField(_("What is inside and what is not"), blank=True, default="", max_length=8000)

    objects: ClassVar[Any] = ScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("scope")
        verbose_name_plural = _("scopes")
        indexes: ClassVar = [models.Index(fields=["unit", "-updated_at", "-id"], name="scope_unit")]
        constraints: ClassVar = [
            models.CheckConstraint(name="scope_state_known", condition=Q(state__in=ScopeState.values)),
            models.CheckConstraint(name="scope_has_owner", condition=Q(owner__isnull=False)),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(state=ScopeState.IN_USE),
                name="scope_once_a_unit",
                violation_error_message=_("This unit has a scope already."),
            ),
        ]

    @property
    def in_use(self) -> bool:
        return self.state == ScopeState.IN_USE


@part("scope")
class ScopeSystem(Part):
    """An AI system that a scope covers although its unit lies outside the scope's."""

    scope = models.ForeignKey(AimsScope, on_delete=models.CASCADE, related_name="listed")
    system = models.ForeignKey(
        "inventory.AISystem", on_delete=models.PROTECT, related_name="scopes", verbose_name=_("AI system")
    )

    class Meta:
        verbose_name = _("AI system in the scope")
        verbose_name_plural = _("AI systems in the scope")
        constraints: ClassVar = [models.UniqueConstraint(fields=["scope", "system"], name="scope_system_once")]

    told_by = ("system",)
