"""The same through the API as on the page of cadences, with errors beside their field."""

import pytest

from aims.models import Cadence
from aims.rhythm import Every
from tests.due.conftest import source
from tests.factories import person, unit

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.sample.urls")]
PATH = "/api/v1/cadences/"


@pytest.fixture
def api(api_of):
    return api_of(person("aims_manager"))


def row(api, tier=""):
    rows = api.get(PATH).json()["results"]
    return next(one for one in rows if (one["kind"], one["tier"]) == ("sample", tier))


def named(answer):
    return {one["pointer"].strip("/") for one in answer.json()["errors"]}


def test_tells_what_comes_with_the_product(api):
    assert row(api) == {
        "kind": "sample", "tier": "", "number": 90, "period": "days", "changed": False, "ahead": source().ahead,
        "grace": source().grace, "deputy_after": source().deputy_after, "manager_after": source().manager_after,
        "committee_after": source().committee_after,
    }  # fmt: skip
    assert (row(api, "high")["number"], row(api, "high")["ahead"]) == (30, None)


def test_changes_what_is_given_and_goes_back(api):
    answer = api.post(f"{PATH}change/", {"kind": "sample", "number": 6, "period": "months", "reason": "Too often."})
    assert (answer.status_code, answer.json()) == (200, row(api))
    assert (answer.json()["changed"], Cadence.objects.get().every) == (True, Every(6, "months"))
    api.post(f"{PATH}change/", {"kind": "sample", "grace": 30, "reason": "Holidays."})
    assert (Cadence.objects.get().every, Cadence.objects.get().grace) == (Every(6, "months"), 30)
    back = api.post(f"{PATH}reset/", {"kind": "sample", "reason": "As it was."})
    assert (back.json()["number"], back.json()["changed"]) == (90, False)
    assert not Cadence.objects.exists()


@pytest.mark.parametrize(
    ("verb", "wrong"),
    [
        ("change", {"kind": "nothing"}),
        ("change", {"tier": "none"}),
        ("change", {"number": 0}),
        ("change", {"period": "moons"}),
        ("change", {"reason": ""}),
        ("change", {"ahead": 3, "tier": "high"}),
        ("change", {"other": 1}),
        ("reset", {"kind": "sample"}),
    ],
)
def test_bad_input_is_named(api, verb, wrong):
    answer = api.post(f"{PATH}{verb}/", {"kind": "sample", "reason": "So.", **wrong})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert next(iter(wrong)) in named(answer)
    assert not Cadence.objects.exists()


def test_a_kind_whose_own_form_sets_the_date_has_days_alone(api, sources):
    sources.due_sources.clear()
    sources.falls_due(source(rhythmic=False))
    assert row(api)["number"] is None
    refused = api.post(f"{PATH}change/", {"kind": "sample", "number": 3, "reason": "So."})
    assert named(refused) == {"number"}
    done = api.post(f"{PATH}change/", {"kind": "sample", "ahead": 3, "reason": "So."})
    assert (done.status_code, done.json()["ahead"]) == (200, 3)


def test_is_for_who_may_change_cadences(api_of):
    reader = api_of(person("reader", unit()))
    assert reader.get(PATH).status_code == 403
    assert reader.post(f"{PATH}change/", {"kind": "sample", "number": 1, "reason": "So."}).status_code == 403
    assert api_of(None).get(PATH).status_code == 401
