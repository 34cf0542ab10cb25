"""The demo organization's files: every key resolves, every act happens when it can, by somebody who may."""

import re
from collections import Counter
from datetime import time
from itertools import pairwise
from typing import Any

import pytest

from tests.data.story import (
    Moment,
    active,
    audits,
    by_control,
    catalogue,
    components,
    evidence,
    evidence_by_key,
    grants,
    history,
    ids,
    listed,
    moment,
    owned_throughout,
    people,
    people_file,
    prose,
    roles,
    statements,
    suppliers,
    systems,
    systems_file,
    units,
    versions,
    words,
)

CONTROLS = [row["id"] for row in catalogue["controls"]]

# --- people --------------------------------------------------------------------------------------------------------


def test_units_are_a_tree_with_two_legal_entities() -> None:
    kinds = Counter(row["kind"] for row in units.values())
    assert kinds == {"group": 1, "legal_entity": 2, "site": 2, "department": 4}
    known: set[str] = set()
    for key, row in units.items():
        assert row["parent"] is None or row["parent"] in known
        known.add(key)


def test_twelve_people_a_leaver_an_auditor_and_a_service_account() -> None:
    inside = [p for p in people.values() if p["email"].endswith("@marktlicht.example") and p["account"] == "person"]
    assert len([p for p in inside if p["active_until"] is None]) == 12
    assert len([p for p in inside if p["active_until"] is not None]) == 1
    assert len(people) == 15
    assert len({p["email"] for p in people.values()}) == len(people)
    assert all(p["email"].endswith(".example") for p in people.values())


def test_every_role_is_held_today() -> None:
    today = (0, time(12))
    held = set().union(*(roles(person, unit, today) for person in people for unit in units))
    running = [one["with"]["data"] for one in audits if one.get("do") == "open_engagement"]
    # Auditors of a body hold no role of ours: an engagement opens records to them for its days.
    held |= {
        one.get("role", "external_auditor") for one in running if one["starts_on"]["day"] <= 0 <= one["ends_on"]["day"]
    }
    assert held == listed(
        "aims_manager system_owner risk_owner approver committee_member top_management internal_auditor contributor "
        "reader external_auditor integration concern_handler"
    )


def test_grants_are_given_by_who_runs_the_system_to_people_who_are_there() -> None:
    for grant in grants:
        assert grant["unit"] in units, grant["key"]
        assert grant["reason"], grant["key"]
        assert active(grant["person"], moment(grant)), grant["key"]
        assert grant["by"] is None or "aims_manager" in roles(grant["by"], "u-group", moment(grant)), grant["key"]
    assert len({grant["key"] for grant in grants}) == len(grants)


def test_the_internal_auditor_owns_nothing() -> None:
    assert all("p-tomas" not in (row.get("owner"), row.get("by")) for row in [*components.values(), *statements])
    assert {grant["role"] for grant in grants if grant["person"] == "p-tomas"} == {"internal_auditor"}


# --- systems -------------------------------------------------------------------------------------------------------

SYSTEM_FIELDS = listed(
    "name purpose intended_use foreseeable_misuse decisions autonomy autonomy_note human_oversight affected_groups "
    "regions languages user_information criticality criticality_reason owner unit third_party embedded_in "
    "vendor_product vendor_version supplier learning retirement_plan confidentiality"
)
OPTIONAL = listed("embedded_in vendor_product vendor_version supplier retirement_plan confidentiality")
NEEDED = SYSTEM_FIELDS - OPTIONAL
DATA_FIELDS = listed(
    "category intended_use rights provenance acquisition labelling preparation personal_data personal_data_note "
    "minimisation anonymisation encryption retention known_bias quality_state quality_note last_updated"
)
MAKERS = {"system_owner", "aims_manager"}


def final(system: Any) -> dict[str, Any]:
    return list(history(system["register"], system["changes"]))[-1][1]


def test_five_systems_of_which_one_is_embedded() -> None:
    assert len(systems) == 5
    assert [key for key, row in systems.items() if final(row).get("third_party")] == ["sys-replies"]


def test_system_changes_use_known_fields_and_end_complete() -> None:
    for key, system in systems.items():
        for change in system["changes"]:
            assert set(change["set"]) <= SYSTEM_FIELDS, (key, change["day"])
            assert change["reason"]
        state = final(system)
        assert {field for field in NEEDED if state.get(field) in (None, "", [])} == set(), key
        assert state["autonomy"] in ids("autonomy")
        assert state["criticality"] in ids("criticality")
        assert state["learning"] in ids("learning")


def test_systems_are_kept_by_people_who_may() -> None:
    for key, system in systems.items():
        unit = system["register"]["unit"]
        acts = [system["register"], *system["changes"], *system["stages"], *system["versions"]]
        acts += [*system["iso_roles"], *system["ai_act_roles"]]
        for act in acts:
            assert active(act["by"], moment(act)), (key, act)
            assert roles(act["by"], unit, moment(act)) & MAKERS, (key, act)
            assert moment(act) >= moment(system["register"]), (key, act)


