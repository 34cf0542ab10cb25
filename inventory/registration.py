"""What the inventory gives to the kernel and to the apps above it."""

from django.utils.translation import gettext_lazy as _

from aims.registry import Kind, NavItem, registry
from inventory import policies
from inventory.models import AISystem, Component, Supplier, SystemGrant

KINDS = (
    Kind("system", AISystem, _("AI system"), _("AI systems"), "systems", "cpu", ("4.1", "A.4.2", "A.6.2.2", "A.9.4")),
    Kind(
        "component",
        Component,
        _("Component"),
        _("Components"),
        "components",
        "stack-2",
        ("A.4.3", "A.4.4", "A.4.5", "A.4.6", "A.7.2"),
    ),
    Kind("supplier", Supplier, _("Supplier"), _("Suppliers"), "suppliers", "truck", ("A.10.3",)),
)


def register() -> None:
    """Called once, when the models are ready."""
    registry.allow(policies.VERBS)
    registry.grant_models.append(SystemGrant)
    for order, kind in enumerate(KINDS):
        registry.add_kind(kind)
        registry.navigation.append(NavItem(_("Inventory"), kind.plural, f"/{kind.path}/", kind.icon, 20 + order))
