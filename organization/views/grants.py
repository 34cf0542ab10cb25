"""Giving and ending roles, and the page that says what each role is for."""

from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import asof, clock
from aims.access import access_of
from aims.errors import Hidden
from aims.forms import ReasonForm
from aims.registry import registry
from aims.ui import Fact, Header, Link
from aims.views.base import PageView
from aims.views.form import FormView
from organization import policies, services
from organization.deciding import Deciding
from organization.forms import GrantForm
from organization.models import UnitGrant, User
from organization.states import Role
from organization.views.base import PeoplePage, allow


class GiveRole(Deciding, PeoplePage, FormView):
    """Gives a person a role."""

    form_class = GrantForm
    submit = gettext_lazy("Give the role")
    said = gettext_lazy("The role is given.")

    def heading(self, record: User) -> str:
        return _("Give %(name)s a role") % {"name": record.name}

    def allowed(self, record: User) -> None:
        may = access_of(self.request.user).capacity("grant.give") if record.pk != self.request.user.pk else ""
        allow(may if record.is_active else "")

    def initial(self, record: Any) -> dict[str, Any]:
        return {"unit": record.unit_id, "valid_from": clock.today()}

    def extra(self, record: Any) -> dict[str, Any]:
        return {"draft": False, "cards": registry.roles.values()}

    def perform(self, record: User, form: Any) -> User:
        services.grant_role(record, by=self.me, on=clock.today(), **form.data_for_service())
        return record


class EndRole(Deciding, PeoplePage, FormView):
    """Ends a role before its time."""

    form_class = ReasonForm
    template_name = "kit/act.html"
    submit = gettext_lazy("End the role")
    said = gettext_lazy("The role has ended.")

    def get_record(self) -> UnitGrant:
        grants = UnitGrant.objects.visible_to(self.request.user).select_related("user", "content_object", "permission")
        found: UnitGrant | None = grants.filter(pk=self.kwargs["ref"]).first()
        if found is None:
            raise Hidden
        return found

    def key(self, record: UnitGrant | User) -> str:
        """The page belongs to who holds the role."""
        return str(record.user_id if isinstance(record, UnitGrant) else record.pk)

    def heading(self, record: UnitGrant) -> str:
        words = {"role": Role(record.role).label, "name": record.user.name}
        return _("End the role %(role)s of %(name)s") % words

    def crumbs(self, record: Any = None) -> list[Any]:
        return super().crumbs(record.user if record is not None else None)

    def allowed(self, record: UnitGrant) -> None:
        allow(policies.can_end_grant(self.request.user, record))

    def extra(self, record: UnitGrant) -> dict[str, Any]:
        facts = [
            Fact(_("Unit"), record.content_object.name),
            Fact(_("From"), record.valid_from),
            Fact(_("Until"), record.valid_until, missing=_("Open")),
            Fact(_("Given because"), record.reason),
        ]
        said = [_("The role stops counting at once, here and in every unit below.")]
        return {"facts": [("", facts)], "consequences": said, "danger": True}

    def perform(self, record: UnitGrant, form: Any) -> UnitGrant:
        reason, version = form.cleaned_data["reason"], self.version(form)
        when = {"at": self.now(), "on": clock.today()}
        return services.end_grant(record, by=self.me, reason=reason, version=version, **when)


class Roles(PageView):
    """What is each role for, what may it do, and who holds it?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        header = Header(
            title=_("Roles"),
            lead=_("A role is a named set of verbs. It is held on a unit and reaches everything below it."),
        )
        holders, cards = _holders(request.user), registry.roles.values()
        roles = [{"card": card, "verbs": _verbs_of(card.id), "holders": holders[card.id]} for card in cards]
        return render(request, "organization/role_list.html", {"header": header, "roles": roles})


def _holders(user: Any) -> dict[str, list[Link]]:
    grants = UnitGrant.objects.visible_to(user).in_force(asof.day()).filter(user__is_active=True)
    found: dict[str, list[Link]] = defaultdict(list)
    for grant in grants.select_related("user", "permission", "content_object").order_by("user__name"):
        words = f"{grant.user.name} ({grant.content_object.name})"
        found[grant.role].append(Link(words, grant.user.get_absolute_url()))
    return found


def _verbs_of(role: str) -> list[tuple[str, list[tuple[str, bool]]]]:
    """Verbs by what they act on, with whether each asks for the password again."""
    found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for verb, roles in sorted(registry.verbs.items()):
        if role in roles:
            kind, _dot, act = verb.partition(".")
            found[_plural(kind)].append((act.replace("_", " "), verb in registry.deciding))
    return sorted(found.items())


def _plural(kind: str) -> str:
    known = registry.kinds.get(kind)
    return str(known.plural) if known else kind.replace("_", " ").capitalize()
