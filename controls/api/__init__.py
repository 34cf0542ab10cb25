"""API of controls: scopes, the gap assessment, readiness, control statements, versions of the Statement of Applicability, the catalogue."""

from controls.api.answers import AnswerViewSet, ReadinessViewSet
from controls.api.crosswalks import FrameworkViewSet
from controls.api.scopes import ScopeViewSet
from controls.api.soa import SoaViewSet
from controls.api.statements import ClauseViewSet, ControlViewSet, StatementViewSet

__all__ = [
    "AnswerViewSet",
    "ClauseViewSet",
    "ControlViewSet",
    "FrameworkViewSet",
    "ReadinessViewSet",
    "ScopeViewSet",
    "SoaViewSet",
    "StatementViewSet",
]
