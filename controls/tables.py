"""The registers of control statements, scopes and versions: one declaration for page, exports and API."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims import asof
from aims.listing import Column, Filter, Table
from aims.ui import Badge, Link
from aims.views.register import due_badge, state_badge
from controls.models import AimsScope, ClauseAnswer, ControlStatement
from controls.states import (
    APPLICABILITY_TONES,
    STATUS_TONES,
    AnswerState,
    Applicability,
    ScopeState,
    SoaState,
    Source,
    StatementState,
    Status,
)


def applicability_badge(statement: ControlStatement) -> Badge:
    return Badge(str(statement.get_applicability_display()), APPLICABILITY_TONES[statement.applicability])


def status_badge(statement: ControlStatement) -> Badge:
    return Badge(statement.get_status_display(), STATUS_TONES[statement.status])


def evidence_link(statement: ControlStatement) -> Any:
    """How many pieces of evidence the reader sees, linking to them."""
    count = statement.evidence_count  # type: ignore[attr-defined]
    return Link(str(count), f"{statement.get_absolute_url()}evidence/") if count else Badge(str(_("None")), "warn")


def due_cell(statement: ControlStatement) -> Any:
    """The date, marked when it passed before the control was implemented."""
    return due_badge(statement.due_on, over=not statement.late(asof.day()))


def reach_words(statement: ControlStatement) -> Any:
    """Where a statement holds: one system, a unit, the whole scope, or the systems of it that the reader sees."""
    if statement.system_id is not None:
        one = getattr(statement, "system_seen", None)
        return [Link(f"{one.ref} {one.title}", one.get_absolute_url())] if one is not None else _("An AI system")
    if not statement.limited:  # type: ignore[attr-defined]
        return _("The unit %(unit)s") % {"unit": statement.unit} if statement.differs else _("The whole scope")
    seen = statement.systems
    return [Link(f"{system.ref} {system.title}", system.get_absolute_url()) for system in seen] or _("Some AI systems")


def _reach_plain(statement: ControlStatement) -> list[str]:
    words = reach_words(statement)
    return [link.label for link in words] if isinstance(words, list) else [str(words)]


def _progress(rows: Any, values: list[str]) -> Any:
    match = Q()
    for value in values:
        match |= PROGRESS_RULES[value]
    return rows.filter(match)


_DECIDED = ~Q(applicability=Applicability.UNDECIDED)
_INCLUDED = Q(applicability=Applicability.INCLUDED)
# What is done, and what is missing, as the home page counts it.
PROGRESS_RULES = {
    "decided": _DECIDED,
    "justified": _DECIDED & ~Q(basis=[]),
    "implemented": _INCLUDED & Q(status=Status.IMPLEMENTED),
    "evidenced": _INCLUDED & Q(evidence_count__gt=0),
    "undecided": ~_DECIDED,
    "no_basis": _DECIDED & Q(basis=[]),
    "not_implemented": _INCLUDED & ~Q(status=Status.IMPLEMENTED),
    "no_evidence": _INCLUDED & Q(evidence_count=0),
}
PROGRESS = [
    ("decided", _("Decided")),
    ("justified", _("Justified, with basis")),
    ("implemented", _("Implemented")),
    ("evidenced", _("With evidence")),
    ("undecided", _("Undecided")),
    ("no_basis", _("Without basis")),
    ("not_implemented", _("Not fully implemented")),
    ("no_evidence", _("Without evidence")),
]


def _scopes(user: Any) -> list[tuple[str, Any]]:
    return list(AimsScope.objects.visible_to(user).order_by("title").values_list("ref", "title"))


def _place(rows: Any, values: list[str]) -> Any:
    match = Q()
    for value in values:
        match |= Q(pk__in=(rows.base() if value == "base" else rows.differing()).values("pk"))
    return rows.filter(match)


PLACES = [("base", _("For the whole scope")), ("differing", _("For a unit or AI system"))]


def _owners(user: Any) -> list[tuple[str, Any]]:
    rows = ControlStatement.objects.visible_to(user).exclude(owner=None).order_by("owner__name")
    return list(rows.values_list("owner_id", "owner__name").distinct())


def _closers(user: Any) -> list[tuple[str, Any]]:
    rows = ClauseAnswer.objects.visible_to(user).exclude(owner=None).order_by("owner__name")
    return list(rows.values_list("owner_id", "owner__name").distinct())


STATEMENTS = Table(
    kind="statement",
    columns=[
        Column("title", _("Control"), cell=lambda s: s.control.title, sort="control__position"),
        Column(
            "applicability",
            _("Applicability"),
            cell=applicability_badge,
            plain=lambda s: s.get_applicability_display(),
            sort="applicability",
        ),
        Column("status", _("Status"), cell=status_badge, plain=lambda s: s.get_status_display(), sort="status"),
        Column("owner", _("Owner"), cell=lambda s: s.owner, sort="owner__name"),
        Column("due_on", _("Due"), cell=due_cell, plain=lambda s: s.due_on, sort="due_on"),
        Column("evidence", _("Evidence"), cell=evidence_link, plain=lambda s: s.evidence_count, numeric=True),
        Column(
            "ref", _("Reference"), cell=lambda s: Link(s.ref, s.get_absolute_url()), plain=lambda s: s.ref, shown=False
        ),
        Column("group", _("Objective"), cell=lambda s: str(s.control.group), shown=False),
        Column("justification", _("Justification"), cell=lambda s: s.justification, shown=False),
        Column("basis", _("Basis"), cell=lambda s: s.basis_words, shown=False),
        Column("implementation", _("How it is implemented"), cell=lambda s: s.implementation, shown=False),
        Column("procedure", _("Procedure"), cell=lambda s: s.procedure, shown=False),
        Column("systems", _("Applies to"), cell=reach_words, plain=_reach_plain, shown=False),
        Column("source", _("Source"), cell=lambda s: s.control.get_source_display(), shown=False),
        Column("unit", _("Unit"), cell=lambda s: s.unit, sort="unit__name", shown=False),
        Column(
            "last_reviewed_on",
            _("Last reviewed"),
            cell=lambda s: s.last_reviewed_on,
            sort="last_reviewed_on",
            shown=False,
        ),
        Column("updated_at", _("Changed"), cell=lambda s: s.updated_at, sort="updated_at", shown=False),
    ],
    filters=[
        Filter("state", _("State"), lambda user: StatementState.choices, field="state"),
        Filter("progress", _("Progress"), lambda user: PROGRESS, apply=_progress),
        Filter("owner", _("Owner"), _owners, field="owner_id"),
        Filter("scope", _("Scope"), _scopes, field="scope__ref"),
        Filter("place", _("Holds"), lambda user: PLACES, apply=_place),
        Filter("source", _("Source"), lambda user: Source.choices, field="control__source"),
    ],
    search=("ref", "title", "justification", "implementation", "procedure"),
    related=("unit", "owner", "control__group", "scope"),
    sort="control__position",
)


SCOPES = Table(
    kind="scope",
    columns=[
        Column("title", _("Scope"), cell=lambda s: s.title, sort="title"),
        Column("state", _("State"), cell=state_badge, plain=lambda s: s.get_state_display(), sort="state"),
        Column("unit", _("Unit"), cell=lambda s: s.unit, sort="unit__name"),
        Column("owner", _("Owner"), cell=lambda s: s.owner, sort="owner__name"),
        Column("boundaries", _("What is inside and what is not"), cell=lambda s: s.boundaries, shown=False),
        Column("ref", _("Reference"), cell=lambda s: s.ref, sort="ref", shown=False),
        Column("updated_at", _("Changed"), cell=lambda s: s.updated_at, sort="updated_at", shown=False),
    ],
    filters=[Filter("state", _("State"), lambda user: ScopeState.choices, field="state")],
    search=("ref", "title", "boundaries"),
    sort="title",
)

ANSWERS = Table(
    kind="gap",
    columns=[
        Column("title", _("Clause"), cell=lambda a: str(a.clause), sort="clause__position"),
        Column("state", _("What is there"), cell=state_badge, plain=lambda a: a.get_state_display(), sort="state"),
        Column("found", _("What was found"), cell=lambda a: a.found),
        Column("owner", _("Who closes the gap"), cell=lambda a: a.owner, sort="owner__name"),
        Column("due_on", _("By when"), cell=lambda a: a.due_on, sort="due_on"),
        Column("ref", _("Reference"), cell=lambda a: a.ref, sort="ref", shown=False),
        Column("updated_at", _("Changed"), cell=lambda a: a.updated_at, sort="updated_at", shown=False),
    ],
    filters=[
        Filter("state", _("What is there"), lambda user: AnswerState.choices, field="state"),
        Filter("owner", _("Who closes the gap"), _closers, field="owner_id"),
        Filter("scope", _("Scope"), _scopes, field="scope__ref"),
    ],
    search=("ref", "title", "found"),
    related=("unit", "owner", "scope", "clause"),
    sort="clause__position",
)

VERSIONS = Table(
    kind="soa",
    columns=[
        Column("title", _("Version"), cell=lambda v: v.title, sort="number"),
        Column("state", _("State"), cell=state_badge, plain=lambda v: v.get_state_display(), sort="state"),
        Column("approved_by", _("Approved by"), cell=lambda v: v.approved_by),
        Column("approved_at", _("Approved"), cell=lambda v: v.approved_at, sort="approved_at"),
        Column("due_on", _("Next review"), cell=lambda v: v.due_on, sort="due_on"),
        Column("submitted_by", _("Submitted by"), cell=lambda v: v.submitted_by, shown=False),
        Column("opened_for", _("Opened because"), cell=lambda v: v.opened_for, shown=False),
        Column("digest", _("SHA-256"), cell=lambda v: v.digest, shown=False),
        Column("ref", _("Reference"), cell=lambda v: v.ref, sort="ref", shown=False),
    ],
    filters=[
        Filter("state", _("State"), lambda user: SoaState.choices, field="state"),
        Filter("scope", _("Scope"), _scopes, field="scope__ref"),
    ],
    search=("ref", "title", "reason", "opened_for"),
    related=("unit", "owner", "scope", "approved_by", "submitted_by"),
    sort="-number",
)
