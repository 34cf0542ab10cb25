"""The registers of evidence and packs: one declaration each for page, exports and API."""

from datetime import timedelta
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as now_in
from django.utils.translation import gettext_lazy as _

from aims import asof
from aims.listing import Column, Filter, Table
from aims.ui import Badge
from evidence.consistency import LATE_DAYS
from evidence.models import Document, DocumentVersion, EvidenceItem, EvidenceLink, EvidencePack
from evidence.states import (
    DOCUMENT_TONES,
    EVIDENCE_TONES,
    FRESHNESS_TONES,
    PACK_TONES,
    REQUEST_TONES,
    VERSION_TONES,
    Audience,
    DocumentSort,
    DocumentState,
    EvidenceKind,
    EvidenceState,
    Freshness,
    PackState,
    RequestState,
)


def state_badge(item: EvidenceItem) -> Badge:
    return Badge(item.get_state_display(), EVIDENCE_TONES[item.state])


def freshness_badge(item: EvidenceItem) -> Badge | str:
    """How long current evidence still counts; nothing for what counts no more."""
    found = item.freshness(asof.day())
    return Badge(str(Freshness(found).label), FRESHNESS_TONES[found]) if found else ""


def standing_badge(item: EvidenceItem) -> Badge:
    """One badge for lists: the state, or for current evidence how fresh it is."""
    found = freshness_badge(item)
    return found if isinstance(found, Badge) else state_badge(item)


def form_badge(item: EvidenceItem) -> Badge:
    icons = {EvidenceKind.FILE: "file-text", EvidenceKind.LINK: "external-link", EvidenceKind.RESULT: "chart-line"}
    return Badge(item.get_form_display(), "neutral", icons[EvidenceKind(item.form)])


def result_badge(item: EvidenceItem) -> Badge | str:
    if item.passed is None:
        return ""
    return Badge(now_in("Threshold met"), "good") if item.passed else Badge(now_in("Threshold not met"), "bad")


def _by_freshness(rows: Any, values: list[str]) -> Any:
    return rows.standing(*values, on=asof.day())


def accepted_badge(item: EvidenceItem) -> Badge | str:
    """Whether somebody attested that it suffices."""
    return Badge(now_in("Accepted"), "good", "lock") if item.is_accepted else ""


def backdated_badge(item: EvidenceItem) -> Badge | str:
    """Whether it was received long after the day on which it is said to have been collected."""
    claimed = item.collected_on
    late = claimed is not None and claimed < timezone.localtime(item.received_at).date() - timedelta(days=LATE_DAYS)
    return Badge(now_in("Received late"), "warn", "clock-exclamation") if late else ""


def link_badge(link: EvidenceLink) -> Badge:
    """How fresh evidence is for one record, from `LinkQuerySet.with_freshness`."""
    found = link.freshness  # type: ignore[attr-defined]
    return Badge(str(Freshness(found).label), FRESHNESS_TONES[found])


def _units(user: Any) -> list[tuple[str, Any]]:
    return list(
        EvidenceItem.objects.visible_to(user).order_by("unit__name").values_list("unit_id", "unit__name").distinct()
    )


def _collectors(user: Any) -> list[tuple[str, Any]]:
    rows = EvidenceItem.objects.visible_to(user).order_by("collector__name")
    return list(rows.values_list("collector_id", "collector__name").distinct())


