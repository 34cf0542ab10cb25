"""Three people run everything: duties are overridden where the table lets them, with safeguards, and looked at later."""

import pytest
from django.template.loader import render_to_string

from aims import clock, due
from aims.models import Task
from evidence.models import EvidencePack
from organization.duties import RULES, DutyMode
from organization.mandates import DutyOverride, DutyTable
from organization.sections import duties
from organization.states import Role
from risk.models import Acceptance, PlanApproval
from risk.rules import ACCEPTOR_ASSESSOR, PLAN_APPROVER
from tests.factories import evidence, grant, person, root_unit, unit
from tests.factories import risk as make
from tests.risk.test_journeys import acceptance, again, confirmed

pytestmark = pytest.mark.django_db
OVERRIDE = {"override_reason": "Nobody else is here.", "override_safeguard": "Both look at it each month."}


@pytest.fixture
def three(db):
    """Who founded it and decides; who builds and keeps risks and approves; who helps."""
    founder, builder, helper = person(Role.TOP_MANAGEMENT), person(Role.RISK_OWNER), person(Role.AIMS_MANAGER)
    grant(builder, Role.APPROVER, root_unit())
    make.in_force()
    return again(founder), again(builder), again(helper)


def table(page, **low):
    """The table as a form gives it: required everywhere but for what `low` says of the lower tiers."""
    cells = {f"{rule}:{tier}": "required" for rule in RULES for tier in ("low", "medium", "high")}
    for rule, mode in low.items():
        cells |= {f"{rule.replace('__', '.')}:{tier}": mode for tier in ("low", "medium")}
    return page.post("/duties/set/", {**cells, "reason": "We are three.", "version": "0"})


def test_from_the_table_to_the_review_and_the_pack(client_of, three):
    founder, builder, helper = three
    page = confirmed(client_of(builder))
    row = make.assessed(by=builder, ratings=make.MEDIUM)
    url = row.get_absolute_url()
    plan = {
        "option": "modify", "rationale": "A floor.", "likelihood": "1", "organization": "3", "individual": "1",
        "society": "1", "action_1_what": "Build it", "action_1_owner": helper.email,
        "action_1_due": make.soon(30).isoformat(),
    }  # fmt: skip
    assert page.post(f"{url}treat/", plan).status_code == 302
    decision = {"approved": "yes", "reason": "It is cheap.", "conditions": ""}
    # Nothing is set: one person does not do both.
    assert page.post(f"{url}decide-plan/", {**decision, **OVERRIDE}).status_code == 403
    assert not PlanApproval.objects.exists()

    names = {rule.id.replace(".", "__"): DutyMode.OVERRIDE for rule in (PLAN_APPROVER, ACCEPTOR_ASSESSOR)}
    assert table(confirmed(client_of(founder)), **names).status_code == 302
    assert DutyTable.objects.get().set_by == founder

    # A reason alone is not enough: it wants a safeguard too.
    assert page.post(f"{url}decide-plan/", {**decision, "override_reason": "Alone."}).status_code == 403
    assert page.post(f"{url}decide-plan/", {**decision, **OVERRIDE}).status_code == 302
    action = make.fresh(row).actions.get()
    assert client_of(helper).post(f"{action.get_absolute_url()}done/", {"result": "Built."}).status_code == 302
    assert page.post(f"{url}accept/", acceptance(**OVERRIDE)).status_code == 302
    assert Acceptance.objects.get().kept_apart == PlanApproval.objects.get().kept_apart == "overridden"
    assert page.get(url).content.decode().count("not separated") == 2

    rows = list(DutyOverride.objects.order_by("pk"))
    assert [one.rule for one in rows] == [PLAN_APPROVER.id, ACCEPTOR_ASSESSOR.id]
    due.run(clock.now() + make.timedelta(days=89))
    assert Task.objects.filter(record__in=[one.pk for one in rows]).count() == 2

    # Not by who overrode; by another, once.
    assert page.post(f"{rows[0].get_absolute_url()}review/", {"finding": "Fine."}).status_code == 403
    other = confirmed(client_of(helper))
    assert other.post(f"{rows[0].get_absolute_url()}review/", {"finding": "The floor is there."}).status_code == 302
    assert other.post(f"{rows[0].get_absolute_url()}review/", {"finding": "Again."}).status_code == 409

    (chapter,) = duties(evidence.pack(helper))
    printed = render_to_string("organization/pack_duties.html", {"chapter": chapter})
    for words in ("We are three.", "Both look at it each month.", "The floor is there.", "due", row.ref):
        assert words in printed


def test_a_pack_of_one_system_tells_only_its_overrides(three):
    founder, builder, helper = three
    make.set_low_override(founder)
    one, other = (make.assessed(by=builder, ratings=make.LOW) for _ in range(2))
    for row in (one, other):
        make.accept(row, by=builder, override=make.Override("Alone.", "Looked at monthly."))
    pack = evidence.pack(helper)
    pack.scope.create(record_id=one.system_id)
    (chapter,) = duties(EvidencePack.objects.get(pk=pack.pk))
    assert [told["ref"] for told in chapter["overrides"]] == [one.ref]


def test_a_pack_tells_no_override_that_its_asker_does_not_see(three):
    founder, builder, _helper = three
    make.set_low_override(founder)
    row = make.assessed(by=builder, ratings=make.LOW)
    make.accept(row, by=builder, override=make.Override("Alone.", "Looked at monthly."))
    elsewhere = unit()
    (chapter,) = duties(evidence.pack(person(Role.AIMS_MANAGER, elsewhere), elsewhere))
    assert chapter["overrides"] == []


def test_the_high_tier_is_never_overridden(client_of, three):
    founder, builder, _helper = three
    names = {rule.id.replace(".", "__"): DutyMode.OVERRIDE for rule in (PLAN_APPROVER,)}
    assert table(confirmed(client_of(founder)), **names).status_code == 302
    row = make.assessed(by=builder)
    make.plan(row, by=builder)
    url = f"{row.get_absolute_url()}decide-plan/"
    decision = {"approved": "yes", "reason": "Cheap.", "conditions": "", **OVERRIDE}
    assert confirmed(client_of(builder)).post(url, decision).status_code == 403
