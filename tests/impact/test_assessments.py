"""Opening, writing and submitting assessments; carrying over from the predecessor."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from aims.errors import Hidden, NotPermitted, Stale, WrongState
from aims.registry import registry
from aims.trail import recording
from impact import facts, services
from impact.comparison import compare
from impact.missing import missing
from impact.models import Answer, Impact, ImpactAssessment
from organization.states import Role
from tests.factories import impact as make

pytestmark = pytest.mark.django_db


def gaps(row):
    return {gap.id for gap in missing(row)}


class TestOpening:
    def test_it_takes_tier_version_and_owner_from_the_system(self):
        system = make.system("standard")
        row = make.assessment(system)
        assert (row.state, row.tier, str(row.system_version), row.unit) == ("draft", "standard", "1.0", system.unit)
        assert row.authors.get().person == row.owner
        assert row.due_on is not None and row.due_on > make.today()

    def test_one_at_a_time(self):
        row = make.assessment()
        with pytest.raises(WrongState, match="open already"):
            make.assessment(make.fresh(row.system))

    def test_the_lowest_tier_is_screened_instead(self):
        with pytest.raises(WrongState, match="screening is the assessment"):
            make.assessment(make.system("minimal"))

    def test_who_may_not_and_who_is_gone(self):
        with pytest.raises(NotPermitted):
            make.assessment(by=make.who(Role.READER))
        gone = make.who(is_active=False)
        with pytest.raises(ValidationError) as error:
            services.open_assessment(make.system(), by=make.who(), on=make.today(), data={"owner": gone})
        assert set(error.value.error_dict) == {"owner"}

    def test_the_screening_says_what_use_it_is(self):
        screening = make.screened("people", "sensitive_data")
        row = make.assessment(make.fresh(screening.system))
        assert (row.use, row.tier) == ("sensitive", "sensitive")

    def test_a_family_with_its_differences(self):
        other = make.system()
        by = make.who()
        row = services.open_assessment(make.system(), by=by, on=make.today(), family={other: "Another country"})
        assert [(one.system, one.differences) for one in row.family.all()] == [(other, "Another country")]
        services.change_assessment(row, by=by, data={}, family={})
        assert not row.family.exists()


class TestWriting:
    def test_answers_are_saved_as_one_goes_and_gaps_are_allowed(self):
        row = make.assessment()
        by, at = make.author_of(row), make.clock.now()
        services.save_answers(row, by=by, answers={"scope": {"text": "All of it"}, "model": {"text": ""}}, at=at)
        services.save_answers(row, by=by, answers={"scope": {"text": "Half of it"}}, at=at)
        assert [(one.question, one.text) for one in row.answers.all()] == [("scope", "Half of it")]

    def test_not_applicable_wants_its_reason(self):
        row = make.assessment()
        services.save_answers(
            row,
            by=make.author_of(row),
            answers={"third_party": {"text": "x", "not_applicable": True}},
            at=make.clock.now(),
        )
        assert "third_party" in gaps(row)
        given = {"third_party": {"not_applicable": True, "reason": "All our own"}}
        services.save_answers(row, by=make.author_of(row), answers=given, at=make.clock.now())
        assert "third_party" not in gaps(row)
        assert row.answers.get().text == ""

    def test_unknown_questions_and_stale_versions_are_refused(self):
        row = make.assessment()
        with pytest.raises(ValidationError):
            services.save_answers(row, by=make.author_of(row), answers={"invented": {}}, at=make.clock.now())
        make.party(row)
        with pytest.raises(Stale):
            services.save_answers(
                make.fresh(row),
                by=make.author_of(row),
                answers={"scope": {"text": "x"}},
                at=make.clock.now(),
                version=1,
            )

    def test_who_writes_is_an_author_from_then_on(self):
        row, other = make.assessment(), make.who(Role.CONTRIBUTOR)
        services.add_party(row, by=other, data={"name": "Sellers", "level": "group"})
        assert {one.person for one in row.authors.all()} == {row.owner, other}

    def test_parties_impacts_and_measures_are_changed_and_taken_out(self):
        row = make.assessment()
        by, party = make.author_of(row), make.party(row)
        harm = make.impact(row, party)
        measure = services.add_measure(row, by=by, data={"title": "Cap"}, impacts=[harm.pk])
        assert [one.impact for one in measure.covers.all()] == [harm]
        services.change_measure(row, measure.pk, by=by, data={"title": "A lower cap"}, impacts=[])
        services.change_impact(row, harm.pk, by=by, data={"severity": 2}, measures=[measure.pk])
        services.change_impact(row, harm.pk, by=by, data={"party": party})
        services.change_party(row, party.pk, by=by, data={"vulnerable": True})
        harm.refresh_from_db()
        assert (harm.severity, harm.coverings.count()) == (2, 1)
        with pytest.raises(WrongState, match="Impacts are named"):
            services.remove_party(row, party.pk, by=by)
        services.remove_impact(row, harm.pk, by=by)
        services.remove_party(row, party.pk, by=by)
        services.remove_measure(row, measure.pk, by=by)
        assert not (row.parties.exists() or row.impacts.exists() or row.measures.exists())

    def test_rows_of_another_assessment_do_not_exist(self):
        one, other = make.assessment(), make.assessment()
        foreign = make.party(other)
        with pytest.raises(Hidden):
            make.impact(one, foreign)
        with pytest.raises(Hidden):
            make.impact(one, make.party(one), measures=[foreign.pk])
        with pytest.raises(Hidden):
            services.change_party(one, foreign.pk, by=make.author_of(one), data={"name": "x"})

    def test_a_level_is_affected_or_reasoned_away_not_both(self):
        row = make.assessment()
        by, party = make.author_of(row), make.party(row, "society")
        services.say_none(row, level="society", reason="Ten people use it", by=by)
        services.say_none(row, level="society", reason="Eleven people use it", by=by)
        with pytest.raises(ValidationError) as error:
            make.impact(row, party)
        assert set(error.value.error_dict) == {"party"}
        services.say_none(row, level="society", reason="", by=by)
        services.say_none(row, level="society", reason="", by=by)
        make.impact(row, party)
        with pytest.raises(ValidationError) as error:
            services.say_none(row, level="society", reason="Nobody", by=by)
        assert set(error.value.error_dict) == {"none_society"}

    def test_a_step_is_saved_whole(self):
        row = make.assessment()
        services.save_section(
            row, by=make.author_of(row), at=make.clock.now(), answers={"balance": {"text": "It does"}},
            data={"use": "sensitive", "use_reason": "Children"}, none={"society": "Nobody"}, version=row.version,
        )  # fmt: skip
        row = make.fresh(row)
        assert (row.use, row.answers.count(), row.none_rows.get().reason) == ("sensitive", 1, "Nobody")
        with pytest.raises(ValidationError) as error:
            services.change_assessment(row, by=make.author_of(row), data={"use_reason": " "})
        assert set(error.value.error_dict) == {"use_reason"}

    def test_the_version_is_the_systems_own(self):
        row, other = make.assessment(), make.system()
        with pytest.raises(ValidationError):
            services.change_assessment(row, by=make.author_of(row), data={"system_version": other.versions.get()})

    def test_readers_do_not_write(self):
        with pytest.raises(NotPermitted):
            services.add_party(make.assessment(), by=make.who(Role.READER), data={"name": "x", "level": "group"})


class TestSubmitting:
    def test_what_is_missing_is_listed(self):
        row = make.assessment()
        with pytest.raises(WrongState) as refused:
            services.submit_assessment(row, by=make.author_of(row), on=make.today())
        ids = {one["id"] for one in refused.value.extra["unmet"]}
        assert {"misuse", "jurisdictions", "level_individual", "level_group", "level_society", "benefit", "harm"} <= ids
        assert all(one["url"].startswith(row.get_absolute_url()) for one in refused.value.extra["unmet"])

    def test_the_short_form_asks_less(self):
        assert len(gaps(make.assessment(make.system("standard")))) < len(gaps(make.assessment()))

    def test_a_grave_harm_without_a_measure_is_a_gap(self):
        row = make.written()
        harm = make.impact(row, row.parties.first(), severity=5)
        assert gaps(row) == {f"measure_{harm.pk}"}

    def test_content_is_fixed_from_then_on(self):
        row = make.submitted()
        assert (row.state, len(row.purpose_digest), row.submitted_by) == ("in_review", 64, row.owner)
        with pytest.raises(WrongState, match="does not change"):
            services.add_party(row, by=make.author_of(row), data={"name": "x", "level": "group"})
        with pytest.raises(WrongState):
            services.submit_assessment(row, by=make.author_of(row), on=make.today())

    @pytest.mark.parametrize("model", [Answer, Impact])
    def test_also_behind_the_services(self, model):
        row = make.submitted()
        with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
            model.objects.filter(assessment=row).update(**({"text": "x"} if model is Answer else {"severity": 1}))
        with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
            ImpactAssessment.objects.filter(pk=row.pk).update(use_reason="x")

    def test_severe_harms_are_announced(self, monkeypatch):
        told = []
        monkeypatch.setitem(registry._reactions, facts.SevereHarmsRated, [told.append])
        row = make.submitted(severe=True)
        (fact,) = told
        assert (fact.assessment, [one.severity for one in fact.harms]) == (row, [4])

    def test_a_sensitive_tier_is_never_assessed_as_ordinary(self):
        row = make.submitted(make.written(make.assessment(make.system("sensitive"))))
        assert (row.use, bool(row.use_reason)) == ("sensitive", True)

    def test_a_measure_is_put_in_place_later(self):
        row = make.submitted()
        pk = row.measures.get().pk
        done = services.complete_measure(row, pk, by=make.author_of(row), on=make.today(), result="Tried in March")
        assert done.done_on == make.today()
        with pytest.raises(WrongState):
            services.complete_measure(row, pk, by=make.author_of(row), on=make.today(), result="Again")


class TestCarryingOver:
    def test_everything_said_is_there_and_nothing_differs(self):
        before = make.approved()
        after = make.assessment(make.fresh(before.system))
        assert after.predecessor == before
        for name in ("answers", "parties", "impacts", "measures", "covers"):
            assert getattr(after, name).count() == getattr(before, name).count() > 0
        assert compare(after, before) == []
        assert missing(after) == []

    def test_differences_are_told_in_sentences(self):
        before = make.approved()
        after = make.assessment(make.fresh(before.system))
        by = make.author_of(after)
        services.save_answers(after, by=by, answers={"scope": {"text": "More"}}, at=make.clock.now())
        harm = after.impacts.filter(direction="harm").first()
        services.change_impact(
            after, harm.pk, by=by, data={"likelihood": 5, "residual_severity": 2, "residual_likelihood": 1}
        )
        services.remove_impact(after, after.impacts.filter(direction="benefit").get().pk, by=by)
        make.impact(after, make.party(after, "group", "Sellers"), description="They are hidden")
        services.add_measure(after, by=by, data={"title": "Appeal"})
        services.change_assessment(after, by=by, data={"use": "sensitive", "use_reason": "Now", "publication": "full"})
        text = "\n".join(one.sentence for one in compare(make.fresh(after), before))
        for part in (
            "What is assessed",
            "3×5 → 2×1",
            "Sellers",
            "They are hidden",
            "no longer named",
            "Appeal",
            "Sensitive",
            "Published",
        ):
            assert part in text or part.lower() in text, part

    def test_an_older_use_does_not_hide_what_a_newer_screening_found(self):
        before = make.approved()
        make.screened("restricted", of=make.fresh(before.system))
        after = make.assessment(make.fresh(before.system))
        assert after.use == "restricted"


@pytest.mark.parametrize(
    "values",
    [
        {"direction": "neither"},
        {"severity": 9},
        {"description": " "},
        {"residual_severity": 2},
        {"reversibility": ""},
        {"dimension": "gone"},
    ],
)
def test_the_database_refuses_a_broken_impact(values):
    row = make.assessment()
    harm = make.impact(row, make.party(row))
    with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
        Impact.objects.filter(pk=harm.pk).update(**values)


def test_the_database_keeps_rows_with_their_assessment():
    one, other = make.assessment(), make.assessment()
    harm, foreign = make.impact(one, make.party(one)), make.party(other)
    with pytest.raises(IntegrityError), transaction.atomic(), recording(None, "test"):
        Impact.objects.filter(pk=harm.pk).update(party=foreign)
