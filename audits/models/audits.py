"""Audits: aims, criteria, scope, team, checklist with working papers, report (clauses 9.2.1 and 9.2.2)."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aims.db import Now
from aims.models import Governed, Part, Record, governed, part
from aims.trail import append_only
from audits.models.fields import frozen, one_of, optional, recent, said, state, text, who, within
from audits.models.programmes import AuditProgramme
from audits.querysets import AuditQuerySet, PartQuerySet
from audits.states import AUDIT_TONES, AUDITING, PAPERS_HERE, AuditSort, AuditState, PaperResult, TeamRole
from controls.models import Clause, Control
from inventory.models import AISystem
from organization.mandates import CompetenceRecord
from organization.models import Unit

LOOK_BACK = 24  # months in which what somebody did makes them partial
_REPORTED = (
    "objectives",
    "method",
    "conclusions",
    "left_out",
    "period_from",
    "period_to",
    "reported_by_id",
    "reported_at",
)


@governed("AUD", "audit")
class Audit(Governed):
    """One audit, internal or external."""

    state_tones = AUDIT_TONES

    state = state(AuditState, AuditState.PLANNED)
    programme = models.ForeignKey(
        AuditProgramme, null=True, blank=True, on_delete=models.PROTECT, related_name="audits",
        verbose_name=_("Programme"),
    )  # fmt: skip
    sort = models.CharField(_("Kind"), max_length=16, choices=AuditSort.choices, default=AuditSort.INTERNAL)
    objectives = optional(_("Objectives"))
    method = optional(_("Method"))
    agenda = optional(_("Plan and agenda"))
    period_from = models.DateField(_("Looks at the period from"), null=True, blank=True)
    period_to = models.DateField(_("Looks at the period until"), null=True, blank=True)
    starts_on = models.DateField(_("Begins"))
    ends_on = models.DateField(_("Ends"))
    look_back = models.PositiveSmallIntegerField(_("Months of look-back for independence"), default=LOOK_BACK)
    opening = optional(_("Opening meeting"))
    closing = optional(_("Closing meeting"))
    conclusions = optional(_("Conclusions"), 20_000)
    left_out = optional(_("Why the rest was not looked at"))
    # of an audit that was over before it came here
    audited_by = models.CharField(
        _("Audited by"), max_length=300, blank=True, default="", db_default="", editable=False
    )
    report_at = models.CharField(
        _("Where the report is kept"), max_length=1000, blank=True, default="", db_default="", editable=False
    )
    reported_by = who(_("Reported by"), null=True, editable=False)
    reported_at = models.DateTimeField(_("Reported"), null=True, editable=False)

    objects: ClassVar[Any] = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit")
        verbose_name_plural = _("audits")
        indexes: ClassVar = recent("audit")
        constraints: ClassVar = [
            within("audit_dates", "starts_on", "ends_on"),
            within("audit_period", "period_from", "period_to"),
            one_of("state", AuditState),
            one_of("sort", AuditSort),
            models.CheckConstraint(
                name="audit_started_with_objectives",
                condition=Q(state__in=[AuditState.PLANNED, AuditState.CANCELLED, AuditState.TAKEN_OVER])
                | Q(objectives__regex=r"\S"),
            ),
            models.CheckConstraint(
                name="audit_taken_over_whole",
                condition=Q(state=AuditState.TAKEN_OVER, audited_by__regex=r"\S", conclusions__regex=r"\S")
                | ~Q(state=AuditState.TAKEN_OVER) & Q(audited_by="", report_at=""),
            ),
            models.CheckConstraint(
                name="audit_reported_whole",
                condition=Q(state__in=[AuditState.REPORTED, AuditState.CLOSED], reported_by__isnull=False,
                            reported_at__isnull=False, conclusions__regex=r"\S")
                | ~Q(state__in=[AuditState.REPORTED, AuditState.CLOSED]) & Q(reported_by=None, reported_at=None),
            ),
        ]  # fmt: skip
        triggers: ClassVar[list[Any]] = [
            frozen("audit_reported", "a reported audit does not change", _REPORTED,
                   when="OLD.state IN ('reported', 'closed')"),
        ]  # fmt: skip

    @property
    def is_open(self) -> bool:
        return self.state in (AuditState.PLANNED, AuditState.RUNNING)

    @property
    def external(self) -> bool:
        return self.sort != AuditSort.INTERNAL

    @property
    def keeps_papers(self) -> bool:
        """Whether its working papers are kept here: a certification body keeps its own, and so did who audited before."""
        return self.sort in PAPERS_HERE and not self.taken_over

    @property
    def taken_over(self) -> bool:
        """Whether it was over before it came here: its report, papers and samples are kept where it was done."""
        return self.state == AuditState.TAKEN_OVER


@part("audit")
class AuditCriterion(Part):
    """What is audited against: a clause or control of any loaded framework, or a procedure of our own."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="criteria")
    clause = models.ForeignKey(Clause, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    control = models.ForeignKey(Control, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    procedure = models.CharField(_("Own procedure"), max_length=300, blank=True, default="")

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    told_by: ClassVar = ("clause", "control", "procedure")

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["audit", "clause"], name="criterion_clause_once"),
            models.UniqueConstraint(fields=["audit", "control"], name="criterion_control_once"),
            models.CheckConstraint(
                name="criterion_one_of_three",
                condition=Q(clause__isnull=False, control=None, procedure="")
                | Q(clause=None, control__isnull=False, procedure="")
                | Q(clause=None, control=None, procedure__regex=r"\S"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.clause or self.control or self.procedure)

    @property
    def number(self) -> str:
        """The clause's or control's number; "" for a procedure of our own."""
        row = self.clause or self.control
        return row.number if row is not None else ""


@part("audit")
class AuditUnit(Part):
    """A unit in the scope, with everything below it."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="units")
    scope_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit"))

    told_by: ClassVar = ("scope_unit",)

    class Meta:
        verbose_name = _("unit in scope")
        verbose_name_plural = _("units in scope")
        constraints: ClassVar = [models.UniqueConstraint(fields=["audit", "scope_unit"], name="audit_unit_once")]

    def __str__(self) -> str:
        return str(self.scope_unit)


@part("audit")
class AuditSystem(Part):
    """An AI system in the scope."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="systems")
    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="audits", verbose_name=_("AI system"))

    told_by: ClassVar = ("system",)

    class Meta:
        verbose_name = _("system in scope")
        verbose_name_plural = _("systems in scope")
        constraints: ClassVar = [models.UniqueConstraint(fields=["audit", "system"], name="audit_system_once")]

    def __str__(self) -> str:
        return str(self.system)


@part("audit")
class TeamMember(Part):
    """Who audits. `conflicts`: acts that make them partial; then an approver's reason and safeguards stand beside."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="team")
    person = who(_("Person"))
    role = models.CharField(_("Role"), max_length=8, choices=TeamRole.choices, default=TeamRole.AUDITOR)
    competence = models.ForeignKey(
        CompetenceRecord,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Competence"),
    )
    declaration = optional(_("Declaration of independence"), 2000)
    conflicts = models.JSONField(_("Acts that make partial"), default=list, blank=True)
    override_reason = optional(_("Why all the same"), 2000)
    safeguards = optional(_("Safeguards"), 2000)
    approved_by = who(_("Approved by"), null=True, blank=True)
    added_by = who(_("Added by"))
    added_at = models.DateTimeField(_("Added"), db_default=Now(), editable=False)

    told_by: ClassVar = ("person",)

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["audit", "person"], name="team_member_once",
                violation_error_message=_("This person is on the team already."),
            ),
            models.UniqueConstraint(
                fields=["audit"], condition=Q(role=TeamRole.LEAD), name="team_one_lead",
                violation_error_message=_("The team has a lead already."),
            ),
            one_of("role", TeamRole),
            models.CheckConstraint(
                name="team_auditor_competent",
                condition=~Q(role__in=[str(role) for role in AUDITING]) | Q(competence__isnull=False),
            ),
            models.CheckConstraint(
                name="team_conflict_overridden",
                condition=Q(conflicts=[], override_reason="", safeguards="", approved_by=None)
                | Q(override_reason__regex=r"\S", safeguards__regex=r"\S", approved_by__isnull=False) & ~Q(conflicts=[]),
            ),
            models.CheckConstraint(
                name="team_not_approved_by_oneself", condition=Q(approved_by=None) | ~Q(approved_by=F("person"))
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.person)


@part("audit")
class ChecklistItem(Part):
    """A question and its working paper. `edition` rises with each save, so that two auditors lose nothing."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="items")
    criterion = models.ForeignKey(AuditCriterion, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    question = text(_("Question"), 1000)
    result = models.CharField(_("Result"), max_length=12, choices=PaperResult.choices, default=PaperResult.NOT_LOOKED)
    notes = optional(_("Notes"), 20_000)
    evidence_seen = optional(_("Evidence seen"), 8000)
    auditor = who(_("Auditor"), null=True, blank=True)
    edition = models.PositiveIntegerField(default=1, editable=False)
    saved_at = models.DateTimeField(_("Saved"), null=True, editable=False)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    told_by: ClassVar = ("question",)

    class Meta:
        verbose_name = _("working paper")
        verbose_name_plural = _("working papers")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["audit", "criterion", "question"], name="checklist_question_once"),
            said("checklist_question", "question"),
            one_of("result", PaperResult),
        ]

    def __str__(self) -> str:
        return self.question


