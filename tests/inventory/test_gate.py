"""The gate: what it asks, what it answers, who may go around it, and that every attempt is kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, transaction

from aims.errors import NotPermitted, WrongState
from aims.models import Decision
from aims.registry import registry
from aims.trail import recording
from inventory import permits, reality, services
from inventory.facts import GateBypassed
from inventory.models import AISystem, GateAttempt, GateStatement, SystemVersion
from inventory.services import Brought
from organization.states import Role
from tests.factories import inventory as make
from tests.factories.organization import person, root, sure

pytestmark = pytest.mark.django_db
TODAY, AT = make.TODAY, make.AT
OTHER = "f" * 64


def ask(version: SystemVersion, digest: str = make.DIGEST, *, at: Any = AT, **more: Any) -> GateAttempt:
    brought = Brought(number=version.number, digest=digest, **more)
    return services.ask_gate(version.system, brought, by=make.manager(), at=at)


def unmet(attempt: GateAttempt) -> set[str]:
    return {item["id"] for item in attempt.unmet}


def fresh(version: SystemVersion) -> AISystem:
    return AISystem.objects.get(pk=version.system_id)


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Facts as they are announced."""
    heard: list[Any] = []
    monkeypatch.setattr(registry, "announce", heard.append)
    return heard


def test_everything_met_gives_a_permit_that_can_be_verified_offline() -> None:
    attempt = ask(make.ready())
    assert attempt.state == "allowed", attempt.unmet
    claims = permits.verify(attempt.permit, AT)
    assert claims["digest"] == make.DIGEST and claims["environment"] == "production"
    assert Decision.objects.get(record_id=attempt.pk).outcome == "Allowed"


@pytest.mark.parametrize("missing", ["evaluation", "data_quality", "law", "deployment", "monitoring", "oversight"])
def test_one_thing_missing_closes_the_gate_and_is_recorded(missing: str) -> None:
    item = {
        "evaluation": "verified",
        "law": "law_class",
        "deployment": "deployment_plan",
        "monitoring": "monitoring_plan",
    }
    attempt = ask(make.ready(without=(missing,)))
    assert attempt.state == "refused" and not attempt.permit
    assert unmet(attempt) == {item.get(missing, missing)}
    assert Decision.objects.get(record_id=attempt.pk).refused


def test_an_item_without_check_is_met_by_an_attestation_only() -> None:
    version = make.ready(without=("oversight",))
    make.attested(fresh(version), "oversight")
    assert ask(version).state == "allowed"


def test_what_a_check_answers_nobody_attests() -> None:
    with pytest.raises(ValidationError, match="by itself"):
        make.attested(make.system(), "verified")
    with pytest.raises(ValidationError, match="no such item"):
        make.attested(make.system(), "nonsense")


def test_another_digest_fails_closed() -> None:
    assert unmet(ask(make.ready(), OTHER)) == {"digest"}
    assert unmet(ask(make.ready(), "")) == {"digest"}


def test_another_digest_inside_the_envelope_passes() -> None:
    version = make.ready()
    envelope = make.record(fresh(version), "envelope", version, until=TODAY + timedelta(days=90))
    assert unmet(ask(version, OTHER)) == {"digest"}
    make.measured(envelope, digest=OTHER)
    assert ask(version, OTHER).state == "allowed"
    assert unmet(ask(version, "e" * 64)) == {"digest"}


def test_a_reading_outside_the_limits_proves_nothing() -> None:
    version = make.ready()
    envelope = make.record(fresh(version), "envelope", version, until=TODAY + timedelta(days=90))
    make.measured(envelope, "0.1", digest=OTHER)
    assert unmet(ask(version, OTHER)) == {"digest"}


def test_an_envelope_ends() -> None:
    version = make.ready()
    envelope = make.record(fresh(version), "envelope", version, until=TODAY)
    make.measured(envelope, digest=OTHER)
    assert unmet(ask(version, OTHER, at=AT + timedelta(days=2))) == {"digest"}


def test_a_failed_check_blocks_until_a_passing_run() -> None:
    version = make.ready(without=("data_quality",))
    plan = make.record(fresh(version), "data_quality", version)
    make.measured(plan, "0.5")
    assert unmet(ask(version)) == {"data_quality"}
    make.measured(plan, "0.9")
    assert ask(version).state == "allowed"