EVIDENCE_TABLE = Table(
    kind="evidence",
    columns=[
        Column("title", _("Evidence"), cell=lambda e: e.title, sort="title"),
        Column("ref", _("Reference"), cell=lambda e: e.ref, sort="id", shown=False),
        Column("form", _("Kind"), cell=form_badge, plain=lambda e: e.get_form_display(), sort="form"),
        Column("standing", _("Standing"), cell=standing_badge, plain=lambda e: standing_badge(e).label),
        Column("state", _("State"), cell=state_badge, plain=lambda e: e.get_state_display(), sort="state", shown=False),
        Column("proves", _("Proves"), cell=lambda e: e.proves, shown=False),
        Column("collector", _("Collected by"), cell=lambda e: e.collector, sort="collector__name"),
        Column("unit", _("Unit"), cell=lambda e: e.unit, sort="unit__name"),
        Column("owner", _("Owner"), cell=lambda e: e.owner, sort="owner__name", shown=False),
        Column("expires_on", _("Valid until"), cell=lambda e: e.expires_on, sort="expires_on"),
        Column("received_at", _("Received"), cell=lambda e: e.received_at, sort="received_at"),
        Column("period_from", _("Period from"), cell=lambda e: e.period_from, sort="period_from", shown=False),
        Column("period_to", _("Period to"), cell=lambda e: e.period_to, sort="period_to", shown=False),
        Column(
            "accepted",
            _("Accepted"),
            cell=accepted_badge,
            plain=lambda e: e.accepted_at,
            sort="accepted_at",
            shown=False,
        ),
        Column("passed", _("Result"), cell=result_badge, plain=lambda e: e.passed, shown=False),
        Column("file_name", _("File name"), cell=lambda e: e.file_name, shown=False),
        Column("url", _("Address"), cell=lambda e: e.url, shown=False),
        Column("digest", "SHA-256", cell=lambda e: e.blob_id or "", shown=False),
        Column("confidentiality", _("Confidentiality"), cell=lambda e: e.get_confidentiality_display(), shown=False),
        Column("updated_at", _("Changed"), cell=lambda e: e.updated_at, sort="updated_at", shown=False),
    ],
    filters=[
        Filter("kind", _("Kind"), lambda user: EvidenceKind.choices, field="form"),
        Filter("state", _("State"), lambda user: EvidenceState.choices, field="state"),
        Filter("freshness", _("Freshness"), lambda user: Freshness.choices, apply=_by_freshness),
        Filter("unit", _("Unit"), _units, field="unit_id"),
        Filter("collector", _("Collected by"), _collectors, field="collector_id"),
    ],
    search=("ref", "title", "proves", "file_name"),
    related=("unit", "owner", "collector", "blob"),
    sort="-received_at",
)


def pack_badge(pack: EvidencePack) -> Badge:
    return Badge(pack.get_state_display(), PACK_TONES[pack.state])


def _pack_size(pack: EvidencePack) -> str:
    return str(filesizeformat(pack.blob.size)) if pack.blob else ""


PACK_TABLE = Table(
    kind="pack",
    columns=[
        Column("title", _("Pack"), cell=lambda p: p.title, sort="title"),
        Column("ref", _("Reference"), cell=lambda p: p.ref, sort="id", shown=False),
        Column("state", _("State"), cell=pack_badge, plain=lambda p: p.get_state_display(), sort="state"),
        Column("at", _("Records as they stood"), cell=lambda p: p.at, sort="at"),
        Column("unit", _("Unit"), cell=lambda p: p.unit, sort="unit__name"),
        Column("asked_by", _("Asked by"), cell=lambda p: p.asked_by, sort="asked_by__name"),
        Column("pages", _("Pages"), cell=lambda p: p.pages, numeric=True),
        Column("size", _("Size"), cell=_pack_size, plain=lambda p: p.blob.size if p.blob else "", numeric=True),
        Column("digest", "SHA-256", cell=lambda p: p.blob_id or "", shown=False),
        Column("updated_at", _("Changed"), cell=lambda p: p.updated_at, sort="updated_at", shown=False),
    ],
    filters=[Filter("state", _("State"), lambda user: PackState.choices, field="state")],
    related=("unit", "owner", "asked_by", "blob", "job"),
    sort="-at",
)


