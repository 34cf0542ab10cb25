"""How fresh and how strong evidence is, who attests it, and what is locked then."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import OuterRef

from aims import clock
from aims.errors import Hidden, NotPermitted, WrongState
from aims.models import Record
from evidence import services
from evidence.freshness import COUNTS_FOR, DUE_DAYS, with_freshness
from evidence.likeness import alike_pairs, sketch
from evidence.models import Attestation, EvidenceItem, EvidenceLink
from evidence.scores import scores
from organization.states import Role
from tests.factories import person, unit
from tests.factories.evidence import RESULT, file_evidence, keeper, link_evidence, result_evidence
from tests.factories.inventory import system

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 4)


def ago(days):
    return DAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, "unknown"),
        ({"collected_on": DAY}, "fresh"),
        ({"collected_on": ago(COUNTS_FOR - DUE_DAYS)}, "due"),
        ({"collected_on": ago(COUNTS_FOR + 1)}, "expired"),
        ({"collected_on": ago(COUNTS_FOR + 1), "period_to": ago(1)}, "fresh"),
        ({"collected_on": DAY, "expires_on": ago(1)}, "expired"),
        ({"expires_on": DAY}, "due"),
    ],
)
def test_row_list_and_link_agree_on_freshness(said, found):
    item = link_evidence(**said)
    target = system()
    services.link_evidence(item, by=keeper(), record=Record.objects.get(pk=target.pk))
    assert item.freshness(DAY) == found
    assert list(EvidenceItem.objects.standing(found, on=DAY)) == [item]
    assert EvidenceLink.objects.with_freshness(on=DAY).get().freshness == found
    row = with_freshness(type(target).objects.all(), on=DAY).get()
    assert (row.evidence_freshness, row.evidence_until) == (found, item.good_until())


def test_day_of_measurement_counts_as_age():
    item = result_evidence(result={**RESULT, "measured_on": str(ago(10))})
    assert item.speaks_until == ago(10)
    assert list(EvidenceItem.objects.fresh(on=DAY)) == [item]


def test_link_may_speak_for_a_later_period_than_the_evidence():
    item, target = link_evidence(collected_on=ago(400)), system()
    services.link_evidence(item, by=keeper(), record=Record.objects.get(pk=target.pk), period_to=ago(5))
    link = EvidenceLink.objects.with_freshness(on=DAY).get()
    assert (link.freshness, link.said("period_to"), link.said("proves")) == ("fresh", ago(5), item.proves)


def test_some_records_ask_for_younger_evidence():
    item, target = link_evidence(collected_on=ago(100)), system()
    services.link_evidence(item, by=keeper(), record=Record.objects.get(pk=target.pk))
    assert with_freshness(type(target).objects.all(), on=DAY, days=90).get().evidence_freshness == "expired"
    by_column = with_freshness(type(target).objects.all(), on=DAY, days=OuterRef("version") * 0 + 90)
    assert by_column.get().evidence_freshness == "expired"


def test_record_without_evidence_has_no_freshness():
    target = system()
    assert with_freshness(type(target).objects.all(), on=DAY).get().evidence_freshness == ""


def test_freshest_evidence_of_a_record_counts_and_what_counts_no_more_does_not():
    by, target = keeper(), system()
    record = Record.objects.get(pk=target.pk)
    for days in (400, 2, 1):
        item = link_evidence(by, collected_on=ago(days))
        services.link_evidence(item, by=by, record=record)
    services.withdraw_evidence(item, by=by, reason="Wrong", version=None)
    row = with_freshness(type(target).objects.all(), on=DAY).get()
    assert row.evidence_until == ago(2) + timedelta(days=COUNTS_FOR)


def test_restricted_evidence_does_not_show_through_freshness():
    by, target = keeper(), system()
    item = link_evidence(by, collected_on=DAY, confidentiality="restricted")
    services.link_evidence(item, by=by, record=Record.objects.get(pk=target.pk))
    rows = type(target).objects.all()
    assert with_freshness(rows, on=DAY, user=person(Role.READER)).get().evidence_freshness == ""
    assert with_freshness(rows, on=DAY, user=by).get().evidence_freshness == "fresh"


def points(item, link=None):
    return {one.name: one.points for one in scores(item, DAY, link)}


def test_scores_of_evidence_that_says_everything_and_nothing():
    said = {"method": "Counted", "population": "All", "period_from": ago(9), "period_to": ago(1)}
    assert points(file_evidence(**said)) == {"recency": 2, "scope": 2, "verifiability": 2}
    assert points(link_evidence()) == {"recency": 0, "scope": 0, "verifiability": 0}


@pytest.mark.parametrize(
    ("make", "said", "expected"),
    [
        (link_evidence, {"method": "Counted"}, 1),
        (file_evidence, {}, 1),
        (result_evidence, {}, 1),
        (result_evidence, {"result": {**RESULT, "model_version": "1.4", "data_set": "Held out"}}, 2),
    ],
)
def test_verifiability_asks_what_is_kept_and_how_it_was_made(make, said, expected):
    assert points(make(**said))["verifiability"] == expected


def test_scope_and_recency_of_a_link_follow_what_it_says():
    item = link_evidence(population="All")
    services.link_evidence(
        item, by=keeper(), record=Record.objects.get(pk=system().pk), period_from=ago(340), period_to=ago(340)
    )
    found = points(item, EvidenceLink.objects.get())
    assert (found["scope"], found["recency"]) == (2, 1)
    assert points(item)["scope"] == 1


def attest(item, by, *, sufficient=True, **more):
    return services.attest_evidence(item, by=by, sufficient=sufficient, reason="Read it", at=clock.now(), **more)


def test_sufficient_accepts_and_locks():
    item, auditor = link_evidence(), person(Role.INTERNAL_AUDITOR)
    made = attest(item, auditor)
    item.refresh_from_db()
    assert (item.accepted_by, item.is_accepted, made.capacity) == (auditor, True, Role.INTERNAL_AUDITOR)
    with pytest.raises(WrongState):
        services.change_evidence(item, by=keeper(), data={"proves": "More"}, version=None)
    services.change_evidence(item, by=keeper(), data={"owner": auditor, "proves": item.proves}, version=None)
    with pytest.raises(IntegrityError, match="locked"), transaction.atomic():
        EvidenceItem.objects.filter(pk=item.pk).update(proves="More")


def test_content_and_receipt_never_change():
    item = file_evidence()
    for values in ({"received_at": clock.now()}, {"file_name": "x.txt"}, {"url": "https://x.example"}):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            EvidenceItem.objects.filter(pk=item.pk).update(**values)


def test_accepted_evidence_is_replaced_not_overwritten():
    by = keeper()
    item = link_evidence(by)
    attest(item, person(Role.APPROVER))
    newer = file_evidence(by, supersedes=item)
    item.refresh_from_db()
    assert (item.state, newer.supersedes_id) == ("superseded", item.pk)


def test_insufficient_is_recorded_and_locks_nothing():
    item = link_evidence()
    attest(item, person(Role.APPROVER), sufficient=False)
    item.refresh_from_db()
    assert not item.is_accepted
    assert not Attestation.objects.get().sufficient


def test_first_acceptance_stands():
    item, first = link_evidence(), person(Role.APPROVER)
    attest(item, first)
    attest(item, person(Role.APPROVER))
    item.refresh_from_db()
    assert item.accepted_by == first
    assert Attestation.objects.count() == 2


def test_collector_does_not_attest():
    by = keeper()
    with pytest.raises(NotPermitted):
        attest(link_evidence(by), by)
    item = link_evidence(by)
    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceItem.objects.filter(pk=item.pk).update(accepted_by=by, accepted_at=clock.now())


def test_withdrawn_evidence_is_not_attested():
    by = keeper()
    item = services.withdraw_evidence(link_evidence(by), by=by, reason="Wrong", version=None)
    with pytest.raises(WrongState):
        attest(item, person(Role.APPROVER))


def test_attesting_for_a_record_needs_the_link():
    item, target = link_evidence(), Record.objects.get(pk=system().pk)
    with pytest.raises(Hidden):
        attest(item, person(Role.APPROVER), record=target)
    services.link_evidence(item, by=keeper(), record=target)
    assert attest(item, person(Role.APPROVER), record=target).record == target


def test_attestation_is_never_changed():
    attest(link_evidence(), person(Role.APPROVER))
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        Attestation.objects.update(reason="Another")


TEXT = " ".join(f"sentence {number} of a longer letter" for number in range(60))


def examined(text, name="copy.txt"):
    from io import BytesIO

    from evidence.uploads import examine

    return examine(BytesIO(text.encode()), name)


def test_redacted_copy_shows_to_who_may_not_see_the_original():
    by, target = keeper(), system()
    record = Record.objects.get(pk=target.pk)
    original = file_evidence(by, content=TEXT.encode(), confidentiality="restricted", links=[(record, "Tested")])
    copy = services.add_redacted_copy(original, by=by, file=examined(TEXT.replace("letter", "X")), redaction="Names")
    seen = EvidenceItem.objects.visible_to(person(Role.READER))
    assert list(seen) == [copy]
    assert (copy.redacts, copy.redaction, copy.confidentiality) == (original, "Names", "normal")
    assert copy.links.get().record == record


def test_redacted_copy_says_what_was_taken_out():
    by = keeper()
    with pytest.raises(Exception, match="taken out"):
        services.add_redacted_copy(file_evidence(by), by=by, file=examined(TEXT), redaction=" ")


def test_link_has_no_redacted_copy():
    by = keeper()
    with pytest.raises(WrongState):
        services.add_redacted_copy(link_evidence(by), by=by, file=examined(TEXT), redaction="Names")


def test_almost_the_same_text_is_found_and_another_is_not():
    first = file_evidence(content=TEXT.encode())
    second = file_evidence(content=TEXT.replace("sentence 59", "phrase 59").upper().encode())
    file_evidence(content=TEXT.replace("sentence", "line").encode())
    ((one, other, much),) = alike_pairs()
    assert (one, other) == (first.pk, second.pk)
    assert much >= 0.8


def test_short_texts_and_long_ones_are_sketched_within_bounds():
    assert sketch([b"too short to say anything"]) == []
    assert len(sketch([TEXT.encode()] * 3000)) == 64


def test_evidence_elsewhere_stays_elsewhere():
    item = file_evidence(unit=unit())
    assert not EvidenceItem.objects.visible_to(person(Role.AIMS_MANAGER, unit())).filter(pk=item.pk).exists()
