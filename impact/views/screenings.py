"""Screening: the register, one screening, answering, deciding about one and about many."""

from collections.abc import Sequence
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aims import clock
from aims.errors import Hidden
from aims.services import require
from aims.ui import Action, Crumb, Empty, Fact, Header
from aims.views.act import ActView
from aims.views.form import CreateView
from aims.views.record import RecordView
from aims.views.register import RegisterView, state_badge
from impact import policies, questions, services
from impact.forms import BulkDecisionForm, DecidingForm, QuestionsForm, ReasonForm
from impact.models import Screening
from impact.states import ScreeningState
from impact.tables import SCREENINGS, system_link, tier_badge, use_badge
from impact.views.base import ScreeningView
from inventory.countries import country_name
from inventory.models import AISystem
from organization.deciding import Decides, confirmed


class ScreeningList(ScreeningView, RegisterView):
    """Which systems are screened, into which tier, and what waits?"""

    table = SCREENINGS
    lead = gettext_lazy("A few questions say how much assessment a system needs. The lowest tier wants an approver.")

    def actions(self) -> list[Action]:
        found = []
        if policies.can_approve_screening(self.request.user):
            found.append(Action(_("Approve many"), "/screenings/decide/", icon="rubber-stamp"))
        if policies.can_screen(self.request.user):
            found += [
                Action(_("Screen many"), "/screenings/sitting/", icon="list-check"),
                Action(_("Screen a system"), "/screenings/new/", icon="plus", primary=True),
            ]
        return found

    def empty(self) -> Empty:
        return Empty(
            title=_("No system is screened yet"),
            text=_("Thirteen questions about people, groups, society, use, misuse and law put a system into a tier."),
            clause="6.1.4, A.5.2",
            action=Action(_("Screen many"), "/screenings/sitting/", primary=True)
            if policies.can_screen(self.request.user)
            else None,
        )


class ScreeningDetail(ScreeningView, RecordView):
    """Which tier, and why?"""

    summary_template = "impact/screening_detail.html"

    def badges(self, record: Screening) -> list[Any]:
        return [one for one in (state_badge(record), tier_badge(record), use_badge(record)) if one]

    def strip(self, record: Screening) -> Sequence[Fact]:
        return [
            Fact(_("AI system"), system_link(record)),
            Fact(_("Answered by"), record.answered_by),
            Fact(_("Decided by"), record.decided_by, missing=_("Nobody yet")),
            Fact(_("In force since"), record.decided_on, missing=_("Not in force")),
            Fact(_("Next look"), record.due_on, missing=_("By the assessment")),
        ]

    def facts(self, record: Screening) -> Sequence[tuple[Any, Sequence[Fact]]]:
        said = [
            Fact(_("Reasons"), "\n".join(record.reasons)),
            Fact(_("Jurisdictions"), [country_name(code) for code in record.jurisdictions], missing=_("Not said")),
            Fact(_("Note"), record.note, missing=_("None")),
            Fact(_("Reason of the decision"), record.decision, missing=_("None yet")),
        ]
        return [(_("What follows"), said)]

    def actions(self, record: Screening) -> list[Action]:
        url, user = record.get_absolute_url(), self.request.user
        found = []
        if record.system is not None and policies.can_screen(user, record.system) and record.state != "proposed":
            found.append(Action(_("Screen again"), f"/screenings/new/?system={record.system.ref}", icon="refresh"))
        if record.state == ScreeningState.PROPOSED and policies.can_approve_screening(user, record):
            found += [
                Action(_("Return"), f"{url}return/", icon="arrow-back-up"),
                Action(_("Approve"), f"{url}approve/", icon="signature", primary=True),
            ]
        return found

    def extra(self, record: Screening) -> dict[str, Any]:
        words = dict(QuestionsForm.answered)
        held = [
            (
                one,
                words.get(record.answers.get(one["id"], [""])[0], ""),
                (record.answers.get(one["id"], ["", ""])[1:] or [""])[0],
            )
            for one in questions.screening_questions(record.edition)
        ]
        return {"answers": held}


