"""Obligations and objectives: verbs, pages, API, and what they refuse."""

import time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from aims import clock, due
from aims.errors import Hidden, NotPermitted, Stale, WrongState
from aims.models import Decision, Record, Task
from organization.commitments import AimedSystem, BoundSystem, Objective, Obligation
from organization.services import commitments as services
from organization.states import Role
from tests.factories import commitments as make
from tests.factories import person, unit
from tests.factories.risk import system

pytestmark = pytest.mark.django_db


def confirmed(client):
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


def on_spine(row):
    return Record.objects.get(pk=row.pk)


class TestObligation:
    def test_shows_to_everybody_below_its_unit(self):
        row = make.obligation()
        below = person(Role.READER, unit())
        assert list(Obligation.objects.visible_to(below)) == [row]

    def test_names_the_systems_it_is_about(self):
        one, two = system(), system(title="Prices")
        row = make.obligation(reach=[on_spine(one)])
        services.change_obligation(row, by=row.owner, data={"source": "Art. 22"}, reach=[on_spine(two)])
        assert [part.record.ref for part in row.reach.all()] == [two.ref]
        assert row.reach.model is BoundSystem

    def test_names_no_system_that_one_does_not_see_and_loses_none(self):
        hidden = on_spine(system(unit()))
        row = make.obligation(reach=[hidden])
        home = unit()
        Obligation.objects.filter(pk=row.pk).update(unit=home)
        local = person(Role.AIMS_MANAGER, home)
        row.refresh_from_db()
        with pytest.raises(Hidden):
            services.change_obligation(row, by=local, data={}, reach=[hidden])
        services.change_obligation(row, by=local, data={}, reach=[])
        assert row.reach.count() == 1

    @pytest.mark.parametrize("given", [{"source": " "}, {"asks": ""}, {"due_on": None}, {"sort": "rumour"}])
    def test_is_told_whole(self, given):
        with pytest.raises(ValidationError):
            make.obligation(**given)

    def test_owner_is_here(self):
        with pytest.raises(ValidationError, match="owner"):
            make.obligation(owner=person(is_active=False))

    def test_ends_once_with_a_reason(self):
        row = make.obligation()
        with pytest.raises(ValidationError, match="reason"):
            services.end_obligation(row, by=row.owner, reason=" ", on=clock.today())
        ended = services.end_obligation(row, by=row.owner, reason="Repealed.", on=clock.today())
        assert (ended.state, ended.due_on, ended.in_force) == ("ended", None, False)
        for verb, more in (
            (services.end_obligation, {"reason": "x", "on": clock.today()}),
            (services.change_obligation, {"data": {}}),
        ):
            with pytest.raises(WrongState):
                verb(row, by=row.owner, **more)

    def test_refuses_others_and_a_stale_version(self):
        row = make.obligation()
        with pytest.raises(NotPermitted):
            services.change_obligation(row, by=person(Role.READER), data={})
        with pytest.raises(Stale):
            services.end_obligation(row, by=row.owner, reason="x", on=clock.today(), version=99)

    def test_moves_only_where_one_may_register(self):
        home = unit()
        local = person(Role.AIMS_MANAGER, home)
        row = make.obligation(by=local, unit=home)
        with pytest.raises(NotPermitted):
            services.change_obligation(row, by=local, data={"unit": unit()})

    @pytest.mark.parametrize(
        "broken",
        [{"source": " "}, {"due_on": None}, {"state": "ended"}, {"sort": "x"}, {"state": "x"}, {"owner": None}],
    )
    def test_the_database_refuses(self, broken):
        row = make.obligation()
        with pytest.raises(IntegrityError), transaction.atomic():
            Obligation.objects.filter(pk=row.pk).update(**broken)

    def test_falls_due(self):
        row = make.obligation(due_on=make.soon(-1))
        due.run(clock.now())
        assert Task.objects.filter(record=row.pk).exists()


