"""An officer, two units, and a worker that does at once what it is asked."""

import pytest

from aims import jobs
from aims.importing import services, work
from aims.states import ImportState
from organization.states import Role
from tests.factories import person, root_unit, unit
from tests.imports import messy

STRETCH = {
    ImportState.READING: work.read_file,
    ImportState.CHECKING: work.check_file,
    ImportState.RUNNING: work.run_import,
    ImportState.TAKING_BACK: work.take_back,
}


def worked(run):
    """The run after a worker did what it waits for."""
    run.refresh_from_db()
    jobs.run(run.job_id, STRETCH[run.state])
    run.refresh_from_db()
    return run


@pytest.fixture
def officer(db):
    return person(Role.AIMS_MANAGER, root_unit(), name="Olga Officer", email="olga@example.org")


@pytest.fixture
def shop(db):
    return unit("Shop")


@pytest.fixture
def handed_in(officer):
    """`handed_in(file)`: the file read by a worker."""

    def hand_in(file, target="system", name="register.xlsx", by=officer):
        return worked(services.begin_import(by=by, target=target, file=file, name=name))

    return hand_in


@pytest.fixture
def confirmed(officer):
    """`confirmed(run, **more)`: columns as they were guessed, changed by `more`, checked by a worker."""

    def confirm(run, columns=None, **more):
        by = more.pop("by", officer)
        given = {"header_row": run.header_row, "meanings": run.meanings, "orders": run.orders, **more}
        chosen = {**run.columns, **(columns or {})}
        return worked(services.confirm_columns(run, by=by, columns=chosen, **given))

    return confirm


@pytest.fixture
def imported(handed_in, confirmed, officer, lines):
    """`imported(kind)`: what became of the test's `lines` of a kind, handed in as a file and imported."""

    def run(kind, **more):
        read = handed_in(messy.csv(lines[kind]), target=kind, name="log.csv")
        return worked(services.start_import(confirmed(read, **more), by=officer))

    return run
