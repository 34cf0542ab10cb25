"""The catalogue and the vocabulary: identifiers, titles and counts are pinned."""

from itertools import pairwise

from tests.data.story import catalogue, ids, listed, words

CLAUSES = {
    "4.1": "Understanding the organization and its context",
    "4.2": "Understanding the needs and expectations of interested parties",
    "4.3": "Determining the scope of the AI management system",
    "4.4": "AI management system",
    "5.1": "Leadership and commitment",
    "5.2": "AI policy",
    "5.3": "Roles, responsibilities and authorities",
    "6.1.1": "Actions to address risks and opportunities - General",
    "6.1.2": "AI risk assessment",
    "6.1.3": "AI risk treatment",
    "6.1.4": "AI system impact assessment",
    "6.2": "AI objectives and planning to achieve them",
    "6.3": "Planning of changes",
    "7.1": "Resources",
    "7.2": "Competence",
    "7.3": "Awareness",
    "7.4": "Communication",
    "7.5.1": "Documented information - General",
    "7.5.2": "Creating and updating documented information",
    "7.5.3": "Control of documented information",
    "8.1": "Operational planning and control",
    "8.2": "AI risk assessment",
    "8.3": "AI risk treatment",
    "8.4": "AI system impact assessment",
    "9.1": "Monitoring, measurement, analysis and evaluation",
    "9.2.1": "Internal audit - General",
    "9.2.2": "Internal audit programme",
    "9.3.1": "Management review - General",
    "9.3.2": "Management review inputs",
    "9.3.3": "Management review results",
    "10.1": "Continual improvement",
    "10.2": "Nonconformity and corrective action",
}
GROUPS = {
    "A.2": "Policies related to AI",
    "A.3": "Internal organization",
    "A.4": "Resources for AI systems",
    "A.5": "Assessing impacts of AI systems",
    "A.6": "AI system life cycle",
    "A.7": "Data for AI systems",
    "A.8": "Information for interested parties of AI systems",
    "A.9": "Use of AI systems",
    "A.10": "Third-party and customer relationships",
}
CONTROLS = {
    "A.2.2": "AI policy",
    "A.2.3": "Alignment with other organizational policies",
    "A.2.4": "Review of the AI policy",
    "A.3.2": "AI roles and responsibilities",
    "A.3.3": "Reporting of concerns",
    "A.4.2": "Resource documentation",
    "A.4.3": "Data resources",
    "A.4.4": "Tooling resources",
    "A.4.5": "System and computing resources",
    "A.4.6": "Human resources",
    "A.5.2": "AI system impact assessment process",
    "A.5.3": "Documentation of AI system impact assessments",
    "A.5.4": "Assessing AI system impact on individuals or groups of individuals",
    "A.5.5": "Assessing societal impacts of AI systems",
    "A.6.1.2": "Objectives for responsible development of AI system",
    "A.6.1.3": "Processes for responsible AI system design and development",
    "A.6.2.2": "AI system requirements and specification",
    "A.6.2.3": "Documentation of AI system design and development",
    "A.6.2.4": "AI system verification and validation",
    "A.6.2.5": "AI system deployment",
    "A.6.2.6": "AI system operation and monitoring",
    "A.6.2.7": "AI system technical documentation",
    "A.6.2.8": "AI system recording of event logs",
    "A.7.2": "Data for development and enhancement of AI system",
    "A.7.3": "Acquisition of data",
    "A.7.4": "Quality of data for AI systems",
    "A.7.5": "Data provenance",
    "A.7.6": "Data preparation",
    "A.8.2": "System documentation and information for users",
    "A.8.3": "External reporting",
    "A.8.4": "Communication of incidents",
    "A.8.5": "Information for interested parties",
    "A.9.2": "Processes for responsible use of AI systems",
    "A.9.3": "Objectives for responsible use of AI system",
    "A.9.4": "Intended use of the AI system",
    "A.10.2": "Allocating responsibilities",
    "A.10.3": "Suppliers",
    "A.10.4": "Customers",
}
CROSSWALKS = {"nist_ai_rmf", "eu_ai_act", "iso_27001_2022", "iso_9001_2015"}


