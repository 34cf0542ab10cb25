"""The own account: language and time zone, roles, tokens, recent sign-ins."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from aims import asof, clock
from aims.errors import Hidden
from aims.forms import ReasonForm
from aims.ui import Action, Fact, HeadCell, Header, Register, Row
from aims.views.form import ChangeView, FormView
from organization import policies, services
from organization.deciding import Deciding
from organization.forms import AccountForm, TokenForm
from organization.models import ApiToken, SignIn, UnitGrant, User
from organization.views.base import PeoplePage, allow, grant_table, token_table

RECENT = 10


class OwnPage(PeoplePage):
    """A page about oneself."""

    def subject(self) -> User:
        me: User = User.objects.get(pk=self.request.user.pk)
        return me


class Account(OwnPage):
    """What does AIMS know about me, and who can act in my name?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        me = self.subject()
        grants = UnitGrant.objects.in_force(asof.day()).filter(user=me)
        grants = grants.select_related("permission", "content_object", "user")
        context = {
            "header": self._header(me),
            "facts": [("", self._facts(me))],
            "held": grant_table(request.user, grants, people=False, caption=_("My roles")),
            "tokens": token_table(request.user, me.tokens.select_related("owner")),
            "sign_ins": sign_in_table(me),
        }
        return render(request, "organization/account.html", context)

    def _header(self, me: User) -> Header:
        actions = [Action(_("Language and time zone"), "/me/change/", icon="world", primary=True)]
        if policies.can_issue_token(self.request.user, me):
            actions.append(Action(_("Issue a token"), "/me/tokens/new/", icon="key"))
        return Header(title=_("My account"), actions=actions)

    def _facts(self, me: User) -> list[Fact]:
        return [
            Fact(_("Name"), me.name),
            Fact(_("E-mail"), me.email),
            Fact(_("Job title"), me.job_title, missing=_("Not stated yet")),
            Fact(_("Unit"), me.unit.name),
            Fact(_("Language"), dict(settings.LANGUAGES).get(me.language)),
            Fact(_("Time zone"), me.time_zone),
        ]


# In the order in which they tell themselves apart: Edge also says Chrome, and everybody says Safari.
_BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
_SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


def browser_words(agent: str) -> str:
    """What a browser calls itself, shortened: "Firefox, Windows"."""
    browser = next((name for mark, name in _BROWSERS.items() if mark in agent), agent[:40])
    system = next((name for mark, name in _SYSTEMS.items() if mark in agent), "")
    return f"{browser}, {system}" if system else browser


def sign_in_table(person: User) -> Register:
    """The latest sign-ins, failures and changes of the ways to sign in."""
    head = [HeadCell(key, label) for key, label in [("at", _("When")), ("kind", _("What")), ("how", _("How"))]]
    head.append(HeadCell("agent", _("Browser")))
    found = SignIn.objects.filter(person=person)[:RECENT]
    rows = [Row(cells=[one.at, one.get_kind_display(), one.method, browser_words(one.user_agent)]) for one in found]
    return Register(head=head, rows=rows, total=len(rows), caption=_("Recent sign-ins"))


class AccountChange(OwnPage, ChangeView):
    """Sets language and time zone."""

    form_class = AccountForm
    said = gettext_lazy("Saved.")

    def heading(self, record: Any) -> str:
        return _("Language and time zone")

    def perform(self, record: User, form: Any) -> User:
        return services.change_account(record, data=form.data_for_service(), version=self.version(form))

    def success_url(self, done: Any) -> str:
        return "/me/"


class TokenIssue(Deciding, OwnPage, FormView):
    """Issues a token for oneself, or for a program (`ref` in the address). The secret is shown once."""

    form_class = TokenForm
    submit = pgettext_lazy("token", "Issue")

    def subject(self) -> User:
        found: User = self.get_record() if "ref" in self.kwargs else super().subject()
        return found

    def heading(self, record: User) -> str:
        return _("Issue a token for %(name)s") % {"name": record.name}

    def allowed(self, record: User) -> None:
        allow(policies.can_issue_token(self.request.user, record))

    def extra(self, record: User) -> dict[str, Any]:
        return {"draft": False}

    def perform(self, record: User, form: Any) -> ApiToken:
        data = form.data_for_service()
        token, self.secret = services.issue_token(record, by=self.me, at=clock.now(), **data)
        return token

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = super().post(request, **kwargs)
        secret = getattr(self, "secret", "")
        if not secret:
            return response
        header = Header(title=_("The token is issued"), crumbs=self.crumbs())
        context = {"header": header, "secret": secret, "back": response["Location"]}
        shown = render(request, "organization/token_secret.html", context)
        shown["Cache-Control"] = "no-store"
        return shown


class TokenRevoke(OwnPage, FormView):
    """Kills a token at once."""

    form_class = ReasonForm
    template_name = "kit/act.html"
    submit = gettext_lazy("Revoke")
    said = gettext_lazy("The token is dead.")

    def subject(self) -> ApiToken:  # type: ignore[override]
        tokens = ApiToken.objects.visible_to(self.request.user).select_related("owner")
        found: ApiToken | None = tokens.filter(pk=self.kwargs["ref"]).first()
        if found is None:
            raise Hidden
        return found

    def key(self, record: ApiToken | User) -> str:
        """The page belongs to the token's owner."""
        return str(record.owner_id if isinstance(record, ApiToken) else record.pk)

    def crumbs(self, record: Any = None) -> list[Any]:
        return super().crumbs(record.owner if record is not None else None)

    def heading(self, record: Any) -> str:
        return _("Revoke the token %(name)s") % {"name": record.name}

    def allowed(self, record: Any) -> None:
        allow(policies.can_revoke_token(self.request.user, record))

    def extra(self, record: Any) -> dict[str, Any]:
        return {"danger": True, "consequences": [_("Programs that use it are turned away from now on.")]}

    def perform(self, record: ApiToken, form: Any) -> ApiToken:
        reason, version = form.cleaned_data["reason"], self.version(form)
        return services.revoke_token(record, by=self.me, at=self.now(), version=version, reason=reason)

    def success_url(self, done: Any) -> str:
        return "/me/" if done.owner_id == self.request.user.pk else f"/people/{done.owner_id}/"
