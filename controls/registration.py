"""What this app gives to the registry."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from aims import clock
from aims.registry import Kind, NavItem, Section, registry
from controls import consistency, first_steps, policies
from controls.api import ClauseViewSet, ControlViewSet, StatementViewSet
from controls.catalogue import load_catalogue
from controls.demo import statement_steps
from controls.due import SOURCES
from controls.finders import named, similar
from controls.home import annex_a
from controls.models import ControlStatement, Framework
from controls.sections import statement_of_applicability

GROUP = _("Controls")
DEMO_DAYS = 500


def register() -> None:
    """Called once, when the models are there."""
    registry.keep(consistency.RULES)
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
    for source in SOURCES:
        registry.falls_due(source)
    registry.navigation += [
        NavItem(GROUP, _("Statement of Applicability"), "/statements/", "list-check", order=30),
        NavItem(GROUP, _("Controls"), "/controls/", "shield-check", order=31),
        NavItem(GROUP, _("Clauses"), "/clauses/", "book", order=32),
    ]
    registry.routes += [("statements", StatementViewSet), ("controls", ControlViewSet), ("clauses", ClauseViewSet)]
    registry.answer_sheets.append(named)
    registry.finders.append(similar)
    registry.home_panels.append(annex_a)
    registry.first_steps += first_steps.STEPS
    registry.sections.append(
        Section("soa", _("Statement of Applicability"), "controls/pack_soa.html", statement_of_applicability, order=20)
    )
    registry.setup_steps.append(load)
    registry.demo_steps.append(statement_steps)


def load() -> None:
    """The catalogue as it is now; in a new demo it was there before the organization's first day."""
    if settings.INSTALLATION_KIND == "demo" and not Framework.objects.exists():
        with clock.at(clock.now() - timedelta(days=DEMO_DAYS)):
            load_catalogue()
    load_catalogue()
