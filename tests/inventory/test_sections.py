"""Chapters of AI systems in a pack."""

from datetime import date
from typing import Any

import pytest
from django.template.loader import render_to_string

from inventory import services
from inventory.sections import system_chapters
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import UnitFactory, person

pytestmark = pytest.mark.django_db


class Pack:
    """What a pack gives its sections: who asked, and what is in scope."""

    def __init__(self, asked_by: Any, unit: Any = None) -> None:
        self.asked_by, self.unit = asked_by, unit

    def covers(self, rows: Any) -> Any:
        return rows.filter(unit=self.unit) if self.unit else rows


def test_a_chapter_says_everything_in_words() -> None:
    system = make.complete(
        stage="operation_monitoring",
        title="Fraud detection",
        affected_groups=["Customers", "Minors"],
        regions=["DE", "FR"],
    )
    make.version(system, "5.4", live_from=date(2026, 1, 1), notes="Retrained")
    (chapter,) = system_chapters(Pack(make.manager()))
    assert (chapter["ref"], chapter["title"], chapter["stage"]) == (
        system.ref,
        "Fraud detection",
        "Operation and monitoring",
    )
    facts = {label: words for _title, group in chapter["groups"] for label, words in group}
    assert facts["Affected groups"] == "Customers\nMinors" and facts["Regions"] == "Germany, France"
    assert facts["Supplied by a third party"] == "No" and facts["Autonomy"] == "Automatic"
    assert chapter["roles"][0]["role"] == "AI producer" and chapter["law_roles"][0]["role"] == "Provider"
    assert chapter["versions"][0]["digest"] == make.DIGEST
    assert [group["kind"] for group in chapter["components"]] == ["Data set", "Model", "Tool", "Computing", "People"]
    assert chapter["missing"] == []


def test_a_chapter_holds_what_the_asker_sees_in_scope() -> None:
    here, there = UnitFactory(), UnitFactory()
    system, hidden, outside = make.system(here), make.system(there), make.system(here)
    restricted = make.component(system, confidentiality="restricted")
    services.move_system_unit(outside, by=make.manager(), on=make.TODAY, unit=UnitFactory(parent=here))
    reader = person(Role.READER, here)
    chapters = list(system_chapters(Pack(reader, here)))
    assert [chapter["ref"] for chapter in chapters] == [system.ref]
    assert restricted.ref not in str(chapters) and hidden.ref not in str(chapters)


def test_the_template_draws_every_chapter() -> None:
    bare = make.system(title="<Bare>")
    full = make.complete(stage="operation_monitoring")
    make.version(full, live_from=date(2026, 1, 1))
    make.version(full, "2.0")
    make.component(full, kind="people", stages=["deployment"], roles="Two")
    for chapter in system_chapters(Pack(make.manager())):
        drawn = render_to_string("inventory/pack_system.html", dict(chapter))
        assert ("No role is stated." in drawn) is (chapter["ref"] == bare.ref)
        assert ("Never released" in drawn) is (chapter["ref"] == full.ref)
        assert "<Bare>" not in drawn


def test_chapters_take_the_same_queries_for_one_and_three(queries: Any) -> None:
    pack = Pack(make.manager())
    assert pack.asked_by.access.all_units
    make.version(make.complete())
    one = queries(lambda: list(system_chapters(pack)))
    for _number in range(2):
        make.version(make.complete())
    assert queries(lambda: list(system_chapters(pack))) == one <= 9
