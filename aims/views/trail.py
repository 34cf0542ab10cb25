"""Pages over the trail: who did what (activity), two dates compared, the seals and their verification."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from aims import asof, clock, exports, jobs
from aims.access import access_of
from aims.differences import between
from aims.errors import Hidden, NotPermitted, invalid
from aims.history import activity
from aims.models import Activity, Job, Leaf, Record, Seal
from aims.registry import Kind, registry
from aims.ui import Crumb, Header
from aims.views.base import PageView
from aims.views.jobs import job_card

PAGE = 50
EXPORTED = 10_000


class ActivityPage(PageView):
    """Who did what, why? Newest first, of the records one sees; filter by person, kind, capacity, days, outside."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = self.rows()
        if request.GET.get("format") == "csv":
            return self.export(list(rows[:EXPORTED]))
        before = request.GET.get("before", "")
        if before:
            rows = rows.filter(xid__lt=self._number(before))
        found = list(rows[: PAGE + 1])
        context = {
            "header": Header(
                title=_("Activity"), lead=_("Every change of the records you see, with who, in which capacity and why.")
            ),
            "entries": activity(found[:PAGE], request.user),
            "older": self._older(found),
            "kinds": registry.kinds.values(),
            "sealed": Seal.objects.order_by("-number").first(),
            "params": request.GET,
        }
        return render(request, "trail/activity.html", context)

    def rows(self) -> Any:
        params, visible = self.request.GET, Record.objects.visible_to(self.request.user)
        rows = (
            Activity.objects.select_related("root")
            .filter(root__in=visible)
            .order_by("-xid", "-recorded_at", "-event_id")
        )
        if params.get("kind"):
            rows = rows.filter(root__kind=params["kind"])
        if params.get("actor"):
            rows = rows.filter(context__actor=self._number(params["actor"]))
        if params.get("outside"):
            rows = rows.filter(context__isnull=True)
        if params.get("days"):
            rows = rows.filter(at__gte=clock.now() - timedelta(days=self._number(params["days"])))
        return rows

    def _number(self, text: str) -> int:
        if not text.isdigit() or len(text) > 15:
            raise invalid(filter=_("A whole number."))
        return int(text)

    def _older(self, found: list[Any]) -> str:
        """Events of one transaction stay together: the next page begins below the last whole one."""
        if len(found) <= PAGE:
            return ""
        params = self.request.GET.copy()
        params["before"] = str(found[PAGE - 1].xid)
        return f"?{params.urlencode()}"

    def export(self, found: list[Any]) -> HttpResponseBase:
        head = [_("When"), _("Recorded"), _("Who"), _("Capacity"), _("Record"), _("What"), _("Reason")]
        rows = (
            (e.at, e.recorded_at, e.actor, e.capacity, e.subject, e.sentence, e.reason)
            for e in activity(found, self.request.user)
        )
        return exports.csv_response("activity", head, rows)


class ComparePage(PageView):
    """What changed between two dates? One kind at a time."""

    def get(self, request: HttpRequest, path: str) -> HttpResponse:
        kind = self._kind(path)
        first = asof.parse(request.GET.get("from") or str(clock.today() - timedelta(days=90)))
        second = asof.parse(request.GET.get("to") or clock.today().isoformat())
        context = {
            "header": Header(
                title=_("%(kind)s: two dates compared") % {"kind": kind.plural},
                crumbs=[Crumb(str(kind.plural), kind.url())],
            ),
            "first": first,
            "second": second,
            "differences": self._between(kind, first, second),
            "kind": kind,
        }
        return render(request, "trail/compare.html", context)

    def _kind(self, path: str) -> Kind:
        for kind in registry.kinds.values():
            if kind.path == path:
                return kind
        raise Hidden

    def _between(self, kind: Kind, first: datetime, second: datetime) -> list[Any]:
        if first >= second:
            raise invalid(to=_("The second date must come after the first."))
        return [(one, kind.url(one.ref)) for one in between(kind.model, self.request.user, first, second)]


class TrailPage(PageView):
    """Is the trail whole? Seals, keys, how to verify offline; the button verifies everything in the background."""

    def post(self, request: HttpRequest) -> HttpResponse:
        self._allowed()
        with transaction.atomic():
            key = f"verify-trail:{request.user.pk}:{clock.now().isoformat(timespec='seconds')}"
            job = jobs.ask(key, "aims.verify_trail", by=request.user)
        return redirect(f"{request.path}?job={job.pk}")

    def _allowed(self) -> None:
        if not access_of(self.request.user).capacity("trail.read"):
            raise NotPermitted

    def get(self, request: HttpRequest) -> HttpResponse:
        self._allowed()
        last = Seal.objects.select_related("key").order_by("-number").first()
        unsealed = Activity.objects.filter(**({"xid__gte": last.horizon} if last else {})).count()
        context = {
            "header": Header(
                title=_("The trail"), lead=_("Events are sealed each minute in a signed chain. Anyone can verify it.")
            ),
            "last": last,
            "leaves": Leaf.objects.count(),
            "unsealed": unsealed,
            "seals": Seal.objects.order_by("-number")[:PAGE],
            "job": self._job(),
        }
        return render(request, "trail/trail.html", context)

    def _job(self) -> dict[str, Any] | None:
        number = self.request.GET.get("job", "")
        job = Job.objects.filter(asked_by=self.request.user.pk, pk=int(number) if number.isdigit() else 0).first()
        return job_card(job, _("Verification of the trail")) if job else None
