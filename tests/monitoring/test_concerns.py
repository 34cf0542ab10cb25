"""Concerns are raised, handled and answered; who sees one, and who never does (control A.3.3)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from aims.access import access_of
from aims.errors import NotPermitted, Stale, WrongState
from aims.models import Record
from aims.reviews import change_cadence
from aims.rhythm import Every
from aims.trail import recording
from monitoring import policies, services
from monitoring.models import Concern, ConcernLink, Entry, NamedPerson
from monitoring.states import CONCERN, ConcernState
from organization.models import CaseListing, Membership, UnitGroupGrant, User
from organization.services import list_on_case
from tests.factories import person, root_unit, unit
from tests.factories.inventory import system
from tests.factories.monitoring import DAY, NOON, answered, fresh, handler, looked_into, raised, whispered

pytestmark = pytest.mark.django_db


def sees(who, concern):
    who.forget_access()
    return Concern.objects.visible_to(who).filter(pk=concern.pk).exists()


def seers(concern):
    return set(CaseListing.objects.filter(record_id=concern.pk).values_list("person_id", flat=True))


class TestWhoSeesIt:
    def test_handlers_see_it_and_nobody_else(self):
        one, other, manager = handler(), handler(), person("aims_manager")
        concern = raised()
        assert seers(concern) == {one.pk, other.pk}
        assert [sees(who, concern) for who in (one, other, manager)] == [True, True, False]

    def test_who_is_named_never_sees_it_though_they_handle_concerns(self):
        one, named = handler(name="Ada Able"), handler(name="Bo Blunt")
        concern = raised(named="It was Bo Blunt, I think")
        assert seers(concern) == {one.pk}
        assert [row.person for row in concern.people.all()] == [named]
        assert not sees(named, concern)

    @pytest.mark.parametrize("words", ["bo.blunt@example.org", "Bo Blunt", "blunt", "someone\nBLUNT, Bo", "a; Blunt"])
    def test_names_are_found_by_mail_full_name_or_part_of_it(self, words):
        handler(), person(name="Bo Blunt", email="bo.blunt@example.org")
        assert [row.person.name for row in raised(named=words).people.all()] == ["Bo Blunt"]

    @pytest.mark.parametrize("words", ["", "Bobby", "Mr Blunt from sales", " ,;\n"])
    def test_other_words_name_nobody(self, words):
        handler(), person(name="Bo Blunt"), person(name="")
        assert not raised(named=words).people.exists()

    def test_management_handles_it_where_no_handler_is_left(self):
        handler(name="Bo Blunt")
        chief, manager = person("top_management"), person("aims_manager")
        assert seers(raised(named="Bo Blunt")) == {chief.pk}
        by = person("concern_handler", name="Cy Candid")
        assert seers(raised(by=by, named="Bo Blunt")) == {chief.pk}
        assert manager.pk not in seers(raised(by=by, named="Bo Blunt"))

    def test_nobody_left_is_said_instead_of_losing_it(self):
        handler(name="Bo Blunt")
        with pytest.raises(ValidationError) as refused:
            raised(named="Bo Blunt")
        assert "outside" in refused.value.message_dict["named"][0]

    def test_handlers_come_from_the_unit_above_and_from_groups(self):
        below = unit("Below")
        above, elsewhere, grouped = handler(), handler(unit("Elsewhere")), person()
        group(grouped, "concern_handler", root_unit())
        concern = raised(by=person(where=below))
        assert seers(concern) == {above.pk, grouped.pk}
        assert elsewhere.pk not in seers(concern)

    def test_whoever_is_named_later_is_off_the_list(self):
        one, other = handler(), handler()
        concern = raised()
        keeper, named = (one, other) if concern.owner == one else (other, one)
        services.name_person(fresh(concern), by=keeper, person=named, reason="Mentioned in a talk")
        assert not sees(named, concern)
        with pytest.raises(ValidationError):
            services.name_person(fresh(concern), by=keeper, person=named, reason="Again")
        with pytest.raises(WrongState):
            services.name_person(fresh(concern), by=keeper, person=keeper, reason="Me")

    def test_nobody_brings_in_who_is_named_or_who_raised_it(self):
        one, named, reporter, friend = handler(), person(name="Bo Blunt"), person(), person()
        concern = raised(by=reporter, named="Bo Blunt")
        for who in (named, reporter):
            with pytest.raises(ValidationError):
                list_on_case(concern, person=who, by=fresh_person(one), reason="x")
        list_on_case(concern, person=friend, by=fresh_person(one), reason="Knows the system")
        assert sees(friend, concern)
        assert not policies.can_handle(friend, concern)

    def test_a_kept_name_is_known_to_handlers_alone(self):
        one, friend, reporter = handler(), person(), person()
        concern, open_one = raised(by=reporter, name_kept=True), raised()
        list_on_case(concern, person=friend, by=fresh_person(one), reason="Knows the system")
        assert policies.may_know_reporter(fresh_person(one), concern)
        assert not policies.may_know_reporter(fresh_person(friend), concern)
        assert policies.may_know_reporter(friend, open_one)

    def test_the_spine_knows_the_level(self):
        handler()
        assert Record.objects.get(pk=raised().pk).confidentiality == "case"


def fresh_person(who):
    return User.objects.get(pk=who.pk)


def group(who, role, where):
    from django.contrib.auth.models import Group, Permission

    made = Group.objects.create(name="Ombuds")
    permission = Permission.objects.get(content_type__app_label="organization", codename=role)
    with recording(None, "test"):
        Membership.objects.create(user=who, group=made)
        UnitGroupGrant.objects.create(
            group=made, permission=permission, content_object=where, reason="test", valid_from=date(2020, 1, 1)
        )


class TestTheTrail:
    def test_anonymous_leaves_neither_person_nor_request(self):
        handler()
        concern, code = whispered()
        services.write_by_code(services.concern_of_code(code), text="More.", at=NOON)
        for events in (concern.events.all(), concern.receipt.events.all(), concern.entries.get().events.all()):
            for event in events:
                assert set(event.pgh_context) == {"service", "capacity"}
                assert not hasattr(event, "digest")
        assert (concern.raised_by, concern.unit) == (None, root_unit())

    def test_kept_name_stands_in_no_context(self):
        handler()
        reporter = person()
        concern = raised(by=reporter, name_kept=True)
        services.write_to_handlers(concern, by=reporter, text="More.", at=NOON)
        contexts = [event.pgh_context for event in (*concern.events.all(), *concern.entries.get().events.all())]
        assert not any("actor" in one or "request" in one for one in contexts)

    def test_a_name_given_is_the_actor(self):
        handler()
        reporter = person()
        concern = raised(by=reporter)
        services.write_to_handlers(concern, by=reporter, text="More.", at=NOON)
        assert {event.pgh_context["actor"] for event in concern.entries.get().events.all()} == {reporter.pk}
        assert concern.events.first().pgh_context["actor"] == reporter.pk

    def test_code_opens_however_it_is_typed_and_no_other_does(self):
        handler()
        concern, code = whispered()
        assert services.concern_of_code(f"  {code.lower().replace('-', ' ')} ") == concern
        assert services.concern_of_code(code[:-1]) is None
        assert code not in str(concern.receipt.digest)


class TestTheWay:
    def test_from_receipt_to_closing_and_back(self):
        by = handler()
        concern = raised()
        assert (concern.owner, concern.due_on, concern.acknowledge_by) == (by, date(2026, 5, 11), date(2026, 5, 11))
        services.acknowledge_concern(concern, by=by, text="Thank you.", at=NOON, version=concern.version)
        assert (fresh(concern).state, concern.due_on) == ("acknowledged", date(2026, 8, 4))
        services.look_into_concern(fresh(concern), by=by)
        done = services.answer_concern(fresh(concern), by=by, verdict="upheld", reasons="So it is.", at=NOON)
        assert (done.state, done.due_on, done.answered) == ("answered", None, True)
        closed = services.close_concern(done, by=by, at=NOON)
        assert closed.closed_at == NOON
        again = services.reopen_concern(closed, by=by, reason="New facts", on=DAY + timedelta(days=100))
        assert (again.state, again.verdict, again.closed_at) == ("looking", "", None)
        assert again.due_on == again.answer_by == date(2026, 11, 12)
        assert [one.sort for one in again.entries.all()] == ["to_reporter"]

    @pytest.mark.parametrize("state", ConcernState)
    @pytest.mark.parametrize("edge", CONCERN.edges, ids=lambda edge: edge.verb)
    def test_every_verb_in_every_state(self, state, edge):
        by = handler()
        concern = in_state(raised(), state)
        act = {
            "acknowledge": lambda: services.acknowledge_concern(concern, by=by, text="x", at=NOON),
            "look": lambda: services.look_into_concern(concern, by=by),
            "answer": lambda: services.answer_concern(concern, by=by, verdict="upheld", reasons="x", at=NOON),
            "close": lambda: services.close_concern(concern, by=by, at=NOON),
            "reopen": lambda: services.reopen_concern(concern, by=by, reason="x", on=DAY),
        }[edge.verb]
        if state in edge.sources:
            assert act().state == edge.target
        else:
            with pytest.raises(WrongState):
                act()

    def test_deadlines_follow_the_cadence_and_working_days(self):
        handler()
        manager = person("aims_manager")
        change_cadence("concern", by=manager, every=Every(5), tier="acknowledge", on=DAY, reason="Sooner")
        change_cadence("concern", by=manager, every=Every(4), on=DAY, reason="Sooner still")
        concern = raised()
        assert (concern.acknowledge_by, concern.answer_by) == (date(2026, 5, 11), date(2026, 5, 11))

    def test_given_to_who_has_the_fewest(self):
        first, second = handler(), handler()
        assert [raised().owner for _one in range(3)] == [first, second, first]

    def test_given_to_another_handler_who_is_listed(self):
        by = handler()
        concern = raised()
        other, reader = handler(), person("reader")
        moved = services.assign_handler(concern, by=by, to=other, reason="Away", on=DAY)
        assert moved.owner == other
        assert sees(other, concern)
        for wrong in (reader, concern.raised_by):
            with pytest.raises(ValidationError):
                services.assign_handler(fresh(concern), by=by, to=wrong, reason="x", on=DAY)

    def test_who_is_named_is_not_given_it(self):
        by, named = handler(), handler(name="Bo Blunt")
        concern = raised(named="Bo Blunt")
        with pytest.raises(ValidationError):
            services.assign_handler(concern, by=by, to=named, reason="x", on=DAY)

    def test_messages_and_notes(self):
        by = handler()
        concern = raised()
        services.write_to_reporter(concern, by=by, text=" When? ", at=NOON)
        services.write_to_handlers(concern, by=concern.raised_by, text="In May.", at=NOON)
        services.note_on_concern(concern, by=by, text="Ask the vendor.", at=NOON)
        said = [(one.sort, one.text, one.author) for one in concern.entries.all()]
        assert said == [
            ("to_reporter", "When?", by), ("from_reporter", "In May.", None), ("note", "Ask the vendor.", by),
        ]  # fmt: skip
        assert Concern.objects.waiting().get() == concern
        services.write_to_reporter(concern, by=by, text="Thanks.", at=NOON)
        assert not Concern.objects.waiting().exists()

    def test_links_to_records_of_any_kind(self):
        by = handler()
        concern, thing = raised(), system()
        record = Record.objects.get(pk=thing.pk)
        services.link_record(concern, by=by, record=record)
        assert fresh(concern).system == thing
        with pytest.raises(ValidationError):
            services.link_record(concern, by=by, record=record)
        with pytest.raises(ValidationError):
            services.link_record(concern, by=by, record=Record.objects.get(pk=concern.pk))
        services.link_record(concern, by=by, record=Record.objects.get(pk=system().pk))
        assert fresh(concern).system == thing
        services.unlink_record(concern, by=by, record=record, reason="Another one")
        assert concern.links.count() == 1

    def test_what_it_is_about_is_linked_where_it_is_sure(self):
        handler()
        thing = system(title="Sorting of applications")
        system(title="Twice"), system(title="Twice", unit=unit("Other"))
        assert raised(about="sorting of applications ").system == thing
        assert raised(about=thing.ref.lower()).system == thing
        assert raised(about="Twice").system is None

    def test_nothing_is_said_without_words(self):
        by = handler()
        concern = looked_into(raised())
        for act in (
            lambda: raised(told="  "),
            lambda: services.answer_concern(concern, by=by, verdict="upheld", reasons=" ", at=NOON),
            lambda: services.note_on_concern(concern, by=by, text=" ", at=NOON),
            lambda: services.reopen_concern(concern, by=by, reason="", on=DAY),
            lambda: services.assign_handler(concern, by=by, to=by, reason=" ", on=DAY),
            lambda: services.name_person(concern, by=by, person=person(), reason=""),
            lambda: services.unlink_record(concern, by=by, record=None, reason=""),
        ):
            with pytest.raises(ValidationError):
                act()

    def test_a_stale_save_is_refused(self):
        by = handler()
        concern = raised()
        services.note_on_concern(concern, by=by, text="x", at=NOON)
        with pytest.raises(Stale):
            services.acknowledge_concern(concern, by=by, text="x", at=NOON, version=concern.version)

    def test_nothing_is_written_once_it_is_closed(self):
        by = handler()
        concern, code = whispered()
        services.close_concern(answered(concern), by=by, at=NOON)
        with pytest.raises(WrongState):
            services.write_by_code(services.concern_of_code(code), text="More.", at=NOON)
        own = raised()
        services.close_concern(answered(own), by=fresh(own).owner, at=NOON)
        with pytest.raises(NotPermitted):
            services.write_to_handlers(fresh(own), by=own.raised_by, text="More.", at=NOON)


def in_state(concern, state):
    if state == "acknowledged":
        services.acknowledge_concern(concern, by=concern.owner, text="x", at=NOON)
    if state == "looking":
        looked_into(concern)
    if state in ("answered", "closed"):
        answered(concern)
    if state == "closed":
        services.close_concern(fresh(concern), by=concern.owner, at=NOON)
    return fresh(concern)


class TestWhoMay:
    def test_who_handles(self):
        by, chief, reader = handler(), person("top_management"), person("reader")
        concern = raised()
        assert policies.can_handle(by, concern) == "concern_handler"
        assert [policies.can_handle(who, concern) for who in (chief, reader)] == ["", ""]
        for verb in (services.look_into_concern, services.close_concern):
            more = {"at": NOON} if verb is services.close_concern else {}
            with pytest.raises(NotPermitted):
                verb(concern, by=chief, **more)

    def test_who_raised_it_does_not_handle_it_even_when_listed(self):
        handler()
        own = handler()
        concern = raised(by=own)
        with recording(None, "test"):
            CaseListing.objects.create(record_id=concern.pk, person=own, reason="test")
        assert sees(own, concern)
        assert policies.can_handle(own, concern) == ""

    def test_everybody_here_raises_programs_and_tokens_do_not(self):
        token = person()
        token.token_scopes = frozenset({"*"})
        assert policies.can_raise(person()) == policies.can_raise(person("employee")) == "reporter"
        assert policies.can_raise(token) == policies.can_raise(person(is_program=True)) == ""
        with pytest.raises(NotPermitted):
            raised(by=person(is_program=True))

    def test_only_who_raised_it_writes_as_such(self):
        handler()
        concern = raised()
        with pytest.raises(NotPermitted):
            services.write_to_handlers(concern, by=person(), text="x", at=NOON)

    def test_numbers_are_counted_by_role_alone(self):
        by, reader, employee = handler(), person("reader"), person("employee")
        answered(raised())
        whispered()
        assert [bool(policies.can_count(who)) for who in (by, reader, employee)] == [True, True, False]
        found = Concern.objects.figures(policies.units_counted(reader), on=date(2026, 6, 1))
        assert found == {
            "received": 2, "open": 1, "overdue": 1, "anonymous": 1, "acknowledged": 1, "acknowledged_in_time": 1,
            "answered": 1, "answered_in_time": 1, "upheld": 0, "partly": 1, "not_upheld": 0,
        }  # fmt: skip
        assert not policies.units_counted(employee)
        assert not access_of(reader).cases


class TestTheDatabase:
    @pytest.mark.parametrize(
        "values",
        [
            {"confidentiality": "normal"},
            {"state": "odd"},
            {"sort": "odd"},
            {"verdict": "odd"},
            {"told": " "},
            {"state": "acknowledged"},
            {"acknowledged_at": NOON},
            {"verdict": "upheld"},
            {"outcome": "x"},
            {"answered_at": NOON},
            {"closed_at": NOON},
            {"answer_by": date(2026, 5, 5)},
            {"told": "Other words"},
            {"named": "Other words"},
            {"about": "Other words"},
            {"sort": "harm"},
            {"received_at": NOON + timedelta(days=1)},
            {"raised_by": None},
        ],
        ids=str,
    )
    def test_refuses(self, values):
        handler()
        refused(lambda: Concern.objects.filter(pk=raised().pk).update(**values))

    def test_refuses_a_kept_name_of_nobody(self):
        handler()
        refused(lambda: Concern.objects.filter(pk=whispered()[0].pk).update(name_kept=True))

    def test_refuses_an_answer_without_reasons(self):
        handler()
        concern = answered(raised())
        refused(lambda: Concern.objects.filter(pk=concern.pk).update(reasons=" "))
        refused(lambda: Concern.objects.filter(pk=concern.pk).update(verdict=""))
        refused(lambda: Concern.objects.filter(pk=concern.pk).update(state="closed"))

    def test_refuses_who_is_involved_as_handler(self):
        handler(), person(name="Bo Blunt")
        concern = raised(named="Bo Blunt")
        refused(lambda: Concern.objects.filter(pk=concern.pk).update(owner=concern.raised_by))
        refused(lambda: Concern.objects.filter(pk=concern.pk).update(owner=concern.people.get().person))
        refused(lambda: NamedPerson.objects.create(concern=concern, person=concern.owner))
        refused(lambda: NamedPerson.objects.create(concern=concern, person=concern.people.get().person))

    def test_naming_takes_off_the_list_whoever_writes_it(self):
        one, other = handler(), handler()
        concern = raised()
        off = other if concern.owner == one else one
        with recording(None, "test"):
            NamedPerson.objects.create(concern=concern, person=off)
        assert off.pk not in seers(concern)

    @pytest.mark.parametrize(
        "values", [{"sort": "odd"}, {"text": " "}, {"sort": "note"}, {"sort": "to_reporter"}], ids=str
    )
    def test_refuses_entries(self, values):
        handler()
        given = {"concern": raised(), "sort": "from_reporter", "text": "x", "written_at": NOON, **values}
        refused(lambda: Entry.objects.create(**given))

    def test_refuses_an_author_of_what_the_reporter_writes(self):
        by = handler()
        given = {"concern": raised(), "sort": "from_reporter", "text": "x", "written_at": NOON, "author": by}
        refused(lambda: Entry.objects.create(**given))

    def test_entries_stay(self):
        by = handler()
        said = services.note_on_concern(raised(), by=by, text="x", at=NOON)
        refused(lambda: Entry.objects.filter(pk=said.pk).update(text="y"), Exception)
        refused(said.delete, Exception)

    def test_links_once(self):
        handler()
        concern, record = raised(), Record.objects.get(pk=system().pk)
        ConcernLink.objects.create(concern=concern, record=record)
        refused(lambda: ConcernLink.objects.create(concern=concern, record=record))


def refused(act, error=IntegrityError):
    with pytest.raises(error), transaction.atomic(), recording(None, "test"):
        act()
