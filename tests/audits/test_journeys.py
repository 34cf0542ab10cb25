"""AC-13 to AC-15 as people and programs meet them: through pages and the API."""

from datetime import timedelta

import pytest

from aims import clock
from audits.models import Audit, Finding, Nonconformity
from organization.duties import DutyMode
from organization.services.duties import set_duties
from organization.states import Role
from tests.factories import audits as make
from tests.factories import person, root_unit
from tests.factories.organization import sign_in_again

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(client_of):
    def make_client(who):
        client = client_of(who)
        sign_in_again(client, who)
        return client

    return make_client


def unmet(answer):
    return [one["id"] for one in answer.json()["unmet"]]


def test_ac_13_who_owns_the_system_does_not_audit_it(sign_in, ask_api):
    nadia = make.auditor()
    system = make.system(owner=nadia, title="Recommendations")
    audit = make.audit(systems=[system])
    chief = person(Role.TOP_MANAGEMENT)
    form = {"person": nadia.email, "role": "lead", "version": audit.version}
    page = sign_in(make.manager()).post(f"{audit.get_absolute_url()}assign/", form)
    assert page.status_code == 409
    assert system.ref in page.content.decode()
    answer = ask_api(make.manager(), audit, "assign", person=nadia.email, role="lead")
    assert answer.status_code == 409 and system.ref in answer.json()["detail"] and unmet(answer) == ["conflict_1"]
    assert not audit.team.exists()
    # Where the organization lets it be overridden, reason, safeguards and approver are asked, and printed.
    set_duties({"audit.independent": {"medium": DutyMode.OVERRIDE}}, by=chief, reason="Three people.")
    partly = sign_in(chief).post(f"{audit.get_absolute_url()}assign/", {**form, "override_reason": "Nobody else can."})
    assert partly.status_code == 409
    whole = {**form, "override_reason": "Nobody else can.", "safeguards": "A second auditor reads all."}
    assert sign_in(chief).post(f"{audit.get_absolute_url()}assign/", whole).status_code == 302
    lead = sign_in(nadia)
    audit = make.fresh(audit)
    assert lead.post(f"{audit.get_absolute_url()}start/", {"version": audit.version}).status_code == 302
    item = audit.items.first()
    lead.post(f"{audit.get_absolute_url()}papers/{item.pk}/", {"result": "conform", "notes": "Seen", "edition": 1})
    audit = make.fresh(audit)
    told = {"conclusions": "It works.", "version": audit.version}
    silent = lead.post(f"{audit.get_absolute_url()}report/", told)
    assert silent.status_code == 400 and "were not looked at" in silent.content.decode()
    done = lead.post(f"{audit.get_absolute_url()}report/", {**told, "left_out": "Two days were enough for one item."})
    assert done.status_code == 302
    report = lead.get(f"{audit.get_absolute_url()}report-page/").content.decode()
    for words in ("Nobody else can.", "A second auditor reads all.", str(chief), "Two days were enough for one item."):
        assert words in report


def test_ac_14_a_programme_covers_everything_and_reports_reach_managers(sign_in, ask_api):
    manager, chief = make.manager(), person(Role.TOP_MANAGEMENT)
    officer = sign_in(manager)
    end = make.today() + timedelta(days=365)
    form = {
        "title": "Twelve months", "unit": root_unit().name, "owner": manager.email, "starts_on": make.today(), "ends_on": end,
        "objectives": "Every clause once.", "confidentiality": "normal",
    }  # fmt: skip
    made = officer.post("/programmes/new/", form)
    assert made.status_code == 302, made.content.decode()[:3000]
    from_address = made["Location"]
    programme = Audit._meta.get_field("programme").related_model.objects.get()
    make.audit(programme=programme, clauses=[make.clause("8.2")])
    page = sign_in(chief).get(f"{from_address}approve/")
    assert "7.2" in page.content.decode() and "A.7.5" in page.content.decode()
    version = programme.version
    refused = sign_in(chief).post(f"{from_address}approve/", {"reason": "As planned.", "version": version})
    assert refused.status_code == 400
    refused = ask_api(chief, programme, "approve", reason="As planned.")
    assert refused.status_code == 400 and make.fresh(programme).state == "draft"
    reasoned = {"reason": "As planned.", "gap_reason": "Next year.", "version": version}
    assert sign_in(chief).post(f"{from_address}approve/", reasoned).status_code == 302
    assert "7.2" in make.fresh(programme).gaps

    bare = {"title": "Bare", "unit": root_unit(), "owner": manager, "starts_on": make.today(), "ends_on": end}
    audit = make.services.plan_audit(by=manager, data=bare)
    assert officer.post(f"{audit.get_absolute_url()}start/", {"version": audit.version}).status_code == 409
    answer = ask_api(manager, audit, "start")
    assert answer.status_code == 409
    assert unmet(answer) == ["audit_objectives", "audit_criteria", "audit_scope", "audit_team"]

    running, lead = make.running()
    same = {"by": lead, "at": clock.now()}
    make.services.save_paper(running.items.first(), result="conform", notes="Seen", evidence_seen="Plan", **same)
    row = make.services.report_audit(
        make.fresh(running), on=make.today(), conclusions="It works.", left_out="The rest comes next year.", **same
    )
    url = row.get_absolute_url()
    assert officer.post(f"{url}close/", {"reason": "Over", "version": row.version}).status_code == 409
    answer = ask_api(manager, row, "close", reason="Over")
    assert answer.status_code == 409 and unmet(answer) == ["audit_distributed", "audit_signed"]
    sent = {"people": manager.email, "version": row.version}
    assert officer.post(f"{url}distribute/", sent).status_code == 302
    signed = {"statement": "I stand by it.", "version": make.fresh(row).version}
    assert sign_in(lead).post(f"{url}sign/", signed).status_code == 302
    last = {"reason": "Over", "version": make.fresh(row).version}
    assert officer.post(f"{url}close/", last).status_code == 302


