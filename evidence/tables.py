"""The registers of evidence and packs: one declaration each for page, exports and API."""

from functools import reduce
from operator import or_
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as now_in
from django.utils.translation import gettext_lazy as _

from aims import clock
from aims.listing import Column, Filter, Table
from aims.ui import Badge
from evidence.models import EvidenceItem, EvidencePack
from evidence.states import EVIDENCE_TONES, PACK_TONES, EvidenceKind, EvidenceState, PackState

FRESHNESS = [("fresh", _("Fresh")), ("due", _("Due soon")), ("expired", _("Expired"))]
_FRESH_TONES: dict[str, Any] = {"fresh": "good", "due": "warn", "expired": "bad"}


def state_badge(item: EvidenceItem) -> Badge:
    return Badge(item.get_state_display(), EVIDENCE_TONES[item.state])


def freshness_badge(item: EvidenceItem) -> Badge | str:
    """How long current evidence still counts; nothing for what counts no more."""
    found = item.freshness(clock.today())
    return Badge(str(dict(FRESHNESS)[found]), _FRESH_TONES[found]) if found else ""


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
    today = clock.today()
    return reduce(or_, (getattr(rows, value)(on=today) for value in values))


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
        Filter("freshness", _("Freshness"), lambda user: FRESHNESS, apply=_by_freshness),
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
