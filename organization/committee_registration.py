"""What committees tell the registry: verbs, kinds, the fact, pages, routes."""

from django.utils.translation import gettext_lazy as _

from aims.registry import Kind, NavItem, Registry
from organization import committee_policies, facts
from organization.api.committees import CommitteeViewSet, SittingViewSet
from organization.committees import Committee, Sitting
from organization.views.committees import MATTERS


def register(registry: Registry) -> None:
    """Called once, when Django is ready."""
    registry.allow(committee_policies.VERBS)
    registry.decides(committee_policies.DECIDING)
    registry.add_kind(
        Kind(
            "committee",
            Committee,
            _("committee"),
            _("Committees"),
            "committees",
            "users-group",
            clauses=("5.3", "A.3.2"),
        )
    )
    registry.add_kind(Kind("sitting", Sitting, _("sitting"), _("Sittings"), "sittings", "gavel", clauses=("A.3.2",)))
    for fact, sentence in facts.DECLARED:
        registry.declare(fact, sentence)
    registry.tabs.append(MATTERS)
    registry.decision_sorts["committee"] = _("Committee")
    registry.routes += [("committees", CommitteeViewSet), ("sittings", SittingViewSet)]
    registry.navigation += [
        NavItem(_("Organization"), _("Committees"), "/committees/", "users-group", order=76),
        NavItem(_("Organization"), _("Sittings"), "/sittings/", "gavel", order=77),
    ]
