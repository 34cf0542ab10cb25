"""Deciding about an assessment: returning, approving, rejecting, escalating, allowing; conditions; staleness (A.5.2, 8.4)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from aims.decisions import decide, our_language
from aims.errors import WrongState, invalid
from aims.models import Record
from aims.registry import registry
from aims.services import change, create, locked, move, require
from aims.trail import recording
from impact import policies
from impact.facts import ApprovalStale, AssessmentApproved
from impact.models import Condition, ImpactAssessment, ImpactDecision
from impact.rules import IMPACT_APPROVER, stake
from impact.services.common import cadence, fresh, require_text
from impact.states import IMPACT, ImpactState, Outcome, Use
from inventory.models import AISystem
from inventory.services import settle
from organization.committee_states import Choice
from organization.committees import Committee, Matter
from organization.duties import Kept, Override
from organization.facts import MatterDecided
from organization.models import User
from organization.services.committees import raise_matter, withdraw_matter
from organization.services.duties import separated

LONGEST = 3 * 366  # days that an approval holds, at most
Conditions = Sequence[tuple[str, date]]


def approve_assessment(
    assessment: ImpactAssessment, *, by: User, reason: str, valid_until: date, on: date, conditions: Conditions = (),
    version: int | None = None, override: Override | None = None,
) -> ImpactAssessment:  # fmt: skip
    """Approve an ordinary use, on conditions or without (A.5.2). Never by an author.

    A sensitive use wants the committee, a restricted one is rejected or escalated, a prohibited one never approved:
    WrongState says so. Other errors: NotPermitted, Stale, ValidationError, WrongState (a check unmet, purpose changed).
    """
    capacity = require(policies.can_decide(by, assessment, on))
    require_text(reason=reason)
    _check_end(valid_until, on)
    _check_conditions(conditions, on)
    with recording(by, "approve_assessment", capacity=capacity, reason=reason):
        current = locked(assessment, version)
        _approvable_by_one(current)
        kept = _separated(current, by, capacity, override, on)
        outcome = Outcome.CONDITIONS if conditions else Outcome.APPROVED
        made = _decision(current, outcome, by, capacity, reason, on, valid_until=valid_until, kept_apart=kept)
        return _approved(current, "approve", made, conditions, on)


def _approvable_by_one(assessment: ImpactAssessment) -> None:
    """One person approves an ordinary use alone."""
    if assessment.use == Use.SENSITIVE:
        unmet = {"id": "committee_quorum", "sentence": _("The committee has to decide, by quorum, without authors.")}
        url = f"{assessment.get_absolute_url()}refer/"
        raise WrongState(_("A sensitive use is not approved by one person."), unmet=[{**unmet, "url": url}])
    if assessment.use == Use.RESTRICTED:
        raise WrongState(_("A restricted use cannot be approved: reject it, or put it before top management."))
    if assessment.use == Use.PROHIBITED:
        raise WrongState(_("What the law prohibits is approved by nobody; reject it."))


def _separated(assessment: ImpactAssessment, by: User, capacity: str, override: Override | None, on: date) -> Kept:
    return separated(
        IMPACT_APPROVER, tier=stake(assessment.tier), broken=assessment.authors.filter(person=by).exists(), by=by,
        capacity=capacity, record=assessment, override=override, on=on,
    )  # fmt: skip


def _check_end(until: date | None, on: date) -> None:
    if until is None or until <= on:
        raise invalid(valid_until=_("An approval ends on a day to come."))
    if until > on + timedelta(days=LONGEST):
        raise invalid(valid_until=_("An approval holds for three years at most."))


def _check_conditions(conditions: Conditions, on: date) -> None:
    if any(not text.strip() or day < on for text, day in conditions):
        raise invalid(conditions=_("A condition says what is asked, by a day to come."))


def _decision(
    assessment: ImpactAssessment, outcome: str, by: User, capacity: str, reason: str, on: date, **more: Any
) -> ImpactDecision:
    """The decision, in the register of decisions too."""
    made = create(
        ImpactDecision(
            assessment=assessment, outcome=outcome, use=assessment.use, decided_by=by, capacity=capacity,
            reason=reason, decided_on=on, **more,
        )
    )  # fmt: skip
    if made.matter_id is None:
        with our_language():
            question = _("May the system be used as assessed?")
            decide(
                assessment, by=by, capacity=capacity, sort="impact", question=question, reason=reason,
                outcome=made.get_outcome_display(), until=made.valid_until, refused=outcome == Outcome.REJECTED,
            )  # fmt: skip
    return made


def _approved(
    assessment: ImpactAssessment, verb: str, made: ImpactDecision, conditions: Conditions, on: date
) -> ImpactAssessment:
    """Bind the approval, supersede the one before, set when it is looked at again."""
    for text, day in conditions:
        create(Condition(assessment=assessment, decision=made, text=text, due_on=day))
    _supersede(assessment)
    assert made.valid_until is not None
    due = _looked_at(assessment.tier, made.valid_until, [day for _text, day in conditions], on)
    moved = move(assessment, IMPACT, verb, decision=made, valid_until=made.valid_until, due_on=due)
    registry.announce(AssessmentApproved(moved, made))
    for system in (moved.system, *AISystem.objects.filter(family_assessments__assessment=moved).order_by("pk")):
        settle(system, on=on)
    return fresh(moved)  # type: ignore[no-any-return]


def _supersede(assessment: ImpactAssessment) -> None:
    before = ImpactAssessment.objects.select_for_update(of=("self",)).filter(system=assessment.system)
    for old in before.filter(state__in=[ImpactState.APPROVED, ImpactState.STALE]).exclude(pk=assessment.pk):
        move(old, IMPACT, "supersede", due_on=None)


def _looked_at(tier: str, until: date, conditions: Iterable[date], on: date) -> date:
    """The next date: by the tier's cadence, the end of the approval, or the first condition."""
    return min([cadence(tier, on), until, *conditions])


