"""Life-cycle records: prepared, approved by another, measured against, judged (A.6.2, A.7.4, A.10.2)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from aims.decisions import decide, our_language
from aims.errors import WrongState, invalid
from aims.services import change, create, locked, move, require
from aims.trail import recording
from inventory import policies
from inventory.law import NO, UNSURE, YES, asked, classify
from inventory.models import AISystem, CheckResult, LifecycleRecord
from inventory.models.lifecycle import holds
from inventory.rulebook import rules
from inventory.rules import RECORD_APPROVER, STAKES
from inventory.services.envelope import note_readings
from inventory.services.escalating import escalate_prohibited
from inventory.services.rules import require_in_life, require_text
from inventory.services.settling import settle
from inventory.standing import failed, gaps, named, unmeasured
from inventory.states import RECORD_LIFE, Comparison, RecordSort, RecordState, RuleSort, Verdict
from organization.duties import Override
from organization.models import User
from organization.services.duties import separated

_FIELDS = frozenset({"release", "answers", "criteria", "link", "until", "owner", "confidentiality"})


def prepare_record(
    system: AISystem, *, by: User, sort: str, data: Mapping[str, Any], on: date, reason: str = ""
) -> LifecycleRecord:
    """Draft a life-cycle record. `data`: `release`, `answers`, `criteria`, `link`, `until`. A draft may be incomplete.

    Raises NotPermitted, ValidationError (unknown sort, field or version), WrongState (retired, or no rules in force).
    """
    capacity = require(policies.can_write_record(by, system))
    edition = rules(RuleSort.RECORDS, on)
    _check(system, sort, data, edition.content)
    with recording(by, "prepare_record", capacity=capacity, reason=reason):
        current = locked(system)
        require_in_life(current)
        return create(_drafted(current, by, sort, edition, {**data, "criteria": criteria_of(data.get("criteria", ()))}))


def _drafted(system: AISystem, by: User, sort: str, edition: Any, data: Mapping[str, Any]) -> LifecycleRecord:
    release = data.get("release")
    name = RecordSort(sort).label
    title = f"{name} {release.number}" if release is not None else str(name)
    return LifecycleRecord(
        **{"owner": system.owner, "confidentiality": system.confidentiality, **data},
        system=system, unit=system.unit, sort=sort, edition=edition, prepared_by=by, title=title,
    )  # fmt: skip


def _check(system: AISystem, sort: str, data: Mapping[str, Any], content: Mapping[str, Any]) -> None:
    asks = content["sorts"].get(sort)
    if asks is None:
        raise invalid(sort=_("There is no such record."))
    release = data.get("release")
    if asks["of"] == "version" and release is None:
        raise invalid(release=_("Name the version."))
    if release is not None and release.system_id != system.pk:
        raise invalid(release=_("This is a version of another system."))
    known = {field["id"] for field in asks["fields"]}
    if not set(data.get("answers", {})) <= known:
        raise invalid(answers=_("There is no such question."))


def criteria_of(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Criteria as they are kept: metric, group, comparison, threshold as text. ValidationError for one that is not whole."""
    return [_criterion(row) for row in rows]


def _criterion(row: Mapping[str, Any]) -> dict[str, Any]:
    metric = str(row.get("metric", "")).strip()
    if not metric or row.get("comparison") not in Comparison.values:
        raise invalid(criteria=_("A criterion has a metric, “at least” or “at most”, and a threshold."))
    return {
        "metric": metric[:120],
        "group": str(row.get("group", "")).strip()[:120],
        "comparison": str(row["comparison"]),
        "threshold": str(_number(row.get("threshold"), "criteria")),
    }


def _number(value: Any, field: str) -> Decimal:
    try:
        found = Decimal(str(value))
    except InvalidOperation as error:
        raise invalid(**{field: _("Give a number.")}) from error
    if not found.is_finite() or abs(found) >= Decimal(10) ** 12:
        raise invalid(**{field: _("Give a number.")})
    return found


