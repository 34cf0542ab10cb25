"""Authorities, records of competence, the table of separated duties and reviews of overrides."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from aims import clock, due
from aims.errors import NotPermitted, Stale, WrongState
from aims.models import Task
from organization.duties import DutyMode
from organization.mandates import Authority, CompetenceRecord, DutyOverride, DutyTable
from organization.services import mandates as services
from organization.services.duties import mode_of, review_override, set_duties
from organization.states import Role
from risk.rules import ACCEPTOR_ASSESSOR
from tests.factories import commitments as make
from tests.factories import person, root_unit, unit
from tests.factories import risk as risks
from tests.organization.test_commitments import confirmed, queries

pytestmark = pytest.mark.django_db
LOW = {ACCEPTOR_ASSESSOR.id: {"low": DutyMode.OVERRIDE}}


def overridden():
    """A low risk that its assessor accepted, with an override."""
    set_duties(LOW, by=person(Role.TOP_MANAGEMENT), reason="We are three.")
    owner = person(Role.RISK_OWNER)
    row = risks.assessed(by=owner, ratings=risks.LOW)
    risks.accept(row, by=owner, override=risks.Override("Alone here.", "Looked at monthly."))
    return DutyOverride.objects.get()


class TestAuthority:
    def test_reaches_up_to_its_level_below_its_unit_for_its_time(self):
        risks.in_force()
        home = unit()
        who = person(Role.READER, home)
        make.authority(owner=who, level="medium", unit=home, valid_until=make.soon(10))
        ask = {"act": "accept_risk", "on": clock.today()}
        assert services.authority_of(who, levels=["low", "medium", "high"], unit=home, **ask)
        assert services.authority_of(who, levels=["high"], unit=home, **ask) is None
        assert services.authority_of(who, levels=["medium"], unit=root_unit(), **ask) is None
        late = {**ask, "on": make.soon(11)}
        assert services.authority_of(who, levels=["medium"], unit=home, **late) is None
        assert services.authority_of(who, levels=["medium"], unit=home, **{**ask, "act": "approve_plan"}) is None

    def test_of_a_role_reaches_who_holds_it_there(self):
        row = make.authority(role=Role.INTERNAL_AUDITOR)
        ask = {"act": "accept_risk", "levels": ["low"], "unit": root_unit(), "on": clock.today()}
        assert services.authority_of(person(Role.INTERNAL_AUDITOR), **ask) == row
        assert services.authority_of(person(Role.READER), **ask) is None

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"level": "huge"}, "level"),
            ({"role": "king", "owner": None}, "role"),
            ({"owner": None}, "owner"),
            ({"act": "sing"}, "act"),
            ({"reason": " "}, "reason"),
            ({"valid_until": make.soon(-1)}, "valid_until"),
        ],
    )
    def test_bad_input_is_told_beside_its_field(self, given, field):
        risks.in_force()
        with pytest.raises(ValidationError) as refused:
            make.authority(**given)
        assert field in refused.value.message_dict or "__all__" in refused.value.message_dict
        assert not Authority.objects.exists()

    def test_not_to_oneself_nor_by_others_nor_for_who_left(self):
        chief = person(Role.TOP_MANAGEMENT)
        with pytest.raises(NotPermitted):
            make.authority(by=chief, owner=chief)
        with pytest.raises(NotPermitted):
            make.authority(by=person(Role.APPROVER))
        with pytest.raises(ValidationError, match="owner"):
            make.authority(owner=person(is_active=False))

    def test_ends_once(self):
        row, chief = make.authority(), person(Role.TOP_MANAGEMENT)
        with pytest.raises(ValidationError, match="reason"):
            services.end_authority(row, by=chief, reason="", on=clock.today())
        with pytest.raises(Stale):
            services.end_authority(row, by=chief, reason="x", on=clock.today(), version=9)
        assert services.end_authority(row, by=chief, reason="Over.", on=clock.today()).state == "ended"
        with pytest.raises(WrongState):
            services.end_authority(row, by=chief, reason="Over.", on=clock.today())

    @pytest.mark.parametrize(
        "broken",
        [{"role": "reader"}, {"owner": None}, {"state": "ended"}, {"act": "x"}, {"reason": " "}],
    )
    def test_the_database_refuses(self, broken):
        row = make.authority()
        with pytest.raises(IntegrityError), transaction.atomic():
            Authority.objects.filter(pk=row.pk).update(**broken)

    def test_nobody_gives_it_to_themselves_by_sql(self):
        row = make.authority()
        with pytest.raises(IntegrityError), transaction.atomic():
            Authority.objects.filter(pk=row.pk).update(granted_by=row.owner_id)


class TestCompetence:
    def test_is_confirmed_by_another_and_renewed(self):
        row, manager = make.competence(), person(Role.AIMS_MANAGER)
        with pytest.raises(NotPermitted):
            make.competence(by=manager, owner=manager)
        data = {"ground": "Examined again.", "acquired_on": clock.today(), "due_on": make.soon(800)}
        renewed = services.renew_competence(row, by=manager, data=data)
        assert (renewed.confirmed_by, renewed.due_on) == (manager, make.soon(800))
        with pytest.raises(ValidationError):
            services.renew_competence(row, by=manager, data={**data, "due_on": make.soon(-9)})
        with pytest.raises(NotPermitted):
            services.renew_competence(row, by=row.owner, data=data)

    def test_what_runs_out_comes_back_as_a_task_once(self):
        row = make.competence(due_on=make.soon(30))
        due.run(clock.now())
        due.run(clock.now())
        assert Task.objects.get(record=row.pk).assignee == row.owner

    def test_ends_with_a_reason(self):
        row, manager = make.competence(), person(Role.AIMS_MANAGER)
        ended = services.end_competence(row, by=manager, reason="Left the field.", on=clock.today())
        assert (ended.state, ended.due_on) == ("ended", None)
        with pytest.raises(WrongState):
            services.renew_competence(row, by=manager, data={"ground": "x"})

    @pytest.mark.parametrize(
        "broken", [{"ground": " "}, {"due_on": make.LONG_PAST}, {"owner": None}, {"state": "ended"}]
    )
    def test_the_database_refuses(self, broken):
        row = make.competence()
        with pytest.raises(IntegrityError), transaction.atomic():
            CompetenceRecord.objects.filter(pk=row.pk).update(**broken)


class TestTable:
    def test_default_is_required_and_editions_follow(self):
        chief = person(Role.TOP_MANAGEMENT)
        assert mode_of(ACCEPTOR_ASSESSOR, "low") == DutyMode.REQUIRED
        one = set_duties(LOW, by=chief, reason="Small.", version=0)
        assert (one.edition, mode_of(ACCEPTOR_ASSESSOR, "low")) == (1, DutyMode.OVERRIDE)
        assert mode_of(ACCEPTOR_ASSESSOR, "medium") == DutyMode.REQUIRED
        with pytest.raises(Stale):
            set_duties({}, by=chief, reason="Grown.", version=0)
        assert set_duties({}, by=chief, reason="Grown.", version=1).edition == 2

    @pytest.mark.parametrize(
        "cells",
        [
            {"no.rule": {"low": "override"}},
            {ACCEPTOR_ASSESSOR.id: {"tiny": "override"}},
            {ACCEPTOR_ASSESSOR.id: {"low": "perhaps"}},
            {ACCEPTOR_ASSESSOR.id: {"high": "override"}},
            {ACCEPTOR_ASSESSOR.id: "override"},
        ],
    )
    def test_refuses_what_is_no_table(self, cells):
        with pytest.raises(ValidationError, match="cells"):
            set_duties(cells, by=person(Role.TOP_MANAGEMENT), reason="x")

    def test_is_set_by_top_management_alone_with_a_reason(self):
        with pytest.raises(NotPermitted):
            set_duties({}, by=person(Role.AIMS_MANAGER), reason="x")
        with pytest.raises(ValidationError, match="reason"):
            set_duties({}, by=person(Role.TOP_MANAGEMENT), reason=" ")

    def test_an_edition_never_changes(self):
        set_duties(LOW, by=person(Role.TOP_MANAGEMENT), reason="Small.")
        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            DutyTable.objects.update(reason="Other.")


class TestOverride:
    def test_falls_due_and_is_reviewed_by_another_once(self):
        row = overridden()
        due.run(clock.now() + risks.timedelta(days=80))
        assert Task.objects.filter(record=row.pk, assignee=None).count() == 1
        with pytest.raises(NotPermitted):
            review_override(row, by=row.by, finding="Fine.", at=clock.now())
        auditor = person(Role.INTERNAL_AUDITOR)
        with pytest.raises(ValidationError, match="finding"):
            review_override(row, by=auditor, finding=" ", at=clock.now())
        done = review_override(row, by=auditor, finding="Sound.", at=clock.now())
        assert (done.state, done.due_on, done.reviewed_by) == ("reviewed", None, auditor)
        with pytest.raises(WrongState):
            review_override(row, by=auditor, finding="Again.", at=clock.now())

    def test_shows_only_with_its_record(self):
        row = overridden()
        assert list(DutyOverride.objects.visible_to(person(Role.READER))) == [row]
        assert not DutyOverride.objects.visible_to(person(Role.READER, unit())).exists()

    @pytest.mark.parametrize(
        "broken", [{"reason": "Other."}, {"finding": "x"}, {"state": "reviewed"}, {"due_on": None}]
    )
    def test_the_database_refuses(self, broken):
        row = overridden()
        with pytest.raises(IntegrityError), transaction.atomic():
            DutyOverride.objects.filter(pk=row.pk).update(**broken)

    def test_is_never_taken_away(self):
        row = overridden()
        with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
            row.delete()


class TestPages:
    def test_give_and_end_an_authority(self, client_of):
        risks.in_force()
        chief, who = person(Role.TOP_MANAGEMENT), person(Role.READER)
        form = {
            "owner": who.email, "role": "", "act": "accept_risk", "level": "medium", "unit": "Whole",
            "valid_from": clock.today().isoformat(), "valid_until": "", "reason": "Stands in.",
        }  # fmt: skip
        assert client_of(chief).get("/authorities/new/").status_code == 302
        page = confirmed(client_of(chief))
        both = page.post("/authorities/new/", {**form, "role": "reader"})
        assert both.status_code == 400
        assert "one of the two" in both.content.decode()
        assert page.post("/authorities/new/", {**form, "level": "huge"}).status_code == 400
        assert page.post("/authorities/new/", form).status_code == 302
        row = Authority.objects.get()
        assert "Medium" in page.get("/authorities/").content.decode()
        assert "Stands in." in page.get(row.get_absolute_url()).content.decode()
        assert page.post(f"{row.get_absolute_url()}end/", {"reason": "Over."}).status_code == 302
        assert "Over." in page.get(row.get_absolute_url()).content.decode()

    def test_record_renew_and_end_competence(self, client_of):
        manager, who = person(Role.AIMS_MANAGER), person(Role.READER)
        page = confirmed(client_of(manager))
        form = {
            "owner": who.email, "title": "Assessing", "ground": "Course.", "acquired_on": clock.today().isoformat(),
            "due_on": make.soon(3).isoformat(),
        }  # fmt: skip
        assert page.post("/competences/new/", {**form, "due_on": make.soon(-3).isoformat()}).status_code == 400
        assert page.post("/competences/new/", form).status_code == 302
        row = CompetenceRecord.objects.get()
        url = row.get_absolute_url()
        renewed = page.post(f"{url}renew/", {**form, "due_on": make.soon(400).isoformat()})
        assert renewed.status_code == 302
        assert page.post(f"{url}end/", {"reason": "Left."}).status_code == 302
        assert "Left." in page.get(url).content.decode()

    def test_set_the_table_and_keep_what_was_typed_when_another_did(self, client_of):
        chief = person(Role.TOP_MANAGEMENT)
        page = confirmed(client_of(chief))
        form = page.get("/duties/set/").context["form"]
        given = {name: field.initial for name, field in form.fields.items() if ":" in name}
        given |= {"reason": "We are three.", "version": "0", f"{ACCEPTOR_ASSESSOR.id}:low": "override"}
        assert page.post("/duties/set/", {**given, "reason": ""}).status_code == 400
        assert page.post("/duties/set/", {**given, f"{ACCEPTOR_ASSESSOR.id}:high": "override"}).status_code == 400
        assert page.post("/duties/set/", given).status_code == 302
        stale = page.post("/duties/set/", given)
        assert (stale.status_code, "We are three." in stale.content.decode()) == (412, True)
        text = page.get("/duties/").content.decode()
        assert "May be overridden" in text
        assert client_of(person(Role.AIMS_MANAGER)).post("/duties/set/", given).status_code == 302

    def test_review_an_override(self, client_of):
        row = overridden()
        auditor = confirmed(client_of(person(Role.INTERNAL_AUDITOR)))
        url = row.get_absolute_url()
        assert "Looked at monthly." in auditor.get(url).content.decode()
        assert confirmed(client_of(row.by)).post(f"{url}review/", {"finding": "Fine."}).status_code == 403
        assert auditor.post(f"{url}review/", {"finding": "Sound."}).status_code == 302
        assert "Sound." in auditor.get(url).content.decode()
        assert "reviewed already" in auditor.get(f"{url}review/").content.decode()

    @pytest.mark.parametrize(
        ("path", "fill"),
        [("/authorities/", make.authority), ("/competences/", make.competence)],
    )
    def test_queries_of_the_registers_do_not_grow(self, client_of, path, fill):
        page = client_of(person(Role.AIMS_MANAGER))
        fill()
        page.get(path)
        before = queries(page, path)
        fill()
        fill()
        assert queries(page, path) == before <= 20

    @pytest.mark.parametrize("path", ["/authorities/", "/competences/", "/overrides/"])
    def test_an_empty_register_teaches(self, client_of, path):
        assert 'class="empty' in client_of(person(Role.AIMS_MANAGER)).get(path).content.decode()


class TestApi:
    def test_authority_wants_a_person(self, api_of):
        risks.in_force()
        chief, who = person(Role.TOP_MANAGEMENT), person(Role.READER)
        body = {
            "owner": who.email, "act": "accept_risk", "level": "medium", "unit": "Whole",
            "valid_from": clock.today().isoformat(), "reason": "Stands in.",
        }  # fmt: skip
        assert api_of(chief).post("/api/v1/authorities/", body).status_code == 401
        api = confirmed(api_of(chief))
        wrong = api.post("/api/v1/authorities/", {**body, "level": "huge"})
        assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/level")
        made = api.post("/api/v1/authorities/", body)
        assert (made.status_code, made.json()["level"]) == (201, "medium")
        path = f"/api/v1/authorities/{made.json()['ref']}/end/"
        assert api.post(path, {"reason": "Over."}).status_code == 428
        assert api.post(path, {"reason": "Over."}, HTTP_IF_MATCH=made["ETag"]).json()["state"] == "ended"

    def test_competence(self, api_of):
        manager, who = person(Role.AIMS_MANAGER), person(Role.READER)
        api = confirmed(api_of(manager))
        body = {"owner": who.email, "title": "Assessing", "ground": "Course.", "acquired_on": clock.today().isoformat()}
        made = api.post("/api/v1/competences/", body)
        assert made.status_code == 201
        path = f"/api/v1/competences/{made.json()['ref']}/"
        again = {"ground": "Again.", "acquired_on": clock.today().isoformat(), "due_on": make.soon(9).isoformat()}
        renewed = api.post(f"{path}renew/", again, HTTP_IF_MATCH=made["ETag"])
        assert (renewed.status_code, renewed.json()["ground"]) == (200, "Again.")
        assert api.post(f"{path}end/", {"reason": "Left."}, HTTP_IF_MATCH=made["ETag"]).status_code == 412
        ended = api.post(f"{path}end/", {"reason": "Left."}, HTTP_IF_MATCH=renewed["ETag"])
        assert ended.json()["state"] == "ended"

    def test_duties_and_overrides(self, api_of):
        row = overridden()
        auditor = confirmed(api_of(person(Role.INTERNAL_AUDITOR)))
        listed = auditor.get("/api/v1/overrides/").json()["results"]
        assert [one["safeguard"] for one in listed] == ["Looked at monthly."]
        done = auditor.post(
            f"/api/v1/overrides/{row.ref}/review/", {"finding": "Sound."}, HTTP_IF_MATCH=f'"{row.version}"'
        )
        assert (done.status_code, done.json()["state"]) == (200, "reviewed")
        chief = confirmed(api_of(person(Role.TOP_MANAGEMENT)))
        made = chief.post("/api/v1/duties/", {"cells": {}, "reason": "Grown."}, format="json")
        assert (made.status_code, made.json()["edition"]) == (201, 2)
        assert [one["edition"] for one in chief.get("/api/v1/duties/").json()["results"]] == [2, 1]
        wrong = chief.post("/api/v1/duties/", {"cells": {"x": {}}, "reason": "x"}, format="json")
        assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/cells")
