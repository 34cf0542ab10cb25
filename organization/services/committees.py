"""Committees at work: founding, members, sittings, the queue, votes, outcomes, minutes (A.3.2; ISO/IEC 42005 5.11)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from aims.access import access_of
from aims.decisions import decide, our_language
from aims.errors import Hidden, NotPermitted, WrongState, invalid
from aims.models import Record
from aims.registry import registry
from aims.services import change, create, locked, move, require
from aims.trail import recording
from organization import committee_policies as policies
from organization.committee_states import COMMITTEE, SITTING, Choice, Majority, MatterState, SittingState
from organization.committees import Attendance, Committee, Matter, Member, Sitting, Vote
from organization.facts import MatterDecided
from organization.models import User

M = TypeVar("M", bound=models.Model)
# Apps above register checks of this workflow and transition that say who may not vote on a record; they are asked
# with a `Voter`.
WORKFLOW, VOTE = "matter", "vote"


@dataclass(frozen=True)
class Voter:
    """What a check on voting is asked: may this person vote on the record?"""

    person: Any
    record: Record


@dataclass(frozen=True)
class Count:
    """How a matter stands: votes for each option, how many count for the quorum, what would be decided."""

    votes: Mapping[str, int]
    cast: int
    quorum: int
    outcome: str  # "" while no option has the majority

    @property
    def quorate(self) -> bool:
        return self.cast >= self.quorum


def found_committee(*, by: User, data: Mapping[str, Any], reason: str = "") -> Committee:
    """Set up a committee: title, unit, owner, purpose, quorum, majority. Errors: NotPermitted, ValidationError."""
    capacity = require(policies.can_found(by, data["unit"]))
    with recording(by, "found_committee", capacity=capacity, reason=reason):
        return create(Committee(**{"owner": by, **data}))


def change_committee(
    committee: Committee, *, by: User, data: Mapping[str, Any], version: int | None = None, reason: str = ""
) -> Committee:
    """Change purpose, quorum or majority; decisions taken keep the count they were taken by."""
    capacity = require(policies.can_change(by, committee))
    with recording(by, "change_committee", capacity=capacity, reason=reason):
        return change(locked(committee, version), data)


def dissolve_committee(committee: Committee, *, by: User, reason: str, version: int | None = None) -> Committee:
    """End a committee that has nothing before it."""
    capacity = require(policies.can_change(by, committee))
    _said(reason=reason)
    with recording(by, "dissolve_committee", capacity=capacity, reason=reason):
        current = locked(committee, version)
        if current.matters.open().exists():
            raise WrongState(_("There are matters before this committee."))
        return move(current, COMMITTEE, "dissolve")


def add_member(committee: Committee, *, by: User, data: Mapping[str, Any], version: int | None = None) -> Member:
    """Name a person a member from a day on. Errors: NotPermitted, Stale, WrongState, ValidationError."""
    capacity = require(policies.can_change(by, committee))
    with recording(by, "add_member", capacity=capacity):
        current = locked(committee, version)
        if not current.active:
            raise WrongState(_("This committee is dissolved."))
        if not data["person"].is_active:
            raise invalid(person=_("Name somebody who is here."))
        made = create(Member(committee=current, **data))
        _fresh(committee)
        return made


def end_membership(member: Member, *, by: User, until: date, reason: str) -> Member:
    """Let a membership end with a day. Votes cast stay."""
    capacity = require(policies.can_change(by, member.committee))
    _said(reason=reason)
    with recording(by, "end_membership", capacity=capacity, reason=reason):
        return change(locked(member), {"until": until})


def raise_matter(
    record: Any, committee: Committee, *, by: User, question: str, options: Sequence[str], on: date, capacity: str
) -> Matter:
    """Put a record before a committee: it waits in the queue for a sitting. Called inside the verb of another app."""
    with recording(by, "raise_matter", capacity=capacity):
        current = locked(committee)
        if not current.active:
            raise WrongState(_("This committee is dissolved."))
        return create(
            Matter(
                committee=current, record_id=record.pk, question=question, options=[str(one) for one in options],
                raised_by=by, raised_on=on,
            )
        )  # fmt: skip


def withdraw_matter(record: Any, *, by: User | None, reason: str) -> None:
    """Take a record back from the committee before it decided. Called inside the verb of another app."""
    with recording(by, "withdraw_matter", reason=reason):
        for matter in Matter.objects.select_for_update().filter(record_id=record.pk).open():
            change(matter, {"state": MatterState.WITHDRAWN, "reason": reason[:4000]})


def plan_sitting(committee: Committee, *, by: User, held_on: date, on: date, place: str = "") -> Sitting:
    """Call a sitting for a day; everything in the queue is put on its agenda."""
    capacity = require(policies.can_plan(by, committee))
    if held_on < on:
        raise invalid(held_on=_("This day is over."))
    with recording(by, "plan_sitting", capacity=capacity):
        current = locked(committee)
        if not current.active:
            raise WrongState(_("This committee is dissolved."))
        title = f"{current.title}, {held_on:%d.%m.%Y}"[:200]
        made = create(
            Sitting(title=title, committee=current, unit=current.unit, owner=by, held_on=held_on, place=place,
                    due_on=held_on, confidentiality=current.confidentiality)
        )  # fmt: skip
        _list(made, current.matters.queued())
        return made


def _list(sitting: Sitting, matters: Iterable[Matter]) -> None:
    for matter in matters:
        change(matter, {"sitting": sitting, "state": MatterState.LISTED})


def fill_agenda(sitting: Sitting, *, by: User, version: int | None = None) -> Sitting:
    """Put what came into the queue meanwhile on the agenda of a sitting that is planned or open."""
    capacity = require(policies.can_run(by, sitting))
    with recording(by, "fill_agenda", capacity=capacity):
        current = locked(sitting, version)
        _still(current, SittingState.PLANNED, SittingState.OPEN)
        _list(current, current.committee.matters.queued())
        return _fresh(current)


def cancel_sitting(sitting: Sitting, *, by: User, reason: str, version: int | None = None) -> Sitting:
    """Call a planned sitting off; its agenda goes back into the queue."""
    capacity = require(policies.can_run(by, sitting))
    _said(reason=reason)
    with recording(by, "cancel_sitting", capacity=capacity, reason=reason):
        current = locked(sitting, version)
        for matter in current.matters.open():
            change(matter, {"sitting": None, "state": MatterState.QUEUED})
        return move(current, SITTING, "cancel", due_on=None)


def open_sitting(sitting: Sitting, *, by: User, present: Iterable[User], version: int | None = None) -> Sitting:
    """Begin: `present` are the members who are there. Errors: NotPermitted, Stale, WrongState, ValidationError."""
    capacity = require(policies.can_run(by, sitting))
    with recording(by, "open_sitting", capacity=capacity):
        current = locked(sitting, version)
        moved = move(current, SITTING, "open")
        _attend(moved, present)
        return _fresh(moved)


def note_present(sitting: Sitting, *, by: User, present: Iterable[User], version: int | None = None) -> Sitting:
    """Members who come later. Nobody who voted is taken off."""
    capacity = require(policies.can_run(by, sitting))
    with recording(by, "note_present", capacity=capacity):
        current = locked(sitting, version)
        _still(current, SittingState.OPEN)
        _attend(current, present)
        return _fresh(current)


def _attend(sitting: Sitting, present: Iterable[User]) -> None:
    members = set(sitting.committee.members.on(sitting.held_on).values_list("person_id", flat=True))
    here = set(sitting.attendances.values_list("person_id", flat=True))
    for person in present:
        if person.pk not in members:
            raise invalid(present=_("%(person)s is not a member on this day.") % {"person": person})
        if person.pk not in here:
            create(Attendance(sitting=sitting, person=person))


def cast_vote(matter: Matter, *, by: User, choice: str, reason: str = "") -> Vote:
    """Vote on a matter of an open sitting: once, as a member who is present and wrote nothing of what is decided.

    Errors: NotPermitted (no member, not present, an author), WrongState (voted already, decided), ValidationError.
    """
    capacity = require(policies.can_vote(by, matter), _("Only members who are present vote."))
    with recording(by, "cast_vote", capacity=capacity, reason=reason):
        current = locked(matter)
        _votable(current, by)
        if choice not in [*current.options, str(Choice.ABSTAIN)]:
            raise invalid(choice=_("This matter does not offer that choice."))
        assert current.sitting is not None
        return create(Vote(sitting=current.sitting, matter=current, person=by, choice=choice, reason=reason.strip()))


def _votable(matter: Matter, by: User) -> None:
    _being_voted(matter)
    refuse_barred(matter, by)
    if matter.votes.filter(person=by).exists():
        raise WrongState(_("You voted on this already."))


def _being_voted(matter: Matter) -> None:
    if matter.state != MatterState.LISTED or matter.sitting is None or matter.sitting.state != SittingState.OPEN:
        raise WrongState(_("This matter is not being voted on now."))


def refuse_barred(matter: Matter, person: User) -> None:
    """NotPermitted for whom an app above bars from this record (an author)."""
    why = barred(matter, person)
    if why:
        raise NotPermitted(why)


def barred(matter: Matter, person: User) -> str:
    """Why this person may not vote on the matter, or ""."""
    voter = Voter(person, matter.record)
    return next((str(one.sentence) for one in registry.checks_of(WORKFLOW, VOTE) if one.ask(voter)), "")


def count_votes(matter: Matter) -> Count:
    """How the matter stands by the rules of its committee. One query beside the votes'."""
    votes = [vote.choice for vote in matter.votes.all()]
    counts = {option: votes.count(option) for option in [*matter.options, str(Choice.ABSTAIN)]}
    voiced = len(votes) - counts[Choice.ABSTAIN]
    best = max(matter.options, key=lambda option: counts[option])
    two_thirds = matter.committee.majority == Majority.TWO_THIRDS
    enough = counts[best] * 3 >= voiced * 2 if two_thirds else counts[best] * 2 > voiced
    return Count(counts, len(votes), matter.committee.quorum, best if voiced and enough else "")


