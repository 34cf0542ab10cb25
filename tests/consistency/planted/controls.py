"""Faults of control statements: what is said to work and is not shown."""

from typing import Any

from aims.models import Record
from controls.consistency import BEFORE_DAYS
from evidence import services
from tests.consistency.planted.days import day, set_fields
from tests.factories.controls import included, statement, statements
from tests.factories.evidence import keeper, link_evidence


def shown(row: Any, **said: Any) -> Any:
    """The statement with evidence that says so."""
    by = keeper()
    services.link_evidence(link_evidence(by, **said), by=by, record=Record.objects.get(pk=row.pk))
    return row


def implemented() -> Any:
    """A control of which nothing is stated yet, said to be implemented."""
    undecided = [number for number, row in statements().items() if row.state == "undecided"]
    return included(undecided[0], status="implemented", implementation="As the policy says")


def excluded() -> Any:
    return statement(
        "A.10.4", applicability="excluded", justification="Nobody does that here.", status="not_applicable"
    )


def shown_once() -> Any:
    return shown(implemented(), collected_on=day(-20), expires_on=day(-1))


def shown_today() -> Any:
    return shown(implemented(), collected_on=day(0), expires_on=day(0))


def shown_long_before() -> Any:
    return shown(implemented(), collected_on=day(-BEFORE_DAYS - 1))


def shown_before() -> Any:
    return shown(implemented(), collected_on=day(-BEFORE_DAYS))


def reviewed_tomorrow() -> Any:
    return set_fields(implemented(), last_reviewed_on=day(1))


def reviewed_today() -> Any:
    return set_fields(implemented(), last_reviewed_on=day(0))


def excluded_and_shown() -> Any:
    return shown(excluded())


PLANTS = {
    "control-without-evidence": (implemented, shown_today),
    "control-evidence-expired": (shown_once, shown_today),
    "control-evidence-of-another-time": (shown_long_before, shown_before),
    "statement-reviewed-in-future": (reviewed_tomorrow, reviewed_today),
    "control-excluded-with-evidence": (excluded_and_shown, excluded),
}
