"""Who sees which contradiction, and how a question comes to rest and stands again."""

import pytest

from aims import clock, consistency
from aims.consistency import answer_question, finding, findings, reopen_question
from aims.errors import Hidden, NotPermitted, WrongState
from aims.models import Answer
from aims.registry import registry
from organization.states import Role
from tests.consistency.planted import PLANTS
from tests.consistency.planted.days import day, set_fields
from tests.consistency.planted.evidence import from_tomorrow, old, twice
from tests.factories import person, root_unit, unit
from tests.factories.evidence import file_evidence, link_evidence

pytestmark = pytest.mark.django_db


def manager():
    return person(Role.AIMS_MANAGER, root_unit())


def one_of(who, rule):
    (found,) = findings(who, on=clock.today(), rules=[registry.rules[rule]])
    return found


def test_breach_comes_before_question_before_answered():
    old(), from_tomorrow()
    who = manager()
    answer_question(one_of(who, "evidence-backdated"), by=who, reason="Kept on paper until now", on=clock.today())
    link_evidence(period_to=day(1))
    states = [one.state for one in findings(who, on=clock.today())]
    assert states == ["breach", "question", "answered"]


def test_who_does_not_see_the_record_does_not_see_the_finding():
    here, elsewhere = unit(), unit()
    link_evidence(unit=here, collected_on=day(-90))
    assert findings(person(Role.AIMS_MANAGER, elsewhere), on=clock.today()) == []
    assert len(findings(person(Role.READER, here), on=clock.today())) == 1


def test_who_does_not_see_a_record_it_speaks_of_does_not_see_the_finding():
    """The same file here and elsewhere: who sees one of both is not told of the other."""
    here, elsewhere = unit(), unit()
    file_evidence(unit=here, content=b"same")
    file_evidence(unit=elsewhere, content=b"same")
    assert findings(person(Role.READER, here), on=clock.today()) == []
    assert len(findings(manager(), on=clock.today())) == 1


def test_question_rests_until_its_facts_change():
    item, who = old(), manager()
    answer_question(one_of(who, "evidence-backdated"), by=who, reason="Kept on paper until now", on=clock.today())
    assert one_of(who, "evidence-backdated").state == "answered"
    set_fields(item, collected_on=day(-200))
    assert one_of(who, "evidence-backdated").state == "question"


def test_answer_is_kept_with_person_capacity_and_reason():
    old()
    who = manager()
    answer_question(one_of(who, "evidence-backdated"), by=who, reason="Kept on paper until now", on=clock.today())
    row = Answer.objects.get()
    assert (row.answered_by, row.capacity, row.reason) == (who, "aims_manager", "Kept on paper until now")


def test_breach_is_not_explained_away():
    from_tomorrow()
    who = manager()
    with pytest.raises(WrongState):
        answer_question(one_of(who, "evidence-claimed-after-receipt"), by=who, reason="So it is", on=clock.today())


def test_second_answer_is_told_that_somebody_was_faster():
    old()
    who = manager()
    seen = one_of(who, "evidence-backdated")
    answer_question(seen, by=who, reason="Kept on paper", on=clock.today())
    with pytest.raises(WrongState):
        answer_question(seen, by=manager(), reason="Another reason", on=clock.today())


def test_answer_to_facts_that_changed_meanwhile_is_refused():
    item, who = old(), manager()
    seen = one_of(who, "evidence-backdated")
    set_fields(item, collected_on=day(-200))
    with pytest.raises(WrongState):
        answer_question(seen, by=who, reason="Kept on paper", on=clock.today())


def test_answered_question_stands_again_when_the_answer_does_not_hold():
    old()
    who, auditor = manager(), person(Role.INTERNAL_AUDITOR, root_unit())
    answer_question(one_of(who, "evidence-backdated"), by=who, reason="Kept on paper", on=clock.today())
    reopen_question(one_of(auditor, "evidence-backdated"), by=auditor, reason="No paper was found", on=clock.today())
    assert one_of(who, "evidence-backdated").state == "question"


def test_open_question_cannot_be_asked_again():
    old()
    who = manager()
    with pytest.raises(NotPermitted):
        reopen_question(one_of(who, "evidence-backdated"), by=who, reason="Really?", on=clock.today())


def test_reader_answers_nothing():
    old()
    reader = person(Role.READER, root_unit())
    with pytest.raises(NotPermitted):
        answer_question(one_of(reader, "evidence-backdated"), by=reader, reason="Why not", on=clock.today())


def test_unknown_finding_is_hidden():
    who = manager()
    for rule in ("no-such-rule", "evidence-backdated"):
        with pytest.raises(Hidden):
            finding(who, rule, "EVD-1", "0" * 16, on=clock.today())


def test_decisions_of_a_recorded_sitting_are_no_matter(monkeypatch):
    PLANTS["same-minute"][0]()
    who = manager()
    assert one_of(who, "same-minute")
    from aims.models import Decision

    monkeypatch.setattr(registry, "sittings", [lambda: Decision.objects.values("pk")])
    assert findings(who, on=clock.today(), rules=[registry.rules["same-minute"]]) == []


def test_statements_do_not_grow_with_what_is_found(django_assert_max_num_queries):
    who = manager()
    for _number in range(3):
        old(), twice(), from_tomorrow()
    with django_assert_max_num_queries(len(registry.rules) + 8):
        assert len(findings(who, on=clock.today())) >= 7
    assert consistency.count_of([])["breach"] == 0
