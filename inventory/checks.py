"""The gate's items that the inventory itself can answer. What nobody can answer by machine, a person attests."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.registry import Check
from inventory.completeness import missing_of
from inventory.gate import SETTLE, Answer, GateQuestion, gate_check
from inventory.models import ChangeRequest, Component, LifecycleRecord
from inventory.rulebook import rules
from inventory.standing import failed, in_force, named, unmeasured
from inventory.states import (
    ChangeState,
    ComponentKind,
    RecordSort,
    RecordState,
    RuleSort,
    Significance,
    SystemStage,
    Verdict,
)  # fmt: skip

_S = SystemStage


def _unmet(reason: Any, url: str, **more: Any) -> Answer:
    return {"reason": str(reason), "url": url, **more}


def registered(question: GateQuestion) -> Answer:
    """Owner, role and intended purpose stand in the register (A.4.2)."""
    system = question.system
    if not system.roles.exists():
        return _unmet(_("It is not stated what we are to this system."), f"/systems/{system.ref}/roles/")
    if not (system.intended_use or system.purpose):
        return _unmet(_("The intended use is not stated."), f"/systems/{system.ref}/change/")
    return None


def of_sort(sort: str) -> Callable[[GateQuestion], Answer]:
    """The life-cycle record of a sort is approved and current."""

    def ask(question: GateQuestion) -> Answer:
        record = in_force(question.system, sort, question.version)
        return _standing(question, record, sort)

    return ask


def _standing(question: GateQuestion, record: LifecycleRecord | None, sort: str) -> Answer:
    if record is None:
        return _unmet(_("Not written down yet."), new_record(question, sort))
    if record.state == RecordState.STALE:
        return _unmet(_("Stale since %(cause)s.") % {"cause": record.stale_cause}, record.get_absolute_url())
    if record.state == RecordState.DRAFT:
        return _unmet(_("%(ref)s waits for approval.") % {"ref": record.ref}, record.get_absolute_url())
    return None


def new_record(question: GateQuestion, sort: str) -> str:
    version = f"&release={quote(question.version.number)}" if question.version is not None else ""
    return f"/systems/{question.system.ref}/records/new/?sort={sort}{version}"


def data_recorded(question: GateQuestion) -> Answer:
    """Every data set in use is fully described (A.7)."""
    system = question.system
    sets = list(Component.objects.used_in(system).filter(component_kind=ComponentKind.DATA_SET))
    if not sets:
        return _unmet(_("No data set is recorded."), f"/systems/{system.ref}/components/")
    for component in sets:
        gaps = missing_of(component)
        if gaps:
            return _unmet(f"{component.ref} {component.title}: {gaps[0].sentence}", gaps[0].url)
    return None


def verified(question: GateQuestion) -> Answer:
    """The evaluation's criteria were approved first, every one is met, and a person gave the verdict (A.6.2.4)."""
    record = in_force(question.system, RecordSort.EVALUATION, question.version)
    missing = _standing(question, record, RecordSort.EVALUATION)
    if missing or record is None:
        return missing
    return _measured(record) or _judged(record)


def _measured(record: LifecycleRecord) -> Answer:
    url, wrong, without = record.get_absolute_url(), failed(record), unmeasured(record)
    if wrong:
        return _unmet(_("Not met: %(names)s.") % {"names": named(wrong)}, url, failed=True)
    if without:
        return _unmet(_("No result yet: %(names)s.") % {"names": named(without)}, url)
    return None


def _judged(record: LifecycleRecord) -> Answer:
    if record.verdict == Verdict.FAILED:
        return _unmet(_("The verdict is: failed."), record.get_absolute_url(), failed=True)
    if not record.verdict:
        return _unmet(_("Nobody has given the verdict yet."), f"{record.get_absolute_url()}verdict/")
    return None


def data_quality(question: GateQuestion) -> Answer:
    """The latest data-quality check and bias audit of every criterion passed (A.7.4)."""
    record = in_force(question.system, RecordSort.DATA_QUALITY, question.version)
    missing = _standing(question, record, RecordSort.DATA_QUALITY)
    return missing if missing or record is None else _measured(record)


def monitoring(question: GateQuestion) -> Answer:
    """What is watched and what is logged are both laid down (A.6.2.6, A.6.2.8)."""
    return of_sort(RecordSort.MONITORING)(question) or of_sort(RecordSort.LOGGING)(question)


def user_information(question: GateQuestion) -> Answer:
    """Users are told what they need, and the documentation is there by audience (A.8.2, A.6.2.7)."""
    system = question.system
    if not system.user_information:
        url = f"/systems/{system.ref}/change/#field-user_information"
        return _unmet(_("It is not stated what users are told."), url)
    return of_sort(RecordSort.DOCUMENTATION)(question)


