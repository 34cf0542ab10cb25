"""Every write of this app: evidence, packs, and the order of stored files."""

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
from evidence.services.requests import answer_request, change_request, drop_request, give_new_evidence, request_evidence

__all__ = [
    "add_evidence",
    "add_redacted_copy",
    "answer_request",
    "ask_pack",
    "attest_evidence",
    "cancel_pack",
    "change_evidence",
    "change_request",
    "drop_request",
    "give_new_evidence",
    "keep_file",
    "link_evidence",
    "pack_job_ended",
    "reconcile",
    "request_evidence",
    "retry_pack",
    "supersede_evidence",
    "unlink_evidence",
    "verify_evidence",
    "withdraw_evidence",
]
