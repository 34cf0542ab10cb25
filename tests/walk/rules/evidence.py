"""Who may what at the addresses of evidence and packs, and how to fill them."""

from tests.walk.rules.words import ADDRESSED, READ, SEEN, SIGNED_IN, Fill, pieces, writes

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
    "packs": {
        **READ,
        "create": "pack.ask",
        "cancel": "pack.run",
        "retry": "pack.run",
        "download": ADDRESSED,
        "bag": ADDRESSED,
    },
}

# How to fill the arguments of an address beside `ref` of a governed kind and `tab`.
ARGUMENTS: dict[str, Fill] = {
    "evidence_unlink": pieces("evidence", "evidence.EvidenceLink", "number"),
}
