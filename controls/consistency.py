"""Rules of consistency about control statements: what is said to work is shown, and shown in time (clause 6.1.3)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from aims.consistency import breaches
from aims.history import event_model
from aims.registry import Breach, Rule
from controls.freshness import with_days
from controls.models import ControlStatement
from controls.states import StatementState
from evidence.freshness import speaks_until
from evidence.models import EvidenceLink
from evidence.states import EvidenceState

# What is shown to work was tried before it is said to be implemented, but not longer ago than this.
BEFORE_DAYS = 90


def _implemented() -> Any:
    return ControlStatement.objects.filter(state=StatementState.IMPLEMENTED).order_by("pk")


def without_evidence(on: date) -> Iterator[Breach]:
    rows = with_days(_implemented(), on=on).filter(evidence_freshness="")
    yield from breaches(rows.values("control__number", record=F("pk")))


def evidence_expired(on: date) -> Iterator[Breach]:
    rows = with_days(_implemented(), on=on).filter(evidence_freshness="expired")
    yield from breaches(rows.values("control__number", "evidence_until", record=F("pk")))


def evidence_of_another_time(on: date) -> Iterator[Breach]:
    """All that is dated speaks only for days long before the control was said to be implemented."""
    events = event_model(ControlStatement).objects.filter(pgh_obj_id=OuterRef("pk"), pgh_created_at__date__lte=on)
    latest = events.exclude(state=StatementState.IMPLEMENTED).order_by().values("pgh_obj_id")
    before = latest.annotate(last=Max("pgh_id")).values("last")
    since = events.filter(state=StatementState.IMPLEMENTED).order_by().values("pgh_obj_id")
    rows = _implemented().annotate(turned=Coalesce(Subquery(before), 0))
    since = since.filter(pgh_id__gt=OuterRef("turned")).annotate(first=Min("pgh_created_at")).values("first")
    links = EvidenceLink.objects.filter(record=OuterRef("pk"), item__state=EvidenceState.CURRENT).order_by()
    spoken = links.values("record").annotate(last=Max(speaks_until("item__"))).values("last")
    rows = rows.annotate(implemented=TruncDate(Subquery(since)), spoken=Subquery(spoken))
    rows = rows.filter(spoken__lt=F("implemented") - timedelta(days=BEFORE_DAYS))
    yield from breaches(rows.values("control__number", "implemented", "spoken", record=F("pk")))


def reviewed_in_future(on: date) -> Iterator[Breach]:
    rows = ControlStatement.objects.filter(last_reviewed_on__gt=on).order_by("pk")
    yield from breaches(rows.values("control__number", "last_reviewed_on", record=F("pk")))


def excluded_with_evidence(on: date) -> Iterator[Breach]:
    """Somebody collects evidence for a control that is said not to apply."""
    rows = ControlStatement.objects.filter(state=StatementState.EXCLUDED).order_by("pk")
    rows = with_days(rows, on=on).filter(~Q(evidence_freshness=""))
    yield from breaches(rows.values("control__number", record=F("pk")))


RULES = (
    Rule(
        "control-without-evidence",
        _("A control that is said to be implemented has evidence."),
        _("%(control__number)s is said to be implemented; no current evidence is linked."),
        "6.1.3",
        without_evidence,
        verb="evidence.add",
        form="evidence/",
    ),
    Rule(
        "control-evidence-expired",
        _("The evidence of an implemented control still counts."),
        _("%(control__number)s is said to be implemented; its evidence counted until %(evidence_until)s."),
        "6.1.3",
        evidence_expired,
        verb="evidence.add",
        form="evidence/",
    ),
    Rule(
        "control-evidence-of-another-time",
        _("Evidence speaks for days on which the control was implemented."),
        _("%(control__number)s is implemented since %(implemented)s; its evidence speaks only until %(spoken)s."),
        "6.1.3",
        evidence_of_another_time,
        verb="evidence.add",
        form="evidence/",
        question=True,
    ),
    Rule(
        "statement-reviewed-in-future",
        _("A review is dated when it was made."),
        _("%(control__number)s is said to be reviewed on %(last_reviewed_on)s, which is still to come."),
        "6.1.3",
        reviewed_in_future,
        verb="statement.decide",
        form="change/",
    ),
    Rule(
        "control-excluded-with-evidence",
        _("No evidence is collected for a control that does not apply."),
        _("%(control__number)s is excluded, and current evidence is linked to it."),
        "6.1.3",
        excluded_with_evidence,
        verb="statement.decide",
        form="change/",
        question=True,
    ),
)
