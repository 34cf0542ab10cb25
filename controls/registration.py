"""What this app gives to the registry."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from aims import clock
from aims.registry import Kind, NavItem, Section, registry
from controls import conditions, consistency, first_steps, importing, policies, reactions
from controls.api import (
    AnswerViewSet,
    ClauseViewSet,
    ControlViewSet,
    FrameworkViewSet,
    ReadinessViewSet,
    ScopeViewSet,
    SoaViewSet,
    StatementViewSet,
)
from controls.catalogue import load_catalogue
from controls.crosswalks import load_crosswalks
from controls.demo import answer_steps, statement_steps
from controls.due import SOURCES
from controls.finders import named, similar
from controls.home import annex_a, fitness
from controls.models import AimsScope, ClauseAnswer, ControlStatement, Framework, SoaVersion
from controls.sections import readiness_for_stages, statement_of_applicability
from controls.views.soa import TABS
from inventory.facts import SignificantChange
from organization.facts import ObligationChanged

GROUP = _("Controls")
DEMO_DAYS = 500


KINDS = (
    Kind("scope", AimsScope, _("Scope"), _("Scopes"), "scopes", "focus-2", ("4.3",)),
    Kind("gap", ClauseAnswer, _("Answer to a clause"), _("Answers to clauses"), "gaps", "checklist", ("4.4",)),
    Kind("statement", ControlStatement, _("Control statement"), _("Control statements"), "statements", "list-check",
         ("6.1.3",)),
    Kind("soa", SoaVersion, _("Version of the Statement of Applicability"),
         _("Versions of the Statement of Applicability"), "soa", "rubber-stamp", ("6.1.3", "7.5.3")),
)  # fmt: skip


def register() -> None:
    """Called once, when the models are there."""
    registry.keep(consistency.RULES)
    for kind in KINDS:
        registry.add_kind(kind)
    registry.allow(policies.VERBS)
    registry.decides(policies.DECIDING)
    registry.decision_sorts["soa"] = _("Statement of Applicability")
    registry.tabs.extend(TABS)
    for source in SOURCES:
        registry.falls_due(source)
    registry.conditions += conditions.CONDITIONS
    registry.importables.update({one.kind: one for one in importing.ALL})
    registry.navigation += [
        NavItem(GROUP, _("Readiness"), "/readiness/", "gauge", order=29),
        NavItem(GROUP, _("Gap assessment"), "/gaps/", "checklist", order=29),
        NavItem(GROUP, _("Statement of Applicability"), "/statements/", "list-check", order=30),
        NavItem(GROUP, _("Versions"), "/soa/", "rubber-stamp", order=30),
        NavItem(GROUP, _("Controls"), "/controls/", "shield-check", order=31),
        NavItem(GROUP, _("Clauses"), "/clauses/", "book", order=32),
        NavItem(GROUP, _("Other frameworks"), "/frameworks/", "world", order=32),
        NavItem(GROUP, _("Scopes"), "/scopes/", "focus-2", order=33),
    ]
    registry.routes += [
        ("statements", StatementViewSet),
        ("soa", SoaViewSet),
        ("controls", ControlViewSet),
        ("clauses", ClauseViewSet),
        ("scopes", ScopeViewSet),
        ("gaps", AnswerViewSet),
        ("readiness", ReadinessViewSet),
        ("frameworks", FrameworkViewSet),
    ]
    registry.answer_sheets.append(named)
    registry.finders.append(similar)
    registry.home_panels += [fitness, annex_a]
    registry.first_steps += first_steps.STEPS
    registry.react(SignificantChange, reactions.changed)
    registry.react(ObligationChanged, reactions.obligation_changed)
    registry.sections += [
        Section("readiness", _("Readiness"), "controls/pack_readiness.html", readiness_for_stages, order=18),
        Section(
            "soa",
            _("Statement of Applicability"),
            "controls/pack_soa.html",
            statement_of_applicability,
            order=20,
            wide=True,
        ),
    ]
    registry.setup_steps.append(load)
    registry.demo_steps += [statement_steps, answer_steps]


def load() -> None:
    """The catalogue as it is now; in a new demo it was there before the organization's first day."""
    if settings.INSTALLATION_KIND == "demo" and not Framework.objects.exists():
        with clock.at(clock.now() - timedelta(days=DEMO_DAYS)):
            load_catalogue()
            load_crosswalks()
    load_catalogue()
    load_crosswalks()
