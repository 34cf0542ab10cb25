"""What is wrong with a draft of the Statement of Applicability: what blocks its approval, and what only warns.

Each lint is one function over the statements of a scope; each finding leads to where it is mended.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from aims.services import unmet_checks
from controls.models import AimsScope, ControlStatement, SoaProposal, SoaVersion
from controls.states import Applicability, Status, Wanted
from evidence.models import EvidenceItem, EvidenceLink

SHORTEST = 30  # letters of a justification that says something of its own
# Phrases that fit every control and therefore none; compared without case and punctuation.
EMPTY_WORDS = {
    "n a", "na", "not applicable", "applicable", "yes", "no", "required", "not required", "not needed", "tbd", "to do",
    "see policy", "as per standard", "required by the standard", "required by iso 42001", "best practice",
    "good practice", "industry standard", "not relevant", "relevant", "needed",
}  # fmt: skip
_ANNEX_B = re.compile(r"^\s*(annex\s+)?b[.\s]\d", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be: where, what, whether approval waits for it, and where it is mended."""

    id: str
    number: str
    sentence: str
    url: str
    blocking: bool = False
    statement: int = 0

    @property
    def tone(self) -> str:
        return "bad" if self.blocking else "warn"


@dataclass(frozen=True)
class Draft:
    """What the lints look at. `evidence`: statement → its current items as the reader sees them.

    `thorough`: also ask the registered checks of every excluded control, a few queries each; before a decision.
    """

    scope: AimsScope
    rows: Sequence[ControlStatement]
    on: date
    evidence: Mapping[int, Sequence[EvidenceItem]] = field(default_factory=dict)
    proposals: Sequence[SoaProposal] = ()
    approved: SoaVersion | None = None
    thorough: bool = False


Lint = Callable[[Draft], Iterable[Finding]]


def draft_of(scope: AimsScope, user: Any, on: date, *, thorough: bool = False) -> Draft:
    """The scope's statements with what the person sees behind them; a handful of queries, however many there are."""
    rows = list(ControlStatement.objects.visible_to(user).of_scope(scope).in_order().with_basis().select_related(
        "control__group", "owner", "unit", "system", "scope"
    ))  # fmt: skip
    proposals = SoaProposal.objects.open().filter(soa__scope=scope).select_related("statement__control", "soa")
    approved = SoaVersion.objects.of_scope(scope).in_force().first()
    return Draft(scope, rows, on, evidence_of(rows, user), list(proposals), approved, thorough)


def evidence_of(rows: Sequence[ControlStatement], user: Any) -> dict[int, list[EvidenceItem]]:
    """Current evidence by statement, as far as the person sees it."""
    found: dict[int, list[EvidenceItem]] = {}
    keys = [row.pk for row in rows]
    items = EvidenceItem.objects.visible_to(user).current().values("pk")
    for link in EvidenceLink.objects.filter(record_id__in=keys, item__in=items).select_related("item"):
        found.setdefault(link.record_id, []).append(link.item)
    return found


def findings(draft: Draft) -> list[Finding]:
    """Everything wrong, what blocks first, then in the catalogue's order."""
    place = {row.pk: number for number, row in enumerate(draft.rows)}
    found = [one for lint in LINTS for one in lint(draft)]
    return sorted(found, key=lambda one: (not one.blocking, place.get(one.statement, len(place)), one.id))


def by_statement(found: Iterable[Finding]) -> dict[int, list[Finding]]:
    """For the grid's margin."""
    rows: dict[int, list[Finding]] = {}
    for one in found:
        rows.setdefault(one.statement, []).append(one)
    return rows


def _about(row: ControlStatement, id: str, sentence: str, tab: str = "change", *, blocking: bool = False) -> Finding:
    url = f"{row.get_absolute_url()}{tab}/" if tab else row.get_absolute_url()
    return Finding(id, row.control.number, sentence % {"control": row.control.number}, url, blocking, row.pk)


def undecided(draft: Draft) -> Iterator[Finding]:
    for row in draft.rows:
        if not row.decided:
            yield _about(row, "undecided", _("%(control)s is not decided."), blocking=True)


