"""What a Statement of Applicability rests on: the criteria and the treatment plans in force (clause 6.1.3 f)."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q

from aims.states import Confidentiality
from risk.models import Risk, RiskCriteria
from risk.states import PlanState


def foundations(scope: Any) -> Iterator[Mapping[str, Any]]:
    """The edition of the criteria, and each approved plan of the scope's open risks; what is restricted is not named."""
    criteria = RiskCriteria.objects.in_force()
    if criteria is not None:
        yield {"kind": "criteria", "ref": criteria.ref, "title": criteria.title, "version": criteria.edition}
    inside = Q(unit__path__contains=[scope.unit_id]) | Q(system__in=scope.listed.values("system"))
    rows = Risk.objects.open().filter(inside, confidentiality=Confidentiality.NORMAL)
    planned = rows.filter(treatment__state__in=[PlanState.APPROVED, PlanState.VERIFIED]).select_related("treatment")
    for risk in planned.order_by("ref"):
        assert risk.treatment is not None, "the filter asks for one"
        yield {"kind": "plan", "ref": risk.ref, "title": risk.title, "version": risk.treatment.number}