def law_class(question: GateQuestion) -> Answer:
    """The class under the law is confirmed by a person, by the rules in force, and does not forbid it (A.8.5)."""
    system, url = question.system, f"/systems/{question.system.ref}/law/"
    record = LifecycleRecord.objects.filter(system=system).newest(RecordSort.LAW)
    if record is None:
        return _unmet(_("Not classified yet."), f"{url}classify/")
    if record.outcome.get("stops"):
        return _unmet(
            _("Prohibited: there is no way to deployment."), record.get_absolute_url(), failed=True, never=True
        )
    if record.outcome.get("undetermined"):
        return _unmet(_("Undetermined: questions are open."), f"{url}classify/")
    if record.state != RecordState.APPROVED:
        return _standing(question, record, RecordSort.LAW)
    if record.edition_id != rules(RuleSort.LAW, question.on).pk:
        return _unmet(_("The law changed since; classify it again."), f"{url}classify/")
    return None


def retirement_plan(question: GateQuestion) -> Answer:
    """A plan says what happens to data, model and users."""
    if question.system.retirement_plan:
        return None
    url = f"/systems/{question.system.ref}/change/#field-retirement_plan"
    return _unmet(_("There is no retirement plan."), url)


def change_settled(question: GateQuestion) -> Answer:
    """Every change that leads to this version was answered, and a significant one approved (8.1)."""
    if question.version is None:
        return None
    rows = ChangeRequest.objects.filter(system=question.system, release=question.version).order_by("pk")
    for change in rows:
        if change.state == ChangeState.ASKED:
            return _unmet(
                _("%(ref)s: is the change significant?") % {"ref": change.ref}, f"{change.get_absolute_url()}assess/"
            )
        if change.significance == Significance.SIGNIFICANT and change.state == ChangeState.ASSESSED:
            return _unmet(_("%(ref)s waits for approval.") % {"ref": change.ref}, change.get_absolute_url())
        if change.state == ChangeState.REJECTED:
            return _unmet(_("%(ref)s was rejected.") % {"ref": change.ref}, change.get_absolute_url(), failed=True)
    return None


def nothing_stale(question: GateQuestion) -> Answer:
    """No life-cycle record that rested on a change is still stale (8.1)."""
    rows = LifecycleRecord.objects.filter(system=question.system, state=RecordState.STALE)
    row = rows.for_version(question.version).order_by("pk").first()
    return _standing(question, row, row.sort) if row is not None else None


def change_decided(question: GateQuestion) -> Answer:
    """No significant change waits for approval (6.3)."""
    rows = ChangeRequest.objects.filter(system=question.system, significance=Significance.SIGNIFICANT)
    row = rows.filter(state=ChangeState.ASSESSED).order_by("pk").first()
    return _unmet(_("%(ref)s waits for approval.") % {"ref": row.ref}, row.get_absolute_url()) if row else None


SETTLING = (
    Check("nothing_stale", *SETTLE, gettext_lazy("Life-cycle records are approved again."), nothing_stale),
    Check("change_decided", *SETTLE, gettext_lazy("Changes are approved or rejected."), change_decided),
)
CHECKS = (
    gate_check("registered", _S.DESIGN_DEVELOPMENT, gettext_lazy("Registered"), registered),
    gate_check("requirements", _S.DESIGN_DEVELOPMENT, gettext_lazy("Requirements"), of_sort(RecordSort.REQUIREMENTS)),
    gate_check(
        "responsibilities",
        _S.DESIGN_DEVELOPMENT,
        gettext_lazy("Responsibilities"),
        of_sort(RecordSort.RESPONSIBILITIES),
    ),
    gate_check("design_documented", _S.VERIFICATION_VALIDATION, gettext_lazy("Design"), of_sort(RecordSort.DESIGN)),
    gate_check("data_recorded", _S.VERIFICATION_VALIDATION, gettext_lazy("Data records"), data_recorded),
    gate_check("verified", _S.DEPLOYMENT, gettext_lazy("Verified"), verified),
    gate_check("data_quality", _S.DEPLOYMENT, gettext_lazy("Data quality"), data_quality),
    gate_check("deployment_plan", _S.DEPLOYMENT, gettext_lazy("Deployment plan"), of_sort(RecordSort.DEPLOYMENT)),
    gate_check("monitoring_plan", _S.DEPLOYMENT, gettext_lazy("Monitoring and logging"), monitoring),
    gate_check("user_information", _S.DEPLOYMENT, gettext_lazy("User information"), user_information),
    gate_check("law_class", _S.DEPLOYMENT, gettext_lazy("Legal class"), law_class),
    gate_check("change_settled", _S.DEPLOYMENT, gettext_lazy("Changes to this version are settled"), change_settled),
    gate_check("retirement_plan", _S.RETIREMENT, gettext_lazy("Retirement plan"), retirement_plan),
)
