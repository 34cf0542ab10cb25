"""Risk criteria, risks, their assessment, treatment and acceptance. Clauses 6.1.1 to 6.1.3, 8.2, 8.3."""

from importlib import import_module

from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "risk"

    def ready(self) -> None:
        # Models exist only now, so what this app registers is read by name.
        import_module("risk.registration").register()
