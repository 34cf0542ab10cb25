"""The register of people, one person, and what may be done to an account."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import asof, clock
from aims.access import access_of
from aims.erasures import can_erase
from aims.errors import Hidden
from aims.forms import ReasonForm
from aims.listing import Column
from aims.ui import Action, Badge, Empty, Fact, Header, Link, Row, Tab
from aims.views.form import ChangeView, CreateView, FormView
from aims.views.record import RecordView
from aims.views.register import RegisterView
from organization import policies, services
from organization.deciding import Deciding
from organization.forms import ChangePersonForm, DeactivateForm, PersonForm
from organization.histories import person_history
from organization.models import UnitGrant, User
from organization.services.handover import holdings
from organization.tables import PEOPLE, account_badge
from organization.views.account import sign_in_table
from organization.views.base import PeoplePage, allow, grant_table, token_table


class PersonList(PeoplePage, RegisterView):
    """Who is here, in which unit, with which roles?"""

    table = PEOPLE
    lead = gettext_lazy("Who works with the AI management system, where, and in which roles.")

    def actions(self) -> list[Action]:
        if not access_of(self.request.user).capacity("person.create"):
            return []
        return [Action(_("Add a person"), "/people/new/", icon="plus", primary=True)]

    def row(self, record: Any, columns: list[Column]) -> Row:
        return Row(cells=[column.cell(record) for column in columns], url=record.get_absolute_url())

    def empty(self) -> Empty:
        return Empty(title=_("Nobody yet"), text=str(self.lead), clause="5.3")


class PersonDetail(PeoplePage, RecordView):
    """Who is this, what may they do, until when?"""

    summary_template = "organization/person_detail.html"

    def lead(self, record: User) -> str:
        return record.job_title

    def badges(self, record: User) -> list[Badge]:
        return [account_badge(record)]

    def header(self, record: User) -> Header:
        return Header(
            title=record.name,
            badges=self.badges(record),
            lead=self.lead(record),
            crumbs=self.crumbs(),
            actions=self.actions(record) if asof.moment() is None else (),
        )

    def actions(self, record: User) -> list[Action]:
        user, url = self.request.user, record.get_absolute_url()
        found = []
        if policies.can_change_person(user, record):
            found.append(Action(_("Change"), f"{url}change/", icon="pencil", primary=True))
        if record.is_active and access_of(user).capacity("grant.give") and record.pk != user.pk:
            found.append(Action(_("Give a role"), f"{url}grant/", icon="user-check"))
        if record.is_active and record.is_program and policies.can_issue_token(user, record):
            found.append(Action(_("Issue a token"), f"{url}tokens/new/", icon="key"))
        return [*found, *self._account_actions(record, url)]

    def _account_actions(self, record: User, url: str) -> list[Action]:
        user = self.request.user
        found = []
        invited = record.is_active and not record.is_program and not record.last_login
        if invited and policies.can_change_person(user, record):
            found.append(Action(_("Invite again"), f"{url}invite/", method="post", icon="mail"))
        if policies.can_deactivate_person(user, record):
            if record.is_active:
                found.append(Action(_("Deactivate"), f"{url}deactivate/", icon="ban", danger=True))
            else:
                found.append(Action(_("Reactivate"), f"{url}reactivate/", icon="user-check"))
        if not record.is_active and can_erase(user, record):
            found.append(Action(_("Erase personal data"), f"{url}erase/", icon="eraser", danger=True))
        return found

    def facts(self, record: User) -> Sequence[tuple[Any, Sequence[Fact]]]:
        seen = access_of(self.request.user).seen_units
        unit = Link(record.unit.name, record.unit.get_absolute_url()) if record.unit_id in seen else record.unit.name
        groups = [
            Fact(_("E-mail"), record.email),
            Fact(_("Unit"), unit),
            Fact(_("Job title"), record.job_title, missing=_("Not stated yet")),
            Fact(_("Superior"), record.manager and record.manager.name, missing=_("Not stated yet")),
        ]
        return [("", [*groups, *self._reviewed(record)])]

    def _reviewed(self, record: User) -> list[Fact]:
        """What only reviewers and the person see."""
        if not may_review(self.request.user, record):
            return []
        return [
            Fact(_("Here since"), record.joined_at),
            Fact(_("Last signed in"), record.last_login, missing=_("Never")),
            Fact(_("Language"), dict(settings.LANGUAGES).get(record.language)),
            Fact(_("Time zone"), record.time_zone),
        ]

    def extra(self, record: User) -> dict[str, Any]:
        user = self.request.user
        grants = UnitGrant.objects.visible_to(user).filter(user=record)
        if not may_review(user, record):
            grants = grants.in_force(asof.day())
        grants = grants.select_related("permission", "content_object", "user").order_by("ended_at", "-valid_from", "pk")
        tokens = record.tokens.visible_to(user).select_related("owner")
        return {
            "held": grant_table(user, grants, people=False, caption=_("Roles")),
            "tokens": token_table(user, tokens) if record.is_program and tokens else None,
            "sign_ins": sign_in_table(record) if may_review(user, record) and asof.moment() is None else None,
        }

    def tabs(self, record: User, current: str) -> list[Tab]:
        found = super().tabs(record, current)
        return found if may_review(self.request.user, record) else []

    def _history(self, record: User) -> dict[str, Any]:
        if not may_review(self.request.user, record):
            raise Hidden
        return {"entries": person_history(record)}


def may_review(user: Any, person: User) -> bool:
    """Whether history, ended roles and sign-in facts show: to oneself and to those who review people there."""
    return bool(user.pk == person.pk or policies.can_review_person(user, person))


class PersonCreate(PeoplePage, CreateView):
    """Makes an account and sends the link to choose a password."""

    form_class = PersonForm
    submit = gettext_lazy("Add")
    said = gettext_lazy("The account is there; people get a mail with a link to choose their password.")

    def heading(self, record: Any) -> str:
        return _("Add a person")

    def initial(self, record: Any) -> dict[str, Any]:
        """Most people live where the manager does."""
        return {"language": self.me.language, "time_zone": self.me.time_zone, **super().initial(record)}

    def allowed(self, record: Any) -> None:
        allow(access_of(self.request.user).capacity("person.create"))

    def perform(self, record: Any, form: Any) -> User:
        return services.create_person(by=self.me, data=form.data_for_service())


class PersonChange(PeoplePage, ChangeView):
    """Changes name, title, unit and superior."""

    form_class = ChangePersonForm

    def allowed(self, record: Any) -> None:
        allow(policies.can_change_person(self.request.user, record))

    def perform(self, record: User, form: Any) -> User:
        data, version = form.data_for_service(), self.version(form)
        return services.change_person(record, by=self.me, data=data, version=version)


class PersonAct(Deciding, PeoplePage, FormView):
    """A verb on an account that asks for a reason."""

    form_class = ReasonForm
    template_name = "kit/act.html"
    consequences: ClassVar[Sequence[Any]] = ()

    def allowed(self, record: Any) -> None:
        allow(policies.can_deactivate_person(self.request.user, record))

    def extra(self, record: Any) -> dict[str, Any]:
        return {"consequences": self.consequences, "danger": True}


class Deactivate(PersonAct):
    """The person leaves; what they hold goes to somebody else in the same step."""

    form_class = DeactivateForm
    submit = gettext_lazy("Deactivate")
    said = gettext_lazy("The account is deactivated.")
    consequences = (
        gettext_lazy("Sessions and tokens end at once, and every role stops counting."),
        gettext_lazy("What the person did stays in the history under their name."),
    )

    def heading(self, record: User) -> str:
        return _("Deactivate %(name)s") % {"name": record.name}

    def extra(self, record: Any) -> dict[str, Any]:
        held = [Fact(one.label, Link(str(one.number), one.url) if one.url else one.number) for one in holdings(record)]
        return {
            **super().extra(record),
            "facts": [(_("What %(name)s holds") % {"name": record.name}, held)] if held else [],
        }

    def perform(self, record: User, form: Any) -> User:
        when = {"at": self.now(), "on": clock.today(), "version": self.version(form)}
        given = {name: form.cleaned_data[name] for name in ("reason", "successor")}
        return services.deactivate_person(record, by=self.me, **given, **when)


class Reactivate(PersonAct):
    """The person is back."""

    submit = gettext_lazy("Reactivate")
    said = gettext_lazy("The account is active again.")
    consequences = (gettext_lazy("Roles that have not ended count again. Tokens stay dead."),)

    def heading(self, record: User) -> str:
        return _("Reactivate %(name)s") % {"name": record.name}

    def perform(self, record: User, form: Any) -> User:
        reason, version = form.cleaned_data["reason"], self.version(form)
        return services.reactivate_person(record, by=self.me, reason=reason, version=version)


class Invite(PeoplePage):
    """Sends the link to choose a password again."""

    def post(self, request: HttpRequest, ref: int) -> HttpResponse:
        person = self.get_record()
        services.invite_person(person, by=self.me, at=clock.now())
        messages.success(request, _("The mail is on its way."))
        return redirect(person.get_absolute_url())
