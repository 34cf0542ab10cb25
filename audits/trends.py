"""Nonconformities over time: how old, how often reopened, how many came and went (clauses 9.3 and 10.2)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from aims import charts
from audits.models import Nonconformity

MONTHS = 12


@dataclass(frozen=True)
class Trend:
    """Numbers with their pictures; `reopened` of `judged` came back."""

    total: int
    open: int
    reopened: int
    judged: int
    ages: charts.Chart
    came: charts.Chart
    went: charts.Chart

    @property
    def pictures(self) -> list[charts.Chart]:
        return [self.ages, self.came, self.went]

    @property
    def rate(self) -> str:
        """Share of those judged at least once that were taken up again."""
        return f"{100 * self.reopened / self.judged:.0f} %" if self.judged else "–"


def of(user: Any, today: date) -> Trend:
    """The trend of what the person sees, in four queries."""
    rows = Nonconformity.objects.visible_to(user).order_by()
    counts = rows.aggregate(
        total=Count("pk"), open=Count("pk", filter=~Q(state="closed")), reopened=Count("pk", filter=Q(round__gt=1)),
        judged=Count("pk", filter=Q(round__gt=1) | Q(verdict__isnull=False)),
    )  # fmt: skip
    detected = list(rows.filter(state__in=_open_states()).values_list("detected_on", flat=True))
    return Trend(**counts, ages=_ages(detected, today), came=_months(rows, today, "detected_on", _("Detected by month")),
                 went=_months(rows, today, "closed_on", _("Closed by month")))  # fmt: skip


def _open_states() -> list[str]:
    return [state for state, _label in Nonconformity._meta.get_field("state").choices or () if state != "closed"]


def _ages(detected: list[date], today: date) -> charts.Chart:
    days = [(today - day).days for day in detected]
    edges = [0, 31, 91, 181]
    labels = [_("up to 30 days"), _("31 to 90 days"), _("91 to 180 days"), _("longer")]
    tones: list[Any] = ["info", "info", "warn", "bad"]
    bounds = [*edges[1:], 10**6]
    items = [
        charts.Bar(label, sum(low <= day < high for day in days), tone, "/nonconformities/?standing=open")
        for label, low, high, tone in zip(labels, edges, bounds, tones, strict=True)
    ]
    return charts.bars(_("Open nonconformities by age"), items)


def _months(rows: Any, today: date, field: str, title: str) -> charts.Chart:
    """How many have their date `field` in each of the last months."""
    first = date(today.year - 1, today.month, 1)
    within = rows.filter(**{f"{field}__gte": first}).annotate(month=TruncMonth(field)).values_list("month")
    counts = dict(within.annotate(n=Count("pk")).order_by("month"))
    months = [
        date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1) for n in range(MONTHS + 1)
    ]
    return charts.bars(title, [charts.Bar(date_format(month, "M Y"), counts.get(month, 0)) for month in months])
