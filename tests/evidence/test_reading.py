"""Who is asked to read, once and in one statement; taking their word; who joins, who leaves. Clause 7.3, AC-17."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from aims import clock, due, reviews
from aims.errors import NotPermitted, WrongState
from aims.models import Leave, Record, Task, Wishes
from evidence import policies, services
from evidence.models import Acknowledgement, Document
from evidence.readers import asked_to_read, has_read, readers_of
from evidence.sections_documents import documents
from evidence.services.reading import READ_WITHIN, ask_readers, keep_readers
from evidence.tasks import ask_readers as daily
from organization.models import Membership, UnitGroupGrant, User
from organization.services.handover import hand_over, holdings
from organization.states import Role
from tests.factories import grant, person, unit
from tests.factories.documents import approved, document, in_force, latest, manager, next_version, top
from tests.factories.evidence import pack

pytestmark = pytest.mark.django_db


def today():
    return clock.today()


def for_all(where=None, **data):
    return in_force(document(where=where, audience="everybody", **data))


def take_effect(made):
    approved(made)
    services.put_in_force(latest(made), by=top(made.unit), at=clock.now(), on=today())
    made.refresh_from_db()


def readings(made, **more):
    return Task.objects.filter(record=made.pk, sort="read", **more)


def asked(made):
    return set(User.objects.filter(pk__in=asked_to_read(made, on=today())))


@pytest.fixture
def tree():
    """A unit with one below it, and one beside it; an employee in each."""
    here = unit()
    below, beside = unit(parent=here), unit()
    people = {
        name: person(Role.EMPLOYEE, where, name=name)
        for name, where in (("here", here), ("below", below), ("beside", beside))
    }
    return here, below, people


def test_everybody_in_the_unit_and_below_is_asked(tree):
    here, _below, people = tree
    made = for_all(here)
    assert {people["here"], people["below"]} <= asked(made)
    assert people["beside"] not in asked(made)
    task = readings(made).get(assignee=people["below"])
    assert (task.due_on, task.state) == (today() + timedelta(days=READ_WITHIN), "open")
    assert [work.url for work in due.work_of(people["below"], on=today())] == [f"{made.get_absolute_url()}read/"]


def test_the_two_rules_of_who_is_asked_agree(tree):
    """`asked_of` for one person, and one statement for all."""
    here, below, people = tree
    group = UnitGroupGrant._meta.get_field("group").related_model.objects.create(name="Nurses")
    by_group = person(where=here)
    Membership.objects.create(user=by_group, group=group)
    given = grant(person(), Role.RISK_OWNER, below)
    UnitGroupGrant.objects.create(
        group=group, permission=given.permission, content_object=here, reason="x", valid_from=given.valid_from
    )
    over = person(Role.RISK_OWNER, here)
    grant(over, Role.RISK_OWNER, below, ended_at=clock.now(), end_reason="Left")
    outside = [
        person(where=here),  # no role
        person(Role.EXTERNAL_AUDITOR, here),
        person(Role.INTEGRATION, here, is_program=True),
        person(Role.EMPLOYEE, here, is_active=False),
    ]
    later = person(where=here)
    grant(later, Role.EMPLOYEE, here, valid_from=today() + timedelta(days=1))
    told = [
        for_all(here),
        in_force(document(where=here, audience="roles", roles=[Role.RISK_OWNER])),
        in_force(document(where=below, audience="roles", roles=[Role.RISK_OWNER, Role.EMPLOYEE])),
        in_force(document(where=here)),
        document(where=here, audience="everybody"),
    ]
    everybody = list(User.objects.all())
    for made in told:
        one_by_one = {who for who in everybody if Document.objects.asked_of(who).filter(pk=made.pk).exists()}
        assert one_by_one == asked(made)
    assert {given.user, over, by_group} <= asked(told[1])
    assert people["here"] not in asked(told[1])
    assert {people["below"], people["here"]} <= asked(told[2])
    assert asked(told[3]) == asked(told[4]) == set()
    assert not asked(told[0]) & {*outside, later}


def test_said_once_the_reading_is_done(tree):
    here, _below, people = tree
    made, who = for_all(here), people["here"]
    done = services.acknowledge(made, by=who, at=clock.now(), number=1)
    task = readings(made).get(assignee=who)
    assert (done.document_version.number, task.state, task.done_by, task.outcome) == (1, "done", who, "confirmed")
    assert has_read(made, who)
    assert not has_read(made, people["below"])
    with pytest.raises(WrongState, match="already"):
        services.acknowledge(made, by=who, at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Acknowledgement.objects.create(document_version=done.document_version, person=who)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Acknowledgement.objects.filter(pk=done.pk).update(at=clock.now())


def test_who_is_not_asked_says_nothing(tree):
    here, _below, people = tree
    made = for_all(here)
    with pytest.raises(NotPermitted):
        services.acknowledge(made, by=people["beside"], at=clock.now())
    reader = people["here"]
    reader.token_scopes = frozenset({"read"})
    reader.forget_access()
    assert policies.can_acknowledge(reader, made) == ""


def test_words_that_were_replaced_meanwhile_are_not_acknowledged(tree):
    here, _below, people = tree
    made = for_all(here)
    next_version(made)
    take_effect(made)
    with pytest.raises(WrongState, match="Another version"):
        services.acknowledge(made, by=people["here"], at=clock.now(), number=1)


def test_a_material_change_is_read_anew(tree):
    here, _below, people = tree
    made = for_all(here)
    services.acknowledge(made, by=people["here"], at=clock.now())
    next_version(made)
    take_effect(made)
    assert not has_read(made, people["here"])
    assert set(readings(made, state="open").values_list("assignee", flat=True)) == {who.pk for who in asked(made)}
    assert readings(made, assignee=people["below"]).filter(state="dropped").count() == 1


def test_any_other_change_is_not(tree):
    here, _below, people = tree
    made = for_all(here)
    services.acknowledge(made, by=people["here"], at=clock.now())
    before = set(readings(made).values_list("pk", "state"))
    next_version(made, material=False)
    take_effect(made)
    assert has_read(made, people["here"])
    assert set(readings(made).values_list("pk", "state")) == before
    services.acknowledge(made, by=people["below"], at=clock.now(), number=2)
    assert has_read(made, people["below"])


def test_who_joins_is_asked_and_who_leaves_no_more(tree):
    here, below, people = tree
    made = for_all(here)
    joined = person(Role.EMPLOYEE, below)
    User.objects.filter(pk=people["here"].pk).update(is_active=False)
    User.objects.filter(pk=people["below"].pk).update(unit=people["beside"].unit)
    assert keep_readers(on=today(), at=clock.now()) == 1
    assert readings(made, assignee=joined, state="open").exists()
    assert not readings(made, assignee__in=[people["here"], people["below"]]).exclude(state="dropped").exists()
    assert keep_readers(on=today(), at=clock.now()) == 0


def test_the_daily_duty_is_a_task(tree):
    here, _below, _people = tree
    made = for_all(here)
    joined = person(Role.EMPLOYEE, here)
    daily()
    assert readings(made, assignee=joined).exists()


@pytest.mark.parametrize("many", [1, 3])
def test_so_many_people_take_one_statement(tree, many):
    here, _below, _people = tree
    made = for_all(here)
    for _number in range(many):
        person(Role.EMPLOYEE, here)
    with CaptureQueriesContext(connection) as asked_database:
        assert ask_readers(on=today(), at=clock.now(), document=made) == many
    assert len(asked_database) <= 12


def test_withdrawn_it_is_not_to_be_read(tree):
    here, _below, people = tree
    made = for_all(here)
    services.withdraw_document(made, by=manager(), reason="We stopped", at=clock.now())
    assert not readings(made).exclude(state="dropped").exists()
    assert asked(made) == set()
    assert not policies.can_acknowledge(people["here"], made)


def test_an_employee_sees_the_task_and_no_record(tree):
    here, _below, people = tree
    made, who = for_all(here), people["here"]
    task = readings(made).get(assignee=who)
    assert not Record.objects.visible_to(who).filter(pk=made.pk).exists()
    assert list(Task.objects.visible_to(who)) == [task]
    assert reviews.can_work(who, task) == "assignee"
    assert reviews.can_hand_over(who, task) == ""
    assert reviews.can_work(manager(here), task) == ""
    with pytest.raises(WrongState):
        reviews.complete_review(task, by=who, looked_at="It", on=today(), at=clock.now())
    assert not Task.objects.visible_to(User()).exists()


def test_nobody_reads_in_anothers_place(tree):
    here, _below, people = tree
    made, who = for_all(here), people["here"]
    Leave.objects.create(person=who, deputy=people["below"], first=today(), last=today() + timedelta(days=9))
    due.run(clock.now())
    assert readings(made).get(assignee=who).stands_in_for is None
    with pytest.raises(IntegrityError, match="task_read_in_person"), transaction.atomic():
        readings(made, assignee=who).update(assignee=None)


def test_silence_goes_to_the_manager_and_not_to_the_deputy(tree):
    here, _below, people = tree
    made, who, boss = for_all(here), people["here"], people["beside"]
    User.objects.filter(pk=who.pk).update(manager=boss)
    Wishes.objects.create(person=who, deputy=people["below"])
    late = clock.now() + timedelta(days=READ_WITHIN + 5)
    due.run(late)
    task = readings(made).get(assignee=who)
    assert (task.level, task.late_at is not None) == (0, True)
    due.run(late + timedelta(days=10))
    task.refresh_from_db()
    assert (task.level, task.escalated_to) == (2, boss)
    assert task in Task.objects.of(boss)
    work = next(one for one in due.work_of(boss, on=today()) if one.task == task)
    assert work.url == task.get_absolute_url()


def test_what_somebody_has_to_read_is_not_handed_over(tree):
    here, _below, people = tree
    made, who = for_all(here), people["here"]
    assert [one.label for one in holdings(who)] == []
    hand_over(who, to=people["below"])
    assert readings(made).get(assignee=who).state == "open"


def test_a_pack_says_how_many_have_read_what_holds_in_its_scope(tree):
    here, below, people = tree
    made, draft = for_all(here), document(where=below, title="Draft")
    for_all(people["beside"].unit, title="Beside")
    services.acknowledge(made, by=people["here"], at=clock.now())
    everybody = len(asked(made))
    rows = [row for chapter in documents(pack(manager(), below)) for row in chapter["rows"]]
    assert [(row["ref"], row["number"], row["asked"], row["read"]) for row in rows] == [
        (draft.ref, None, 0, 0),
        (made.ref, 1, everybody, 1),
    ]


def test_who_keeps_documents_sees_who_read(tree):
    here, _below, people = tree
    made = for_all(here)
    services.acknowledge(made, by=people["here"], at=clock.now())
    rows = readers_of(made, on=today())
    assert [one for one in rows if one.read_at] == [people["here"]]
    assert policies.can_see_readers(manager(here), made) == Role.AIMS_MANAGER
    assert policies.can_see_readers(person(Role.CONTRIBUTOR, here), made) == ""
    owner = person(Role.CONTRIBUTOR, here)
    services.change_document(made, by=manager(here), data={"owner": owner}, version=None)
    made.refresh_from_db()
    assert policies.can_see_readers(owner, made) == Role.CONTRIBUTOR
