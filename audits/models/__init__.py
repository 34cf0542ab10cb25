"""Models of audits: programme, audits, samples, findings, nonconformities, engagements, certificates."""

from audits.models.audits import (
    Audit,
    AuditCriterion,
    AuditSystem,
    AuditUnit,
    ChecklistItem,
    Distribution,
    ExternalRecord,
    PaperRecord,
    SignOff,
    TeamMember,
)
from audits.models.certificates import Certification, SurveillanceVisit
from audits.models.engagements import (
    AuditRequest,
    Engagement,
    EngagementMember,
    EngagementSystem,
    EngagementUnit,
    Offer,
    PrivateNote,
    RequestComment,
)
from audits.models.findings import Finding, Improvement
from audits.models.nonconformities import (
    CorrectiveAction,
    EffectivenessReview,
    Nonconformity,
    RelatedNonconformity,
)
from audits.models.programmes import AuditProgramme
from audits.models.samples import Sample, SampleRow

__all__ = [
    "Audit",
    "AuditCriterion",
    "AuditProgramme",
    "AuditRequest",
    "AuditSystem",
    "AuditUnit",
    "Certification",
    "ChecklistItem",
    "CorrectiveAction",
    "Distribution",
    "EffectivenessReview",
    "Engagement",
    "EngagementMember",
    "EngagementSystem",
    "EngagementUnit",
    "ExternalRecord",
    "Finding",
    "Improvement",
    "Nonconformity",
    "Offer",
    "PaperRecord",
    "PrivateNote",
    "RelatedNonconformity",
    "RequestComment",
    "Sample",
    "SampleRow",
    "SignOff",
    "SurveillanceVisit",
    "TeamMember",
]
