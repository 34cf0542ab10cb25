from importlib import import_module

from django.apps import AppConfig


class ControlsConfig(AppConfig):
    name = "controls"

    def ready(self) -> None:
        # Models exist only now, so what this app registers is read by name.
        import_module("controls.registration").register()
