"""Lists of evidence from files: addresses with what they prove; once more updates; taken back they are withdrawn."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from aims.importing import services
from aims.models import ImportLine
from aims.states import LineState
from evidence.models import EvidenceItem
from evidence.services import attest_evidence
from tests.factories import person, unit
from tests.factories.evidence import file_evidence
from tests.factories.inventory import system
from tests.imports import messy
from tests.imports.conftest import worked

pytestmark = pytest.mark.django_db
HEAD = ["Nr", "Nachweis", "Beschreibung", "Link", "Abteilung", "Author", "Von", "Bis", "Gültig bis", "System"]


@pytest.fixture
def ada(shop):
    return person("system_owner", shop, name="Ada Analyst", email="ada@example.org")


@pytest.fixture
def churn(shop, ada):
    return system(unit=shop, owner=ada, title="Churn")


def lines(churn, url="https://wiki.example.org/1", until="31.12.2026", speaks=None):
    common = ["Shop", "ada@example.org", "2026-01-01", "31/03/2026"]
    return [
        HEAD,
        [
            "E-1",
            "Validation report",
            "Churn was validated.",
            url,
            *common,
            until,
            churn.ref if speaks is None else speaks,
        ],
        ["E-2", "Minutes", "The board looked at it.", "https://wiki.example.org/2", *common, "", ""],
    ]


def told(run):
    return list(ImportLine.objects.filter(run=run).values_list("errors", flat=True))


@pytest.fixture
def imported(handed_in, confirmed, officer):
    def run(rows, name="evidence.csv"):
        checked = confirmed(handed_in(messy.csv(rows), target="evidence", name=name))
        return worked(services.start_import(checked, by=officer))

    return run


def test_list_becomes_evidence_that_speaks_for_its_records(imported, churn, ada):
    run = imported(lines(churn))
    assert run.counts == {LineState.MADE: 2}, told(run)
    report = EvidenceItem.objects.get(title="Validation report")
    assert (report.form, report.url, report.collector) == ("link", "https://wiki.example.org/1", ada)
    assert (report.period_from, report.period_to) == (date(2026, 1, 1), date(2026, 3, 31))
    assert (report.expires_on, report.due_on) == (date(2026, 12, 31), date(2026, 12, 31))
    assert [link.record.ref for link in report.links.all()] == [churn.ref]


def test_same_key_updates_what_is_said_and_its_links(imported, churn, shop):
    imported(lines(churn))
    other = system(unit=shop, title="Other")
    run = imported(lines(churn, until="2027-01-31", speaks=other.ref))
    assert run.counts == {LineState.CHANGED: 1, LineState.SAME: 1}, told(run)
    report = EvidenceItem.objects.get(title="Validation report")
    assert report.expires_on == date(2027, 1, 31)
    assert [link.record.ref for link in report.links.all()] == [other.ref]


def test_content_never_changes(imported, churn):
    imported(lines(churn))
    run = imported(lines(churn, url="https://wiki.example.org/other"))
    assert run.counts == {LineState.WRONG: 1, LineState.SAME: 1}
    assert "never changes" in str(told(run))


def test_accepted_evidence_stays_as_it_is(imported, churn, shop):
    imported(lines(churn))
    report = EvidenceItem.objects.get(title="Validation report")
    moment = report.received_at
    attest_evidence(report, by=person("approver", shop), sufficient=True, reason="Enough.", at=moment)
    run = imported(lines(churn, until="2027-01-31"))
    assert run.counts == {LineState.WRONG: 1, LineState.SAME: 1}
    assert "locked" in str(told(run))


def test_taken_back_it_is_withdrawn_and_the_same_file_brings_it_again(imported, churn, officer):
    run = worked(services.take_back(imported(lines(churn)), by=officer, reason="Wrong list."))
    assert run.counts == {LineState.UNDONE: 2}
    assert set(EvidenceItem.objects.values_list("state", flat=True)) == {"withdrawn"}
    run = imported(lines(churn))
    assert run.counts == {LineState.MADE: 2}, told(run)
    assert EvidenceItem.objects.filter(state="current").count() == 2


def test_taken_back_an_update_gives_the_earlier_values(imported, churn, shop, officer):
    imported(lines(churn))
    other = system(unit=shop, title="Other")
    run = imported(lines(churn, until="2027-01-31", speaks=f"{churn.ref}; {other.ref}"))
    worked(services.take_back(run, by=officer, reason="No."))
    report = EvidenceItem.objects.get(title="Validation report")
    assert report.expires_on == date(2026, 12, 31)
    assert [link.record.ref for link in report.links.all()] == [churn.ref]


def test_wrong_cells(handed_in, confirmed, churn, ada):
    rows = [HEAD, ["E-1", "A", "a", "", "Shop", ada.email, "", "", "soon", "SYS-9999"]]
    hidden = system(unit=unit("Elsewhere"), title="Hidden")
    rows.append(["E-2", "B", "b", "https://x.example", "Shop", "", "", "", "", hidden.ref])
    run = confirmed(handed_in(messy.csv(rows), target="evidence", name="e.csv", by=ada), by=ada)
    first, second = told(run)[-2:]
    assert set(first) == {"3", "8", "9"}
    assert second == {"9": f"There is no {hidden.ref}."}


def test_only_addresses_that_run_nothing(imported, churn):
    run = imported(lines(churn, url="javascript:alert(1)"))
    assert run.counts == {LineState.WRONG: 1, LineState.MADE: 1}
    assert "http://" in str(told(run))


def test_export_shows_no_record_of_others(client_of, officer, churn, ada, shop):
    item = file_evidence(officer, title="Report", links=[(churn, ""), (system(unit=unit("Elsewhere")), "")])
    type(item).objects.filter(pk=item.pk).update(unit=shop)
    sheet = load_workbook(BytesIO(client_of(ada).get("/imports/sheet/evidence/").content)).active
    assert [row[-1].value for row in sheet.iter_rows(min_row=2)] == [churn.ref]