def test_an_exception_waives_once_countersigned_and_for_its_time() -> None:
    version = make.ready(without=("oversight",))
    data = {"item": "oversight", "text": "Second person starts on Monday", "until": TODAY + timedelta(days=7)}
    row = services.ask_exception(fresh(version), by=make.manager(), data=data, on=TODAY)
    assert unmet(ask(version)) == {"oversight"}
    with pytest.raises(NotPermitted):
        services.countersign(row, by=make.manager(), reason="Mine", on=TODAY)
    services.countersign(row, by=make.approver(), reason="Agreed", on=TODAY)
    (item,) = [one for one in services.look_at_gate(
        fresh(version), Brought(version.number, digest=make.DIGEST), by=make.manager(), on=TODAY
    ).answers if one.id == "oversight"]  # fmt: skip
    assert item.state == "waived"
    assert unmet(ask(version, at=AT + timedelta(days=30))) == {"oversight"}
    with pytest.raises(WrongState):
        services.countersign(row, by=make.approver(), reason="Again", on=TODAY)


def test_what_ended_is_shown_apart_and_not_countersigned_any_more(client_of: Any, at: Any) -> None:
    at(AT)
    version = make.ready(without=("oversight",))
    data = {"item": "oversight", "until": TODAY + timedelta(days=7)}
    signed, waiting, back = (
        services.ask_exception(fresh(version), by=make.manager(), data={**data, "text": text}, on=TODAY)
        for text in ("Second person starts on Monday", "Nobody looked at this", "Asked in error")
    )
    services.countersign(signed, by=make.approver(), reason="Agreed", on=TODAY)
    services.take_back(back, by=make.manager(), reason="A mistake", on=TODAY)
    page, url = client_of(make.manager()), f"/systems/{version.system.ref}/gate/"

    def shown(part: str) -> list[str]:
        parts = {one.id: one for one in page.get(url).context["parts"]}
        return [row.cells[2] for row in parts[part].rows] if part in parts else []

    assert set(shown("statements")) >= {signed.text, waiting.text} and shown("ended") == [back.text]
    at(AT + timedelta(days=7))
    assert {signed.text, waiting.text} <= set(shown("statements"))
    at(AT + timedelta(days=8))
    assert set(shown("ended")) == {signed.text, waiting.text, back.text}
    assert not {signed.text, waiting.text} & set(shown("statements"))
    said = page.get(url).content.decode()
    assert "Ended, never countersigned" in said and "Taken back on 2 Mar 2026" in said
    with pytest.raises(WrongState):
        services.countersign(waiting, by=make.approver(), reason="Late", on=TODAY + timedelta(days=8))


def test_a_statement_is_countersigned_and_taken_back_by_page(client_of: Any) -> None:
    version = make.ready(without=("oversight",))
    page, url = client_of(make.manager()), f"/systems/{version.system.ref}/gate/"
    (signed_off,) = GateStatement.objects.filter(system=version.system, item="sign_offs")
    assert f"{url}take-back/{signed_off.pk}/" in page.get(url).content.decode()
    assert page.post(f"{url}take-back/{signed_off.pk}/", {}).status_code == 400
    assert page.post(f"{url}take-back/{signed_off.pk}/", {"reason": "Signed for another"}).status_code == 302
    assert unmet(ask(version)) == {"oversight", "sign_offs"}
    assert page.post(f"{url}take-back/{signed_off.pk}/", {"reason": "Again"}).status_code == 409
    assert page.get(f"/systems/{make.system().ref}/gate/take-back/{signed_off.pk}/").status_code == 404
    reader = client_of(person(Role.READER))
    assert "take-back" not in reader.get(url).content.decode()
    assert reader.get(f"{url}take-back/{signed_off.pk}/").status_code == 403


