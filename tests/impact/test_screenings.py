"""Screening: what follows from the answers, who lets which tier hold, many in one sitting."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from aims.errors import NotPermitted, Stale, WrongState
from aims.models import Decision
from aims.trail import recording
from impact import questions, services
from impact.models import Screening
from impact.rules import SCREENING_APPROVER
from inventory.models import AISystem
from organization.duties import DutyMode, Override
from organization.services.duties import set_duties
from organization.states import Role
from tests.factories import grant, root_unit
from tests.factories import impact as make
from tests.factories.organization import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("yes", "tier", "use"),
    [
        ((), "minimal", "ordinary"),
        (("people",), "standard", "ordinary"),
        (("misuse",), "standard", "ordinary"),
        (("people", "consequence", "sole"), "high", "ordinary"),
        (("society",), "high", "ordinary"),
        (("listed",), "high", "ordinary"),
        (("listed", "listed_decides"), "sensitive", "sensitive"),
        (("people", "sensitive_data"), "sensitive", "sensitive"),
        (("restricted", "policy"), "sensitive", "restricted"),
        (("prohibited", "restricted"), "sensitive", "prohibited"),
    ],
)
def test_the_answers_give_tier_and_use_with_reasons(yes, tier, use):
    judged = questions.judge(1, make.answers(*yes))
    assert (judged.tier, judged.use) == (tier, use)
    assert judged.reasons


def test_unsure_counts_as_yes():
    assert questions.judge(1, make.answers(unsure=["society"])).tier == "high"


def test_a_first_tier_above_the_lowest_holds_at_once():
    row = make.screened("people")
    assert (row.state, row.tier, make.fresh(row.system).tier) == ("in_force", "standard", "standard")
    assert make.fresh(row.system).tier_reasons == " ".join(row.reasons)


def test_the_lowest_tier_waits_for_an_approver_and_is_then_the_assessment():
    row = make.screened()
    assert (row.state, make.fresh(row.system).tier) == ("proposed", "")
    with pytest.raises(NotPermitted):
        services.approve_screening(row, by=make.who(Role.SYSTEM_OWNER), reason="r", on=make.today())
    done = services.approve_screening(row, by=make.who(Role.APPROVER), reason="Harms nobody", on=make.today())
    assert (done.state, make.fresh(done.system).tier) == ("in_force", "minimal")
    assert done.due_on is not None and done.due_on > make.soon(700)
    assert Decision.objects.filter(record_id=done.pk, sort="screening", outcome="Approved").exists()


def test_lowering_a_tier_needs_an_approver():
    first = make.screened("people", "consequence", "sole")
    lower = make.screened("people", of=make.fresh(first.system))
    assert (lower.state, make.fresh(lower.system).tier) == ("proposed", "high")
    services.approve_screening(lower, by=make.who(Role.APPROVER), reason="The person decides now", on=make.today())
    assert make.fresh(lower.system).tier == "standard"
    assert make.fresh(first).state == "superseded"


def test_who_answered_does_not_approve_except_where_duties_may_be_overridden():
    both = make.who()
    grant(both, Role.APPROVER, root_unit())
    row = make.screened(by=make.again(both))
    with pytest.raises(NotPermitted, match="answered"):
        services.approve_screening(row, by=make.again(both), reason="r", on=make.today())
    set_duties(
        {SCREENING_APPROVER.id: {"low": DutyMode.OVERRIDE}}, by=make.who(Role.TOP_MANAGEMENT), reason="Three of us"
    )
    override = Override("Nobody else", "Looked at in June")
    done = services.approve_screening(row, by=make.again(both), reason="r", on=make.today(), override=override)
    assert done.kept_apart == "overridden"


def test_the_tier_may_be_raised_with_a_note_and_never_lowered():
    with pytest.raises(ValidationError) as error:
        make.screened("people", tier="high")
    assert set(error.value.error_dict) == {"note"}
    with pytest.raises(ValidationError) as error:
        make.screened("people", "society", tier="standard")
    assert set(error.value.error_dict) == {"tier"}
    row = make.screened("people", tier="high", note="The press wrote about it")
    assert (row.tier, "press" in row.reasons[-1]) == ("high", True)


def test_every_question_is_answered_and_none_invented():
    given = make.answers("people")
    del given["misuse"]
    with pytest.raises(ValidationError) as error:
        services.screen_system(make.system(""), by=make.who(), answers={**given, "invented": ["yes"]}, on=make.today())
    assert set(error.value.error_dict) == {"misuse", "invented"}


def test_what_waits_is_not_answered_again_but_what_was_returned_is():
    row = make.screened()
    with pytest.raises(WrongState, match="waits"):
        make.screened("people", of=make.fresh(row.system))
    back = services.return_screening(row, by=make.who(Role.APPROVER), reason="Children use it", on=make.today())
    assert back.state == "returned"
    done = make.screened("vulnerable", of=make.fresh(row.system))
    assert (done.pk, done.tier, done.state) == (row.pk, "standard", "in_force")


def test_a_retired_system_is_not_screened_and_strangers_do_not_screen():
    retired = make.system("")
    make.inventory.open_gate()
    from inventory.services import change_system, retire_system

    change_system(retired, by=make.who(), on=make.today(), data={"retirement_plan": "Gone"})
    retire_system(make.fresh(retired), by=make.who(), reason="r", on=make.today())
    with pytest.raises(WrongState):
        make.screened(of=make.fresh(retired))
    with pytest.raises(NotPermitted):
        make.screened(by=make.who(Role.READER))


def test_two_approvers_at_once_and_one_wins():
    row = make.screened()
    services.approve_screening(row, by=make.who(Role.APPROVER), reason="r", on=make.today(), version=row.version)
    with pytest.raises(Stale):
        services.approve_screening(row, by=make.who(Role.APPROVER), reason="r", on=make.today(), version=row.version)


def test_many_in_one_sitting_each_by_itself():
    good, waiting = make.system(""), make.screened().system
    outcomes = services.screen_many([good, waiting], by=make.who(), answers=make.answers("people"), on=make.today())
    assert [bool(one.screening) for one in outcomes] == [True, False]
    assert "waits" in outcomes[1].refusal


class TestManyAtOnce:
    """What is foreseen is what is then recorded; nothing is recorded by looking."""

    def systems(self):
        """Not screened: one in use; one that would come lower; one that waits; one of another unit; one retired."""
        used = make.inventory.system(stage="operation_monitoring")
        retired = make.fresh(make.inventory.system())
        with recording(None, "test"):
            AISystem.objects.filter(pk=retired.pk).update(
                state="retirement", retirement_plan="Gone", retired_on=make.today()
            )
        return [used, make.system("high"), make.screened().system, make.system(""), make.fresh(retired)]

    def told(self, outcomes):
        return [(one.tier, one.waits, one.backlog_until, one.refusal) for one in outcomes]

    @pytest.mark.parametrize("yes", [("people",), (), ("people", "consequence", "sole")])
    def test_looking_tells_what_recording_does(self, yes):
        rows, by, before = self.systems(), make.who(), Screening.objects.count()
        asked = {"by": by, "answers": make.answers(*yes), "on": make.today()}
        seen = self.told(services.foresee_many(rows, **asked))
        assert Screening.objects.count() == before
        assert seen == self.told(services.screen_many(rows, **asked))
        assert [bool(refusal) for *_rest, refusal in seen] == [False, False, True, False, True]

    def test_somebody_elses_systems_are_refused_by_name(self):
        inner = UnitFactory()
        by, rows = make.who(Role.SYSTEM_OWNER, inner), [make.system("", inner), make.system("")]
        asked = {"by": by, "answers": make.answers("people"), "on": make.today()}
        seen = self.told(services.foresee_many(rows, **asked))
        assert [bool(refusal) for *_rest, refusal in seen] == [False, True]
        assert seen == self.told(services.screen_many(rows, **asked))

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"answers": {}}, "people"),
            ({"tier": "minimal"}, "tier"),
            ({"tier": "high"}, "note"),
            ({"systems": []}, "systems"),
        ],
    )
    def test_what_is_wrong_for_all_is_told_once(self, more, field):
        rows = more.pop("systems", None)
        rows = [make.system("")] if rows is None else rows
        asked = {"by": make.who(), "answers": make.answers("people"), "on": make.today(), **more}
        for act in (services.foresee_many, services.screen_many):
            with pytest.raises(ValidationError) as told:
                act(rows, **asked)
            assert field in told.value.message_dict

    def test_too_many_are_refused(self, monkeypatch):
        monkeypatch.setattr("impact.services.screenings.MOST", 1)
        rows, asked = (
            [make.system(""), make.system("")],
            {"by": make.who(), "answers": make.answers(), "on": make.today()},
        )
        for act in (services.foresee_many, services.screen_many):
            with pytest.raises(ValidationError, match="between 1 and 1"):
                act(rows, **asked)

    def test_by_page_the_ticked_ones_and_who_was_quicker(self, client_of, monkeypatch):
        monkeypatch.setattr("impact.views.sitting.SHOWN", 1)
        first, second = make.system("", title="Alpha scorer"), make.system("", title="Beta scorer")
        page, url = client_of(make.who()), "/screenings/sitting/?stage=inception"
        given = {f"q_{name}": said[0] for name, said in make.answers("people").items()}
        assert page.post(url, given).status_code == 400
        assert page.post(url, {**given, "systems": "SYS-9999"}).status_code == 400
        assert page.post(url, {"whole": "on"}).status_code == 400
        wrong = page.post(url, {**given, "whole": "on", "tier": "minimal"})
        assert wrong.status_code == 400 and "at least" in wrong.content.decode()
        assert page.get("/screenings/sitting/?stage=nowhere").status_code == 400
        assert "matches" in page.get("/screenings/sitting/?q=nothing").content.decode()
        assert [row.ref for row in page.get(url).context["rows"]] == [first.ref]
        one = page.post(url, {**given, "systems": first.ref})
        assert "Record for 1 system" in one.content.decode()
        make.screened("people", of=first)
        done = page.post(url, {**given, "systems": [first.ref, second.ref], "do": "1"})
        said = done.content.decode()
        assert done.status_code == 200 and "Somebody screened it meanwhile." in said
        assert Screening.objects.filter(system=first).count() == Screening.objects.filter(system=second).count() == 1
        late = page.post(url, {**given, "systems": [second.ref], "do": "1"})
        assert [one.refusal for one in late.context["done"]] == ["Somebody screened it meanwhile."]

    def test_by_page_what_there_was_no_time_for_goes_on_with_the_next_click(self, client_of, monkeypatch):
        monkeypatch.setattr("impact.views.sitting.SECONDS", 0)
        monkeypatch.setattr("impact.views.sitting.STEP", 1)
        rows = [make.system("", title="Alpha scorer"), make.system("", title="Beta scorer")]
        page, url = client_of(make.who()), "/screenings/sitting/"
        given = {f"q_{name}": said[0] for name, said in make.answers("people").items()}
        first = page.post(url, {**given, "systems": [row.ref for row in rows], "do": "1"})
        assert first.context["next"] == rows[1:] and "Go on with the one left" in first.content.decode()
        again = page.post(url, {**dict(first.context["held"]), "systems": rows[1].ref, "do": "1"})
        assert not again.context["next"] and Screening.objects.in_force().count() == 2

    def test_by_api_over_a_filter(self, api_of):
        used = make.inventory.system(stage="operation_monitoring", title="Alpha scorer")
        other = make.system("", title="Beta scorer")
        api, url = api_of(make.who()), "/api/v1/screenings/many/"
        body = {"answers": make.answers("people"), "matching": {"q": ["scorer"]}}
        seen = api.post(url, {**body, "preview": True}).json()
        assert seen["preview"] and [row["system"] for row in seen["results"]] == [used.ref, other.ref]
        assert [bool(row["backlog_until"]) for row in seen["results"]] == [True, False]
        assert not Screening.objects.exists()
        found = api.post(url, {**body, "matching": {"q": ["scorer"], "stage": ["operation_monitoring"]}}).json()
        (row,) = found["results"]
        assert (row["tier"], row["state"], row["refused"]) == ("standard", "in_force", "")
        assert row["screening"] == Screening.objects.get().ref
        again = api.post(url, {"answers": body["answers"], "systems": [other.ref]}).json()["results"]
        assert [one["state"] for one in again] == ["in_force"]
        for broken in (
            {}, {"systems": [other.ref], "matching": {}}, {"matching": {"mood": ["bad"]}}, {"matching": {"stage": ["x"]}},
            {"matching": {"q": ["nothing"]}}, {"systems": []},
        ):  # fmt: skip
            assert api.post(url, {"answers": body["answers"], **broken}).status_code == 400, broken


@pytest.mark.parametrize(
    "values", [{"answers": {"people": ["no"]}}, {"tier": "high"}, {"reasons": []}, {"jurisdictions": ["FR"]}]
)
def test_what_was_proposed_never_changes_behind_the_services(values):
    row = make.screened()
    with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
        Screening.objects.filter(pk=row.pk).update(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "in_force"},
        {"state": "in_force", "decided_by_id": -1, "decided_on": "2026-01-01", "capacity": "approver"},
        {"state": "gone"},
        {"tier": "gone", "state": "superseded"},
    ],
)
def test_the_database_refuses_half_decisions(values):
    row = make.screened()
    if "decided_by_id" in values:
        values = {**values, "decided_by_id": row.answered_by_id}
    with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
        Screening.objects.filter(pk=row.pk).update(**values)
