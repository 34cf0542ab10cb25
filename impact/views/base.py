"""What the pages of impact share."""

from typing import Any

from django.db.models import Prefetch

from aims.views.act import ActView
from aims.views.base import KindView
from impact.models import FamilySystem, ImpactAssessment, Screening
from inventory.models import AISystem
from organization.deciding import Decides


def with_systems(rows: Any, user: Any) -> Any:
    """Assessments with those of their systems that the person sees; the others are not named."""
    seen = AISystem.objects.visible_to(user)
    family = FamilySystem.objects.filter(system__in=seen.values("pk")).select_related("system").order_by("pk")
    return rows.prefetch_related(Prefetch("family", family), Prefetch("system", seen))


class ImpactView(KindView):
    """A page of assessments; every row comes with what it shows."""

    model = ImpactAssessment

    def rows(self) -> Any:
        found = super().rows().select_related("unit", "owner", "system_version", "decision__decided_by", "predecessor")
        return with_systems(found, self.request.user)


class ScreeningView(KindView):
    """A page of screenings."""

    model = Screening

    def rows(self) -> Any:
        found = super().rows().select_related("unit", "owner", "answered_by", "decided_by")
        return found.prefetch_related(Prefetch("system", AISystem.objects.visible_to(self.request.user)))


class ImpactAct(ImpactView, ActView):
    """One verb on one assessment."""


class ImpactDeciding(Decides, ImpactAct):
    """A verb that decides: whoever may confirms who they are."""
