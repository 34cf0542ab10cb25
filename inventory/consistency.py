"""Rules of consistency about AI systems: versions, stages, what they are made of (clauses 8.1, A.4, A.6, A.10)."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, F, OuterRef, Window
from django.db.models.functions import Lag, TruncDate
from django.utils.translation import gettext_lazy as _

from aims.consistency import breaches
from aims.registry import Breach, Rule
from inventory.models import AISystem, ComponentUse, StageEntry, SystemVersion
from inventory.states import IN_USE, ComponentState, QualityState, SupplierState, SystemStage

# Systems that were in use before they were registered are assessed within so many days.
CATCH_UP_DAYS = 90

_LIVE = SystemVersion.objects.filter(live_from__isnull=False, live_until=None)


def without_version(on: date) -> Iterator[Breach]:
    """In use, and nobody knows in which version."""
    rows = AISystem.objects.filter(state__in=IN_USE).exclude(Exists(_LIVE.filter(system=OuterRef("pk"))))
    yield from breaches(rows.order_by("pk").values("live_since", record=F("pk")))


def version_recorded_late(on: date) -> Iterator[Breach]:
    """Put into use before it was recorded, by a system that was in the register already."""
    rows = SystemVersion.objects.annotate(recorded=TruncDate("created_at"), since=TruncDate("system__created_at"))
    rows = rows.filter(live_from__lt=F("recorded"), live_from__gt=F("since")).order_by("pk")
    yield from breaches(rows.values("number", "live_from", "recorded", record=F("system_id")))


def retired_and_live(on: date) -> Iterator[Breach]:
    rows = _LIVE.filter(system__state=SystemStage.RETIREMENT).order_by("pk")
    yield from breaches(rows.values("number", "live_from", "system__retired_on", record=F("system_id")))


def stages_out_of_order(on: date) -> Iterator[Breach]:
    """A step of the life cycle dated earlier than the step before it."""
    before = Window(Lag("since"), partition_by="system_id", order_by="pk")
    rows = StageEntry.objects.annotate(before=before).filter(since__lt=F("before"))
    for row in rows.order_by("pk").values("system_id", "stage", "since", "before"):
        facts = {"stage": str(SystemStage(row["stage"]).label), "since": row["since"], "before": row["before"]}
        yield Breach(row["system_id"], facts)


def supplier_ended(on: date) -> Iterator[Breach]:
    rows = AISystem.objects.filter(state__in=IN_USE, supplier__state=SupplierState.ENDED).order_by("pk")
    yield from breaches(rows.values("supplier__ref", "supplier_id", record=F("pk")), also=["supplier_id"])


def component_withdrawn(on: date) -> Iterator[Breach]:
    rows = ComponentUse.objects.filter(system__state__in=IN_USE, component__state=ComponentState.WITHDRAWN)
    values = rows.order_by("pk").values("component__ref", "component_id", record=F("system_id"))
    yield from breaches(values, also=["component_id"])


def data_unfit(on: date) -> Iterator[Breach]:
    """Data whose requirements are not met feeds a system in use."""
    rows = ComponentUse.objects.filter(system__state__in=IN_USE, component__quality_state=QualityState.NOT_MET)
    values = rows.order_by("pk").values("component__ref", "component_id", record=F("system_id"))
    yield from breaches(values, also=["component_id"])


RULES = (
    Rule(
        "system-without-version",
        _("Of a system in use the version is known."),
        _("In use since %(live_since)s, and no version is recorded as in use."),
        "A.6.2.5",
        without_version,
        verb="system.change",
    ),
    Rule(
        "version-recorded-late",
        _("A version is recorded before it is put into use."),
        _("Version %(number)s is in use from %(live_from)s and was recorded only on %(recorded)s."),
        "A.6.2.5",
        version_recorded_late,
        verb="system.change",
        question=True,
    ),
    Rule(
        "system-retired-and-live",
        _("Of a retired system no version is in use."),
        _("Retired on %(system__retired_on)s, and version %(number)s is still recorded as in use."),
        "A.6.2.6",
        retired_and_live,
        verb="system.change",
    ),
    Rule(
        "stages-out-of-order",
        _("Each step of the life cycle comes after the one before it."),
        _("“%(stage)s” is dated %(since)s, earlier than the step before it (%(before)s)."),
        "A.6.2.5",
        stages_out_of_order,
        verb="system.change",
    ),
    Rule(
        "supplier-ended",
        _("A system in use has a supplier that still delivers."),
        _("Its supplier %(supplier__ref)s has ended."),
        "A.10.3",
        supplier_ended,
        verb="system.change",
        form="change/",
    ),
    Rule(
        "component-withdrawn",
        _("A system in use is made of components that are in use."),
        _("It uses %(component__ref)s, which was withdrawn."),
        "A.4.2",
        component_withdrawn,
        verb="system.change",
    ),
    Rule(
        "data-unfit",
        _("Data that feeds a system in use meets its requirements."),
        _("It uses %(component__ref)s, whose quality requirements are not met."),
        "A.7.4",
        data_unfit,
        verb="component.change",
        question=True,
    ),
)
