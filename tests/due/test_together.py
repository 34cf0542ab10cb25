"""Several beats at once, with real commits: each date is opened once."""

from datetime import timedelta
from threading import Barrier, Thread

from django.db import connection

from aims import due
from aims.models import DueRun, Record, Task
from tests.due.conftest import NOON
from tests.factories import person, unit
from tests.factories.sample import sample

TODAY = NOON.date()


def test_two_beats_at_once_open_each_once(committed_db, clock):
    who = person("system_owner", unit())
    for number in range(30):
        sample(unit=who.unit, owner=who, due_on=TODAY + timedelta(days=number % 10))
    barrier, failures = Barrier(3), []

    def beat():
        try:
            barrier.wait()
            for _ in range(3):
                due.run(NOON)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=beat) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Task.objects.count() == Record.objects.filter(kind="sample").count() == 30
    assert sum(run.counts["opened"] for run in DueRun.objects.all()) == 30


def test_second_run_leaves_while_one_is_at_work(committed_db, second_connection):
    second_connection.execute("SELECT pg_advisory_xact_lock(%s)", [due._LOCK])
    assert due.run(NOON) is None
    second_connection.rollback()
    assert due.run(NOON) is not None
