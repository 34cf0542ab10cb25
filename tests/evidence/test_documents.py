"""Controlled documents: drafting, review, approval, coming into force and going out of it; AC-16 and AC-17."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from aims import asof, clock
from aims.errors import NotPermitted, Stale, WrongState
from aims.history import history
from aims.models import Decision
from evidence import policies, services
from evidence.models import Document, DocumentVersion
from evidence.states import DOCUMENT, DOCUMENT_VERSION, PolicyElement, VersionState
from evidence.uploads import examine
from organization.states import Role
from tests.factories import person, root_unit, unit
from tests.factories.documents import (
    POLICY,
    SAID,
    TEXT,
    approved,
    document,
    in_force,
    latest,
    manager,
    next_version,
    top,
)

pytestmark = pytest.mark.django_db


def upload(content, name):
    return examine(BytesIO(content), name)


def effect(version, by=None, **more):
    by = by or top()
    return services.put_in_force(version, by=by, at=clock.now(), on=clock.today(), **more)


def test_a_document_begins_with_a_draft():
    made = document()
    draft = made.versions.get()
    assert (made.state, draft.number, draft.state) == ("draft", 1, "draft")
    assert str(draft) == f"{made.ref} version 1"
    assert not policies.can_read_version(person(Role.READER), draft)


def test_a_version_goes_its_way_into_force():
    made = document()
    version = approved(made)
    assert (version.state, version.capacity) == ("approved", Role.TOP_MANAGEMENT)
    assert Decision.objects.get(record=made.pk).outcome == "Approved"
    effect(latest(made))
    made.refresh_from_db()
    assert (made.state, made.read_from, latest(made).state) == ("effective", 1, "effective")
    assert made.due_on == clock.today().replace(year=clock.today().year + 1)


def test_ac16_the_older_version_is_superseded_and_stays_as_it_was():
    made = in_force()
    first, digest = latest(made), latest(made).sha256
    next_version(made)
    approved(made)
    assert latest(made).state == "approved"
    effect(latest(made))
    assert made.versions.effective().get().number == 2
    first.refresh_from_db()
    assert (first.state, first.sha256, first.ended_at is not None) == ("superseded", digest, True)
    with pytest.raises(WrongState):
        services.change_version(first, by=manager(), words={"text": "Other words"}, version=None)
    assert not policies.can_read_version(person(Role.READER), first)
    assert policies.can_read_version(person(Role.INTERNAL_AUDITOR), first) == Role.INTERNAL_AUDITOR


@pytest.mark.parametrize("change", [{"text": "Other"}, {"approved_at": None}, {"number": 9}, {"changes": "x"}])
def test_ac16_approved_content_is_kept_by_the_database(change):
    version = approved(document())
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        DocumentVersion.objects.filter(pk=version.pk).update(**change)


def test_ac16_an_approved_version_is_not_deleted():
    version = approved(document())
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        DocumentVersion.objects.filter(pk=version.pk).delete()


@pytest.mark.parametrize("element", PolicyElement)
def test_ac17_a_policy_that_lacks_an_element_is_not_approved(element):
    made = document(sort="ai_policy", words={"text": POLICY, **SAID, element.value: ""})
    services.submit_version(latest(made), by=latest(made).author)
    with pytest.raises(NotPermitted) as refused:
        services.approve_version(latest(made), by=person(Role.APPROVER), reason="Good", at=clock.now())
    assert "top management" in str(refused.value.detail)
    assert str(element.label) in str(refused.value.detail)
    with pytest.raises(WrongState) as unmet:
        services.approve_version(latest(made), by=top(), reason="Good", at=clock.now())
    assert [one["id"] for one in unmet.value.extra["unmet"]] == [f"policy_{element.value}"]


def test_ac17_an_element_must_stand_in_the_text():
    made = document(sort="ai_policy", words={"text": POLICY, **SAID, "improvement": "We never rest"})
    assert latest(made).missing_elements() == [PolicyElement.IMPROVEMENT]


def test_ac17_the_database_asks_too():
    made = document(sort="ai_policy", words={"text": POLICY, **SAID, "purpose": ""})
    rows = DocumentVersion.objects.filter(document=made)
    assert rows.get().is_policy
    values = {"state": "approved", "approved_by": top(), "approved_at": clock.now(), "capacity": "x"}
    with pytest.raises(IntegrityError, match="document_version_policy_elements"), transaction.atomic():
        rows.update(**values)


def test_ac17_after_approval_a_review_is_scheduled():
    made = in_force(sort="ai_policy")
    assert made.due_on > clock.today()


def test_another_authority_approves_what_is_no_policy():
    made = document()
    services.submit_version(latest(made), by=latest(made).author)
    with pytest.raises(NotPermitted) as refused:
        services.approve_version(latest(made), by=person(Role.READER), reason="Good", at=clock.now())
    assert "top management" not in str(refused.value.detail)
    done = services.approve_version(latest(made), by=person(Role.APPROVER), reason="Good", at=clock.now())
    assert done.state == "approved"


def test_nobody_approves_their_own_words():
    author = top()
    made = document(by=author)
    services.submit_version(latest(made), by=author)
    with pytest.raises(NotPermitted, match="wrote"):
        services.approve_version(latest(made), by=author, reason="Good", at=clock.now())
    stale = latest(made)
    services.send_back_version(stale, by=author, reason="More")
    other = top()
    services.change_version(latest(made), by=other, words={"text": "Other"}, version=None)
    services.submit_version(latest(made), by=other)
    with pytest.raises(NotPermitted, match="wrote"):  # who judges from an older page is asked again inside
        services.approve_version(stale, by=other, reason="Good", at=clock.now())


def test_who_changes_a_draft_is_its_author():
    made, other = document(), manager()
    services.change_version(latest(made), by=other, words={"text": "New"}, version=None)
    assert latest(made).author == other


def test_only_one_version_is_made_at_a_time():
    made = document()
    with pytest.raises(WrongState):
        services.draft_version(made, by=manager(), words={"text": "x"})
    copy = latest(made)
    copy.pk, copy.number, copy._state.adding = None, 2, True
    with pytest.raises(IntegrityError, match="document_one_version_in_the_making"), transaction.atomic():
        copy.save(force_insert=True)


def test_only_one_version_is_in_force():
    made = in_force()
    copy = DocumentVersion.objects.get(document=made)
    copy.pk, copy.number, copy._state.adding = None, 2, True
    with pytest.raises(IntegrityError, match="document_one_effective_version"), transaction.atomic():
        copy.save(force_insert=True)


@pytest.mark.parametrize("verb", ["put_in_force", "approve", "submit", "send_back"])
def test_a_verb_in_the_wrong_state_is_refused(verb):
    made = in_force() if verb != "put_in_force" else document()
    version, now = latest(made), clock.now()
    verbs = {
        "put_in_force": lambda: effect(version),
        "approve": lambda: services.approve_version(version, by=top(), reason="x", at=now),
        "submit": lambda: services.submit_version(version, by=manager()),
        "send_back": lambda: services.send_back_version(version, by=manager(), reason="x"),
    }
    with pytest.raises(WrongState):
        verbs[verb]()


def test_reasons_are_asked():
    made = document()
    services.submit_version(latest(made), by=latest(made).author)
    for act in (
        lambda: services.send_back_version(latest(made), by=manager(), reason=" "),
        lambda: services.approve_version(latest(made), by=top(), reason=" ", at=clock.now()),
        lambda: services.withdraw_document(made, by=manager(), reason=" ", at=clock.now()),
    ):
        with pytest.raises(ValidationError):
            act()


def test_readers_do_not_write():
    made, reader = document(), person(Role.READER)
    services.submit_version(latest(made), by=latest(made).author)
    for act in (
        lambda: document(by=reader),
        lambda: services.change_document(made, by=reader, data={"title": "x"}, version=None),
        lambda: services.draft_version(made, by=reader, words={"text": "x"}),
        lambda: services.change_version(latest(made), by=reader, words={"text": "x"}, version=None),
        lambda: services.submit_version(latest(made), by=reader),
        lambda: services.send_back_version(latest(made), by=reader, reason="x"),
        lambda: effect(latest(made), by=reader),
        lambda: services.withdraw_document(made, by=reader, reason="x", at=clock.now()),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_withdrawn_it_holds_no_more():
    made = in_force()
    next_version(made)
    done = services.withdraw_document(made, by=manager(), reason="We stopped", at=clock.now())
    assert (done.state, done.due_on) == ("withdrawn", None)
    assert set(made.versions.values_list("state", flat=True)) == {VersionState.WITHDRAWN}
    for act in (
        lambda: services.draft_version(done, by=manager(), words={"text": "x"}),
        lambda: services.change_document(done, by=manager(), data={"title": "x"}, version=None),
        lambda: services.withdraw_document(done, by=manager(), reason="x", at=clock.now()),
    ):
        with pytest.raises(WrongState):
            act()


def test_a_draft_is_given_up_by_who_writes():
    writer = person(Role.CONTRIBUTOR)
    made = document(by=writer)
    assert services.withdraw_document(made, by=writer, reason="Not needed", at=clock.now()).state == "withdrawn"
    with pytest.raises(NotPermitted):
        services.withdraw_document(in_force(), by=writer, reason="Not needed", at=clock.now())


def test_a_document_is_changed_but_not_what_it_is():
    made, there = document(), unit()
    done = services.change_document(made, by=manager(), data={"title": "Other", "unit": there}, version=made.version)
    assert (done.title, done.unit) == ("Other", there)
    with pytest.raises(Stale):
        services.change_document(made, by=manager(), data={"title": "Third"}, version=made.version - 1)
    with pytest.raises(AssertionError):
        services.change_document(made, by=manager(), data={"sort": "plan"}, version=None)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Document.objects.filter(pk=made.pk).update(sort="plan")


def test_a_document_does_not_move_where_one_may_not_write():
    here, there = unit(), unit()
    made = document(by=manager(here), where=here)
    with pytest.raises(NotPermitted):
        services.change_document(made, by=manager(here), data={"unit": there}, version=None)


def test_a_document_is_no_case():
    with pytest.raises(ValidationError) as refused:
        document(confidentiality="case")
    assert set(refused.value.error_dict) == {"confidentiality"}


def test_the_next_date_stays_where_it_lies_ahead():
    made = in_force()
    later = clock.today() + timedelta(days=20)
    Document.objects.filter(pk=made.pk).update(due_on=later)
    next_version(made)
    approved(made)
    effect(latest(made))
    made.refresh_from_db()
    assert made.due_on == later


def test_words_may_stand_in_a_file():
    made = services.draft_document(
        by=manager(),
        data={"title": "Guide", "sort": "manual", "unit": root_unit()},
        file=upload(b"All of it", "guide.txt"),
    )
    version = latest(made)
    assert (version.sha256, version.file_name, version.text) == (version.blob_id, "guide.txt", "")
    with pytest.raises(ValidationError) as refused:
        services.change_version(version, by=manager(), words={"text": "Both"}, file=upload(b"x", "x.txt"), version=None)
    assert set(refused.value.error_dict) == {"file"}
    services.change_version(version, by=manager(), words={"changes": "Why"}, version=None)
    assert latest(made).blob_id == version.blob_id
    services.change_version(version, by=manager(), words={"text": "Words"}, version=None)
    assert (latest(made).blob_id, latest(made).text) == (None, "Words")


def test_a_place_in_a_file_is_taken_as_it_is_said():
    words = dict.fromkeys(PolicyElement.values, "Page 2")
    made = services.draft_document(
        by=manager(), data={"title": "Policy", "sort": "ai_policy", "unit": root_unit()}, words=words,
        file=upload(b"All of it", "policy.txt"),
    )  # fmt: skip
    assert latest(made).missing_elements() == []


def test_the_digest_is_that_of_the_words():
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(sha256(convert_to(%s, 'UTF8')), 'hex')", [TEXT])
        assert latest(document()).sha256 == cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"state": "lost"}, "document_state_known"),
        ({"audience": "roles"}, "document_audience_whole"),
        ({"audience": "everybody", "confidentiality": "restricted"}, "document_read_is_open"),
        ({"kept_years": 0}, "document_kept_years"),
    ],
)
def test_the_database_keeps_documents_whole(values, rule):
    made = document()
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Document.objects.filter(pk=made.pk).update(**values)


def test_a_document_from_outside_says_whose_it_is():
    with pytest.raises(ValidationError, match="publishes"):
        document(sort="external")
    assert document(sort="external", source="ISO, 2023").source == "ISO, 2023"


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"state": "lost"}, "document_version_in_force_period"),
        ({"text": " "}, "document_version_has_content"),
        ({"state": "approved"}, "document_version_approved_first"),
        ({"capacity": "x"}, "document_version_approved_whole"),
        ({"state": "effective"}, "document_version_(approved_first|in_force_period)"),
        ({"ended_at": "2026-01-01T00:00Z"}, "document_version_in_force_period"),
    ],
)
def test_the_database_keeps_versions_whole(values, rule):
    made = document()
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        DocumentVersion.objects.filter(document=made).update(**values)


def test_the_database_lets_nobody_approve_their_own_words():
    version = latest(document())
    values = {"approved_by": version.author, "approved_at": clock.now(), "capacity": "x", "state": "approved"}
    with pytest.raises(IntegrityError, match="not_approved_by_author"), transaction.atomic():
        DocumentVersion.objects.filter(pk=version.pk).update(**values)


def test_history_tells_that_words_changed_and_not_which():
    made = document()
    services.change_version(latest(made), by=manager(), words={"text": "Secret words"}, version=None)
    told = " ".join(f"{one.sentence} {one.changes}" for one in history(made))
    assert "SHA-256" in told
    assert "Secret words" not in told


def test_the_past_is_read_back():
    made = in_force()
    before = clock.now()
    next_version(made)
    approved(made)
    effect(latest(made))
    with asof.reading(before, ""):
        then = Document.objects.with_current().get(pk=made.pk)
        assert [one.number for one in then.current] == [1]
        assert "More" not in then.versions.get(number=1).text


def test_every_edge_of_the_workflows_is_a_verb_that_was_tried():
    assert {edge.verb for edge in DOCUMENT.edges} == {"take_effect", "withdraw"}
    assert {edge.verb for edge in DOCUMENT_VERSION.edges} == {
        "submit", "send_back", "approve", "take_effect", "supersede", "withdraw",
    }  # fmt: skip
