"""Answer sheets: what one opens when an auditor asks about a clause or a control. Reads only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aims.models import Governed, Record
from aims.registry import Kind, registry
from aims.ui import Badge, Tone
from controls.models import Clause, Control, ControlStatement
from controls.states import Status
from evidence.freshness import COUNTS_FOR
from evidence.models import EvidenceItem

BEST = 3
REVIEW_DAYS = 365  # a statement that nobody looked at for so long is a question


@dataclass(frozen=True)
class Gap:
    """Something that is not as it should be, with where to mend it."""

    sentence: str
    url: str
    tone: Tone = "warn"


def statement_of(control: Control, user: Any) -> ControlStatement | None:
    """The statement that the person sees for the widest unit, or None."""
    rows = ControlStatement.objects.visible_to(user).with_links(user).filter(control=control)
    found = rows.select_related("unit", "owner", "control__group").order_by("unit__path").first()
    return found if isinstance(found, ControlStatement) else None


def gaps_of(statement: ControlStatement, evidence: Sequence[EvidenceItem], on: date) -> list[Gap]:
    """What an auditor would find missing in a statement today, the gravest first."""
    url = f"{statement.get_absolute_url()}change/"
    if not statement.decided:
        return [Gap(_("Nobody decided yet whether this control applies."), url, "bad")]
    if statement.excluded:
        return list(_common_gaps(statement, url))
    return [*_status_gaps(statement, url, on), *_evidence_gaps(statement, evidence, on), *_common_gaps(statement, url),
            *_review_gaps(statement, url, on)]  # fmt: skip


def _status_gaps(statement: ControlStatement, url: str, on: date) -> Iterable[Gap]:
    if statement.status == Status.NOT_STARTED:
        yield Gap(_("Nothing is implemented yet."), url, "bad")
    elif statement.status in (Status.PLANNED, Status.PARTIAL) and statement.late(on):
        yield Gap(_("Its date passed and it is not fully implemented."), url, "bad")
    elif statement.status in (Status.PLANNED, Status.PARTIAL):
        yield Gap(_("It is not fully implemented yet."), url)
    if not statement.implementation.strip():
        yield Gap(_("Nobody described how it is implemented."), url)


def _evidence_gaps(statement: ControlStatement, evidence: Sequence[EvidenceItem], on: date) -> Iterable[Gap]:
    url = f"{statement.get_absolute_url()}evidence/"
    expired = sum(item.freshness(on, statement.counts_for) == "expired" for item in evidence)
    if not evidence:
        yield Gap(_("No evidence is linked."), url, "bad" if statement.status == Status.IMPLEMENTED else "warn")
    elif expired == len(evidence):
        yield Gap(_("All its evidence ran out."), url, "bad")
    elif expired:
        yield Gap(_("Some of its evidence ran out."), url)


def _common_gaps(statement: ControlStatement, url: str) -> Iterable[Gap]:
    if not statement.basis:
        yield Gap(_("The decision names no basis."), url)
    if statement.owner is None:
        yield Gap(_("Nobody is named who answers for it."), url)
    elif not statement.owner.is_active:
        yield Gap(_("Its owner has left."), url, "bad")


def _review_gaps(statement: ControlStatement, url: str, on: date) -> Iterable[Gap]:
    reviewed = statement.last_reviewed_on
    if reviewed is None or reviewed < on - timedelta(days=REVIEW_DAYS):
        yield Gap(_("Nobody reviewed it within the last year."), url)


def evidence_of(statement: ControlStatement, user: Any) -> list[EvidenceItem]:
    """Current evidence of a statement that the person sees, the best first.

    What met its threshold or needs none comes before what missed it, then what is valid the longest, then the newest.
    """
    items = EvidenceItem.objects.visible_to(user).current().about(statement.pk).select_related("owner", "unit")
    return sorted(items, key=_worth, reverse=True)


def _worth(item: EvidenceItem) -> tuple[bool, date, datetime]:
    return item.passed is not False, item.expires_on or date.max, item.received_at


def freshness_badge(item: EvidenceItem, on: date, days: int = COUNTS_FOR) -> Badge:
    """Whether evidence still holds."""
    badges = {"fresh": Badge(_("Fresh"), "good"), "due": Badge(_("Due for renewal"), "warn")}
    return badges.get(item.freshness(on, days), Badge(_("Ran out"), "bad"))


@dataclass(frozen=True)
class Serving:
    """A kind of record that serves a clause or control, with how many the person sees and the latest of them.

    People and units are no governed records: of these only the register is named, without a count.
    """

    kind: Kind
    count: int | None
    latest: Sequence[Record]

    @property
    def url(self) -> str:
        return f"/{self.kind.path}/"


def serving(number: str, user: Any) -> list[Serving]:
    """The kinds registered for a clause or control, each with its latest records; two queries a kind."""
    return [_serving(kind, user) for kind in registry.kinds.values() if serves(kind, number)]


def serves(kind: Kind, number: str) -> bool:
    """A kind that serves 7.5 serves 7.5.3 too; a heading is served by what serves the clauses in it."""
    return any(f"{number}.".startswith(f"{one}.") or f"{one}.".startswith(f"{number}.") for one in kind.clauses)


def _serving(kind: Kind, user: Any) -> Serving:
    if not issubclass(kind.model, Governed):
        return Serving(kind, None, ())
    rows = Record.objects.visible_to(user).filter(kind=kind.name)
    return Serving(kind, rows.count(), list(rows.select_related("owner").order_by("-updated_at")[:BEST]))


def clause_gaps(found: Iterable[Serving], user: Any, on: date) -> list[Gap]:
    """What is open among the records that answer a clause: none at all, or some past their date."""
    gaps = []
    for one in found:
        words = {"kinds": str(one.kind.model._meta.verbose_name_plural)}
        late = Record.objects.visible_to(user).filter(kind=one.kind.name).overdue(on=on).count() if one.count else 0
        if one.count == 0:
            gaps.append(Gap(_("No %(kinds)s that you may see.") % words, one.url))
        elif late:
            said = ngettext("%(count)d of the %(kinds)s is overdue.", "%(count)d of the %(kinds)s are overdue.", late)
            gaps.append(Gap(said % {"count": late, **words}, one.url))
    return gaps


def speakers(found: Iterable[Serving]) -> list[Any]:
    """Who answers for the records that serve a clause, each once."""
    owners = {row.owner.pk: row.owner for one in found for row in one.latest if row.owner is not None}
    return list(owners.values())


_FRAMEWORKS = {
    "nist_ai_rmf": "NIST AI RMF",
    "eu_ai_act": "EU AI Act",
    "iso_27001_2022": "ISO/IEC 27001:2022",
    "iso_9001_2015": "ISO 9001:2015",
}


def crosswalk(row: Clause | Control) -> list[tuple[str, list[str]]]:
    """The related places in other frameworks, by the framework's name; only those that have any."""
    return [(name, row.crosswalk[key]) for key, name in _FRAMEWORKS.items() if row.crosswalk.get(key)]
