"""How long evidence counts: by its own end, else by the age of what it speaks for. One rule in Python and in SQL.

Evidence speaks until the end of its period, else until it was measured or collected, as claimed; received but undated
evidence is "unknown". Without an end of its own it counts for COUNTS_FOR days, or as many as the caller says: some
things change faster than a policy does. Clauses 7.5 and 9.1.
"""

from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db.models import (
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    Max,
    OuterRef,
    Subquery,
    TextField,
    When,
)
from django.db.models import Value as V
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Least, NullIf

from evidence.states import EvidenceState, Freshness

# Evidence without an end of its own counts for so many days.
COUNTS_FOR = 365
# Evidence that runs out within so many days is due for renewal.
DUE_DAYS = 30


def standing(until: date | None, on: date) -> str:
    """How evidence stands that counts until a day (None: undated), its last day included."""
    if until is None:
        return Freshness.UNKNOWN
    if until < on:
        return Freshness.EXPIRED
    return Freshness.DUE if until <= on + timedelta(days=DUE_DAYS) else Freshness.FRESH


def speaks_until(item: str = "", link: str = "") -> Any:
    """SQL: the last day evidence speaks for; `item` and `link` prefix the columns of either ("" with no link: none)."""
    measured = Cast(NullIf(KeyTextTransform("measured_on", f"{item}result"), V("")), DateField())
    own = [F(f"{link}period_to")] if link != item else []
    return Coalesce(*own, F(f"{item}period_to"), measured, F(f"{item}collected_on"))


def good_until(days: Any = COUNTS_FOR, *, item: str = "", link: str = "") -> Any:
    """SQL: the last day evidence counts, `days` (number or expression) after what it speaks for; null: undated."""
    later = Func(speaks_until(item, link), days if hasattr(days, "resolve_expression") else V(days), arg_joiner=" + ",
                 template="(%(expressions)s)", output_field=DateField())  # fmt: skip
    return Least(F(f"{item}expires_on"), later)


def standing_of(until: str, on: date) -> Case:
    """SQL: `standing` of a column that holds the last day."""
    return Case(
        When(**{f"{until}__isnull": True}, then=V(Freshness.UNKNOWN.value)),
        When(**{f"{until}__lt": on}, then=V(Freshness.EXPIRED.value)),
        When(**{f"{until}__lte": on + timedelta(days=DUE_DAYS)}, then=V(Freshness.DUE.value)),
        default=V(Freshness.FRESH.value),
        output_field=TextField(),
    )


def with_freshness(rows: Any, *, on: date, days: Any = COUNTS_FOR, key: str = "pk", user: Any = None) -> Any:
    """Rows of any governed kind with `evidence_until` and `evidence_freshness`: those of the freshest current evidence.

    `evidence_freshness` is "fresh", "due", "expired", "unknown" (undated), or "" (none). `days` may be an expression
    over the rows, wrapped in OuterRef; `key` names the column that holds the record's key; with `user` only evidence
    that the person sees counts, so that restricted evidence does not show through.
    """
    link = apps.get_model("evidence", "EvidenceLink")
    found = link.objects.filter(record=OuterRef(key), item__state=EvidenceState.CURRENT)
    if user is not None:
        found = found.filter(item__in=apps.get_model("evidence", "EvidenceItem").objects.visible_to(user).values("pk"))
    best = found.order_by().values("record").annotate(best=Max(good_until(days, item="item__"))).values("best")
    rows = rows.annotate(
        evidence_until=ExpressionWrapper(Subquery(best), output_field=DateField()), _has_evidence=Exists(found)
    )
    return rows.annotate(
        evidence_freshness=Case(
            When(_has_evidence=False, then=V("")),
            default=standing_of("evidence_until", on),
            output_field=TextField(),
        )
    )
