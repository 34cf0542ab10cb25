"""AC-09 and AC-10 from end to end, with the checks of every app: what stops a release, and what lets it through.

Each by page and by API. The clock stands, so that days in the rules do not move.
"""

from html import unescape

import pytest

from aims import clock
from aims.models import Decision, Task
from impact.models import ImpactAssessment
from inventory import permits
from inventory.models import AISystem, GateAttempt, LifecycleRecord
from organization.states import Role
from risk.models import Risk
from tests.factories import impact, inventory, risk
from tests.factories.organization import sure
from tests.journeys.release import on_the_way, pipeline

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def standing(at):
    at(inventory.AT)


def text(response):
    return unescape(response.content.decode())


def approval():
    return {"reason": "Its benefits outweigh what is left.", "valid_until": impact.soon(300).isoformat()}


class TestNothingGoesLiveUnassessed:
    """AC-09"""

    def test_ci_is_refused_until_somebody_else_approves(self, api_of):
        release, row = on_the_way("Recommendation engine", number="2.0")
        api, url = api_of(token=pipeline()), f"/api/v1/systems/{release.system.ref}/gate/"
        body = {"version": "2.0", "digest": release.digest, "environment": "production", "commit": "4f2a91c"}

        refused = api.post(url, body)
        assert (refused.status_code, refused["Content-Type"]) == (409, "application/problem+json")
        (unmet,) = refused.json()["unmet"]
        assert (unmet["id"], unmet["url"]) == ("impact_approved", row.get_absolute_url())
        assert row.ref in unmet["sentence"]

        author = impact.author_of(row)
        own = sure(api_of, author).post(
            f"/api/v1/impact-assessments/{row.ref}/approve/", approval(), HTTP_IF_MATCH=f'"{row.version}"'
        )
        assert own.status_code == 403
        assert api.post(url, body).status_code == 409

        other = sure(api_of, impact.who(Role.APPROVER)).post(
            f"/api/v1/impact-assessments/{row.ref}/approve/", approval(), HTTP_IF_MATCH=f'"{row.version}"'
        )
        assert other.status_code == 200

        passed = api.post(url, body)
        assert passed.status_code == 200, passed.content
        attempt = GateAttempt.objects.get(ref=passed.json()["attempt"])
        assert {one["state"] for one in attempt.items} == {"met"}
        assert {"impact_approved", "residual_accepted", "verified", "digest"} <= {one["id"] for one in attempt.items}
        assert permits.verify(passed.json()["permit"], clock.now())["sub"] == release.system.ref
        told = Decision.objects.filter(sort="gate").order_by("pk").values_list("outcome", flat=True)
        assert list(told) == ["Refused", "Refused", "Allowed"]

    def test_the_owner_by_page_and_the_stage_follows(self, client_of):
        release, row = on_the_way("Recommendation engine", number="2.0")
        page, url = client_of(inventory.manager()), f"/systems/{release.system.ref}/"
        assert "1 item stops the release" in text(page.get(f"{url}gate/"))
        asked = page.post(f"{url}gate/ask/", {"number": "2.0", "environment": "production"}, follow=True)
        said = text(asked)
        assert "Refused" in said and row.ref in said and "Impact assessment approved and current" in said

        move = {"stage": "deployment", "reason": "The candidate is ready"}
        system = AISystem.objects.get(pk=release.system_id)
        stopped = page.post(f"{url}move/", {**move, "version": system.version})
        assert stopped.status_code == 409 and row.ref in text(stopped)
        assert AISystem.objects.get(pk=system.pk).state == "verification_validation"

        approver = sure(client_of, impact.who(Role.APPROVER))
        approved = approver.post(f"{row.get_absolute_url()}approve/", {**approval(), "version": row.version})
        assert approved.status_code == 302

        assert "Nothing stops the release" in text(page.get(f"{url}gate/"))
        again = page.post(f"{url}gate/ask/", {"number": "2.0", "environment": "production"}, follow=True)
        assert "Allowed. The permit is below." in text(again)
        system.refresh_from_db()
        assert page.post(f"{url}move/", {**move, "version": system.version}).status_code == 302
        assert AISystem.objects.get(pk=system.pk).state == "deployment"
        assert GateAttempt.objects.filter(way="stage", state="refused").count() == 1


