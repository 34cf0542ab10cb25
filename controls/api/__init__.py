"""API of controls: scopes, control statements, versions of the Statement of Applicability, the catalogue."""

from controls.api.scopes import ScopeViewSet
from controls.api.soa import SoaViewSet
from controls.api.statements import ClauseViewSet, ControlViewSet, StatementViewSet

__all__ = ["ClauseViewSet", "ControlViewSet", "ScopeViewSet", "SoaViewSet", "StatementViewSet"]
