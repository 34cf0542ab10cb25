"""The register of control statements: one declaration for page, exports and API."""

from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from aims import clock
from aims.listing import Column, Filter, Table
from aims.ui import Badge, Link
from controls.models import ControlStatement
from controls.states import APPLICABILITY_TONES, STATUS_TONES, Applicability, StatementState, Status


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
    if statement.due_on is None or not statement.late(clock.today()):
        return statement.due_on
    return Badge(date_format(statement.due_on, "j M Y"), "bad", "clock-exclamation")


def reach_words(statement: ControlStatement) -> Any:
    """Where a statement holds: the whole unit, or the systems that the reader sees."""
    if not statement.limited:  # type: ignore[attr-defined]
        return _("The whole organization")
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


def _owners(user: Any) -> list[tuple[str, Any]]:
    rows = ControlStatement.objects.visible_to(user).exclude(owner=None).order_by("owner__name")
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
    ],
    search=("ref", "title", "justification", "implementation", "procedure"),
    related=("unit", "owner", "control__group"),
    sort="control__position",
)
