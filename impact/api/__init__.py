"""API: screenings, and assessments with everything they hold. Deciding wants a person who confirmed who they are."""

from impact.api.assessments import ImpactViewSet
from impact.api.screenings import ScreeningViewSet

__all__ = ["ImpactViewSet", "ScreeningViewSet"]
