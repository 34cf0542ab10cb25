"""Enums and transitions agree with the vocabulary's data file."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from inventory import states


@pytest.fixture(scope="module")
def words() -> Any:
    path = Path(settings.BASE_DIR) / "inventory" / "data" / "vocabulary.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("listed", "choices"),
    [
        ("iso_roles", states.IsoRole),
        ("ai_act_roles", states.LawRoleName),
        ("stages", states.SystemStage),
        ("data_categories", states.DataCategory),
        ("component_kinds", states.ComponentKind),
        ("autonomy", states.Autonomy),
        ("criticality", states.Criticality),
        ("quality_states", states.QualityState),
        ("learning", states.Learning),
        ("supplier_kinds", states.SupplierKind),
    ],
)
def test_choices_are_those_of_the_vocabulary(words: Any, listed: str, choices: Any) -> None:
    assert [(row["id"], row["name"]) for row in words[listed]] == [(str(v), str(label)) for v, label in choices.choices]


def test_sub_roles_belong_to_the_roles_of_the_vocabulary(words: Any) -> None:
    listed = {role["id"]: tuple(sub["id"] for sub in role["sub_roles"]) for role in words["iso_roles"]}
    assert listed == states.SUB_ROLES
    names = {sub["id"]: sub["name"] for role in words["iso_roles"] for sub in role["sub_roles"]}
    assert names == {str(value): str(label) for value, label in states.IsoSubRole.choices}


def test_meanings_are_those_of_the_vocabulary(words: Any) -> None:
    told = {row["id"]: row["definition"] for name in ("autonomy", "criticality", "learning") for row in words[name]}
    assert told == {str(value): str(meaning) for value, meaning in states.MEANINGS.items()}


def test_controls_of_kinds_are_those_of_the_vocabulary(words: Any) -> None:
    assert {row["id"]: row["control"] for row in words["component_kinds"]} == states.CONTROL_OF_KIND


def test_stages_follow_each_other_as_the_vocabulary_says(words: Any) -> None:
    listed = {row["id"]: set(row["next"]) for row in words["stages"]}
    drawn = {
        stage: {edge.target for edge in states.LIFE_CYCLE.verbs_from(stage)} for stage in states.SystemStage.values
    }
    assert drawn == listed


@pytest.mark.parametrize("stage", states.SystemStage.values)
def test_one_edge_leads_into_each_stage(stage: str) -> None:
    assert [edge for edge in states.LIFE_CYCLE.edges if edge.target == stage] == [states.edge_to(stage)]


def test_each_field_belongs_to_one_kind() -> None:
    names = [name for names in states.KIND_FIELDS.values() for name in names]
    assert len(names) == len(set(names)) == 27
