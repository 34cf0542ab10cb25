"""Pages over the trail: who did what (activity), two dates compared, the seals and their verification."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from aims import asof, clock, exports, jobs
from aims.access import access_of
from aims.differences import Difference, between, said
from aims.errors import Hidden, NotPermitted, invalid
from aims.history import activity
from aims.models import Activity, Job, Leaf, Record, Seal
from aims.registry import Kind, registry
from aims.ui import Crumb, Header
from aims.views.base import PageView
from aims.views.jobs import job_card

PAGE = 50
EXPORTED = 10_000
A_DAY = timedelta(days=1)


class ActivityPage(PageView):
    """Who did what, why? Newest first, of the records one sees; by kind, person, unit, capacity, days, outside."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = self.rows()
        if request.GET.get("format") in ("csv", "xlsx"):
            return self.export(list(rows[:EXPORTED]), request.GET["format"])
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
            "sealed": Seal.objects.order_by("-number").first(),
            "params": request.GET,
            **self.choices(),
        }
        return render(request, "trail/activity.html", context)

    def choices(self) -> dict[str, Any]:
        """What the filters offer."""
        people = get_user_model()._default_manager.visible_to(self.request.user)
        units = apps.get_model("organization", "Unit")._default_manager.visible_to(self.request.user)
        return {
            "kinds": registry.kinds.values(),
            "roles": registry.roles.values(),
            "people": people.order_by("name").values_list("pk", "name"),
            "units": units.order_by("name").values_list("pk", "name"),
        }

    def rows(self) -> Any:
        params, visible = self.request.GET, Record.objects.visible_to(self.request.user)
        rows = (
            Activity.objects.select_related("root")
            .filter(root__in=visible)
            .order_by("-xid", "-recorded_at", "-event_id")
        )
        past = asof.moment()
        if past is not None:
            rows = rows.filter(at__lte=past)
        for name, narrow in self._filters().items():
            if params.get(name):
                rows = rows.filter(narrow(params[name]))
        return rows

    def _filters(self) -> dict[str, Callable[[str], Q]]:
        """Parameter → what it asks for."""
        return {
            "kind": lambda text: Q(root__kind=text),
            "actor": lambda text: Q(context__actor=self._number(text)),
            "unit": lambda text: Q(root__unit__in=self._below(self._number(text))),
            "capacity": lambda text: Q(context__capacity=text),
            "outside": lambda text: Q(context__isnull=True),
            "days": lambda text: Q(at__gte=clock.now() - timedelta(days=self._number(text))),
            "from": lambda text: Q(at__gte=asof.parse(text) - A_DAY),
            "to": lambda text: Q(at__lte=asof.parse(text)),
        }

    def _below(self, unit: int) -> Any:
        """The unit and all below it, as far as one sees them."""
        units = apps.get_model("organization", "Unit")._default_manager
        return units.visible_to(self.request.user).below([unit]).values("pk")

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

    def export(self, found: list[Any], form: str) -> HttpResponseBase:
        head = [
            _("When"), _("Recorded"), _("Who"), _("Capacity"), _("Record"), _("What"), _("Changes"), _("Reason"),
            _("Outside the application"),
        ]  # fmt: skip
        rows = (
            (
                e.at, e.recorded_at, e.actor, e.capacity, e.subject, e.sentence,
                " ".join(said(change) for change in e.changes), e.reason, e.outside,
            )
            for e in activity(found, self.request.user)
        )  # fmt: skip
        write = exports.csv_response if form == "csv" else exports.xlsx_response
        return write("activity", head, rows)


class ComparePage(PageView):
    """What changed between two dates? One kind at a time."""

    def get(self, request: HttpRequest, path: str) -> HttpResponseBase:
        kind = self._kind(path)
        first = asof.parse(request.GET.get("from") or str(clock.today() - timedelta(days=90)))
        second = asof.parse(request.GET.get("to") or clock.today().isoformat())
        if first >= second:
            raise invalid(to=_("The second date must come after the first."))
        differences = between(kind.model, request.user, first, second)
        if request.GET.get("format") in ("csv", "xlsx"):
            return self._export(kind, differences, request.GET["format"])
        context = {
            "header": Header(
                title=_("%(kind)s: two dates compared") % {"kind": kind.plural},
                crumbs=[Crumb(str(kind.plural), kind.url())],
            ),
            "first": first,
            "second": second,
            "groups": self._groups(kind, differences),
            "differences": differences,
            "kind": kind,
        }
        return render(request, "trail/compare.html", context)

    def _kind(self, path: str) -> Kind:
        for kind in registry.kinds.values():
            if kind.path == path:
                return kind
        raise Hidden

    def _groups(self, kind: Kind, differences: list[Difference]) -> list[tuple[str, list[tuple[Difference, str]]]]:
        """Added, changed, removed, each with the addresses of what is still there."""
        words = {"added": _("Added"), "changed": _("Changed"), "removed": _("Removed")}
        found = [
            (
                label,
                [(d, "" if d.sort == "removed" else kind.url(d.ref or str(d.key))) for d in differences if d.sort == s],
            )
            for s, label in words.items()
        ]
        return [group for group in found if group[1]]

    def _export(self, kind: Kind, differences: list[Difference], form: str) -> HttpResponseBase:
        head = [_("Record"), _("Name"), _("What"), _("Field"), _("Before"), _("After")]
        rows: list[Any] = []
        for one in differences:
            about = (one.ref, one.title, one.sort)
            rows += [(*about, change.label, change.before, change.after) for change in one.changes]
            rows += [(*about, sentence, "", "") for sentence in one.also]
            rows += [(*about, "", "", "")] if one.sort != "changed" else []
        write = exports.csv_response if form == "csv" else exports.xlsx_response
        return write(f"{kind.path}-compared", head, rows)


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
