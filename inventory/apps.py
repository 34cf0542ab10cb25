"""AI systems, components and suppliers. Clauses 4.1 and 8.1; controls A.4, A.6, A.7, A.10."""

from importlib import import_module

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "inventory"

    def ready(self) -> None:
        # Models exist only now, so what this app registers is read by name.
        import_module("inventory.registration").register()