def test_an_exception_by_api_from_asking_to_taking_it_back(api_of: Any, at: Any) -> None:
    at(AT)
    version = make.ready(without=("oversight",))
    owner, url = api_of(make.manager()), f"/api/v1/systems/{version.system.ref}/gate/"
    body = {"item": "oversight", "text": "Second person starts on Monday", "until": str(TODAY + timedelta(days=7))}
    made = owner.post(f"{url}exception/", body).json()["id"]
    signing, back = f"{url}statements/{made}/countersign/", f"{url}statements/{made}/take-back/"
    assert api_of(make.approver()).post(signing, {"reason": "Agreed"}).status_code == 401  # not proved who they are
    assert sure(api_of, make.manager()).post(signing, {"reason": "Mine"}).status_code == 403
    signed = sure(api_of, make.approver()).post(signing, {"reason": "Agreed"})
    assert (signed.status_code, signed.json()["countersigned_by"]) == (200, make.approver().email)
    assert unmet(ask(version)) == set()
    listed = {row["id"]: row for row in owner.get(f"{url}statements/").json()["results"]}
    assert (listed[made]["item"], listed[made]["over"]) == ("oversight", False)
    assert owner.post(back, {"reason": ""}).status_code == 400
    assert owner.post(back, {"reason": "She is there"}).json()["over"] is True
    assert owner.post(back, {"reason": "Again"}).status_code == 409
    other = f"/api/v1/systems/{make.system().ref}/gate/statements/{made}/take-back/"
    assert owner.post(other, {"reason": "x"}).status_code == 404


def test_an_exception_ends_on_a_day_to_come() -> None:
    data = {"item": "oversight", "text": "x", "until": TODAY}
    with pytest.raises(ValidationError, match="day to come"):
        services.ask_exception(make.system(), by=make.manager(), data=data, on=TODAY)


def test_the_same_again_always_passes_until_withdrawn() -> None:
    version = make.ready()
    first = ask(version)
    make.classified(fresh(version), prohibited="yes")
    again = ask(version, at=AT + timedelta(days=40))
    assert (again.state, again.way) == ("allowed", "again")
    brought, before = Brought(version.number, digest=make.DIGEST), GateAttempt.objects.count()
    tried = services.look_at_gate(fresh(version), brought, by=make.manager(), on=TODAY)
    assert tried.allowed and not tried.unmet and GateAttempt.objects.count() == before
    for row in (first, again):
        services.withdraw_permit(row, by=make.approver(), reason="Faulty")
    assert unmet(ask(version)) == {"law_class"}


def test_what_the_law_prohibits_passes_on_no_way(announced: list[Any]) -> None:
    version = make.ready(without=("law",))
    make.classified(fresh(version), prohibited="yes")
    make.open_gate()
    assert ask(version).state == "refused"
    with pytest.raises(WrongState, match="no way"):
        services.break_glass(
            fresh(version), Brought(version.number, digest=make.DIGEST), by=make.manager(), reason="Now", at=AT
        )
    assert not announced


@pytest.mark.parametrize(("mode", "state"), [("observe", "allowed"), ("warn", "allowed"), ("enforce", "refused")])
def test_the_mode_in_force_decides(mode: str, state: str) -> None:
    version = make.ready(without=("oversight",))
    make.open_gate(mode)
    attempt = ask(version)
    assert (attempt.state, attempt.mode, unmet(attempt)) == (state, mode, {"oversight"})


def test_a_mode_begins_on_its_day_and_never_changes() -> None:
    by = make.manager()
    with pytest.raises(ValidationError, match="past"):
        services.set_mode(by=by, unit=root(), mode="warn", valid_from=TODAY - timedelta(days=1), reason="x", on=TODAY)
    with pytest.raises(ValidationError, match="no such mode"):
        services.set_mode(by=by, unit=root(), mode="sleep", valid_from=TODAY, reason="x", on=TODAY)
    row = make.open_gate()
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic(), recording(None, "test"):
        type(row).objects.filter(pk=row.pk).update(mode="enforce")


def test_a_system_in_backlog_is_not_in_breach_until_its_day() -> None:
    version = make.ready(without=("oversight", "deployment"), stage="operation_monitoring")
    services.set_tier(fresh(version), by=make.manager(), tier="high", reasons="Many people", on=TODAY)
    attempt = ask(version)
    assert attempt.state == "allowed"
    assert {one["id"] for one in attempt.items if one["state"] == "backlog"} == {"oversight", "deployment_plan"}
    late = ask(version, environment="other", at=AT + timedelta(days=200))
    assert unmet(late) >= {"oversight", "deployment_plan"}


