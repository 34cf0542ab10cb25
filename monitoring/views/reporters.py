"""Concerns for who raises them: a form, one's own cases, and both without a name (control A.3.3)."""

from typing import Any

from allauth.core import ratelimit
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.generic import View

from aims import asof, clock
from aims.errors import Hidden, WrongState
from aims.services import require
from aims.ui import Action, Crumb, Empty, Fact, HeadCell, Header, Register, Row
from aims.views.base import PageView
from aims.views.form import CreateView
from aims.views.register import state_badge
from monitoring import policies, services
from monitoring.forms import AnonymousForm, CodeForm, ConcernForm, SayForm
from monitoring.models import Concern
from monitoring.tables import received_on
from monitoring.views.base import may_be_anonymous, messages, protection
from monitoring.views.concerns import answer_facts

MINE = "/concerns/mine/"


class ConcernRaise(CreateView):
    """Raise a concern by name."""

    model = Concern
    form_class, template_name = ConcernForm, "monitoring/concern_raise.html"
    submit = gettext_lazy("Raise the concern")
    said = gettext_lazy("Thank you. You find what becomes of it here.")

    def heading(self, record: Any) -> str:
        return _("Raise a concern")

    def crumbs(self, record: Any = None) -> list[Crumb]:
        return [Crumb(_("My concerns"), MINE)]

    def allowed(self, record: Any) -> None:
        require(policies.can_raise(self.request.user))

    def extra(self, record: Any) -> dict[str, Any]:
        cancel = Action(_("Cancel"), MINE)
        return {"protection": protection(), "anonymous": may_be_anonymous(), "draft": False, "cancel": cancel}

    def perform(self, record: Any, form: Any) -> Concern:
        by: Any = self.request.user
        return services.raise_concern(by=by, data=form.data_for_service(), at=clock.now(), on=clock.today())

    def success_url(self, done: Any) -> str:
        return f"{MINE}{done.ref}/"