def test_ac_15_the_effect_is_reviewed_before_closing(sign_in, ask_api):
    owner = person(Role.SYSTEM_OWNER)
    row = make.nonconformity(owner=owner)
    url = row.get_absolute_url()
    mine = sign_in(owner)
    reviewer = person(Role.APPROVER)

    def send(verb, **form):
        return mine.post(f"{url}{verb}/", {"version": make.fresh(row).version, **form})

    assert send("contain", containment="Done now.", consequences="None.").status_code == 302
    cause = {
        "cause_method": "five_whys", "cause_steps": "Late\nNo owner\nNobody asked", "root_cause": "No owner.",
        "similar_where": "All units", "similar_result": "None",
    }  # fmt: skip
    assert send("analyse", **cause).status_code == 302
    plan = {
        "action_needed": "yes", "proportionality": "One name.", "effect_criteria": "None late for a quarter.",
        "reviewer": reviewer.email, "effect_from": make.soon(60), "action_1_what": "Name somebody",
        "action_1_owner": owner.email, "action_1_due": make.soon(),
    }  # fmt: skip
    assert send("plan", **plan).status_code == 302
    action = row.actions.get()
    assert mine.post(f"{action.get_absolute_url()}done/", {"result": "Named."}).status_code == 302
    assert send("hand-over", aims_changes="Procedure.", risk_update="None.").status_code == 302
    # The action's owner tries to close today, on the API: everything that is missing is named.
    for who in (owner, make.manager()):
        answer = ask_api(who, row, "close", reason="Done")
        assert answer.status_code == 409 and unmet(answer) == ["nc_verdict"]
    current = make.fresh(row)
    judged = sign_in(reviewer).post(
        f"{url}judge/", {"effective": "no", "findings": "Late.", "version": current.version}
    )
    assert judged.status_code == 409  # too early
    with clock.at(clock.now() + timedelta(days=61)):
        judged = sign_in(reviewer).post(
            f"{url}judge/", {"effective": "no", "findings": "Late.", "version": current.version}
        )
        assert judged.status_code == 302
    again = Nonconformity.objects.get(pk=row.pk)
    assert (again.state, again.round) == ("reopened", 2)
    history = mine.get(f"{url}history/").content.decode()
    assert "Late." in mine.get(url).content.decode() and "Done now." in history


def test_a_finding_is_raised_in_place_and_answered(sign_in):
    audit, lead = make.running()
    item = audit.items.first()
    team, manager = sign_in(lead), make.manager()
    page = team.get(f"{audit.get_absolute_url()}raise/?item={item.pk}")
    assert page.status_code == 200
    form = {
        "title": "No record", "criterion": item.criterion_id, "statement": "Two of eight.", "objective_evidence": "Sample",
        "grade": "minor", "rationale": "Isolated.",
    }  # fmt: skip
    assert team.post(f"{audit.get_absolute_url()}raise/?item={item.pk}", form).status_code == 302
    row = Finding.objects.get()
    assert row.item == item
    assert sign_in(manager).get(row.get_absolute_url()).status_code == 404
    assert "No record" not in sign_in(manager).get("/findings/").content.decode()
    assert (
        team.post(f"{row.get_absolute_url()}issue/", {"version": row.version, "owner": manager.email}).status_code
        == 302
    )
    answer = {"response": "We agree.", "version": make.fresh(row).version}
    assert sign_in(manager).post(f"{row.get_absolute_url()}respond/", answer).status_code == 302
    assert make.fresh(row).response == "We agree."


def test_a_paper_is_kept_by_script_and_a_clash_is_told(sign_in):
    audit, lead = make.running()
    item = audit.items.first()
    url = f"{audit.get_absolute_url()}papers/{item.pk}/"
    team = sign_in(lead)
    form = {"result": "conform", "notes": "Seen", "evidence_seen": "", "edition": "1", "records": ""}
    kept = team.post(url, form, HTTP_ACCEPT="application/json")
    assert kept.json()["edition"] == 2
    clash = team.post(url, {**form, "notes": "Other"}, HTTP_ACCEPT="application/json")
    assert (clash.status_code, clash.json()["theirs"]) == (412, {"notes": "Seen", "evidence_seen": ""})
    wrong = team.post(url, {**form, "result": "perfect"}, HTTP_ACCEPT="application/json")
    assert wrong.status_code == 400
    assert team.post(url, {**form, "edition": "2"}).status_code == 302
    assert sign_in(make.manager()).post(url, form).status_code == 403
