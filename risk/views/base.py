"""What the pages of risk share."""

from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.db.models import Prefetch
from django.http import HttpResponse
from django.utils.translation import gettext as _

from aims.services import require
from aims.views.base import KindView
from aims.views.form import FormView
from impact.models import ImpactAssessment
from inventory.models import AISystem, Component
from organization.commitments import Objective, Obligation
from organization.deciding import confirmed
from risk.models import HarmLink, Risk, RiskObjective, RiskObligation, RiskSystem


def with_systems(rows: Any, user: Any) -> Any:
    """Risks with those of their systems that the person sees; the others are not named."""
    seen = AISystem.objects.visible_to(user)
    family = RiskSystem.objects.filter(system__in=seen.values("pk")).select_related("system").order_by("pk")
    return rows.prefetch_related(Prefetch("family", family), Prefetch("system", seen))


def with_links(rows: Any, user: Any) -> Any:
    """Risks with the objectives, obligations and component that the person sees."""
    objectives = RiskObjective.objects.filter(objective__in=Objective.objects.visible_to(user))
    harms = HarmLink.objects.filter(harm__assessment__in=ImpactAssessment.objects.visible_to(user))
    obligations = RiskObligation.objects.filter(obligation__in=Obligation.objects.visible_to(user))
    return rows.prefetch_related(
        Prefetch("objective_rows", objectives.select_related("objective").order_by("pk")),
        Prefetch("obligation_rows", obligations.select_related("obligation").order_by("pk")),
        Prefetch("component", Component.objects.visible_to(user)),
        Prefetch("harms", harms.select_related("harm__assessment").order_by("pk")),
    )


def with_risk(rows: Any, user: Any) -> Any:
    """Actions with their risk, where the person sees it."""
    return rows.prefetch_related(Prefetch("risk", Risk.objects.visible_to(user)))


class RiskView(KindView):
    """A page of risks; every row comes with what it shows."""

    model = Risk

    def rows(self) -> Any:
        found = super().rows().select_related("unit", "owner", "criteria", "treatment__criteria", "acceptance")
        return with_systems(found, self.request.user)


class RiskAct(RiskView, FormView):
    """One verb on one risk."""

    template_name = "kit/act.html"

    def may(self, record: Risk) -> str:
        """The capacity in which the person may do it."""
        raise NotImplementedError

    def allowed(self, record: Any) -> None:
        require(self.may(record))

    def conflict(self, record: Any, form: Any, stale: Any) -> HttpResponse:
        """The form once more with what was typed, after somebody saved in between (412)."""
        form.data = form.data.copy()
        form.data["version"] = stale.extra["current"].version
        form.add_error(
            None, _("Somebody changed this risk after you opened it. Look at it again, then send once more.")
        )
        return self.page(self.get_record(), form, status=412)


def must_confirm(request: Any) -> None:
    """Whoever decides proves who they are when that is more than 15 minutes ago."""
    if not confirmed(request):
        raise ReauthenticationRequired


class Decides:
    """Mixin: whoever may decide confirms who they are."""

    request: Any

    def allowed(self, record: Any) -> None:
        super().allowed(record)  # type: ignore[misc]
        must_confirm(self.request)