REQUEST_TABLE = Table(
    kind="evidence_request",
    columns=[
        Column("title", _("Request"), cell=lambda r: r.title, sort="title"),
        Column("ref", _("Reference"), cell=lambda r: r.ref, sort="id", shown=False),
        Column("state", _("State"), cell=lambda r: Badge(r.get_state_display(), REQUEST_TONES[r.state]),
               plain=lambda r: r.get_state_display(), sort="state"),
        Column("record", _("For"), cell=lambda r: r.seen_record or "", plain=lambda r: getattr(r.seen_record, "ref", "")),
        Column("owner", _("Asked of"), cell=lambda r: r.owner, sort="owner__name"),
        Column("due_on", _("Needed by"), cell=lambda r: r.due_on, sort="due_on"),
        Column("every", _("Again"), cell=lambda r: str(r.every) if r.every else now_in("once")),
        Column("asked_by", _("Asked by"), cell=lambda r: r.asked_by, sort="asked_by__name", shown=False),
        Column("unit", _("Unit"), cell=lambda r: r.unit, sort="unit__name"),
        Column("wanted", _("What is wanted"), cell=lambda r: r.wanted, shown=False),
        Column("updated_at", _("Changed"), cell=lambda r: r.updated_at, sort="updated_at", shown=False),
    ],
    filters=[Filter("state", _("State"), lambda user: RequestState.choices, field="state")],
    search=("ref", "title", "wanted"),
    related=("unit", "owner", "asked_by"),
    sort="due_on",
)  # fmt: skip


def document_badge(document: Document) -> Badge:
    return Badge(document.get_state_display(), DOCUMENT_TONES[document.state])


def version_badge(version: DocumentVersion) -> Badge:
    return Badge(version.get_state_display(), VERSION_TONES[version.state])


def _current(document: Document) -> DocumentVersion | None:
    """The version in force, from `DocumentQuerySet.with_current`."""
    found: list[DocumentVersion] = document.current  # type: ignore[attr-defined]
    return found[0] if found else None


def _of_current(name: str) -> Any:
    return lambda document: getattr(_current(document), name, "")


def _document_units(user: Any) -> list[tuple[str, Any]]:
    return list(Document.objects.places(user).order_by("unit__name").values_list("unit_id", "unit__name").distinct())


DOCUMENT_TABLE = Table(
    kind="document",
    columns=[
        Column("title", _("Document"), cell=lambda d: d.title, sort="title"),
        Column("ref", _("Reference"), cell=lambda d: d.ref, sort="id", shown=False),
        Column("sort", _("Kind"), cell=lambda d: d.get_sort_display(), sort="sort"),
        Column("state", _("State"), cell=document_badge, plain=lambda d: d.get_state_display(), sort="state"),
        Column("number", _("Version"), cell=_of_current("number"), numeric=True),
        Column("effective_at", _("In force since"), cell=_of_current("effective_at")),
        Column("approved_by", _("Approved by"), cell=_of_current("approved_by"), shown=False),
        Column("digest", "SHA-256", cell=_of_current("sha256"), shown=False),
        Column("audience", _("Who reads it"), cell=lambda d: d.get_audience_display()),
        Column("owner", _("Owner"), cell=lambda d: d.owner, sort="owner__name"),
        Column("unit", _("Unit"), cell=lambda d: d.unit, sort="unit__name"),
        Column("due_on", _("Review due"), cell=lambda d: d.due_on, sort="due_on"),
        Column("source", _("Published by"), cell=lambda d: d.source, shown=False),
        Column("kept_years", _("Kept for years"), cell=lambda d: d.kept_years, numeric=True, shown=False),
        Column("confidentiality", _("Confidentiality"), cell=lambda d: d.get_confidentiality_display(), shown=False),
        Column("updated_at", _("Changed"), cell=lambda d: d.updated_at, sort="updated_at", shown=False),
    ],
    filters=[
        Filter("kind", _("Kind"), lambda user: DocumentSort.choices, field="sort"),
        Filter("state", _("State"), lambda user: DocumentState.choices, field="state"),
        Filter("audience", _("Who reads it"), lambda user: Audience.choices, field="audience"),
        Filter("unit", _("Unit"), _document_units, field="unit_id"),
    ],
    related=("unit", "owner"),
    sort="title",
)  # fmt: skip
