"""Screenings, assessments and committees as the services make them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from aims import clock
from impact import questions, services
from impact.models import ImpactAssessment, Screening
from impact.questions import sections_of
from inventory.models import AISystem
from inventory.services import add_version, set_tier
from organization.committees import Committee, Matter, Sitting
from organization.models import Unit, User
from organization.services import committees
from organization.states import Role
from tests.factories import inventory, person, root_unit

RATED: dict[str, Any] = {
    "direction": "harm", "scenario": "intended", "description": "They pay more than others for the same", "severity": 3,
    "scale": 3, "likelihood": 2, "reversibility": "effort", "confidence": "medium",
}  # fmt: skip


def today() -> date:
    return clock.today()


def soon(days: int = 120) -> date:
    return today() + timedelta(days=days)


def who(role: str = Role.AIMS_MANAGER, unit: Unit | None = None, **more: Any) -> User:
    return person(role, unit or root_unit(), **more)


def fresh(row: Any) -> Any:
    """The row again, as the database holds it."""
    return type(row).objects.get(pk=row.pk)


def again(user: User) -> User:
    """The person with the grants of now."""
    return User.objects.get(pk=user.pk)


def answers(*yes: str, unsure: Sequence[str] = ()) -> dict[str, list[str]]:
    """Every question answered: yes to these, unsure about those, no to the rest."""
    asked = questions.screening_questions(questions.latest("screening"))
    said = {**dict.fromkeys(yes, "yes"), **dict.fromkeys(unsure, "unsure")}
    return {str(one["id"]): [said.get(str(one["id"]), "no"), ""] for one in asked}


def system(tier: str = "high", unit: Unit | None = None, **fields: Any) -> AISystem:
    """A system with a version, in a tier."""
    made = inventory.system(unit, **{"intended_use": "Ranks offers", **fields})
    add_version(made, by=inventory.manager(), data={"number": "1.0"}, on=today())
    if tier:
        set_tier(fresh(made), by=inventory.manager(), tier=tier, reasons="As the test wants it", on=today())
    return fresh(made)  # type: ignore[no-any-return]


def screened(*yes: str, by: User | None = None, of: AISystem | None = None, **more: Any) -> Screening:
    return services.screen_system(of or system(""), by=by or who(), answers=answers(*yes), on=today(), **more)


def assessment(of: AISystem | None = None, *, by: User | None = None, **data: Any) -> ImpactAssessment:
    """A draft in which nothing is said yet."""
    author = by or who(Role.SYSTEM_OWNER)
    return services.open_assessment(of or system(), by=author, on=today(), data={"owner": author, **data})


def author_of(row: ImpactAssessment) -> User:
    return again(row.owner)  # type: ignore[arg-type]


def party(row: ImpactAssessment, level: str = "individual", name: str = "") -> Any:
    data = {"name": name or f"Those of {level}", "level": level}
    return services.add_party(row, by=author_of(row), data=data)


def impact(row: ImpactAssessment, party: Any, measures: Sequence[int] = (), **more: Any) -> Any:
    data = {**RATED, "party": party, "dimension": "fairness", **more}
    return services.add_impact(row, by=author_of(row), data=data, measures=measures)


def written(row: ImpactAssessment | None = None, *, severe: bool = False, **more: Any) -> ImpactAssessment:
    """A draft with everything that is asked."""
    row = row or assessment(**more)
    by = author_of(row)
    ids = [one.id for section in sections_of(row.edition, row.tier) for one in section.questions]
    said = {name: {"text": f"What is said about {name}"} for name in ids}
    services.save_answers(row, by=by, answers=said, at=clock.now())
    parties = [party(row, level) for level in ("individual", "group", "society")]
    measure = services.add_measure(row, by=by, data={"title": "Looked at by two people", "measure_kind": "oversight"})
    impact(row, parties[0], [measure.pk], severity=4 if severe else 3)
    impact(row, parties[1], [measure.pk], scenario="misuse")
    impact(row, parties[2], [measure.pk], scenario="failure")
    impact(row, parties[0], direction="benefit", description="They find what fits")
    services.change_assessment(row, by=by, data={"publication": "internal"})
    return fresh(row)  # type: ignore[no-any-return]


def submitted(row: ImpactAssessment | None = None, **more: Any) -> ImpactAssessment:
    row = row if row is not None else written(**more)
    return fresh(services.submit_assessment(row, by=author_of(row), on=today()))  # type: ignore[no-any-return]


def approve(row: ImpactAssessment, *, by: User | None = None, **more: Any) -> ImpactAssessment:
    given: dict[str, Any] = {"reason": "Its benefits outweigh what is left", "valid_until": soon(300), "on": today()}
    return services.approve_assessment(row, by=by or who(Role.APPROVER), **{**given, **more})


def approved(of: AISystem | None = None, **more: Any) -> ImpactAssessment:
    return fresh(approve(submitted(written(assessment(of, **more)))))  # type: ignore[no-any-return]


def use(row: ImpactAssessment, use: str) -> ImpactAssessment:
    """Call the use of a draft something else than ordinary."""
    data = {"use": use, "use_reason": "Because of what it decides"}
    services.change_assessment(row, by=author_of(row), data=data)
    return fresh(row)  # type: ignore[no-any-return]


def committee(members: int = 3, *, quorum: int = 2, **more: Any) -> Committee:
    """A committee of so many members; the first is its chair."""
    keeper = who(Role.TOP_MANAGEMENT)
    data = {"title": "AI ethics committee", "purpose": "Sensitive uses", "quorum": quorum, "unit": root_unit(), **more}
    made = committees.found_committee(by=keeper, data=data)
    for number in range(members):
        function = "chair" if number == 0 else "member"
        member(made, who(Role.COMMITTEE_MEMBER), function=function)
    return fresh(made)  # type: ignore[no-any-return]


def member(of: Committee, person: User, **more: Any) -> Any:
    data = {"person": person, "since": today() - timedelta(days=30), **more}
    return committees.add_member(of, by=who(Role.TOP_MANAGEMENT), data=data)


def people_of(of: Committee) -> list[User]:
    return [again(one.person) for one in of.members.order_by("pk")]


def sitting(of: Committee, *, open: bool = True) -> Sitting:
    """A sitting of today, in session with everybody present."""
    people = people_of(of)
    made = committees.plan_sitting(of, by=people[0], held_on=today(), on=today())
    if open:
        committees.open_sitting(made, by=people[0], present=people)
    return fresh(made)  # type: ignore[no-any-return]


def before_committee(row: ImpactAssessment, of: Committee) -> Matter:
    """Submitted, put before the committee, and on the agenda of a sitting in session."""
    matter = services.refer_to_committee(row, of, by=author_of(row), on=today())
    sitting(of)
    return fresh(matter)  # type: ignore[no-any-return]


def vote(matter: Matter, votes: Mapping[User, str]) -> Matter:
    for voter, choice in votes.items():
        committees.cast_vote(fresh(matter), by=voter, choice=choice, reason="I say so")
    return fresh(matter)  # type: ignore[no-any-return]