def record_outcome(
    matter: Matter, *, by: User, reason: str, on: date, conditions: Sequence[tuple[str, date]] = (),
    until: date | None = None,
) -> Matter:  # fmt: skip
    """Record what the votes decided: quorum reached, one option with the majority; dissent stays with the decision.

    Announces `MatterDecided`. Errors: NotPermitted, WrongState (no quorum, no majority, decided), ValidationError.
    """
    sitting = matter.sitting
    capacity = require(policies.can_run(by, sitting)) if sitting is not None else require("")
    _said(reason=reason)
    with recording(by, "record_outcome", capacity=capacity, reason=reason):
        current = locked(matter)
        _being_voted(current)
        refuse_barred(current, by)
        count = _decided(current)
        done = change(current, {
            "state": MatterState.DECIDED, "outcome": count.outcome, "tally": dict(count.votes), "reason": reason.strip(),
            "dissent": _dissent(current, count.outcome), "decided_by": by, "decided_on": on, "until": until,
            "conditions": [[text, day.isoformat()] for text, day in conditions],
        })  # fmt: skip
        _enter(done, by, capacity)
        registry.announce(MatterDecided(done, by, capacity, on))
        return done


def _decided(matter: Matter) -> Count:
    count = count_votes(matter)
    if not count.quorate:
        words = {"cast": count.cast, "quorum": count.quorum}
        raise WrongState(_("The quorum is not reached: %(cast)d of %(quorum)d votes.") % words)
    if not count.outcome:
        raise WrongState(_("No option has the majority; put the matter off."))
    return count


