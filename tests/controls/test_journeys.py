"""The acceptance cases of the Statement of Applicability: AC-01, AC-02 and AC-04, at services and over the API."""

from datetime import UTC, date, datetime

import pytest

from aims.errors import WrongState
from controls import services
from controls.content import digest_of
from controls.models import Control, ControlStatement
from controls.states import SoaState
from organization.states import Role
from tests.factories import person
from tests.factories.controls import decide, decide_all, draft, statements, system

pytestmark = pytest.mark.django_db
NOW, TODAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC), date(2026, 3, 2)


@pytest.fixture
def manager():
    return person(Role.AIMS_MANAGER, name="Lena Manager")


@pytest.fixture
def board():
    return person(Role.TOP_MANAGEMENT, name="Theo Board")


def submit(by):
    return services.submit_soa(draft(), by=by, at=NOW, on=TODAY, version=None)


def approve(by, reason="Fits our risks."):
    return services.approve_soa(draft(), by=by, reason=reason, at=NOW, on=TODAY, version=None)


class TestAC01ExclusionWithoutJustification:
    def test_over_the_api(self, manager, api_of):
        row = statements()["A.6.2.8"]
        answer = api_of(manager).patch(
            f"/api/v1/statements/{row.ref}/", {"applicability": "excluded", "justification": " "},
            format="json", HTTP_IF_MATCH=f'"{row.version}"',
        )  # fmt: skip
        assert answer.status_code == 400
        assert "A.6.2.8" in str(answer.json())

    def test_submitting_is_refused_and_the_version_stays_a_draft(self, manager):
        statements()
        with pytest.raises(WrongState) as refused:
            submit(manager)
        assert "A.6.2.8" in {one["control"] for one in refused.value.extra["unmet"]}
        assert draft().state == SoaState.DRAFT


class TestAC02IncompleteStatement:
    def test_undecided_and_unjustified_are_both_listed_then_approval_freezes(self, manager, board):
        decide_all(manager, but=("A.6.2.8", "A.7.4"))
        decide(statements()["A.7.4"], manager, justification="")
        with pytest.raises(WrongState) as refused:
            submit(manager)
        said = {(one["control"], one["id"]) for one in refused.value.extra["unmet"]}
        assert said == {("A.6.2.8", "undecided"), ("A.7.4", "unjustified")}
        rows = statements()
        decide(
            rows["A.6.2.8"],
            manager,
            applicability="excluded",
            justification="We keep no logs of our own; the vendor does.",
        )
        decide(rows["A.7.4"], manager)
        submit(manager)
        done = approve(board)
        assert (done.state, done.number) == (SoaState.APPROVED, 1)
        assert done.digest == digest_of(done.content)
        assert done.frozen["approval"]["approved_by"] == "Theo Board"

    def test_over_the_api(self, manager, board, api_of):
        decide_all(manager, but=("A.6.2.8",))
        soa = draft()
        refused = api_of(manager).post(
            f"/api/v1/soa/{soa.ref}/submit/", {}, format="json", HTTP_IF_MATCH=f'"{soa.version}"'
        )
        assert refused.status_code == 409
        assert [one["control"] for one in refused.json()["unmet"]] == ["A.6.2.8"]


class TestAC04ImmutableAndVersioned:
    def test_a_need_opens_version_2_while_version_1_stays_as_it_is(self, manager, board):
        decide_all(manager, but=("A.7.4",))
        decide(statements()["A.7.4"], manager, applicability="excluded", justification="We train no models of our own.")
        submit(manager)
        first = approve(board)
        text, digest = first.content, first.digest

        need = services.note_need(
            Control.objects.get(number="A.7.4"), reason="The treatment of a price risk needs data of known quality.",
            record=system(), by=manager,
        )  # fmt: skip
        second = draft()
        assert (second.number, second.state) == (2, SoaState.DRAFT)
        assert [one.statement.control.number for one in second.proposals.open()] == ["A.7.4"]
        services.take_proposal(need, by=manager, justification="A price risk needs data of known quality.")

        submit(manager)
        approved = approve(board, reason="The price risk is treated.")
        first.refresh_from_db()
        assert (first.state, first.content, first.digest) == (SoaState.SUPERSEDED, text, digest)
        assert digest_of(first.content) == digest
        assert approved.state == SoaState.APPROVED

    def test_the_difference_shows_the_line_and_its_reason(self, manager, board, client_of, api_of):
        decide_all(manager)
        submit(manager)
        first = approve(board)
        made = services.add_control(
            by=manager,
            data={"title": "Price-fairness guardrail", "origin": "Decision of the board", "asks": "Cap prices."},
        )
        row = ControlStatement.objects.get(control=made)
        decide(row, manager, justification="No customer pays more for where they live.")
        second = draft()
        told = api_of(manager).get(f"/api/v1/soa/{second.ref}/differences/").json()
        assert told["compared_with"] == first.ref
        (line,) = told["results"]
        assert (line["kind"], line["control"]) == ("added", made.number)
        assert "No customer pays more" in str(line["changes"])
        page = client_of(manager).get(f"/soa/{second.ref}/differences/").content.decode()
        assert "Price-fairness guardrail" in page
