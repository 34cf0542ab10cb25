"""AC-07 (impact's side) and AC-09 to AC-12 as people and programs meet them: through pages and the API."""

import time

import pytest

from aims import clock
from aims.errors import NotPermitted, WrongState
from aims.models import Decision
from aims.registry import Check, registry
from impact import services
from impact.currency import impact_unmet
from impact.models import ImpactAssessment, ImpactDecision
from inventory.facts import SignificantChange
from inventory.gate import GateQuestion
from organization.committees import Vote
from organization.services import committees
from organization.states import Role
from tests.factories import grant, root_unit
from tests.factories import impact as make

pytestmark = pytest.mark.django_db


def confirmed(client):
    """As after entering the password: whoever decides proved who they are."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


def approval(**more):
    return {"reason": "Its benefits outweigh what is left.", "valid_until": make.soon(300).isoformat(), **more}


def question(system, version=None):
    return GateQuestion(system, version or system.versions.order_by("-pk").first(), "production", make.today())


class TestHarmsFeedRisks:
    """AC-07: an unanswered check of an app above keeps the assessment from being approved."""

    def test_a_registered_check_blocks_the_approval(self, monkeypatch):
        told = Check("harm_linked", "impact", "approve", "Each severe harm is a risk.", lambda row: {"url": "/risks/"})
        monkeypatch.setattr(registry, "checks", [*registry.checks, told])
        row = make.submitted(severe=True)
        with pytest.raises(WrongState) as refused:
            make.approve(row)
        assert "harm_linked" in [one["id"] for one in refused.value.extra["unmet"]]


class TestNoDeploymentWithout:
    """AC-09, impact's side: the gate's item is unmet until somebody else than its authors approved."""

    def test_from_review_to_approval(self, api_of):
        row = make.submitted()
        unmet = impact_unmet(question(row.system))
        assert unmet is not None and row.ref in unmet["reason"] and unmet["url"] == row.get_absolute_url()
        author = make.author_of(row)
        grant(author, Role.APPROVER, root_unit())
        body, match = approval(), f'"{row.version}"'
        path = f"/api/v1/impact-assessments/{row.ref}/approve/"
        own = confirmed(api_of(make.again(author))).post(path, body, HTTP_IF_MATCH=match)
        assert own.status_code == 403 and "wrote" in own.json()["detail"]
        other = confirmed(api_of(make.who(Role.APPROVER)))
        done = other.post(path, body, HTTP_IF_MATCH=match)
        assert (done.status_code, done.json()["state"]) == (200, "approved")
        assert impact_unmet(question(make.fresh(row.system))) is None
        assert Decision.objects.filter(record_id=row.pk, sort="impact").exists()

    def test_an_approval_holds_for_its_version_purpose_and_time(self):
        row = make.approved()
        system = make.fresh(row.system)
        newer = make.add_version(system, by=make.inventory.manager(), data={"number": "2.0"}, on=make.today())
        assert "not for 2.0" in impact_unmet(question(system, newer))["reason"]
        coming = make.submitted(make.assessment(system, system_version=newer))
        told = impact_unmet(question(system, newer))
        assert coming.ref in told["reason"] and told["url"] == coming.get_absolute_url()
        late = GateQuestion(system, row.system_version, "production", make.soon(400))
        assert "ended" in impact_unmet(late)["reason"]
        type(system).objects.filter(pk=system.pk).update(purpose="Something else")
        assert "another purpose" in impact_unmet(question(make.fresh(system), row.system_version))["reason"]

    def test_a_family_is_covered_and_the_lowest_tier_by_its_screening(self):
        other, by = make.system(), make.who(Role.SYSTEM_OWNER)
        row = services.open_assessment(make.system(), by=by, on=make.today(), data={"owner": by}, family={other: "x"})
        make.approve(make.submitted(make.written(row)))
        assert impact_unmet(question(other)) is None
        screening = make.screened()
        assert impact_unmet(question(screening.system)) is not None
        services.approve_screening(screening, by=make.who(Role.APPROVER), reason="r", on=make.today())
        assert impact_unmet(question(make.fresh(screening.system))) is None

    def test_deciding_asks_who_it_is_and_no_token_decides(self, client_of, api_of):
        row = make.submitted()
        approver = make.who(Role.APPROVER)
        assert client_of(approver).post(f"{row.get_absolute_url()}approve/", approval()).status_code == 302
        path = f"/api/v1/impact-assessments/{row.ref}/approve/"
        assert api_of(approver).post(path, approval(), HTTP_IF_MATCH=f'"{row.version}"').status_code == 401
        assert not ImpactDecision.objects.exists()

    def test_two_at_once_and_one_wins(self, api_of):
        row, match = make.submitted(), ""
        match, path = f'"{row.version}"', f"/api/v1/impact-assessments/{row.ref}/approve/"
        first, second = (confirmed(api_of(make.who(Role.APPROVER))) for _ in range(2))
        assert first.post(path, approval(), HTTP_IF_MATCH=match).status_code == 200
        assert second.post(path, approval(), HTTP_IF_MATCH=match).status_code == 412


class TestChangeOfPurpose:
    """AC-10, impact's side."""

    def test_the_approval_is_stale_and_a_new_assessment_follows_the_old(self, client_of):
        row = make.approved(make.system(title="Fraud model"))
        system = make.fresh(row.system)
        fact = SignificantChange(
            system=system,
            matters=("purpose",),
            cause="It scores credit limits now",
            change=row,
            by=None,
            on=make.today(),
        )
        registry.announce(fact)
        old, new = make.fresh(row), ImpactAssessment.objects.get(system=system, state="draft")
        assert (old.state, old.stale_cause) == ("stale", "It scores credit limits now")
        assert (new.predecessor, new.trigger) == (old, "purpose")
        unmet = impact_unmet(question(system))
        assert unmet is not None
        page = client_of(make.author_of(row)).get(old.get_absolute_url()).content.decode()
        assert "It scores credit limits now" in page
        make.approve(make.submitted(new))
        assert make.fresh(old).state == "superseded"
        assert impact_unmet(question(system)) is None

    def test_what_was_submitted_for_the_old_purpose_is_not_approved(self):
        row = make.submitted()
        type(row.system).objects.filter(pk=row.system_id).update(purpose="Credit limits")
        with pytest.raises(WrongState) as refused:
            make.approve(make.fresh(row))
        assert "purpose_unchanged" in [one["id"] for one in refused.value.extra["unmet"]]


