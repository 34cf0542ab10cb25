"""PostgreSQL goes down under writes and comes back: what was accepted is there with its trail, the rest was told so."""

from threading import Event, Thread

import pytest

from tests.faults.installation import Own, until

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]
WRITERS = 3


class Writers:
    """People who register components without a pause, and what they were answered."""

    def __init__(self, own: Own) -> None:
        self.own, self.over = own, Event()
        self.accepted: list[str] = []
        self.refused: list[tuple[str, int, str]] = []
        self.threads = [Thread(target=self._write, args=[number], daemon=True) for number in range(WRITERS)]

    def _write(self, number: int) -> None:
        count = 0
        while not self.over.is_set():
            count += 1
            title = f"Orders {number} {count}"
            body = {"title": title, "kind": "data_set", "owner": self.own.who["email"], "unit": self.own.who["unit"]}
            answer = self.own.post("/api/v1/components/", body)
            if answer.status == 201:
                self.accepted.append(title)
            else:
                self.refused.append((title, answer.status, answer.headers.get("Retry-After", "")))

    def more(self, count: int) -> None:
        """Wait until so many more were accepted."""
        wanted = len(self.accepted) + count
        until(lambda: len(self.accepted) >= wanted, "writes are accepted", self.own.words)


@pytest.mark.parametrize("restarts", [1, pytest.param(6, marks=pytest.mark.long)])
def test_restarted_under_writes(own, chance, restarts):
    own.web()
    writers = Writers(own)
    for thread in writers.threads:
        thread.start()
    for _ in range(restarts):
        writers.more(chance.randrange(5, 25))
        before = len(writers.refused)
        own.crash_database()
        until(lambda before=before: len(writers.refused) > before, "somebody is refused", own.words)
        assert own.get("/health/live").status == 200
        page = own.get("/inbox/")
        assert page.status in (302, 503)
        own.database.start()
        writers.more(5)
    writers.over.set()
    for thread in writers.threads:
        thread.join(60)

    assert {status for _title, status, _wait in writers.refused} == {503}
    assert {wait for _title, _status, wait in writers.refused} == {"5"}
    rows = dict(own.rows("SELECT title, count(*) FROM inventory_component GROUP BY title"))
    assert [title for title in writers.accepted if rows.get(title) != 1] == []
    told = own.rows(
        "SELECT c.title FROM inventory_component c FULL JOIN inventory_componentevent e "
        "ON e.pgh_obj_id = c.id AND e.pgh_label = 'insert' WHERE e.pgh_id IS NULL OR c.id IS NULL "
        "OR e.pgh_context->>'actor' IS NULL"
    )
    assert told == []
    spine = own.rows("SELECT count(*) FROM aims_record WHERE kind = 'component'")[0][0]
    assert spine == sum(rows.values())
