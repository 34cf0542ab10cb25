"""The one state that a decision and a status give; the database keeps the same rule."""

from itertools import product

import pytest
from django.db import IntegrityError, transaction

from controls.models import ControlStatement
from controls.states import (
    APPLICABILITY_TONES,
    STATE_TONES,
    STATUS_TONES,
    Applicability,
    StatementState,
    Status,
    state_of,
)
from tests.factories.controls import statement

POSSIBLE = [
    (Applicability.UNDECIDED, status, StatementState.UNDECIDED) for status in Status if status != Status.NOT_APPLICABLE
]
POSSIBLE += [(Applicability.INCLUDED, status, status.value) for status in Status if status != Status.NOT_APPLICABLE]
POSSIBLE += [(Applicability.EXCLUDED, Status.NOT_APPLICABLE, StatementState.EXCLUDED)]


@pytest.mark.parametrize(("applicability", "status", "state"), POSSIBLE)
def test_state_follows(applicability, status, state):
    assert state_of(applicability, status) == state


def test_every_choice_has_a_tone():
    assert set(APPLICABILITY_TONES) == set(Applicability)
    assert set(STATUS_TONES) == set(Status)
    assert set(STATE_TONES) == set(StatementState)


@pytest.mark.django_db
def test_the_database_takes_exactly_the_combinations_of_states():
    row = statement()
    ControlStatement.objects.filter(pk=row.pk).update(
        justification="x", owner=row.unit.people.first(), due_on="2026-01-01"
    )
    for applicability, status, state in product(Applicability, Status, StatementState):
        possible = (applicability, status, state) in POSSIBLE
        try:
            with transaction.atomic():
                ControlStatement.objects.filter(pk=row.pk).update(
                    applicability=applicability, status=status, state=state
                )
            taken = True
        except IntegrityError:
            taken = False
        assert taken == possible, (applicability, status, state)
