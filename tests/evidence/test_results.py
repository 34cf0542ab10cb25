"""Measured results: what is taken, what is refused, and whether the threshold is met."""

import pytest
from django.core.exceptions import ValidationError

from evidence import results

GOOD = {"metric": "Recall", "value": 0.91, "comparator": ">=", "threshold": 0.9}


def test_whole_result_is_kept_in_one_shape():
    given = {**GOOD, "unit": " % ", "measured_on": "2026-03-31", "groups": [{"group": "DE", "value": 1}]}
    made = results.checked(given)
    assert made == {
        "metric": "Recall", "unit": "%", "model_version": "", "data_set": "", "value": 0.91, "threshold": 0.9,
        "comparator": ">=", "measured_on": "2026-03-31", "groups": [{"group": "DE", "value": 1}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "comparator", "met"), [(0.9, ">=", True), (0.89, ">=", False), (0.9, "<=", True), (0.91, "<=", False)]
)
def test_threshold_itself_meets(value, comparator, met):
    assert results.meets({"value": value, "comparator": comparator, "threshold": 0.9}) is met


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"metric": ""}, "metric"),
        ({"value": None}, "value"),
        ({"value": "1"}, "value"),
        ({"value": True}, "value"),
        ({"value": float("nan")}, "value"),
        ({"threshold": float("inf")}, "threshold"),
        ({"comparator": "=="}, "comparator"),
        ({"unit": "x" * 41}, "unit"),
        ({"metric": ["a"]}, "metric"),
        ({"metric": "a\x00b"}, "metric"),
        ({"measured_on": "31.3.2026"}, "measured_on"),
        ({"measured_on": 5}, "measured_on"),
        ({"groups": "DE"}, "groups"),
        ({"groups": [{"group": "DE"}]}, "groups"),
        ({"groups": [{"group": "", "value": 1}]}, "groups"),
        ({"groups": [{"group": "DE", "value": "1"}]}, "value"),
        ({"groups": [{"group": "DE", "value": 1}] * 501}, "groups"),
        ({"passed": True}, "passed"),
    ],
)
def test_nonsense_is_refused_and_named(change, says):
    with pytest.raises(ValidationError) as refused:
        results.checked({**GOOD, **change})
    assert list(refused.value.message_dict) == ["result"]
    assert says in refused.value.message_dict["result"][0]


@pytest.mark.parametrize("given", [None, [], "text", 3])
def test_what_is_no_object_is_refused(given):
    with pytest.raises(ValidationError):
        results.checked(given)
