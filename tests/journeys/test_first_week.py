"""The same week by program: the messy sheet of 300 systems to a clean register, taken back, repeated; a real worker."""

import pytest

from aims import clock
from aims.importing.services import define_own_field
from inventory.models import AISystem
from organization.services.setup import found_organization, setup_url
from tests.imports import messy
from tests.journeys.stage import token_of
from tests.journeys.week import assert_clean

pytestmark = pytest.mark.xdist_group("worker")
MEANS = {
    "owner": {"": "olga@lampenhaus.example", "ask James": "olga@lampenhaus.example"},
    "unit": {"Frankreich": "Lampenhaus France", "LH GmbH": "Lampenhaus GmbH"},
    "criticality": {"H": "high", "3": "high", "hoch": "high", "M": "medium", "TBD": ""},
}


@pytest.fixture
def api(committed_db, api_of):
    """An empty installation just set up; its first AIMS manager's token."""
    data = {"organization": "Lampenhaus", "language": "en", "time_zone": "Europe/Berlin"}
    data |= {"name": "Olga Officer", "email": "olga@lampenhaus.example"}
    olga = found_organization(
        token=setup_url().rstrip("/").rpartition("/")[2],
        data=data,
        entities=[("Lampenhaus GmbH", "DE"), ("Lampenhaus France", "FR")],
        password="lamps at noon in the market",
        on=clock.today(),
    )
    define_own_field(by=olga, kind="system", label="Kosten")
    return api_of(token=token_of(olga))


def test_messy_sheet_by_program(api, worker, patiently, tmp_path):
    file = tmp_path / "register.xlsx"
    file.write_bytes(messy.workbook(messy.first_week()).read())

    def until(address, state):
        def there():
            answer = api.get(address)
            assert answer.data["state"] != "failed", answer.data
            return answer if answer.data["state"] == state else None

        return patiently(there, f"the import is {state}", lambda: worker.text()[-3000:], seconds=300)

    def act(address, verb, body):
        answer = api.post(f"{address}{verb}/", body, HTTP_IF_MATCH=api.get(address)["ETag"])
        assert answer.status_code == 200, answer.content

    def imported(meanings):
        with file.open("rb") as data:
            answer = api.post("/api/v1/imports/", {"file": data, "target": "system"}, format="multipart")
        assert answer.status_code == 202, answer.content
        address = answer["Location"]
        read = until(address, "read").data
        body = {"columns": read["columns"], "header_row": read["header_row"], "orders": read["orders"]}
        act(address, "columns", {**body, "meanings": meanings or read["meanings"], "keep_as": "Our old sheet"})
        assert until(address, "checked").data["counts"] == {"new": 294, "twice": 6}
        act(address, "start", {})
        until(address, "done")
        assert_clean()
        assert api.get("/api/v1/systems/").data["count"] == 294
        return address

    address = imported(MEANS)
    act(address, "take_back", {"reason": "The sheet of last year."})
    until(address, "taken_back")
    assert not AISystem.objects.exists()
    imported({})
