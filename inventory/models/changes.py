"""Changes of AI systems, asked about before they are made (6.3, 8.1, 8.4)."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.models import Governed, governed
from inventory.models.components import Component
from inventory.models.fields import choice, follows_system, line, one_of, person, prose
from inventory.models.lifecycle import LifecycleRecord
from inventory.models.rules import RuleEdition
from inventory.models.systems import AISystem, SystemVersion
from inventory.querysets import ChangeQuerySet
from inventory.states import CHANGE_TONES, ChangeState, Significance


@governed("CHG", "change", anchor="system_id")
class ChangeRequest(Governed):
    """A change of a system, with the answers to the significance questions. Its title says what changes."""

    state = models.CharField(
        _("State"), max_length=32, choices=ChangeState.choices, default=ChangeState.ASKED, editable=False
    )
    system = models.ForeignKey(
        AISystem, on_delete=models.PROTECT, related_name="changes", verbose_name=_("AI system"), editable=False
    )
    release = models.ForeignKey(
        SystemVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="changes",
        verbose_name=_("Version it leads to"),
    )  # fmt: skip
    component = models.ForeignKey(
        Component, null=True, on_delete=models.PROTECT, related_name="changes", verbose_name=_("Component"),
        editable=False,
    )  # fmt: skip
    brought = line(_("Release of the component"), 80, editable=False)
    description = prose(_("What changes and why"))
    planned_on = models.DateField(_("Planned for"), null=True, blank=True)
    edition = models.ForeignKey(RuleEdition, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    answers = models.JSONField(_("Answers"), default=dict, blank=True, editable=False)
    matters = ArrayField(
        models.CharField(max_length=32), verbose_name=_("What is touched"), default=list, blank=True, editable=False
    )
    significance = choice(_("Significance"), Significance, editable=False)
    envelope = models.ForeignKey(
        LifecycleRecord, null=True, on_delete=models.PROTECT, related_name="changes", verbose_name=_("Change envelope"),
        editable=False,
    )  # fmt: skip
    reason = prose(_("Why it is not significant"))
    asked_by = person(_("Asked by"), editable=False)
    assessed_by = person(_("Assessed by"), null=True, editable=False)
    assessed_on = models.DateField(_("Assessed on"), null=True, editable=False)
    decided_by = person(_("Decided by"), null=True, editable=False)
    decided_on = models.DateField(_("Decided on"), null=True, editable=False)
    done_on = models.DateField(_("Carried out on"), null=True, editable=False)
    unplanned = models.BooleanField(_("Made without a request"), default=False, editable=False)
    sampled_by = person(_("Sampled by"), null=True, editable=False)
    sampled_on = models.DateField(_("Sampled on"), null=True, editable=False)
    sample_note = prose(_("What the sample showed"), 2000)

    objects: ClassVar[Any] = ChangeQuerySet.as_manager()
    state_tones = CHANGE_TONES

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes: ClassVar = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="change_unit"),
            models.Index(fields=["system", "-id"], name="change_system"),
        ]
        constraints: ClassVar = [
            follows_system("change"),
            models.CheckConstraint(name="change_has_owner", condition=Q(owner__isnull=False)),
            models.CheckConstraint(
                name="change_assessed_whole",
                condition=Q(significance="", assessed_on=None) & Q(state__in=[ChangeState.ASKED, ChangeState.REJECTED])
                | ~Q(significance="") & Q(assessed_on__isnull=False) & ~Q(state=ChangeState.ASKED),
            ),
            models.CheckConstraint(
                name="change_not_significant_reasoned",
                condition=~Q(significance=Significance.NOT_SIGNIFICANT) | ~Q(reason=""),
                violation_error_message=_("Say why it is not significant."),
            ),
            models.CheckConstraint(
                name="change_significant_names_matters",
                condition=~Q(significance=Significance.SIGNIFICANT) | Q(matters__len__gt=0),
            ),
            models.CheckConstraint(
                name="change_inside_names_envelope",
                condition=Q(significance=Significance.INSIDE, envelope__isnull=False)
                | ~Q(significance=Significance.INSIDE) & Q(envelope=None),
            ),
            models.CheckConstraint(
                name="change_release_of_component",
                condition=Q(component=None, brought="") | Q(component__isnull=False) & ~Q(brought=""),
            ),
            models.CheckConstraint(
                name="change_done_dated",
                condition=Q(state=ChangeState.DONE, done_on__isnull=False)
                | ~Q(state=ChangeState.DONE) & Q(done_on=None),
            ),
            models.CheckConstraint(
                name="change_sampled_whole",
                condition=Q(sampled_by=None, sampled_on=None)
                | Q(sampled_by__isnull=False, sampled_on__isnull=False) & ~Q(sample_note=""),
            ),
            one_of("state", ChangeState),
            one_of("significance", Significance, optional=True),
        ]
