"""The catalogue of clauses and controls, control statements. Clause 6.1.3, Annex A."""

from importlib import import_module

from django.apps import AppConfig


class ControlsConfig(AppConfig):
    name = "controls"

    def ready(self) -> None:
        # Models exist only now, so what this app registers is read by name.
        import_module("controls.registration").register()