def change_record(
    record: LifecycleRecord, *, by: User, data: Mapping[str, Any], version: int | None = None, reason: str = ""
) -> LifecycleRecord:
    """Change a draft. Raises WrongState once it is approved."""
    capacity = require(policies.can_write_record(by, record.system))
    with recording(by, "change_record", capacity=capacity, reason=reason):
        current = locked(record, version)
        _require_draft(current)
        if not set(data) <= _FIELDS or current.sort == RecordSort.LAW:
            raise invalid(answers=_("Prepare another record for this."))
        _check(current.system, current.sort, {"release": current.release, **data}, current.edition.content)
        given = {**data, **({"criteria": criteria_of(data["criteria"])} if "criteria" in data else {})}
        return change(current, {**given, "prepared_by": by})


def _require_draft(record: LifecycleRecord) -> None:
    if not record.draft:
        raise WrongState(_("Only a draft changes. Prepare another record; its approval supersedes this one."))


def approve_record(
    record: LifecycleRecord,
    *,
    by: User,
    reason: str,
    at: datetime,
    on: date,
    version: int | None = None,
    override: Override | None = None,
) -> LifecycleRecord:
    """Approve a record, by somebody else than who prepared it; the one before it is superseded.

    For a classification this is the confirmation by a person. Raises WrongState with what is missing, NotPermitted, Stale.
    """
    require_text(reason=reason)
    capacity = require(policies.can_approve_record(by, record))
    with recording(by, "approve_record", capacity=capacity, reason=reason):
        current = locked(record, version)
        system = locked(current.system)
        missing = _missing(current)
        if missing:
            raise WrongState(_("Something is still missing."), unmet=missing)
        same: dict[str, Any] = {"by": by, "capacity": capacity, "record": current, "override": override, "on": on}
        kept = separated(
            RECORD_APPROVER, tier=STAKES[system.tier], broken=current.prepared_by_id == by.pk, **same
        )  # fmt: skip
        _supersede(current)
        move(current, RECORD_LIFE, "approve", approved_by=by, approved_at=at, kept_apart=kept)
        _decided(current, by, capacity, reason)
        settle(system, on=on)
        return current


def _missing(record: LifecycleRecord) -> list[dict[str, str]]:
    found = gaps(record, record.edition.content)
    if record.sort == RecordSort.LAW and record.outcome.get("undetermined"):
        found = [_("The class is undetermined: questions are open.")]
    url = f"{record.get_absolute_url()}change/"
    return [{"id": "gap", "sentence": sentence, "url": url} for sentence in found]


def _decided(record: LifecycleRecord, by: User, capacity: str, reason: str) -> None:
    with our_language():
        names = ", ".join(one["name"] for one in record.outcome.get("reasons", ()))
        decide(
            record, by=by, capacity=capacity, sort="classification" if record.sort == RecordSort.LAW else "lifecycle_record",
            question=_("Approve “%(title)s”?") % {"title": record.title}, outcome=names[:200] or _("Approved"), reason=reason,
        )  # fmt: skip


def _supersede(record: LifecycleRecord) -> None:
    """Whatever held before for the same version; a classification or a record of the system holds alone."""
    before = LifecycleRecord.objects.select_for_update().filter(system=record.system_id, sort=record.sort)
    for one in before.filter(release=record.release_id).exclude(pk=record.pk).exclude(state=RecordState.SUPERSEDED):
        move(one, RECORD_LIFE, "supersede")


def record_results(
    record: LifecycleRecord, *, by: User, rows: Sequence[Mapping[str, Any]], on: date, reason: str = ""
) -> list[CheckResult]:
    """Enter measured values against the criteria of an approved plan: metric, group, value, digest, data_version …

    A value for another criterion, or with another threshold than was approved, is refused (A.6.2.4, A.7.4). Readings
    that prove a waiting change to be inside the change envelope settle it.
    """
    capacity = require(policies.can_record_result(by, record.system))
    with recording(by, "record_results", capacity=capacity, reason=reason):
        current = locked(record)
        if current.state not in (RecordState.APPROVED, RecordState.STALE):
            raise WrongState(_("The criteria are approved before the first result."))
        made = [create(_result(current, by, row)) for row in rows]
        note_readings(current, on=on)
        return made


