"""Faults of AI systems: versions, stages, suppliers and components that do not fit."""

from typing import Any

from inventory import services
from inventory.models import StageEntry
from tests.consistency.planted.days import day, days_ago, set_fields
from tests.factories.inventory import component, manager, open_gate, supplier, system, version


def running(**fields: Any) -> Any:
    """A system in use with a version in use."""
    found = system(stage="operation_monitoring", **fields)
    return released(found, 0)


def released(found: Any, since: int) -> Any:
    """The system with a version recorded now, in use since that day."""
    services.release_version(version(found), by=manager(), on=day(0), live_from=day(since))
    return found


def unversioned() -> Any:
    return system(stage="operation_monitoring")


def recorded_late() -> Any:
    with days_ago(60):
        found = system(stage="operation_monitoring")
    return released(found, -10)


def taken_over() -> Any:
    """Version and system were recorded together, when the register began."""
    found = system(stage="operation_monitoring")
    return released(found, -10)


def retired_live() -> Any:
    found = retired()
    set_fields(found.versions.get(), live_until=None)
    return found


def retired() -> Any:
    open_gate()
    found = running(retirement_plan="Switch it off, keep its log")
    return services.retire_system(found, by=manager(), reason="Replaced", on=day(0))


def disordered() -> Any:
    found = ordered()
    set_fields(StageEntry.objects.filter(system=found).first(), since=day(-400))
    return found


def ordered() -> Any:
    open_gate()
    return services.move_stage(system(), by=manager(), stage="design_development", on=day(0), reason="Begun")


def unsupplied() -> Any:
    found = running(third_party=True, supplier=supplier(), vendor_product="Ranker")
    set_fields(found.supplier, state="ended")
    return found


def not_yet_supplied() -> Any:
    """Its supplier ended, and it is not in use."""
    found = system(third_party=True, supplier=supplier(), vendor_product="Ranker")
    set_fields(found.supplier, state="ended")
    return found


def made_of_withdrawn() -> Any:
    found = running()
    set_fields(component(found), state="withdrawn")
    return found


def to_be_made_of_withdrawn() -> Any:
    found = system()
    set_fields(component(found), state="withdrawn")
    return found


def fed_unfit() -> Any:
    found = running()
    component(found, quality_state="not_met")
    return found


def fed_partly_fit() -> Any:
    found = running()
    component(found, quality_state="partly_met")
    return found


PLANTS = {
    "system-without-version": (unversioned, running),
    "version-recorded-late": (recorded_late, taken_over),
    "system-retired-and-live": (retired_live, retired),
    "stages-out-of-order": (disordered, ordered),
    "supplier-ended": (unsupplied, not_yet_supplied),
    "component-withdrawn": (made_of_withdrawn, to_be_made_of_withdrawn),
    "data-unfit": (fed_unfit, fed_partly_fit),
}
