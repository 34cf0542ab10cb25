"""The tree of units, one unit, and its forms."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import asof
from aims.access import access_of
from aims.errors import Hidden
from aims.ui import Action, Badge, Fact, HeadCell, Header, Link, Register, Row, Tab
from aims.views.form import ChangeView, CreateView
from aims.views.record import RecordView
from organization import policies, services
from organization.finders import unit_value
from organization.forms import UnitForm
from organization.histories import unit_history
from organization.models import Unit, UnitGrant, User
from organization.views.base import UnitPage, allow, grant_table


@dataclass(frozen=True)
class Branch:
    """A unit as the tree shows it."""

    unit: Unit
    people: int
    below: Sequence["Branch"]


def tree_of(units: Sequence[Unit], people: Counter[int]) -> list[Branch]:
    """The visible part of the tree: a unit whose parent is not visible stands at the top."""
    known = {unit.pk for unit in units}
    children: dict[int | None, list[Unit]] = defaultdict(list)
    for unit in sorted(units, key=lambda one: one.name.casefold()):
        children[unit.parent_id if unit.parent_id in known else None].append(unit)

    def grown(parent: int | None) -> list[Branch]:
        return [Branch(unit, people[unit.pk], grown(unit.pk)) for unit in children[parent]]

    return grown(None)


class UnitList(UnitPage):
    """How is the organization built?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        units = list(self.rows())
        people = Counter(User.objects.visible_to(request.user).active().values_list("unit_id", flat=True))
        header = Header(
            title=_("Units"),
            lead=_("The organization as a tree. A role held on a unit reaches everything below it."),
            actions=self._actions() if asof.moment() is None else (),
        )
        return render(request, "organization/unit_list.html", {"header": header, "branches": tree_of(units, people)})

    def _actions(self) -> list[Action]:
        may = access_of(self.request.user).capacity("unit.create")
        return [Action(_("Add a unit"), "/units/new/", icon="plus", primary=True)] if may else []


class UnitDetail(UnitPage, RecordView):
    """What is in this unit, and who answers for it?"""

    summary_template = "organization/unit_detail.html"

    def header(self, record: Unit) -> Header:
        return Header(
            title=record.name,
            badges=[Badge(record.get_kind_display(), icon="building")],
            crumbs=self._way(record),
            actions=self.actions(record) if asof.moment() is None else (),
        )

    def _way(self, record: Unit) -> list[Any]:
        """The visible units above, as crumbs."""
        path = record.path[:-1]
        known = self.rows().in_bulk(path)
        middle = [known[pk] for pk in path if pk in known]
        return [*self.crumbs(), *(crumb for unit in middle for crumb in self.crumbs(unit)[1:])]

    def actions(self, record: Unit) -> list[Action]:
        user, url = self.request.user, record.get_absolute_url()
        found = []
        if policies.can_change_unit(user, record):
            found.append(Action(_("Change"), f"{url}change/", icon="pencil", primary=True))
        if policies.can_create_unit(user, record):
            found.append(Action(_("Add a unit below"), f"/units/new/?parent={unit_value(record)}", icon="plus"))
        return found

    def facts(self, record: Unit) -> Sequence[tuple[Any, Sequence[Fact]]]:
        parent = record.parent
        seen = access_of(self.request.user).seen_units
        whole = _("This is the whole organization") if parent is None else _("Not shown")
        above = Link(parent.name, parent.get_absolute_url()) if parent and parent.pk in seen else ""
        facts = [
            Fact(_("Kind"), record.get_kind_display()),
            Fact(_("Country"), record.country, missing=_("Several")),
            Fact(_("Part of"), above, missing=whole),
            Fact(_("Head"), record.head, missing=_("Not stated yet")),
        ]
        return [("", facts)]

    def extra(self, record: Unit) -> dict[str, Any]:
        user = self.request.user
        here = UnitGrant.objects.visible_to(user).in_force(asof.day()).filter(content_object__in=record.path)
        here = here.filter(user__is_active=True).select_related("permission", "content_object", "user")
        return {
            "held": self._holders(here.order_by("permission__codename", "user__name")),
            "people": self._people(record),
            "units": self._below(record),
        }

    def _holders(self, grants: Any) -> Register:
        table = grant_table(self.request.user, grants, people=True, caption=_("Who holds which role here"))
        through = [Link(g.content_object.name, "") for g in grants]
        rows = [
            Row(cells=[*row.cells[:2], place, *row.cells[2:4], row.cells[5]])
            for row, place in zip(table.rows, through, strict=True)
        ]
        head = [*table.head[:2], HeadCell("through", _("Given on")), *table.head[2:4], table.head[5]]
        return Register(head=head, rows=rows, total=len(rows), caption=table.caption)

    def _people(self, record: Unit) -> Register:
        people = User.objects.visible_to(self.request.user).active().filter(unit=record)
        rows = [Row(cells=[p.name, p.job_title], url=p.get_absolute_url()) for p in people]
        head = [HeadCell("name", _("Name")), HeadCell("job_title", _("Job title"))]
        return Register(head=head, rows=rows, total=len(rows), caption=_("People of this unit"))

    def _below(self, record: Unit) -> Register:
        units = self.rows().filter(parent=record)
        rows = [Row(cells=[u.name, u.get_kind_display(), u.country], url=u.get_absolute_url()) for u in units]
        head = [HeadCell("name", _("Name")), HeadCell("kind", _("Kind")), HeadCell("country", _("Country"))]
        return Register(head=head, rows=rows, total=len(rows), caption=_("Units below"))

    def tabs(self, record: Unit, current: str) -> list[Tab]:
        found = super().tabs(record, current)
        return found if self._reviews(record) else []

    def _history(self, record: Unit) -> dict[str, Any]:
        if not self._reviews(record):
            raise Hidden
        return {"entries": unit_history(record)}

    def _reviews(self, record: Unit) -> bool:
        return bool(access_of(self.request.user).capacity("person.review", unit_id=record.pk))


class UnitCreate(UnitPage, CreateView):
    """Adds a unit below another."""

    form_class = UnitForm
    submit = gettext_lazy("Add")
    said = gettext_lazy("The unit is there.")

    def heading(self, record: Any) -> str:
        return _("Add a unit")

    def allowed(self, record: Any) -> None:
        allow(access_of(self.request.user).capacity("unit.create"))

    def perform(self, record: Any, form: Any) -> Unit:
        return services.create_unit(by=self.me, data=form.data_for_service())


class UnitChange(UnitPage, ChangeView):
    """Changes a unit or moves it in the tree."""

    form_class = UnitForm

    def allowed(self, record: Any) -> None:
        allow(policies.can_change_unit(self.request.user, record))

    def perform(self, record: Unit, form: Any) -> Unit:
        data, version = form.data_for_service(), self.version(form)
        return services.change_unit(record, by=self.me, data=data, version=version)
