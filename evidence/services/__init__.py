"""Every write of this app: evidence, packs, and the order of stored files."""

from evidence.services.evidence import (
    add_evidence,
    change_evidence,
    link_evidence,
    supersede_evidence,
    unlink_evidence,
    withdraw_evidence,
)
from evidence.services.files import keep_file, reconcile, verify_evidence
from evidence.services.packs import ask_pack, cancel_pack, pack_job_ended, retry_pack

__all__ = [
    "add_evidence",
    "ask_pack",
    "cancel_pack",
    "change_evidence",
    "keep_file",
    "link_evidence",
    "pack_job_ended",
    "reconcile",
    "retry_pack",
    "supersede_evidence",
    "unlink_evidence",
    "verify_evidence",
    "withdraw_evidence",
]