def _result(record: LifecycleRecord, by: User, row: Mapping[str, Any]) -> CheckResult:
    metric, group = str(row.get("metric", "")), str(row.get("group", ""))
    found = next((one for one in record.criteria if (one["metric"], one["group"]) == (metric, group)), None)
    if found is None:
        raise invalid(metric=_("The plan has no such criterion."))
    value, threshold = _number(row.get("value"), "value"), Decimal(found["threshold"])
    if row.get("threshold") is not None and _number(row["threshold"], "threshold") != threshold:
        raise invalid(threshold=_("The plan was approved with the threshold %(value)s.") % {"value": threshold})
    named_ = {name: row[name] for name in ("digest", "data_version", "note", "measured_on") if row.get(name)}
    digest = named_.pop("digest", "") or (record.release.digest if record.release is not None else "") or ""
    return CheckResult(
        record=record, metric=metric, group=group, value=value, comparison=found["comparison"], threshold=threshold,
        passed=holds(value, found["comparison"], threshold), digest=digest, recorded_by=by, **named_,
    )  # fmt: skip


def give_verdict(
    record: LifecycleRecord, *, by: User, verdict: str, reason: str, version: int | None = None
) -> LifecycleRecord:
    """Say whether the evaluation was passed. “Passed” needs a passing result for every criterion (A.6.2.4)."""
    require_text(reason=reason)
    capacity = require(policies.can_approve_record(by, record))
    with recording(by, "give_verdict", capacity=capacity, reason=reason):
        current = locked(record, version)
        if current.state != RecordState.APPROVED or current.sort != RecordSort.EVALUATION:
            raise WrongState(_("A verdict is given on an approved evaluation plan."))
        short = [*failed(current), *unmeasured(current)]
        if verdict == Verdict.PASSED and short:
            raise WrongState(_("These criteria are not met: %(names)s.") % {"names": named(short)})
        return change(current, {"verdict": verdict, "verdict_reason": reason, "verdict_by": by})


def classify_system(
    system: AISystem, *, by: User, answers: Mapping[str, str], on: date, exemption: str = ""
) -> LifecycleRecord:
    """Answer the law's questionnaire; what the rules of the day make of it waits for a person to confirm it.

    A prohibited class is escalated at once. An exemption under Art. 6(3) needs its reasoning. Raises ValidationError for
    an unknown question or answer.
    """
    capacity = require(policies.can_write_record(by, system))
    edition = rules(RuleSort.LAW, on)
    known = {question["id"] for question in edition.content["questions"]}
    wrong = {
        name: _("Answer yes, no or unsure.") for name, answer in answers.items() if answer not in (YES, NO, UNSURE, "")
    }
    if set(answers) - known:
        raise invalid(answers=_("There is no such question."))
    if wrong:
        raise invalid(**wrong)
    led_to = {question["id"] for question in asked(edition.content, answers)}
    said = {name: answer for name, answer in answers.items() if answer and name in led_to}
    outcome = classify(edition.content, said, on)
    _check_exemption(edition.content, outcome, exemption)
    with recording(by, "classify_system", capacity=capacity):
        current = locked(system)
        require_in_life(current)
        data = {"answers": said, "outcome": {**outcome, "exemption": exemption}}
        made = create(_drafted(current, by, RecordSort.LAW, edition, data))
        if outcome["stops"]:
            escalate_prohibited(made, on=on)
        return made


def _check_exemption(content: Mapping[str, Any], outcome: Mapping[str, Any], exemption: str) -> None:
    exempt = any(content["classes"][name].get("exemption") for name in outcome["classes"])
    if exempt and not exemption.strip():
        raise invalid(exemption=_("Say why it is exempt; the law asks for this in writing."))