class TestChangeOfPurpose:
    """AC-10: a fraud model becomes a credit-limit model."""

    def live(self):
        """In use with a permit; everything about it approved."""
        release, row = on_the_way("Fraud model")
        impact.approve(row)
        by = inventory.manager()
        system = AISystem.objects.get(pk=release.system_id)
        for stage in ("deployment", "operation_monitoring"):
            inventory.services.move_stage(system, stage=stage, by=by, reason="Ready", on=inventory.TODAY)
            system.refresh_from_db()
        inventory.services.release_version(release, by=by, on=inventory.TODAY)
        return release, row

    def after(self, release, row):
        """What a changed purpose leaves behind: approvals stale, reviews opened, the live system flagged."""
        row.refresh_from_db()
        system = AISystem.objects.get(pk=release.system_id)
        new = ImpactAssessment.objects.get(system=system, state="draft")
        assert (row.state, new.predecessor, new.trigger) == ("stale", row, "purpose")
        law = LifecycleRecord.objects.filter(system=system).newest("law")
        assert law.state == "stale"
        waiting = Risk.objects.of_system(system).get().reassessments.waiting()
        assert waiting.count() == 1
        assert system.flag
        tasks = Task.objects.filter(asked__startswith="Significant change").values_list("asked", flat=True)
        assert any(law.ref in one for one in tasks)
        return system, new

    def settle(self, system, new):
        """The work that the change asks for."""
        by = inventory.manager()
        release = system.versions.get()
        inventory.classified(system)
        for row in LifecycleRecord.objects.filter(system=system, state="stale"):
            inventory.record(system, row.sort, release)
        again = Risk.objects.of_system(system).get()
        risk.assess(again, **risk.LOW)
        again = risk.fresh(again)
        if again.state != "accepted":
            risk.accept(again)
        assert AISystem.objects.get(pk=system.pk).flag, by
        return impact.approve(impact.submitted(new))

    def test_by_page(self, client_of):
        release, row = self.live()
        url = f"/systems/{release.system.ref}/"
        page = client_of(inventory.manager())
        sent = {"title": "Score credit limits", "description": "The scores serve for limits too"}
        asked = page.post(f"{url}changes/new/", sent)
        assert asked.status_code == 302
        change = asked["Location"]
        answers = dict.fromkeys(("purpose", "people", "data", "model", "oversight", "supplier", "legal_class"), "no")
        assert page.post(f"{change}assess/", {**answers, "purpose": "yes"}).status_code == 302
        system, new = self.after(release, row)

        gate = text(page.get(f"{url}gate/"))
        assert "Significant change, not settled yet" in gate and new.ref in gate and "stop the release" in gate
        refused = page.post(f"{url}gate/ask/", {"number": "1.0", "environment": "production"}, follow=True)
        assert "Refused" in text(refused)

        decided = sure(client_of, inventory.approver()).post(
            f"{change}decide/", {"approved": "yes", "reason": "After the assessment"}
        )
        assert decided.status_code == 302
        inventory.services.change_system(
            system, by=inventory.manager(), data={"purpose": "Score credit limits"}, on=inventory.TODAY
        )
        assert "Carried out" in text(page.get(change))
        self.settle(impact.fresh(system), new)
        gate = text(page.get(f"{url}gate/"))
        assert "not settled yet" not in gate and "Nothing stops the release" in gate
        again = page.post(f"{url}gate/ask/", {"number": "1.0", "environment": "production"}, follow=True)
        assert "Allowed. The permit is below." in text(again)

    def test_by_api_and_without_asking_before(self, api_of):
        release, row = self.live()
        url = f"/api/v1/systems/{release.system.ref}/"
        owner, ci = api_of(inventory.manager()), api_of(token=pipeline())
        before = owner.get(url)
        changed = owner.patch(url, {"purpose": "Score credit limits"}, HTTP_IF_MATCH=before["ETag"])
        assert changed.status_code == 200, changed.content
        system, new = self.after(release, row)
        assert "Purpose" in owner.get(url).json()["flag"]

        body = {"version": "1.0", "digest": release.digest, "environment": "production"}
        refused = ci.post(f"{url}gate/", body)
        assert refused.status_code == 409
        assert {"impact_approved", "law_class", "residual_accepted"} <= {one["id"] for one in refused.json()["unmet"]}

        self.settle(system, new)
        assert owner.get(url).json()["flag"] == ""
        passed = ci.post(f"{url}gate/", body)
        assert passed.status_code == 200, passed.content
