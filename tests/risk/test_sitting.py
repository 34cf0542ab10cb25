"""The sitting: many acceptances at once, each recorded singly; the acceptable band as a yearly list."""

import pytest

from aims.models import Decision
from organization.states import Role
from risk.models import Acceptance
from tests.factories import person
from tests.factories import risk as make
from tests.organization.test_commitments import queries
from tests.risk.test_journeys import acceptance, confirmed

pytestmark = pytest.mark.django_db


def refs(page, path="/risks/sitting/"):
    return [risk.ref for risk, _held, _level in page.get(path).context["rows"]]


def test_the_band_is_decided_on_without_a_plan(client_of):
    low, treated = make.assessed(ratings=make.LOW), make.treated(ratings=make.MEDIUM)
    chief = confirmed(client_of(make.manager()))
    assert set(refs(chief)) == {low.ref, treated.ref}
    assert refs(chief, "/risks/sitting/?band=acceptable") == [low.ref]


def test_each_is_recorded_singly_and_a_stale_one_does_not_hold_the_others_back(client_of):
    one, two = make.assessed(ratings=make.LOW), make.assessed(ratings=make.LOW)
    chief = confirmed(client_of(make.manager()))
    given = acceptance(risks=[f"{one.ref}:{one.version}", f"{two.ref}:{two.version}"])
    make.assess(two, likelihood=1, organization=1, individual=1)
    stale = chief.post("/risks/sitting/?band=acceptable", given)
    assert stale.status_code == 400  # what was ticked is no longer as it was shown
    given["risks"] = [f"{row.ref}:{make.fresh(row).version}" for row in (one, two)]
    done = chief.post("/risks/sitting/?band=acceptable", given)
    assert (done.status_code, done["Location"]) == (302, "/risks/sitting/?band=acceptable")
    assert Acceptance.objects.count() == Decision.objects.filter(sort="risk_acceptance").count() == 2


@pytest.mark.parametrize("wrong", [{"until": ""}, {"until": "2001-01-01"}, {"reason": ""}, {"risks": []}])
def test_bad_input_is_told_and_nothing_is_lost(client_of, wrong):
    row = make.assessed(ratings=make.LOW)
    chief = confirmed(client_of(make.manager()))
    answer = chief.post("/risks/sitting/", {**acceptance(risks=[f"{row.ref}:{row.version}"]), **wrong}, follow=True)
    assert not Acceptance.objects.exists()
    assert answer.status_code in (200, 400)


def test_is_for_who_may_accept(client_of):
    assert confirmed(client_of(person(Role.READER))).get("/risks/sitting/").status_code == 403
    assert client_of(make.manager()).get("/risks/sitting/").status_code == 302


def test_queries_do_not_grow(client_of):
    make.assessed(ratings=make.LOW)
    chief = confirmed(client_of(make.manager()))
    chief.get("/risks/sitting/")
    before = queries(chief, "/risks/sitting/")
    for _ in range(2):
        make.assessed(ratings=make.LOW)
    assert queries(chief, "/risks/sitting/") == before