class TestEverybodyAndMisuse:
    """AC-11"""

    def missing_society(self):
        row = make.written(make.assessment(make.system(title="Dynamic pricing")))
        by = make.author_of(row)
        for one in row.impacts.filter(party__level="society"):
            services.remove_impact(row, one.pk, by=by)
        services.save_answers(row, by=by, answers={"misuse": {}, "jurisdictions": {}}, at=clock.now())
        return make.fresh(row)

    def test_the_browser_lists_what_is_missing(self, client_of):
        row = self.missing_society()
        page = client_of(make.author_of(row))
        listed = page.get(f"{row.get_absolute_url()}submit/").content.decode()
        assert "society" in listed and "Foreseeable misuse" in listed and "Jurisdictions" in listed
        refused = page.post(f"{row.get_absolute_url()}submit/", {"version": row.version})
        assert refused.status_code == 409 and "Jurisdictions" in refused.content.decode()
        assert make.fresh(row).state == "draft"

    def test_the_api_lists_it_too_and_not_applicable_wants_a_reason_that_is_printed(self, api_of, client_of):
        row = self.missing_society()
        api, path = api_of(make.author_of(row)), f"/api/v1/impact-assessments/{row.ref}/"
        refused = api.post(f"{path}submit/", {}, HTTP_IF_MATCH=f'"{row.version}"')
        assert refused.status_code == 409
        assert {"misuse", "jurisdictions", "level_society"} <= {one["id"] for one in refused.json()["unmet"]}
        bare = {
            "answers": [{"question": "misuse", "not_applicable": True}, {"question": "jurisdictions", "text": "EU"}]
        }
        saved = api.post(f"{path}answers/", bare, HTTP_IF_MATCH=f'"{row.version}"')
        assert "misuse" in [one["id"] for one in api.get(f"{path}missing/").json()["results"]]
        why = {"answers": [{"question": "misuse", "not_applicable": True, "reason": "Nobody outside reaches it"}]}
        saved = api.post(f"{path}answers/", why, HTTP_IF_MATCH=saved["ETag"])
        none = api.post(f"{path}none/", {"level": "society", "reason": "Ten shops"}, HTTP_IF_MATCH=saved["ETag"])
        ids = [one["id"] for one in api.get(f"{path}missing/").json()["results"]]
        assert ids == ["misuse_impact", "failure_impact"] or set(ids) <= {"misuse_impact", "failure_impact"}
        report = client_of(make.author_of(row)).get(f"{row.get_absolute_url()}report/").content.decode()
        assert "Nobody outside reaches it" in report
        assert none.json()["none"] == {"society": "Ten shops"}


