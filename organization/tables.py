"""The registers of people, units, roles held and tokens, each declared once for page, export and API."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from aims.listing import Column, Filter, Table
from aims.ui import Badge, Link
from organization.models import Unit, UnitGrant, User
from organization.states import Role, UnitKind


def account_badge(person: User) -> Badge:
    """Whether the account is in use, as a badge."""
    if not person.is_active:
        return Badge(str(_("Left")), "neutral", "user-circle")
    if person.is_program:
        return Badge(str(_("Program")), "info", "cpu")
    return Badge(str(_("Active")), "good")


def role_words(grant: UnitGrant) -> str:
    """A role with its place: "Reader (Hamburg)"."""
    return f"{Role(grant.role).label} ({grant.content_object})"


def _held(person: User) -> list[str]:
    return [role_words(grant) for grant in getattr(person, "held", ())]


def _unit_choices(user: Any) -> list[tuple[str, Any]]:
    return [(str(pk), name) for pk, name in Unit.objects.visible_to(user).values_list("pk", "name")]


PEOPLE = Table(
    kind="person",
    columns=[
        Column("name", _("Name"), lambda p: p.name, sort="name"),
        Column("job_title", _("Job title"), lambda p: p.job_title, sort="job_title"),
        Column("unit", _("Unit"), lambda p: p.unit.name, sort="unit__name"),
        Column("roles", _("Roles"), _held, lambda p: "; ".join(_held(p))),
        Column("email", _("E-mail"), lambda p: p.email, sort="email"),
        Column("account", _("Account"), account_badge, lambda p: account_badge(p).label),
    ],
    filters=[
        Filter("unit", _("Unit"), _unit_choices, field="unit_id"),
        Filter("active", _("Account"), lambda _user: [("True", _("Active")), ("False", _("Left"))], field="is_active"),
        Filter(
            "program", _("Kind"), lambda _user: [("False", _("Person")), ("True", _("Program"))], field="is_program"
        ),
    ],
    search=("name", "email", "job_title"),
    related=("unit", "manager"),
    sort="name",
    extra_sorts=("joined_at",),
)

UNITS = Table(
    kind="unit",
    columns=[
        Column("name", _("Name"), lambda u: u.name, sort="name"),
        Column("kind", _("Kind"), lambda u: u.get_kind_display(), sort="kind"),
        Column("country", _("Country"), lambda u: u.country, sort="country"),
        Column("parent", _("Part of"), lambda u: u.parent and u.parent.name),
        Column("head", _("Head"), lambda u: u.head and u.head.name),
    ],
    filters=[Filter("kind", _("Kind"), lambda _user: UnitKind.choices, field="kind")],
    search=("name",),
    related=("parent", "head"),
    sort="name",
    extra_sorts=(),
)

GRANTS = Table(
    kind="grant",
    columns=[
        Column("person", _("Person"), lambda g: Link(str(g.user), g.user.get_absolute_url()), sort="user__name"),
        Column("role", _("Role"), lambda g: Role(g.role).label, sort="permission__codename"),
        Column("unit", _("Unit"), lambda g: g.content_object.name, sort="content_object__name"),
        Column("valid_from", _("From"), lambda g: g.valid_from, sort="valid_from"),
        Column("valid_until", _("Until"), lambda g: g.valid_until, sort="valid_until"),
    ],
    filters=[
        Filter("role", _("Role"), lambda _user: Role.choices, field="permission__codename"),
        Filter("unit", _("Unit"), _unit_choices, field="content_object_id"),
        Filter(
            "person",
            _("Person"),
            lambda user: [(str(pk), name) for pk, name in User.objects.visible_to(user).values_list("pk", "name")],
            field="user_id",
        ),
        Filter(
            "ended",
            _("Ended"),
            lambda _user: [("False", _("No")), ("True", _("Yes"))],
            apply=lambda rows, values: rows.filter(ended_at__isnull="False" in values) if len(values) == 1 else rows,
        ),
    ],
    search=("user__name", "user__email", "content_object__name"),
    related=("user", "content_object", "permission", "granted_by"),
    sort="-valid_from",
    extra_sorts=(),
)

TOKENS = Table(
    kind="token",
    columns=[
        Column("name", _("Name"), lambda t: t.name, sort="name"),
        Column("expires_at", _("Expires"), lambda t: t.expires_at, sort="expires_at"),
        Column("created_at", _("Issued"), lambda t: t.created_at, sort="created_at"),
    ],
    search=("name", "prefix"),
    related=("owner",),
    sort="-created_at",
    extra_sorts=(),
)
