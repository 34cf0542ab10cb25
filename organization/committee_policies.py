"""Who may do what to committees, sittings and matters. Each answers with the capacity that allows it, or ""."""

from typing import Any

from aims.access import access_of
from organization.committees import Committee, Matter, Sitting
from organization.states import Role

KEEPERS = (Role.AIMS_MANAGER, Role.TOP_MANAGEMENT)
VERBS: dict[str, tuple[str, ...]] = {
    "committee.found": KEEPERS,
    "committee.change": KEEPERS,
    "sitting.plan": (*KEEPERS, Role.COMMITTEE_MEMBER),
    "sitting.run": KEEPERS,
}
DECIDING = ("committee.found", "committee.change", "sitting.run")
MEMBER = str(Role.COMMITTEE_MEMBER)  # the capacity of who votes


def can_found(user: Any, unit: Any = None) -> str:
    access = access_of(user)
    return access.capacity("committee.found", unit_id=unit.pk) if unit else access.capacity("committee.found")


def can_change(user: Any, committee: Committee) -> str:
    return access_of(user).capacity("committee.change", committee)


def can_plan(user: Any, committee: Committee) -> str:
    return access_of(user).capacity("sitting.plan", committee)


def can_run(user: Any, sitting: Sitting) -> str:
    """Open, keep and close a sitting: its chair and secretary, and who keeps committees. No token."""
    access = access_of(user)
    if access.scopes is not None:
        return ""
    leads = sitting.committee.members.on(sitting.held_on).filter(
        person=access.person_id, function__in=["chair", "secretary"]
    )
    if access.sees(sitting) and leads.exists():
        return MEMBER
    return access.capacity("sitting.run", sitting)


def can_vote(user: Any, matter: Matter) -> str:
    """A member who is present at the sitting and sees the record; as a person."""
    access, sitting = access_of(user), matter.sitting
    if sitting is None or access.scopes is not None or access.person_id is None:
        return ""
    member = matter.committee.members.on(sitting.held_on).filter(person=access.person_id).exists()
    present = sitting.attendances.filter(person=access.person_id).exists()
    return MEMBER if member and present and access.sees(matter.record) else ""