def test_the_tier_decides_what_is_asked() -> None:
    version = make.ready(without=("oversight", "documentation"))
    services.set_tier(fresh(version), by=make.manager(), tier="minimal", reasons="Nobody notices", on=TODAY)
    assert ask(version).state == "allowed"


def test_a_failed_check_blocks_in_every_tier() -> None:
    version = make.ready(stage="inception")
    services.set_tier(fresh(version), by=make.manager(), tier="minimal", reasons="Nobody notices", on=TODAY)
    assert "stage" in unmet(ask(version))


def test_a_bought_system_is_bound_by_vendor_product_and_configuration() -> None:
    supplier = make.supplier(title="Helpdesk Inc")
    version = make.ready(third_party=True, vendor_product="Replies", vendor_version="1.0", supplier=supplier)
    right = {"vendor": "Helpdesk Inc", "product": "Replies"}
    assert ask(version, "", **right).state == "allowed"
    assert unmet(ask(version, "", vendor="Other", product="Replies")) == {"digest"}
    assert unmet(ask(version, "", vendor="Helpdesk Inc", product="Other")) == {"digest"}


def test_an_unknown_version_or_no_environment_is_told() -> None:
    version = make.ready()
    for brought in (Brought("9.9"), Brought(version.number, environment=" ")):
        with pytest.raises(ValidationError):
            services.ask_gate(version.system, brought, by=make.manager(), at=AT)
    with pytest.raises(NotPermitted):
        services.ask_gate(version.system, Brought(version.number), by=person(Role.READER, root()), at=AT)


def test_a_pilot_is_limited_and_ends_by_itself() -> None:
    version = make.ready(without=("evaluation",))
    terms = {"users": "Twenty shops", "data_used": "Orders of May", "stop": "More than 2 % complaints"}
    pilot = services.allow_pilot(
        fresh(version), Brought(version.number, digest=make.DIGEST), by=make.approver(), terms=terms, reason="Learn",
        until=TODAY + timedelta(days=14), at=AT,
    )  # fmt: skip
    assert pilot.state == "allowed" and pilot.pilot["users"] == "Twenty shops"
    rows = GateAttempt.objects.all()
    assert rows.in_force(AT + timedelta(days=10)).exists() and not rows.in_force(AT + timedelta(days=20)).exists()
    assert unmet(ask(version)) == {"verified"}


def test_a_pilot_names_its_limits() -> None:
    version = make.ready()
    whole = {"users": "x", "data_used": "x", "stop": "x"}
    for name in whole:
        with pytest.raises(ValidationError):
            services.allow_pilot(
                version.system, Brought(version.number), by=make.approver(), terms={**whole, name: ""}, reason="x",
                until=TODAY + timedelta(days=1), at=AT,
            )  # fmt: skip
    with pytest.raises(ValidationError, match="day to come"):
        services.allow_pilot(
            version.system, Brought(version.number), by=make.approver(), terms=whole, reason="x", until=TODAY, at=AT
        )


def break_it(version: SystemVersion, by: Any) -> GateAttempt:
    brought = Brought(version.number, digest=make.DIGEST)
    return services.break_glass(fresh(version), brought, by=by, reason="Payments are down", at=AT)


def test_breaking_the_glass_with_authority_deploys_and_waits_for_a_review(announced: list[Any]) -> None:
    attempt = break_it(make.ready(without=("evaluation",)), make.manager())
    assert attempt.state == "bypassed" and attempt.permit and attempt.review_by == AT + timedelta(hours=24)
    assert not announced
    services.review_bypass(attempt, by=make.approver(), nonconformity=False, reason="Right to do", at=AT)
    assert not announced
    with pytest.raises(WrongState):
        services.review_bypass(attempt, by=make.approver(), nonconformity=True, reason="Again", at=AT)


def test_a_review_may_find_a_nonconformity(announced: list[Any]) -> None:
    attempt = break_it(make.ready(without=("evaluation",)), make.manager())
    with pytest.raises(NotPermitted):
        services.review_bypass(attempt, by=make.manager(), nonconformity=True, reason="Mine", at=AT)
    services.review_bypass(attempt, by=make.approver(), nonconformity=True, reason="Could have waited", at=AT)
    assert [(type(fact), fact.why) for fact in announced] == [(GateBypassed, "reviewed")]


