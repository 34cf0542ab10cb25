"""AC-03, the part of risk: what a treatment names as necessary is not excluded."""

import pytest

from aims.services import unmet_checks
from controls.models import Control
from risk import services
from tests.factories import risk as make
from tests.factories import root_unit, unit

pytestmark = pytest.mark.django_db


def unmet(statement):
    return [one for one in unmet_checks(statement, "statement", "exclude") if one["id"] == "treatment_needs_it"]


@pytest.fixture
def control(db):
    return Control.objects.order_by("position").first()


class Stated:
    """A statement about a control in a unit, as far as the check reads it."""

    def __init__(self, control, where):
        self.control, self.control_id, self.unit_id = control, control.pk, where.pk


def test_refused_with_a_link_to_the_treatment(control):
    row = make.assessed()
    make.plan(row, controls=[control])
    (missing,) = unmet(Stated(control, root_unit()))
    assert row.ref in missing["sentence"]
    assert missing["url"] == f"{row.get_absolute_url()}#plan"


def test_free_elsewhere_and_once_the_plan_is_gone(control):
    row = make.assessed(ratings=make.LOW)
    make.plan(row, controls=[control], actions=0)
    assert not unmet(Stated(control, unit()))
    make.approve(row, approved=False)
    assert not unmet(Stated(control, root_unit()))


def test_free_once_the_risk_is_closed(control):
    row = make.assessed()
    make.plan(row, controls=[control])
    make.approve(row)
    row = make.done(make.fresh(row))
    make.verify(row)
    make.accept(make.fresh(row))
    services.close_risk(make.fresh(row), by=row.owner, reason="Done.", on=make.today())
    assert not unmet(Stated(control, root_unit()))
