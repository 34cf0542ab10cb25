"""The registers of audits, each declared once for page, exports and API."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aims import asof, clock
from aims.listing import Column, Filter, Table
from aims.ui import Badge, Link
from aims.views.register import due_badge, state_badge
from audits.models import (
    Audit,
    CorrectiveAction,
    Finding,
    Improvement,
    Nonconformity,
)
from audits.states import (
    GRADE_TONES,
    ActionState,
    AuditSort,
    AuditState,
    CertificateState,
    EngagementState,
    FindingGrade,
    FindingState,
    Grade,
    ImprovementState,
    NcSource,
    NcState,
    ProgrammeState,
)
from inventory.tables import of, owners_of, units_with

CLOSED = {"closed", "done", "dropped", "withdrawn", "cancelled", "declined", "ended", "expired"}
OVERDUE = (("overdue", _("Overdue")),)


def due_cell(record: Any) -> Any:
    """The date, marked when it passed."""
    return due_badge(record.due_on, over=record.state in CLOSED)


def grade_badge(record: Any) -> Badge:
    return Badge(str(record.get_grade_display()), GRADE_TONES[record.grade])


def link(name: str) -> tuple[Any, Any]:
    """Cell and plain value of a link to a record that the reader may not see: its reference, the title on hover."""

    def cell(row: Any) -> Any:
        found = getattr(row, name)
        return Link(found.ref, found.get_absolute_url(), found.title) if found is not None else ""

    return cell, lambda row: getattr(row, name).ref if getattr(row, name) is not None else ""


def _against(row: Any, words: Any) -> Any:
    """The clause or control of a row by its number, the name on hover; what is neither in words."""
    found = row.clause or row.control
    return Link(found.number, found.get_absolute_url(), str(found)) if found is not None else str(words)


def _issued(row: Finding) -> Any:
    return timezone.localtime(row.issued_at).date() if row.issued_at is not None else None


def _late(rows: Any, values: list[str]) -> Any:
    return rows.exclude(state__in=CLOSED).overdue(on=clock.today())


def _common(*, unit: bool = True) -> list[Column]:
    """The columns of every register; `unit` says whether the unit's shows unasked."""
    return [
        Column("unit", _("Unit"), lambda r: r.unit.name, sort="unit__name", shown=unit),
        Column("owner", _("Owner"), lambda r: r.owner, sort="owner__name"),
        Column("ref", _("Reference"), lambda r: r.ref, sort="ref", shown=False),
        Column("updated", _("Changed"), lambda r: r.updated_at, sort="updated_at", shown=False),
    ]


def _title(label: Any) -> Column:
    return Column("title", label, lambda r: r.title, sort="title")


STATE = Column("state", _("State"), state_badge, lambda r: r.get_state_display(), sort="state")
GRADE = Column("grade", _("Grade"), grade_badge, lambda r: r.get_grade_display(), sort="grade")
DUE = Column("due_on", _("Due"), due_cell, lambda r: r.due_on, sort="due_on")

PROGRAMMES = Table(
    kind="programme",
    columns=[
        _title(_("Programme")),
        STATE,
        Column("starts_on", _("From"), lambda r: r.starts_on, sort="starts_on"),
        Column("ends_on", _("Until"), lambda r: r.ends_on, sort="ends_on"),
        Column(
            "gaps",
            _("Clauses and controls not covered"),
            lambda r: len(r.gaps) if r.state != "draft" else None,
            numeric=True,
        ),
        *_common(),
    ],
    filters=[Filter("state", _("State"), of(ProgrammeState), field="state")],
    related=("unit", "owner", "approved_by"),
    sort="-starts_on",
)
AUDITS = Table(
    kind="audit",
    columns=[
        _title(_("Audit")),
        Column("sort", _("Kind"), lambda r: r.get_sort_display(), sort="sort"),
        STATE,
        Column("starts_on", _("Begins"), lambda r: r.starts_on, sort="starts_on"),
        Column("ends_on", _("Ends"), lambda r: r.ends_on, sort="ends_on"),
        Column("programme", _("Programme"), *link("programme"), shown=False),
        *_common(),
    ],
    filters=[
        Filter("state", _("State"), of(AuditState), field="state"),
        Filter("sort_of", _("Kind"), of(AuditSort), field="sort"),
        Filter("unit", _("Unit"), units_with(Audit), field="unit_id"),
    ],
    search=("ref", "title", "objectives"),
    sort="-starts_on",
)
FINDINGS = Table(
    kind="finding",
    columns=[
        _title(_("Finding")),
        GRADE,
        STATE,
        Column("audit", _("Audit"), *link("audit")),
        Column("system", _("AI system"), *link("system")),
        Column("criterion", _("Criterion"), lambda r: _against(r.criterion, r.criterion), lambda r: str(r.criterion)),
        Column("issued_at", _("Issued"), _issued, lambda r: r.issued_at, sort="issued_at"),
        *_common(unit=False),
        Column("statement", _("Statement"), lambda r: r.statement, shown=False),
    ],
    filters=[
        Filter("grade", _("Grade"), of(FindingGrade), field="grade"),
        Filter("state", _("State"), of(FindingState), field="state"),
        Filter("unit", _("Unit"), units_with(Finding), field="unit_id"),
        Filter("owner", _("Owner"), owners_of(Finding), field="owner_id"),
    ],
    search=("ref", "title", "statement"),
    related=("unit", "owner", "criterion__clause", "criterion__control"),
)
STANDING = (("open", _("Not closed")), ("overdue", _("Overdue")), ("reopened", _("Taken up more than once")))


