"""Cadences: how often each kind is reviewed, what comes with the product, and what this installation changed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import clock, reviews
from aims.due import windows
from aims.errors import Hidden
from aims.forms import ReasonForm
from aims.forms_settings import CadenceForm, KindForm, WindowsForm
from aims.models import Cadence
from aims.plans import tiers_of
from aims.registry import DueSource, registry
from aims.rhythm import Every
from aims.services import require
from aims.ui import Action, Badge, Crumb, HeadCell, Header, Link, Register, Row
from aims.views.base import PageView
from aims.views.single import SingleForm


class CadencesPage(PageView):
    """How often is what reviewed, and who hears when nobody acts?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        require(reviews.can_change_cadence(request.user))
        context = {
            "header": Header(
                title=_("Cadences"),
                lead=_(
                    "How often each kind of record is reviewed. A change reaches only what is not done and not open."
                ),
            ),
            "table": table(),
        }
        return render(request, "cadences/list.html", context)


def table() -> Register:
    words = [_("What"), _("Tier"), _("How often"), _("Comes with the product")]
    words += [_("Opened ahead"), _("Grace"), _("Deputy, manager, committee")]
    own = {(one.kind, one.tier): one for one in Cadence.objects.all()}
    rows = [_row(source, tier, own) for source in registry.due_sources.values() for tier in tiers_of(source)]
    return Register(head=[HeadCell(word, word) for word in words], rows=rows, total=len(rows), caption=_("Cadences"))


def _row(source: DueSource, tier: str, own: dict[tuple[str, str], Cadence]) -> Row:
    mine, whole = own.get((source.kind, tier)), own.get((source.kind, ""))
    shipped = source.cadence(tier) if source.counted else None
    inherited = mine or (whole if tier not in source.every else None)
    often = inherited.every if inherited else shipped
    kind = registry.kinds[source.kind]
    return Row(
        cells=[
            Link(f"{kind.plural}: {source.name}", _url("cadence_change", source, tier)),
            _tier(source, tier) if tier else _("all"),
            [str(often) if source.counted else _("set on its own page"), *_changed(mine)],
            str(shipped) if shipped else "–",
            *_days(source, tier, whole),
        ],
    )


def _tier(source: DueSource, tier: str) -> str:
    return str(source.tiers.get(tier) or registry.tiers.get(tier, tier))


def _changed(mine: Cadence | None) -> list[Badge]:
    return [Badge(_("changed here"), "info")] if mine else []


def _days(source: DueSource, tier: str, whole: Cadence | None) -> list[str]:
    if tier:
        return [
            _("as the kind"),
            _("as the kind"),
            _("with committee") if tier in source.serious else _("no committee"),
        ]
    days = windows(source, whole)
    steps = " · ".join(str(days[name]) for name in ("deputy_after", "manager_after", "committee_after"))
    return [str(days["ahead"]), str(days["grace"]), steps]


def _url(name: str, source: DueSource, tier: str) -> str:
    return reverse(name, args=[source.kind, tier or "all"])


class CadenceChange(SingleForm):
    """Sets how often, and for a whole kind its days."""

    said = gettext_lazy("Saved. It counts for what is not done and not yet open.")

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        if self.tier:
            return CadenceForm
        return KindForm if self.source.counted else WindowsForm

    def allowed(self) -> None:
        require(reviews.can_change_cadence(self.request.user))
        found = registry.due_sources.get(self.kwargs["kind"])
        self.tier: str = "" if self.kwargs["tier"] == "all" else self.kwargs["tier"]
        if found is None or self.tier not in tiers_of(found) or (self.tier and not found.counted):
            raise Hidden
        self.source: DueSource = found
        self.own = Cadence.objects.filter(kind=found.kind, tier=self.tier).first()

    def initial(self) -> dict[str, Any]:
        every = self.own.every if self.own else self.source.cadence(self.tier)
        whole = Cadence.objects.filter(kind=self.source.kind, tier="").first()
        return {"number": every.number, "period": every.period, **windows(self.source, whole)}

    def header(self) -> Header:
        kind = registry.kinds[self.source.kind]
        title = f"{kind.plural}: {self.source.name}" + (f" ({_tier(self.source, self.tier)})" if self.tier else "")
        drop = Action(_("As the product comes"), _url("cadence_drop", self.source, self.tier), icon="arrow-back-up")
        actions = [drop] if self.own else []
        return Header(title=title, crumbs=[Crumb(_("Cadences"), reverse("cadences"))], actions=actions)

    def back(self) -> str:
        return reverse("cadences")

    def extra(self) -> dict[str, Any]:
        shipped = self.source.cadence(self.tier)
        return {
            "consequences": [_("Comes with the product: %(every)s.") % {"every": shipped}]
            if self.source.counted
            else []
        }

    def perform(self, data: dict[str, Any]) -> None:
        shipped = self.source.cadence(self.tier)
        every = Every(data.get("number", shipped.number), data.get("period", shipped.period))
        days = {name: data[name] for name in Cadence.WINDOWS if name in data}
        reviews.change_cadence(
            self.source.kind,
            by=self.request.user,
            every=every,
            tier=self.tier,
            on=clock.today(),
            reason=data["reason"],
            **days,
        )


class CadenceDrop(CadenceChange):
    """Goes back to what comes with the product."""

    submit, said = gettext_lazy("Go back to it"), gettext_lazy("It is as the product comes.")

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return ReasonForm

    def allowed(self) -> None:
        super().allowed()
        if self.own is None:
            raise Hidden

    def initial(self) -> dict[str, Any]:
        return {}

    def perform(self, data: dict[str, Any]) -> None:
        assert self.own is not None
        reviews.drop_cadence(self.own, by=self.request.user, on=clock.today(), reason=data["reason"])
