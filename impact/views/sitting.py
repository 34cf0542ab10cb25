"""The sitting that screens many: choose like systems, answer once, see what follows for each, record, read what became of each."""

import time
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aims import clock
from aims.services import require
from aims.ui import Crumb, Header
from impact import policies, questions, services
from impact.filters import to_screen
from impact.forms import BulkScreeningForm
from impact.services import Screened
from impact.states import Tier
from impact.views.base import ScreeningView
from inventory.models import AISystem
from inventory.states import SystemStage
from organization.models import Unit

SECONDS, STEP = 15.0, 10  # after so long no further ten are begun; the next click goes on
SHOWN = 60  # systems to tick on one page; a whole result takes as many as the services do


class ScreeningSitting(ScreeningView):
    """Which systems are not screened? Answer once for those that are alike."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require(policies.can_screen(request.user))
        return self.page(self.form())

    @cached_property
    def waiting(self) -> list[AISystem]:
        """What the filters of the address find."""
        return to_screen(self.request.user, self.request.GET)

    def form(self, data: Any = None) -> BulkScreeningForm:
        return BulkScreeningForm(
            data, rows=self.waiting[: services.MOST], edition=questions.latest("screening"), user=self.request.user
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Shown first, then (`do`) recorded."""
        require(policies.can_screen(request.user))
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, 400)
        trying = "do" not in request.POST
        try:
            done, left = self.foreseen(form) if trying else self.recorded(form)
        except ValidationError as error:
            form.refuse(error)
            return self.page(form, 400)
        gone = [Screened(row, refusal=_("Somebody screened it meanwhile.")) for row in form.gone]
        return self.outcomes([*done, *gone], trying, left)

    def foreseen(self, form: BulkScreeningForm) -> tuple[list[Screened], list[AISystem]]:
        rows, by = form.chosen(), self.request.user
        return services.foresee_many(rows, by=by, on=clock.today(), **form.data_for_service()) if rows else [], []  # type: ignore[arg-type]

    def recorded(self, form: BulkScreeningForm) -> tuple[list[Screened], list[AISystem]]:
        """What became of those for which there was time, and those left: a request must not take for ever."""
        by, given, end = self.request.user, form.data_for_service(), time.monotonic() + SECONDS
        left, done = form.chosen(), list[Screened]()
        while left and (not done or time.monotonic() < end):
            part, left = left[:STEP], left[STEP:]
            done += services.screen_many(part, by=by, on=clock.today(), **given)  # type: ignore[arg-type]
        return done, left

    def outcomes(self, done: Sequence[Screened], trying: bool, left: Sequence[AISystem]) -> HttpResponse:
        recorded = [one for one in done if not one.refusal]
        tiers = Counter(one.tier for one in recorded)
        context = {
            "header": self.header(_("What will follow") if trying else _("What became of each")),
            "done": done,
            "trying": trying,
            "next": [one.subject for one in recorded] if trying else left,
            "tiers": [(tier.label, tiers[tier]) for tier in Tier if tiers[tier]],
            "waiting": sum(one.waits for one in recorded),
            "backlog": sum(one.backlog_until is not None for one in recorded),
            "refused": len(done) - len(recorded),
            "held": [(name, value) for name, values in self.request.POST.lists() for value in values
                     if name not in ("csrfmiddlewaretoken", "systems", "whole", "do")],
        }  # fmt: skip
        return render(self.request, "impact/sitting_outcomes.html", context)

    def header(self, title: str, lead: str = "") -> Header:
        crumbs = [Crumb(_("Screenings"), "/screenings/"), Crumb(_("Screen many systems"), "/screenings/sitting/")]
        return Header(title=title, lead=lead, crumbs=crumbs)

    def page(self, form: BulkScreeningForm, status: int = 200) -> HttpResponse:
        lead = _(
            "Choose systems that are alike, answer once, look at what follows, record. Each is recorded by itself."
        )
        given, shown = self.request.GET, self.waiting[:SHOWN]
        mine = ("q", "unit", "stage")
        context = {
            "header": Header(
                title=_("Screen many systems"), lead=lead, crumbs=[Crumb(_("Screenings"), "/screenings/")]
            ),
            "form": form,
            "rows": shown,
            "total": len(self.waiting),
            "more": len(self.waiting) > len(shown),
            "most": services.MOST if len(self.waiting) > services.MOST else 0,
            "chosen": form["systems"].value() or [],
            "units": Unit.objects.visible_to(self.request.user).order_by("name"),
            "stages": SystemStage.choices,
            "query": given.get("q", ""),
            "unit": given.get("unit", ""),
            "stage": given.get("stage", ""),
            "filtered": any(given.values()),
            "others": [(name, value) for name, values in given.lists() for value in values if name not in mine],
        }
        return render(self.request, "impact/sitting.html", context, status=status)
