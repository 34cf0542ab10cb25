"""What rows of evidence must be, where a canary in every text breaks one of its rules."""

from datetime import date
from itertools import count
from typing import Any

from django.utils import timezone

from aims import jobs
from evidence.results import checked

_numbers = count(1)
ORDER = (("evidence", 20), ("evidence_request", 21), ("pack", 22), ("document", 23))

# What the fields of a kind must be, where "a canary in every text" breaks one of its rules.
RECIPES: dict[str, dict[str, Any]] = {
    "evidence.EvidenceItem": {
        "form": "result",
        "url": "",
        "file_name": "",
        "media_type": "",
        "passed": True,
        "redaction": "",
        "result": checked({"metric": "auc", "value": 1, "comparator": ">=", "threshold": 0}),
    },
    "evidence.EvidenceRequest": {"due_on": date(2026, 1, 1), "counted_from": date(2026, 1, 1), "period": ""},
    "evidence.Document": {"sort": "procedure", "audience": "nobody", "roles": [], "kept_years": 10, "read_from": 1},
    "evidence.DocumentVersion": {
        "number": 1,
        "file_name": "",
        "media_type": "",
        "capacity": "",
        **dict.fromkeys(("purpose", "objectives", "requirements", "improvement"), ""),
    },
    "evidence.EvidencePack": {"confidentiality": "restricted", "failure": "", "language": "en", "time_zone": "UTC"},
}


def _pack(world: Any, mark: str, given: dict[str, Any]) -> dict[str, Any]:
    """A pack may not be less than restricted, whatever the condition says."""
    job = jobs.ask(f"walk {next(_numbers)}", "evidence.render_pack", by=world.keeper)
    return {"job": job, "confidentiality": "restricted", "at": timezone.now()}


# What else a record of the kind is given: (world, mark, what it has) → more.
GIVEN = {"pack": _pack}
# Kinds that are restricted, always: there is none in a case list.
NEVER_CASE = {"pack"}