class ScreeningCreate(CreateView):
    """Answer the questions about a system."""

    model, form_class, template_name = Screening, QuestionsForm, "impact/screen.html"
    submit = gettext_lazy("Record the answers")

    def system(self) -> AISystem:
        ref = self.request.GET.get("system", "").upper()
        found: AISystem | None = AISystem.objects.visible_to(self.request.user).filter(ref=ref).first()
        if found is None:
            raise Hidden
        return found

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.GET.get("system"):
            require(policies.can_screen(request.user))
            return redirect("screening_sitting")
        return super().get(request, **kwargs)

    def allowed(self, record: Any) -> None:
        require(policies.can_screen(self.request.user, self.system()))

    def form_for(self, record: Any, **kwargs: Any) -> Any:
        return QuestionsForm(edition=questions.latest("screening"), user=self.request.user, **kwargs)

    def initial(self, record: Any) -> dict[str, Any]:
        """What was answered last time, when the questions are the same."""
        last = Screening.objects.filter(system=self.system()).order_by("-pk").first()
        system = self.system()
        given: dict[str, Any] = {"jurisdictions": system.regions}
        if last is not None and last.edition == questions.latest("screening"):
            for name, said in last.answers.items():
                given |= {f"q_{name}": said[0], f"n_{name}": said[1] if len(said) > 1 else ""}
        return given

    def heading(self, record: Any) -> str:
        return _("Screen %(system)s") % {"system": self.system().title}

    def extra(self, record: Any) -> dict[str, Any]:
        return {"system": self.system()}

    def perform(self, record: Any, form: Any) -> Screening:
        by, data = self.request.user, form.data_for_service()
        return services.screen_system(self.system(), by=by, on=clock.today(), **data)  # type: ignore[arg-type]


class ScreeningApprove(Decides, ScreeningView, ActView):
    """Is this tier enough?"""

    form_class, submit, said = DecidingForm, gettext_lazy("Approve"), gettext_lazy("The tier is in force.")

    def may(self, record: Screening) -> str:
        return policies.can_approve_screening(self.request.user, record)

    def heading(self, record: Any) -> str:
        return _("Approve the tier of %(title)s") % {"title": record.title}

    def extra(self, record: Screening) -> dict[str, Any]:
        if record.state != ScreeningState.PROPOSED:
            return {"blocked": _("It is not waiting for an approver.")}
        facts = [Fact(_("Tier"), tier_badge(record)), Fact(_("Reasons"), "\n".join(record.reasons))]
        return {"facts": [("", facts)]}

    def perform(self, record: Screening, form: Any) -> Screening:
        by, reason = self.request.user, form.cleaned_data["reason"]
        return services.approve_screening(
            record, by=by, reason=reason, on=clock.today(), version=self.version(form), override=form.override()
        )  # fmt: skip


class ScreeningReturn(Decides, ScreeningView, ActView):
    """Give it back to who answered."""

    form_class, submit, said = ReasonForm, gettext_lazy("Return it"), gettext_lazy("Returned.")

    def may(self, record: Screening) -> str:
        return policies.can_approve_screening(self.request.user, record)

    def heading(self, record: Any) -> str:
        return _("Return %(title)s") % {"title": record.title}

    def perform(self, record: Screening, form: Any) -> Screening:
        by, reason = self.request.user, form.cleaned_data["reason"]
        return services.return_screening(record, by=by, reason=reason, on=clock.today(), version=self.version(form))


class ScreeningDecide(ScreeningView):
    """Which proposed tiers wait for me? Many in one sitting, each decided by itself."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.opened()
        return self.page(BulkDecisionForm(rows=self.waiting(), user=request.user))

    def opened(self) -> None:
        require(policies.can_approve_screening(self.request.user))
        if not confirmed(self.request):
            raise ReauthenticationRequired

    def waiting(self) -> list[Screening]:
        rows = self.rows().waiting().order_by("pk")[: services.MOST]
        user: Any = self.request.user
        return [row for row in rows if policies.can_approve_screening(user, row) and row.answered_by_id != user.pk]

    def post(self, request: HttpRequest) -> HttpResponse:
        self.opened()
        waiting = self.waiting()
        form = BulkDecisionForm(request.POST, rows=waiting, user=request.user)
        if not form.is_valid():
            return self.page(form, 400)
        chosen = dict(one.rsplit(":", 1) for one in form.cleaned_data["screenings"])
        pairs = [(row, int(chosen[row.ref])) for row in waiting if row.ref in chosen]
        by, reason = request.user, form.cleaned_data["reason"]
        outcomes = services.approve_many(pairs, by=by, reason=reason, on=clock.today())  # type: ignore[arg-type]
        done = sum(one.screening is not None for one in outcomes)
        if done:
            said = ngettext("%(count)d screening approved.", "%(count)d screenings approved.", done)
            messages.success(request, said % {"count": done})
        for one in outcomes:
            if one.refusal:
                messages.error(request, f"{one.subject.ref} {one.subject.title}: {one.refusal}")
        return redirect("screening_decide")

    def page(self, form: BulkDecisionForm, status: int = 200) -> HttpResponse:
        lead = _(
            "The lowest tier, and every lower one, waits for an approver. Yours do not show: somebody else decides."
        )
        header = Header(title=_("Screenings to approve"), lead=lead, crumbs=[Crumb(_("Screenings"), "/screenings/")])
        rows = [(row, f"{row.ref}:{row.version}", tier_badge(row), system_link(row)) for row in self.waiting()]
        context = {"header": header, "form": form, "rows": rows, "chosen": form["screenings"].value() or []}
        return render(self.request, "impact/screening_decide.html", context, status=status)