class TestSensitiveUse:
    """AC-12"""

    def sensitive(self, use="sensitive"):
        return make.submitted(make.use(make.written(), use))

    def test_the_manager_alone_is_refused(self, client_of, api_of):
        row, manager = self.sensitive(), make.who(Role.APPROVER)
        refused = confirmed(api_of(manager)).post(
            f"/api/v1/impact-assessments/{row.ref}/approve/", approval(), HTTP_IF_MATCH=f'"{row.version}"'
        )
        assert refused.status_code == 409
        assert [one["id"] for one in refused.json()["unmet"]] == ["committee_quorum"]
        page = confirmed(client_of(manager)).get(f"{row.get_absolute_url()}approve/").content.decode()
        assert "by quorum, without authors" in page

    def test_the_committee_decides_by_quorum_with_recorded_votes(self, client_of):
        row, body = self.sensitive(), make.committee(quorum=3)
        matter = make.before_committee(row, body)
        chair, *others = make.people_of(body)
        url = f"{matter.sitting.get_absolute_url()}{matter.pk}/"
        page = confirmed(client_of(chair))
        assert "May the system be used as assessed?" in page.get(matter.sitting.get_absolute_url()).content.decode()
        for voter in (chair, others[0]):
            given = {"choice": "approve", "reason": ""}
            assert confirmed(client_of(voter)).post(f"{url}vote/", given).status_code == 302
        decision = {"reason": "With the appeal in place", "until": make.soon(200).isoformat(),
                    "conditions": f"{make.soon(30).isoformat()} Publish the appeal"}  # fmt: skip
        refused = page.post(f"{url}outcome/", decision)
        assert refused.status_code == 409 and "quorum" in refused.content.decode()
        against = {"choice": "reject", "reason": "Too early"}
        assert confirmed(client_of(others[1])).post(f"{url}vote/", against).status_code == 302
        assert page.post(f"{url}outcome/", decision).status_code == 302
        row = make.fresh(row)
        assert (row.state, row.decision.outcome, row.decision.matter) == ("approved", "conditions", matter)
        assert "Too early" in row.decision.dissent
        assert row.conditions.get().text == "Publish the appeal"
        closing = page.get(f"{matter.sitting.get_absolute_url()}close/").content.decode()
        assert "Too early" in closing and "Publish the appeal" in closing
        assert page.post(f"{matter.sitting.get_absolute_url()}close/", {"minutes": "As drafted."}).status_code == 302
        assert make.fresh(matter.sitting).state == "closed"

    def test_no_author_and_no_stranger_votes(self):
        row, body = self.sensitive(), make.committee()
        author = make.author_of(row)
        make.member(body, author)
        matter = make.before_committee(row, body)
        with pytest.raises(NotPermitted, match="wrote the assessment"):
            committees.cast_vote(matter, by=make.again(author), choice="approve")
        with pytest.raises(NotPermitted, match="Only members"):
            committees.cast_vote(matter, by=make.who(Role.COMMITTEE_MEMBER), choice="approve")
        assert not Vote.objects.exists()

    def test_restricted_is_rejected_or_escalated_and_only_top_management_allows_it(self, api_of):
        row = self.sensitive("restricted")
        with pytest.raises(WrongState, match="reject it, or put it before top management"):
            make.approve(row)
        approver = make.who(Role.APPROVER)
        up = services.escalate_assessment(row, by=approver, reason="Above us", on=make.today())
        given = {"reason": "Within the law", "valid_until": make.soon(200).isoformat(), "conditions": []}
        path, chief = f"/api/v1/impact-assessments/{row.ref}/allow/", make.who(Role.TOP_MANAGEMENT)
        match = {"HTTP_IF_MATCH": f'"{make.fresh(up).version}"'}
        assert confirmed(api_of(approver)).post(path, given, **match).status_code == 403
        api = confirmed(api_of(chief))
        assert api.post(path, given, **match).status_code == 400
        given["conditions"] = [{"text": "Only on site", "due_on": make.soon(20).isoformat()}]
        done = api.post(path, given, **match)
        assert (done.status_code, done.json()["state"]) == (200, "approved")
        assert make.fresh(row).decision.outcome == "allowed"

    def test_prohibited_never(self):
        row = self.sensitive("prohibited")
        chief = make.who(Role.TOP_MANAGEMENT)
        for refused in (
            lambda: make.approve(row),
            lambda: services.escalate_assessment(row, by=make.who(Role.APPROVER), reason="r", on=make.today()),
            lambda: services.allow_restricted_use(
                row, by=chief, reason="r", valid_until=make.soon(), on=make.today(), conditions=[("x", make.soon())]
            ),
        ):
            with pytest.raises(WrongState):
                refused()
        matter = make.before_committee(row, make.committee())
        assert matter.options == ["reject"]
        done = services.reject_assessment(make.fresh(row), by=make.who(Role.APPROVER), reason="Law", on=make.today())
        assert done.state == "rejected"
        assert make.fresh(matter).state == "withdrawn"


