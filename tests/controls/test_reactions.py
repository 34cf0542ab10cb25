"""A change of a system or of an obligation opens the next version, with what is to be looked at again."""

from datetime import UTC, date, datetime

import pytest

from aims.models import Record
from aims.registry import registry
from controls import services
from controls.models import Control, SoaProposal, SoaVersion, StatementBasis
from controls.reactions import CONCERNED
from inventory.facts import SignificantChange
from organization.services import commitments as verbs
from organization.states import Role
from tests.factories import commitments, person, unit
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


def resting_on(obligation, *numbers):
    for number in numbers:
        StatementBasis.objects.create(statement=included(number), record=Record.objects.get(pk=obligation.pk))


class TestObligation:
    def test_asking_something_else_asks_about_the_controls_that_rest_on_it(self):
        manager = person(Role.AIMS_MANAGER)
        one, other = commitments.obligation(by=manager), commitments.obligation(by=manager, title="Another")
        resting_on(one, "A.6.2.4", "A.9.3")
        resting_on(other, "A.8.5")
        verbs.change_obligation(
            one, by=manager, data={"asks": "Customers know it before they begin."}, reason="Amended"
        )
        found = SoaProposal.objects.open()
        assert {row.statement.control.number for row in found} == {"A.6.2.4", "A.9.3"}
        assert {(row.wanted, row.reason) for row in found} == {
            ("review", f"{one.ref} asks something else than before.")
        }

    def test_another_title_asks_nothing(self):
        manager = person(Role.AIMS_MANAGER)
        one = commitments.obligation(by=manager)
        resting_on(one, "A.6.2.4")
        verbs.change_obligation(one, by=manager, data={"title": "Told in other words", "asks": one.asks})
        assert not SoaProposal.objects.exists()

    def test_its_end_asks_too(self):
        manager = person(Role.AIMS_MANAGER)
        one = commitments.obligation(by=manager)
        resting_on(one, "A.6.2.4")
        verbs.end_obligation(one, by=manager, reason="Repealed", on=TODAY)
        (proposal,) = SoaProposal.objects.open()
        assert (proposal.reason, proposal.record_id) == (f"{one.ref} binds us no longer.", one.pk)
