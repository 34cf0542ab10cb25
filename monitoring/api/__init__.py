"""API of monitoring: concerns, for those who handle them, and for everybody who raises one."""

from monitoring.api.concerns import ConcernViewSet

__all__ = ["ConcernViewSet"]
