"""Evidence of some controls counts for fewer days than that of others; a statement may say otherwise."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from aims.readiness import stock_of
from aims.trail import recording
from controls import lints, services, sheets
from controls.conditions import shown
from controls.freshness import standing_of, with_days
from controls.models import Control, ControlStatement
from organization.states import Role
from tests.controls.making import evidence
from tests.factories import person
from tests.factories.controls import included

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)
BEFORE = TODAY - timedelta(days=100)


def fresh(row):
    return with_days(ControlStatement.objects.filter(pk=row.pk), on=TODAY).get().evidence_freshness


def test_what_changes_fast_is_shown_more_often():
    found = dict(Control.objects.exclude(evidence_days=365).values_list("number", "evidence_days"))
    assert found == {"A.4.2": 90, "A.6.2.6": 90, "A.6.2.8": 90}


def test_each_control_has_days_of_its_own():
    policy, monitoring = included("A.2.2", status="implemented"), included("A.6.2.6", status="implemented")
    for row in (policy, monitoring):
        evidence(row, collected_on=BEFORE)
    assert (fresh(policy), fresh(monitoring)) == ("fresh", "expired")


def test_a_statement_says_otherwise():
    manager = person(Role.AIMS_MANAGER)
    row = included("A.6.2.6", status="implemented")
    evidence(row, collected_on=BEFORE)
    row = services.change_statement(row, by=manager, data={"evidence_days": 120}, version=None)
    assert (row.counts_for, fresh(row)) == (120, "due")
    row = services.change_statement(row, by=manager, data={"evidence_days": None}, version=None)
    assert (row.counts_for, fresh(row)) == (90, "expired")


def test_lints_answer_sheets_and_readiness_count_alike():
    row, manager = included("A.6.2.6", status="implemented"), person(Role.AIMS_MANAGER)
    item = evidence(row, collected_on=BEFORE)
    found = lints.findings(lints.draft_of(row.scope, manager, TODAY))
    assert "expired" in {one.id for one in found if one.statement == row.pk}
    gaps = [gap.sentence for gap in sheets.gaps_of(row, [item], TODAY)]
    assert "All its evidence ran out." in gaps
    assert sheets.freshness_badge(item, TODAY, row.counts_for).label == "Ran out"
    assert not shown(stock_of(manager, TODAY)).met


def test_what_a_person_does_not_see_makes_nothing_fresh():
    row = included("A.2.2")
    evidence(row, collected_on=TODAY, confidentiality="restricted")
    assert standing_of(row, person(Role.READER), TODAY) == (None, None)
    badge, until = standing_of(row, person(Role.AIMS_MANAGER), TODAY)
    assert (str(badge.label), until) == ("Fresh", TODAY + timedelta(days=365))


@pytest.mark.parametrize("days", [0, 3661])
def test_the_database_keeps_days_sane(days):
    row = included("A.2.2")
    for model, key, rule in ((ControlStatement, row.pk, "statement"), (Control, row.control_id, "control")):
        with (
            pytest.raises(IntegrityError, match=f"{rule}_evidence_days"),
            transaction.atomic(),
            recording(None, "test"),
        ):
            model.objects.filter(pk=key).update(evidence_days=days)


def test_the_page_of_a_statement_says_it(client_of):
    row = included("A.6.2.6", status="implemented")
    evidence(row, collected_on=date(2020, 1, 1))
    browser = client_of(person(Role.AIMS_MANAGER))
    page = browser.get(row.get_absolute_url()).content.decode()
    assert "It counts for 90 days." in page
    form = browser.get(f"{row.get_absolute_url()}change/").content.decode()
    assert "Empty: 90, as is usual for this control." in form
