"""API of risk: risks, treatment actions, criteria."""

from risk.api.actions import ActionViewSet
from risk.api.criteria import CriteriaViewSet
from risk.api.risks import RiskViewSet

__all__ = ["ActionViewSet", "CriteriaViewSet", "RiskViewSet"]
