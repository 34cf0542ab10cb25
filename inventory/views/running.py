"""What runs where, set against the permits: a register without records of its own."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aims import asof, clock
from aims.errors import invalid
from aims.ui import Badge, Crumb, Empty, Facet, HeadCell, Header, Link, Option, Register, Row
from aims.views.base import PageView
from inventory import reality
from inventory.models import AISystem
from inventory.reality import Real

PAGE = 50


class RunningPage(PageView):
    """What runs where, and has it a permit?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        systems = AISystem.objects.visible_to(request.user).order_by("title", "pk")
        everything = reality.compared(systems, asof.moment() or clock.now())
        title = _("What runs where")
        lead = _("Running without permit, with another digest than permitted, and permits nobody uses.")
        crumbs = [Crumb(_("Passages of the gate"), "/gate/"), Crumb(title)]
        context = {
            "header": Header(title=title, lead=lead, crumbs=crumbs),
            "register": self.register(everything, self.start(), title),
        }
        return render(request, "kit/register.html", context)

    def start(self) -> int:
        text = self.request.GET.get("after", "0")
        if not text.isdigit() or len(text) > 9:
            raise invalid(after=_("A whole number."))
        return int(text)

    def chosen(self, everything: Sequence[Real]) -> list[Real]:
        """Those of the address: by what was found, environment and words; what has no permit first."""
        given = self.request.GET
        findings, places = given.getlist("finding"), given.getlist("environment")
        words = given.get("q", "").casefold().split()[:6]
        return [
            one
            for one in everything
            if (not findings or one.finding in findings)
            and (not places or one.environment in places)
            and all(word in one.told for word in words)
        ]

    def register(self, everything: Sequence[Real], start: int, title: str) -> Register:
        found = self.chosen(everything)
        shown = found[start : start + PAGE]
        labels = [
            _("AI system"),
            pgettext("deployment", "Environment"),
            _("Version"),
            _("Digest"),
            _("Compared with permits"),
            _("Seen"),
        ]
        return Register(
            head=[HeadCell(str(number), label) for number, label in enumerate(labels)],
            rows=[self.row(one) for one in shown],
            total=len(found),
            searchable=True,
            facets=self.facets(everything),
            query=self.request.GET.get("q", ""),
            hidden=[(k, v) for k, vs in self.request.GET.lists() for v in vs if k not in ("q", "after")],
            next_url=self.url(after=[str(start + PAGE)]) if start + PAGE < len(found) else "",
            previous_url=self.url(after=[str(max(0, start - PAGE))]) if start else "",
            past=True,
            filtered=any(self.request.GET.get(name) for name in ("q", "finding", "environment")),
            reset_url=self.request.path,
            empty=None if everything else self.empty(),
            caption=title,
        )

    def row(self, one: Real) -> Row:
        system = Link(one.system.title, f"/systems/{one.system.ref}/gate/")
        return Row([system, one.environment, one.number, one.digest[:12], Badge(str(one.label), one.tone), one.seen_at])

    def facets(self, everything: Sequence[Real]) -> list[Facet]:
        findings = [(name, reality.label_of(name)) for name in reality.GRAVEST_FIRST]
        places = [(name, name) for name in sorted({one.environment for one in everything})]
        return [
            self.facet("finding", _("Compared with permits"), findings, [one.finding for one in everything]),
            self.facet(
                "environment", pgettext("deployment", "Environment"), places, [one.environment for one in everything]
            ),
        ]

    def facet(self, name: str, label: str, options: Sequence[tuple[str, Any]], held: Sequence[str]) -> Facet:
        asked = self.request.GET.getlist(name)
        drawn = [
            Option(value, str(said), self.toggled(name, value), held.count(value), value in asked)
            for value, said in options
        ]
        return Facet(name, label, drawn, clear_url=self.url(**{name: []}) if asked else "")

    def toggled(self, name: str, value: str) -> str:
        asked = self.request.GET.getlist(name)
        return self.url(**{name: [one for one in asked if one != value] if value in asked else [*asked, value]})

    def url(self, **changes: list[str]) -> str:
        params = self.request.GET.copy()
        params.pop("after", None)
        for name, values in changes.items():
            params.setlist(name, values)
        text = params.urlencode()
        return f"{self.request.path}?{text}" if text else self.request.path

    def empty(self) -> Empty:
        return Empty(
            _("Nothing is known yet"),
            _("Let the pipeline report what runs: “aims-gate deployed”. The page then sets it against the permits."),
            "A.6.2.5",
        )
