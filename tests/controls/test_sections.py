"""The Statement of Applicability in a pack, and how far each clause is."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from aims import pdf
from controls import readiness
from controls.sections import readiness_for_stages, statement_of_applicability
from organization.states import Role
from tests.controls.making import evidence
from tests.factories import audits, person, root_unit, unit
from tests.factories.controls import included, scope, statement, statements, system

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def collected(who, where=None):
    """The one chapter of a pack of that unit, asked for by that person."""
    pack = SimpleNamespace(asked_by=who, unit=where or root_unit())
    (chapter,) = statement_of_applicability(pack)
    return chapter


def rows(chapter):
    return {row["control"]: row for _group, found in chapter["groups"] for row in found}


def test_holds_every_control_by_objective():
    statements()
    chapter = collected(person(Role.READER))
    assert [group for group, _rows in chapter["groups"]][:2] == [
        "A.2 Policies related to AI",
        "A.3 Internal organization",
    ]
    assert len(rows(chapter)) == 38
    assert (chapter["counts"]["total"], chapter["counts"]["undecided"]) == (38, 38)


def test_tells_decision_reason_state_owner_and_evidence():
    row = included("A.7.5", status="partial", owner=person(name="Olga Owner"), procedure="PR-7", systems=[system()])
    item = evidence(row)
    evidence(row, confidentiality="restricted")
    told = rows(collected(person(Role.READER)))["A.7.5"]
    assert (told["decision_badge"].label, told["status_badge"].label) == ("Included", "Partly implemented")
    assert (told["owner"], told["justification"]) == ("Olga Owner", "A.7.5 keeps our prices fair.")
    assert (told["basis_words"], told["evidence"]) == (["Risk"], [item.ref])
    assert len(told["systems"]) == 1


def test_names_nothing_restricted_to_anybody():
    row = included(systems=[system(confidentiality="restricted")])
    evidence(row, confidentiality="restricted")
    told = rows(collected(person(Role.AIMS_MANAGER)))["A.2.2"]
    assert (told["systems"], told["evidence"]) == ([], [])


def test_who_sees_no_version_gets_no_chapter():
    statements()
    assert list(statement_of_applicability(SimpleNamespace(asked_by=person(), unit=root_unit()))) == []


def test_a_unit_gets_the_scope_that_covers_it_else_those_below():
    department = unit()
    statement("A.2.2", unit=department, applicability="included", justification="Only here.")
    reader = person(Role.READER)
    below = collected(reader)
    assert rows(below)["A.2.2"]["justification"] == "Only here."
    statement("A.2.2", applicability="included", justification="Everywhere.")
    assert rows(collected(reader))["A.2.2"]["justification"] == "Everywhere."
    assert rows(collected(reader, unit()))["A.2.2"]["justification"] == "Everywhere."
    assert rows(collected(reader, department))["A.2.2"]["justification"] == "Only here."


def test_the_template_draws_it():
    included("A.7.5", implementation="A sheet <b>each</b>.")
    statement("A.2.4", applicability="excluded", justification="Not our role.")
    chapter = collected(person(Role.READER))
    html = render_to_string("controls/pack_soa.html", {"chapter": chapter})
    assert "38 controls: 1 included, 1 excluded. 36 are not decided yet." in html
    assert "Not approved: the statements as they stand." in html
    assert "A sheet &lt;b&gt;each&lt;/b&gt;." in html


def test_it_becomes_pages():
    included("A.7.5", implementation="Each data set has a sheet.")
    chapter = collected(person(Role.READER))
    html = render_to_string(
        "evidence/pdf/chapter.html",
        {
            "chapter": chapter,
            "template": "controls/pack_soa.html",
            "section": "Statement of Applicability",
            "opens": True,
        },
    )
    drawn = pdf.draw(html, (pdf.OWN / "pack.css").read_text(encoding="utf-8"))
    assert drawn.startswith(b"%PDF")
    assert pdf.pages_of(drawn) >= 2


def test_queries_do_not_grow_with_the_rows(django_assert_max_num_queries):
    statements()
    reader, root = person(Role.READER), root_unit()
    assert reader.access
    with django_assert_max_num_queries(12):
        collected(reader, root)


class TestReadiness:
    """Facts as they were at the pack's moment; no verdict that nobody gave."""

    def pack(self, who, **more):
        return SimpleNamespace(asked_by=who, unit=root_unit(), systems=[], at=AT, **more)

    def collected(self, who):
        (chapter,) = readiness_for_stages(self.pack(who))
        return chapter

    def facts(self, chapter, name):
        clauses = [clause for one in chapter["chapters"] for clause in one["clauses"]]
        return {fact["sentence"]: fact for clause in clauses if clause["name"] == name for fact in clause["facts"]}

    def test_tells_every_fact_with_its_reason(self):
        statements()
        chapter = self.collected(person(Role.READER))
        assert [one["name"] for one in chapter["chapters"]][0::7] == ["4 Context of the organization", "Annex A"]
        assert self.facts(chapter, "")["Every control is included or excluded."] == {
            "sentence": "Every control is included or excluded.", "met": False, "why": "38 of 38 wait.", "stage": 1,
        }  # fmt: skip
        assert [stage["number"] for stage in chapter["stages"]] == [1, 2]
        assert chapter["day"] == AT.date()

    def test_counts_no_case_even_for_who_sees_it(self):
        row, lead = audits.running()
        audits.finding(row, lead)
        scope()
        said = {fact.id for fact in readiness.read(lead, readiness.scope_named(lead), AT.date()).facts}
        assert "in_time_finding" in said
        told = self.facts(self.collected(lead), "9.2.2 Internal audit programme")
        assert "Findings are in time." not in told
        assert "Audits are in time." in told

    def test_says_nothing_of_single_systems_nor_to_who_sees_no_scope(self):
        statements()
        limited = SimpleNamespace(asked_by=person(Role.READER), unit=root_unit(), systems=[1], at=AT)
        assert list(readiness_for_stages(limited)) == []
        assert list(readiness_for_stages(self.pack(person()))) == []

    def test_the_template_draws_it_without_a_verdict(self):
        statements()
        chapter = self.collected(person(Role.READER))
        html = render_to_string("controls/pack_readiness.html", {"chapter": chapter})
        first = chapter["stages"][0]
        assert f"Stage 1: {first['done']} of {first['total']} facts hold." in html
        assert "38 of 38 wait." in html
        assert "nobody judged what it means" in html
        assert "Ready" not in html
