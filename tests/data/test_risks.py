"""The demo organization's risks and the starter library: ratings, authority and links hold."""

from itertools import pairwise
from typing import Any

import pytest

from tests.data.story import (
    active,
    by_control,
    catalogue,
    evidence_by_key,
    history,
    ids,
    moment,
    owned_throughout,
    people,
    read,
    roles,
    systems,
    units,
)

DIMENSIONS = ("organization", "individual", "group", "society")
CONTROLS = {row["id"] for row in catalogue["controls"]}
SOURCES = {row["id"] for row in catalogue["risk_sources"]}
OBJECTIVES = {row["id"] for row in catalogue["objectives"]}

library = read("risk/data/library.yaml")
file = read("risk/data/demo/risks.yaml")
criteria = {row["key"]: row for row in file["criteria"]}
risks = {row["key"]: row for row in file["risks"]}


def level(ratings: Any, version: str) -> str:
    """The level of a rating by the criteria version in force."""
    score = ratings["likelihood"] * max(ratings[name] or 0 for name in DIMENSIONS)
    found = [row["id"] for row in criteria[version]["levels"] if row["from"] <= score <= row["to"]]
    assert len(found) == 1, score
    return str(found[0])


def in_force(day: int) -> str:
    return max((row["approved"]["day"], key) for key, row in criteria.items() if row["approved"]["day"] <= day)[1]


def may_own(person: str, row: Any, act: Any) -> bool:
    return bool(roles(person, row["unit"], moment(act)) & {"risk_owner", "aims_manager"})


# --- library -------------------------------------------------------------------------------------------------------


def test_library_rows_are_complete_and_link_to_the_catalogue() -> None:
    profiles = {row["id"] for row in library["profiles"]}
    assert len(library["library"]) >= 40
    for row in library["library"]:
        assert all(row[name] for name in ("title", "cause", "event", "consequence", "measures")), row["id"]
        assert set(row["controls"]) <= CONTROLS, row["id"]
        assert set(row["sources"]) <= SOURCES, row["id"]
        assert set(row["objectives"]) <= OBJECTIVES, row["id"]
        assert set(row["dimensions"]) <= set(DIMENSIONS), row["id"]
        assert set(row["systems"]) <= profiles, row["id"]
    assert len({row["id"] for row in library["library"]}) == len(library["library"])


def test_library_fills_text_never_a_rating() -> None:
    for row in library["library"]:
        assert not set(row) & {"likelihood", "level", "rating", "organization"}, row["id"]


def test_every_profile_and_source_has_library_rows() -> None:
    for row in library["profiles"]:
        assert any(row["id"] in risk["systems"] for risk in library["library"]), row["id"]
    assert {source for risk in library["library"] for source in risk["sources"]} == SOURCES


# --- criteria ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", criteria)
def test_criteria_rate_every_score_and_leave_the_top_to_nobody(key: str) -> None:
    row = criteria[key]
    for scale in (row["likelihood"], *(row["consequence"][name] for name in DIMENSIONS)):
        assert [step["rating"] for step in scale] == [1, 2, 3, 4, 5]
        assert all(step["definition"] for step in scale)
    for likelihood in range(1, 6):
        for consequence in range(1, 6):
            assert level(dict.fromkeys(DIMENSIONS, consequence) | {"likelihood": likelihood}, key)
    for lower, upper in pairwise(row["levels"]):
        assert lower["to"] < upper["from"]
    assert row["authority"]["unacceptable"] == []
    assert row["approved"]["by"] != row["by"]


# --- risks ---------------------------------------------------------------------------------------------------------


def test_forty_risks_of_which_one_is_an_opportunity() -> None:
    assert len(risks) == 40
    assert [key for key, row in risks.items() if row["kind"] == "opportunity"] == ["r-price-waste"]
    reached = {key for row in risks.values() for _, state in history(row, row["changes"]) for key in state["systems"]}
    assert reached == set(systems)


@pytest.mark.parametrize("key", risks)
def test_risk_is_told_and_owned(key: str) -> None:
    row = risks[key]
    assert all(row[name] for name in ("title", "cause", "event", "consequence", "existing_controls", "review_due"))
    assert set(row["sources"]) <= SOURCES
    assert set(row["objectives"]) <= OBJECTIVES
    assert row["stage"] in ids("stages")
    assert row["unit"] in units
    assert may_own(row["by"], row, row)
    assert owned_throughout(row, row["changes"])
    for when, state in history(row, row["changes"]):
        assert all(moment(systems[system]["register"]) <= when for system in state["systems"])


