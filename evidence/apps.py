from importlib import import_module

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "evidence"

    def ready(self) -> None:
        # Models exist only now, so what this app registers is read by name.
        import_module("evidence.registration").register()