def age(row: Nonconformity) -> int:
    """Days from detection to closing, or until today."""
    return int(((row.closed_on or asof.day()) - row.detected_on).days)


def _standing(rows: Any, values: list[str]) -> Any:
    chosen = {
        "open": rows.open,
        "overdue": lambda: rows.open().overdue(on=clock.today()),
        "reopened": lambda: rows.filter(round__gt=1),
    }
    keys = [pk for value in values for pk in chosen[value]().order_by().values_list("pk", flat=True)]
    return rows.filter(pk__in=keys)


NONCONFORMITIES = Table(
    kind="nonconformity",
    columns=[
        _title(_("Nonconformity")),
        GRADE,
        STATE,
        Column("breaks", _("Requirement"), lambda r: _against(r, r.breaks), lambda r: r.breaks),
        Column("source", _("Comes from"), lambda r: r.get_source_display(), sort="source"),
        Column("system", _("AI system"), *link("system")),
        Column("age", _("Days open"), age, numeric=True),
        DUE,
        *_common(unit=False),
        Column("detected_on", _("Detected on"), lambda r: r.detected_on, sort="detected_on", shown=False),
        Column("round", _("Round"), lambda r: r.round, sort="round", shown=False, numeric=True),
        Column("root_cause", _("Root cause"), lambda r: r.root_cause, shown=False),
        Column("closed_on", _("Closed on"), lambda r: r.closed_on, sort="closed_on", shown=False),
    ],
    filters=[
        Filter("grade", _("Grade"), of(Grade), field="grade"),
        Filter("state", _("State"), of(NcState), field="state"),
        Filter("source", _("Comes from"), of(NcSource), field="source"),
        Filter("unit", _("Unit"), units_with(Nonconformity), field="unit_id"),
        Filter("owner", _("Owner"), owners_of(Nonconformity), field="owner_id"),
        Filter("standing", _("Standing"), lambda user: STANDING, apply=_standing),
    ],
    search=("ref", "title", "requirement", "description", "root_cause"),
    related=("unit", "owner", "clause", "control"),
    sort="-detected_on",
)
CORRECTIVE_ACTIONS = Table(
    kind="corrective_action",
    columns=[
        _title(pgettext_lazy("corrective", "Action")),
        STATE,
        Column("nonconformity", _("Nonconformity"), *link("nonconformity")),
        DUE,
        Column("done_on", _("Done"), lambda r: r.done_on, sort="done_on"),
        *_common(),
        Column("result", _("What came of it"), lambda r: r.result, shown=False),
    ],
    filters=[
        Filter("state", _("State"), of(ActionState), field="state"),
        Filter("owner", _("Owner"), owners_of(CorrectiveAction), field="owner_id"),
        Filter("standing", _("Standing"), lambda user: OVERDUE, apply=_late),
    ],
    search=("ref", "title", "result"),
    sort="due_on",
)
IMPROVEMENTS = Table(
    kind="improvement",
    columns=[
        _title(_("Improvement")),
        STATE,
        Column("finding", _("Finding"), *link("finding")),
        Column("system", _("AI system"), *link("system")),
        DUE,
        *_common(),
        Column("idea", _("What could be better"), lambda r: r.idea, shown=False),
        Column("outcome", _("What came of it"), lambda r: r.outcome, shown=False),
    ],
    filters=[
        Filter("state", _("State"), of(ImprovementState), field="state"),
        Filter("owner", _("Owner"), owners_of(Improvement), field="owner_id"),
        Filter("standing", _("Standing"), lambda user: OVERDUE, apply=_late),
    ],
    search=("ref", "title", "idea", "outcome"),
    sort="due_on",
)
ENGAGEMENTS = Table(
    kind="engagement",
    columns=[
        _title(_("Engagement")),
        STATE,
        Column("firm", _("Body or firm"), lambda r: r.firm, sort="firm"),
        Column("role", _("As"), lambda r: r.get_role_display()),
        Column("starts_on", _("Access from"), lambda r: r.starts_on, sort="starts_on"),
        Column("ends_on", _("Access until"), lambda r: r.ends_on, sort="ends_on"),
        Column("audit", _("Audit"), *link("audit")),
        *_common(),
    ],
    filters=[Filter("state", _("State"), of(EngagementState), field="state")],
    search=("ref", "title", "firm"),
    sort="-starts_on",
)
CERTIFICATIONS = Table(
    kind="certification",
    columns=[
        _title(_("Certification")),
        STATE,
        Column("body", _("Certification body"), lambda r: r.body, sort="body"),
        Column("number", _("Certificate number"), lambda r: r.number),
        Column("issued_on", _("Issued on"), lambda r: r.issued_on, sort="issued_on"),
        Column("valid_until", _("Valid until"), lambda r: r.valid_until, sort="valid_until"),
        *_common(),
        Column("scope", _("Scope"), lambda r: r.scope, shown=False),
    ],
    filters=[Filter("state", _("State"), of(CertificateState), field="state")],
    search=("ref", "title", "body", "number"),
    sort="-updated_at",
)
LINKS = {
    "programme": (),
    "audit": ("programme",),
    "finding": ("audit", "system"),
    "nonconformity": ("system",),
    "corrective_action": ("nonconformity",),
    "improvement": ("finding", "system"),
    "engagement": ("audit",),
    "certification": (),
}
