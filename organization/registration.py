"""What this app tells the registry: roles, verbs, kinds, pages, routes, pickers and demo."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from aims.registry import Check, Kind, NavItem, Registry, Section, Step
from organization import (
    committee_registration,
    conditions,
    consistency,
    demo,
    demo_mandates,
    duties,
    finders,
    importing,
    policies,
    profile,
    sections,
)
from organization.api.commitments import ObjectiveViewSet, ObligationViewSet
from organization.api.erasures import ErasureViewSet
from organization.api.grants import GrantViewSet
from organization.api.mandates import AuthorityViewSet, CompetenceViewSet, DutiesViewSet, OverrideViewSet
from organization.api.people import PersonViewSet
from organization.api.tokens import TokenViewSet
from organization.api.units import UnitViewSet
from organization.commitments import Objective, Obligation
from organization.due import SOURCES
from organization.mandates import Authority, CompetenceRecord, DutyOverride
from organization.models import Unit, User
from organization.services import erasures
from organization.services.setup import setup_url
from organization.states import role_cards
from organization.views import setup

GROUP = _("Organization")
STEPS = (
    Step(10, _("Draw the units"), _("Records, roles and reports follow the tree of units."), "/units/",
         lambda user: Unit.objects.count() > 1, "4.3"),
    Step(20, _("Bring in the people"), _("By name or from a file; each gets a link to choose a password."), "/people/",
         lambda user: User.objects.active().filter(is_program=False).count() > 2, "5.3"),
)  # fmt: skip


def first_link() -> list[tuple[str, str, str]]:
    """The link that sets an empty installation up, for the terminal."""
    url = setup_url() if settings.INSTALLATION_KIND == "real" else ""
    return [("", url, "")] if url else []


KINDS = (
    Kind("obligation", Obligation, _("Obligation"), _("Obligations"), "obligations", "scale", ("4.1", "4.2")),
    Kind("objective", Objective, _("Objective"), _("Objectives"), "objectives", "target", ("6.2", "A.6.1.2", "A.9.3")),
    Kind("authority", Authority, _("Authority"), _("Authorities"), "authorities", "signature", ("5.3", "A.3.2")),
    Kind("competence", CompetenceRecord, _("Record of competence"), _("Competence"), "competences", "certificate",
         ("7.2", "A.4.6")),
    Kind("override", DutyOverride, _("Override of duties"), _("Overrides of duties"), "overrides", "users", ("5.3",)),
)  # fmt: skip


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
    registry.erased_with["organization.User"] = [erasures.close_account]
    registry.checks.append(
        Check("account_closed", "erasure", "ask", _("The account is deactivated."), erasures.still_active)
    )
    registry.add_kind(Kind("person", User, _("person"), _("People"), "people", "users", clauses=("5.3", "7.2")))
    registry.add_kind(Kind("unit", Unit, _("unit"), _("Units"), "units", "sitemap", clauses=("4.3", "5.3")))
    committee_registration.register(registry)
    for kind in KINDS:
        registry.add_kind(kind)
    for source in SOURCES:
        registry.falls_due(source)
    registry.language = profile.language
    registry.decision_sorts |= {"override": _("Override"), "objective": _("Objective")}
    registry.sections.append(
        Section("duties", _("Separation of duties"), "organization/pack_duties.html", sections.duties, order=18)
    )
    registry.navigation += [
        NavItem(GROUP, _("Obligations"), "/obligations/", "scale", order=60),
        NavItem(GROUP, _("Objectives"), "/objectives/", "target", order=61),
        NavItem(GROUP, _("Authorities"), "/authorities/", "signature", order=73),
        NavItem(GROUP, _("Competence"), "/competences/", "certificate", order=74),
        NavItem(GROUP, _("Separation of duties"), "/duties/", "users", order=75),
        NavItem(GROUP, _("People"), "/people/", "users", order=70),
        NavItem(GROUP, _("Units"), "/units/", "sitemap", order=71),
        NavItem(GROUP, _("Roles"), "/roles/", "user-check", order=72),
        NavItem(GROUP, _("Erasures"), "/erasures/", "eraser", order=79, verb="trail.erase"),
    ]
    registry.routes += [
        ("people", PersonViewSet),
        ("units", UnitViewSet),
        ("grants", GrantViewSet),
        ("tokens", TokenViewSet),
        ("obligations", ObligationViewSet),
        ("objectives", ObjectiveViewSet),
        ("authorities", AuthorityViewSet),
        ("competences", CompetenceViewSet),
        ("overrides", OverrideViewSet),
        ("duties", DutiesViewSet),
        ("erasures", ErasureViewSet),
    ]
    registry.pickers.update({"people": finders.pick_people, "units": finders.pick_units})
    registry.finders += [finders.find_people, finders.find_units]
    registry.importables[importing.PEOPLE.kind] = importing.PEOPLE
    registry.demo_steps.insert(0, demo.steps)
    registry.demo_steps.append(demo_mandates.steps)
    registry.sign_ins += [demo.sign_ins, first_link]
    registry.first_steps += STEPS
    registry.conditions += conditions.CONDITIONS
    registry.home_panels.insert(0, setup.panel)
