"""Changes of AI systems: asked about before they are made, and what follows when one matters (6.3, 8.1, 8.4)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from aims.decisions import decide, our_language
from aims.errors import NotPermitted, WrongState, invalid
from aims.models import Record, Task
from aims.registry import registry
from aims.services import change, create, locked, move, require
from aims.states import TaskSort
from aims.trail import recording
from aims.working_days import next_working_day
from inventory import policies
from inventory.completeness import label_of
from inventory.facts import SignificantChange
from inventory.models import AISystem, ChangeRequest, Component, LifecycleRecord, SystemVersion
from inventory.rulebook import rules
from inventory.rules import CHANGE_DECIDER, STAKES
from inventory.services.envelope import if_inside
from inventory.services.rules import require_in_life, require_text
from inventory.services.settling import settle
from inventory.states import (
    CHANGE_LIFE,
    IN_USE,
    RECORD_LIFE,
    ChangeState,
    ComponentKind,
    RuleSort,
    Significance,
)  # fmt: skip
from organization.duties import Override
from organization.models import User
from organization.services.duties import separated

ANSWER_DAYS = 14  # within which an owner answers what a significant change asks
# Components whose new release is a change of every live system that uses them.
_ASKS_AGAIN = (ComponentKind.DATA_SET, ComponentKind.MODEL)


def questions(on: date) -> Sequence[Mapping[str, Any]]:
    """The significance questions in force."""
    found: Sequence[Mapping[str, Any]] = rules(RuleSort.CHANGE, on).content["questions"]
    return found


def request_change(system: AISystem, *, by: User, data: Mapping[str, Any], on: date) -> ChangeRequest:
    """Ask for a change before it is made. `data`: title, description, planned_on, release."""
    capacity = require(policies.can_request_change(by, system))
    require_text(title=str(data.get("title", "")))
    release = data.get("release")
    if release is not None and release.system_id != system.pk:
        raise invalid(release=_("This is a version of another system."))
    if data.get("planned_on") is not None and data["planned_on"] < on:
        raise invalid(planned_on=_("A change is asked for before it is made."))
    with recording(by, "request_change", capacity=capacity):
        current = locked(system)
        require_in_life(current)
        return create(_asked(current, by, **data))


def _asked(system: AISystem, by: User, **data: Any) -> ChangeRequest:
    return ChangeRequest(
        system=system, unit=system.unit, owner=system.owner, confidentiality=system.confidentiality, asked_by=by, **data
    )  # fmt: skip


def assess_change(
    request: ChangeRequest,
    *,
    by: User,
    answers: Mapping[str, str],
    on: date,
    reason: str = "",
    version: int | None = None,
) -> ChangeRequest:
    """Answer the significance questions: one yes makes the change significant, all no needs a reason.

    A significant one makes what rests on it stale, flags a system in use, asks each owner once, and is announced.
    """
    capacity = require(policies.can_assess_change(by, request))
    with recording(by, "assess_change", capacity=capacity, reason=reason):
        current = locked(request, version)
        system = locked(current.system)
        edition = rules(RuleSort.CHANGE, on)
        matters = _matters(edition.content["questions"], answers)
        if not matters:
            require_text(reason=reason)
        significance = Significance.SIGNIFICANT if matters else Significance.NOT_SIGNIFICANT
        move(
            current, CHANGE_LIFE, "assess", significance=significance, matters=matters, answers=dict(answers),
            reason=reason, edition=edition, assessed_by=by, assessed_on=on,
        )  # fmt: skip
        if matters:
            _unsettle(system, current, by, on)
        return current


def _matters(asked: Sequence[Mapping[str, Any]], answers: Mapping[str, str]) -> list[str]:
    known = [question["id"] for question in asked]
    wrong = {name: _("Answer yes or no.") for name in known if answers.get(name) not in ("yes", "no")}
    if wrong:
        raise invalid(**wrong)
    return [name for name in known if answers[name] == "yes"]


def _unsettle(system: AISystem, request: ChangeRequest, by: User, on: date) -> None:
    """Make stale exactly what rests on what changes, flag the live system, ask the owners, announce it."""
    cause = _("%(ref)s: %(title)s") % {"ref": request.ref, "title": request.title}
    stale = _stale_sorts(request.matters, on)
    rows = LifecycleRecord.objects.select_for_update().filter(system=system, sort__in=stale).approved()
    touched = [move(row, RECORD_LIFE, "make_stale", stale_cause=cause[:300]) for row in rows]
    if system.state in IN_USE:
        change(system, {"flag": cause[:300]})
    _ask_owners(request, touched, on)
    registry.announce(SignificantChange(system, tuple(request.matters), cause, request, by, on))


def _stale_sorts(matters: Iterable[str], on: date) -> set[str]:
    return {sort for question in questions(on) if question["id"] in set(matters) for sort in question["stale"]}


def _ask_owners(request: ChangeRequest, touched: Sequence[LifecycleRecord], on: date) -> None:
    """One task for each owner, naming everything of theirs that is to be done again."""
    by_owner: dict[Any, list[str]] = {request.system.owner_id: []}
    for row in touched:
        by_owner.setdefault(row.owner_id, []).append(f"{row.ref} {row.title}")
    day = on + timedelta(days=ANSWER_DAYS)
    for owner, names in by_owner.items():
        asked = _("Significant change. To be done again: %(names)s") % {
            "names": ", ".join(names) or _("what the gate lists")
        }
        Task.objects.create(
            record=Record.objects.get(pk=request.pk), sort=TaskSort.EXTRA, due_on=day, day=next_working_day(day),
            asked=asked[:300], assignee_id=owner,
        )  # fmt: skip


def decide_change(
    request: ChangeRequest,
    *,
    by: User,
    approved: bool,
    reason: str,
    on: date,
    version: int | None = None,
    override: Override | None = None,
) -> ChangeRequest:
    """Approve a significant change, or reject a change; by somebody else than who asked for it (6.3)."""
    require_text(reason=reason)
    capacity = require(policies.can_decide_change(by, request))
    with recording(by, "decide_change", capacity=capacity, reason=reason):
        current = locked(request, version)
        same: dict[str, Any] = {"by": by, "capacity": capacity, "record": current, "override": override, "on": on}
        separated(
            CHANGE_DECIDER, tier=STAKES[current.system.tier], broken=current.asked_by_id == by.pk, **same
        )  # fmt: skip
        move(current, CHANGE_LIFE, "approve" if approved else "reject", decided_by=by, decided_on=on)
        with our_language():
            decide(
                current, by=by, capacity=capacity, sort="change", question=_("Make the change “%(title)s”?") %
                {"title": current.title}, outcome=_("Approved") if approved else _("Rejected"), reason=reason,
                refused=not approved,
            )  # fmt: skip
        settle(current.system, on=on)
        return current


def carry_out_change(
    request: ChangeRequest, *, by: User, on: date, version: int | None = None, reason: str = ""
) -> ChangeRequest:
    """Say that the change was made. A significant one is approved before (8.1)."""
    capacity = require(policies.can_assess_change(by, request))
    with recording(by, "carry_out_change", capacity=capacity, reason=reason):
        current = locked(request, version)
        if current.significance == Significance.SIGNIFICANT and current.state == ChangeState.ASSESSED:
            raise WrongState(_("A significant change is approved before it is made."))
        return move(current, CHANGE_LIFE, "carry_out", done_on=on)


def sample_change(
    request: ChangeRequest, *, by: User, note: str, on: date, version: int | None = None
) -> ChangeRequest:
    """Look, as another person, whether “not significant” was right."""
    require_text(sample_note=note)
    capacity = require(policies.can_sample_change(by, request))
    if by.pk in (request.asked_by_id, request.assessed_by_id):
        raise NotPermitted(_("Somebody else looks at it."))
    with recording(by, "sample_change", capacity=capacity, reason=note):
        current = locked(request, version)
        if current.significance != Significance.NOT_SIGNIFICANT or current.sampled_on is not None:
            raise WrongState(_("Only changes called not significant are sampled, once."))
        return change(current, {"sampled_by": by, "sampled_on": on, "sample_note": note})


def note_changed_fields(
    system: AISystem, *, by: User, before: Mapping[str, Any], after: Mapping[str, Any], on: date
) -> ChangeRequest | None:
    """A field of a system in use was changed to mean something else: that is a change (8.4).

    What the rules call significant is so at once, other fields ask the questions. One that an approved request foresaw
    carries that out. Filling in what was empty is no change. Called by the verb that changes the system, inside it.
    """
    if system.state not in IN_USE:
        return None
    touched = {name for name, value in after.items() if before.get(name) not in ("", None, [], value)}
    asked = questions(on)
    matters = [question["id"] for question in asked if touched & set(question["fields"])]
    if not matters:
        return _ask_about_fields(system, by, touched & {name for question in asked for name in question["asks"]})
    foreseen = _foreseen(system, matters)
    if foreseen is not None:
        return move(foreseen, CHANGE_LIFE, "carry_out", done_on=on)
    return _unplanned(system, by, matters, touched, on)


def _ask_about_fields(system: AISystem, by: User, names: set[str]) -> ChangeRequest | None:
    return create(_asked(system, by, title=_changed_title(system, names), unplanned=True)) if names else None


def _changed_title(system: AISystem, names: set[str]) -> str:
    labels = ", ".join(sorted(label_of(system, name) for name in names))
    return (_("Changed in the register: %(names)s") % {"names": labels})[:200]


def _foreseen(system: AISystem, matters: Sequence[str]) -> ChangeRequest | None:
    approved = ChangeRequest.objects.select_for_update().filter(system=system, state=ChangeState.APPROVED)
    return approved.filter(matters__contains=list(matters)).order_by("pk").first()


def _unplanned(system: AISystem, by: User, matters: list[str], touched: set[str], on: date) -> ChangeRequest:
    edition = rules(RuleSort.CHANGE, on)
    answers = {question["id"]: "yes" if question["id"] in matters else "no" for question in questions(on)}
    made = create(
        _asked(
            system, by, title=_changed_title(system, touched), unplanned=True,
            state=ChangeState.DONE, significance=Significance.SIGNIFICANT, matters=matters, answers=answers,
            edition=edition, assessed_by=by, assessed_on=on, done_on=on,
        )
    )  # fmt: skip
    made.refresh_from_db()
    _unsettle(system, made, by, on)
    return made


def ask_about_component(component: Component, *, by: User, on: date) -> list[ChangeRequest]:
    """A data set or model has another release: ask the significance questions once for each live system that uses it.

    Nothing is asked where readings with this release prove it to be inside the change envelope.
    """
    if component.component_kind not in _ASKS_AGAIN:
        return []
    title = _("%(name)s is now %(release)s") % {"name": component.title, "release": component.release}
    of = {"component": component, "brought": component.release}
    told = ChangeRequest.objects.filter(**of)
    systems = AISystem.objects.filter(uses__component=component, state__in=IN_USE).exclude(changes__in=told)
    said = {"title": title[:200], "description": _("The component has another release.")}
    return [
        create(_asked(system, by, **of, **said, **if_inside(system, on, data=component.release)))
        for system in systems.order_by("pk")
    ]


def ask_about_version(version: SystemVersion, *, by: User, on: date) -> ChangeRequest | None:
    """A system in use got another version: ask the significance questions once, unless it is inside the envelope."""
    system = version.system
    if system.state not in IN_USE or not system.versions.exclude(pk=version.pk).exists():
        return None
    title = _("New version %(number)s") % {"number": version.number}
    settled = if_inside(system, on, digest=version.digest or "")
    return create(_asked(system, by, title=title[:200], release=version, **settled))
