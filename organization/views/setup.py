"""An empty installation asks who it is for; then its first steps lead on, and go away when done."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from aims import clock
from aims.errors import Hidden
from aims.forms import Refusable
from aims.registry import registry
from aims.ui import Header
from aims.views.base import PageView
from organization.models import User, known_time_zone
from organization.services.setup import check_setup, found_organization

LONGEST = 120


class SetupForm(Refusable, forms.Form):
    """The organization, its legal entities, its first AIMS manager."""

    organization = forms.CharField(label=gettext_lazy("Organization"), max_length=120)
    entities = forms.CharField(
        label=gettext_lazy("Legal entities"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line, with a country code when you like: Example GmbH, DE. Units can be added later."),
    )  # fmt: skip
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    time_zone = forms.CharField(label=gettext_lazy("Time zone"), initial="Europe/Berlin", validators=[known_time_zone])
    certification_on = forms.DateField(
        label=gettext_lazy("Certification wanted by"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    name = forms.CharField(label=gettext_lazy("Your name"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("Your e-mail"), max_length=254)
    password = forms.CharField(
        label=gettext_lazy("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 15 characters; a short sentence is easy to keep."),
    )  # fmt: skip
    groups = (
        (gettext_lazy("The organization"), ("organization", "entities", "language", "time_zone", "certification_on")),
        (gettext_lazy("You, the first AIMS manager"), ("name", "email", "password")),
    )

    def fieldsets(self) -> list[tuple[Any, list[Any]]]:
        return [(title, [self[name] for name in names]) for title, names in self.groups]

    def clean_entities(self) -> list[tuple[str, str]]:
        """(name, country) of each line; the country is two letters after the last comma."""
        found = []
        for line in filter(None, (one.strip() for one in self.cleaned_data["entities"].splitlines())):
            name, _comma, country = line.rpartition(",")
            coded = len(country.strip()) == 2 and country.strip().isalpha() and bool(name)
            found.append((name.strip(), country.strip().upper()) if coded else (line, ""))
        if any(len(name) > LONGEST for name, _country in found):
            raise ValidationError(_("A name has at most %(most)s characters.") % {"most": LONGEST})
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password"):
            person = User(email=data.get("email", ""), name=data.get("name", ""))
            try:
                password_validation.validate_password(data["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return data


class Setup(View):
    """Who is this installation for? Answers only to the link that was printed at the start."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            check_setup(kwargs["token"])
        except Hidden as hidden:
            raise Http404(str(hidden.detail)) from hidden
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.page(SetupForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        form = SetupForm(request.POST)
        if not form.is_valid():
            return self.page(form, 400)
        given = dict(form.cleaned_data)
        password, entities = given.pop("password"), given.pop("entities")
        try:
            person = found_organization(token=token, data=given, entities=entities, password=password, on=clock.today())
        except ValidationError as error:
            form.refuse(error)
            return self.page(form, 400)
        get_adapter(request).login(request, person)
        return redirect("first_steps")

    def page(self, form: SetupForm, status: int = 200) -> HttpResponse:
        header = Header(
            title=_("Set up AIMS"), lead=_("A minute, and the register is yours. All of this can be changed later.")
        )
        context = {"header": header, "form": form, "submit": _("Set up"), "draft": False}
        return render(self.request, "organization/setup.html", context, status=status)


class FirstSteps(PageView):
    """What comes first, and what next?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        lead = _("From nothing to a management system one can stand behind. Each step says why it comes now.")
        header = Header(title=_("First steps"), lead=lead)
        return render(request, "organization/first_steps.html", {"header": header, "steps": steps_of(request.user)})


def steps_of(user: Any) -> list[dict[str, Any]]:
    """Every registered step with whether it is done."""
    steps = sorted(registry.first_steps, key=lambda step: step.order)
    return [{"step": step, "done": step.done(user)} for step in steps]


def panel(request: HttpRequest) -> dict[str, Any]:
    """On the home page of who manages the AIMS until everything is done; nothing afterwards."""
    if settings.INSTALLATION_KIND == "demo" or not _manages(request.user):
        return {}
    steps = steps_of(request.user)
    left = [one for one in steps if not one["done"]]
    if not left:
        return {}
    return {
        "template": "organization/_steps_panel.html",
        "next_step": left[0]["step"],
        "done": len(steps) - len(left),
        "all": len(steps),
    }


def _manages(user: Any) -> bool:
    return bool(user.access.capacity("person.create"))
