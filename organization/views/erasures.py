"""Erasing a person's data: who asked and why, and the second person's answer. Clause 7.5.3."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import clock, erasures
from aims.access import access_of
from aims.errors import Hidden, NotPermitted
from aims.forms import ReasonForm, Refusable
from aims.models import Erasure
from aims.ui import Action, Badge, Crumb, Empty, Fact, HeadCell, Header, Link, Register, Row
from aims.views.base import PageView
from organization.deciding import Deciding
from organization.models import User
from organization.views.base import allow
from organization.views.people import PersonAct

WHAT_GOES = (
    gettext_lazy("Name, e-mail and job title go from the account and from its whole history, for good."),
    gettext_lazy("What the person did stays, under a number. The seals keep holding."),
)


class AskErasure(PersonAct):
    """Asks; nothing is erased before a second person approves."""

    submit = gettext_lazy("Ask for the erasure")
    said = gettext_lazy("Asked. A second person approves or refuses.")
    consequences = (*WHAT_GOES, gettext_lazy("Do not repeat the person's data in the reason; it is kept."))

    def heading(self, record: User) -> str:
        return _("Erase the data of %(name)s") % {"name": record.name}

    def allowed(self, record: User) -> None:
        allow(erasures.can_erase(self.request.user, record))

    def perform(self, record: User, form: Any) -> Any:
        return erasures.ask_erasure(record, by=self.me, reason=form.cleaned_data["reason"])

    def success_url(self, done: Any) -> str:
        return reverse("erasure_detail", args=[done.pk])


def state_of(erasure: Erasure) -> Badge:
    if erasure.done_at is not None:
        return Badge(_("Erased"), "neutral")
    return Badge(_("Refused"), "bad") if erasure.refused_at is not None else Badge(_("Waits for approval"), "warn")


class Erasures(PageView):
    """Whose data were to be erased, who asked, who approved?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not access_of(request.user).capacity(erasures.VERB):
            raise NotPermitted
        labels = [_("Whose data"), _("Asked"), _("By"), _("Reason"), _("State"), _("Decided by")]
        rows = [_row(erasure, row) for erasure, row in erasures.erasures_of(request.user)]
        register = Register(
            head=[HeadCell(str(number), label) for number, label in enumerate(labels)],
            rows=rows,
            total=len(rows),
            caption=_("Erasures"),
            empty=None if rows else _nothing(),
        )
        lead = _("Personal data that were asked to be erased. Two people decide; the seals keep holding.")
        header = Header(title=_("Erasures"), lead=lead)
        return render(request, "kit/register.html", {"header": header, "register": register})


def _row(erasure: Erasure, row: Any) -> Row:
    decided = erasure.approved_by or erasure.refused_by
    address = reverse("erasure_detail", args=[erasure.pk])
    cells = [Link(str(row), address), erasure.asked_at, erasure.asked_by, erasure.reason, state_of(erasure), decided]
    return Row(cells=cells, url=address)


def _nothing() -> Empty:
    text = _("Who left may ask that their data go. Deactivate the account; then ask for it on the person's page.")
    return Empty(title=_("Nothing was asked for"), text=text, clause="7.5.3")


class ErasureView(PageView):
    """Base: an erasure that this person may decide about, or 404."""

    def pair(self) -> tuple[Erasure, Any]:
        for erasure, row in erasures.erasures_of(self.request.user):
            if erasure.pk == self.kwargs["number"]:
                return erasure, row
        raise Hidden

    def header(self, title: str, **more: Any) -> Header:
        return Header(title=title, crumbs=[Crumb(_("Erasures"), reverse("erasure_list"))], **more)


class ErasurePage(ErasureView):
    """What is to go, why, and what do I say?"""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        erasure, row = self.pair()
        header = self.header(
            _("Erase the data of %(name)s") % {"name": row},
            badges=[state_of(erasure)],
            actions=self.actions(erasure),
        )
        context = {"header": header, "facts": [("", _facts(erasure, row))], "notes": self.notes(erasure)}
        return render(request, "kit/record.html", context)

    def actions(self, erasure: Erasure) -> list[Action]:
        if erasure.done_at or erasure.refused_at:
            return []
        refuse = Action(_("Refuse"), reverse("erasure_refuse", args=[erasure.pk]), icon="ban")
        if erasure.asked_by_id == self.request.user.pk:
            return [refuse]
        address = reverse("erasure_approve", args=[erasure.pk])
        return [Action(_("Approve and erase"), address, icon="eraser", danger=True, primary=True), refuse]

    def notes(self, erasure: Erasure) -> list[tuple[str, str]]:
        if erasure.asked_by_id == self.request.user.pk and not (erasure.done_at or erasure.refused_at):
            return [("info", _("You asked for this; a second person approves it."))]
        return []


def _facts(erasure: Erasure, row: Any) -> list[Fact]:
    found = [
        Fact(_("Whose data"), Link(str(row), row.get_absolute_url())),
        Fact(_("Asked"), erasure.asked_at),
        Fact(_("By"), erasure.asked_by),
        Fact(_("Reason"), erasure.reason, wide=True),
        Fact(_("Approved by"), erasure.approved_by),
        Fact(_("Erased"), erasure.done_at),
        Fact(_("Refused by"), erasure.refused_by),
        Fact(_("Refused"), erasure.refused_at),
        Fact(_("Why it was refused"), erasure.refusal, wide=True),
    ]
    return [fact for fact in found if fact.value not in (None, "")]


class ErasureAct(Deciding, ErasureView):
    """One answer to an erasure."""

    submit: ClassVar[Any] = ""
    consequences: ClassVar[Any] = ()
    form_class: ClassVar[Any] = ReasonForm

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        erasure, row = self.pair()
        return self.page(erasure, row, self.form_class(user=request.user))

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        (erasure, row), form = self.pair(), self.form_class(request.POST, user=request.user)
        if not form.is_valid():
            return self.page(erasure, row, form, 400)
        try:
            self.perform(erasure, form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
            return self.page(erasure, row, form, 400)
        return redirect("erasure_detail", number=number)

    def perform(self, erasure: Erasure, data: dict[str, Any]) -> None:
        raise NotImplementedError

    def page(self, erasure: Erasure, row: Any, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "header": self.header(f"{self.submit}: {row}"),
            "facts": [("", _facts(erasure, row))],
            "form": form,
            "submit": self.submit,
            "consequences": self.consequences,
            "danger": True,
            "cancel": Action(_("Back"), reverse("erasure_detail", args=[erasure.pk])),
        }
        return render(self.request, "kit/act.html", context, status=status)


class ApproveForm(Refusable, forms.Form):
    """Nothing to fill in: the reason is the one given when it was asked for."""

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class ApproveErasure(ErasureAct):
    """A second person approves; the data go at once."""

    submit, consequences, form_class = gettext_lazy("Approve and erase"), WHAT_GOES, ApproveForm

    def perform(self, erasure: Erasure, data: dict[str, Any]) -> None:
        erasures.approve_erasure(erasure, by=self.request.user, at=clock.now())


class RefuseErasure(ErasureAct):
    """The data stay; the reason is kept."""

    submit = gettext_lazy("Refuse")

    def perform(self, erasure: Erasure, data: dict[str, Any]) -> None:
        erasures.refuse_erasure(erasure, by=self.request.user, at=clock.now(), reason=data["reason"])
