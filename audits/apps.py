"""Audit programme, audits, findings, nonconformities and the auditor's room. Clauses 9.2, 10.1 and 10.2."""

from importlib import import_module

from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "audits"

    def ready(self) -> None:
        # Models exist only now, so what this app registers is read by name.
        import_module("audits.registration").register()
