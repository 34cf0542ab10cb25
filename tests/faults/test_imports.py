"""A worker is killed in the middle of a real import: every line is carried out once, each with its trail."""

from collections import Counter

import pytest

from aims import jobs
from aims.history import event_model
from aims.importing import services
from aims.models import Job
from aims.states import ImportState, JobState
from inventory.models import AISystem
from organization.states import Role
from tests.factories import person, root_unit, unit
from tests.imports import messy

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]
BATCHES = 5
LINES = BATCHES * 100
HEAD = ["Name", "Purpose", "Owner", "Unit"]


def state_of(run):
    jobs.reap()
    run.refresh_from_db()
    return run.state


def in_the_middle(run, lines):
    job = Job.objects.get(pk=run.job_id)
    return job.finished or (job.state == JobState.RUNNING and job.done >= lines)


@pytest.fixture
def officer(committed_db):
    """An officer, a unit and an owner for the lines of the file."""
    officer = person(Role.AIMS_MANAGER, root_unit())
    person(Role.SYSTEM_OWNER, unit("Shop"), email="ada@example.org")
    return officer


@pytest.mark.parametrize("kills", [1, pytest.param(4, marks=pytest.mark.long)])
def test_killed_in_the_middle(officer, start_worker, patiently, chance, kills):
    lines = [[f"System {number}", "Answers questions", "ada@example.org", "Shop"] for number in range(LINES)]
    worker = start_worker()
    run = services.begin_import(by=officer, target="system", file=messy.csv([HEAD, *lines]), name="register.csv")
    patiently(lambda: state_of(run) == ImportState.READ, "the file is read", lambda: worker.text()[-3000:])
    services.confirm_columns(run, by=officer, columns=run.columns, header_row=1, meanings={}, orders={})
    patiently(lambda: state_of(run) == ImportState.CHECKED, "it is checked", lambda: worker.text()[-3000:], seconds=60)
    services.start_import(run, by=officer)
    run.refresh_from_db()
    for kill in range(kills):
        done = chance.randrange(kill, kill + 1 + BATCHES - kills) * 100
        patiently(lambda done=done: in_the_middle(run, done), "it is in the middle", worker.text, seconds=60)
        worker.kill()
        worker = start_worker()
    patiently(lambda: state_of(run) == ImportState.DONE, "it is done", lambda: worker.text()[-3000:], seconds=120)
    assert run.counts == {"made": LINES}
    assert Counter(AISystem.objects.values_list("title", flat=True)) == Counter(line[0] for line in lines)
    made = event_model(AISystem).objects.filter(pgh_label="insert", pgh_context__run=run.ref)
    assert Counter(made.values_list("pgh_obj_id", flat=True)) == Counter(AISystem.objects.values_list("pk", flat=True))
    assert not Job.objects.open().exists()