def _dissent(matter: Matter, outcome: str) -> str:
    """Who voted otherwise, with their reasons: it stays with the decision."""
    others = matter.votes.exclude(choice__in=[outcome, Choice.ABSTAIN]).select_related("person")
    lines = [f"{vote.person}: {vote.get_choice_display()}. {vote.reason}".strip() for vote in others]
    return "\n".join(lines)[:4000]


def _enter(matter: Matter, by: User, capacity: str) -> None:
    """The register of decisions."""
    with our_language():
        decide(
            matter.record, by=by, capacity=capacity, sort="committee", question=matter.question,
            outcome=matter.get_outcome_display(), reason=matter.reason, dissent=matter.dissent, until=matter.until,
            options=[str(Choice(one).label) for one in matter.options],
            conditions="\n".join(text for text, _day in matter.conditions),
        )  # fmt: skip


def put_off(matter: Matter, *, by: User, reason: str, on: date) -> Matter:
    """Leave a matter undecided in this sitting; it waits in the queue again, with a new vote."""
    sitting = matter.sitting
    capacity = require(policies.can_run(by, sitting)) if sitting is not None else require("")
    _said(reason=reason)
    with recording(by, "put_off_matter", capacity=capacity, reason=reason):
        current = locked(matter)
        if current.state != MatterState.LISTED:
            raise WrongState(_("This matter is not on the agenda."))
        change(current, {"state": MatterState.PUT_OFF, "reason": reason.strip()})
        same = {name: getattr(current, name) for name in ("committee", "record_id", "question", "options")}
        return create(Matter(raised_by=current.raised_by, raised_on=on, **same))