def test_without_authority_it_is_always_a_nonconformity(announced: list[Any]) -> None:
    version = make.ready(without=("evaluation",))
    attempt = break_it(version, person(Role.CONTRIBUTOR, root()))
    assert [fact.why for fact in announced] == ["without_authority"]
    with pytest.raises(WrongState, match="always"):
        services.review_bypass(attempt, by=make.approver(), nonconformity=False, reason="Fine", at=AT)
    services.review_bypass(attempt, by=make.approver(), nonconformity=True, reason="Trained", at=AT)
    assert len(announced) == 1


def test_a_missed_review_is_a_nonconformity_once(announced: list[Any]) -> None:
    break_it(make.ready(without=("evaluation",)), make.manager())
    assert services.end_missed_reviews(at=AT + timedelta(hours=23)) == 0
    assert services.end_missed_reviews(at=AT + timedelta(hours=25)) == 1
    assert services.end_missed_reviews(at=AT + timedelta(hours=26)) == 0
    assert [fact.why for fact in announced] == ["review_missed"]


def test_an_emergency_stop_withdraws_everything_until_a_new_permit() -> None:
    version = make.ready()
    ask(version)
    attempt = services.stop_system(fresh(version), by=make.manager(), reason="Wrong prices", at=AT)
    assert attempt.state == "stopped" and fresh(version).stopped_on == TODAY
    assert not GateAttempt.objects.permitted().exists()
    again = ask(version)
    assert (again.way, again.state) == ("release", "allowed") and fresh(version).stopped_on is None


def test_a_stop_may_be_of_one_environment() -> None:
    version = make.ready()
    ask(version)
    ask(version, environment="staging")
    services.stop_system(fresh(version), by=make.manager(), reason="x", at=AT, environment="staging")
    assert [row.environment for row in GateAttempt.objects.permitted()] == ["production"]


def test_what_the_gate_answered_never_changes() -> None:
    attempt = ask(make.ready())
    rows = GateAttempt.objects.filter(pk=attempt.pk)
    for write in (lambda: rows.update(items=[]), rows.delete):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic(), recording(None, "test"):
            write()


def test_a_stage_asks_its_gate_and_keeps_the_refusal() -> None:
    system = make.system()
    with pytest.raises(WrongState) as refused:
        services.move_stage(system, stage="design_development", by=make.manager(), reason="Go", on=TODAY)
    assert {one["id"] for one in refused.value.extra["unmet"]} >= {"registered", "requirements"}
    assert AISystem.objects.get(pk=system.pk).state == "inception"
    assert GateAttempt.objects.get().state == "refused"


@pytest.mark.parametrize("change", ["x", ".", "eyJ.eyJ.x", ""])
def test_an_altered_permit_does_not_hold(change: str) -> None:
    permit = ask(make.ready()).permit
    header, claims, signature = permit.split(".")
    altered = change or f"{header}.{claims[:-2]}AA.{signature}"
    with pytest.raises(permits.Refused):
        permits.verify(altered, AT)


def test_an_expired_permit_does_not_hold() -> None:
    permit = ask(make.ready()).permit
    with pytest.raises(permits.Refused, match="expired"):
        permits.verify(permit, AT + timedelta(days=10))


def test_the_past_of_the_gate_is_what_it_answered_then(client_of: Any, at: Any) -> None:
    """The gate itself answers for today only."""
    at(AT)
    release = make.ready()
    attempt = ask(release)
    at(AT + timedelta(days=20))
    url, reader = f"/systems/{release.system.ref}/gate/", client_of(person(Role.READER))
    now, then = (
        reader.get(f"{url}{past}").content.decode() for past in ("", f"?as_of={AT.date() + timedelta(days=10)}")
    )
    assert attempt.ref in then and "The gate answers for today" in then and "The gate answers for today" not in now


