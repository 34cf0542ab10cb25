"""The audit programme: for which period, with which aims, methods and means (clause 9.2.2)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from aims.models import Governed, governed
from audits.models.fields import frozen, one_of, optional, recent, said, state, text, who, within
from audits.states import PROGRAMME_TONES, ProgrammeState

# What was approved stays: a change of plan is a new programme.
_APPROVED = ("starts_on", "ends_on", "objectives", "gaps", "gap_reason", "gap_reasons", "approved_by_id", "approved_at")
_SILENT = Func(
    F("gap_reasons"), function="jsonb_path_exists", output_field=models.BooleanField(),
    template=r"""%(function)s(%(expressions)s, '$[*] ? (!exists(@.why) || !(@.why like_regex "[^[:space:]]"))')""",
)  # fmt: skip


@governed("PRG", "programme")
class AuditProgramme(Governed):
    """A programme of audits.

    What no audit of it covered when it was approved is kept with the reasons: `gaps` are the clauses and controls,
    `gap_reasons` say of them and of units and systems, by key, why not (`audits.leftout`).
    """

    state_tones = PROGRAMME_TONES

    state = state(ProgrammeState, ProgrammeState.DRAFT)
    starts_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until"))
    objectives = text(_("Objectives"))
    risks = optional(_("Risks of the programme"))
    methods = optional(_("Methods"))
    responsibilities = optional(_("Responsibilities"))
    resources = optional(_("Resources"))
    reporting = optional(_("Reporting"))
    gaps = models.JSONField(_("Not covered"), default=list, blank=True, editable=False)
    gap_reasons = models.JSONField(
        _("Reasons"), default=list, db_default=Value([], models.JSONField()), blank=True, editable=False
    )
    gap_reason = models.TextField(_("Why not covered"), max_length=4000, blank=True, default="", editable=False)
    approved_by = who(_("Approved by"), null=True, editable=False)
    approved_at = models.DateTimeField(_("Approved"), null=True, editable=False)

    class Meta:
        verbose_name = _("audit programme")
        verbose_name_plural = _("audit programmes")
        indexes: ClassVar = recent("programme")
        constraints: ClassVar = [
            within("programme_period", "starts_on", "ends_on"),
            said("programme_objectives", "objectives"),
            one_of("state", ProgrammeState),
            models.CheckConstraint(
                name="programme_approved_whole",
                condition=Q(state=ProgrammeState.DRAFT, approved_by=None, approved_at=None)
                | ~Q(state=ProgrammeState.DRAFT) & Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="programme_gaps_reasoned",
                condition=Q(state=ProgrammeState.DRAFT) | Q(gaps=[]) | Q(gap_reason__regex=r"\S") | ~Q(gap_reasons=[]),
                violation_error_message=_("Say why this is left out."),
            ),
            models.CheckConstraint(
                name="programme_reasons_said",
                condition=Exact(_SILENT, Value(False)),
                violation_error_message=_("Say why this is left out."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            frozen("programme_frozen", "an approved programme does not change", _APPROVED,
                   when="OLD.state <> 'draft'"),
        ]  # fmt: skip

    @property
    def is_draft(self) -> bool:
        return self.state == ProgrammeState.DRAFT