def close_sitting(sitting: Sitting, *, by: User, minutes: str, on: date, version: int | None = None) -> Sitting:
    """End the sitting with its minutes; what was not decided waits for the next one."""
    capacity = require(policies.can_run(by, sitting))
    _said(minutes=minutes)
    with recording(by, "close_sitting", capacity=capacity):
        current = locked(sitting, version)
        for matter in current.matters.open():
            put_off(matter, by=by, reason=_("Not reached in this sitting"), on=on)
        return move(current, SITTING, "close", minutes=minutes.strip(), due_on=None)


def draft_minutes(sitting: Sitting) -> str:
    """Minutes to begin with, from what was recorded: who was there, each matter with votes, outcome and dissent."""
    here = [str(one.person) for one in sitting.attendances.select_related("person")]
    lines = [_("Present: %(people)s") % {"people": ", ".join(here) or "–"}, ""]
    for number, matter in enumerate(sitting.matters.select_related("record"), start=1):
        lines += [f"{number}. {matter.record.ref} {matter.question}", *_minutes_of(matter), ""]
    return "\n".join(lines).strip()


def _minutes_of(matter: Matter) -> list[str]:
    if matter.state != MatterState.DECIDED:
        return [str(matter.get_state_display())]
    votes = ", ".join(f"{Choice(name).label} {number}" for name, number in matter.tally.items() if number)
    told = [f"{matter.get_outcome_display()} ({votes}). {matter.reason}"]
    told += [_("Condition: %(text)s, by %(day)s") % {"text": text, "day": day} for text, day in matter.conditions]
    return told + ([_("Dissent: %(text)s") % {"text": matter.dissent}] if matter.dissent else [])


def _still(sitting: Sitting, *states: str) -> None:
    if sitting.state not in states:
        raise WrongState(_("This is not possible while it is “%s”.") % SITTING.label(sitting.state))


def _said(**texts: str) -> None:
    empty = {name: _("This must be said.") for name, text in texts.items() if not (text or "").strip()}
    if empty:
        raise invalid(**empty)


def seen_matter(pk: int, user: Any) -> Matter:
    """A matter of a committee and about a record that the person sees; else Hidden."""
    found = Matter.objects.filter(pk=pk).select_related("committee", "record", "sitting__committee").first()
    access = access_of(user)
    if found is None or not (access.sees(found.committee) and access.sees(found.record)):
        raise Hidden
    return found


def _fresh(record: M) -> M:
    record.refresh_from_db(fields=["version", "updated_at"])
    return record
