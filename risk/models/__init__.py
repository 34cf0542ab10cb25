"""Models of risk: criteria, risks, assessments, treatments, decisions."""

from risk.models.assessments import Assessor, RiskAssessment
from risk.models.criteria import RiskCriteria
from risk.models.decisions import Acceptance, EffectivenessVerdict
from risk.models.harms import HarmLink
from risk.models.links import Reassessment, RiskObjective, RiskObligation
from risk.models.risks import Risk, RiskSystem
from risk.models.treatments import PlanApproval, Treatment, TreatmentAction, TreatmentControl

__all__ = [
    "Acceptance",
    "Assessor",
    "EffectivenessVerdict",
    "HarmLink",
    "PlanApproval",
    "Reassessment",
    "Risk",
    "RiskAssessment",
    "RiskCriteria",
    "RiskObjective",
    "RiskObligation",
    "RiskSystem",
    "Treatment",
    "TreatmentAction",
    "TreatmentControl",
]
