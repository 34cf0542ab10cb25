"""The demo's audits tell the story that they are there for; the whole of it is loaded by the demo itself."""

import inspect

from aims.demo import read
from audits import demo, services

ACTS = read("audits", "audits")["acts"]


def acts(do, about=None):
    return [act for act in ACTS if act["do"] == do and about in (None, act.get("about"))]


def test_every_act_is_a_service_or_the_demos_own():
    for act in ACTS:
        assert act["do"] in {*demo.HERE, *demo.ELSEWHERE} or inspect.isfunction(getattr(services, act["do"]))


def test_the_last_internal_audit_has_six_findings_and_two_nonconformities():
    found = [act["with"]["data"] for act in acts("raise_finding", "au-1")]
    assert len(found) == 6
    assert [one["grade"] for one in found if one["grade"] in ("major", "minor")] == ["minor", "major"]


def test_one_nonconformity_is_open_again_after_a_verdict():
    last = {act["about"]: act["with"]["effective"] for act in acts("judge_effect")}
    assert last == {"nc-1": True, "nc-2": False}
    assert [act["about"] for act in acts("close_nonconformity")] == ["nc-1"]


def test_the_report_says_why_some_papers_are_empty():
    (papers,), (report,) = acts("papers", "au-1"), acts("report_audit", "au-1")
    empty = [paper for told in papers["rows"].values() for paper in told if paper is None]
    assert len(empty) == 5 and report["with"]["left_out"]


def test_the_certification_body_asks_and_is_answered_in_an_engagement():
    assert len(acts("ask", "en-1")) == 5
    said = [(name, more.get("accepted")) for act in acts("answers") for name, _by, more in act["rows"]]
    assert said.count(("offer", None)) == 4
    assert {("answer_offer", True), ("answer_offer", False)} < set(said)
