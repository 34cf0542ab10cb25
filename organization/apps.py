from django.apps import AppConfig

from aims.registry import registry
from organization.states import role_cards


class OrganizationConfig(AppConfig):
    name = "organization"

    def ready(self) -> None:
        registry.roles.update({card.id: card for card in role_cards()})
