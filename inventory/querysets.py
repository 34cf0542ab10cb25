"""Reads of systems and components, and what is not yet stated about a system."""

from typing import Any, Self

from django.db.models import Q

from aims.access import access_of
from aims.querysets import GovernedQuerySet
from aims.states import Confidentiality


class SystemQuerySet(GovernedQuerySet):
    """Reads of AI systems."""


class ComponentQuerySet(GovernedQuerySet):
    """Reads of components."""

    def visible_to(self, user: Any) -> Self:
        """By unit, clearance and grants like every record; and normal ones used by a system the person sees.

        Who answers for a system must see all it is made of (A.4.2), also what another unit keeps.
        """
        own = super().visible_to(user)
        access = access_of(user)
        if access.all_units or not (access.units or access.records):
            return own
        systems = self.model._meta.get_field("system").related_model._default_manager.visible_to(user)
        shared = Q(confidentiality=Confidentiality.NORMAL, pk__in=self._used_by(systems))
        return self.filter(Q(pk__in=own.values("pk")) | shared)

    def _used_by(self, systems: Any) -> Any:
        uses = self.model._meta.get_field("uses").related_model
        return uses._default_manager.filter(system__in=systems.values("pk")).values("component_id")
