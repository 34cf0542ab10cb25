"""People from a file: accounts with invitations, roles given by who may, nobody deleted."""

import pytest
from django.urls import reverse

from aims.importing import services
from aims.models import ImportLine, Job
from aims.states import LineState
from organization.models import UnitGrant, User
from tests.factories import person
from tests.imports import messy
from tests.imports.conftest import worked

pytestmark = pytest.mark.django_db
HEAD = ["E-mail", "Name", "Unit", "Manager", "Role"]
LINES = [
    HEAD,
    ["ben@example.org", "Ben Boss", "Shop", "", "Approver"],
    ["eve@example.org", "Eve Engineer", "Shop", "ben@example.org", "system_owner; Reader"],
]


@pytest.fixture
def imported(handed_in, confirmed, officer, shop):
    def run(lines=LINES):
        checked = confirmed(handed_in(messy.csv(lines), target="person", name="people.csv"))
        return worked(services.start_import(checked, by=officer))

    return run


def test_accounts_roles_and_invitations(imported, shop):
    run = imported()
    assert run.counts == {LineState.MADE: 2}, list(ImportLine.objects.values_list("errors", flat=True))
    eve = User.objects.get(email="eve@example.org")
    assert (eve.name, eve.unit, eve.manager.name) == ("Eve Engineer", shop, "Ben Boss")
    assert {grant.role for grant in UnitGrant.objects.filter(user=eve)} == {"system_owner", "reader"}
    assert Job.objects.filter(task="organization.invite").count() == 2


def test_again_changes_what_differs_and_takes_no_role_away(imported, officer):
    imported()
    run = imported([HEAD, ["eve@example.org", "Eve Ng", "Shop", "", "Contributor"]])
    assert run.counts == {LineState.CHANGED: 1}, list(
        ImportLine.objects.filter(run=run).values_list("errors", flat=True)
    )
    eve = User.objects.get(email="eve@example.org")
    assert eve.name == "Eve Ng"
    assert UnitGrant.objects.filter(user=eve).count() == 3


def test_taken_back_they_are_deactivated(imported, officer):
    run = worked(services.take_back(imported(LINES[:2]), by=officer, reason="Wrong list."))
    assert run.counts == {LineState.UNDONE: 1}
    assert not User.objects.get(email="ben@example.org").is_active


def test_wrong_cells(handed_in, confirmed, shop):
    run = confirmed(
        handed_in(messy.csv([HEAD, ["no mail", "X", "Shop", "", "Emperor"]]), target="person", name="p.csv")
    )
    told = " ".join(ImportLine.objects.get(run=run, state=LineState.WRONG).errors.values())
    assert "is not an e-mail address" in told
    assert "no role “Emperor”" in told


def test_roles_by_file_ask_who_you_are(handed_in, confirmed, client_of, officer, shop):
    run = confirmed(handed_in(messy.csv(LINES), target="person", name="people.csv"))
    answer = client_of(officer).post(f"{run.get_absolute_url()}start/", {"version": run.version})
    assert answer.status_code == 302
    assert reverse("account_reauthenticate") in answer.url or "mfa" in answer.url
    run.refresh_from_db()
    assert run.state == "checked"


def test_who_may_not_add_people_is_told_so_beside_the_cell(handed_in, confirmed, shop):
    owner = person("system_owner", shop)
    lines = [["Name", "Purpose", "Owner", "Unit"], ["A", "a", "new@example.org", "Shop"]]
    run = confirmed(handed_in(messy.csv(lines), name="a.csv", by=owner), by=owner)
    assert "An AIMS manager can add them" in next(iter(ImportLine.objects.get(run=run, state="wrong").errors.values()))
