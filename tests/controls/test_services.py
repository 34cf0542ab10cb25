"""Every write to control statements: the rules, the trail they leave, and AC-01 at the service."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from aims.errors import Hidden, NotPermitted, Stale
from aims.history import event_model, history
from controls import services
from controls.models import ControlStatement
from controls.states import Applicability, StatementState, Status
from organization.states import Role
from tests.factories import person, root_unit, unit
from tests.factories.controls import included, scope, statement, statements, system

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return person(Role.AIMS_MANAGER)


def change(row, by, **data):
    return services.change_statement(row, by=by, data=data, version=row.version)


class TestOpening:
    def test_opens_an_undecided_statement_for_every_control(self, manager):
        one = services.open_scope(root_unit(), by=manager, reason="Start")
        rows = ControlStatement.objects.of_scope(one).in_order()
        assert [row.control.number for row in rows][:4] == ["A.2.2", "A.2.3", "A.2.4", "A.3.2"]
        assert len(rows) == 38
        assert {row.state for row in rows} == {StatementState.UNDECIDED}
        assert {row.owner for row in rows} == {None}
        assert rows[0].title == "A.2.2 AI policy"

    def test_again_opens_only_what_is_missing(self, manager):
        one = scope()
        ControlStatement.objects.filter(control__number="A.7.4").delete()
        assert services.open_statements(one, by=manager) == 1
        assert services.open_statements(one, by=manager) == 0

    def test_another_scope_has_its_own(self):
        assert scope().statements.count() == 38
        assert scope(unit()).statements.count() == 38

    def test_is_recorded_with_capacity_and_reason(self, manager):
        services.open_scope(root_unit(), by=manager, reason="Certification")
        context = event_model(ControlStatement).objects.first().pgh_context
        assert (context["service"], context["via"]) == ("open_scope", "open_statements")
        assert (context["capacity"], context["actor"], context["reason"]) == (
            Role.AIMS_MANAGER, manager.pk, "Certification"
        )  # fmt: skip

    def test_needs_the_right(self):
        with pytest.raises(NotPermitted):
            services.open_statements(scope(), by=person(Role.CONTRIBUTOR))

    def test_queries_do_not_grow_with_the_controls(self, manager, django_assert_max_num_queries):
        root = root_unit()
        with django_assert_max_num_queries(70) as asked:
            services.open_scope(root, by=manager)
        of_statements = [one["sql"] for one in asked.captured_queries if '"controls_controlstatement"' in one["sql"]]
        assert sum(sql.startswith("INSERT") for sql in of_statements) == 1
        assert len(of_statements) <= 5


class TestDeciding:
    def test_includes_with_reason_and_basis(self, manager):
        row = statement("A.7.4")
        data = {"applicability": "included", "justification": "Bad data, bad prices.", "basis": ["risk", "law"]}
        done = services.decide_statement(
            row, by=manager, data=data, version=row.version, reason="Decided in the meeting"
        )
        assert (done.state, done.status, done.basis) == ("not_started", "not_started", ["risk", "law"])
        assert done.version == row.version + 1
        newest = history(done)[0]
        assert (newest.actor, newest.reason) == (manager.name, "Decided in the meeting")

    @pytest.mark.parametrize("blank", ["", "  ", "\n\t"])
    def test_ac01_excluding_without_justification_is_refused_naming_the_control(self, manager, blank):
        row = statement("A.6.2.8")
        with pytest.raises(ValidationError) as refused:
            services.decide_statement(
                row, by=manager, data={"applicability": "excluded", "justification": blank}, version=row.version
            )
        assert list(refused.value.message_dict) == ["justification"]
        assert "A.6.2.8" in refused.value.message_dict["justification"][0]
        row.refresh_from_db()
        assert row.state == StatementState.UNDECIDED

    def test_an_inclusion_may_be_saved_before_its_reason_is_written(self, manager):
        done = change(statement("A.7.4"), manager, applicability="included")
        assert (done.state, done.justification) == ("not_started", "")

    def test_taking_the_justification_of_an_exclusion_away_is_refused(self, manager):
        row = statement(applicability="excluded", justification="Not our role.")
        with pytest.raises(ValidationError, match="justification"):
            change(row, manager, justification=" ")

    def test_excluding_ends_the_status(self, manager):
        row = included(status="implemented")
        done = change(row, manager, applicability="excluded", justification="We train no models.")
        assert (done.status, done.state) == (Status.NOT_APPLICABLE, StatementState.EXCLUDED)

    def test_taking_up_an_excluded_control_starts_anew(self, manager):
        row = statement(applicability="excluded", justification="Not our role.")
        done = change(row, manager, applicability="included", justification="It is our role now.")
        assert (done.status, done.state) == (Status.NOT_STARTED, StatementState.NOT_STARTED)

    def test_taking_up_with_a_status(self, manager):
        row = statement(applicability="excluded", justification="Not our role.")
        done = change(row, manager, applicability="included", justification="It is now.", status="partial")
        assert done.state == StatementState.PARTIAL

    def test_undoing_a_decision(self, manager):
        done = change(included(status="partial"), manager, applicability="undecided", justification="")
        assert (done.state, done.status) == (StatementState.UNDECIDED, Status.PARTIAL)

    def test_an_excluded_control_takes_no_status(self, manager):
        row = statement("A.2.4", applicability="excluded", justification="Not our role.")
        with pytest.raises(ValidationError, match=r"A\.2\.4 is excluded and has no status"):
            change(row, manager, status="partial")

    @pytest.mark.parametrize("applicability", ["included", "undecided"])
    def test_only_excluded_controls_are_not_applicable(self, manager, applicability):
        row = statement("A.2.4", applicability=applicability, justification="A reason.")
        with pytest.raises(ValidationError, match=r"A\.2\.4 is not excluded"):
            change(row, manager, status="not_applicable")

    @pytest.mark.parametrize(("name", "value"), [("applicability", "perhaps"), ("basis", ["mood"]), ("status", "done")])
    def test_unknown_words_are_refused(self, manager, name, value):
        with pytest.raises((ValidationError, ValueError)):
            change(included(), manager, **{name: value})

    def test_only_its_own_fields(self, manager):
        row = included()
        with pytest.raises(AssertionError, match="owner"):
            services.decide_statement(row, by=manager, data={"owner": manager}, version=row.version)


class TestImplementing:
    def test_describes(self, manager):
        row = included()
        data = {"implementation": "A guardrail caps prices.", "procedure": "PR-1", "last_reviewed_on": date(2026, 3, 1)}
        done = services.describe_implementation(row, by=manager, data=data, version=row.version)
        assert (done.implementation, done.procedure, done.last_reviewed_on) == tuple(data.values())

    def test_sets_the_status(self, manager):
        row = included()
        done = services.set_status(row, by=manager, data={"status": "implemented"}, version=row.version)
        assert done.state == StatementState.IMPLEMENTED

    def test_planned_needs_owner_and_date(self, manager):
        row = included("A.9.2")
        with pytest.raises(ValidationError) as refused:
            services.set_status(row, by=manager, data={"status": "planned"}, version=row.version)
        assert set(refused.value.message_dict) == {"owner", "due_on"}
        row = services.assign_owner(row, by=manager, owner=manager, version=row.version)
        data = {"status": "planned", "due_on": date(2026, 6, 1)}
        assert services.set_status(row, by=manager, data=data, version=row.version).state == StatementState.PLANNED

    def test_the_owner_of_a_planned_control_stays(self, manager):
        row = included(owner=manager, due_on=date(2026, 6, 1), status="planned")
        with pytest.raises(ValidationError, match="name who does it"):
            services.assign_owner(row, by=manager, owner=None, version=row.version)


class TestPermissions:
    def test_a_contributor_describes_but_does_not_decide(self):
        contributor, row = person(Role.CONTRIBUTOR), included()
        assert change(row, contributor, status="partial").state == StatementState.PARTIAL
        row.refresh_from_db()
        with pytest.raises(NotPermitted):
            change(row, contributor, justification="Another one.")

    def test_fields_sent_unchanged_need_no_permission(self):
        contributor, row = person(Role.CONTRIBUTOR), included()
        done = change(row, contributor, status="partial", justification=row.justification, owner=None, systems=[])
        assert done.state == StatementState.PARTIAL

    def test_a_reader_changes_nothing_not_even_by_sending_it_unchanged(self):
        row = included()
        with pytest.raises(NotPermitted):
            change(row, person(Role.READER), status=row.status)

    def test_the_owner_describes_in_the_capacity_of_owner(self):
        owner = person(Role.READER)
        done = change(included(owner=owner), owner, status="partial")
        event = event_model(ControlStatement).objects.filter(pgh_obj_id=done.pk).order_by("-pgh_id").first()
        assert event.pgh_context["capacity"] == "owner"

    def test_a_stale_version_loses_nothing(self, manager):
        row = included()
        change(row, manager, procedure="Theirs")
        with pytest.raises(Stale) as stale:
            services.change_statement(row, by=manager, data={"procedure": "Mine"}, version=row.version)
        assert stale.value.extra["current"].procedure == "Theirs"


class TestReach:
    def test_limits_to_systems_and_widens_again(self, manager):
        row, one, two = included(), system(), system(title="Pricing")
        done = change(row, manager, systems=[one, two])
        assert {s.pk for s in services.reach(done, manager)} == {one.pk, two.pk}
        assert done.version > row.version
        done = change(done, manager, systems=[two])
        assert services.reach(done, manager) == [two]
        assert services.reach(change(done, manager, systems=[]), manager) == []

    def test_naming_the_same_systems_writes_nothing(self, manager):
        row = included(systems=[system()])
        named = services.reach(row, manager)
        row.refresh_from_db()
        assert change(row, manager, systems=named).version == row.version

    def test_a_system_one_does_not_see_stays_and_cannot_be_named(self):
        restricted = system(confidentiality="restricted")
        everyone, row = person(Role.AIMS_MANAGER), included(systems=[restricted])
        row.refresh_from_db()
        # Deciding alone does not clear: a person with the verb but without clearance, as a custom role could be.
        partly = person(Role.AIMS_MANAGER)
        partly.__dict__["access"] = _without_clearance(partly.access)
        open_one = system(title="Pricing")
        done = change(row, partly, systems=[open_one])
        assert services.reach(done, partly) == [open_one]
        assert {s.pk for s in services.reach(done, everyone)} == {restricted.pk, open_one.pk}
        with pytest.raises(Hidden):
            change(done, partly, systems=[restricted])


def _without_clearance(access):
    return replace(access, clearance=frozenset())


class TestBulk:
    def test_each_row_by_itself(self, manager):
        rows = statements()
        changes = [
            services.RowChange(rows["A.2.2"], {"owner": manager}, rows["A.2.2"].version),
            services.RowChange(rows["A.6.2.8"], {"applicability": Applicability.EXCLUDED}, rows["A.6.2.8"].version),
            services.RowChange(rows["A.2.3"], {"owner": manager}, 99),
        ]
        saved, refused, stale = services.bulk_change(changes, by=manager, reason="Kick-off")
        assert (saved.status, saved.statement.owner, saved.errors) == (200, manager, {})
        assert refused.status == 400
        assert "A.6.2.8" in refused.errors["justification"][0]
        assert stale.status == 412
        assert stale.errors[""]
        assert ControlStatement.objects.filter(owner=manager).count() == 1
        event = event_model(ControlStatement).objects.filter(pgh_obj_id=rows["A.2.2"].pk).order_by("-pgh_id").first()
        assert (event.pgh_context["service"], event.pgh_context["reason"]) == ("bulk_change", "Kick-off")

    def test_a_row_one_may_not_change(self):
        row = included()
        (outcome,) = services.bulk_change([services.RowChange(row, {"status": "partial"})], by=person(Role.READER))
        assert (outcome.status, outcome.statement) == (403, row)
