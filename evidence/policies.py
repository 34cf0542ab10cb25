"""Who may do what to evidence, packs and documents. Each answer is the role that allows it, or "" ."""

from typing import Any

from aims.access import access_of
from evidence.models import Document, DocumentVersion, EvidenceItem, EvidencePack, EvidenceRequest
from evidence.states import KEEPERS, WRITERS, VersionState
from organization.states import Role

PACK_ASKERS = (
    Role.AIMS_MANAGER,
    Role.APPROVER,
    Role.TOP_MANAGEMENT,
    Role.INTERNAL_AUDITOR,
    Role.SYSTEM_OWNER,
)
ALL_ROLES = tuple(Role)

VERBS = {
    "evidence.read": ALL_ROLES,
    "evidence.add": (*KEEPERS, Role.INTERNAL_AUDITOR, Role.APPROVER),
    "evidence.change": KEEPERS,
    "evidence.supersede": KEEPERS,
    "evidence.withdraw": (Role.AIMS_MANAGER, Role.SYSTEM_OWNER),
    "evidence.link": KEEPERS,
    "evidence.attest": (
        Role.AIMS_MANAGER,
        Role.SYSTEM_OWNER,
        Role.RISK_OWNER,
        Role.APPROVER,
        Role.INTERNAL_AUDITOR,
    ),
    "evidence.redact": (Role.AIMS_MANAGER, Role.SYSTEM_OWNER),
    "evidence.request": (
        Role.AIMS_MANAGER,
        Role.SYSTEM_OWNER,
        Role.RISK_OWNER,
        Role.APPROVER,
        Role.INTERNAL_AUDITOR,
    ),
    "evidence.drop_request": (Role.AIMS_MANAGER, Role.INTERNAL_AUDITOR),
    "pack.ask": PACK_ASKERS,
    "pack.run": (Role.AIMS_MANAGER,),
    "document.write": WRITERS,
    "document.approve": (Role.APPROVER, Role.TOP_MANAGEMENT),
    "document.approve_policy": (Role.TOP_MANAGEMENT,),
    "document.put_in_force": (Role.AIMS_MANAGER, Role.TOP_MANAGEMENT),
    "document.withdraw": (Role.AIMS_MANAGER, Role.TOP_MANAGEMENT),
    # What is not in force yet shows to who writes and judges it; what is no more, to who keeps and audits.
    "document.read_drafts": (*WRITERS, Role.APPROVER, Role.INTERNAL_AUDITOR),
    "document.read_past": (
        Role.AIMS_MANAGER,
        Role.TOP_MANAGEMENT,
        Role.APPROVER,
        Role.INTERNAL_AUDITOR,
        Role.EXTERNAL_AUDITOR,
    ),
    "document.see_readers": (Role.AIMS_MANAGER, Role.TOP_MANAGEMENT, Role.INTERNAL_AUDITOR),
}


# Asked for the password or passkey again after 15 minutes; no API token may do it.
DECIDING = (
    "evidence.attest",
    "document.approve",
    "document.approve_policy",
    "document.put_in_force",
    "document.withdraw",
)


def can_add_evidence(user: Any, unit_id: int | None) -> str:
    """In which capacity the person may add evidence to the unit; without a unit: to any."""
    return access_of(user).capacity("evidence.add", unit_id=unit_id)


def can_change_evidence(user: Any, item: EvidenceItem) -> str:
    """Only what is current changes; what was superseded or withdrawn stays as it was."""
    return access_of(user).capacity("evidence.change", item) if item.is_current else ""


def can_supersede_evidence(user: Any, item: EvidenceItem) -> str:
    return access_of(user).capacity("evidence.supersede", item)


def can_withdraw_evidence(user: Any, item: EvidenceItem) -> str:
    """AIMS managers and system owners; others only what they own."""
    access = access_of(user)
    own = access.capacity("evidence.change", item) if item.owner_id == user.pk else ""
    return access.capacity("evidence.withdraw", item) or own


