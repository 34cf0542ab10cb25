"""Faults of risks: what came before what it must come after."""

from typing import Any

from inventory.consistency import CATCH_UP_DAYS
from risk import services
from tests.consistency.planted.days import day, days_ago, set_fields
from tests.factories import risk as make
from tests.factories.inventory import system


def unassessed() -> Any:
    with days_ago(CATCH_UP_DAYS + 1):
        return system(stage="operation_monitoring")


def taken_over() -> Any:
    """In use since long, in the register since yesterday."""
    with days_ago(1):
        return system(stage="operation_monitoring")


def over() -> Any:
    with days_ago(400):
        return make.accepted()


def still_accepted() -> Any:
    return make.accepted()


def accepted_early() -> Any:
    with days_ago(5):
        row = make.accepted()
        held = row.acceptance
    make.assess(row)
    return set_fields(make.fresh(row), acceptance=held)


def accepted_again() -> Any:
    with days_ago(5):
        row = make.accepted()
    make.assess(row, **make.MEDIUM)
    make.accept(make.fresh(row))
    return row


def done_early() -> Any:
    row = make.treated()
    action = row.actions.get()
    services.complete_action(action, by=action.owner, on=day(-3), result="Done.")
    return action


def done_that_day() -> Any:
    return make.done(make.treated())


def verified_early() -> Any:
    row = make.done(make.treated())
    with days_ago(3):
        make.verify(row)
    return row


def verified_that_day() -> Any:
    return make.verified()


def rated_early() -> Any:
    make.criteria()
    row = make.risk()
    with days_ago(3):
        make.assess(row)
    return row


def rated_later() -> Any:
    with days_ago(3):
        make.in_force()
    return make.assessed()


def intolerable() -> Any:
    return make.assessed(system=system(stage="operation_monitoring"), ratings=WORST)


def intolerable_in_design() -> Any:
    return make.assessed(system=system(), ratings=WORST)


WORST = {"likelihood": 5, "individual": 5}


def unverified() -> Any:
    with days_ago(CATCH_UP_DAYS + 1):
        return make.done(make.treated())


def not_yet_verified() -> Any:
    with days_ago(CATCH_UP_DAYS - 1):
        return make.done(make.treated())


PLANTS = {
    "assessed-before-use": (unassessed, taken_over),
    "acceptance-over": (over, still_accepted),
    "accepted-before-assessed": (accepted_early, accepted_again),
    "done-before-approved": (done_early, done_that_day),
    "verified-before-done": (verified_early, verified_that_day),
    "criteria-later": (rated_early, rated_later),
    "unacceptable-in-use": (intolerable, intolerable_in_design),
    "treatment-never-verified": (unverified, not_yet_verified),
}
