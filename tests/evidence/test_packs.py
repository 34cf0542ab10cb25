"""Asking for packs, taking them back, trying again; the pack follows its job."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from aims import jobs
from aims.errors import Hidden, NotPermitted, Stale, WrongState
from aims.models import Job, Record
from aims.registry import Section, registry
from aims.states import JobState
from evidence import services, storage
from evidence.models import EvidencePack
from evidence.services.packs import OPEN_PACKS
from evidence.services.rendering import render_pack
from organization.states import Role
from tests.factories import person, root_unit, unit
from tests.factories.evidence import file_evidence, keeper, pack

AT = datetime(2026, 5, 4, 8, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_pokes(monkeypatch):
    """Nobody is told: the tests run jobs by themselves."""
    monkeypatch.setattr(jobs, "poke", lambda job: True)


@pytest.fixture
def by(db):
    return keeper()


def again(found: EvidencePack) -> EvidencePack:
    return EvidencePack.objects.get(pk=found.pk)


def run(found: EvidencePack) -> EvidencePack:
    jobs.run(found.job_id, render_pack)
    return again(found)


def test_asking_writes_pack_and_job_together(by):
    found = pack(by, at=AT, title="For the audit")
    assert (found.state, found.at, found.asked_by, found.owner, found.confidentiality) == (
        "asked", AT, by, by, "restricted",
    )  # fmt: skip
    job = found.job
    assert (job.task, job.arguments, job.state) == ("evidence.render_pack", {"pack": found.pk}, JobState.QUEUED)


def test_asking_needs_the_role_there(by):
    with pytest.raises(NotPermitted):
        pack(person(Role.CONTRIBUTOR))
    with pytest.raises(NotPermitted):
        pack(person(Role.APPROVER, unit()), root_unit())


def test_scope_takes_ai_systems_that_show(by):
    other = Record.objects.get(pk=file_evidence(by, unit()).pk)
    with pytest.raises(ValidationError):
        pack(by, systems=[other])
    here = unit()
    who = person(Role.APPROVER, here)
    with pytest.raises(Hidden):
        pack(who, here, systems=[other])
    assert not EvidencePack.objects.exists()


def test_nobody_fills_the_queue_alone(by):
    for _number in range(OPEN_PACKS):
        pack(by)
    with pytest.raises(WrongState):
        pack(by)
    assert pack(keeper()).state == "asked"


def test_building_keeps_the_file_and_says_ready(by):
    file_evidence(by)
    done = run(pack(by))
    assert (done.state, done.pages > 2, done.job.state) == ("ready", True, JobState.DONE)
    assert done.job.result_digest == done.blob_id
    assert b"".join(storage.checked(done.blob_id)).startswith(b"%PDF-")
    assert not done.events.filter(pgh_context=None).exists()


def test_building_again_changes_nothing(by):
    done = run(pack(by))
    Job.objects.filter(pk=done.job_id).update(state=JobState.QUEUED, finished_at=None)
    version = again(done).version
    assert run(done).version == version


def test_waiting_pack_is_cancelled_at_once(by):
    gone = services.cancel_pack(pack(by), by=by, version=None)
    assert (gone.state, gone.job.state) == ("cancelled", JobState.CANCELLED)
    event = gone.events.order_by("-pgh_id").first()
    assert (event.pgh_context["service"], event.pgh_context["actor"]) == ("cancel_pack", by.pk)
    with pytest.raises(WrongState):
        services.cancel_pack(gone, by=by, version=None)
    assert run(gone).state == "cancelled"


def test_running_pack_stops_at_its_next_word(by):
    found = pack(by)

    def cancel_midway(progress):
        render_started = EvidencePack.objects.get(pk=found.pk)
        services.cancel_pack(render_started, by=by, version=None)
        return render_pack(progress)

    jobs.run(found.job_id, cancel_midway)
    assert again(found).state == "cancelled"


def test_cancelling_the_job_alone_cancels_the_pack(by):
    found = pack(by)
    jobs.cancel(found.job)
    assert again(found).state == "cancelled"


def test_cancelled_pack_is_tried_again(by):
    gone = services.cancel_pack(pack(by), by=by, version=None)
    back = services.retry_pack(gone, by=by, version=gone.version)
    assert (back.state, back.job.state) == ("asked", JobState.QUEUED)
    with pytest.raises(WrongState):
        services.retry_pack(back, by=by, version=None)
    assert run(back).state == "ready"


def test_stale_and_foreign_acts_are_refused(by):
    found = pack(by)
    with pytest.raises(Stale):
        services.cancel_pack(found, by=by, version=found.version - 1)
    for act in (services.cancel_pack, services.retry_pack):
        with pytest.raises(NotPermitted):
            act(found, by=person(Role.INTERNAL_AUDITOR), version=None)


def test_pack_fails_whole_and_says_which_file_is_altered(by):
    item = file_evidence(by, content=b"will be altered", name="minutes.txt")
    storage.remove(item.blob_id)
    failed = run(pack(by))
    assert (failed.state, failed.job.state, failed.blob) == ("failed", JobState.FAILED, None)
    assert item.ref in failed.failure
    assert "minutes.txt" in failed.failure
    assert "missing" in failed.failure


def test_failed_pack_is_tried_again_when_the_file_is_back(by):
    item = file_evidence(by, content=b"comes back")
    storage.remove(item.blob_id)
    failed = run(pack(by))
    storage.store([b"comes back"])
    back = services.retry_pack(failed, by=by, version=None)
    assert (back.state, back.failure) == ("asked", "")
    assert run(back).state == "ready"


def test_pack_of_a_person_who_left_fails(by):
    found = pack(by)
    type(by).objects.filter(pk=by.pk).update(is_active=False)
    failed = run(found)
    assert failed.state == "failed"
    assert "no longer" in failed.failure


def test_pack_whose_worker_died_too_often_fails(by, settings):
    found = pack(by)
    Job.objects.filter(pk=found.job_id).update(state=JobState.RUNNING, attempts=settings.JOB_ATTEMPTS)
    failed = run(found)
    assert failed.state == "failed"
    assert "died" in failed.failure


def test_page_that_cannot_be_drawn_fails_the_pack(by, monkeypatch):
    section = Section("bad", "Bad", "tests/bad.html", lambda found: [{}])
    monkeypatch.setattr(registry, "sections", [section])
    monkeypatch.setattr(
        "evidence.services.building.render_to_string",
        lambda name, context: '<html lang="en"><title>x</title><img src="http://127.0.0.1:9/x">',
    )
    failed = run(pack(by))
    assert failed.state == "failed"
    assert "could not be drawn" in failed.failure


def test_job_of_no_pack_is_no_error(db):
    job = jobs.ask("k", "evidence.render_pack", by=None, pack=0)
    assert jobs.cancel(job)
