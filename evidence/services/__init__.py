"""Every write of this app: evidence, packs, documents, and the order of stored files."""

from evidence.services.documents import (
    approve_version,
    change_document,
    change_version,
    draft_document,
    draft_version,
    put_in_force,
    send_back_version,
    submit_version,
    withdraw_document,
)
from evidence.services.evidence import (
    add_evidence,
    add_redacted_copy,
    attest_evidence,
    change_evidence,
    link_evidence,
    supersede_evidence,
    unlink_evidence,
    withdraw_evidence,
)
from evidence.services.files import keep_file, reconcile, verify_evidence
from evidence.services.packs import ask_pack, cancel_pack, pack_job_ended, retry_pack
from evidence.services.reading import acknowledge, keep_readers
from evidence.services.requests import answer_request, change_request, drop_request, give_new_evidence, request_evidence

__all__ = [
    "acknowledge",
    "add_evidence",
    "add_redacted_copy",
    "answer_request",
    "approve_version",
    "ask_pack",
    "attest_evidence",
    "cancel_pack",
    "change_document",
    "change_evidence",
    "change_request",
    "change_version",
    "draft_document",
    "draft_version",
    "drop_request",
    "give_new_evidence",
    "keep_file",
    "keep_readers",
    "link_evidence",
    "pack_job_ended",
    "put_in_force",
    "reconcile",
    "request_evidence",
    "retry_pack",
    "send_back_version",
    "submit_version",
    "supersede_evidence",
    "unlink_evidence",
    "verify_evidence",
    "withdraw_document",
    "withdraw_evidence",
]