def return_assessment(
    assessment: ImpactAssessment, *, by: User, reason: str, on: date, version: int | None = None
) -> ImpactAssessment:
    """Give a submitted assessment back to its authors; what was before the committee is taken back."""
    capacity = require(policies.can_return(by, assessment))
    require_text(reason=reason)
    with recording(by, "return_assessment", capacity=capacity, reason=reason):
        current = locked(assessment, version)
        _in(current, ImpactState.IN_REVIEW)
        _decision(current, Outcome.RETURNED, by, capacity, reason, on)
        withdraw_matter(current, by=by, reason=reason)
        return fresh(move(current, IMPACT, "return"))  # type: ignore[no-any-return]


def reject_assessment(
    assessment: ImpactAssessment, *, by: User, reason: str, on: date, version: int | None = None
) -> ImpactAssessment:
    """Say that the system may not be used as assessed. Of what lies before top management, only they."""
    capacity = require(
        policies.can_allow(by, assessment)
        if assessment.state == ImpactState.ESCALATED
        else policies.can_decide(by, assessment, on)
    )
    require_text(reason=reason)
    with recording(by, "reject_assessment", capacity=capacity, reason=reason):
        current = locked(assessment, version)
        _in(current, ImpactState.IN_REVIEW, ImpactState.ESCALATED)
        made = _decision(current, Outcome.REJECTED, by, capacity, reason, on)
        withdraw_matter(current, by=by, reason=reason)
        return fresh(move(current, IMPACT, "reject", decision=made, due_on=None))  # type: ignore[no-any-return]


def escalate_assessment(
    assessment: ImpactAssessment, *, by: User, reason: str, on: date, version: int | None = None
) -> ImpactAssessment:
    """Put a restricted use before top management. What the law prohibits is rejected, never escalated."""
    capacity = require(policies.can_decide(by, assessment, on))
    require_text(reason=reason)
    with recording(by, "escalate_assessment", capacity=capacity, reason=reason):
        current = locked(assessment, version)
        _in(current, ImpactState.IN_REVIEW)
        _escalatable(current)
        _decision(current, Outcome.ESCALATED, by, capacity, reason, on)
        withdraw_matter(current, by=by, reason=reason)
        return fresh(move(current, IMPACT, "escalate"))  # type: ignore[no-any-return]


def _escalatable(assessment: ImpactAssessment) -> None:
    if assessment.use != Use.RESTRICTED:
        raise WrongState(_("Only a restricted use goes before top management."))


def allow_restricted_use(
    assessment: ImpactAssessment, *, by: User, reason: str, valid_until: date, on: date, conditions: Conditions,
    version: int | None = None,
) -> ImpactAssessment:  # fmt: skip
    """Top management allows what the law allows, on conditions and for a time (at most a year). Never by an author.

    Errors: NotPermitted, Stale, WrongState, ValidationError (no condition, no end).
    """
    capacity = require(policies.can_allow(by, assessment))
    require_text(reason=reason)
    _check_end(valid_until, on)
    _check_conditions(conditions, on)
    if not conditions:
        raise invalid(conditions=_("A restricted use is allowed on conditions only."))
    if valid_until > on + timedelta(days=366):
        raise invalid(valid_until=_("A restricted use is allowed for a year at most."))
    with recording(by, "allow_restricted_use", capacity=capacity, reason=reason):
        current = locked(assessment, version)
        _in(current, ImpactState.ESCALATED)
        kept = _separated(current, by, capacity, None, on)
        made = _decision(current, Outcome.ALLOWED, by, capacity, reason, on, valid_until=valid_until, kept_apart=kept)
        return _approved(current, "allow", made, conditions, on)


