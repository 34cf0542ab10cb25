"""Rules of consistency about audits: teams, dates and actions that do not agree with each other (clauses 9.2 and 10.2)."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from aims.consistency import breaches
from aims.registry import Breach, Rule
from audits.models import Audit, CorrectiveAction, Nonconformity, TeamMember
from audits.states import AUDITING, AuditState


def lapsed_competence(on: date) -> Iterator[Breach]:
    """An audit under way or to come, with an auditor whose competence ran out before it begins."""
    lapsed = TeamMember.objects.filter(
        audit=OuterRef("pk"), role__in=[str(role) for role in AUDITING], competence__due_on__lt=OuterRef("starts_on")
    )
    rows = Audit.objects.filter(Exists(lapsed), state__in=[AuditState.PLANNED, AuditState.RUNNING])
    yield from breaches(rows.order_by("pk").values("starts_on", record=F("pk")))


def never_reported(on: date) -> Iterator[Breach]:
    """An audit that was over a month ago and has no report."""
    rows = Audit.objects.filter(state=AuditState.RUNNING, ends_on__lt=date.fromordinal(on.toordinal() - 30))
    yield from breaches(rows.order_by("pk").values("ends_on", record=F("pk")))


def due_after_effect(on: date) -> Iterator[Breach]:
    """An action that is due after the day on which its effect is to be judged."""
    rows = CorrectiveAction.objects.open().filter(due_on__gt=F("nonconformity__effect_from"))
    yield from breaches(rows.order_by("pk").values("due_on", record=F("pk")))


def left_reviewer(on: date) -> Iterator[Breach]:
    """An open nonconformity whose effect is to be judged by somebody who left."""
    rows = Nonconformity.objects.open().filter(~Q(reviewer=None), reviewer__is_active=False)
    yield from breaches(rows.order_by("pk").values("effect_from", record=F("pk")))


RULES = [
    Rule(
        "audit-lapsed-competence",
        _("Auditors are competent when their audit begins."),
        _("It begins on %(starts_on)s; the competence of somebody on the team ends before."),
        "7.2",
        lapsed_competence,
        verb="audit.assign",
    ),
    Rule(
        "audit-never-reported",
        _("An audit is reported soon after it ended."),
        _("It ended on %(ends_on)s and has no report."),
        "9.2.2",
        never_reported,
        verb="audit.report",
        form="report/",
    ),
    Rule(
        "corrective-due-after-effect",
        _("Corrective actions are due before their effect is judged."),
        _("It is due on %(due_on)s, after the day on which its effect may be judged."),
        "10.2",
        due_after_effect,
        verb="corrective_action.change",
        form="change/",
    ),
    Rule(
        "nonconformity-reviewer-left",
        _("Somebody who is here judges the effect."),
        _("Who is to judge the effect has left."),
        "10.2",
        left_reviewer,
        verb="nonconformity.correct",
        form="plan/",
    ),
]
