"""Models of impact: screenings, assessments with their contents, opinions, decisions."""

from impact.models.assessments import Author, FamilySystem, ImpactAssessment
from impact.models.contents import AffectedParty, Answer, Impact, Measure, MeasureCover, NoImpact
from impact.models.decisions import Condition, ImpactDecision
from impact.models.opinions import Opinion
from impact.models.screenings import Screening

__all__ = [
    "AffectedParty",
    "Answer",
    "Author",
    "Condition",
    "FamilySystem",
    "Impact",
    "ImpactAssessment",
    "ImpactDecision",
    "Measure",
    "MeasureCover",
    "NoImpact",
    "Opinion",
    "Screening",
]