@pytest.mark.parametrize("key", risks)
def test_assessments_rate_every_dimension_or_reason_it_away(key: str) -> None:
    row = risks[key]
    assert 1 <= len(row["assessments"]) <= 4
    last = moment(row)
    for one in row["assessments"]:
        assert moment(one) > last
        last = moment(one)
        assert one["criteria"] == in_force(one["day"])
        assert one["by"] in one["assessors"]
        assert may_own(one["by"], row, one)
        assert all(active(person, moment(one)) for person in one["assessors"])
        assert one["likelihood_reason"]
        for name in DIMENSIONS:
            assert one[name] in (1, 2, 3, 4, 5) or one["reasons"].get(name), (one["day"], name)
        assert level(one, one["criteria"])


@pytest.mark.parametrize("key", [key for key, row in risks.items() if row["treatment"]])
def test_treatment_is_decided_by_others_and_links_to_what_exists(key: str) -> None:
    row = risks[key]
    plan = row["treatment"]
    assert may_own(plan["by"], row, plan)
    assert plan["day"] >= row["day"]
    assert set(plan["controls"]) <= CONTROLS
    for control in plan["controls"]:
        assert key in by_control[control]["risks"]
        states = [state for when, state in history(by_control[control], by_control[control]["changes"])
                  if when[0] <= max(plan["day"], by_control[control]["day"])]  # fmt: skip
        assert states[-1]["applicable"], control
    if plan["approved"]:
        assert plan["approved"]["day"] >= plan["day"]
        assert plan["approved"]["by"] != plan["by"]
        assert roles(plan["approved"]["by"], row["unit"], moment(plan["approved"])) & {"approver", "top_management"}
    for action in plan["actions"]:
        assert action["owner"] in people
        assert active(action["owner"], moment(plan))
        assert action["done_on"] is None or plan["day"] <= action["done_on"] < 0
        assert set(action["evidence"]) <= set(evidence_by_key)
    if plan["verified"]:
        assert plan["verified"]["by"] not in {action["owner"] for action in plan["actions"]}
        finished = [action["done_on"] for action in plan["actions"] if action["done_on"] is not None]
        assert plan["verified"]["day"] > max(finished)


@pytest.mark.parametrize("key", [key for key, row in risks.items() if row["acceptance"]])
def test_acceptance_is_within_authority_and_not_by_assessor_or_sole_doer(key: str) -> None:
    row = risks[key]
    accepted = row["acceptance"]
    verified = (row["treatment"] or {}).get("verified")
    rated = verified if verified and verified["day"] > row["assessments"][-1]["day"] else row["assessments"][-1]
    reached = level(rated, in_force(accepted["day"]))
    assert accepted["capacity"] in criteria[in_force(accepted["day"])]["authority"][reached]
    assert accepted["capacity"] in roles(accepted["by"], row["unit"], moment(accepted))
    assert accepted["by"] not in row["assessments"][-1]["assessors"]
    assert {accepted["by"]} != {action["owner"] for action in (row["treatment"] or {"actions": []})["actions"]}
    assert accepted["day"] >= rated["day"]
    assert accepted["until"] > 0
    assert accepted["reason"]


def test_the_unacceptable_is_accepted_by_nobody() -> None:
    now = {key: level(row["assessments"][-1], row["assessments"][-1]["criteria"]) for key, row in risks.items()}
    assert [key for key, found in now.items() if found == "unacceptable"] == ["r-price-overseas"]
    assert risks["r-price-overseas"]["acceptance"] is None


def test_two_actions_are_overdue_and_one_treatment_failed() -> None:
    plans = [row["treatment"] for row in risks.values() if row["treatment"]]
    overdue = {
        action["what"]
        for plan in plans
        for action in plan["actions"]
        if action["done_on"] is None and action["due"] < 0
    }
    assert overdue == {
        "On-call duty of category managers, agreed with the works council",
        "Yearly assessment of the provider",
    }
    assert [plan["verified"]["verdict"] for plan in plans if plan["verified"]].count("not_effective") == 1


def test_statements_list_the_risks_whose_treatment_names_them() -> None:
    for control, row in by_control.items():
        named = [key for key, risk in risks.items() if risk["treatment"] and control in risk["treatment"]["controls"]]
        assert row["risks"] == named, control
        assert named or not row["applicable"] or "risk" not in row["basis"], control
