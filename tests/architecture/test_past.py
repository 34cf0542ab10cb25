"""What is said while the past is read is what held on that day."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import models

import audits.tables
import controls.tables
import impact.tables
import monitoring.tables
import risk.tables
from aims import asof, clock
from aims.models import Governed, Part
from aims.templatetags.kit import day
from aims.ui import Badge

CELLS = [one.due_cell for one in (audits.tables, controls.tables, impact.tables, monitoring.tables, risk.tables)]


@pytest.fixture
def due():
    """A day that passed ten days ago."""
    return clock.today() - timedelta(days=10)


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.__module__)
def test_a_date_is_late_by_the_day_that_is_read(db, cell, due):
    record = SimpleNamespace(due_on=due, state="open", late=lambda on: due < on)
    assert isinstance(cell(record), Badge)
    with asof.reading(clock.now() - timedelta(days=20)):
        assert cell(record) == due


def test_a_day_is_as_far_off_as_it_was(db, due):
    assert "10 days ago" in day(due, due=True) and " late" in day(due, due=True)
    with asof.reading(clock.now() - timedelta(days=20)):
        then = day(due, due=True)
    assert "in 10 days" in then and " late" not in then


def test_what_a_link_points_to_has_a_name_for_the_history():
    kinds = [model for model in apps.get_models() if issubclass(model, Governed | Part)]
    named = {f.related_model for kind in kinds for f in kind._meta.concrete_fields if f.is_relation}
    nameless = [one._meta.label for one in named if one and one.__str__ is models.Model.__str__]
    assert nameless == []
