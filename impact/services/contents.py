"""Writing an assessment: answers, parties, benefits and harms, measures. Each saved by itself, as one goes."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from aims.errors import Hidden, WrongState, invalid
from aims.services import change, create, locked, require
from aims.trail import recording
from impact import policies
from impact.models import AffectedParty, Answer, Impact, ImpactAssessment, Measure, MeasureCover, NoImpact
from impact.questions import questions_of
from impact.services.assessments import change_assessment
from impact.services.common import fresh, note_author, require_draft, require_text
from impact.states import Level
from inventory.models import AISystem
from organization.models import User

Answers = Mapping[str, Mapping[str, Any]]


@contextmanager
def _writing(assessment: ImpactAssessment, by: User, service: str, version: int | None = None) -> Iterator[Any]:
    """One act of writing: the draft, locked; who writes is an author from then on."""
    capacity = require(policies.can_write(by, assessment))
    with recording(by, service, capacity=capacity):
        current = locked(assessment, version)
        require_draft(current)
        yield current
        note_author(current, by)
        fresh(assessment)


def _part(rows: Any, pk: int) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Hidden
    return found


def save_section(
    assessment: ImpactAssessment, *, by: User, answers: Answers, at: datetime, data: Mapping[str, Any] | None = None,
    none: Mapping[str, str] | None = None, family: Mapping[AISystem, str] | None = None, version: int | None = None,
) -> ImpactAssessment:  # fmt: skip
    """Save one step of the form as far as it is filled: answers, fields beside them, reasons why nobody is affected.

    Errors: NotPermitted, Hidden, Stale, WrongState (submitted), ValidationError by field.
    """
    with _writing(assessment, by, "save_section", version) as current:
        if data or family is not None:
            change_assessment(current, by=by, data=data or {}, family=family)
        if answers:
            save_answers(current, by=by, answers=answers, at=at)
        for level, reason in (none or {}).items():
            say_none(current, level=level, reason=reason, by=by)
    return assessment


def save_answers(
    assessment: ImpactAssessment, *, by: User, answers: Answers, at: datetime,
    version: int | None = None,
) -> ImpactAssessment:  # fmt: skip
    """Save answers as far as they are given: question → text, or `not_applicable` with its reason.

    An empty answer is kept as empty: a draft may have gaps. Errors: NotPermitted, Stale, WrongState, ValidationError.
    """
    known = questions_of(assessment.edition, assessment.tier)
    unknown = {name: _("There is no such question.") for name in answers if name not in known}
    if unknown:
        raise invalid(**unknown)
    with _writing(assessment, by, "save_answers", version) as current:
        held = {row.question: row for row in current.answers.filter(question__in=list(answers))}
        for name, given in answers.items():
            _save_answer(current, held.get(name), name, given, by, at)
    return assessment


def _save_answer(
    assessment: ImpactAssessment, row: Answer | None, name: str, given: Mapping[str, Any], by: User, at: datetime
) -> None:
    off = bool(given.get("not_applicable"))
    values = {
        "not_applicable": off,
        "text": "" if off else str(given.get("text") or "").strip(),
        "reason": str(given.get("reason") or "").strip() if off else "",
    }
    if row is None:
        if any(values.values()):
            create(Answer(assessment=assessment, question=name, saved_by=by, saved_at=at, **values))
    elif any(getattr(row, key) != value for key, value in values.items()):
        change(row, {**values, "saved_by": by, "saved_at": at})


def say_none(
    assessment: ImpactAssessment, *, level: str, reason: str, by: User, version: int | None = None
) -> ImpactAssessment:
    """Say why a level is not affected at all; with an empty reason take that back. Refused while it has impacts."""
    with _writing(assessment, by, "say_none", version) as current:
        row = current.none_rows.filter(level=level).first()
        if not reason.strip():
            if row is not None:
                row.delete()
            return assessment
        if current.impacts.filter(party__level=level).exists():
            raise invalid(**{f"none_{level}": _("There are impacts at this level: “none” would contradict them.")})
        if row is None:
            create(NoImpact(assessment=current, level=Level(level), reason=reason.strip()))
        else:
            change(row, {"reason": reason.strip()})
    return assessment


def add_party(
    assessment: ImpactAssessment, *, by: User, data: Mapping[str, Any], version: int | None = None
) -> AffectedParty:
    """Name somebody whom the system concerns. Errors: NotPermitted, Stale, WrongState, ValidationError."""
    with _writing(assessment, by, "add_party", version) as current:
        return create(AffectedParty(assessment=current, **data))


def change_party(assessment: ImpactAssessment, pk: int, *, by: User, data: Mapping[str, Any]) -> AffectedParty:
    with _writing(assessment, by, "change_party") as current:
        return change(_part(current.parties, pk), data)  # type: ignore[no-any-return]


def remove_party(assessment: ImpactAssessment, pk: int, *, by: User) -> None:
    """Take a party out of the draft; refused while impacts are named for it."""
    with _writing(assessment, by, "remove_party") as current:
        row = _part(current.parties, pk)
        if row.impacts.exists():
            raise WrongState(_("Impacts are named for this party; take them out first."))
        row.delete()


def add_impact(
    assessment: ImpactAssessment, *, by: User, data: Mapping[str, Any], measures: Iterable[int] = (),
    version: int | None = None,
) -> Impact:  # fmt: skip
    """Name and rate a benefit or a harm for a party in a dimension; `measures` (keys) answer it.

    Errors: NotPermitted, Stale, Hidden (a party or measure of another assessment), WrongState, ValidationError.
    """
    with _writing(assessment, by, "add_impact", version) as current:
        party = _part(current.parties, data["party"].pk)
        _not_denied(current, party)
        made = create(Impact(assessment=current, **{**data, "party": party}))
        _cover(current, made, measures)
        return made


def _not_denied(assessment: ImpactAssessment, party: AffectedParty) -> None:
    if assessment.none_rows.filter(level=party.level).exists():
        raise invalid(party=_("It was said that nobody is affected at this level; take that back first."))


def change_impact(
    assessment: ImpactAssessment, pk: int, *, by: User, data: Mapping[str, Any], measures: Iterable[int] | None = None
) -> Impact:
    """Change a benefit or harm; `measures` replaces those that answer it."""
    with _writing(assessment, by, "change_impact") as current:
        row = _part(current.impacts, pk)
        if "party" in data:
            _not_denied(current, _part(current.parties, data["party"].pk))
        changed = change(row, data)
        if measures is not None:
            _cover(current, changed, measures)
        return changed  # type: ignore[no-any-return]


def _cover(assessment: ImpactAssessment, impact: Impact, measures: Iterable[int]) -> None:
    wanted = set(measures)
    had = set(impact.coverings.values_list("measure_id", flat=True))
    impact.coverings.filter(measure_id__in=had - wanted).delete()
    for pk in sorted(wanted - had):
        create(MeasureCover(assessment=assessment, measure=_part(assessment.measures, pk), impact=impact))


def remove_impact(assessment: ImpactAssessment, pk: int, *, by: User) -> None:
    with _writing(assessment, by, "remove_impact") as current:
        row = _part(current.impacts, pk)
        if row.risk_links.exists():
            raise WrongState(_("A risk was made of it. Take the link away there first."))
        row.coverings.all().delete()
        row.delete()


def add_measure(
    assessment: ImpactAssessment, *, by: User, data: Mapping[str, Any], impacts: Iterable[int] = (),
    version: int | None = None,
) -> Measure:  # fmt: skip
    """Name a measure, and the harms (keys) that it answers."""
    require_text(title=data.get("title") or "")
    with _writing(assessment, by, "add_measure", version) as current:
        made = create(Measure(assessment=current, **data))
        _answer(current, made, impacts)
        return made


def change_measure(
    assessment: ImpactAssessment, pk: int, *, by: User, data: Mapping[str, Any], impacts: Iterable[int] | None = None
) -> Measure:
    with _writing(assessment, by, "change_measure") as current:
        changed = change(_part(current.measures, pk), data)
        if impacts is not None:
            _answer(current, changed, impacts)
        return changed  # type: ignore[no-any-return]


def _answer(assessment: ImpactAssessment, measure: Measure, impacts: Iterable[int]) -> None:
    wanted = set(impacts)
    had = set(measure.covers.values_list("impact_id", flat=True))
    measure.covers.filter(impact_id__in=had - wanted).delete()
    for pk in sorted(wanted - had):
        create(MeasureCover(assessment=assessment, measure=measure, impact=_part(assessment.impacts, pk)))


def remove_measure(assessment: ImpactAssessment, pk: int, *, by: User) -> None:
    with _writing(assessment, by, "remove_measure") as current:
        row = _part(current.measures, pk)
        row.covers.all().delete()
        row.delete()


def complete_measure(assessment: ImpactAssessment, pk: int, *, by: User, on: date, result: str) -> Measure:
    """Say that a measure is in place and how one sees that it works; also after the approval."""
    capacity = require(policies.can_write(by, assessment))
    require_text(result=result)
    with recording(by, "complete_measure", capacity=capacity):
        row = _part(locked(assessment).measures, pk)
        if row.done_on is not None:
            raise WrongState(_("It is in place already."))
        done = change(row, {"done_on": on, "result": result.strip()})
        fresh(assessment)
        return done  # type: ignore[no-any-return]