class TestObjective:
    def test_is_pursued_once_top_management_adopts_a_whole_plan(self):
        row, chief = make.objective(resources="", due_on=None), person(Role.TOP_MANAGEMENT)
        with pytest.raises(WrongState) as refused:
            services.adopt_objective(row, by=chief, reason="Yes.", on=clock.today())
        assert {one["id"] for one in refused.value.extra["unmet"]} == {"resources", "due_on"}
        services.change_objective(row, by=row.owner, data={"resources": "One.", "due_on": make.soon()})
        done = services.adopt_objective(row, by=chief, reason="Yes.", on=clock.today())
        assert done.state == "active"
        assert Decision.objects.get(record=row.pk).sort == "objective"
        with pytest.raises(WrongState):
            services.adopt_objective(row, by=chief, reason="Again.", on=clock.today())

    def test_is_adopted_by_top_management_alone(self):
        row = make.objective()
        with pytest.raises(NotPermitted):
            services.adopt_objective(row, by=row.owner, reason="Yes.", on=clock.today())

    @pytest.mark.parametrize(("verb", "state"), [("reach", "reached"), ("miss", "missed"), ("drop", "dropped")])
    def test_ends_with_its_result(self, verb, state):
        row = make.adopted()
        ended = services.close_objective(row, by=row.owner, verb=verb, result="So it went.", on=clock.today())
        assert (ended.state, ended.due_on, ended.result) == (state, None, "So it went.")
        with pytest.raises(WrongState):
            services.change_objective(ended, by=row.owner, data={})

    def test_a_draft_is_given_up_but_not_reached(self):
        row = make.objective()
        with pytest.raises(WrongState):
            services.close_objective(row, by=row.owner, verb="reach", result="x", on=clock.today())
        with pytest.raises(ValidationError, match="verb"):
            services.close_objective(row, by=row.owner, verb="sleep", result="x", on=clock.today())
        with pytest.raises(ValidationError, match="result"):
            services.close_objective(row, by=row.owner, verb="drop", result=" ", on=clock.today())
        assert services.close_objective(row, by=row.owner, verb="drop", result="x", on=clock.today()).state == "dropped"

    @pytest.mark.parametrize(
        "broken", [{"state": "active", "resources": ""}, {"state": "reached"}, {"state": "x"}, {"owner": None}]
    )
    def test_the_database_refuses(self, broken):
        row = make.objective()
        with pytest.raises(IntegrityError), transaction.atomic():
            Objective.objects.filter(pk=row.pk).update(**broken)

    def test_names_a_system_once(self):
        one = on_spine(system())
        row = make.objective(reach=[one])
        with pytest.raises(IntegrityError), transaction.atomic():
            AimedSystem.objects.create(objective=row, record=one)


class TestPages:
    def test_register_change_and_end_an_obligation(self, client_of):
        manager = person(Role.AIMS_MANAGER)
        one, page = system(), client_of(manager)
        form = {
            "title": "Say that it is AI", "sort": "law", "source": "Art. 50", "asks": "Tell customers.",
            "unit": "Whole", "owner": manager.email, "reach": one.ref, "due_on": make.soon().isoformat(),
            "confidentiality": "normal",
        }  # fmt: skip
        assert page.post("/obligations/new/", {**form, "due_on": ""}).status_code == 400
        assert page.post("/obligations/new/", form).status_code == 302
        row = Obligation.objects.get()
        assert one.title in page.get(row.get_absolute_url()).content.decode()
        changed = page.post(f"{row.get_absolute_url()}change/", {**form, "title": "Told", "version": row.version})
        assert changed.status_code == 302
        stale = page.post(f"{row.get_absolute_url()}change/", {**form, "title": "Other", "version": row.version})
        assert stale.status_code == 412
        assert page.post(f"{row.get_absolute_url()}end/", {"reason": "Repealed."}).status_code == 302
        assert "Repealed." in page.get(f"{row.get_absolute_url()}history/").content.decode()

    def test_draft_adopt_and_close_an_objective(self, client_of):
        manager, chief = person(Role.AIMS_MANAGER), person(Role.TOP_MANAGEMENT)
        page, above = client_of(manager), confirmed(client_of(chief))
        form = {
            "title": "Fewer held", "unit": "Whole", "owner": manager.email, "measurable": "on",
            "due_on": make.soon().isoformat(), "confidentiality": "normal",
        }  # fmt: skip
        assert page.post("/objectives/new/", form).status_code == 302
        row = Objective.objects.get()
        url = row.get_absolute_url()
        assert "The plan is not whole yet." in page.get(url).content.decode()
        assert above.post(f"{url}adopt/", {"reason": "Yes."}).status_code == 409
        assert page.post(f"{url}change/", {**form, **make.PLAN, "version": row.version}).status_code == 302
        assert confirmed(page).get(f"{url}adopt/").status_code == 403
        assert above.post(f"{url}adopt/", {"reason": "Yes."}).status_code == 302
        assert page.post(f"{url}close/", {"verb": "", "result": "x"}).status_code == 400
        assert page.post(f"{url}close/", {"verb": "reach", "result": "Done."}).status_code == 302
        assert "Done." in page.get(url).content.decode()

    @pytest.mark.parametrize("path", ["/obligations/", "/objectives/"])
    def test_an_empty_register_teaches(self, client_of, path):
        assert 'class="empty' in client_of(person(Role.AIMS_MANAGER)).get(path).content.decode()

    @pytest.mark.parametrize(("path", "fill"), [("/obligations/", make.obligation), ("/objectives/", make.objective)])
    def test_queries_of_the_register_do_not_grow(self, client_of, path, fill):
        page = client_of(person(Role.AIMS_MANAGER))
        fill(reach=[on_spine(system())])
        page.get(path)
        before = queries(page, path)
        for _ in range(2):
            fill(reach=[on_spine(system())])
        assert queries(page, path) == before <= 20


