"""What this app gives to the registry."""

from django.utils.translation import gettext_lazy as _

from aims.registry import Kind, NavItem, registry
from controls import policies
from controls.api import ClauseViewSet, ControlViewSet, StatementViewSet
from controls.catalogue import load_catalogue
from controls.finders import named, similar
from controls.home import annex_a
from controls.models import ControlStatement

GROUP = _("Controls")


def register() -> None:
    """Called once, when the models are there."""
    registry.add_kind(
        Kind(
            name="statement",
            model=ControlStatement,
            label=_("Control statement"),
            plural=_("Control statements"),
            path="statements",
            icon="list-check",
            clauses=("6.1.3",),
        )
    )
    registry.allow(policies.VERBS)
    registry.navigation += [
        NavItem(GROUP, _("Statement of Applicability"), "/statements/", "list-check", order=30),
        NavItem(GROUP, _("Controls"), "/controls/", "shield-check", order=31),
        NavItem(GROUP, _("Clauses"), "/clauses/", "book", order=32),
    ]
    registry.routes += [("statements", StatementViewSet), ("controls", ControlViewSet), ("clauses", ClauseViewSet)]
    registry.answer_sheets.append(named)
    registry.finders.append(similar)
    registry.home_panels.append(annex_a)
    registry.setup_steps.append(_load)


def _load() -> None:
    load_catalogue()
