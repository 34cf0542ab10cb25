"""Documents in a pack: which versions are in force, who approved them, and how many of those concerned have read them.

Clauses 5.2, 7.3 and 7.5.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from django.db.models import Q
from django.utils import timezone

from evidence.models import Document, EvidencePack
from evidence.readers import counts
from evidence.sections import OVERVIEW, closed

Count = tuple[int, int]


def documents(pack: EvidencePack) -> Iterator[Mapping[str, Any]]:
    """Those of the scope, and those that units above decided for all below them, OVERVIEW to a table.

    Nothing where the pack is limited to AI systems: documents are a matter of the whole management system.
    """
    if pack.systems:
        return
    seen = Document.objects.visible_to(pack.asked_by)
    rows = seen.filter(Q(pk__in=pack.covers(seen).values("pk")) | Q(unit__in=pack.unit.path))
    read = counts(on=timezone.localtime(pack.at).date())
    found = iter(rows.select_related("owner").with_current().order_by("sort", "title", "pk"))
    while some := [_line(one, read.get(one.pk, (0, 0))) for one in islice(found, OVERVIEW)]:
        yield {"title": "", "rows": some}


def _line(document: Document, read: Count) -> dict[str, Any]:
    current = document.current[0] if document.current else None  # type: ignore[attr-defined]
    return {
        "ref": document.ref,
        "title": closed(document.title),
        "sort": document.get_sort_display(),
        "tone": document.state_tones[document.state],
        "state": document.get_state_display(),
        "number": current.number if current else None,
        "effective_at": current.effective_at if current else None,
        "approved_by": current.approved_by.name if current else "",
        "digest": current.sha256 if current else "",
        "due_on": document.due_on,
        "asked": read[0],
        "read": read[1],
    }
