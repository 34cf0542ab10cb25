"""What this app tells the registry: roles, verbs, and later its kinds, pages, routes and demo."""

from aims.registry import Registry
from organization import policies
from organization.states import role_cards


def register(registry: Registry) -> None:
    """Called once, when Django is ready."""
    registry.roles.update({card.id: card for card in role_cards()})
    registry.allow(policies.VERBS)
    # From the first seal on: see aims/projections.py.
    registry.redactable["organization.User"] = frozenset({"email", "job_title", "name"})
    registry.decides(policies.DECIDING)
