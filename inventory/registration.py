"""What the inventory gives to the kernel and to the apps above it."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aims import clock
from aims.registry import Check, Kind, NavItem, RecordTab, Section, registry
from aims.thread import tab
from inventory import (
    checks,
    conditions,
    consistency,
    demo,
    demo_lists,
    demo_proposals,
    first_steps,
    importing,
    pickers,
    policies,
    sections,
    thread,
)
from inventory.api import (
    AttemptViewSet,
    AttestedListViewSet,
    ChangeViewSet,
    ComponentViewSet,
    LifecycleViewSet,
    ProposalViewSet,
    SupplierViewSet,
    SystemViewSet,
)
from inventory.due import SOURCES
from inventory.facts import GateBypassed, SignificantChange
from inventory.models import (
    AISystem,
    AttestedList,
    ChangeRequest,
    Component,
    GateAttempt,
    LifecycleRecord,
    Proposal,
    RuleEdition,
    Supplier,
    SystemGrant,
)
from inventory.rulebook import load_rules
from inventory.states import Criticality, Tier
from inventory.views import changes, gate, lifecycle, tabs

DEMO_DAYS = 500

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
    Kind(
        "lifecycle_record",
        LifecycleRecord,
        _("Life-cycle record"),
        _("Life-cycle records"),
        "records",
        "file-text",
        ("A.6.2.2", "A.6.2.3", "A.6.2.4", "A.6.2.5", "A.6.2.7", "A.6.2.8", "A.7.4", "A.10.2"),
    ),
    Kind(
        "change",
        ChangeRequest,
        pgettext_lazy("noun", "Change"),
        _("Changes"),
        "changes",
        "git-pull-request",
        ("6.3", "8.1", "8.4"),
    ),
    Kind(
        "gate_attempt",
        GateAttempt,
        _("Passage of the gate"),
        _("Passages of the gate"),
        "gate",
        "traffic-lights",
        ("8.1", "A.6.2.5"),
    ),
    Kind("supplier", Supplier, _("Supplier"), _("Suppliers"), "suppliers", "truck", ("A.10.3",)),
)


PARTS = "inventory/system_parts.html"
TABS = (
    RecordTab("system", "roles", _("Roles"), PARTS, tabs.roles, tabs.count_roles, 10),
    RecordTab("system", "versions", _("Versions"), PARTS, tabs.versions, tabs.count_versions, 12),
    RecordTab("system", "components", _("Components"), PARTS, tabs.components, tabs.count_components, 14),
    RecordTab("system", "gate", _("Gate"), gate.TEMPLATE, gate.gate_tab, None, 4),
    RecordTab("system", "lifecycle", _("Life cycle"), PARTS, lifecycle.lifecycle_tab, lifecycle.count_records, 16),
    RecordTab("system", "law", _("EU AI Act"), PARTS, lifecycle.law_tab, None, 18),
    RecordTab("system", "changes", _("Changes"), PARTS, changes.changes_tab, changes.count_changes, 20),
)


def _needs_plan(system: Any) -> dict[str, str] | None:
    """A system retires by a plan."""
    return None if system.retirement_plan else {"url": f"/systems/{system.ref}/change/#field-retirement_plan"}


CHECKS = (
    Check(
        "retirement_plan",
        "system",
        "retire",
        _("A retirement plan says what happens to data, model and users."),
        _needs_plan,
    ),
)


def register() -> None:
    """Called once, when the models are ready."""
    registry.allow(policies.VERBS)
    registry.decides(policies.DECIDING)
    registry.keep(consistency.RULES)
    for source in SOURCES:
        registry.falls_due(source)
    registry.grant_models.append(SystemGrant)
    for order, kind in enumerate(KINDS):
        registry.add_kind(kind)
        registry.navigation.append(NavItem(_("Inventory"), kind.plural, f"/{kind.path}/", kind.icon, 20 + order))
    registry.tabs.extend((*TABS, tab("system")))
    registry.thread_edges += thread.EDGES
    registry.checks.extend((*CHECKS, *checks.CHECKS, *checks.SETTLING))
    registry.pickers.update(pickers.PICKERS)
    registry.add_kind(
        Kind("proposal", Proposal, _("Proposal"), _("Proposals"), "proposals", "bulb", ("4.1", "4.3", "A.9.2"))
    )
    lists = _("Attested lists")
    registry.add_kind(
        Kind("attested_list", AttestedList, _("Attested list"), lists, "lists", "list-check", ("4.3", "A.4.2"))
    )
    registry.navigation += [
        NavItem(_("Inventory"), _("Proposals"), "/proposals/", "bulb", 19),
        NavItem(_("Inventory"), lists, "/lists/", "list-check", 29),
    ]
    registry.routes += [("proposals", ProposalViewSet), ("lists", AttestedListViewSet)]
    registry.decision_sorts["triage"] = _("Triage")
    registry.routes += [
        ("systems", SystemViewSet),
        ("components", ComponentViewSet),
        ("suppliers", SupplierViewSet),
        ("records", LifecycleViewSet),
        ("changes", ChangeViewSet),
        ("gate", AttemptViewSet),
    ]
    registry.first_steps += first_steps.STEPS
    registry.conditions += conditions.CONDITIONS
    registry.sections.append(
        Section("systems", _("AI systems"), "inventory/pack_system.html", sections.system_chapters, order=30)
    )
    registry.tiers |= {str(value): label for value, label in (*Criticality.choices, *Tier.choices)}
    registry.decision_sorts |= {
        "tier": _("Tier"),
        "lifecycle_record": _("Life-cycle record"),
        "classification": _("Classification"),
        "change": pgettext_lazy("noun", "Change"),
        "gate": _("Gate"),
        "attestation": _("Attestation"),
        "exception": _("Exception"),
    }
    registry.setup_steps.append(load)
    registry.declare(SignificantChange, "A significant change of an AI system was recorded.")
    registry.declare(GateBypassed, "A release went around the gate, and that was a nonconformity.")
    registry.importables.update({one.kind: one for one in importing.ALL})
    registry.demo_steps += [demo.steps, demo_proposals.steps, demo_lists.steps]


def load() -> None:
    """The rules as they are now; in a new demo they were there before the organization's first day."""
    if settings.INSTALLATION_KIND == "demo" and not RuleEdition.objects.exists():
        with clock.at(clock.now() - timedelta(days=DEMO_DAYS)):
            load_rules()
    else:
        load_rules()
