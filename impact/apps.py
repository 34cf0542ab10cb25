"""Screening and AI system impact assessments. Clauses 6.1.4 and 8.4, controls A.5.2 to A.5.5."""

from importlib import import_module

from django.apps import AppConfig


class ImpactConfig(AppConfig):
    name = "impact"

    def ready(self) -> None:
        # Models exist only now, so what this app registers is read by name.
        import_module("impact.registration").register()
