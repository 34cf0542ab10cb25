"""People from files (clauses 5.3, 7.2); and columns in other files that name people and units."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.access import access_of
from aims.errors import NotPermitted
from aims.importing.fields import Context, Importable, ImportField, Unclear, text_field
from organization.deciding import confirmed
from organization.models import Unit, UnitGrant, User
from organization.services import change_person, create_person, deactivate_person, grant_role
from organization.states import Role

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Pending:
    """Somebody who has no account yet and gets one, with an invitation, when the line is imported."""

    email: str

    @property
    def name(self) -> str:
        return " ".join(word.capitalize() for word in re.split(r"[._-]+", self.email.partition("@")[0]) if word)


def person_field(name: str, label: Any, *, words: Sequence[str] = (), required: bool = False) -> ImportField:
    """A column that names a person: e-mail or full name. An unknown e-mail becomes a pending invitation."""

    def write(record: Any) -> str:
        person = getattr(record, name)
        return person.email if person else ""

    def options(context: Context) -> Sequence[tuple[str, str]]:
        return [(one.email, f"{one.name} · {one.email}") for one in _people(context).values() if isinstance(one, User)]

    return ImportField(name, label, find_person, write, required, words, options)


def find_person(text: str, context: Context) -> User | Pending | None:
    """The active person called so; Pending for an e-mail nobody has yet. Raises Unclear."""
    if not text.strip():
        return None
    found: User | Pending | None = _people(context).get(text.strip().lower())
    if found is not None:
        return found
    if _MAIL.fullmatch(text) is None:
        raise Unclear(_("Nobody here is called “%(text)s”. Give an e-mail address.") % {"text": text})
    if not access_of(context.by).capacity("person.create"):
        raise Unclear(_("Nobody here has the address %(text)s. An AIMS manager can add them.") % {"text": text})
    return Pending(text.strip().lower())


def _people(context: Context) -> dict[str, Any]:
    """Everybody by e-mail, and by name where only one is called so."""

    def gather() -> dict[str, Any]:
        people = list(User.objects.visible_to(context.by).active().filter(is_program=False).order_by("name"))
        names = [one.name.lower() for one in people]
        found = {one.name.lower(): one for one in people if names.count(one.name.lower()) == 1}
        return {**found, **{one.email.lower(): one for one in people}}

    return context.once("people", gather)  # type: ignore[no-any-return]


def settled(person: Any, unit: Unit | None, context: Context) -> Any:
    """The person themselves: who is pending gets an account and an invitation now."""
    if not isinstance(person, Pending):
        return person
    known = _people(context)
    if person.email not in known:
        data = {"email": person.email, "name": person.name, "unit": unit or context.by.unit}
        known[person.email] = create_person(by=context.by, data=data)
    return known[person.email]


def unit_field(name: str, label: Any, verb: str, *, required: bool = False, words: Sequence[str] = ()) -> ImportField:
    """A column that names a unit in which the person may do the verb."""

    def parse(text: str, context: Context) -> Unit | None:
        if not text.strip():
            return None
        found = _units(verb, context).get(text.strip().lower())
        if found is None:
            raise Unclear(_("There is no unit “%(text)s” in which your roles allow this.") % {"text": text})
        return found

    def options(context: Context) -> Sequence[tuple[str, str]]:
        return sorted({unit.name: unit.name for unit in _units(verb, context).values()}.items())

    return ImportField(name, label, parse, lambda record: str(getattr(record, name).name), required, words, options)


def _units(verb: str, context: Context) -> dict[str, Unit]:
    def gather() -> dict[str, Unit]:
        units = list(Unit.objects.filter(pk__in=access_of(context.by).units_for(verb)))
        names = [unit.name.lower() for unit in units]
        return {unit.name.lower(): unit for unit in units if names.count(unit.name.lower()) == 1}

    return context.once(("units", verb), gather)  # type: ignore[no-any-return]


def _roles(text: str, context: Context) -> list[str]:
    """Roles by id or name, several separated by semicolons."""
    known = {str(word).lower(): value for value, label in Role.choices for word in (value, label)}
    found = []
    for word in filter(None, (part.strip() for part in text.split(";"))):
        if word.lower() not in known:
            raise Unclear(_("There is no role “%(text)s”.") % {"text": word})
        found.append(known[word.lower()])
    return found


def _held(person: Any) -> str:
    """The roles held on the person's own unit, and those a line would add."""
    grants = UnitGrant.objects.filter(user_id=person.pk, content_object_id=person.unit_id, ended_at=None)
    held = {grant.role for grant in grants.select_related("permission")} | set(getattr(person, "roles", ()))
    return "; ".join(sorted(str(Role(role).label) for role in held))


