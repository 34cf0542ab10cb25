"""Who opened and took away what: one's own acts, and where one reviews people those of the people there."""

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.access import access_of
from aims.listing import Column, Filter, Page, Table
from aims.models import Reading
from aims.registry import Kind, registry
from aims.ui import Empty, Link, Register, Row
from aims.views.register import RegisterView
from organization.models import User


def _people(user: Any) -> list[tuple[str, Any]]:
    found = readings_of(user).order_by("person__name").values_list("person", "person__name")
    return list(found.distinct())


def readings_of(user: Any) -> Any:
    """Readings this person may know of."""
    access = access_of(user)
    reviewed = User.objects.filter(unit_id__in=sorted(access.units_for("person.review")))
    return Reading.objects.filter(Q(person=access.person_id or 0) | Q(person__in=reviewed.values("pk")))


def _sorts(user: Any) -> list[tuple[str, Any]]:
    return [("view", _("View")), ("download", _("Download"))]


def _capacity(reading: Reading) -> str:
    card = registry.roles.get(reading.capacity)
    return str(card.name) if card else ""


TABLE = Table(
    kind="reading",
    columns=(
        Column("at", gettext_lazy("When"), lambda r: r.at, sort="at"),
        Column("person", gettext_lazy("Who"), lambda r: r.person),
        Column("capacity", gettext_lazy("Capacity"), _capacity),
        Column("what", gettext_lazy("What"), lambda r: r.get_what_display()),
        Column("path", gettext_lazy("Address"), lambda r: Link(r.path, r.path), lambda r: r.path),
        Column("digest", gettext_lazy("SHA-256"), lambda r: r.digest, shown=False),
    ),
    filters=(
        Filter("what", gettext_lazy("What"), _sorts, field="what"),
        Filter("person", gettext_lazy("Who"), _people, field="person"),
    ),
    search=("path", "person__name"),
    related=("person",),
    dated="at",
    sort="-at",
    extra_sorts=("at",),
)


class Readings(RegisterView):
    """What did external auditors open, and who took files away?"""

    table = TABLE
    model = Reading  # type: ignore[assignment]
    lead = gettext_lazy("Pages that external auditors opened, and files and lists that anybody took away.")

    @property
    def kind(self) -> Kind:
        return Kind("reading", Reading, _("reading"), _("Reads and downloads"), "readings", "eye")

    def rows(self) -> Any:
        return readings_of(self.request.user)

    def register(self, rows: Any, page: Page) -> Register:
        """No kind of record: no saved views, no past."""
        return replace(super().register(rows, page), compare_url="", save_view_url="")

    def row(self, record: Any, columns: list[Column]) -> Row:
        return Row(cells=[column.cell(record) for column in columns])

    def empty(self) -> Empty:
        return Empty(title=_("Nothing yet"), text=str(self.lead), clause="7.5.3")
