"""How fresh the evidence of a control is: some controls change faster than a policy does (clauses 7.5 and 9.1).

The catalogue says for how many days evidence of a control counts (Control.evidence_days); a statement may say otherwise.
"""

from datetime import date
from typing import Any

from django.db.models import OuterRef
from django.db.models.functions import Coalesce

from aims.ui import Badge
from controls.models import ControlStatement
from evidence.freshness import with_freshness
from evidence.states import FRESHNESS_TONES, Freshness


def with_days(rows: Any, *, on: date, user: Any = None) -> Any:
    """Statements with `evidence_until` and `evidence_freshness`, each by the days of its own control."""
    days = Coalesce(OuterRef("evidence_days"), OuterRef("control__evidence_days"))
    return with_freshness(rows, on=on, days=days, user=user)


def standing_of(statement: ControlStatement, user: Any, on: date) -> tuple[Badge | None, date | None]:
    """The badge of its freshest evidence that the person sees, and until when that counts; None where there is none."""
    row = with_days(ControlStatement.objects.filter(pk=statement.pk), on=on, user=user).get()
    found = row.evidence_freshness
    return (Badge(str(Freshness(found).label), FRESHNESS_TONES[found]), row.evidence_until) if found else (None, None)
