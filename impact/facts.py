"""Facts that impact announces; apps above react to them in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from impact.models import Impact, ImpactAssessment, ImpactDecision


@dataclass(frozen=True)
class SevereHarmsRated:
    """An assessment was submitted that rates harms as severe: each wants a risk in the register before approval."""

    assessment: ImpactAssessment
    harms: Sequence[Impact]
    by: Any


@dataclass(frozen=True)
class AssessmentApproved:
    """An assessment was approved, or its restricted use allowed."""

    assessment: ImpactAssessment
    decision: ImpactDecision


@dataclass(frozen=True)
class ApprovalStale:
    """What was approved no longer holds, because something changed."""

    assessment: ImpactAssessment
    cause: str
    record: Any
    on: date


DECLARED = (
    (SevereHarmsRated, "An assessment was submitted that rates harms as severe"),
    (AssessmentApproved, "An impact assessment was approved"),
    (ApprovalStale, "The approval of an impact assessment became stale"),
)
