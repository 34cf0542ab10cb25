"""AC-01 to AC-04 as people and programs meet them: the Statement of Applicability by page and over the API."""

import csv
import json
from html import unescape
from io import BytesIO, StringIO

import openpyxl
import pytest

from controls import services
from controls.models import Control, ControlStatement, SoaVersion
from organization.states import Role
from tests.factories import person
from tests.factories import risk as risks
from tests.factories.controls import decide, decide_all, draft, statements
from tests.factories.organization import sign_in_again

pytestmark = pytest.mark.django_db
KEPT = {"status": "not_started", "confidentiality": "normal"}


def text(answer):
    return unescape(answer.content.decode())


@pytest.fixture
def officer():
    return person(Role.AIMS_MANAGER, name="Lena Officer")


@pytest.fixture
def board():
    return person(Role.TOP_MANAGEMENT, name="Theo Board")


def own_control(by):
    origin = "Decision of the board, 12 March"
    return services.add_control(
        by=by, data={"title": "Price-fairness guardrail", "origin": origin, "asks": "Cap what one customer pays."}
    )


def submitted_by_page(browser):
    soa = draft()
    return soa, browser.post(f"{soa.get_absolute_url()}submit/", {"version": soa.version, "reason": ""})


def approved_by_page(browser, who):
    soa = draft()
    sign_in_again(browser, who)
    sent = {"version": soa.version, "reason": "It fits our risks."}
    return soa, browser.post(f"{soa.get_absolute_url()}approve/", sent)


def changed_by_page(browser, row, **sent):
    return browser.post(f"{row.get_absolute_url()}change/", {**KEPT, "version": row.version, **sent})


class TestAC01:
    def test_the_page_refuses_an_exclusion_without_a_reason(self, officer, client_of):
        row = statements()["A.6.2.8"]
        answer = changed_by_page(
            client_of(officer), row, applicability="excluded", justification="   ", status="not_applicable"
        )
        assert answer.status_code == 400
        assert "Say why A.6.2.8 is excluded" in text(answer)
        assert ControlStatement.objects.get(pk=row.pk).state == "undecided"

    def test_submitting_by_page_and_over_the_api_is_refused_and_nobody_is_asked(self, officer, client_of, api_of):
        decide_all(officer, but=("A.6.2.8",))
        soa, answer = submitted_by_page(client_of(officer))
        assert answer.status_code == 409
        assert "A.6.2.8 is not decided." in text(answer)
        url, tag = f"/api/v1/soa/{soa.ref}/submit/", f'"{soa.version}"'
        told = api_of(officer).post(url, {}, format="json", HTTP_IF_MATCH=tag)
        assert (told.status_code, [one["control"] for one in told.json()["unmet"]]) == (409, ["A.6.2.8"])
        assert draft().state == "draft"
        assert draft().submitted_by is None


class TestAC02:
    def test_both_are_listed_then_the_version_is_frozen(self, officer, board, client_of, api_of):
        decide_all(officer, but=("A.6.2.8", "A.7.4"))
        decide(statements()["A.7.4"], officer, justification="")
        browser = client_of(officer)
        soa, refused = submitted_by_page(browser)
        assert refused.status_code == 409
        for said in ("A.6.2.8 is not decided.", "A.7.4 has no justification."):
            assert said in text(refused)
        assert f"{statements()['A.7.4'].get_absolute_url()}change/" in text(refused)

        rows = statements()
        assert changed_by_page(
            browser, rows["A.7.4"], applicability="included", justification="Prices rest on clean data."
        ).status_code == 302  # fmt: skip
        assert changed_by_page(
            browser, rows["A.6.2.8"], applicability="excluded", status="not_applicable",
            justification="The vendor keeps the logs; we keep none.",
        ).status_code == 302  # fmt: skip
        assert submitted_by_page(browser)[1].status_code == 302
        approver = client_of(board)
        sign_in_again(approver, board)
        page = text(approver.get(f"{soa.get_absolute_url()}approve/"))
        assert "38 controls: 37 included, 1 excluded." in page
        assert approved_by_page(approver, board)[1].status_code == 302
        done = SoaVersion.objects.get(pk=soa.pk)
        assert (done.state, done.approved_by) == ("approved", board)
        frozen = api_of(officer).get(f"/api/v1/soa/{soa.ref}/content/").json()
        assert len(frozen["lines"]) == 38
        assert frozen["approval"]["approved_by"] == "Theo Board"