def test_owners_are_there_and_answer_for_the_unit() -> None:
    for key, system in systems.items():
        for when, state in history(system["register"], system["changes"]):
            assert roles(state["owner"], state["unit"], when) & MAKERS, (key, when)
        assert owned_throughout(system["register"], system["changes"]), key


def test_stages_follow_the_rule() -> None:
    after = {row["id"]: row["next"] for row in words["stages"]}
    for key, system in systems.items():
        stage, last = system["register"]["stage"], moment(system["register"])
        for move in system["stages"]:
            assert move["stage"] in after[stage], (key, stage, move["stage"])
            assert moment(move) > last
            assert move["reason"]
            stage, last = move["stage"], moment(move)


def test_roles_of_systems_sit_with_legal_entities() -> None:
    subs = {sub["id"]: row["id"] for row in words["iso_roles"] for sub in row["sub_roles"]}
    for system in systems.values():
        for role in system["iso_roles"]:
            assert units[role["legal_entity"]]["kind"] == "legal_entity"
            assert role["role"] in ids("iso_roles")
            assert subs[role["sub_role"]] == role["role"]
        for role in system["ai_act_roles"]:
            assert units[role["legal_entity"]]["kind"] == "legal_entity"
            assert role["role"] in ids("ai_act_roles")


def test_versions_carry_a_digest_unless_bought() -> None:
    digests = [row["digest"] for _system, row in versions.values() if row["digest"]]
    assert len(set(digests)) == len(digests)
    for key, (system, row) in versions.items():
        if final(system)["third_party"]:
            assert row["digest"] is None, key
            releases = {state.get("vendor_version") for _, state in history(system["register"], system["changes"])}
            assert row["number"] in releases, key
        else:
            assert re.fullmatch("[0-9a-f]{64}", row["digest"]), key


def test_one_version_is_live_at_a_time() -> None:
    for key, system in systems.items():
        live = sorted((v["live_from"], v["live_until"]) for v in system["versions"] if v["live_from"] is not None)
        for (_, until), (start, _) in pairwise(live):
            assert until is not None, key
            assert until <= start, key
        assert live[-1][1] is None, key


def test_components_are_complete_and_kept_by_people_who_may() -> None:
    kinds = ids("component_kinds")
    for key, row in components.items():
        home = systems[row["systems"][0]]["register"]
        assert owned_throughout(row, row.get("changes", [])), key
        for act in [row, *row.get("changes", [])]:
            assert roles(act["by"], home["unit"], moment(act)) & MAKERS, (key, act["day"])
        assert row["kind"] in kinds
        assert row["supplier"] in {None, *suppliers}
        assert moment(home) <= moment(row), key
        assert set(row["systems"]) <= set(systems), key
        for change in row.get("changes", []):
            assert set(change["set"]) <= set(row), (key, change)
        if row["kind"] == "data_set":
            assert set(row) >= DATA_FIELDS, (key, DATA_FIELDS - set(row))
            assert row["category"] in ids("data_categories")
            assert row["quality_state"] in ids("quality_states")
            for when, state in history(row, row.get("changes", [])):
                assert state["last_updated"] in (None, 0) or state["last_updated"] <= when[0], (key, when)


def test_each_own_system_has_all_four_data_categories_a_model_and_people() -> None:
    for key, system in systems.items():
        parts = [row for row in components.values() if key in row["systems"]]
        assert {"model", "people", "data_set"} <= {row["kind"] for row in parts}, key
        if not final(system)["third_party"]:
            assert {row["category"] for row in parts if row["kind"] == "data_set"} == ids("data_categories"), key


def test_suppliers_have_a_unit_an_owner_and_a_keeper() -> None:
    for key, row in suppliers.items():
        for when, state in history(row, row.get("changes", [])):
            assert active(state["owner"], when)
            assert state["unit"] in units
            assert state["kind"] in ids("supplier_kinds")
        assert roles(row["by"], row["unit"], moment(row)) & MAKERS, key
    used = {row["supplier"] for row in components.values()} | {final(row).get("supplier") for row in systems.values()}
    assert set(suppliers) - used <= {"sup-lisboa"}, "only the outsourced shift is no part of a system"


# --- control statements --------------------------------------------------------------------------------------------

STATES = {"implemented", "partial", "planned", "not_started", "not_applicable"}


def states_of(row: Any) -> list[tuple[Moment, dict[str, Any]]]:
    return list(history(row, row["changes"]))


def test_one_statement_per_control() -> None:
    assert list(by_control) == list(CONTROLS)
    assert len(statements) == 38


