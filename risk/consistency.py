"""Rules of consistency about risks: what comes before what, and who may accept (clauses 6.1.2, 6.1.3, 8.2, 8.3)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from aims.consistency import breaches
from aims.registry import Breach, Rule
from inventory.consistency import CATCH_UP_DAYS
from inventory.models import AISystem
from inventory.states import IN_USE
from risk.models import EffectivenessVerdict, Risk, RiskAssessment, TreatmentAction
from risk.states import ActionState, Evaluation, RiskState


def _first_assessed() -> Any:
    """The day on which the first risk of a system was assessed: an own one, or one of its family."""
    own = RiskAssessment.objects.filter(risk__system=OuterRef("pk")).order_by().values("risk__system")
    family = RiskAssessment.objects.filter(risk__family__system=OuterRef("pk")).order_by()
    one = Subquery(own.annotate(first=Min("assessed_at")).values("first"))
    other = Subquery(family.values("risk__family__system").annotate(first=Min("assessed_at")).values("first"))
    return TruncDate(Coalesce(one, other))


def not_assessed_before_use(on: date) -> Iterator[Breach]:
    """In use before any of its risks was assessed. Who was in use before the register has time to catch up."""
    rows = AISystem.objects.filter(state__in=IN_USE).annotate(first=_first_assessed(), known=TruncDate("created_at"))
    rows = rows.filter(Q(first=None) | Q(first__gt=F("live_since"))).order_by("pk")
    for row in rows.values("pk", "live_since", "first", "known"):
        taken_over = row["live_since"] < row["known"]
        by_then = row["known"] + timedelta(days=CATCH_UP_DAYS)
        if not taken_over or (row["first"] or on) > by_then:
            facts = {"live_since": row["live_since"], "first": row["first"] or str(_("never"))}
            yield Breach(row["pk"], facts, backlog=taken_over)


def acceptance_over(on: date) -> Iterator[Breach]:
    rows = Risk.objects.filter(state=RiskState.ACCEPTED, acceptance__until__lt=on).order_by("pk")
    yield from breaches(rows.values("acceptance__until", record=F("pk")))


def accepted_before_assessed(on: date) -> Iterator[Breach]:
    """The acceptance in force is older than the assessment in force."""
    rows = Risk.objects.filter(acceptance__accepted_at__lt=F("assessment__assessed_at")).order_by("pk")
    yield from breaches(rows.values("acceptance__accepted_at", "assessment__assessed_at", record=F("pk")))


def done_before_approved(on: date) -> Iterator[Breach]:
    """Actions that were done before anybody approved the plan."""
    rows = TreatmentAction.objects.filter(state=ActionState.DONE, treatment__approvals__approved=True)
    rows = rows.annotate(approved=TruncDate("treatment__approvals__decided_at"))
    yield from breaches(rows.filter(done_on__lt=F("approved")).values("done_on", "approved", record=F("pk")))


def verified_before_done(on: date) -> Iterator[Breach]:
    """A treatment verified before its last action was done."""
    actions = TreatmentAction.objects.filter(treatment=OuterRef("treatment"), state=ActionState.DONE).order_by()
    last = Subquery(actions.values("treatment").annotate(last=Max("done_on")).values("last"))
    rows = EffectivenessVerdict.objects.annotate(verified=TruncDate("verified_at"), last=last)
    rows = rows.filter(last__gt=F("verified")).order_by("pk")
    yield from breaches(rows.values("verified", "last", record=F("risk_id")))


def criteria_later(on: date) -> Iterator[Breach]:
    """Rated by criteria that nobody had approved yet."""
    rows = RiskAssessment.objects.filter(criteria__approved_at__gt=F("assessed_at")).order_by("pk")
    values = rows.values("assessed_at", "criteria__approved_at", "criteria__edition", record=F("risk_id"))
    yield from breaches(values)


def unacceptable_in_use(on: date) -> Iterator[Breach]:
    """A system is in use although one of its risks may be accepted by nobody."""
    rows = Risk.objects.open().filter(evaluation=Evaluation.UNACCEPTABLE, system__state__in=IN_USE).order_by("pk")
    values = rows.values("system__ref", "system__live_since", "system_id", record=F("pk"))
    yield from breaches(values, also=["system_id"])


def never_verified(on: date) -> Iterator[Breach]:
    """Every action was done long ago, and nobody looked whether it helped."""
    rows = Risk.objects.filter(state=RiskState.TREATING).annotate(last=Max("treatment__actions__done_on"))
    rows = rows.exclude(treatment__actions__state=ActionState.OPEN)
    rows = rows.filter(last__lt=on - timedelta(days=CATCH_UP_DAYS)).order_by("pk")
    yield from breaches(rows.values("last", record=F("pk")))


RULES = (
    Rule(
        "assessed-before-use",
        _("The risks of a system are assessed before it is used."),
        _("In use since %(live_since)s; a risk of it was first assessed: %(first)s."),
        "8.2",
        not_assessed_before_use,
        verb="risk.register",
        form="risks/",
    ),
    Rule(
        "acceptance-over",
        _("An accepted risk has an acceptance that still holds."),
        _("Accepted until %(acceptance__until)s, and still counted as accepted."),
        "6.1.3",
        acceptance_over,
        verb="risk.accept",
        form="accept/",
    ),
    Rule(
        "accepted-before-assessed",
        _("What is accepted was assessed before."),
        _("Accepted on %(acceptance__accepted_at)s, before the assessment of %(assessment__assessed_at)s."),
        "6.1.3",
        accepted_before_assessed,
        verb="risk.accept",
        form="accept/",
    ),
    Rule(
        "done-before-approved",
        _("A plan is approved before its actions are done."),
        _("Done on %(done_on)s; the plan was approved only on %(approved)s."),
        "6.1.3",
        done_before_approved,
        verb="risk.treat",
        question=True,
    ),
    Rule(
        "verified-before-done",
        _("A treatment is verified after its actions were done."),
        _("Verified on %(verified)s; an action of it was done only on %(last)s."),
        "8.3",
        verified_before_done,
        verb="risk.verify",
        form="verify/",
    ),
    Rule(
        "criteria-later",
        _("Risks are rated by criteria that were approved before."),
        _("Rated at %(assessed_at)s by edition %(criteria__edition)s, approved only at %(criteria__approved_at)s."),
        "6.1.1",
        criteria_later,
        verb="risk.assess",
        form="assess/",
    ),
    Rule(
        "unacceptable-in-use",
        _("A system is not used while nobody may accept one of its risks."),
        _("%(system__ref)s is in use since %(system__live_since)s; this risk may be accepted by nobody."),
        "8.3",
        unacceptable_in_use,
        verb="risk.treat",
        form="treat/",
    ),
    Rule(
        "treatment-never-verified",
        _("Somebody looks whether a treatment helped, soon after it was carried out."),
        _("The last action was done on %(last)s, and nobody verified the treatment since."),
        "8.3",
        never_verified,
        verb="risk.verify",
        form="verify/",
        question=True,
    ),
)
