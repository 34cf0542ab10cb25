"""What the pickers of audits offer: clauses and controls of every loaded framework, records of any kind, units."""

from typing import Any

from django.db.models import Q

from aims.models import Record
from audits.forms.audits import key_of
from controls.models import Clause, Control
from inventory.pickers import MOST, Options, units_where

UNIT_VERBS = (
    "programme.draft", "audit.plan", "nonconformity.raise", "improvement.register", "certification.record",
)  # fmt: skip


def _catalogue(model: Any) -> Any:
    def options(user: Any, text: str) -> Options:
        match = Q(number__istartswith=text) | Q(title__icontains=text)
        rows = model.objects.filter(match).select_related("framework").order_by("framework_id", "position")[:MOST]
        return [{"value": key_of(row), "label": str(row), "hint": str(row.framework)} for row in rows]

    return options


def records(user: Any, text: str) -> Options:
    """Records of any kind that the person sees."""
    rows = Record.objects.visible_to(user).matching(text).order_by("-updated_at")[:MOST]
    return [{"value": row.ref, "label": row.title, "hint": row.ref} for row in rows]


PICKERS = {
    "audit-clauses": _catalogue(Clause),
    "audit-controls": _catalogue(Control),
    "records": records,
    **{f"{verb.replace('.', '-')}-units": units_where(verb) for verb in UNIT_VERBS},
}
