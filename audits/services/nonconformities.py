"""Nonconformities: raised, contained, their cause found, corrected, judged, closed or reopened (clause 10.2)."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from aims.decisions import decide, our_language
from aims.errors import NotPermitted, WrongState, invalid
from aims.services import change, create, locked, move, require, unmet_checks
from aims.trail import recording
from audits import policies
from audits.models import CorrectiveAction, EffectivenessReview, Nonconformity, RelatedNonconformity
from audits.services.common import (
    active_owner,
    fresh,
    placed,
    require_active,
    require_seen,
    require_state,
    require_text,
)
from audits.states import NONCONFORMITY, WAIT, ActionState, CauseMethod, Grade, NcState, Tie
from organization.models import User

ANSWER = {Grade.MAJOR: 30, Grade.MINOR: 90}  # days until it should be closed, unless told otherwise
TOLD = ("title", "requirement", "description")
WHYS = 3  # five whys need at least this many answers


def raise_nonconformity(*, by: User, data: Mapping[str, Any], on: date, reason: str = "") -> Nonconformity:
    """Record that a requirement is not met. With a `system` it stands in that system's unit.

    Errors: NotPermitted, Hidden for a link that does not show, ValidationError.
    """
    values = placed(dict(data))
    capacity = require(policies.can_raise_nonconformity(by, values.get("unit"), values.get("system")))
    require_text(**{name: values.get(name) or "" for name in TOLD})
    active_owner({"owner": values.get("owner")})
    with recording(by, "raise_nonconformity", capacity=capacity, reason=reason):
        require_seen(
            by, [one for name in ("finding", "system", "source_record") if (one := values.get(name)) is not None]
        )
        return note_nonconformity({"detected_by": by, "detected_on": on, **values})


def note_nonconformity(values: Mapping[str, Any]) -> Nonconformity:
    """Enter a nonconformity inside another verb, whose policy allowed it; recurrences are matched at once."""
    given = dict(values)
    if given.get("due_on") is None:
        given["due_on"] = given["detected_on"] + timedelta(days=ANSWER[Grade(given["grade"])])
    row = create(Nonconformity(**given))
    for earlier in _earlier(row):
        RelatedNonconformity.objects.create(nonconformity=row, other=earlier, tie=Tie.RECURRENCE)
    return fresh(row)  # type: ignore[no-any-return]


def _earlier(row: Nonconformity) -> list[Nonconformity]:
    """Closed ones about the same requirement in the same system (or, where none is named, the same unit)."""
    if row.clause_id is None and row.control_id is None:
        return []
    same = {"clause": row.clause_id, "control": row.control_id, "system": row.system_id, "unit": row.unit_id}
    found = Nonconformity.objects.filter(state=NcState.CLOSED, **same).exclude(pk=row.pk)
    return list(found.order_by("-closed_on", "-pk")[:20])


def change_nonconformity(
    row: Nonconformity, *, by: User, data: Mapping[str, Any], version: int | None = None, reason: str = ""
) -> Nonconformity:
    """Change what is said of an open nonconformity: its words, owner, date, grade."""
    capacity = require(policies.may(by, "nonconformity.change", row))
    with recording(by, "change_nonconformity", capacity=capacity, reason=reason):
        current = _open(row, version)
        values = placed({"system": current.system, "unit": current.unit, **data})
        require_text(**{name: values[name] for name in TOLD if name in values})
        if "owner" in values and values["owner"] != current.owner:
            active_owner(values)
        require_seen(
            by, [one for name in ("finding", "system", "source_record") if (one := values.get(name)) is not None]
        )
        changed = change(current, values)
        changed.actions.update(system=changed.system, confidentiality=changed.confidentiality)
        return fresh(changed)  # type: ignore[no-any-return]


def _open(row: Nonconformity, version: int | None) -> Nonconformity:
    current = locked(row, version)
    if not current.is_open:
        raise WrongState(_("It is closed; reopen it first."))
    return current


def contain(
    row: Nonconformity, *, by: User, on: date, containment: str, consequences: str, contained_on: date | None = None,
    version: int | None = None,
) -> Nonconformity:  # fmt: skip
    """Say what was done at once and how the consequences are dealt with (10.2 a)."""
    capacity = require(policies.can_correct(by, row))
    require_text(containment=containment, consequences=consequences)
    day = contained_on or on
    if day > on:
        raise invalid(contained_on=_("This day is still to come."))
    with recording(by, "contain", capacity=capacity, reason=containment):
        values = {"containment": containment, "consequences": consequences, "contained_on": day}
        return move(locked(row, version), NONCONFORMITY, "contain", **values)


def analyse(
    row: Nonconformity, *, by: User, cause_method: str, root_cause: str, similar_where: str, similar_result: str,
    cause_steps: Iterable[str] = (), similar: Iterable[Nonconformity] = (), on: date, version: int | None = None,
) -> Nonconformity:  # fmt: skip
    """Record the cause and the search for similar cases (10.2 b). `cause_steps`: whys, or `branch: cause` of a fishbone."""
    capacity = require(policies.can_correct(by, row))
    require_text(root_cause=root_cause, similar_where=similar_where, similar_result=similar_result)
    steps = [step.strip() for step in cause_steps if step.strip()]
    if cause_method == CauseMethod.FIVE_WHYS and len(steps) < WHYS:
        raise invalid(cause_steps=_("Ask why at least %(least)d times.") % {"least": WHYS})
    if cause_method == CauseMethod.FISHBONE and not steps:
        raise invalid(cause_steps=_("Name at least one cause."))
    others = list(similar)
    with recording(by, "analyse", capacity=capacity, reason=root_cause):
        current = locked(row, version)
        require_seen(by, others)
        moved = move(
            current, NONCONFORMITY, "analyse", cause_method=cause_method, cause_steps=steps, root_cause=root_cause,
            similar_where=similar_where, similar_result=similar_result,
        )  # fmt: skip
        _tie(moved, others)
        return fresh(moved)  # type: ignore[no-any-return]


def _tie(row: Nonconformity, others: Iterable[Nonconformity]) -> None:
    had = set(row.related.values_list("other_id", flat=True)) | {row.pk}
    for other in {one.pk: one for one in others}.values():
        if other.pk not in had:
            create(RelatedNonconformity(nonconformity=row, other=other, tie=Tie.SIMILAR))


def plan_correction(
    row: Nonconformity, *, by: User, on: date, action_needed: bool, effect_criteria: str, reviewer: User | None,
    proportionality: str = "", no_action_reason: str = "", effect_from: date | None = None,
    actions: Iterable[Mapping[str, Any]] = (), version: int | None = None,
) -> Nonconformity:  # fmt: skip
    """Plan actions in proportion to the effect, how it will be known that they worked, from when, and who judges it.

    Without an action the reason is said, and what was done at once is judged instead (10.2 b 3).
    Errors: NotPermitted, Stale, WrongState, ValidationError.
    """
    capacity = require(policies.can_correct(by, row))
    steps = list(actions)
    _check_plan(row, action_needed, proportionality, no_action_reason, effect_criteria, reviewer, steps)
    with recording(by, "plan_correction", capacity=capacity, reason=proportionality or no_action_reason):
        current = locked(row, version)
        values: dict[str, Any] = {
            "action_needed": action_needed, "proportionality": proportionality, "no_action_reason": no_action_reason,
            "effect_criteria": effect_criteria, "reviewer": reviewer, "effect_from": effect_from,
        }  # fmt: skip
        if not action_needed:
            values["effect_from"] = _earliest(current, current.contained_on or on, effect_from)
            return move(current, NONCONFORMITY, "plan_none", **values)
        for step in steps:
            _add(current, step)
        if not current.actions.filter(round=current.round).exclude(state=ActionState.DROPPED).exists():
            raise invalid(actions=_("Name at least one action, or say why none is needed."))
        _not_a_doer(current, reviewer)
        return fresh(move(current, NONCONFORMITY, "plan", **values))  # type: ignore[no-any-return]


def _check_plan(
    row: Nonconformity, needed: bool, proportionality: str, reason: str, criteria: str, reviewer: Any, steps: Any
) -> None:
    require_text(
        effect_criteria=criteria, **({"proportionality": proportionality} if needed else {"no_action_reason": reason})
    )
    require_active(reviewer=reviewer)
    if reviewer.pk == row.owner_id or any(getattr(step.get("owner"), "pk", None) == reviewer.pk for step in steps):
        raise invalid(reviewer=_("Somebody judges the effect who carries out none of the actions."))


def _not_a_doer(row: Nonconformity, reviewer: Any) -> None:
    if row.actions.filter(owner=reviewer).exclude(state=ActionState.DROPPED).exists():
        raise invalid(reviewer=_("Somebody judges the effect who carries out none of the actions."))


def _earliest(row: Nonconformity, since: date, wished: date | None) -> date:
    """The graver, the longer one waits; never earlier than wished."""
    earliest = since + timedelta(days=WAIT[Grade(row.grade)])
    return max(earliest, wished) if wished else earliest


def _add(row: Nonconformity, data: Mapping[str, Any]) -> CorrectiveAction:
    if data.get("owner") is None or data.get("due_on") is None or not (data.get("title") or "").strip():
        raise invalid(actions=_("Each action says what, who and by when."))
    same = {"unit": row.unit, "system": row.system, "confidentiality": row.confidentiality, "round": row.round}
    return create(CorrectiveAction(nonconformity=row, **same, **data))


def add_corrective_action(
    row: Nonconformity, *, by: User, data: Mapping[str, Any], on: date, version: int | None = None
) -> CorrectiveAction:
    """Add a step to the plan."""
    capacity = require(policies.can_correct(by, row))
    with recording(by, "add_corrective_action", capacity=capacity):
        current = locked(row, version)
        require_state(current, NcState.PLANNED)
        if getattr(data.get("owner"), "pk", None) == current.reviewer_id:
            raise invalid(owner=_("Who judges the effect carries out none of the actions."))
        return _add(current, data)


def change_corrective_action(
    action: CorrectiveAction, *, by: User, data: Mapping[str, Any], version: int | None = None, reason: str = ""
) -> CorrectiveAction:
    """Change what an open action says, who does it, by when."""
    capacity = require(policies.may(by, "corrective_action.change", action))
    with recording(by, "change_corrective_action", capacity=capacity, reason=reason):
        current = _open_action(action, version)
        if getattr(data.get("owner"), "pk", None) == current.nonconformity.reviewer_id is not None:
            raise invalid(owner=_("Who judges the effect carries out none of the actions."))
        return change(current, data)


def _open_action(action: CorrectiveAction, version: int | None) -> CorrectiveAction:
    current = locked(action, version)
    require_state(current, ActionState.OPEN)
    return current


def complete_corrective_action(
    action: CorrectiveAction, *, by: User, on: date, result: str, version: int | None = None
) -> CorrectiveAction:
    """Say that an action is done and what came of it. With the last one the wait for the effect begins."""
    capacity = require(policies.can_complete_action(by, action))
    require_text(result=result)
    with recording(by, "complete_corrective_action", capacity=capacity, reason=result):
        row = locked(Nonconformity(pk=action.nonconformity_id))
        done = change(_open_action(action, version), {"state": ActionState.DONE, "done_on": on, "result": result})
        _finish(row, on)
        return done


def drop_corrective_action(
    action: CorrectiveAction, *, by: User, on: date, reason: str, version: int | None = None
) -> CorrectiveAction:
    """Take an action out of the plan, with the reason. The last one is not dropped: plan anew instead."""
    capacity = require(policies.may(by, "corrective_action.change", action))
    require_text(reason=reason)
    with recording(by, "drop_corrective_action", capacity=capacity, reason=reason):
        row = locked(Nonconformity(pk=action.nonconformity_id))
        current = _open_action(action, version)
        others = row.actions.filter(round=row.round).exclude(pk=action.pk).exclude(state=ActionState.DROPPED)
        if not others.exists():
            raise WrongState(_("This is the only action of the plan; plan another one first."))
        dropped = change(current, {"state": ActionState.DROPPED, "result": reason})
        _finish(row, on)
        return dropped


def _finish(row: Nonconformity, on: date) -> None:
    if row.state == NcState.PLANNED and not row.actions.open().exists():
        move(row, NONCONFORMITY, "finish", effect_from=_earliest(row, on, row.effect_from))


def hand_over(
    row: Nonconformity, *, by: User, aims_changes: str, risk_update: str, on: date, version: int | None = None
) -> Nonconformity:
    """Hand over to who judges the effect, saying what changed in the AIMS and in the risks (10.2 e)."""
    capacity = require(policies.can_correct(by, row))
    require_text(aims_changes=aims_changes, risk_update=risk_update)
    with recording(by, "hand_over", capacity=capacity, reason=aims_changes):
        current = locked(row, version)
        values = {"aims_changes": aims_changes, "risk_update": risk_update, "due_on": current.effect_from}
        return move(current, NONCONFORMITY, "hand_over", **values)


def judge_effect(
    row: Nonconformity, *, by: User, on: date, effective: bool, findings: str, version: int | None = None
) -> EffectivenessReview:
    """Say whether the actions worked, by the criteria set in advance (10.2 d). Not effective: it is open again.

    Errors: NotPermitted (its owner, who carried out an action), Stale, WrongState (too early), ValidationError.
    """
    require(policies.can_judge_effect(by, row), _("Its owner does not judge the effect, and your roles do not include it.")
            if row.owner_id == by.pk else "")  # fmt: skip
    require_text(findings=findings)
    with recording(by, "judge_effect", capacity=policies.can_judge_effect(by, row), reason=findings):
        current = locked(row, version)
        require_state(current, NcState.AWAITING)
        _may_judge(current, by, on)
        made = create(
            EffectivenessReview(
                nonconformity=current, round=current.round, effective=effective, criteria=current.effect_criteria,
                findings=findings, reviewed_by=by, reviewed_on=on,
            )
        )  # fmt: skip
        with our_language():
            _enter(current, by, "nonconformity_effect", _("Did the corrective action work?"),
                   _("Effective") if effective else _("Not effective"), findings, refused=not effective)  # fmt: skip
        if effective:
            change(current, {"verdict": made})
        else:
            _again(current, "reject", on)
        return made


def _may_judge(row: Nonconformity, by: User, on: date) -> None:
    if row.actions.filter(owner=by).exclude(state=ActionState.DROPPED).exists():
        raise NotPermitted(_("Who carried out an action does not judge its effect."))
    if row.verdict_id is not None:
        raise WrongState(_("The effect was judged already."))
    if row.effect_from is not None and on < row.effect_from:
        raise WrongState(
            _("The effect can be judged from %(day)s.") % {"day": date_format(row.effect_from, "SHORT_DATE_FORMAT")}
        )


def _again(row: Nonconformity, verb: str, on: date) -> Nonconformity:
    """A further round: nothing of the earlier one counts towards closing."""
    due = on + timedelta(days=ANSWER[Grade(row.grade)])
    values: dict[str, Any] = {
        "verdict": None,
        "effect_from": None,
        "reviewer": None,
        "closed_by": None,
        "closed_on": None,
    }
    return move(row, NONCONFORMITY, verb, round=row.round + 1, due_on=due, **values)


def _enter(row: Nonconformity, by: User, sort: str, question: str, outcome: str, reason: str, **more: Any) -> None:
    capacity = (
        policies.can_judge_effect(by, row) if sort.endswith("effect") else policies.may(by, "nonconformity.close", row)
    )
    decide(row, by=by, capacity=capacity, sort=sort, question=question, outcome=outcome, reason=reason, **more)


def close_nonconformity(
    row: Nonconformity, *, by: User, on: date, reason: str, version: int | None = None
) -> Nonconformity:
    """Close it: cause, similar cases and a positive verdict by another person are there (10.2).

    Errors: NotPermitted, Stale, WrongState with everything that is unmet.
    """
    unmet = unmet_checks(row, NONCONFORMITY.name, "close") if row.is_open else []
    if unmet and policies.can_correct(by, row):
        raise WrongState(_("Something is still missing."), unmet=unmet)
    capacity = require(policies.may(by, "nonconformity.close", row))
    require_text(reason=reason)
    with recording(by, "close_nonconformity", capacity=capacity, reason=reason):
        current = locked(row, version)
        with our_language():
            _enter(current, by, "nonconformity_close", _("Close the nonconformity?"), _("Closed"), reason)
        return move(current, NONCONFORMITY, "close", closed_by=by, closed_on=on, due_on=None)


def reopen_nonconformity(
    row: Nonconformity, *, by: User, on: date, reason: str, version: int | None = None
) -> Nonconformity:
    """Take a closed one up again: it happened again, or the cause was another."""
    capacity = require(policies.may(by, "nonconformity.reopen", row))
    require_text(reason=reason)
    with recording(by, "reopen_nonconformity", capacity=capacity, reason=reason):
        return _again(locked(row, version), "reopen", on)