class MyConcerns(PageView):
    """What became of the concerns that I raised?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = list(Concern.objects.raised_by(request.user).order_by("-received_at"))
        raise_one = Action(_("Raise a concern"), "/concerns/new/", icon="plus", primary=True)
        lead = _(
            "What worries you about an AI system of ours or about how we use it. Only you and its handlers see a concern."
        )
        header = Header(_("My concerns"), lead=lead, actions=[raise_one] if asof.moment() is None else ())
        words = (_("What happened"), _("State"), _("Raised"), _("Answer by"))
        head = [HeadCell(f"c{number}", word) for number, word in enumerate(words)]
        cells = [[one.title, state_badge(one), received_on(one), one.answer_by] for one in rows]
        found = [Row(cells=row, url=f"{MINE}{one.ref}/", ref=one.ref) for row, one in zip(cells, rows, strict=True)]
        table = Register(head=head, rows=found, total=len(rows), caption=_("My concerns"))
        empty = Empty(_("You raised no concern by name"), " ".join(protection()), clause="A.3.3", action=raise_one)
        context = {"header": header, "table": table, "empty": None if rows else empty, "anonymous": may_be_anonymous()}
        return render(request, "monitoring/my_concerns.html", context)


class MyConcern(PageView):
    """What is the state of my concern, and what was said to me?"""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        return self.page(self.mine(ref), SayForm())

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        concern, form = self.mine(ref), SayForm(request.POST)
        if not form.is_valid():
            return self.page(concern, form, 400)
        by: Any = request.user
        services.write_to_handlers(concern, by=by, text=form.cleaned_data["text"], at=clock.now())
        return redirect(f"{MINE}{ref}/")

    def mine(self, ref: str) -> Concern:
        found: Concern | None = Concern.objects.raised_by(self.request.user).filter(ref=ref).first()
        if found is None:
            raise Hidden
        return found

    def page(self, concern: Concern, form: SayForm, status: int = 200) -> HttpResponse:
        may = asof.moment() is None and policies.can_write_to_handlers(self.request.user, concern)
        crumbs = [Crumb(_("My concerns"), MINE)]
        header = Header(title=concern.title, ref=concern.ref, badges=[state_badge(concern)], crumbs=crumbs)
        context = {"header": header, **told(concern), "form": form if may else None, "say_url": ""}
        return render(self.request, "monitoring/my_concern.html", context, status=status)


def told(concern: Concern) -> dict[str, Any]:
    """What who raised a concern reads of it: their words, how far it is, the answer, the messages; no name of others."""
    raised = [
        Fact(_("What happened"), concern.told, wide=True),
        Fact(_("State"), state_badge(concern)),
        Fact(_("Received"), concern.received_at),
        Fact(_("Acknowledge by"), concern.acknowledge_by),
        Fact(_("Answer by"), concern.answer_by),
    ]
    answer = [(_("The answer"), answer_facts(concern))] if concern.answered else []
    return {"concern": concern, "facts": [*answer, (_("Your concern"), raised)], "messages_said": messages(concern)}


class AnonymousPage(View):
    """A page without sign-in: it looks at nobody's session, writes down nobody, and can be turned off."""

    action = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_be_anonymous():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def too_often(self) -> bool:
        """Whether this address asked too often; counted like sign-ins, for the time of the limit alone."""
        return not ratelimit.consume(self.request, action=self.action)

    def wait(self) -> HttpResponse:
        answer: HttpResponse = ratelimit.respond_429(self.request)
        return answer

    def show(self, template: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
        header = Header(title=title)
        return render(self.request, template, {"header": header, "draft": False, **context}, status=status)


class AnonymousRaise(AnonymousPage):
    """Raise a concern without a name."""

    action = "raise_concern"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.form(AnonymousForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AnonymousForm(data=request.POST)
        if not form.is_valid():
            return self.form(form, 400)
        if self.too_often():
            return self.wait()
        try:
            made, code = services.raise_anonymously(data=form.data_for_service(), at=clock.now(), on=clock.today())
        except ValidationError as error:
            form.refuse(error)
            return self.form(form, 400)
        return self.show("monitoring/receipt_given.html", _("Your concern came in"), code=code, concern=made)

    def form(self, form: AnonymousForm, status: int = 200) -> HttpResponse:
        title, submit = _("Raise a concern without your name"), _("Raise the concern")
        return self.show("monitoring/anonymous.html", title, status, form=form, submit=submit, protection=protection())


class ReceiptPage(AnonymousPage):
    """Read the answer to a concern that was raised without a name, and write more. The code comes with every request."""

    action = "concern_code"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.ask(CodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        asked = CodeForm(request.POST)
        if not asked.is_valid():
            return self.ask(asked, 400)
        if self.too_often():
            return self.wait()
        code = asked.cleaned_data["code"]
        concern = services.concern_of_code(code)
        if concern is None:
            asked.add_error("code", _("No concern has this code. Look at it once more."))
            return self.ask(asked, 400)
        form = SayForm(request.POST if "text" in request.POST else None)
        if not form.is_bound or not form.is_valid():
            return self.case(concern, code, form, 400 if form.is_bound else 200)
        try:
            services.write_by_code(concern, text=form.cleaned_data["text"], at=clock.now())
        except WrongState as closed:
            concern.refresh_from_db()
            return self.case(concern, code, form, closed.status)
        return self.case(concern, code, SayForm(), said=_("Sent."))

    def ask(self, form: CodeForm, status: int = 200) -> HttpResponse:
        return self.show(
            "monitoring/receipt.html", _("Read the answer"), status, form=form, submit=pgettext("verb", "Open")
        )

    def case(self, concern: Concern, code: str, form: SayForm, status: int = 200, said: str = "") -> HttpResponse:
        open_still = concern.closed_at is None
        return self.show(
            "monitoring/receipt_case.html", concern.title, status, **told(concern), code=code, said=said,
            form=form if open_still else None,
        )  # fmt: skip