def test_catalogue_holds_the_32_clauses_with_their_titles() -> None:
    assert {row["id"]: row["title"] for row in catalogue["clauses"] if not row["heading"]} == CLAUSES
    assert len(CLAUSES) == 32


def test_headings_give_the_clauses_their_place() -> None:
    known: set[str] = set()
    for row in catalogue["clauses"]:
        assert row["parent"] is None or row["parent"] in known, row["id"]
        assert row["heading"] == ("requirements" not in row)
        known.add(row["id"])
    assert {row["id"] for row in catalogue["clauses"] if row["heading"]} == listed("4 5 6 6.1 7 7.5 8 9 9.2 9.3 10")


def test_requirements_are_numbered_within_their_clause() -> None:
    rows = [row for row in catalogue["clauses"] if not row["heading"]]
    for row in rows:
        numbers = [item["id"] for item in row["requirements"]]
        assert numbers == [f"{row['id']}#{n}" for n in range(1, len(numbers) + 1)] != []
    assert sum(len(row["requirements"]) for row in rows) == 116


def test_catalogue_holds_nine_groups_with_an_objective_each() -> None:
    assert {row["id"]: row["title"] for row in catalogue["groups"]} == GROUPS
    assert all(row["objective"] for row in catalogue["groups"])


def test_catalogue_holds_the_38_controls_with_their_titles() -> None:
    assert {row["id"]: row["title"] for row in catalogue["controls"]} == CONTROLS
    assert len(CONTROLS) == 38
    for row in catalogue["controls"]:
        assert row["group"] == ".".join(row["id"].split(".")[:2])


def test_each_control_carries_guidance_in_our_own_words() -> None:
    role_ids = ids("iso_roles")
    for row in catalogue["controls"]:
        guidance = row["guidance"]
        assert 2 <= len(guidance["questions"]) <= 4, row["id"]
        assert guidance["asks"]
        assert guidance["evidence"]
        assert set(guidance["roles"]) <= role_ids
    questions = [q for row in catalogue["controls"] for q in row["guidance"]["questions"]]
    assert len(set(questions)) == len(questions)


def test_crosswalks_are_always_the_same_four_lists() -> None:
    for row in [*catalogue["controls"], *(c for c in catalogue["clauses"] if not c["heading"])]:
        assert set(row["crosswalk"]) == CROSSWALKS, row["id"]
        assert all(isinstance(item, list) for item in row["crosswalk"].values()), row["id"]


# --- vocabulary ----------------------------------------------------------------------------------------------------


def test_vocabulary_counts() -> None:
    found = {name: len(rows) for name, rows in words.items()}
    assert found["iso_roles"] == found["ai_act_roles"] == 6
    assert found["stages"] == 8
    assert found["data_categories"] == 4
    assert found["component_kinds"] == 5


def test_stages_go_forward_return_from_re_evaluation_and_retire_from_anywhere() -> None:
    stages = {row["id"]: row for row in words["stages"]}
    order = list(stages)
    for stage_id, row in stages.items():
        assert set(row["next"]) <= set(stages)
        assert ("retirement" in row["next"]) == (stage_id != "retirement")
    assert set(stages["re_evaluation"]["next"]) == set(order) - {"re_evaluation"}
    for before, after in pairwise(order[:5]):
        assert stages[before]["next"] == [after, "retirement"]


def test_gate_needs_name_controls_that_exist() -> None:
    for row in words["stages"]:
        for need in row["needs"]:
            assert set(need["controls"]) <= set(CONTROLS), need
    assert len(next(row["needs"] for row in words["stages"] if row["id"] == "deployment")) == 10