def _email(text: str, context: Context) -> str:
    if _MAIL.fullmatch(text) is None:
        raise Unclear(_("“%(text)s” is not an e-mail address.") % {"text": text})
    return text.lower()


def make_person(data: Mapping[str, Any], context: Context) -> User:
    """An account with an invitation, and the roles of the line on the person's unit."""
    roles = data.get("roles") or []
    given = {name: value for name, value in data.items() if name != "roles" and value not in (None, "")}
    given["manager"] = settled(given.get("manager"), given.get("unit"), context)
    person = create_person(by=context.by, data=given)
    for role in roles:
        grant_role(person, role=role, unit=person.unit, by=context.by, reason=_("Imported"), on=context.on)
    return person


def alter_person(person: User, data: Mapping[str, Any], context: Context) -> User:
    """What differs of name, title, unit and superior; roles are added, never taken away by a file."""
    roles = data.get("roles") or []
    given = {name: value for name, value in data.items() if name not in ("roles", "email")}
    if given.get("manager"):
        given["manager"] = settled(given["manager"], person.unit, context)
    if given:
        person = change_person(person, by=context.by, data=given)
    held = _held(person)
    for role in roles:
        if str(Role(role).label) not in held:
            grant_role(person, role=role, unit=person.unit, by=context.by, reason=_("Imported"), on=context.on)
    return person


def remove_people(people: Sequence[User], context: Context) -> None:
    """Accounts that were made by a file are deactivated: people are never deleted."""
    for person in people:
        deactivate_person(person, by=context.by, reason=_("Import taken back"), at=context.at, on=context.on)


def _confirm_roles(request: Any, names: Sequence[str]) -> None:
    """Who gives roles by a file decides as who gives them singly."""
    if "roles" not in names:
        return
    if getattr(request.user, "token_prefix", None):
        raise NotPermitted(_("A token cannot decide; sign in as a person."))
    if not confirmed(request):
        raise ReauthenticationRequired


def _visible(user: Any) -> Any:
    return User.objects.visible_to(user).filter(is_program=False).select_related("unit", "manager").order_by("pk")


def _find(text: str, context: Context) -> Any:
    found = context.once("by email", lambda: {one.email.lower(): one for one in _visible(context.by)})
    return found.get(text.lower())


def _may(user: Any) -> str:
    return access_of(user).capacity("person.create")


def _optional(name: str, label: Any, words: Sequence[str]) -> ImportField:
    return text_field(name, label, words=words, most=120)


def _manager(record: User) -> str:
    return record.manager.email if record.manager else ""


_write_email: Callable[[Any], str] = lambda person: str(person.email)  # noqa: E731
PEOPLE = Importable(
    kind="person",
    key="email",
    label=gettext_lazy("People"),
    fields=(
        ImportField("email", gettext_lazy("E-mail"), _email, _write_email, True, ("mail", "e-mail address", "email address")),
        text_field("name", gettext_lazy("Name"), words=("full name", "person", "employee"), required=True, most=120),
        unit_field("unit", gettext_lazy("Unit"), "person.create", required=True, words=("department", "team", "abteilung")),
        _optional("job_title", gettext_lazy("Job title"), ("title", "position", "function")),
        ImportField("manager", gettext_lazy("Superior"), find_person, _manager, words=("manager", "boss", "line manager")),
        ImportField("roles", gettext_lazy("Roles"), _roles, _held, words=("role", "rolle")),
    ),
    may=_may,
    rows=_visible,
    find=_find,
    make=make_person,
    change=alter_person,
    remove=remove_people,
    confirm=_confirm_roles,
)  # fmt: skip
