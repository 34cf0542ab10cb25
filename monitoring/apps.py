"""What happens while AI systems run: concerns that people raise. Clause 9.1; controls A.3.3, A.6.2.6, A.8.3 and A.8.4."""

from importlib import import_module

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "monitoring"

    def ready(self) -> None:
        # Models exist only now, so what this app registers is read by name.
        import_module("monitoring.registration").register()
