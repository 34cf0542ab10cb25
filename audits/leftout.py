"""Why a programme leaves out what it leaves out: one reason may stand for many (clause 9.2.2)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audits.coverage import PARTS, Line, covers
from audits.models import AuditProgramme
from inventory.models import AISystem
from organization.models import Unit

LABELS = {
    "clauses": gettext_lazy("Clauses"),
    "controls": gettext_lazy("Controls"),
    "units": gettext_lazy("Units"),
    "systems": gettext_lazy("AI systems"),
}
NAMED = 12  # units or systems on a page, before the rest is counted; all clauses and controls are named
SAID = 6  # of each part in a sentence


@dataclass(frozen=True)
class Reason:
    """Why something is left out. `about`: what it is said of, with all below it; "" stands for all the rest."""

    about: str
    why: str

    def fits(self, gap: Line) -> bool:
        wanted = self.about.casefold()
        return (
            wanted in {name.casefold() for name in (str(LABELS[gap.part]), *gap.called)}
            or (gap.part in ("clauses", "controls") and covers([self.about.upper()], gap.number))
        )  # fmt: skip


def read(lines: Iterable[str]) -> list[Reason]:
    """`Logistics: bought in May` as a reason; several names before the colon give one each. ValueError with the line."""
    found = []
    for line in lines:
        about, colon, why = (part.strip() for part in line.partition(":"))
        names = [name.strip() for name in about.split(",") if name.strip()]
        if not (colon and names and why):
            raise ValueError(line)
        found += [Reason(name, why) for name in names]
    return found


def explain(gaps: Sequence[Line], reasons: Sequence[Reason]) -> tuple[list[dict[str, Any]], list[Line], list[Reason]]:
    """Gaps sorted by the first reason that fits; those that none fits; reasons that no gap needs.

    A sorted entry is what the programme keeps: `about`, `why`, and numbers or keys by part.
    """
    kept: dict[Reason, dict[str, list[Any]]] = defaultdict(lambda: {part: [] for part in PARTS})
    silent = []
    for gap in gaps:
        reason = next((one for one in reasons if not one.about or one.fits(gap)), None)
        if reason is None:
            silent.append(gap)
        else:
            kept[reason][gap.part].append(gap.key)
    entries = [{"about": one.about, "why": one.why, **kept[one]} for one in reasons if one in kept]
    return entries, silent, [one for one in reasons if one.about and not any(one.fits(gap) for gap in gaps)]


def told(gaps: Sequence[Line]) -> str:
    """Gaps in words, the first of each part by number, name or reference."""
    return "; ".join(f"{LABELS[part]}: {_listed([one.number or one.label for one in gaps if one.part == part])}"
                     for part in PARTS if any(one.part == part for one in gaps))  # fmt: skip


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - SAID
    return ", ".join([*names[:SAID], *([_("%(count)d more") % {"count": rest}] if rest > 0 else [])])


def rest_of(part: str, found: Sequence[Any]) -> int:
    """How many of a part a page counts instead of naming them."""
    return max(len(found) - NAMED, 0) if part in ("units", "systems") else 0


@dataclass(frozen=True)
class LeftOut:
    """What one reason stands for, as a reader sees it."""

    about: str
    why: str
    numbers: list[str]
    units: list[Unit]
    systems: list[AISystem]


def left_out_of(programme: AuditProgramme, user: Any) -> list[LeftOut]:
    """What was left out when the programme was approved, reason by reason; units and systems as `user` sees them."""
    entries = programme.gap_reasons or _one_for_all(programme)
    units = _by_key(Unit.objects.visible_to(user), entries, "units")
    systems = _by_key(AISystem.objects.visible_to(user), entries, "systems")
    found = [
        LeftOut(one["about"], one["why"], [*one["clauses"], *one["controls"]],
                [units[pk] for pk in one["units"] if pk in units], [systems[pk] for pk in one["systems"] if pk in systems])
        for one in entries
    ]  # fmt: skip
    return [one for one in found if one.numbers or one.units or one.systems]


def _one_for_all(programme: AuditProgramme) -> list[dict[str, Any]]:
    """Where one reason was kept for the clauses and controls alone, as it was before each part was asked for."""
    bare: dict[str, list[Any]] = {part: [] for part in PARTS}
    return [{**bare, "about": "", "why": programme.gap_reason, "clauses": programme.gaps}] if programme.gaps else []


def _by_key(rows: Any, entries: Iterable[Mapping[str, Any]], part: str) -> dict[int, Any]:
    keys = [pk for one in entries for pk in one[part]]
    return {row.pk: row for row in rows.filter(pk__in=keys)} if keys else {}
