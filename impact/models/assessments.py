"""The impact assessment of an AI system, or of a family of like systems, bound to a version and a purpose (6.1.4, 8.4)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aims.db import Follows
from aims.models import Governed, Part, Record, governed, part
from impact.models.fields import choice, frozen, kept, one_of, optional, person
from impact.querysets import AssessmentQuerySet
from impact.states import IMPACT_TONES, ImpactState, Publication, Tier, Trigger, Use
from inventory.models import AISystem, SystemVersion

_CONTENT = ("title", "system_id", "system_version_id", "tier", "edition", "trigger", "trigger_record_id",
            "trigger_note", "predecessor_id", "use", "use_reason", "dpia", "fria", "publication", "publication_note",
            "purpose_digest", "submitted_by_id", "submitted_on")  # fmt: skip


@governed("IMP", "impact", anchor="system_id")
class ImpactAssessment(Governed):
    """Whom a system may help or harm, and what is done about it. Its content is fixed from submission on."""

    state_tones = IMPACT_TONES

    state = models.CharField(
        _("State"), max_length=32, choices=ImpactState.choices, default=ImpactState.DRAFT, editable=False
    )
    system = models.ForeignKey(
        AISystem, on_delete=models.PROTECT, related_name="assessments", verbose_name=_("AI system"), editable=False
    )
    system_version = models.ForeignKey(
        SystemVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="assessments",
        verbose_name=_("Version of the system"),
    )  # fmt: skip
    tier = choice(_("Tier"), Tier, editable=False)
    edition = models.PositiveSmallIntegerField(_("Edition of the form"), editable=False)
    trigger = choice(_("Why now"), Trigger, default=Trigger.NEW_SYSTEM)
    trigger_record = models.ForeignKey(
        Record, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Brought about by")
    )
    trigger_note = optional(_("What brought it about"), 1000)
    predecessor = models.OneToOneField(
        "self", null=True, editable=False, on_delete=models.PROTECT, related_name="successor",
        verbose_name=_("Predecessor"),
    )  # fmt: skip
    use = choice(_("Use"), Use, default=Use.ORDINARY)
    use_reason = optional(_("Why this use"), 2000)
    dpia = models.CharField(_("Data-protection impact assessment"), max_length=300, blank=True, default="")
    fria = models.CharField(_("Fundamental-rights impact assessment"), max_length=300, blank=True, default="")
    publication = choice(_("Publication"), Publication, blank=True, default="")
    publication_note = optional(_("Publication: why, and for whom"), 1000)
    # Set by the verbs.
    purpose_digest = models.CharField(max_length=64, blank=True, default="", editable=False)
    submitted_by = person(_("Submitted by"), null=True, editable=False)
    submitted_on = models.DateField(_("Submitted on"), null=True, editable=False)
    decision = models.ForeignKey(
        "impact.ImpactDecision", null=True, editable=False, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("Decision in force"),
    )  # fmt: skip
    valid_until = models.DateField(_("Valid until"), null=True, editable=False)
    stale_on = models.DateField(_("Stale since"), null=True, editable=False)
    stale_cause = models.CharField(_("Why it is stale"), max_length=500, blank=True, default="", editable=False)
    stale_record = models.ForeignKey(
        Record, null=True, editable=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("Made stale by")
    )

    objects: ClassVar[Any] = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("impact assessment")
        verbose_name_plural = _("impact assessments")
        indexes: ClassVar = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="impact_unit"),
            models.Index(fields=["-updated_at", "-id"], name="impact_recent"),
        ]
        constraints: ClassVar = [
            Follows(
                name="impact_follows_system", columns=["system_id", "unit_id"], to="inventory_aisystem",
                to_columns=["id", "unit_id"],
            ),
            models.UniqueConstraint(
                fields=["system"], condition=Q(state__in=["draft", "in_review", "escalated"]), name="impact_one_open",
                violation_error_message=_("An assessment of this system is open already."),
            ),
            models.UniqueConstraint(
                fields=["system"], condition=Q(state="approved"), name="impact_one_approved",
                violation_error_message=_("Another assessment of this system is approved."),
            ),
            models.CheckConstraint(name="impact_has_owner", condition=Q(owner__isnull=False)),
            models.CheckConstraint(
                name="impact_submitted_whole",
                condition=Q(state__in=["draft", "superseded"])
                | Q(submitted_by__isnull=False, submitted_on__isnull=False) & ~Q(purpose_digest=""),
            ),
            models.CheckConstraint(
                name="impact_approved_by_decision",
                condition=~Q(state__in=["approved", "stale"]) | Q(decision__isnull=False, valid_until__isnull=False),
                violation_error_message=_("An approval has a decision and an end."),
            ),
            models.CheckConstraint(
                name="impact_prohibited_never_approved",
                condition=~Q(state__in=["approved", "escalated"], use=Use.PROHIBITED),
                violation_error_message=_("What the law prohibits is approved by nobody."),
            ),
            models.CheckConstraint(
                name="impact_stale_with_cause",
                condition=~Q(state="stale") | Q(stale_on__isnull=False) & ~Q(stale_cause=""),
            ),
            models.CheckConstraint(
                name="impact_use_reasoned", condition=Q(use=Use.ORDINARY) | Q(use_reason__regex=r"\S"),
                violation_error_message=_("Say why this use is sensitive, restricted or prohibited."),
            ),
            models.CheckConstraint(
                name="impact_follows_another", condition=Q(predecessor=None) | ~Q(predecessor=F("id"))
            ),
            one_of("state", ImpactState),
            one_of("tier", Tier),
            one_of("use", Use),
            one_of("trigger", Trigger),
            one_of("publication", Publication, optional=True),
        ]  # fmt: skip
        triggers: ClassVar = [kept("impact", _CONTENT, "OLD.state <> 'draft'")]

    @property
    def draft(self) -> bool:
        return self.state == ImpactState.DRAFT

    @property
    def open(self) -> bool:
        return self.state in (ImpactState.DRAFT, ImpactState.IN_REVIEW, ImpactState.ESCALATED)


@part("assessment")
class FamilySystem(Part):
    """A further system that the assessment covers, and in what it differs."""

    assessment = models.ForeignKey(ImpactAssessment, on_delete=models.PROTECT, related_name="family")
    system = models.ForeignKey(
        AISystem, on_delete=models.PROTECT, related_name="family_assessments", verbose_name=_("AI system")
    )
    differences = optional(_("In what it differs"), 2000)

    told_by: ClassVar = ("differences",)

    class Meta:
        verbose_name = _("system of the family")
        verbose_name_plural = _("systems of the family")
        constraints: ClassVar = [models.UniqueConstraint(fields=["assessment", "system"], name="impact_family_once")]
        triggers: ClassVar = [frozen("impact_family")]

    def __str__(self) -> str:
        return str(self.system)


@part("assessment")
class Author(Part):
    """Who wrote or assessed: whoever saved anything, and whoever is named. No author approves."""

    assessment = models.ForeignKey(ImpactAssessment, on_delete=models.PROTECT, related_name="authors")
    person = person(_("Author"))
    discipline = models.CharField(_("Discipline"), max_length=100, blank=True, default="")

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        constraints: ClassVar = [models.UniqueConstraint(fields=["assessment", "person"], name="impact_author_once")]
        triggers: ClassVar = [frozen("impact_author")]

    def __str__(self) -> str:
        return str(self.person)
