"""Pages of no single kind: home, jump box, pickers, saved views."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from aims import clock
from aims.due import work_of
from aims.errors import Hidden, invalid
from aims.models import Record, SavedView
from aims.registry import registry
from aims.ui import Header, Link
from aims.views.base import PageView

FOUND = 12


class Home(PageView):
    """What needs me? How fit is the AIMS?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        work = work_of(request.user, on=clock.today())
        context: dict[str, Any] = {
            "header": Header(title=_("Home")),
            "work": work[:FOUND],
            "work_total": len(work),
            "work_url": reverse("inbox"),
            "recent": Record.objects.visible_to(request.user).select_related("owner").order_by("-updated_at")[:FOUND],
        }
        drawn = [panel(request) for panel in registry.home_panels]
        told = [panel for panel in drawn if "template" in panel]
        context["firsts"] = [panel for panel in told if panel.get("first")]
        context["panels"] = [panel for panel in told if not panel.get("first")]
        for panel in drawn:
            context.update(panel if "template" not in panel else {})
        return render(request, "home.html", context)


class Jump(PageView):
    """Any reference, system, control or page, by typing a few letters."""

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "").strip().replace("\x00", "")[:100]
        return render(request, "kit/jump.html", {"links": found(request.user, text) if text else [], "query": text})


class Go(PageView):
    """A reference's page, whatever its kind: what jump box, mails and the spine link to."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        record = Record.objects.visible_to(request.user).called(ref.upper()).first()
        if record is None:
            raise Hidden
        return redirect(record.get_absolute_url())


def found(user: Any, text: str) -> list[Link]:
    """What is known about a text: the record or answer sheet it names, then what is like it."""
    visible = Record.objects.visible_to(user)
    exact = visible.filter(ref__iexact=text)
    named = visible.matching(text).order_by("-updated_at")
    links = [Link(f"{r.ref} {r.title}", r.get_absolute_url()) for r in exact]
    for sheet in registry.answer_sheets:
        links += list(sheet(user, text))
    links += [Link(f"{r.ref} {r.title}", r.get_absolute_url()) for r in named.exclude(ref__iexact=text)[:FOUND]]
    for finder in registry.finders:
        links += list(finder(user, text))
    return links[: 2 * FOUND]


class Pick(PageView):
    """What a picker shows while one types: people, units or records of a kind."""

    def get(self, request: HttpRequest, source: str) -> JsonResponse:
        text = request.GET.get("q", "").strip().replace("\x00", "")[:100]
        return JsonResponse({"options": self._options(source, text)})

    def _options(self, source: str, text: str) -> list[dict[str, str]]:
        if source in registry.pickers:
            return registry.pickers[source](self.request.user, text)[:FOUND]
        if source in registry.kinds:
            rows = (
                Record.objects.visible_to(self.request.user).filter(kind=source).select_related("unit").matching(text)
            )
            return [
                {"value": r.ref, "label": r.title, "hint": f"{r.ref} · {r.unit}"}
                for r in rows.order_by("title")[:FOUND]
            ]
        raise Hidden


class SaveView(PageView):
    """Name the register as it stands, or remove a name."""

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        if kind not in registry.kinds:
            raise Hidden
        name, query = request.POST.get("name", "").strip()[:60], request.POST.get("query", "").lstrip("?")[:2000]
        if not name:
            raise invalid(name=_("Give the view a name."))
        if request.POST.get("remove"):
            SavedView.objects.filter(person_id=request.user.pk, kind=kind, name=name).delete()
        else:
            SavedView.objects.update_or_create(
                person_id=request.user.pk, kind=kind, name=name, defaults={"query": query}
            )
        back = f"/{registry.kinds[kind].path}/" + (f"?{query}" if query else "")
        safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
        return redirect(back if safe else f"/{registry.kinds[kind].path}/")
