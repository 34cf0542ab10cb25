"""Screening systems: answering, proposing, approving; the tier goes to the system (6.1.4, A.5.2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.decisions import decide, our_language
from aims.errors import NotPermitted, Refusal, WrongState, invalid
from aims.services import change, create, locked, move, require
from aims.trail import recording
from impact import policies, questions
from impact.models import Screening
from impact.rules import SCREENING_APPROVER, stake
from impact.services.common import cadence, require_text
from impact.states import SCREENING, ScreeningState, Tier
from inventory import services as inventory
from inventory.models import AISystem
from organization.duties import Kept, Override
from organization.models import User
from organization.services.duties import separated

Answers = Mapping[str, Sequence[str]]
RETIRED = gettext_lazy("A retired system is not screened.")
WAITING = gettext_lazy("A screening of this system waits for an approver already.")


def screen_system(
    system: AISystem, *, by: User, answers: Answers, on: date, jurisdictions: Sequence[str] = (), note: str = "",
    tier: str = "",
) -> Screening:  # fmt: skip
    """Answer every question about a system and propose the tier that follows; `tier` may only raise it.

    A first tier above the lowest, and a higher one, hold at once; the lowest and every lower one wait for an approver.
    Errors: NotPermitted, ValidationError (unanswered questions, by id), WrongState (retired).
    """
    capacity = require(policies.can_screen(by, system))
    with recording(by, "screen_system", capacity=capacity):
        row = _draft(locked(system), by, on)
        return _propose(row, by, capacity, answers, jurisdictions, note, tier, on)


def _draft(system: AISystem, by: User, on: date) -> Screening:
    if system.retired:
        raise WrongState(str(RETIRED))
    row = Screening.objects.select_for_update().filter(system=system).open().first()
    if row is None:
        title = _("Screening of %(system)s") % {"system": system.title}
        return create(
            Screening(
                title=title[:200], system=system, unit=system.unit, owner=by, answered_by=by,
                confidentiality=system.confidentiality, edition=questions.latest("screening"),
            )
        )  # fmt: skip
    if row.state == ScreeningState.PROPOSED:
        raise WrongState(str(WAITING))
    return row  # type: ignore[no-any-return]


def _propose(
    row: Screening, by: User, capacity: str, answers: Answers, jurisdictions: Sequence[str], note: str, raised: str,
    on: date,
) -> Screening:  # fmt: skip
    given = _checked(row.edition, answers)
    judged = _judged(row.edition, given, raised, note)
    values = {"answers": given, "jurisdictions": list(jurisdictions), "note": note, "tier": judged.tier}
    row = change(row, {**values, "use": judged.use, "reasons": list(judged.reasons), "answered_by": by})
    if _waits(judged.tier, row.system):
        return move(row, SCREENING, "propose")
    return _in_force(row, "apply", by=by, capacity=capacity, reason=_("The answers ask for it."), on=on)


def _judged(edition: int, answers: Answers, raised: str, note: str) -> questions.Judgement:
    """What follows from the answers, with the tier that who answered raised it to."""
    judged = questions.judge(edition, answers)
    if not raised or raised == judged.tier:
        return judged
    if questions.lower(raised, judged.tier):
        raise invalid(tier=_("The answers ask for “%(tier)s” at least.") % {"tier": Tier(judged.tier).label})
    require_text(note=note)
    said = _("Raised by who answered: %(note)s") % {"note": note[:300]}
    return questions.Judgement(raised, judged.use, [*judged.reasons, said])


def _waits(tier: str, system: AISystem) -> bool:
    """The lowest tier, and one lower than before, wait for an approver."""
    return tier == Tier.MINIMAL or questions.lower(tier, system.tier)


def _checked(edition: int, answers: Answers) -> dict[str, list[str]]:
    """Only known questions, each with an answer of the scale."""
    asked = {str(one["id"]) for one in questions.screening_questions(edition)}
    unknown = {name: _("There is no such question.") for name in answers if name not in asked}
    open_ = {name: _("Answer this question.") for name in questions.unanswered(edition, answers)}
    if unknown or open_:
        raise invalid(**{**open_, **unknown})
    return {name: [str(given[0]), str(given[1] if len(given) > 1 else "")[:500]] for name, given in answers.items()}


def _in_force(
    row: Screening, verb: str, *, by: User, capacity: str, reason: str, on: date, kept: str = Kept.KEPT
) -> Screening:
    """Supersede the one before, move, and give the system its tier."""
    for old in Screening.objects.select_for_update().filter(system=row.system).in_force():
        move(old, SCREENING, "supersede", due_on=None)
    due = cadence(row.tier, on) if row.tier == Tier.MINIMAL else None
    done = {"decided_by": by, "decided_on": on, "capacity": capacity, "decision": reason, "kept_apart": kept}
    row = move(row, SCREENING, verb, due_on=due, **done)
    inventory.set_tier(row.system, by=by, tier=row.tier, reasons=" ".join(row.reasons), on=on)
    row.system.refresh_from_db()
    return row


def approve_screening(
    row: Screening, *, by: User, reason: str, on: date, version: int | None = None, override: Override | None = None
) -> Screening:
    """Approve a proposed tier: the lowest (the screening is then the recorded assessment) or a lower one (A.5.2).

    Never by who answered. Errors: NotPermitted, Stale, WrongState, ValidationError.
    """
    capacity = require(policies.can_approve_screening(by, row))
    require_text(reason=reason)
    with recording(by, "approve_screening", capacity=capacity, reason=reason):
        current = locked(row, version)
        kept = separated(
            SCREENING_APPROVER, tier=stake(current.tier), broken=current.answered_by_id == by.pk, by=by,
            capacity=capacity, record=current, override=override, on=on,
        )  # fmt: skip
        done = _in_force(current, "approve", by=by, capacity=capacity, reason=reason, on=on, kept=kept)
        with our_language():
            _enter(done, by, capacity, _("Approved"), reason)
        return done


def return_screening(row: Screening, *, by: User, reason: str, on: date, version: int | None = None) -> Screening:
    """Give a proposed screening back to who answered, with the reason."""
    capacity = require(policies.can_approve_screening(by, row))
    require_text(reason=reason)
    with recording(by, "return_screening", capacity=capacity, reason=reason):
        current = locked(row, version)
        moved = move(current, SCREENING, "return", decision=reason)
        with our_language():
            _enter(moved, by, capacity, _("Returned"), reason)
        return moved


def _enter(row: Screening, by: User, capacity: str, outcome: str, reason: str) -> None:
    """The register of decisions. Call it in our language."""
    question = _("Is “%(tier)s” enough for this system?") % {"tier": Tier(row.tier).label}
    decide(row, by=by, capacity=capacity, sort="screening", question=question, outcome=outcome, reason=reason)


@dataclass(frozen=True)
class Screened:
    """What became of one system or screening of a sitting, or would: its tier, whether it waits, by when it catches up.

    Or the sentence that refused it.
    """

    subject: Any
    screening: Screening | None = None
    refusal: str = ""
    tier: str = ""
    waits: bool = False
    backlog_until: date | None = None

    @property
    def label(self) -> str:
        return str(Tier(self.tier).label)


MOST = 500  # systems in one go


def foresee_many(
    systems: Sequence[AISystem], *, by: User, answers: Answers, on: date, jurisdictions: Sequence[str] = (),
    note: str = "", tier: str = "",
) -> list[Screened]:  # fmt: skip
    """What `screen_many` would do with each; nothing is recorded. Errors: ValidationError, as there."""
    _some(systems)
    edition = questions.latest("screening")
    judged = _judged(edition, _checked(edition, answers), tier, note)
    waiting = set(Screening.objects.waiting().filter(system__in=systems).values_list("system_id", flat=True))
    return [_foreseen(one, judged.tier, by, on, one.pk in waiting) for one in systems]


def _foreseen(system: AISystem, tier: str, by: User, on: date, waiting: bool) -> Screened:
    if not policies.can_screen(by, system):
        return Screened(system, refusal=_("Your roles here do not include this."))
    if system.retired:
        return Screened(system, refusal=str(RETIRED))
    if waiting:
        return Screened(system, refusal=str(WAITING))
    waits = _waits(tier, system)
    until = None if waits else inventory.catch_up_by(system, tier, on)
    return Screened(system, tier=tier, waits=waits, backlog_until=until)


def screen_many(
    systems: Sequence[AISystem], *, by: User, answers: Answers, on: date, jurisdictions: Sequence[str] = (),
    note: str = "", tier: str = "",
) -> list[Screened]:  # fmt: skip
    """Give the same answers for several systems in one sitting, each recorded by itself; a refused one holds none back.

    Errors: ValidationError (unanswered questions, tier, number of systems).
    """
    _some(systems)
    edition = questions.latest("screening")
    _judged(edition, _checked(edition, answers), tier, note)  # what is wrong with all of them is told once
    more: dict[str, Any] = {"jurisdictions": jurisdictions, "note": note, "tier": tier}
    return [_each(one, lambda one: screen_system(one, by=by, answers=answers, on=on, **more)) for one in systems]


def _some(systems: Sequence[AISystem]) -> None:
    if not 1 <= len(systems) <= MOST:
        raise invalid(systems=_("Choose between 1 and %(most)s systems.") % {"most": MOST})


def approve_many(rows: Iterable[tuple[Screening, int | None]], *, by: User, reason: str, on: date) -> list[Screened]:
    """Approve several proposed screenings in one sitting; a refused one does not hold the others back."""
    return [
        _each(row, lambda row, version=version: approve_screening(row, by=by, reason=reason, on=on, version=version))
        for row, version in rows
    ]


def _each(subject: Any, act: Any) -> Screened:
    try:
        done = act(subject)
        waits = done.state == ScreeningState.PROPOSED
        until = done.system.backlog_until
        return Screened(subject, done, tier=done.tier, waits=waits, backlog_until=None if waits else until)
    except (Refusal, NotPermitted) as refusal:
        return Screened(subject, refusal=str(refusal.detail))
    except ValidationError as error:
        return Screened(subject, refusal=" ".join(error.messages))
