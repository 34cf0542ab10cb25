"""What asks for another look at a risk: a change, an incident, the result of an impact assessment (clause 8.2)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from aims.db import Now
from aims.models import Task
from aims.services import create
from aims.states import Outcome, TaskSort, TaskState
from aims.trail import recording
from aims.working_days import next_working_day
from inventory.models import AISystem
from inventory.services import settle
from organization.models import User
from risk.models import Reassessment, Risk, RiskAssessment
from risk.states import RiskState

DAYS = 14  # within which it is done, unless the change waits for it anyway


def ask_reassessment(
    risks: Iterable[Risk], *, trigger: str, cause: str, record: Any, by: User | None, on: date
) -> list[Reassessment]:
    """Ask the owners of open risks to assess them again because of a record. The same cause asks once.

    Each gets a task that the next assessment closes. Call inside the verb that found the cause.
    """
    with recording(by, "ask_reassessment", reason=cause):
        asked = set(Reassessment.objects.filter(record=record.pk).values_list("risk_id", flat=True))
        return [_ask(risk, trigger, cause, record, on) for risk in risks if risk.pk not in asked]


def _ask(risk: Risk, trigger: str, cause: str, record: Any, on: date) -> Reassessment:
    day = on + timedelta(days=DAYS)
    task = Task.objects.create(
        record_id=risk.pk, sort=TaskSort.EXTRA, due_on=day, day=next_working_day(day), assignee=risk.owner,
        asked=(_("Assess the risk again: %(cause)s") % {"cause": cause})[:300],
    )  # fmt: skip
    row = Reassessment(risk=risk, trigger=trigger, cause=cause[:1000], asked_on=on, task=task, record_id=record.pk)
    return create(row)


def answer_reassessments(risk: Risk, made: RiskAssessment, *, by: User, on: date) -> None:
    """The assessment answers whatever asked for it: the tasks about that are done, and a change may be settled by it."""
    waiting = list(Reassessment.objects.of(risk).waiting())
    for row in waiting:
        row.assessment = made
        row.save(update_fields=["assessment"])
    tasks = Task.objects.filter(pk__in=[row.task_id for row in waiting]).exclude(state__in=TaskState.closed())
    tasks.update(
        state=TaskState.DONE, outcome=Outcome.CONFIRMED, done_by=by, done_at=Now(), until=None,
        looked_at=_("Assessed again: version %(number)d.") % {"number": made.number},
    )  # fmt: skip
    for system in (
        AISystem.objects.filter(Q(pk=risk.system_id) | Q(family_risks__risk=risk)).distinct() if waiting else ()
    ):
        settle(system, on=on)


def affected_by(system: Any) -> list[Risk]:
    """Open, rated risks of a system: its own, those of its family and those of its components."""
    own = Risk.objects.of_system(system).open() | Risk.objects.open().filter(component__uses__system=system)
    rows = own.exclude(state=RiskState.IDENTIFIED).distinct().select_related("owner")
    return list(rows.order_by("pk"))
