"""Independence, computed from the trail: who owned, wrote, rated or decided what is audited is partial (9.2.2 c).

Only acts of substance count. What came by import, administration, comments or earlier audit work does not.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from aims.history import event_model
from aims.models import Activity, Record
from aims.registry import registry
from audits.models import Audit
from audits.policies import AUDITORS
from controls.models import ControlStatement
from organization.mandates import CompetenceRecord
from organization.models import Unit, User
from organization.states import MandateState

MOST = 20  # events named
MONTH = timedelta(days=30.44)
# Verbs that put things in order and say nothing of what is audited.
TRIFLES = ("import", "grant", "end_", "comment", "mention", "move_unit", "link_evidence", "list_on_case", "set_cadence",
           "complete_review", "snooze", "assign_task", "resolve", "acknowledge")  # fmt: skip
OWN_KINDS = ("audit", "programme", "finding", "improvement", "nonconformity", "corrective_action", "engagement",
             "certification", "pack")  # fmt: skip
# What says something about a person, who is its owner: nobody is partial by being competent.
PERSONAL = ("competence", "authority", "override")


@dataclass(frozen=True)
class Conflict:
    """One act that makes partial: on which record, what, when."""

    ref: str
    title: str
    what: str
    on: str

    def __str__(self) -> str:
        return f"{self.ref} {self.title}: {self.what}, {self.on}"


def conflicts_of(person: User, audit: Audit, *, since: datetime) -> list[Conflict]:
    """Acts of substance of the person on what the audit looks at, since the beginning of the look-back; owning first."""
    scope = list(records_in_scope(audit).values_list("pk", "kind"))
    if not scope:
        return []
    owned = _owned(person, scope, since)
    acted = _acted(person, [pk for pk, _kind in scope], since)
    return [*owned, *acted][:MOST]


def start_of_look_back(audit: Audit) -> datetime:
    """The moment from which acts count: `look_back` months before the audit begins."""
    day = audit.starts_on - MONTH * audit.look_back
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def records_in_scope(audit: Audit) -> Any:
    """What is audited: the systems named with all that hangs on them; of the units what serves the criteria; the
    statements about the controls audited."""
    systems = list(audit.systems.values_list("system_id", flat=True))
    units = list(audit.units.values_list("scope_unit_id", flat=True))
    criteria = list(audit.criteria.select_related("clause", "control"))
    kinds = kinds_serving([row.clause.number for row in criteria if row.clause is not None])
    controls = [row.control_id for row in criteria if row.control_id is not None]
    match = Q(pk__in=systems) | Q(anchor_id__in=systems)
    if units:
        match |= Q(unit__in=Unit.objects.below(units), kind__in=kinds)
    if controls:
        match |= Q(pk__in=ControlStatement.objects.filter(control__in=controls).values("pk"))
    return Record.objects.filter(match).exclude(kind__in=[*OWN_KINDS, *PERSONAL])


def kinds_serving(clauses: Iterable[str]) -> list[str]:
    """Kinds of record that serve one of the clauses, or a clause below it."""
    wanted = list(clauses)
    return [
        name
        for name, kind in registry.kinds.items()
        if any(one == asked or one.startswith(f"{asked}.") or asked.startswith(f"{one}.")
               for one in kind.clauses for asked in wanted)
    ]  # fmt: skip


def _owned(person: User, scope: list[tuple[int, str]], since: datetime) -> list[Conflict]:
    """Records that the person owns, or owned within the time."""
    found = []
    by_kind: dict[str, list[int]] = {}
    for pk, kind in scope:
        by_kind.setdefault(kind, []).append(pk)
    for kind, keys in by_kind.items():
        model = registry.kinds[kind].model
        now = set(model._default_manager.filter(pk__in=keys, owner=person).values_list("pk", flat=True))
        events = event_model(model).objects.filter(pgh_obj_id__in=keys, owner_id=person.pk, pgh_created_at__gte=since)
        then = set(events.values_list("pgh_obj_id", flat=True)) - now
        rows = Record.objects.filter(pk__in=now | then).order_by("ref")
        found += [
            Conflict(row.ref, row.title, _("owns it") if row.pk in now else _("owned it"), str(row.updated_at.date()))
            for row in rows[:MOST]
        ]
    return found


def _acted(person: User, keys: list[int], since: datetime) -> list[Conflict]:
    """What the person wrote, rated or decided: one line for each verb on each record, the latest first."""
    rows = Activity.objects.filter(root__in=keys, context__actor=person.pk, at__gte=since)
    for word in TRIFLES:
        rows = rows.exclude(context__service__startswith=word)
    rows = rows.exclude(context__capacity__in=[str(role) for role in AUDITORS]).select_related("root")
    seen: dict[tuple[int, str], Conflict] = {}
    for row in rows.order_by("-at")[:500]:
        verb = str((row.context or {}).get("service", ""))
        assert row.root is not None
        line = Conflict(row.root.ref, row.root.title, verb.replace("_", " "), str(timezone.localtime(row.at).date()))
        seen.setdefault((row.root.pk, verb), line)
    return list(seen.values())[:MOST]


def as_data(found: Iterable[Conflict]) -> list[dict[str, str]]:
    return [asdict(one) for one in found]


def competence_for_audit(person: User, on: date) -> CompetenceRecord | None:
    """The person's record of competence to audit that holds on the day; None without one (clause 7.2)."""
    held = CompetenceRecord.objects.filter(
        owner=person, state=MandateState.IN_FORCE, title__icontains="audit", acquired_on__lte=on
    )
    return held.filter(Q(due_on=None) | Q(due_on__gte=on)).order_by("-acquired_on").first()