class TestAC03:
    """A treatment that is not even approved yet names A.7.4 and an own control."""

    @pytest.fixture
    def needed(self, officer):
        statements()
        made = own_control(officer)
        decide_all(officer)
        decide(ControlStatement.objects.get(control=made), officer, justification="Nobody pays for where they live.")
        risk = risks.assessed()
        risks.plan(risk, controls=[Control.objects.get(number="A.7.4"), made])
        return risk, made

    def test_excluding_is_refused_by_page_grid_and_api_with_a_link_to_the_treatment(
        self, officer, needed, client_of, api_of
    ):
        risk, _made = needed
        row = statements()["A.7.4"]
        words = {
            "applicability": "excluded",
            "justification": "We train no models of our own.",
            "status": "not_applicable",
        }
        page = changed_by_page(client_of(officer), row, **words)
        assert page.status_code == 409
        assert f'href="{risk.get_absolute_url()}#plan"' in text(page)

        url, tag = f"/api/v1/statements/{row.ref}/", f'"{row.version}"'
        told = api_of(officer).patch(url, words, format="json", HTTP_IF_MATCH=tag)
        assert told.status_code == 409
        assert [one["url"] for one in told.json()["unmet"]] == [f"{risk.get_absolute_url()}#plan"]

        sent = {f"{row.ref}-{name}": value for name, value in {**words, "version": row.version}.items()}
        sent |= {f"{row.ref}-owner": "", f"{row.ref}-due_on": "", f"initial-{row.ref}-version": row.version}
        grid = client_of(officer).post("/statements/grid/", sent)
        assert grid.status_code == 400
        assert risk.ref in text(grid)
        assert ControlStatement.objects.get(pk=row.pk).applicability == "included"

    def test_deleting_the_own_control_is_refused_with_a_link(self, officer, needed, client_of):
        risk, made = needed
        page = client_of(officer).post(f"/controls/{made.number}/delete/", {"reason": "We forgot why."})
        assert page.status_code == 409
        assert f'href="{risk.get_absolute_url()}#plan"' in text(page)
        assert Control.objects.filter(pk=made.pk).exists()

    def test_the_own_control_is_in_every_export_with_source_and_justification(self, officer, needed, client_of):
        _risk, made = needed
        browser, url = client_of(officer), f"{draft().get_absolute_url()}download/"
        wanted = {made.number, "Own control", "Decision of the board, 12 March", "Nobody pays for where they live."}
        table = csv.reader(StringIO(browser.get(f"{url}csv/").getvalue().decode("utf-8-sig")))
        assert any(wanted <= set(row) for row in table)
        sheet = openpyxl.load_workbook(BytesIO(browser.get(f"{url}xlsx/").getvalue())).active
        assert any(wanted <= set(map(str, row)) for row in sheet.iter_rows(values_only=True))
        (line,) = [
            one for one in json.loads(browser.get(f"{url}json/").content)["lines"] if one["control"] == made.number
        ]
        assert (line["source"], line["origin"]) == ("own", "Decision of the board, 12 March")


class TestAC04:
    def test_an_approved_plan_opens_version_2_and_version_1_stays_as_it_is(self, officer, board, client_of, api_of):
        decide_all(officer, but=("A.7.4",))
        decide(
            statements()["A.7.4"], officer, applicability="excluded", justification="We train no models of our own.",
        )  # fmt: skip
        browser, approver = client_of(officer), client_of(board)
        submitted_by_page(browser)
        first, answer = approved_by_page(approver, board)
        assert answer.status_code == 302
        bytes_of_first = browser.get(f"{first.get_absolute_url()}download/json/").content
        digest = SoaVersion.objects.get(pk=first.pk).digest

        risk = risks.assessed()
        risks.plan(risk, controls=[Control.objects.get(number="A.7.4")])
        risks.approve(risk)
        second = draft()
        assert (second.number, second.state) == (2, "draft")
        (proposal,) = second.proposals.open()
        page = text(browser.get(f"{second.get_absolute_url()}proposals/"))
        assert risk.ref in page
        take = f"{second.get_absolute_url()}proposals/{proposal.pk}/take/"
        sent = {"version": second.version, "reason": "The price risk needs data of known quality."}
        assert browser.post(take, sent).status_code == 302

        told = api_of(officer).get(f"/api/v1/soa/{second.ref}/differences/").json()
        assert told["compared_with"] == first.ref
        (line,) = told["results"]
        assert line["control"] == "A.7.4"
        assert "Decision from “Excluded” to “Included”" in line["sentence"]
        page = text(browser.get(f"{second.get_absolute_url()}differences/"))
        assert "The price risk needs data of known quality." in page

        assert submitted_by_page(browser)[1].status_code == 302
        assert approved_by_page(approver, board)[1].status_code == 302
        states = dict(SoaVersion.objects.values_list("number", "state"))
        assert states == {1: "superseded", 2: "approved"}
        assert browser.get(f"{first.get_absolute_url()}download/json/").content == bytes_of_first
        assert SoaVersion.objects.get(pk=first.pk).digest == digest
        assert "A.7.4" in text(browser.get(first.get_absolute_url()))
