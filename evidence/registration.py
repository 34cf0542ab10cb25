"""What this app tells the registry: kinds, verbs, pages, tabs, routes, the list in packs, the demo."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from aims.registry import Check, Kind, NavItem, RecordTab, Section, registry
from evidence import (
    conditions,
    consistency,
    demo_documents,
    first_steps,
    importing,
    importing_documents,
    policies,
    sections,
    sections_documents,
    services,
)
from evidence.api import EvidenceViewSet, PackViewSet
from evidence.api_documents import DocumentViewSet
from evidence.api_requests import RequestViewSet
from evidence.demo import steps
from evidence.due import SOURCES
from evidence.models import Document, DocumentVersion, EvidenceItem, EvidencePack, EvidenceRequest
from evidence.services.packs import TASK
from evidence.states import PolicyElement
from evidence.thread import EVIDENCE
from evidence.views.documents import READERS, VERSIONS
from evidence.views.links import evidence_count, evidence_tab

GROUP = _("Evidence")


def policy_checks() -> list[Check]:
    """Clause 5.2: what an AI policy has to say before it is approved, each with the place where it says so."""
    return [
        Check(f"policy_{one.value}", "document_version", "approve", one.label, partial(_unsaid, one))
        for one in PolicyElement
    ]


def _unsaid(element: PolicyElement, version: DocumentVersion) -> dict[str, str]:
    missing = version.is_policy and not version.says(element)
    return {"url": version.get_absolute_url()} if missing else {}


def register() -> None:
    """Called once, when the models are there."""
    registry.add_kind(
        Kind("evidence", EvidenceItem, _("Evidence"), _("Evidence"), "evidence", "folder", clauses=("7.5", "9.1"))
    )
    registry.add_kind(
        Kind(
            "evidence_request", EvidenceRequest, _("Evidence request"), _("Evidence requests"), "evidence-requests",
            "speakerphone", clauses=("7.5", "9.1"),
        )
    )  # fmt: skip
    registry.add_kind(
        Kind("pack", EvidencePack, _("Evidence pack"), _("Evidence packs"), "packs", "package", clauses=("7.5", "9.2"))
    )
    registry.add_kind(
        Kind(
            "document", Document, _("Document"), _("Documents"), "documents", "file-certificate",
            clauses=("7.5", "5.2", "7.3"),
        )
    )  # fmt: skip
    registry.allow(policies.VERBS)
    registry.decides(policies.DECIDING)
    registry.keep(consistency.RULES)
    for source in SOURCES:
        registry.falls_due(source)
    registry.checks += policy_checks()
    registry.decision_sorts["document"] = _("Document")
    registry.navigation += [
        NavItem(GROUP, _("For me to read"), "/reading/", "eye", order=38),
        NavItem(GROUP, _("Documents"), "/documents/", "file-certificate", order=39),
        NavItem(GROUP, _("Evidence"), "/evidence/", "folder", order=40),
        NavItem(GROUP, _("Evidence requests"), "/evidence-requests/", "speakerphone", order=41),
        NavItem(GROUP, _("Evidence packs"), "/packs/", "package", order=41),
    ]
    registry.tabs.append(
        RecordTab("*", "evidence", _("Evidence"), "evidence/tab.html", evidence_tab, count=evidence_count, order=60)
    )
    registry.tabs += [VERSIONS, READERS]
    registry.thread_edges.append(EVIDENCE)
    registry.routes += [("documents", DocumentViewSet)]
    registry.routes += [("evidence", EvidenceViewSet), ("evidence-requests", RequestViewSet), ("packs", PackViewSet)]
    registry.importables[importing.EVIDENCE.kind] = importing.EVIDENCE
    registry.importables[importing_documents.DOCUMENTS.kind] = importing_documents.DOCUMENTS
    registry.conditions += conditions.CONDITIONS
    registry.first_steps += first_steps.STEPS
    registry.sections.append(
        Section("documents", _("Documents"), "evidence/pdf/documents.html", sections_documents.documents, order=38)
    )
    registry.sections.append(
        Section("evidence", _("Evidence"), "evidence/pdf/evidence_list.html", sections.evidence_list, order=40)
    )
    registry.job_followers[TASK] = services.pack_job_ended
    registry.demo_steps += [steps, demo_documents.steps]