@pytest.mark.parametrize("control", CONTROLS)
def test_statement_is_sound_at_every_moment(control: str) -> None:
    row = by_control[control]
    for when, state in states_of(row):
        assert len(state["justification"]) >= 60
        assert state["status"] in STATES
        assert (state["status"] == "not_applicable") == (not state["applicable"]) == (not state["implementation"])
        assert (state["due"] is None) == (state["status"] in ("implemented", "not_applicable")), when
        assert active(state["owner"], when)
        assert state["last_review"] == when[0]
        assert set(state["basis"]) <= {"risk", "law", "contract", "objective", "practice", "role"}
        assert state["basis"]
    for act in [row, *row["changes"]]:
        assert roles(act["by"], "u-group", moment(act)) & {"aims_manager", "contributor"}, act["day"]
    assert all(moment(systems[key]["register"]) <= moment(row) for key in row["systems"])


def test_no_two_statements_share_a_text() -> None:
    for field in ("justification", "implementation"):
        texts = [{state[field] for _, state in states_of(row)} - {""} for row in statements]
        assert len(set().union(*texts)) == sum(len(found) for found in texts), field


def test_no_two_statements_share_a_sentence() -> None:
    """Boilerplate shows in sentences: none of twelve words or more stands in two statements."""
    seen: dict[str, str] = {}
    for row in statements:
        for _, state in states_of(row):
            for field in ("justification", "implementation"):
                for sentence in re.split(r"(?<=[.!?;:]) ", state[field]):
                    if len(sentence.split()) >= 12:
                        assert seen.setdefault(sentence, row["control"]) == row["control"], sentence


def test_statements_are_a_believable_mix() -> None:
    now = Counter(states_of(row)[-1][1]["status"] for row in statements)
    assert set(now) == STATES
    assert now["not_applicable"] in (2, 3)
    assert now["implemented"] < 30
    overdue = {row["control"] for row in statements if (states_of(row)[-1][1]["due"] or 0) < 0}
    assert overdue == {"A.4.6", "A.10.3"}


def test_statements_list_the_evidence_linked_to_them() -> None:
    for control, row in by_control.items():
        linked = {item["key"] for item in evidence if any(link["to"] == control for link in item["links"])}
        assert set(row["evidence"]) == linked, control
    bare = {row["control"] for row in statements if row["applicable"] and not row["evidence"]}
    assert bare == {"A.4.4", "A.6.2.2", "A.6.2.7"}, "two are called implemented without proof: a lint must find them"


# --- evidence ------------------------------------------------------------------------------------------------------

PROVERS = {"aims_manager", "system_owner", "contributor", "integration"}


def first_moment(key: str) -> Moment:
    """When a record came into being."""
    if key in CONTROLS:
        return moment(by_control[key])
    if key in systems:
        return moment(systems[key]["register"])
    return moment(versions[key][1] if key in versions else components[key])


@pytest.mark.parametrize("key", evidence_by_key)
def test_evidence_is_received_after_what_it_proves(key: str) -> None:
    item = evidence_by_key[key]
    assert item["period_from"] <= item["period_to"] <= item["day"]
    assert item["kind"] in item
    assert item["kind"] in ("file", "link", "result")
    assert len({"file", "link", "result"} & set(item)) == 1
    assert active(item["by"], moment(item))
    assert active(item["owner"], moment(item))
    assert item["collector"] in people
    assert roles(item["by"], item["unit"], moment(item)) & PROVERS
    assert item["links"]
    for link in item["links"]:
        assert first_moment(link["to"]) <= moment(item), link
    if "supersedes" in item:
        assert moment(evidence_by_key[item["supersedes"]]) < moment(item)


@pytest.mark.parametrize("key", [row["key"] for row in evidence if row["kind"] == "result"])
def test_results_say_what_their_numbers_say(key: str) -> None:
    item = evidence_by_key[key]
    result = item["result"]
    reached = {">=": result["value"] >= result["threshold"], "<=": result["value"] <= result["threshold"]}
    assert result["passed"] is reached[result["comparator"]]
    assert versions[result["model_version"]][1]["day"] <= result["measured_on"] <= item["day"]
    assert components[result["data_set"]]["kind"] == "data_set"


def test_files_name_days_by_offset_never_by_date() -> None:
    for item in evidence:
        content = item.get("file", {}).get("content", "")
        assert not re.search(r"\b20\d\d-\d\d-\d\d\b|\b\d\d?\.\d\d?\.20\d\d\b", content), item["key"]
        assert re.findall(r"\{day:[^}]*\}", content) == re.findall(r"\{day:-?\d+\}", content)


# --- the whole -----------------------------------------------------------------------------------------------------


def test_keys_are_unique_over_all_files() -> None:
    keys = [*units, *people, *(grant["key"] for grant in grants)]
    keys += [*suppliers, *systems, *versions, *components, *evidence_by_key]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_the_story_lies_within_fourteen_months() -> None:
    rows = [*people.values(), *grants, *components.values(), *statements, *evidence]
    rows += [change for row in rows for change in row.get("changes", [])]
    assert min(row["day"] for row in rows) >= -426
    assert max(row["day"] for row in rows) < 0


def test_texts_carry_no_boilerplate() -> None:
    for text in prose([statements, systems_file, evidence, people_file]):
        assert not re.search(r"lorem|tbd|todo|n/a\b|xxx|foo\b", text, re.IGNORECASE), text
