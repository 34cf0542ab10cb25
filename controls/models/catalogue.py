"""The catalogue of clauses and controls: Annex A and the organization's own controls (clause 6.1.3 b and c)."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.trail import tracked
from controls.querysets import ClauseQuerySet, ControlQuerySet
from controls.states import Documented, Ours, Source

WRITTEN = r"\S"  # a text that says something


def _texts(label: Any) -> Any:
    return ArrayField(models.TextField(), verbose_name=label, default=list, blank=True)


# The key of the framework that the product itself keeps: ISO/IEC 42001.
OURS = "iso-42001"


@tracked()
class Framework(models.Model):
    """A standard whose clauses and controls the catalogue holds, as its data file gave them."""

    key = models.CharField(max_length=40, unique=True)
    title = models.CharField(_("Title"), max_length=200)
    edition = models.CharField(_("Edition"), max_length=60)
    data_version = models.CharField(_("Version of the data"), max_length=20)
    words = models.TextField(_("About the words"))
    source = models.TextField(_("Source"), blank=True, default="")
    # What of its rows is the product's own, and so unreviewed until a person says otherwise.
    ours = ArrayField(
        models.CharField(max_length=16, choices=Ours.choices), verbose_name=_("Ours"), default=list, blank=True
    )
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("framework")
        verbose_name_plural = _("frameworks")
        constraints: ClassVar = [
            models.CheckConstraint(name="framework_ours_known", condition=Q(ours__contained_by=list(Ours.values)))
        ]

    def __str__(self) -> str:
        return self.edition


@tracked()
class Clause(models.Model):
    """A clause: its requirements in our words, what to document, what is usually checked."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="clauses")
    number = models.CharField(_("Clause"), max_length=12)
    title = models.CharField(_("Title"), max_length=200)
    position = models.PositiveSmallIntegerField()
    heading = models.BooleanField(_("Heading only"), default=False)
    documented = models.CharField(_("Documented"), max_length=8, choices=Documented.choices, blank=True)
    documented_mandatory = models.BooleanField(_("Must be documented"), default=False)
    documented_items = _texts(_("What to document"))
    checks = _texts(_("What is checked"))
    notes = _texts(_("Notes"))
    crosswalk = models.JSONField(_("Related in other frameworks"), default=dict, blank=True)

    objects: ClassVar[Any] = ClauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        constraints: ClassVar = [models.UniqueConstraint(fields=["framework", "number"], name="clause_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/clauses/{self.number}/"

    @property
    def parent_number(self) -> str:
        """6.1 for 6.1.2; empty for a clause at the top."""
        return self.number.rpartition(".")[0]

    @property
    def depth(self) -> int:
        return self.number.count(".")


@tracked()
class Requirement(models.Model):
    """One thing a clause asks for, in our words."""

    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="requirements")
    number = models.CharField(_("Number"), max_length=16)
    text = models.TextField(_("What is asked"))
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["clause", "number"], name="requirement_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.text}"


@tracked()
class ControlGroup(models.Model):
    """A control objective of Annex A with the controls that serve it."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="groups")
    number = models.CharField(_("Number"), max_length=12)
    title = models.CharField(_("Title"), max_length=200)
    objective = models.TextField(_("Objective"))
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("control group")
        verbose_name_plural = _("control groups")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["framework", "number"], name="control_group_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


@tracked()
class Control(models.Model):
    """A control with guidance in our words: what it asks, typical evidence, what an auditor asks."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="controls")
    group = models.ForeignKey(ControlGroup, on_delete=models.PROTECT, related_name="controls")
    number = models.CharField(_("Control"), max_length=24)
    title = models.CharField(_("Title"), max_length=200)
    subgroup = models.CharField(_("Part of the group"), max_length=12, blank=True)
    position = models.PositiveSmallIntegerField()
    source = models.CharField(_("Source"), max_length=8, choices=Source.choices, default=Source.ANNEX_A)
    origin = models.CharField(_("Where it comes from"), max_length=300, blank=True, default="")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Added by")
    )
    summary = models.TextField(_("In short"))
    documented = models.BooleanField(_("Asks for a document"), default=False)
    asks = models.TextField(_("What it asks"))
    consider = _texts(_("Worth considering"))
    evidence = _texts(_("Typical evidence"))
    questions = _texts(_("Questions an auditor asks"))
    evidence_days = models.PositiveSmallIntegerField(_("Evidence counts for (days)"), default=365)
    roles = ArrayField(models.CharField(max_length=24), verbose_name=_("Roles it concerns"), default=list, blank=True)
    crosswalk = models.JSONField(_("Related in other frameworks"), default=dict, blank=True)

    objects: ClassVar[Any] = ControlQuerySet.as_manager()

    class Meta:
        verbose_name = _("control")
        verbose_name_plural = _("controls")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["framework", "number"], name="control_number"),
            models.UniqueConstraint(
                fields=["number"],
                name="control_number_alone",
                violation_error_message=_("There is a control of this number already."),
            ),
            models.CheckConstraint(
                name="control_own_has_origin",
                condition=Q(source=Source.ANNEX_A) | Q(origin__regex=WRITTEN, added_by__isnull=False),
                violation_error_message=_("Say where the control comes from."),
            ),
            models.CheckConstraint(name="control_evidence_days", condition=Q(evidence_days__range=(1, 3660))),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/controls/{self.number}/"

    @property
    def own(self) -> bool:
        """Whether the organization added it beyond Annex A."""
        return self.source == Source.OWN