def can_attest_evidence(user: Any, item: EvidenceItem) -> str:
    """Judge whether current evidence suffices: anyone with the verb but its collector."""
    if not item.is_current or item.collector_id == user.pk:
        return ""
    return access_of(user).capacity("evidence.attest", item)


def can_redact_evidence(user: Any, item: EvidenceItem) -> str:
    """Make a copy from which something is taken out."""
    return access_of(user).capacity("evidence.redact", item)


def can_request_evidence(user: Any, unit_id: int | None) -> str:
    """In which capacity the person may ask for evidence in the unit; without a unit: in any."""
    return access_of(user).capacity("evidence.request", unit_id=unit_id)


def can_answer_request(user: Any, request: EvidenceRequest) -> str:
    """Give evidence: who may add some in the unit, and who was asked."""
    access = access_of(user)
    own = access.capacity("evidence.add") if request.owner_id == user.pk else ""
    return access.capacity("evidence.add", request) or own


def can_change_request(user: Any, request: EvidenceRequest) -> str:
    """Who asked, or an AIMS manager or internal auditor."""
    access = access_of(user)
    own = access.capacity("evidence.request", request) if request.asked_by_id == user.pk else ""
    return own or access.capacity("evidence.drop_request", request)


def can_link_evidence(user: Any, item: EvidenceItem) -> str:
    """The right to link comes from the evidence; that both sides show is asked by the service."""
    return access_of(user).capacity("evidence.link", item)


def can_ask_pack(user: Any, unit_id: int | None = None) -> str:
    """In which capacity the person may ask for a pack of the unit; without a unit: of any."""
    return access_of(user).capacity("pack.ask", unit_id=unit_id)


def can_run_pack(user: Any, pack: EvidencePack) -> str:
    """Cancel and retry: who asked for it, while they still may ask, or an AIMS manager.

    A retry builds for the person who asked, never for the one who retries.
    """
    access = access_of(user)
    own = access.capacity("pack.ask", pack) if pack.asked_by_id == user.pk else ""
    return own or access.capacity("pack.run", pack)


def can_write_document(user: Any, unit_id: int | None) -> str:
    """In which capacity the person may draft documents of the unit; without a unit: of any."""
    return access_of(user).capacity("document.write", unit_id=unit_id)


def can_change_document(user: Any, document: Document) -> str:
    """Change what is said about a document, and write its next version."""
    return access_of(user).capacity("document.write", document)


def can_approve_version(user: Any, document: Document) -> str:
    """An AI policy is top management's (clause 5.2). That nobody approves their own words is asked apart."""
    verb = "document.approve_policy" if document.is_policy else "document.approve"
    return access_of(user).capacity(verb, document)


def can_send_back(user: Any, document: Document) -> str:
    """Who may approve it, and who writes it."""
    return can_approve_version(user, document) or can_change_document(user, document)


def can_put_in_force(user: Any, document: Document) -> str:
    return access_of(user).capacity("document.put_in_force", document)


def can_withdraw_document(user: Any, document: Document) -> str:
    """Who writes documents may also give up one of which no version was ever in force."""
    access = access_of(user)
    own = "" if document.read_from else access.capacity("document.write", document)
    return access.capacity("document.withdraw", document) or own


def can_see_readers(user: Any, document: Document) -> str:
    """Who read it and who did not: who keeps documents, and who answers for this one."""
    access = access_of(user)
    own = access.capacity("document.write", document) if document.owner_id == user.pk else ""
    return access.capacity("document.see_readers", document) or own


def can_read_version(user: Any, version: DocumentVersion) -> str:
    """The words in force show to everybody who sees the document; others as `VERBS` says. Any role: "reader"."""
    if version.state == VersionState.EFFECTIVE:
        return "reader"
    verb = "document.read_drafts" if version.is_open else "document.read_past"
    return access_of(user).capacity(verb, version.document)


def can_acknowledge(user: Any, document: Document) -> str:
    """Who is asked to read it, in person: no program and no token says so for them."""
    access = access_of(user)
    if access.scopes is not None or not Document.objects.asked_of(user).filter(pk=document.pk).exists():
        return ""
    return "assignee"