def refer_to_committee(
    assessment: ImpactAssessment, committee: Committee, *, by: User, on: date, version: int | None = None
) -> Matter:
    """Put a submitted assessment before the committee: it waits there for a sitting (A.3.2).

    A restricted use may there only be rejected or escalated, a prohibited one only rejected.
    """
    capacity = require(policies.can_refer(by, assessment))
    with recording(by, "refer_to_committee", capacity=capacity):
        current = locked(assessment, version)
        _in(current, ImpactState.IN_REVIEW)
        with our_language():
            question = _("May the system be used as assessed?")
        return raise_matter(
            current, committee, by=by, question=question, options=options_of(current.use), on=on, capacity=capacity
        )


def options_of(use: str) -> list[str]:
    """What a committee may decide about a use."""
    return {
        Use.RESTRICTED.value: [Choice.REJECT.value, Choice.ESCALATE.value],
        Use.PROHIBITED.value: [Choice.REJECT.value],
    }.get(use, [Choice.APPROVE.value, Choice.REJECT.value])


def committee_decided(fact: MatterDecided) -> None:
    """Reaction to a committee's decision: the assessment follows it."""
    matter = fact.matter
    if matter.record.kind != ImpactAssessment.kind:
        return
    current = locked(ImpactAssessment(pk=matter.record_id))
    same: dict[str, Any] = {"matter": matter, "dissent": matter.dissent}
    outcome, verb = {
        Choice.REJECT: (Outcome.REJECTED, "reject"),
        Choice.ESCALATE: (Outcome.ESCALATED, "escalate"),
    }.get(Choice(matter.outcome), (Outcome.APPROVED, "approve"))
    if verb == "approve":
        conditions = [(text, date.fromisoformat(day)) for text, day in matter.conditions]
        _check_end(matter.until, fact.on)
        _check_conditions(conditions, fact.on)
        same["valid_until"] = matter.until
        outcome = Outcome.CONDITIONS if conditions else Outcome.APPROVED
        made = _decision(current, outcome, fact.by, fact.capacity, matter.reason, fact.on, **same)
        _approved(current, verb, made, conditions, fact.on)
        return
    made = _decision(current, outcome, fact.by, fact.capacity, matter.reason, fact.on, **same)
    move(current, IMPACT, verb, **({"decision": made, "due_on": None} if verb == "reject" else {}))


def meet_condition(condition: Condition, *, by: User, note: str, on: date) -> Condition:
    """Confirm that a condition of the approval is met, with what was seen."""
    capacity = require(policies.can_fulfil(by, condition.assessment))
    require_text(note=note)
    with recording(by, "meet_condition", capacity=capacity):
        assessment = locked(condition.assessment)
        current = locked(condition)
        if current.met_on is not None:
            raise WrongState(_("It is met already."))
        done = change(current, {"met_on": on, "met_by": by, "met_note": note.strip()})
        if assessment.state == ImpactState.APPROVED and assessment.decision is not None:
            left = list(assessment.conditions.open().values_list("due_on", flat=True))
            since = assessment.decision.decided_on
            change(assessment, {"due_on": _looked_at(assessment.tier, assessment.valid_until, left, since)})  # type: ignore[arg-type]
        return done


def mark_stale(
    assessment: ImpactAssessment, *, by: User | None, cause: str, on: date, record: Any = None
) -> ImpactAssessment:
    """What was approved no longer holds: say why. Announces `ApprovalStale` (8.4)."""
    with recording(by, "mark_stale", reason=cause):
        current = locked(assessment)
        source = Record.objects.get(pk=record.pk) if record is not None else None
        moved = move(current, IMPACT, "stale", stale_on=on, stale_cause=cause[:500], stale_record=source, due_on=on)
        registry.announce(ApprovalStale(moved, cause, source, on))
        return moved


def _in(assessment: ImpactAssessment, *states: str) -> None:
    if assessment.state not in states:
        raise WrongState(_("This is not possible while it is “%s”.") % IMPACT.label(assessment.state))


def covering(system: AISystem) -> Any:
    """Approved assessments that cover a system, its own first."""
    rows = ImpactAssessment.objects.approved().of_system(system)
    return sorted(rows, key=lambda row: row.system_id != system.pk)
