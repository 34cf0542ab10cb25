"""What audits gives to the kernel and to the apps around it."""

from django.utils.translation import gettext_lazy as _

from aims.registry import Kind, NavItem, Role, Section, registry
from audits import conditions, consistency, demo, home, importing, pickers, policies, sections, thread, windows
from audits.api.views import ROUTES
from audits.checks import CHECKS
from audits.due import SOURCES
from audits.models import (
    Audit,
    AuditProgramme,
    Certification,
    CorrectiveAction,
    Engagement,
    Finding,
    Improvement,
    Nonconformity,
)
from audits.reactions import REACTIONS
from audits.views import audits, engagements, nonconformities, papers, programmes

GROUP = _("Audits")
KINDS = (
    Kind("programme", AuditProgramme, _("Audit programme"), _("Audit programmes"), "programmes", "calendar-event", ("9.2.2",)),
    Kind("audit", Audit, _("Audit"), _("Audits"), "audits", "clipboard-check", ("9.2.1", "9.2.2")),
    Kind("finding", Finding, _("Finding"), _("Findings"), "findings", "flag", ("9.2.2",)),
    Kind("improvement", Improvement, _("Improvement"), _("Improvements"), "improvements", "arrow-up", ("10.1",)),
    Kind("nonconformity", Nonconformity, _("Nonconformity"), _("Nonconformities"), "nonconformities", "alert-octagon", ("10.2",)),
    Kind("corrective_action", CorrectiveAction, _("Corrective action"), _("Corrective actions"), "corrective-actions",
         "tool", ("10.2",)),
    Kind("engagement", Engagement, _("Engagement"), _("Engagements"), "engagements", "lock-open", ("7.5.3", "9.2.2")),
    Kind("certification", Certification, _("Certification"), _("Certifications"), "certifications", "certificate",
         ("4.4", "9.2.1")),
)  # fmt: skip
OUTSOURCED = Role(
    "outsourced_auditor", _("Outsourced internal auditor"),
    _("Audits for us from outside: reads what an engagement opens, writes in its audit alone; every view is recorded."),
    watched=True, guest=True,
)  # fmt: skip


def register() -> None:
    """Called once, when the models are there."""
    for kind in KINDS:
        registry.add_kind(kind)
    registry.roles[OUTSOURCED.id] = OUTSOURCED
    registry.allow(policies.VERBS)
    registry.decides(policies.DECIDING)
    registry.checks.extend(CHECKS)
    for source in SOURCES:
        registry.falls_due(source)
    registry.decision_sorts |= {
        "audit_programme": _("Audit programme"),
        "audit_report": _("Audit report"),
        "engagement": _("Engagement"),
        "nonconformity_effect": _("Effect of corrective action"),
        "nonconformity_close": _("Closing of a nonconformity"),
    }
    registry.navigation += [
        NavItem(GROUP, _("My engagements"), "/rooms/", "clipboard-list", order=39, verb="engagement.audit"),
        NavItem(GROUP, _("Audits"), "/audits/", "clipboard-check", order=40),
        NavItem(GROUP, _("Audit programmes"), "/programmes/", "calendar-event", order=41),
        NavItem(GROUP, _("Findings"), "/findings/", "flag", order=42),
        NavItem(GROUP, _("Nonconformities"), "/nonconformities/", "alert-octagon", order=43),
        NavItem(GROUP, _("Corrective actions"), "/corrective-actions/", "tool", order=44),
        NavItem(GROUP, _("Improvements"), "/improvements/", "arrow-up", order=45),
        NavItem(GROUP, _("Engagements"), "/engagements/", "lock-open", order=46),
        NavItem(GROUP, _("Certifications"), "/certifications/", "certificate", order=47),
    ]
    for tabs in (programmes.TABS, papers.TABS, audits.TABS, nonconformities.TABS, engagements.TABS):
        registry.tabs += tabs
    registry.routes += ROUTES
    registry.pickers.update(pickers.PICKERS)
    registry.windows.append(windows.opened)
    registry.doors.append(windows.shut)
    registry.guest_routes.update(windows.ROUTES)
    registry.importables.update({one.kind: one for one in importing.ALL})
    registry.home_panels += [home.rooms, home.panel]
    registry.conditions += conditions.CONDITIONS
    registry.demo_steps.append(demo.steps)
    registry.keep(consistency.RULES)
    registry.sections += [
        Section("audits", _("Audits"), "audits/pack_audits.html", sections.audits, order=60, wide=True),
        Section("nonconformities", _("Nonconformities and improvements"), "audits/pack_nonconformities.html",
                sections.nonconformities, order=61, wide=True),
    ]  # fmt: skip
    registry.thread_edges += thread.EDGES
    for fact, reaction in REACTIONS:
        registry.react(fact, reaction)