def unjustified(draft: Draft) -> Iterator[Finding]:
    for row in draft.rows:
        if row.decided and not row.justification.strip():
            yield _about(row, "unjustified", _("%(control)s has no justification."), blocking=True)


def boilerplate(draft: Draft) -> Iterator[Finding]:
    for row in draft.rows:
        text = _bare(row.justification)
        if row.decided and text and (text in EMPTY_WORDS or len(text) < SHORTEST):
            yield _about(row, "boilerplate", _("The justification of %(control)s would fit any control."))


def duplicated(draft: Draft) -> Iterator[Finding]:
    """The same words for several controls; a unit or system may repeat those of its own scope."""
    texts = {(row.control_id, _bare(row.justification)) for row in draft.rows if row.decided}
    often = Counter(text for _control, text in texts)
    for row in draft.rows:
        if row.decided and _bare(row.justification) and often[_bare(row.justification)] > 1:
            yield _about(row, "duplicated", _("%(control)s has the same justification as another control."))


def _bare(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


def unsupported(draft: Draft) -> Iterator[Finding]:
    for row in draft.rows:
        included = row.applicability == Applicability.INCLUDED
        if included and not row.basis_rows.all() and not draft.evidence.get(row.pk):
            said = _("%(control)s is included, but no risk, obligation, objective or evidence is linked.")
            yield _about(row, "unsupported", said)


def needed(draft: Draft) -> Iterator[Finding]:
    """Excluded although a proposal waits for it, or a registered check says that something needs it."""
    waiting = {one.statement_id: one for one in draft.proposals if one.wanted == Wanted.INCLUDE}
    for row in draft.rows:
        if row.excluded and (row.pk in waiting or (draft.thorough and unmet_checks(row, "statement", "exclude"))):
            yield _about(row, "needed", _("%(control)s is excluded although it is needed."), "", blocking=True)


def annex_b(draft: Draft) -> Iterator[Finding]:
    for row in draft.rows:
        if row.control.own and (_ANNEX_B.match(row.control.number) or _ANNEX_B.match(row.control.title)):
            said = _("%(control)s is guidance of Annex B, not a control: it has no row of its own.")
            yield _about(row, "annex_b", said, "", blocking=True)


def unproven(draft: Draft) -> Iterator[Finding]:
    for row in draft.rows:
        if row.status != Status.IMPLEMENTED:
            continue
        items = draft.evidence.get(row.pk, ())
        if not items:
            yield _about(row, "unproven", _("%(control)s counts as implemented without evidence."), "evidence")
        elif all(item.freshness(draft.on, row.counts_for) == "expired" for item in items):
            yield _about(row, "expired", _("%(control)s counts as implemented, but its evidence ran out."), "evidence")


def ownerless(draft: Draft) -> Iterator[Finding]:
    for row in draft.rows:
        if row.owner is not None and not row.owner.is_active:
            yield _about(row, "owner_gone", _("The owner of %(control)s has left."))


def outdated(draft: Draft) -> Iterator[Finding]:
    """What happened since the approval and is not reflected: needs and changes without an answer, a changed scope."""
    for one in draft.proposals:
        number = one.statement.control.number
        said = _("%(control)s: a change is proposed and nobody answered it.") % {"control": number}
        yield Finding("unanswered", number, said, f"{one.soa.get_absolute_url()}proposals/", False, one.statement_id)
    yield from _scope_changed(draft)


def _scope_changed(draft: Draft) -> Iterator[Finding]:
    if draft.approved is None:
        return
    frozen, scope = draft.approved.frozen["scope"], draft.scope
    listed = sorted(scope.listed.filter(system__confidentiality="normal").values_list("system__ref", flat=True))
    if (frozen["boundaries"], frozen["systems"]) != (scope.boundaries, listed):
        yield Finding("scope_changed", "", _("The scope changed after the approval."), scope.get_absolute_url())


LINTS: tuple[Lint, ...] = (
    undecided, unjustified, needed, annex_b, boilerplate, duplicated, unsupported, unproven, ownerless, outdated,
)  # fmt: skip
