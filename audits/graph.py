"""Where the same may be wrong: found over shared requirements, components and suppliers (clause 10.2 b)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from audits.models import Nonconformity
from inventory.models import AISystem, Component

MOST = 50


@dataclass(frozen=True)
class Case:
    """A record in which to look, and why there."""

    record: Any
    why: str


def similar_cases(row: Nonconformity, user: Any) -> list[Case]:
    """Other nonconformities of the same kind first, then systems that share something with this one's."""
    found = [
        Case(one, _why(row, one))
        for one in Nonconformity.objects.visible_to(user).like(row).order_by("-detected_on")[:MOST]
    ]
    return [*found, *_systems(row, user)][:MOST]


def _why(row: Nonconformity, other: Nonconformity) -> str:
    if row.clause_id is not None and row.clause_id == other.clause_id:
        return _("the same clause was not met")
    if row.control_id is not None and row.control_id == other.control_id:
        return _("the same control was not met")
    return _("in the same AI system")


def _systems(row: Nonconformity, user: Any) -> list[Case]:
    if row.system_id is None:
        return []
    others = AISystem.objects.visible_to(user).exclude(pk=row.system_id)
    shared = Component.objects.visible_to(user).filter(uses__system=row.system_id)
    by_part = others.filter(uses__component__in=shared).distinct().order_by("title")
    found = [Case(one, _("shares a component with it")) for one in by_part[:MOST]]
    supplier = AISystem.objects.filter(pk=row.system_id).values_list("supplier_id", flat=True).first()
    if supplier is not None:
        had = {one.record.pk for one in found}
        found += [
            Case(one, _("has the same supplier")) for one in others.filter(supplier=supplier) if one.pk not in had
        ]
    return found
