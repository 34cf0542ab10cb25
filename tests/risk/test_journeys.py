"""AC-05 to AC-08 as people and programs meet them: through pages and the API."""

import time
from datetime import timedelta

import pytest

from aims import due
from aims.models import Decision, Task
from organization.duties import DutyMode
from organization.mandates import DutyOverride
from organization.services.duties import review_override, set_duties
from organization.services.tokens import issue_token
from organization.states import Role
from risk.models import Acceptance, Risk, RiskAssessment
from risk.rules import ACCEPTOR_ASSESSOR, PLAN_APPROVER
from tests.factories import grant, person, root_unit
from tests.factories import risk as make

pytestmark = pytest.mark.django_db

FORM = {
    "likelihood": "4", "likelihood_reason": "Seen twice.", "organization": "3", "individual": "2", "group": "none",
    "group_reason": "Nobody is hit as a group.", "society": "1", "trigger": "planned",
}  # fmt: skip


def confirmed(client):
    """As after entering the password: whoever decides proved who they are."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


def again(who):
    return type(who).objects.get(pk=who.pk)


def acceptance(**more):
    return {"reason": "Small enough.", "conditions": "", "until": make.soon(300).isoformat(), **more}


class TestClosingNeedsAcceptance:
    """AC-05"""

    def test_in_the_browser(self, client_of):
        row = make.verified()
        url = row.get_absolute_url()
        owner = confirmed(client_of(row.owner))
        refused = owner.post(f"{url}close/", {"reason": "Everything is done."})
        assert refused.status_code == 409
        assert "Somebody with authority accepted the residual risk." in refused.content.decode()
        assert owner.post(f"{url}accept/", acceptance()).status_code == 403
        approver = confirmed(client_of(make.manager(Role.APPROVER)))
        without = approver.post(f"{url}accept/", acceptance(until=""))
        assert without.status_code == 400
        assert approver.post(f"{url}accept/", acceptance(reason="")).status_code == 400
        assert not Acceptance.objects.exists()
        assert approver.post(f"{url}accept/", acceptance()).status_code == 302
        assert owner.post(f"{url}close/", {"reason": "Everything is done."}).status_code == 302
        assert make.fresh(row).state == "closed"

    def test_in_the_api(self, api_of):
        row = make.verified()
        owner = confirmed(api_of(row.owner))
        body, path = {"reason": "Done."}, f"/api/v1/risks/{row.ref}/"
        assert owner.post(f"{path}close/", body).status_code == 428
        refused = owner.post(f"{path}close/", body, HTTP_IF_MATCH=f'"{row.version}"')
        assert refused.status_code == 409
        assert [one["id"] for one in refused.json()["unmet"]] == ["residual_accepted"]
        approver = confirmed(api_of(make.manager(Role.APPROVER)))
        given = {"reason": "Small.", "until": make.soon(300).isoformat()}
        done = approver.post(f"{path}acceptances/", given, HTTP_IF_MATCH=f'"{row.version}"')
        assert (done.status_code, done.json()["state"]) == (200, "accepted")
        closed = owner.post(f"{path}close/", body, HTTP_IF_MATCH=done["ETag"])
        assert (closed.status_code, closed.json()["state"]) == (200, "closed")

    def test_not_by_the_assessor_though_an_approver(self, client_of):
        both = person(Role.RISK_OWNER)
        grant(both, Role.APPROVER, root_unit())
        row = make.verified(by=again(both))
        answer = confirmed(client_of(both)).post(f"{row.get_absolute_url()}accept/", acceptance())
        assert answer.status_code == 403
        assert "Who assessed the risk does not accept it." in answer.content.decode()

    def test_the_unacceptable_by_nobody(self, client_of, api_of):
        row = make.assessed(ratings={"likelihood": 5, "individual": 5})
        make.plan(row)
        make.approve(row)
        row, chief = make.fresh(row), make.manager()
        page = confirmed(client_of(chief)).get(f"{row.get_absolute_url()}accept/")
        assert "accepted by nobody" in page.content.decode()
        given = {"reason": "We dare.", "until": make.soon().isoformat()}
        answer = confirmed(api_of(chief)).post(
            f"/api/v1/risks/{row.ref}/acceptances/", given, HTTP_IF_MATCH=f'"{row.version}"'
        )
        assert answer.status_code == 409
        assert make.fresh(row).acceptance is None

    def test_deciding_asks_who_it_is_and_no_token_decides(self, client_of, api_of):
        row, chief = make.verified(), make.manager()
        url, path = f"{row.get_absolute_url()}accept/", f"/api/v1/risks/{row.ref}/acceptances/"
        given, match = {"reason": "r", "until": make.soon().isoformat()}, f'"{row.version}"'
        assert client_of(chief).post(url, acceptance()).status_code == 302
        assert api_of(chief).post(path, given, HTTP_IF_MATCH=match).status_code == 401
        now = make.now()
        _row, secret = issue_token(
            chief, by=chief, name="t", scopes=["read"], expires_at=now + timedelta(days=9), at=now
        )
        assert api_of(token=secret).post(path, given, HTTP_IF_MATCH=match).status_code == 403
        assert not Acceptance.objects.exists()

    def test_two_decide_at_once_and_one_wins(self, api_of):
        row, match = make.verified(), ""
        match = f'"{row.version}"'
        first, second = (confirmed(api_of(make.manager(Role.APPROVER))) for _ in range(2))
        given = {"reason": "r", "until": make.soon(300).isoformat()}
        path = f"/api/v1/risks/{row.ref}/acceptances/"
        assert first.post(path, given, HTTP_IF_MATCH=match).status_code == 200
        assert second.post(path, given, HTTP_IF_MATCH=match).status_code == 412
        assert Acceptance.objects.count() == 1


class TestComparable:
    """AC-06"""

    def test_same_ratings_same_level_and_old_levels_stay(self, client_of):
        one = make.criteria()
        made = []
        for _ in range(2):
            row = make.risk()
            data = {**FORM, "next_review_on": make.soon().isoformat(), "version": row.version}
            assert client_of(row.owner).post(f"{row.get_absolute_url()}assess/", data).status_code == 302
            made.append(make.fresh(row))
        assert {(r.level, r.score, r.criteria_id) for r in made} == {("high", 12, one.pk)}
        levels = [dict(level) for level in one.levels]
        levels[2]["to"], levels[3]["from"] = 11, 12
        two = make.criteria(levels=levels)
        assert {(a.level, a.criteria_id) for a in RiskAssessment.objects.all()} == {("high", one.pk)}
        page = client_of(make.manager(Role.AIMS_MANAGER)).get(f"{two.get_absolute_url()}reevaluate/")
        text = page.content.decode()
        assert all(row.ref in text for row in made)
        assert "Unacceptable" in text

    def test_every_version_stands_beside_the_others(self, client_of):
        row = make.assessed()
        make.assess(row, society=4)
        text = client_of(row.owner).get(f"{row.get_absolute_url()}assessments/").content.decode()
        assert "differs" in text
        assert "#1" in text


class TestEverybodyCounts:
    """AC-07"""

    def test_a_form_with_the_organization_alone_is_refused(self, client_of):
        make.in_force()
        row = make.risk()
        page = client_of(row.owner)
        alone = {
            "likelihood": "4", "likelihood_reason": "r", "organization": "3", "trigger": "planned",
            "next_review_on": make.soon().isoformat(),
        }  # fmt: skip
        refused = page.post(f"{row.get_absolute_url()}assess/", alone)
        assert refused.status_code == 400
        assert set(refused.context["form"].errors) == {"individual", "group", "society"}
        unreasoned = {**alone, "individual": "none", "group": "none", "society": "none"}
        refused = page.post(f"{row.get_absolute_url()}assess/", unreasoned)
        assert set(refused.context["form"].errors) == {"individual_reason", "group_reason", "society_reason"}
        assert not RiskAssessment.objects.exists()

    def test_the_api_refuses_too(self, api_of):
        make.in_force()
        row = make.risk()
        body = {"likelihood": 4, "likelihood_reason": "r", "organization": 3, "next_review_on": make.soon().isoformat()}
        answer = api_of(row.owner).post(f"/api/v1/risks/{row.ref}/assessments/", body, HTTP_IF_MATCH=f'"{row.version}"')
        assert answer.status_code == 400
        text = answer.content.decode()
        assert "individual_reason" in text and "society_reason" in text


class TestReassessment:
    """AC-08"""

    def test_a_passed_review_opens_one_task(self):
        row = make.assessed()
        Risk.objects.filter(pk=row.pk).update(due_on=make.today() - timedelta(days=1))
        for _ in range(2):
            due.run(make.now())
        task = Task.objects.get(record_id=row.pk)
        assert (task.assignee, task.state) == (row.owner, "open")
        assert list(Risk.objects.overdue(on=make.today())) == [row]
        make.assess(make.fresh(row))
        due.run(make.now())
        task.refresh_from_db()
        assert task.state == "dropped"
        assert not Risk.objects.overdue(on=make.today()).exists()


class TestCompanyOfThree:
    """Separation of duties where three people do everything: overridden with safeguard, reviewed by another."""

    def test_owner_accepts_with_safeguard_and_another_reviews(self, client_of):
        chief = make.manager(Role.TOP_MANAGEMENT)
        cells = {rule.id: {"low": DutyMode.OVERRIDE} for rule in (ACCEPTOR_ASSESSOR, PLAN_APPROVER)}
        set_duties(cells, by=chief, reason="We are three.")
        owner = person(Role.RISK_OWNER)
        row = make.assessed(by=owner, ratings=make.LOW)
        page, url = confirmed(client_of(owner)), f"{row.get_absolute_url()}accept/"
        assert page.post(url, acceptance()).status_code == 403
        override = {"override_reason": "Nobody else is here.", "override_safeguard": "Looked at monthly."}
        assert page.post(url, acceptance(**override)).status_code == 302
        kept = DutyOverride.objects.get(record_id=row.pk)
        assert (kept.rule, kept.tier, kept.by) == (ACCEPTOR_ASSESSOR.id, "low", owner)
        assert Acceptance.objects.get().kept_apart == "overridden"
        assert Decision.objects.filter(record_id=row.pk, sort="override").exists()
        assert "not separated" in page.get(row.get_absolute_url()).content.decode()
        done = review_override(kept, by=chief, finding="Right.", at=make.now())
        assert done.reviewed_by == chief

    def test_what_is_high_stays_separated(self):
        from django.core.exceptions import ValidationError

        with pytest.raises(ValidationError, match="separated"):
            set_duties({PLAN_APPROVER.id: {"high": "override"}}, by=make.manager(), reason="r")

    def test_where_it_is_not_asked(self):
        set_duties({ACCEPTOR_ASSESSOR.id: {"low": "not_asked"}}, by=make.manager(), reason="r")
        row = make.assessed(ratings=make.LOW)
        assert make.accept(row, by=row.owner).kept_apart == "not_asked"


class TestSitting:
    def test_many_are_accepted_each_by_itself(self, client_of):
        rows = [make.assessed(ratings=make.LOW) for _ in range(2)]
        page = confirmed(client_of(make.manager()))
        listed = page.get("/risks/sitting/").content.decode()
        assert all(row.ref in listed for row in rows)
        chosen = [f"{row.ref}:{row.version}" for row in rows]
        assert page.post("/risks/sitting/", {"risks": [], "reason": "r"}).status_code == 400
        done = page.post("/risks/sitting/", acceptance(risks=chosen))
        assert done.status_code == 302
        assert Acceptance.objects.count() == 2
        assert {row.state for row in Risk.objects.all()} == {"accepted"}


def test_a_whole_treatment_in_the_browser(client_of):
    """Plan, approval, doing and verification through pages."""
    row = make.assessed()
    url, owner = row.get_absolute_url(), client_of(row.owner)
    doer = person(Role.CONTRIBUTOR)
    plan = {
        "option": "modify", "rationale": "It takes the cause away.", "controls": "A.5.4, A.7.4", "own_controls": "Floor",
        "likelihood": "2", "organization": "3", "individual": "1", "group": "", "society": "1",
        "action_1_what": "Build it", "action_1_owner": doer.email, "action_1_due": make.soon(30).isoformat(),
    }  # fmt: skip
    broken = owner.post(f"{url}treat/", {**plan, "action_2_what": "Half said"})
    assert broken.status_code == 400
    assert owner.post(f"{url}treat/", plan).status_code == 302
    approver = confirmed(client_of(make.manager(Role.APPROVER)))
    decision = {"approved": "yes", "reason": "Good.", "conditions": ""}
    assert approver.post(f"{url}decide-plan/", decision).status_code == 302
    action = make.fresh(row).actions.get()
    assert client_of(doer).post(f"{action.get_absolute_url()}done/", {"result": "Built."}).status_code == 302
    verdict = {"verdict": "effective", "method": "Measured.", "likelihood": "2", "organization": "3", "individual": "1",
               "group": "", "society": "1"}  # fmt: skip
    assert approver.post(f"{url}verify/", verdict).status_code == 302
    row = make.fresh(row)
    assert (row.state, row.score, sorted(c.number for c in row.treatment.controls.all())) == (
        "verified", 6, ["A.5.4", "A.7.4"],
    )  # fmt: skip
    text = owner.get(url).content.decode()
    assert "The way of this risk" in text
