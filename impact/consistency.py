"""Rules of consistency about impact assessments: what is assessed before what (clauses 6.1.4 and 8.4, A.5.2)."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from aims.registry import Breach, Rule
from impact.models import ImpactDecision
from impact.states import APPROVING
from inventory.consistency import CATCH_UP_DAYS
from inventory.models import AISystem
from inventory.states import IN_USE


def approved_after_use(on: date) -> Iterator[Breach]:
    """The first approval of a system's impact assessment, own or of its family, is later than its use.

    A system that nobody assessed at all is a matter of the gate. Who was in use before the register has time.
    """
    own, family = Q(assessment__system=OuterRef("pk")), Q(assessment__family__system=OuterRef("pk"))
    approvals = ImpactDecision.objects.filter(own | family, outcome__in=APPROVING)
    first = Subquery(approvals.order_by("decided_on", "pk").values("decided_on")[:1])
    rows = AISystem.objects.filter(state__in=IN_USE).annotate(first=first, known=TruncDate("created_at"))
    for row in rows.filter(first__gt=F("live_since")).order_by("pk").values("pk", "live_since", "first", "known"):
        taken_over = row["live_since"] < row["known"]
        if not taken_over or row["first"] > row["known"] + timedelta(days=CATCH_UP_DAYS):
            yield Breach(row["pk"], {"live_since": row["live_since"], "first": row["first"]}, backlog=taken_over)


RULES = (
    Rule(
        "impact-approved-after-use",
        _("The impact of a system is assessed and approved before it is used."),
        _("In use since %(live_since)s; its impact assessment was first approved on %(first)s."),
        "8.4",
        approved_after_use,
        verb="impact.open",
        form="impact/",
        question=True,
    ),
)
