"""The register of decisions, and what staff are told about the recording of their acts."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.listing import Column, Filter, Page, Table
from aims.models import Decision, Record
from aims.registry import Kind, registry
from aims.ui import Badge, Empty, Header, Link, Register, Row
from aims.views.base import PageView
from aims.views.register import RegisterView


def _sorts(user: Any) -> list[tuple[str, Any]]:
    return list(registry.decision_sorts.items())


def _kinds(user: Any) -> list[tuple[str, Any]]:
    return [(kind.name, kind.label) for kind in registry.kinds.values()]


def _outcomes(user: Any) -> list[tuple[str, Any]]:
    return [("granted", _("Granted")), ("refused", _("Refused"))]


def _of_outcome(rows: Any, values: list[str]) -> Any:
    return rows.filter(refused__in=[value == "refused" for value in values])


def _deciders(user: Any) -> list[tuple[str, Any]]:
    found = Decision.objects.visible_to(user).exclude(decided_by=None).order_by("decided_by__name")
    return [(str(pk), name) for pk, name in found.values_list("decided_by", "decided_by__name").distinct()]


def _units(user: Any) -> list[tuple[str, Any]]:
    decided = Record.objects.visible_to(user).filter(pk__in=Decision.objects.values("record"))
    return [(str(pk), name) for pk, name in decided.order_by("unit__name").values_list("unit", "unit__name").distinct()]


def _capacity(decision: Decision) -> str:
    card = registry.roles.get(decision.capacity)
    return str(card.name) if card else decision.capacity


TABLE = Table(
    kind="decision",
    columns=(
        Column("decided_at", gettext_lazy("Decided"), lambda d: d.decided_at, sort="decided_at"),
        Column(
            "record",
            gettext_lazy("Record"),
            lambda d: Link(f"{d.record.ref} {d.record.title}", d.record.get_absolute_url()),
            lambda d: d.record.ref,
        ),
        Column("sort", gettext_lazy("Sort"), lambda d: str(registry.decision_sorts.get(d.sort, d.sort)), shown=False),
        Column("question", gettext_lazy("Question"), lambda d: d.question),
        Column("options", gettext_lazy("Options"), lambda d: "; ".join(d.options), shown=False),
        Column(
            "outcome",
            gettext_lazy("Decision"),
            lambda d: Badge(d.outcome, "bad" if d.refused else "good"),
            lambda d: d.outcome,
        ),
        Column("reason", gettext_lazy("Reason"), lambda d: d.reason),
        Column("conditions", gettext_lazy("Conditions"), lambda d: d.conditions),
        Column("dissent", gettext_lazy("Dissent"), lambda d: d.dissent, shown=False),
        Column("until", gettext_lazy("Until"), lambda d: d.until, sort="until"),
        Column("decided_by", gettext_lazy("Decided by"), lambda d: d.decided_by),
        Column("capacity", gettext_lazy("Capacity"), _capacity),
        Column("unit", gettext_lazy("Unit"), lambda d: d.record.unit, shown=False),
    ),
    filters=(
        Filter("type", gettext_lazy("Sort"), _sorts, field="sort"),
        Filter("kind", gettext_lazy("About"), _kinds, field="record__kind"),
        Filter("outcome", gettext_lazy("Outcome"), _outcomes, apply=_of_outcome),
        Filter("person", gettext_lazy("Decided by"), _deciders, field="decided_by"),
        Filter("unit", gettext_lazy("Unit"), _units, field="record__unit"),
    ),
    search=("question", "outcome", "reason", "conditions", "dissent", "record__ref", "record__title"),
    related=("record__unit", "decided_by"),
    dated="decided_at",
    sort="-decided_at",
    extra_sorts=("decided_at",),
)


class DecisionsPage(RegisterView):
    """What was decided, by whom, why? Every approval, acceptance, exception and refusal in one list."""

    table = TABLE
    model = Decision  # type: ignore[assignment]
    lead = gettext_lazy(
        "Approvals, acceptances, exceptions, classifications and refusals, with reason, dissent and conditions."
    )

    @property
    def kind(self) -> Kind:
        return Kind("decision", Decision, _("decision"), _("Decisions"), "decisions", "gavel")

    def register(self, rows: Any, page: Page) -> Register:
        """Decisions are no kind of record: no saved views; they only grow, so two dates are not compared."""
        found = super().register(rows, page)
        return replace(found, compare_url="", past=True, save_view_url="")

    def row(self, record: Any, columns: list[Column]) -> Row:
        return Row(cells=[column.cell(record) for column in columns])

    def empty(self) -> Empty:
        return Empty(
            title=_("No decision yet"),
            text=_("Whoever approves, accepts, refuses or makes an exception leaves an entry here by doing so."),
            clause="5.3",
        )


class RecordedPage(PageView):
    """What does AIMS record about me, and who sees it?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        lead = _(
            "Every change is kept with who made it; some reads are too. This page says what, for how long, and who sees it."
        )
        context = {
            "header": Header(title=_("What is recorded"), lead=lead),
            "watched": [card.name for card in registry.roles.values() if card.watched],
            "months": settings.LOGS_KEPT_MONTHS,
        }
        return render(request, "trail/recorded.html", context)
