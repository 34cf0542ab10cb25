"""Nonconformities over time: ageing, reopen rate, what came and went by month (9.3, 10.2)."""

from datetime import timedelta

import pytest
from django.utils.formats import date_format

from audits import services, trends
from organization.states import Role
from tests.factories import audits as make
from tests.factories import person, unit

pytestmark = pytest.mark.django_db


def judged(effective):
    """A nonconformity whose effect was judged on the first day on which it could be; closed where it worked."""
    row = make.awaiting()
    on = row.effect_from
    services.judge_effect(row, by=row.reviewer, on=on, effective=effective, findings="Three months of logs.")
    if effective:
        services.close_nonconformity(make.fresh(row), by=make.manager(), on=on, reason="It worked.")
    return on


def test_open_ones_are_told_by_age():
    for days in (0, 30, 31, 90, 91, 180, 181, 400):
        make.nonconformity(detected_on=make.soon(-days))
    found = trends.of(make.manager(), make.today())
    assert [number for _label, number in found.ages.rows] == [2, 2, 2, 2]
    assert (found.total, found.open, found.rate) == (8, 8, "–")


def test_the_reopen_rate_counts_those_that_were_judged():
    make.nonconformity()
    on = judged(effective=True)
    judged(effective=False)
    found = trends.of(make.manager(), on)
    assert (found.total, found.open, found.reopened, found.judged, found.rate) == (3, 2, 1, 2, "50 %")
    went = dict(found.went.rows)
    assert went.pop(date_format(on, "M Y")) == 1 and set(went.values()) == {0}
    assert dict(found.came.rows)[date_format(make.today(), "M Y")] == 3


def test_only_what_one_sees_is_counted():
    make.nonconformity()
    assert trends.of(person(Role.AIMS_MANAGER, unit()), make.today()).total == 0


def test_the_past_is_read_as_it_was(client_of):
    row = make.nonconformity()
    client = client_of(make.manager())
    assert client.get("/nonconformities/trend/").context["trend"].total == 1
    then = client.get(f"/nonconformities/trend/?as_of={make.today() - timedelta(days=1)}")
    assert then.context["trend"].total == 0 and row.ref not in then.content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_the_trend_costs_the_same_however_many(many, queries):
    who = make.manager()
    for _number in range(many):
        make.nonconformity()
    trends.of(who, make.today())
    assert queries(lambda: trends.of(who, make.today())) == 4
