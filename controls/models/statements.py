"""What is stated about each control: by a scope, and by units and AI systems where they differ (clause 6.1.3 f)."""

from datetime import date
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aims.db import Follows
from aims.models import Governed, Part, Record, governed, part
from controls.models.catalogue import WRITTEN, Control
from controls.models.scopes import AimsScope
from controls.querysets import StatementQuerySet
from controls.states import STATE_TONES, Applicability, Basis, StatementState, Status

# What `states.state_of` computes, as the database checks it.
_STATE_FOLLOWS = (
    Q(applicability=Applicability.UNDECIDED, state=StatementState.UNDECIDED)
    | Q(applicability=Applicability.EXCLUDED, state=StatementState.EXCLUDED)
    | Q(applicability=Applicability.INCLUDED, state=F("status"))
)


_IN_SCOPE = pgtrigger.Trigger(
    name="in_scope",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=(
        "IF NOT EXISTS (SELECT FROM controls_aimsscope s JOIN organization_unit u ON u.id = NEW.unit_id "
        "WHERE s.id = NEW.scope_id AND (s.unit_id = ANY(u.path) OR EXISTS (SELECT FROM controls_scopesystem l "
        "WHERE l.scope_id = s.id AND l.system_id = NEW.system_id))) THEN RAISE EXCEPTION "
        "'a statement lies inside its scope' USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_in_scope'; "
        "END IF; RETURN NEW;"
    ),
)


@governed("STM", "statement", anchor="system_id")
class ControlStatement(Governed):
    """What a scope states about one control; a unit below or an AI system has its own only where it differs."""

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
    scope = models.ForeignKey(
        AimsScope, on_delete=models.PROTECT, related_name="statements", verbose_name=_("Scope"), editable=False
    )
    control = models.ForeignKey(
        Control, on_delete=models.PROTECT, related_name="statements", verbose_name=_("Control"), editable=False
    )
    system = models.ForeignKey(
        "inventory.AISystem",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="own_statements",
        verbose_name=_("AI system"),
    )
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
    evidence_days = models.PositiveSmallIntegerField(_("Evidence counts for (days)"), null=True, blank=True)

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
                fields=["scope", "control", "unit", "system"],
                name="statement_once",
                nulls_distinct=False,
                violation_error_message=_("There is a statement about this control here already."),
            ),
            # An inclusion may be saved before its reason is written; no version with it is approved.
            models.CheckConstraint(
                name="statement_excluded_is_justified",
                condition=~Q(applicability=Applicability.EXCLUDED) | Q(justification__regex=WRITTEN),
                violation_error_message=_("Say why the control is excluded."),
            ),
            Follows(
                name="statement_follows_system",
                columns=["system_id", "unit_id"],
                to="inventory_aisystem",
                to_columns=["id", "unit_id"],
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
            models.CheckConstraint(
                name="statement_evidence_days",
                condition=Q(evidence_days=None) | Q(evidence_days__range=(1, 3660)),
                violation_error_message=_("Evidence counts for 1 to 3660 days."),
            ),
            models.CheckConstraint(name="statement_basis_known", condition=Q(basis__contained_by=list(Basis.values))),
            models.CheckConstraint(name="statement_state_follows", condition=_STATE_FOLLOWS),
        ]
        triggers: ClassVar = [_IN_SCOPE]

    @property
    def differs(self) -> bool:
        """Whether it is a unit's or a system's own, beside that of the scope."""
        return self.system_id is not None or self.unit_id != self.scope.unit_id

    @property
    def counts_for(self) -> int:
        """For how many days its evidence counts where that names no end of its own."""
        return self.evidence_days or int(self.control.evidence_days)

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
    def records_seen(self) -> list[Record]:
        """What calls for it, as far as the reader sees; rows come from `with_records`."""
        return [one.record for one in self.basis_seen]  # type: ignore[attr-defined]

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


@part("statement")
class StatementBasis(Part):
    """A risk, obligation, objective or other record that calls for the control, or lets it go (clause 6.1.3 f)."""

    statement = models.ForeignKey(ControlStatement, on_delete=models.CASCADE, related_name="basis_rows")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="called_for", verbose_name=_("Record"))
    note = models.CharField(_("Why"), max_length=500, blank=True, default="")

    told_by = ("record",)

    class Meta:
        verbose_name = _("basis")
        verbose_name_plural = _("bases")
        constraints: ClassVar = [models.UniqueConstraint(fields=["statement", "record"], name="statement_basis_once")]
