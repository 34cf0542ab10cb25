"""What these pages share: people and units are no governed records and are addressed by their number."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from aims import asof, clock
from aims.errors import Hidden, NotPermitted
from aims.registry import Kind, registry
from aims.ui import HeadCell, Link, Register, Row
from aims.views.base import KindView
from organization import policies
from organization.models import ApiToken, Unit, UnitGrant, User
from organization.states import Role


class NumberedView(KindView):
    """A page of people or units."""

    kind_name: ClassVar[str] = ""

    @property
    def kind(self) -> Kind:
        return registry.kinds[self.kind_name]

    @property
    def me(self) -> User:
        """The person signed in."""
        assert isinstance(self.request.user, User)
        return self.request.user

    def key(self, record: Any) -> str:
        return str(record.pk)

    def get_record(self) -> Any:
        found = self.rows().filter(pk=self.kwargs["ref"]).first()
        if found is None:
            raise Hidden
        return found


class PeoplePage(NumberedView):
    """A page of people."""

    model = User  # type: ignore[assignment]
    kind_name = "person"

    def rows(self) -> Any:
        user = self.request.user
        return User.objects.visible_to(user).with_roles(user).select_related("unit", "manager")


class UnitPage(NumberedView):
    """A page of units."""

    model = Unit  # type: ignore[assignment]
    kind_name = "unit"

    def rows(self) -> Any:
        return Unit.objects.visible_to(self.request.user).select_related("parent", "head")


def allow(capacity: str) -> None:
    """Let the page go on, or 403."""
    if not capacity:
        raise NotPermitted(_("Your roles here do not include this."))


def grant_table(user: Any, grants: Iterable[UnitGrant], *, people: bool, caption: str) -> Register:
    """Roles held, as a bare table: by people (on a unit's page) or on units (on a person's)."""
    first = HeadCell("person", _("Person")) if people else HeadCell("unit", _("Unit"))
    labels = [(_("Role"), "role"), (_("From"), "from"), (_("Until"), "until"), (_("State"), "state"), ("", "end")]
    head = [first, *(HeadCell(key, label) for label, key in labels)]
    rows = [Row(cells=_grant_cells(user, grant, people)) for grant in grants]
    return Register(head=head, rows=rows, total=len(rows), caption=caption)


def _grant_cells(user: Any, grant: UnitGrant, people: bool) -> list[Any]:
    over = grant_state(grant)
    may_end = not over and asof.moment() is None and policies.can_end_grant(user, grant)
    place = Link(str(grant.content_object), grant.content_object.get_absolute_url())
    return [
        Link(str(grant.user), grant.user.get_absolute_url()) if people else place,
        Role(grant.role).label,
        grant.valid_from,
        grant.valid_until,
        over or (_("In force") if grant.valid_from <= asof.day() else _("Not yet")),
        Link(_("End"), f"/grants/{grant.pk}/end/") if may_end else "",
    ]


def grant_state(grant: UnitGrant) -> str:
    """Why a grant no longer counts, or ""."""
    if grant.ended_at:
        return _("Ended: %(reason)s") % {"reason": grant.end_reason}
    if grant.valid_until and grant.valid_until < asof.day():
        return _("Over")
    return ""


def token_table(user: Any, tokens: Iterable[ApiToken]) -> Register:
    """Tokens as a bare table."""
    labels = [_("Name"), _("Begins with"), _("May"), _("Issued"), _("Expires"), _("Last used"), ""]
    rows = [Row(cells=_token_cells(user, token)) for token in tokens]
    head = [HeadCell(str(number), label) for number, label in enumerate(labels)]
    return Register(head=head, rows=rows, total=len(rows), caption=_("API tokens"))


def _token_cells(user: Any, token: ApiToken) -> list[Any]:
    live = token.revoked_at is None and token.expires_at > clock.now()
    last = Link(_("Revoke"), f"/tokens/{token.pk}/revoke/") if live and policies.can_revoke_token(user, token) else ""
    state = last or (_("Revoked") if token.revoked_at else _("Expired"))
    return [
        token.name,
        token.prefix,
        ", ".join(token.scopes),
        token.created_at,
        token.expires_at,
        token.last_used_at,
        state,
    ]
