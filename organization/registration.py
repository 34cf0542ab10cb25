"""What this app tells the registry: roles, verbs, kinds, pages, routes, pickers and demo."""

from django.utils.translation import gettext_lazy as _

from aims.registry import Kind, NavItem, Registry
from organization import consistency, demo, duties, finders, policies
from organization.api.grants import GrantViewSet
from organization.api.people import PersonViewSet
from organization.api.tokens import TokenViewSet
from organization.api.units import UnitViewSet
from organization.models import Unit, User
from organization.states import role_cards

GROUP = _("Organization")


def register(registry: Registry) -> None:
    """Called once, when Django is ready."""
    registry.roles.update({card.id: card for card in role_cards()})
    registry.allow(policies.VERBS)
    registry.decides(policies.DECIDING)
    registry.allow(duties.VERBS)
    registry.decides(duties.DECIDING)
    registry.keep(consistency.RULES)
    # From the first seal on: see aims/projections.py.
    registry.redactable["organization.User"] = frozenset({"email", "job_title", "name"})
    registry.add_kind(Kind("person", User, _("person"), _("People"), "people", "users", clauses=("5.3", "7.2")))
    registry.add_kind(Kind("unit", Unit, _("unit"), _("Units"), "units", "sitemap", clauses=("4.3", "5.3")))
    registry.navigation += [
        NavItem(GROUP, _("People"), "/people/", "users", order=70),
        NavItem(GROUP, _("Units"), "/units/", "sitemap", order=71),
        NavItem(GROUP, _("Roles"), "/roles/", "user-check", order=72),
    ]
    registry.routes += [
        ("people", PersonViewSet),
        ("units", UnitViewSet),
        ("grants", GrantViewSet),
        ("tokens", TokenViewSet),
    ]
    registry.pickers.update({"people": finders.pick_people, "units": finders.pick_units})
    registry.finders += [finders.find_people, finders.find_units]
    registry.demo_steps.insert(0, demo.steps)
    registry.sign_ins.append(demo.sign_ins)