@part("audit")
class PaperRecord(Part):
    """A record that an auditor looked at for a working paper, at the version it then had."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="paper_records")
    item = models.ForeignKey(ChecklistItem, on_delete=models.CASCADE, related_name="records")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+", verbose_name=_("Record"))
    seen_version = models.PositiveIntegerField(_("Version seen"))

    told_by: ClassVar = ("record",)

    class Meta:
        verbose_name = _("record seen")
        verbose_name_plural = _("records seen")
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "record"], name="paper_record_once")]


@part("audit")
class ExternalRecord(Part):
    """A record kept in another system that the audit relies on, controlled by owner, address, version and digest."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="external_records")
    title = models.CharField(_("Name"), max_length=200)
    held_by = models.CharField(_("Owner"), max_length=200)
    address = models.CharField(_("Address"), max_length=1000)
    edition = models.CharField(_("Version"), max_length=60)
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True, default="")
    dated = models.DateField(_("Date"))
    frameworks = ArrayField(models.CharField(max_length=40), verbose_name=_("Serves"), default=list, blank=True)

    told_by: ClassVar = ("title",)

    class Meta:
        verbose_name = _("record kept elsewhere")
        verbose_name_plural = _("records kept elsewhere")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            said("external_record_named", "title", "held_by", "address", "edition"),
            models.CheckConstraint(
                name="external_record_digest", condition=Q(digest="") | Q(digest__regex="^[0-9a-f]{64}$"),
                violation_error_message=_("A SHA-256 digest has 64 digits from 0 to 9 and a to f."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


@part("audit")
class Distribution(Part):
    """To whom the report went."""

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="distribution")
    person = who(_("Recipient"))
    sent_by = who(_("Sent by"))
    sent_at = models.DateTimeField(_("Sent"), db_default=Now(), editable=False)

    told_by: ClassVar = ("person",)

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["audit", "person"], name="distribution_once")]
        triggers: ClassVar = append_only()


@part("audit")
class SignOff(Part):
    """A signature under the report."""

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="sign_offs")
    person = who(_("Signed by"))
    capacity = models.CharField(_("Capacity"), max_length=32)
    statement = text(_("Statement"), 2000)
    signed_at = models.DateTimeField(_("Signed"), db_default=Now(), editable=False)

    told_by: ClassVar = ("person",)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["audit", "person"], name="sign_off_once"),
            said("sign_off_stated", "statement"),
        ]
        triggers: ClassVar = append_only()