def test_what_runs_is_reported_and_set_against_the_permits(api_of: Any, client_of: Any, at: Any) -> None:
    at(AT)
    release = make.ready()
    ask(release)
    api, url = api_of(make.manager()), f"/api/v1/systems/{release.system.ref}/deployed/"
    runs = {"version": release.number, "digest": make.DIGEST}

    def found() -> list[tuple[str, str]]:
        return [(one.digest, one.finding) for one in reality.of_system(fresh(release), AT)]

    assert found() == [(make.DIGEST, reality.UNUSED)]
    body = {"environment": "production", "running": [runs, {"digest": OTHER}]}
    assert api.post(url, body).json() == {"seen": 2}
    assert dict(found()) == {make.DIGEST: reality.PERMITTED, OTHER: reality.OTHER}
    assert api.post(url, {**body, "environment": "staging", "running": [runs]}).status_code == 200
    assert (make.DIGEST, reality.WITHOUT) in found()
    assert api.post(url, {**body, "running": [runs]}).json() == {"seen": 1}
    assert OTHER not in dict(found())
    assert api.post(url, body).json() == {"seen": 2} and OTHER in dict(found())
    page = client_of(make.manager()).get("/gate/running/").content.decode()
    assert "Another digest than permitted" in page and "Without permit" in page


def test_what_runs_is_searched_narrowed_and_leafed_through(client_of: Any, at: Any, monkeypatch: Any) -> None:
    at(AT)
    permitted, other = make.ready(title="Parcel sorter"), make.ready(title="Voice menu")
    ask(permitted)
    for release, digest, place in ((permitted, make.DIGEST, "production"), (other, OTHER, "staging")):
        running = [{"version": release.number, "digest": digest}]
        services.report_running(fresh(release), by=make.manager(), environment=place, running=running, at=AT)
    page, url = client_of(make.manager()), "/gate/running/"

    def shown(query: str) -> list[str]:
        return [row.cells[0].label for row in page.get(url + query).context["register"].rows]

    assert shown("") == ["Voice menu", "Parcel sorter"]  # what has no permit comes first
    assert shown("?q=parcel+PRODUCTION") == shown("?finding=permitted") == ["Parcel sorter"]
    assert shown(f"?q={OTHER[:10]}") == shown("?environment=staging") == shown("?finding=without") == ["Voice menu"]
    assert shown("?finding=permitted&finding=without&environment=staging") == ["Voice menu"]
    assert shown("?q=nothing") == [] and "Nothing matches" in page.get(f"{url}?q=nothing").content.decode()
    monkeypatch.setattr("inventory.views.running.PAGE", 1)
    assert (shown("?after=0"), shown("?after=1")) == (["Voice menu"], ["Parcel sorter"])
    assert page.get(f"{url}?after=x").status_code == 400
    before = page.get(f"{url}?as_of={AT.date() - timedelta(days=3)}")
    assert "Nothing is known yet" in before.content.decode()


def test_modes_of_the_gate_show_no_search_box_that_finds_nothing(client_of: Any) -> None:
    make.open_gate()
    shown = client_of(make.manager()).get("/gate/modes/").content.decode()
    assert "Modes of the gate" in shown and "data-register-search" not in shown


@pytest.mark.parametrize(("mode", "words"), [("observe", "Let pass, observing"), ("warn", "Let pass, with a warning")])
def test_a_passage_with_items_unmet_says_that_the_gate_only_looked(mode: str, words: str, client_of: Any) -> None:
    release = make.ready(without=("oversight",))
    make.open_gate(mode)
    attempt = ask(release)
    page = client_of(make.manager())
    for url in ("/gate/", attempt.get_absolute_url(), f"/systems/{release.system.ref}/gate/"):
        assert words in page.get(url).content.decode(), url
    assert "1 item was unmet. The gate let it pass" in page.get(attempt.get_absolute_url()).content.decode()


def test_a_passage_that_met_everything_or_was_refused_says_so(client_of: Any) -> None:
    page = client_of(make.manager())
    whole, refused = ask(make.ready()), ask(make.ready(without=("oversight", "deployment")))
    assert "Let pass" not in page.get(whole.get_absolute_url()).content.decode()
    assert "2 items were unmet." in page.get(refused.get_absolute_url()).content.decode()
    assert "Let pass" not in page.get("/gate/").content.decode()
