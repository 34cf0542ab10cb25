"""The catalogue of clauses and controls, and what is stated about each control (clause 6.1.3, Annex A)."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aims.models import Governed, Part, governed, part
from aims.trail import tracked
from controls.querysets import ClauseQuerySet, ControlQuerySet, StatementQuerySet
from controls.states import STATE_TONES, Applicability, Basis, Documented, Source, StatementState, Status

WRITTEN = r"\S"  # a text that says something


def _texts(label: Any) -> Any:
    return ArrayField(models.TextField(), verbose_name=label, default=list, blank=True)


@tracked()
class Framework(models.Model):
    """A standard whose clauses and controls the catalogue holds, as its data file gave them."""

    key = models.CharField(max_length=40, unique=True)
    title = models.CharField(_("Title"), max_length=200)
    edition = models.CharField(_("Edition"), max_length=60)
    data_version = models.CharField(_("Version of the data"), max_length=20)
    words = models.TextField(_("About the words"))
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("framework")
        verbose_name_plural = _("frameworks")

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
    crosswalk = models.JSONField(_("Related in other frameworks"), default=dict)

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
    summary = models.TextField(_("In short"))
    documented = models.BooleanField(_("Asks for a document"), default=False)
    asks = models.TextField(_("What it asks"))
    consider = _texts(_("Worth considering"))
    evidence = _texts(_("Typical evidence"))
    questions = _texts(_("Questions an auditor asks"))
    roles = ArrayField(models.CharField(max_length=24), verbose_name=_("Roles it concerns"), default=list, blank=True)
    crosswalk = models.JSONField(_("Related in other frameworks"), default=dict)

    objects: ClassVar[Any] = ControlQuerySet.as_manager()

    class Meta:
        verbose_name = _("control")
        verbose_name_plural = _("controls")
        constraints: ClassVar = [models.UniqueConstraint(fields=["framework", "number"], name="control_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/controls/{self.number}/"


# What `states.state_of` computes, as the database checks it.
_STATE_FOLLOWS = (
    Q(applicability=Applicability.UNDECIDED, state=StatementState.UNDECIDED)
    | Q(applicability=Applicability.EXCLUDED, state=StatementState.EXCLUDED)
    | Q(applicability=Applicability.INCLUDED, state=F("status"))
)


@governed("STM", "statement")
class ControlStatement(Governed):
    """What a unit (the root unit: the organization) states about one control: clause 6.1.3 f)."""

    state_tones = STATE_TONES
    for_all_below = True

    state = models.CharField(
        _("State"), max_length=32, choices=StatementState.choices, default=StatementState.UNDECIDED, editable=False
    )
    # Nobody speaks for a control until somebody is named.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Owner"),
        null=True,
        blank=True,
    )
    control = models.ForeignKey(Control, on_delete=models.PROTECT, related_name="statements", verbose_name=_("Control"))
    applicability = models.CharField(
        _("Applicability"), max_length=10, choices=Applicability.choices, default=Applicability.UNDECIDED
    )
    justification = models.TextField(_("Justification"), blank=True, max_length=8000)
    basis = ArrayField(
        models.CharField(max_length=12, choices=Basis.choices), verbose_name=_("Basis"), default=list, blank=True
    )
    implementation = models.TextField(_("How it is implemented"), blank=True, max_length=20_000)
    procedure = models.CharField(_("Procedure"), max_length=300, blank=True)
    status = models.CharField(_("Status"), max_length=16, choices=Status.choices, default=Status.NOT_STARTED)
    last_reviewed_on = models.DateField(_("Last reviewed"), null=True, blank=True)

    objects: ClassVar[Any] = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("control statement")
        verbose_name_plural = _("control statements")
        indexes: ClassVar = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="statement_unit"),
            models.Index(fields=["owner"], name="statement_owner"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["control", "unit"],
                name="statement_once",
                violation_error_message=_("This unit has a statement about this control already."),
            ),
            models.CheckConstraint(
                name="statement_decided_is_justified",
                condition=Q(applicability=Applicability.UNDECIDED) | Q(justification__regex=WRITTEN),
                violation_error_message=_("Say why the control is included or excluded."),
            ),
            models.CheckConstraint(
                name="statement_excluded_not_applicable",
                condition=Q(applicability=Applicability.EXCLUDED, status=Status.NOT_APPLICABLE)
                | ~Q(applicability=Applicability.EXCLUDED) & ~Q(status=Status.NOT_APPLICABLE),
                violation_error_message=_("Exactly the excluded controls are not applicable."),
            ),
            models.CheckConstraint(
                name="statement_planned_has_owner_and_date",
                condition=~Q(status=Status.PLANNED) | Q(owner__isnull=False, due_on__isnull=False),
                violation_error_message=_("What is planned has an owner and a date."),
            ),
            models.CheckConstraint(name="statement_basis_known", condition=Q(basis__contained_by=list(Basis.values))),
            models.CheckConstraint(name="statement_state_follows", condition=_STATE_FOLLOWS),
        ]

    @property
    def decided(self) -> bool:
        return self.applicability != Applicability.UNDECIDED

    @property
    def excluded(self) -> bool:
        return self.applicability == Applicability.EXCLUDED

    def late(self, on: date) -> bool:
        """Whether its date passed before it was fully implemented."""
        done = self.status in (Status.IMPLEMENTED, Status.NOT_APPLICABLE)
        return self.due_on is not None and self.due_on < on and not done

    @property
    def systems(self) -> list[Any]:
        """The AI systems it is limited to, as far as the reader sees them; rows come from `with_links`."""
        return [one.system for one in self.reach_seen]  # type: ignore[attr-defined]

    @property
    def basis_words(self) -> list[str]:
        return [str(Basis(value).label) for value in self.basis]


@part("statement")
class StatementSystem(Part):
    """An AI system that a statement is limited to. A statement without any holds for the whole unit."""

    statement = models.ForeignKey(ControlStatement, on_delete=models.CASCADE, related_name="reach")
    system = models.ForeignKey(
        "inventory.AISystem", on_delete=models.PROTECT, related_name="statements", verbose_name=_("AI system")
    )

    class Meta:
        verbose_name = _("AI system it applies to")
        verbose_name_plural = _("AI systems it applies to")
        constraints: ClassVar = [models.UniqueConstraint(fields=["statement", "system"], name="statement_system_once")]