def test_three_hundred_imported_systems_in_one_sitting(client_of):
    """Screened, tiered and, being in use already, put in backlog: looked at first, recorded in one go."""
    by = make.inventory.manager()
    for number in range(300):
        make.inventory.services.register_system(
            by=by, on=make.inventory.TODAY, stage="operation_monitoring",
            data={"title": f"Imported {number:03}", "purpose": "From before", "owner": by, "unit": root_unit(),
                  "live_since": make.inventory.TODAY},
        )  # fmt: skip
    make.inventory.system(title="Something else")
    officer, url = client_of(make.who()), "/screenings/sitting/?q=imported"
    given = {f"q_{name}": said[0] for name, said in make.answers("people").items()}
    assert "All 300, also those not shown" in officer.get(url).content.decode()
    looked = officer.post(url, {**given, "whole": "on"})
    assert "Record for 300 systems" in looked.content.decode()
    assert not make.Screening.objects.exists()
    done, left = [], looked.context["next"]
    while left:  # each click records for as many as there is time for
        sent = {**dict(looked.context["held"]), "systems": [one.ref for one in left], "do": "1"}
        answered = officer.post(url, sent).context
        done += answered["done"]
        assert len(answered["next"]) < len(left)
        left = answered["next"]
    assert len(done) == 300 and not any(one.refusal or one.waits for one in done)
    assert all(one.backlog_until for one in done)
    assert [row.title for row in officer.get("/screenings/sitting/").context["rows"]] == ["Something else"]
    rows = make.AISystem.objects.filter(title__startswith="Imported")
    assert rows.filter(tier="standard", backlog_until__isnull=False).count() == 300
