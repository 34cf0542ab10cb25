"""The sitting: many acceptances at once, each recorded singly; the acceptable band as a yearly list."""

import pytest

from aims.models import Decision
from organization.states import Role
from risk.models import Acceptance
from tests.factories import person, unit
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


@pytest.mark.parametrize("path", ["/risks/sitting/", "/api/v1/risks/sitting/"])
def test_queries_do_not_grow(client_of, path):
    make.assessed(ratings=make.LOW)
    chief = confirmed(client_of(make.manager()))
    chief.get(path)
    before = queries(chief, path)
    for _ in range(2):
        make.assessed(ratings=make.LOW)
    assert queries(chief, path) == before


class TestByProgram:
    """The same by API: a person's session, for a token decides nothing."""

    path = "/api/v1/risks/sitting/"

    def body(self, *rows, **more):
        named = [{"risk": row.ref, "version": row.version} for row in rows]
        return {"risks": named, "reason": "What is left is small.", "until": make.soon(300).isoformat(), **more}

    def test_lists_what_waits_gravest_first(self, api_of):
        low, medium = make.assessed(ratings=make.LOW), make.treated(ratings=make.MEDIUM)
        make.assessed()  # high, without a plan
        answer = confirmed(api_of(make.manager())).get(self.path)
        assert [row["ref"] for row in answer.json()["results"]] == [medium.ref, low.ref]

    def test_each_is_recorded_singly_and_a_refused_one_says_why(self, api_of):
        one, two = make.assessed(ratings=make.LOW), make.assessed(ratings=make.LOW)
        high = make.assessed()
        given = self.body(one, two, high)
        make.assess(two, likelihood=1, organization=1, individual=1)
        answer = confirmed(api_of(make.manager())).post(self.path, given)
        assert answer.status_code == 200
        told = {row["risk"]: (row["accepted"], bool(row["refusal"])) for row in answer.json()["results"]}
        assert told == {one.ref: (True, False), two.ref: (False, True), high.ref: (False, True)}
        assert list(Acceptance.objects.values_list("risk__ref", flat=True)) == [one.ref]

    @pytest.mark.parametrize("wrong", [{"until": "soon"}, {"reason": ""}, {"risks": []}, {"other": 1}])
    def test_bad_input_is_named(self, api_of, wrong):
        row = make.assessed(ratings=make.LOW)
        answer = confirmed(api_of(make.manager())).post(self.path, self.body(row, **wrong))
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
        assert next(iter(wrong)) in answer.content.decode()
        assert not Acceptance.objects.exists()

    def test_a_risk_that_does_not_show_is_not_named(self, api_of):
        chief = confirmed(api_of(make.manager(unit=unit())))
        hidden = make.assessed(ratings=make.LOW, unit=unit())
        answer = chief.post(self.path, self.body(hidden))
        assert answer.status_code == 400
        assert hidden.title not in answer.content.decode()

    def test_is_for_who_may_accept(self, api_of):
        assert confirmed(api_of(person(Role.READER))).get(self.path).status_code == 403
        assert api_of(make.manager()).post(self.path, self.body(make.assessed(ratings=make.LOW))).status_code == 401
