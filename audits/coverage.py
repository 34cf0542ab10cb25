"""What a programme covers and leaves out: clause × control × unit × system, and what risk says to audit next (9.2.2)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aims.registry import registry
from audits.models import Audit, AuditCriterion, AuditProgramme, AuditSystem, AuditUnit, Nonconformity, SampleRow
from controls.models import Clause, Control, ControlStatement
from controls.models.catalogue import OURS
from inventory.models import AISystem
from organization.models import Unit
from risk.models import Risk

PARTS = ("clauses", "controls", "units", "systems")
NEVER, HALF_YEAR = 8, 182  # points of what was never audited; days


@dataclass
class Line:
    """One clause, control, unit or system with the audits that cover it.

    `key`: its number, or primary key; `called`: what it and all above it are called; `inside`: something below is covered.
    """

    part: str
    label: str
    key: Any
    number: str = ""
    url: str = ""
    audits: list[Any] = field(default_factory=list)
    called: tuple[str, ...] = ()
    kept: Any = None
    inside: bool = False

    @property
    def covered(self) -> bool:
        return bool(self.audits)


@dataclass
class Matrix:
    """What is covered by which audit of the programme."""

    audits: list[Audit]
    clauses: list[Line]
    controls: list[Line]
    units: list[Line]
    systems: list[Line]

    @property
    def gaps(self) -> list[Line]:
        """What no audit covers: clauses, included controls, systems in life, and the topmost units without any audit."""
        bare = {line.key for line in self.units if not line.covered and not line.inside}
        units = [line for line in self.units if line.key in bare and not bare.intersection(line.kept.path[:-1])]
        open_ones = [line for line in (*self.clauses, *self.controls, *self.systems) if not line.covered]
        return sorted([*open_ones, *units], key=lambda line: PARTS.index(line.part))


def matrix_of(programme: AuditProgramme, user: Any = None) -> Matrix:
    """The coverage of a programme; systems and units as `user` sees them. A fixed number of queries."""
    audits = list(programme.audits.counted().order_by("starts_on", "pk"))
    numbers = _numbers(audits)
    systems = _systems(programme, audits, user)
    return Matrix(
        audits,
        _lines("clauses", audits, _clauses(), numbers),
        _lines("controls", audits, _controls(programme), numbers),
        _units(programme, audits, user, systems),
        systems,
    )


def gaps_of(programme: AuditProgramme, user: Any = None) -> list[Line]:
    """What no audit of the programme covers, as `user` sees it."""
    return matrix_of(programme, user).gaps


def _numbers(audits: Iterable[Audit]) -> dict[int, set[str]]:
    """Audit → numbers of its criteria within the framework."""
    found: dict[int, set[str]] = defaultdict(set)
    ours = Q(clause__framework__key=OURS) | Q(control__framework__key=OURS)
    rows = AuditCriterion.objects.filter(ours, audit__in=[audit.pk for audit in audits])
    for audit, clause, control in rows.values_list("audit_id", "clause__number", "control__number"):
        found[audit].add(clause or control or "")
    return found


def _clauses() -> list[Any]:
    """Clauses that ask for something."""
    return list(Clause.objects.filter(framework__key=OURS, heading=False).order_by("position"))


def _controls(programme: AuditProgramme) -> list[Any]:
    """Controls that the organization did not exclude."""
    excluded = ControlStatement.objects.filter(unit__in=programme.unit.path, applicability="excluded").values("control")
    return list(Control.objects.filter(framework__key=OURS).exclude(pk__in=excluded).order_by("position"))


def _lines(part: str, audits: list[Audit], rows: Iterable[Any], numbers: dict[int, set[str]]) -> list[Line]:
    return [
        Line(part, str(row), row.number, row.number, row.get_absolute_url(),
             [audit for audit in audits if covers(numbers[audit.pk], row.number)], kept=row)
        for row in rows
    ]  # fmt: skip


def covers(criteria: Iterable[str], number: str) -> bool:
    """A criterion covers its clause and every one below it."""
    return any(number == one or number.startswith(f"{one}.") for one in criteria if one)


def _units(programme: AuditProgramme, audits: list[Audit], user: Any, systems: list[Line]) -> list[Line]:
    rows = Unit.objects.below([programme.unit_id])
    rows = rows if user is None else rows & Unit.objects.visible_to(user)
    found = list(rows.order_by("path"))
    named = list(AuditUnit.objects.filter(audit__in=audits).values_list("audit_id", "scope_unit_id"))
    paths = {unit.pk: unit.path for unit in found}
    inside = {pk for _audit, one in named for pk in paths.get(one, ())}
    inside |= {pk for line in systems if line.covered for pk in line.kept.unit.path}
    names = {unit.pk: unit.name for unit in found}
    return [
        Line("units", unit.name, unit.pk, url=unit.get_absolute_url(), kept=unit, inside=unit.pk in inside,
             audits=[a for a in audits if any(pk == a.pk and one in unit.path for pk, one in named)],
             called=tuple(names[pk] for pk in unit.path if pk in names))
        for unit in found
    ]  # fmt: skip


def _systems(programme: AuditProgramme, audits: list[Audit], user: Any) -> list[Line]:
    rows = AISystem.objects.filter(unit__in=Unit.objects.below([programme.unit_id])).in_life()
    rows = rows if user is None else rows & AISystem.objects.visible_to(user)
    named, units = defaultdict(set), defaultdict(set)
    for audit, system in AuditSystem.objects.filter(audit__in=audits).values_list("audit_id", "system_id"):
        named[audit].add(system)
    for audit, unit in AuditUnit.objects.filter(audit__in=audits).values_list("audit_id", "scope_unit_id"):
        units[audit].add(unit)
    names = dict(Unit.objects.below([programme.unit_id]).values_list("pk", "name"))
    return [
        Line("systems", system.title, system.pk, system.ref, system.get_absolute_url(),
             [a for a in audits if system.pk in named[a.pk]
              or (not named[a.pk] and units[a.pk].intersection(system.unit.path))], kept=system,
             called=(system.ref, *(names[pk] for pk in system.unit.path if pk in names), tier_of(system)))
        for system in rows.select_related("unit").order_by("title")
    ]  # fmt: skip


def tier_of(system: AISystem) -> str:
    """The tier in words; what was not screened yet has none."""
    return str(system.get_tier_display()) if system.tier else _("Not screened")


@dataclass(frozen=True)
class Sampled:
    """How much of a register the samples of a programme have drawn so far."""

    kind: Any
    samples: int
    drawn: int
    total: int

    @property
    def share(self) -> str:
        return f"{100 * self.drawn / self.total:.0f} %" if self.total else "–"


def sampled_over(programme: AuditProgramme, user: Any) -> list[Sampled]:
    """Records drawn at least once over the programme against all there are, by register, as the user sees them."""
    keys, samples = defaultdict(set), defaultdict(set)
    rows = SampleRow.objects.filter(audit__in=programme.audits.counted())
    for name, sample, record in rows.values_list("sample__record_kind", "sample", "record"):
        keys[name].add(record)
        samples[name].add(sample)
    found = []
    for name in sorted(keys):
        kind = registry.kinds[name]
        seen = kind.model._default_manager.visible_to(user)
        found.append(Sampled(kind, len(samples[name]), seen.filter(pk__in=keys[name]).count(), seen.count()))
    return found


@dataclass(frozen=True)
class Suggestion:
    """What to audit next, with the reasons and their weight."""

    system: Any
    weight: int
    reasons: list[str]


def suggestions(programme: AuditProgramme, user: Any, on: date, most: int = 10) -> list[Suggestion]:
    """Systems in the order in which risk, open nonconformities and time since the last audit say to audit them."""
    from_reasons = _Reasons(on)
    rows = AISystem.objects.visible_to(user).filter(unit__in=Unit.objects.below([programme.unit_id])).in_life()
    found = [Suggestion(system, *from_reasons.of(system)) for system in rows.select_related("unit")]
    ranked = sorted(found, key=lambda one: (-one.weight, one.system.title))
    return [one for one in ranked if one.weight][:most]


class _Reasons:
    """Everything the weights need, read once."""

    def __init__(self, on: date) -> None:
        self.on = on
        risks = Risk.objects.open().filter(system__isnull=False).order_by().values_list("system_id")
        self.worst = dict(risks.annotate(worst=Max("score")))
        open_ones = Nonconformity.objects.open().filter(system__isnull=False).order_by().values_list("system_id")
        self.open = dict(open_ones.annotate(n=Count("pk")))
        done = Audit.objects.done()
        by_name = AuditSystem.objects.filter(audit__in=done).order_by().values_list("system_id")
        self.by_name = dict(by_name.annotate(last=Max("audit__starts_on")))
        whole = AuditUnit.objects.filter(audit__in=done.filter(systems=None)).order_by().values_list("scope_unit_id")
        self.by_unit = dict(whole.annotate(last=Max("audit__starts_on")))

    def last(self, system: AISystem) -> date | None:
        """The day of the last audit that named the system, or looked at the whole of a unit around it."""
        days = [self.by_name.get(system.pk), *(self.by_unit.get(pk) for pk in system.unit.path)]
        return max((day for day in days if day is not None), default=None)

    def of(self, system: AISystem) -> tuple[int, list[str]]:
        weight = 0
        reasons: list[str] = []
        for points, words in self._points(system):
            if points:
                weight, reasons = weight + points, [*reasons, words]
        return weight, reasons

    def _points(self, system: AISystem) -> list[tuple[int, str]]:
        score, nonconform = self.worst.get(system.pk) or 0, self.open.get(system.pk, 0)
        critical = {"critical": 10, "high": 6}.get(system.criticality, 0)
        return [
            (score, _("worst open risk scores %(score)d") % {"score": score}),
            (critical, _("criticality: %(level)s") % {"level": system.get_criticality_display()}),
            (5 * nonconform, ngettext("%(count)d open nonconformity", "%(count)d open nonconformities", nonconform)
             % {"count": nonconform}),
            self._since(self.last(system)),
        ]  # fmt: skip

    def _since(self, last: date | None) -> tuple[int, str]:
        """A point for each half year since the last audit; the most where there was none."""
        if last is None:
            return NEVER, _("never audited")
        return min((self.on - last).days // HALF_YEAR, NEVER - 1), _("last audited on %(day)s") % {
            "day": date_format(last, "SHORT_DATE_FORMAT")
        }
