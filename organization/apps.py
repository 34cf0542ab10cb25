"""People and sign-in, units, roles and tokens. Clauses 5.3 and 7.2."""

from django.apps import AppConfig

from aims.registry import registry


class OrganizationConfig(AppConfig):
    name = "organization"

    def ready(self) -> None:
        from organization import registration  # models are ready only now

        registration.register(registry)