def queries(page, path):
    with CaptureQueriesContext(connection) as found:
        assert page.get(path).status_code == 200
    return len(found)


class TestApi:
    def test_obligations(self, api_of):
        manager = person(Role.AIMS_MANAGER)
        api, one = api_of(manager), system()
        body = {
            "title": "Told", "sort": "law", "source": "Art. 50", "asks": "Tell.", "unit": "Whole",
            "owner": manager.email, "due_on": make.soon().isoformat(), "reach": [one.ref],
        }  # fmt: skip
        wrong = api.post("/api/v1/obligations/", {**body, "sort": "rumour"}, format="json")
        assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/sort")
        unseen = api.post("/api/v1/obligations/", {**body, "reach": ["SYS-9999"]}, format="json")
        assert unseen.status_code == 400
        made = api.post("/api/v1/obligations/", body, format="json")
        assert (made.status_code, made.json()["reach"]) == (201, [one.ref])
        path = f"/api/v1/obligations/{made.json()['ref']}/"
        changed = api.patch(path, {"title": "New", "reach": []}, format="json", HTTP_IF_MATCH=made["ETag"])
        assert (changed.status_code, changed.json()["reach"]) == (200, [])
        assert api.patch(path, {"title": "x"}, format="json", HTTP_IF_MATCH=made["ETag"]).status_code == 412
        ended = api.post(f"{path}end/", {"reason": "Repealed."}, HTTP_IF_MATCH=changed["ETag"])
        assert ended.json()["state"] == "ended"

    def test_objectives(self, api_of):
        manager = person(Role.AIMS_MANAGER)
        api, above = api_of(manager), confirmed(api_of(person(Role.TOP_MANAGEMENT)))
        body = {"title": "Fewer", "unit": "Whole", "owner": manager.email}
        made = api.post("/api/v1/objectives/", body, format="json")
        path = f"/api/v1/objectives/{made.json()['ref']}/"
        early = above.post(f"{path}adopt/", {"reason": "Yes."}, HTTP_IF_MATCH=made["ETag"])
        assert (early.status_code, len(early.json()["unmet"])) == (409, 5)
        plan = {**make.PLAN, "due_on": make.soon().isoformat()}
        changed = api.patch(path, plan, format="json", HTTP_IF_MATCH=made["ETag"])
        adopted = above.post(f"{path}adopt/", {"reason": "Yes."}, HTTP_IF_MATCH=changed["ETag"])
        assert adopted.json()["state"] == "active"
        odd = api.post(f"{path}close/", {"verb": "reach", "result": "x", "more": 1}, HTTP_IF_MATCH=adopted["ETag"])
        assert odd.status_code == 400
        closed = api.post(f"{path}close/", {"verb": "miss", "result": "Late."}, HTTP_IF_MATCH=adopted["ETag"])
        assert (closed.json()["state"], closed.json()["result"]) == ("missed", "Late.")
