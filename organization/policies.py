"""Who may do what to people, units, roles and tokens. Each answers with the role that allows it, or "" (clause 5.3)."""

from typing import Any

from aims.access import Access, access_of
from organization.models import ApiToken, Unit, UnitGrant, User
from organization.states import Role

VERBS: dict[str, tuple[str, ...]] = {
    "person.create": (Role.AIMS_MANAGER,),
    "person.change": (Role.AIMS_MANAGER,),
    "person.deactivate": (Role.AIMS_MANAGER,),
    "person.review": (Role.AIMS_MANAGER, Role.INTERNAL_AUDITOR),
    "unit.create": (Role.AIMS_MANAGER,),
    "unit.change": (Role.AIMS_MANAGER,),
    "grant.give": (Role.AIMS_MANAGER,),
    "grant.end": (Role.AIMS_MANAGER,),
    "task.manage": (Role.AIMS_MANAGER,),
    # Everybody of the house; who comes from outside writes elsewhere.
    "comment.write": tuple(role for role in Role if role != Role.EXTERNAL_AUDITOR),
    "task.work": tuple(role for role in Role if role not in (Role.EXTERNAL_AUDITOR, Role.INTEGRATION)),
    "task.committee": (Role.COMMITTEE_MEMBER,),
    "cadence.change": (Role.AIMS_MANAGER,),
    "jobs.manage": (Role.AIMS_MANAGER,),
    "own_field.define": (Role.AIMS_MANAGER,),
    "consistency.answer": (Role.AIMS_MANAGER, Role.SYSTEM_OWNER, Role.RISK_OWNER, Role.APPROVER),
    "consistency.reopen": (Role.AIMS_MANAGER, Role.APPROVER, Role.INTERNAL_AUDITOR),
    "webhook.manage": (Role.AIMS_MANAGER,),
    "trail.read": (
        Role.AIMS_MANAGER,
        Role.TOP_MANAGEMENT,
        Role.INTERNAL_AUDITOR,
        Role.APPROVER,
        Role.EXTERNAL_AUDITOR,
    ),
    "trail.erase": (Role.AIMS_MANAGER, Role.TOP_MANAGEMENT),
    "token.issue": (Role.AIMS_MANAGER,),
    "token.revoke": (Role.AIMS_MANAGER,),
    "case.list": (
        Role.AIMS_MANAGER,
        Role.TOP_MANAGEMENT,
        Role.APPROVER,
        Role.COMMITTEE_MEMBER,
        Role.SYSTEM_OWNER,
        Role.RISK_OWNER,
        Role.INTERNAL_AUDITOR,
        Role.CONCERN_HANDLER,
    ),
}

# Asked for the password or passkey again after 15 minutes; no API token may do them.
DECIDING = (
    "person.deactivate",
    "grant.give",
    "grant.end",
    "token.issue",
    "token.revoke",
    "case.list",
    "trail.erase",
    "webhook.manage",
)

# What a program's account may hold: nothing that decides.
FOR_PROGRAMS = frozenset({Role.INTEGRATION, Role.READER, Role.CONTRIBUTOR})

# Held for a time, never open-ended.
TIME_BOXED = frozenset({Role.EXTERNAL_AUDITOR})


def can_create_person(user: Any, unit: Unit) -> str:
    return access_of(user).capacity("person.create", unit_id=unit.pk)


def can_change_person(user: Any, person: User) -> str:
    """Name, title, unit and superior; never the e-mail, which opens the account: that is the person's own."""
    return access_of(user).capacity("person.change", unit_id=person.unit_id)


def can_review_person(user: Any, person: User) -> str:
    """See why roles were given, the history and the sign-ins; those who left as well."""
    return access_of(user).capacity("person.review", unit_id=person.unit_id)


def can_deactivate_person(user: Any, person: User) -> str:
    """Who manages the person's unit and every unit where the person holds a role; never oneself."""
    return "" if person.pk == user.pk else _over(user, person, "person.deactivate")


def can_create_unit(user: Any, parent: Unit) -> str:
    return access_of(user).capacity("unit.create", unit_id=parent.pk)


def can_change_unit(user: Any, unit: Unit) -> str:
    return access_of(user).capacity("unit.change", unit_id=unit.pk)


def can_move_unit(user: Any, unit: Unit, parent: Unit) -> str:
    """Who manages the unit that loses it and the unit that gets it: else a manager could leave their own managers."""
    access = access_of(user)
    if unit.parent_id is None or not access.capacity("unit.create", unit_id=parent.pk):
        return ""
    return access.capacity("unit.change", unit_id=unit.parent_id)


def can_grant(user: Any, unit: Unit, holder: User) -> str:
    """Who manages the unit gives roles there, to others only: nobody adds to their own power."""
    return "" if holder.pk == user.pk else access_of(user).capacity("grant.give", unit_id=unit.pk)


def can_end_grant(user: Any, grant: UnitGrant) -> str:
    """Who manages the unit; and everybody may lay down a role of their own."""
    access = access_of(user)
    if grant.user_id == access.person_id and access.scopes is None:
        return grant.role
    return access.capacity("grant.end", unit_id=grant.content_object_id)


def can_issue_token(user: Any, owner: User) -> str:
    """For oneself, signed in as a person; for a program's account, who manages every unit where it holds a role."""
    access = access_of(user)
    if owner.pk == access.person_id and access.scopes is None:
        return own_capacity(access)
    return _over(user, owner, "token.issue") if owner.is_program else ""


def can_revoke_token(user: Any, token: ApiToken) -> str:
    """One's own, or any token of a person of the units one manages."""
    access = access_of(user)
    if access.scopes is None and token.owner_id == access.person_id:
        return own_capacity(access) or "owner"
    return access.capacity("token.revoke", unit_id=token.owner.unit_id)


def can_list_on_case(user: Any, record: Any) -> str:
    """Who is on the case list already, or owns the record, brings in others."""
    access = access_of(user)
    if record.pk not in access.cases and record.owner_id != access.person_id:
        return ""
    return access.capacity("case.list", unit_id=record.unit_id) or access.capacity("case.list")


def own_capacity(access: Access) -> str:
    """The strongest role a person holds anywhere, as the roles are listed; those of people from outside come last."""
    held = access.roles
    return next((role for role in (*Role.values, *sorted(held)) if role in held), "")


def _over(user: Any, person: User, verb: str) -> str:
    """The role that allows the verb in the person's unit and wherever the person holds a role that has not ended."""
    access = access_of(user)
    units = UnitGrant.objects.filter(user=person, ended_at=None).values_list("content_object_id", flat=True)
    if not all(access.capacity(verb, unit_id=unit_id) for unit_id in units):
        return ""
    return access.capacity(verb, unit_id=person.unit_id)
