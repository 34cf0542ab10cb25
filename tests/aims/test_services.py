"""What every verb shares: lock, version, validation, state, unmet checks. And workflows and facts as data."""

from dataclasses import dataclass

import pytest
from django.core.exceptions import ValidationError

from aims.errors import NotPermitted, Stale, WrongState
from aims.registry import Check, RecordTab, Registry, registry
from aims.services import change, create, locked, require, unmet_checks
from aims.trail import recording
from tests.factories import person, unit
from tests.factories.sample import sample
from tests.sample.models import Note, Sample
from tests.sample.services import change_sample, create_sample, use_sample
from tests.sample.states import SAMPLE


@pytest.fixture
def owner(db):
    return person("system_owner", unit())


@pytest.fixture
def row(owner):
    return sample(unit=owner.unit, owner=owner)


@pytest.fixture
def check(monkeypatch):
    """`check(ask)`: a condition on the sample's transition `use`."""

    def add(ask):
        monkeypatch.setattr(registry, "checks", [Check("t.1", "sample", "use", "Have a purpose.", ask)])

    return add


def test_require_answers_the_role_or_refuses():
    assert require("reader") == "reader"
    with pytest.raises(NotPermitted, match="Your roles here"):
        require("")
    with pytest.raises(NotPermitted, match="Ask her"):
        require("", "Ask her.")


def test_create_validates_and_fills_in_what_the_database_gives(owner):
    made = create_sample(by=owner, data={"title": "A", "unit": owner.unit, "owner": owner})
    assert made.ref.startswith("SMP-")
    with pytest.raises(ValidationError) as refused:
        create_sample(by=owner, data={"title": "", "unit": owner.unit, "amount": -1})
    assert set(refused.value.error_dict) >= {"title"}


def test_create_names_the_broken_rule(owner):
    with pytest.raises(ValidationError, match="not negative"):
        create_sample(by=owner, data={"title": "A", "unit": owner.unit, "owner": owner, "amount": -1})


def test_create_elsewhere_is_refused(owner):
    with pytest.raises(NotPermitted):
        create_sample(by=owner, data={"title": "A", "unit": unit()})


def test_change_saves_what_differs_and_answers_the_new_version(row, owner):
    done = change_sample(row, by=owner, data={"title": "Other", "owner": owner}, version=1)
    assert (done.title, done.version) == ("Other", 2)
    assert done.updated_at > row.updated_at


def test_change_to_the_same_saves_nothing(row, owner):
    assert change_sample(row, by=owner, data={"title": row.title, "unit": row.unit}).version == 1


def test_change_is_validated(row, owner):
    with pytest.raises(ValidationError, match="not negative"):
        change_sample(row, by=owner, data={"amount": -1})


def test_change_of_a_row_without_version(db):
    note = create(Note(text="a"))
    with recording(None, "change_note"):
        assert change(locked(note, 3), {"text": "b"}).text == "b"


def test_stale_change_is_refused_with_the_current_row(row, owner):
    change_sample(row, by=owner, data={"title": "First"}, version=1)
    with pytest.raises(Stale) as refused:
        change_sample(row, by=owner, data={"title": "Second"}, version=1)
    assert refused.value.extra["current"].title == "First"


def test_change_without_a_version_is_for_programs_of_our_own(row, owner):
    change_sample(row, by=owner, data={"title": "First"}, version=1)
    assert change_sample(row, by=owner, data={"title": "Second"}).title == "Second"


def test_reader_may_not_change(row):
    with pytest.raises(NotPermitted):
        change_sample(row, by=person("reader", row.unit), data={"title": "X"})
    row.refresh_from_db()
    assert row.title != "X"


def test_move_takes_the_edge(row, owner):
    assert use_sample(row, by=owner, version=1).state == "used"


def test_move_from_a_wrong_state_is_refused(row, owner):
    use_sample(row, by=owner)
    with pytest.raises(WrongState, match="In use"):
        use_sample(row, by=owner)


def test_unmet_check_stops_the_move(row, owner, check):
    check(lambda record: None if record.purpose else {"url": "/somewhere/"})
    with pytest.raises(WrongState) as refused:
        use_sample(row, by=owner)
    assert refused.value.extra["unmet"] == [{"id": "t.1", "sentence": "Have a purpose.", "url": "/somewhere/"}]
    change_sample(row, by=owner, data={"purpose": "sort"})
    assert use_sample(row, by=owner).state == "used"


def test_check_of_another_transition_is_not_asked(row, check):
    check(lambda record: pytest.fail("asked"))
    assert unmet_checks(row, "sample", "drop") == []


def test_workflow_reads_as_a_table():
    assert SAMPLE.edge("use").target == "used"
    assert [one.verb for one in SAMPLE.verbs_from("draft")] == ["use", "drop"]
    assert [one.verb for one in SAMPLE.verbs_from("gone")] == []
    assert SAMPLE.label("used") == "In use"
    assert SAMPLE.diagram() == (
        "stateDiagram-v2\n    draft --> used: use\n    draft --> gone: drop\n    used --> gone: drop\n"
    )


@pytest.mark.parametrize("name", sorted(registry.workflows))
def test_workflow_is_sound(name):
    """Every edge joins states that exist, no verb leaves a state twice, every role exists."""
    flow = registry.workflows[name]
    states = set(flow.states.values)
    assert {state for edge in flow.edges for state in (*edge.sources, edge.target)} <= states
    assert {role for edge in flow.edges for role in edge.roles} <= set(registry.roles)
    for state in states:
        verbs = [edge.verb for edge in flow.verbs_from(state)]
        assert len(verbs) == len(set(verbs))


@dataclass(frozen=True)
class Happened:
    to: str


def test_fact_runs_its_reactions_in_order():
    own, heard = Registry(), []
    own.declare(Happened, "Something happened.")
    own.react(Happened, lambda fact: heard.append(("first", fact.to)))
    own.react(Happened, lambda fact: heard.append(("second", fact.to)))
    own.announce(Happened("us"))
    assert heard == [("first", "us"), ("second", "us")]
    assert [(fact, sentence, len(who)) for fact, sentence, who in own.facts()] == [(Happened, "Something happened.", 2)]


def test_fact_without_reaction_is_fine():
    Registry().announce(Happened("nobody"))


def test_verbs_of_two_apps_add_up():
    own = Registry()
    own.allow({"a.b": ("reader",)})
    own.allow({"a.b": ("approver",), "c.d": ()})
    assert own.roles_of("a.b") == ("reader", "approver")
    assert own.roles_of("nothing") == ()


def test_tabs_of_a_kind_and_of_every_kind_in_order():
    own = Registry()
    for kind, name, order in (("sample", "b", 2), ("*", "a", 1), ("other", "c", 0)):
        own.tabs.append(RecordTab(kind, name, name, "t.html", lambda request, record: {}, order=order))
    assert [tab.id for tab in own.tabs_of("sample")] == ["a", "b"]


def test_kind_knows_its_model_and_address():
    kind = registry.kind_of(Sample)
    assert (kind.name, kind.url("SMP-0001")) == ("sample", "/samples/SMP-0001/")
