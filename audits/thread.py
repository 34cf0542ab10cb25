"""Audits, findings and corrective action on the thread of an AI system."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from aims.registry import ThreadEdge
from aims.ui import Badge, Knot
from aims.views.register import state_badge
from audits.models import Audit, Finding, Nonconformity
from audits.states import GRADE_TONES


def corrected(user: Any, system: Any) -> Iterator[Knot]:
    """What was not as it should be, and what was done about it; open ones are gaps."""
    rows = Nonconformity.objects.visible_to(user).filter(system=system).select_related("owner")
    for row in rows.order_by("detected_on", "pk"):
        yield Knot(str(row), row.get_absolute_url(), row.detected_on, state_badge(row), str(row.owner), row.root_cause,
                   row.is_open)  # fmt: skip


def audited(user: Any, system: Any) -> Iterator[Knot]:
    """Which audits looked at it, and what they found."""
    for audit in Audit.objects.visible_to(user).of_system(system).order_by("starts_on", "pk"):
        yield Knot(
            str(audit), audit.get_absolute_url(), audit.starts_on, state_badge(audit), "", audit.conclusions[:300]
        )
    rows = Finding.objects.visible_to(user).filter(system=system).select_related("raised_by").order_by("pk")
    for row in rows:
        badge = Badge(row.get_grade_display(), GRADE_TONES[row.grade])
        yield Knot(
            str(row),
            row.get_absolute_url(),
            row.issued_at,
            badge,
            "" if row.taken_over else str(row.raised_by),
            row.statement[:300],
        )


EDGES = (
    ThreadEdge("system", "corrective", _("Corrective actions"), corrected, "", 110),
    ThreadEdge("system", "audits", _("Audits and findings"), audited, _("No audit looked at this system."), 115),
)
