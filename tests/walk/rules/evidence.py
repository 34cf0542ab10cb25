"""Who may what at the addresses of evidence and packs, and how to fill them."""

from tests.walk.rules.words import ADDRESSED, READ, SEEN, SIGNED_IN, Fill, Pairs, pieces, writes
from tests.walk.world import World

PAGES: dict[str, str] = {
    "evidence_list": SIGNED_IN,
    "evidence_create": "evidence.add",
    "evidence_attach": SEEN,
    "evidence_detail": SEEN,
    "evidence_tab": SEEN,
    "evidence_change": "evidence.change",
    "evidence_replace": "evidence.supersede",
    "evidence_withdraw": "evidence.withdraw",
    "evidence_verify": SEEN,
    "evidence_attest": "evidence.attest",
    "evidence_redact": "evidence.redact",
    "request_list": SIGNED_IN,
    "request_create": "evidence.request",
    "request_detail": SEEN,
    "request_tab": SEEN,
    "request_change": ADDRESSED,
    "request_give": ADDRESSED,
    "request_drop": ADDRESSED,
    "evidence_download": ADDRESSED,
    "evidence_link": "evidence.link",
    "evidence_unlink": "evidence.link",
    "reading": SIGNED_IN,
    "document_list": SIGNED_IN,
    "document_create": "document.write",
    "document_detail": SEEN,
    "document_tab": ADDRESSED,
    "document_change": "document.write",
    "document_draft": "document.write",
    "document_withdraw": "document.withdraw",
    "document_read": ADDRESSED,
    "document_read_file": ADDRESSED,
    "document_readers_export": "document.see_readers",
    "document_version_detail": ADDRESSED,
    "document_version_change": ADDRESSED,
    "document_version_submit": ADDRESSED,
    "document_version_return": ADDRESSED,
    "document_version_approve": ADDRESSED,
    "document_version_take_effect": ADDRESSED,
    "document_version_download": ADDRESSED,
    "pack_list": SIGNED_IN,
    "pack_create": "pack.ask",
    "pack_detail": SEEN,
    "pack_tab": SEEN,
    "pack_progress": SEEN,
    "pack_cancel": "pack.run",
    "pack_retry": "pack.run",
    "pack_download": ADDRESSED,
    "pack_bag": ADDRESSED,
}

API: dict[str, dict[str, str]] = {
    "evidence": {
        **READ,
        **writes("evidence.change"),
        "create": "evidence.add",
        "download": ADDRESSED,
        "link": "evidence.link",
        "unlink": "evidence.link",
        "links": SEEN,
        "withdraw": "evidence.withdraw",
        "attest": "evidence.attest",
        "redact": "evidence.redact",
    },
    "evidence-requests": {
        **READ,
        "create": "evidence.request",
        "update": ADDRESSED,
        "partial_update": ADDRESSED,
        "give": ADDRESSED,
        "drop": ADDRESSED,
    },
    "documents": {
        **READ,
        **writes("document.write"),
        "create": "document.write",
        "versions": SEEN,
        "draft": "document.write",
        "rewrite": ADDRESSED,
        "submit": ADDRESSED,
        "send_back": ADDRESSED,
        "approve": ADDRESSED,
        "put_in_force": ADDRESSED,
        "withdraw": "document.withdraw",
        "acknowledge": ADDRESSED,
        "readers": "document.see_readers",
    },
    "packs": {
        **READ,
        "create": "pack.ask",
        "cancel": "pack.run",
        "retry": "pack.run",
        "download": ADDRESSED,
        "bag": ADDRESSED,
    },
}


def numbered(world: World, condition: str) -> Pairs:
    """A document with the number of its version."""
    record = world.records["document"].get(condition)
    return [({"ref": record.ref, "number": record.versions.get().number}, record)] if record else []


# How to fill the arguments of an address beside `ref` of a governed kind and `tab`.
ARGUMENTS: dict[str, Fill] = {
    "evidence_unlink": pieces("evidence", "evidence.EvidenceLink", "number"),
    **{
        f"document_version_{verb}": numbered
        for verb in ("detail", "change", "submit", "return", "approve", "take_effect", "download")
    },
}
