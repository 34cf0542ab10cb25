"""The table of separated duties: what holds, what held before, and setting a new edition."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from aims import asof
from aims.access import access_of
from aims.errors import Stale
from aims.services import require
from aims.ui import Action, Badge, Crumb, Header
from aims.views.base import PageView
from organization.deciding import Deciding
from organization.duties import RULES, DutyMode, Tier
from organization.mandate_forms import DutiesForm
from organization.mandates import DutyTable
from organization.services.duties import set_duties

TONES: dict[str, Any] = {DutyMode.REQUIRED: "good", DutyMode.OVERRIDE: "warn", DutyMode.NOT_ASKED: "neutral"}


def grid(table: DutyTable | None) -> list[tuple[str, list[Badge]]]:
    """Every rule with what the edition says of each tier."""
    cells = table.cells if table is not None else {}
    return [(str(rule.sentence), [_cell(cells, rule.id, tier) for tier in Tier]) for rule in RULES.values()]


def _cell(cells: Any, rule: str, tier: str) -> Badge:
    mode = DutyMode(cells.get(rule, {}).get(tier, DutyMode.REQUIRED))
    return Badge(str(mode.label), TONES[mode])


class Duties(PageView):
    """Which duties may one person not hold at once, and where is an exception allowed?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        editions = list(DutyTable.objects.visible_to(request.user).select_related("set_by"))
        lead = _("One table for the whole of AIMS. Where it says nothing, duties stay separated.")
        header = Header(title=_("Separation of duties"), lead=lead, actions=self._actions())
        newest = editions[0] if editions else None
        context = {
            "header": header,
            "table": newest,
            "tiers": Tier.labels,
            "grid": grid(newest),
            "earlier": editions[1:],
        }
        return render(request, "organization/duties.html", context)

    def _actions(self) -> list[Action]:
        found = [Action(_("Overrides"), "/overrides/", icon="users")]
        if asof.moment() is None and access_of(self.request.user).capacity("duties.set"):
            found.append(Action(_("Set a new edition"), "/duties/set/", icon="pencil", primary=True))
        return found


class DutiesSet(Deciding, PageView):
    """Puts a new edition in force."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.allowed()
        return self.page(self._form())

    def post(self, request: HttpRequest) -> HttpResponse:
        self.allowed()
        form = self._form(request.POST)
        if not form.is_valid():
            return self.page(form, 400)
        try:
            set_duties(
                form.cells(), by=request.user, reason=form.cleaned_data["reason"], version=form.cleaned_data["version"]
            )
        except ValidationError as error:
            form.refuse(error)
            return self.page(form, 400)
        except Stale as stale:
            return self._stale(form, stale)
        messages.success(request, _("The new edition is in force."))
        return redirect("duties")

    def allowed(self) -> None:
        require(access_of(self.request.user).capacity("duties.set"))

    def _stale(self, form: DutiesForm, stale: Stale) -> HttpResponse:
        """The form with what was typed, after somebody else set an edition (412)."""
        typed = self.request.POST.copy()
        typed["version"] = str(stale.extra["current"].edition)
        form.data = typed
        form.add_error(None, str(stale.detail))
        return self.page(form, 412)

    def _form(self, data: Any = None) -> DutiesForm:
        table = DutyTable.objects.in_force()
        cells, edition = (table.cells, table.edition) if table is not None else ({}, 0)
        return DutiesForm(data, user=self.request.user, cells=cells, initial={"version": edition})

    def page(self, form: DutiesForm, status: int = 200) -> HttpResponse:
        crumbs = [Crumb(_("Separation of duties"), "/duties/")]
        header = Header(title=_("A new edition of the table of duties"), crumbs=crumbs)
        context = {
            "header": header,
            "form": form,
            "submit": _("Put in force"),
            "cancel": Action(_("Cancel"), "/duties/"),
        }
        return render(self.request, "kit/form.html", context, status=status)
