"""A significant change of a system opens the next version of the Statement, with what is to be looked at again."""

from datetime import UTC, date, datetime

import pytest

from aims.models import Record
from aims.registry import registry
from controls import services
from controls.models import Control, SoaProposal, SoaVersion
from controls.reactions import CONCERNED
from inventory.facts import SignificantChange
from organization.states import Role
from tests.factories import person, unit
from tests.factories.controls import included, scope, statements, system

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def announce(found, *matters, by=None):
    record = Record.objects.get(pk=found.pk)
    registry.announce(SignificantChange(found, matters, "The model was replaced.", record, by, TODAY))


def test_only_controls_that_are_concerned_are_looked_at_again():
    manager, found = person(Role.AIMS_MANAGER), system()
    for number in ("A.6.2.4", "A.9.3"):
        included(number)
    announce(found, "model", "nothing", by=manager)
    (proposal,) = SoaProposal.objects.open()
    assert (proposal.statement.control.number, proposal.wanted, proposal.noted_by) == ("A.6.2.4", "review", manager)
    announce(found, "model", by=manager)
    assert SoaProposal.objects.open().count() == 1


def test_the_next_version_opens_by_itself():
    manager, board, found = person(Role.AIMS_MANAGER), person(Role.TOP_MANAGEMENT), system()
    for number, row in statements().items():
        values = {"applicability": "included", "justification": f"{number}: our prices must stay fair."}
        services.change_statement(row, by=manager, data=values, version=None)
    versions = SoaVersion.objects.of_scope(scope())
    when = {"at": datetime(2026, 3, 2, 9, 0, tzinfo=UTC), "on": TODAY, "version": None}
    services.submit_soa(versions.open().get(), by=manager, **when)
    services.approve_soa(versions.open().get(), by=board, reason="It fits.", **when)
    assert not versions.open().exists()
    announce(found, "supplier")
    second = versions.open().get()
    assert (second.number, second.opened_for) == (2, "The model was replaced.")
    assert {one.statement.control.number for one in second.proposals.open()} == set(CONCERNED["supplier"])


def test_without_a_scope_or_a_decided_control_nothing_happens():
    announce(system(unit()), "model")
    statements()
    announce(system(), "model")
    assert not SoaProposal.objects.exists()


def test_every_control_that_is_named_exists():
    numbers = {number for found in CONCERNED.values() for number in found}
    assert set(Control.objects.filter(number__in=numbers).values_list("number", flat=True)) == numbers
