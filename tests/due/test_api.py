"""Tasks through the API: what needs whoever asks, and what they may do with it."""

from datetime import timedelta

import pytest

from aims import reviews
from organization.services.tokens import issue_token
from tests.due.conftest import NOON
from tests.factories import person, unit

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.sample.urls")]
TODAY = NOON.date()
URL = "/api/v1/tasks/"


@pytest.fixture
def api(owner, api_of):
    return api_of(owner)


class TestReading:
    def test_ones_own_the_most_consequential_first(self, api, make, owner):
        now, late = make(title="Now"), make(-4, title="Late")
        foreign = make(title="Foreign", owner=person("reader", owner.unit))
        answer = api.get(URL).json()
        assert [one["id"] for one in answer["results"]] == [late.pk, now.pk]
        assert answer["count"] == 2
        first = answer["results"][0]
        assert (first["record"], first["days_late"], first["asks"]) == (
            late.record.ref,
            4,
            "Is this sample still right?",
        )
        assert api.get(f"{URL}{foreign.pk}/").json()["assignee"] == foreign.assignee.email

    def test_searched_and_limited(self, api, make):
        make(title="Pricing"), make(title="Fraud")
        assert [one["title"] for one in api.get(f"{URL}?q=frau").json()["results"]] == ["Fraud"]
        answer = api.get(f"{URL}?limit=1").json()
        assert (len(answer["results"]), answer["count"]) == (1, 2)

    @pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=201", "colour=red"])
    def test_unknown_is_refused_by_name(self, api, query):
        answer = api.get(f"{URL}?{query}")
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["pointer"] == "/" + query.split("=")[0]

    def test_put_off_is_not_listed_until_its_day(self, api, make, owner):
        reviews.snooze(make(), by=owner, until=TODAY + timedelta(days=3), reason="r", on=TODAY)
        assert api.get(URL).json()["results"] == []

    def test_what_one_does_not_see_is_not_there(self, make, api_of):
        task = make()
        assert api_of(person("reader", unit())).get(f"{URL}{task.pk}/").status_code == 404
        assert api_of().get(URL).status_code == 401

    def test_costs_the_same_for_one_and_for_many(self, api, make, queries):
        make()
        api.get(URL)
        one = queries(lambda: api.get(URL))
        make(), make()
        assert queries(lambda: api.get(URL)) == one


class TestActing:
    def test_completes_once(self, api, make):
        task = make()
        said = {"looked_at": "Model card", "outcome": "corrected"}
        answer = api.post(f"{URL}{task.pk}/complete/", said)
        assert answer.status_code == 200
        assert (answer.json()["state"], answer.json()["next_on"]) == ("done", str(TODAY + timedelta(days=90)))
        again = api.post(f"{URL}{task.pk}/complete/", said)
        assert (again.status_code, "Olga Owner" in again.json()["detail"]) == (409, True)

    def test_same_key_gives_the_same_answer(self, api, make):
        task, key = make(), {"HTTP_IDEMPOTENCY_KEY": "ticket-1"}
        first = api.post(f"{URL}{task.pk}/complete/", {"looked_at": "a"}, **key)
        again = api.post(f"{URL}{task.pk}/complete/", {"looked_at": "a"}, **key)
        assert (again.status_code, again["Idempotent-Replayed"]) == (200, "true")
        assert again.json() == first.json()

    def test_put_off_blocked_and_taken_up(self, api, make):
        task = make()
        until = str(TODAY + timedelta(days=3))
        assert api.post(f"{URL}{task.pk}/snooze/", {"until": until, "reason": "audit"}).json()["until"] == until
        assert api.post(f"{URL}{task.pk}/block/", {"reason": "vendor"}).json()["why"] == "vendor"
        assert api.post(f"{URL}{task.pk}/resume/").json()["state"] == "open"

    @pytest.mark.parametrize(
        ("verb", "body", "pointer"),
        [
            ("complete", {}, "/looked_at"),
            ("complete", {"looked_at": "a", "outcome": "guessed"}, "/outcome"),
            ("complete", {"looked_at": "a", "colour": "red"}, "/colour"),
            ("snooze", {"until": "2027-05-05", "reason": "r"}, "/until"),
            ("snooze", {"until": "tomorrow", "reason": "r"}, "/until"),
            ("block", {"reason": " "}, "/reason"),
            ("resume", {"reason": "r"}, "/reason"),
        ],
    )
    def test_bad_input_is_told_by_its_field(self, api, make, verb, body, pointer):
        answer = api.post(f"{URL}{make().pk}/{verb}/", body)
        assert answer.status_code == 400
        assert pointer in [one["pointer"] for one in answer.json()["errors"]]

    def test_only_by_whom_it_falls_to(self, make, owner, api_of):
        task = make()
        other = api_of(person("reader", owner.unit))
        assert other.post(f"{URL}{task.pk}/complete/", {"looked_at": "a"}).status_code == 403

    @pytest.mark.parametrize(("scopes", "status"), [(["read"], 403), (["read", "task.work"], 200)])
    def test_program_needs_the_scope_of_its_own(self, make, owner, api_of, scopes, status):
        lives = NOON + timedelta(days=9)
        _row, secret = issue_token(owner, by=owner, name="tickets", scopes=scopes, expires_at=lives, at=NOON)
        task, api = make(), api_of(token=secret)
        assert api.get(URL).json()["count"] == 1
        assert api.post(f"{URL}{task.pk}/complete/", {"looked_at": "a"}).status_code == status
