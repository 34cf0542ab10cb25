"""Assessing, planning, deciding, verifying, accepting: one page each, and the sitting that accepts many."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aims import clock
from aims.errors import WrongState
from aims.services import require
from aims.ui import Crumb, Fact, Header
from risk import cards, policies, services
from risk.forms import (
    AcceptForm,
    AddActionForm,
    AssessForm,
    HarmForm,
    PlanDecisionForm,
    SittingForm,
    TreatForm,
    VerifyForm,
)
from risk.models import Risk, RiskCriteria
from risk.scales import DIMENSIONS
from risk.sittings import waiting
from risk.states import Evaluation, PlanState
from risk.tables import level_badge
from risk.views.base import Decides, RiskAct, RiskView, must_confirm


class Rates(RiskAct):
    """A page that rates: its form knows the criteria in force."""

    template_name = "risk/rate_form.html"

    def form_for(self, record: Any, **kwargs: Any) -> Any:
        return self.form_class(instance=record, user=self.request.user, criteria=self.criteria(), **kwargs)

    def criteria(self) -> RiskCriteria:
        found = RiskCriteria.objects.in_force()
        if found is None:
            raise WrongState(_("No risk criteria are approved yet; nothing can be rated before."))
        return found  # type: ignore[no-any-return]

    def extra(self, record: Any) -> dict[str, Any]:
        return {"rated_by": self.criteria(), "levels": self.criteria().levels}


class RiskAssess(Rates):
    """How likely is it, and how bad for us, for people, for society?"""

    form_class, submit = AssessForm, gettext_lazy("Record the assessment")
    said = gettext_lazy("The assessment is recorded.")

    def may(self, record: Risk) -> str:
        return policies.can_assess_risk(self.request.user, record)

    def heading(self, record: Any) -> str:
        return _("Assess %(title)s") % {"title": record.title}

    def initial(self, record: Any) -> dict[str, Any]:
        return {"trigger": self.request.GET.get("trigger", "planned")}

    def extra(self, record: Risk) -> dict[str, Any]:
        return {**super().extra(record), "compared": cards.comparison(record, most=1) if record.rated else None}

    def perform(self, record: Risk, form: Any) -> Risk:
        data = form.data_for_service()
        by: Any = self.request.user
        more = {"assessors": data.pop("assessors"), "next_review_on": data.pop("next_review_on")}
        services.assess_risk(record, by=by, data=data, on=clock.today(), version=self.version(form), **more)
        return record


class RiskTreat(Rates):
    """What do we do about it, and what will it leave?"""

    form_class, submit = TreatForm, gettext_lazy("Propose the plan")
    said = gettext_lazy("The plan is proposed. Designated management decides on it.")

    def may(self, record: Risk) -> str:
        return policies.can_treat_risk(self.request.user, record)

    def heading(self, record: Any) -> str:
        return _("Plan a treatment of %(title)s") % {"title": record.title}

    def initial(self, record: Any) -> dict[str, Any]:
        plan = record.treatment
        if plan is None:
            return {}
        same = {
            name: getattr(plan, name) for name in ("option", "rationale", "own_controls", "likelihood", *DIMENSIONS)
        }
        return {**same, "controls": list(plan.controls.all())}

    def perform(self, record: Risk, form: Any) -> Risk:
        data = form.data_for_service()
        named = ("option", "rationale", "own_controls", "likelihood", *DIMENSIONS)
        by: Any = self.request.user
        services.propose_treatment(
            record, by=by, data={name: data[name] for name in named}, controls=data["controls"],
            actions=form.actions(), version=self.version(form),
        )  # fmt: skip
        return record


class RiskAddAction(RiskAct):
    """Add a step to the plan."""

    form_class, submit, said = AddActionForm, gettext_lazy("Add the action"), gettext_lazy("Added.")

    def may(self, record: Risk) -> str:
        return policies.can_treat_risk(self.request.user, record)

    def heading(self, record: Any) -> str:
        return _("Add an action")

    def perform(self, record: Risk, form: Any) -> Risk:
        by: Any = self.request.user
        services.add_action(record, by=by, data=form.data_for_service(), version=self.version(form))
        return record


class RiskLinkHarm(RiskAct):
    """Say which harm of an impact assessment this risk stands for."""

    form_class, submit, said = HarmForm, gettext_lazy("Link the harm"), gettext_lazy("Linked.")

    def may(self, record: Risk) -> str:
        return policies.can_change_risk(self.request.user, record)

    def heading(self, record: Any) -> str:
        return _("Link a harm to %(title)s") % {"title": record.title}

    def perform(self, record: Risk, form: Any) -> Risk:
        by: Any = self.request.user
        services.link_harm(record, by=by, harm=form.cleaned_data["harm"], version=self.version(form))
        return record


class PlanDecide(Decides, RiskAct):
    """Is this plan the right answer, and worth its price?"""

    form_class, submit = PlanDecisionForm, gettext_lazy("Record the decision")
    said = gettext_lazy("The decision is recorded.")

    def may(self, record: Risk) -> str:
        return policies.can_approve_plan(self.request.user, record)

    def heading(self, record: Any) -> str:
        return _("Decide on the plan for %(title)s") % {"title": record.title}

    def extra(self, record: Risk) -> dict[str, Any]:
        plan = record.treatment
        if plan is None or plan.state != PlanState.PROPOSED:
            return {"blocked": _("There is no plan to decide on, or somebody decided already.")}
        shown = cards.plan(record)
        facts = [
            Fact(_("Level now"), level_badge(record)),
            Fact(_("Option"), plan.get_option_display()),
            Fact(_("Rationale"), plan.rationale),
            Fact(_("Controls"), [str(control) for control in shown["controls"]] + list(plan.own_controls)),
            Fact(_("Expected to leave"), shown["expected"]),
            Fact(_("Actions"), [f"{a.title} ({a.owner}, {a.due_on})" for a, _badge, _due in shown["actions"]]),
            Fact(_("Proposed by"), plan.proposed_by),
        ]
        return {"facts": [("", facts)]}

    def perform(self, record: Risk, form: Any) -> Risk:
        data: Any = form.cleaned_data
        by: Any = self.request.user
        services.decide_plan(
            record, by=by, approved=data["approved"], reason=data["reason"], conditions=data["conditions"],
            on=clock.today(), version=self.version(form), override=form.override(),
        )  # fmt: skip
        return record


class RiskVerify(Decides, Rates):
    """Did it work, and what is left?"""

    form_class, submit = VerifyForm, gettext_lazy("Record the verdict")
    said = gettext_lazy("The verdict is recorded.")

    def may(self, record: Risk) -> str:
        return policies.can_verify_treatment(self.request.user, record)

    def heading(self, record: Any) -> str:
        return _("Verify the treatment of %(title)s") % {"title": record.title}

    def perform(self, record: Risk, form: Any) -> Risk:
        named = ("verdict", "method", "likelihood", *DIMENSIONS)
        data = {name: form.cleaned_data[name] for name in named}
        by: Any = self.request.user
        services.verify_treatment(
            record, by=by, data=data, on=clock.today(), version=self.version(form), override=form.override()
        )
        return record


class RiskAccept(Decides, RiskAct):
    """Do we live with what is left, until when, on which conditions?"""

    form_class, submit = AcceptForm, gettext_lazy("Accept the residual risk")
    said = gettext_lazy("The acceptance is recorded.")

    def may(self, record: Risk) -> str:
        return policies.can_take_acceptance(self.request.user, record, clock.today())

    def heading(self, record: Any) -> str:
        return _("Accept what is left of %(title)s") % {"title": record.title}

    def extra(self, record: Risk) -> dict[str, Any]:
        if record.evaluation == "unacceptable":
            return {"blocked": _("This level is accepted by nobody: treat or avoid it.")}
        return {
            "facts": [("", [Fact(_("Level now"), level_badge(record)), Fact(_("Who is hit"), record.consequences)])]
        }

    def perform(self, record: Risk, form: Any) -> Risk:
        data: Any = form.cleaned_data
        by: Any = self.request.user
        services.accept_residual_risk(
            record, by=by, reason=data["reason"], conditions=data["conditions"], until=data["until"],
            on=clock.today(), version=self.version(form), override=form.override(),
        )  # fmt: skip
        return record


class Sitting(RiskView):
    """Which risks wait for an acceptance that I may give? Many in one sitting, each recorded singly."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.allowed()
        return self.page(SittingForm(rows=self._waiting()))

    def allowed(self) -> None:
        require(policies.can_sit(self.request.user))
        must_confirm(self.request)

    def _band(self) -> bool:
        """Whether only what lies within the acceptable band is decided on: no plan, accepted as a list once a year."""
        return self.request.GET.get("band") == Evaluation.ACCEPTABLE

    def _waiting(self) -> list[Risk]:
        return waiting(self.rows(), self.request.user, on=clock.today(), band=self._band())

    def post(self, request: HttpRequest) -> HttpResponse:
        self.allowed()
        rows = self._waiting()
        form = SittingForm(request.POST, rows=rows)
        if not form.is_valid():
            return self.page(form, 400)
        chosen = dict(one.rsplit(":", 1) for one in form.cleaned_data["risks"])
        pairs = [(risk, int(chosen[risk.ref])) for risk in rows if risk.ref in chosen]
        data: Any = {name: form.cleaned_data[name] for name in ("reason", "conditions", "until")}
        outcomes = services.accept_many(pairs, by=request.user, on=clock.today(), **data)  # type: ignore[arg-type]
        return self.told(outcomes)

    def told(self, outcomes: list[Any]) -> HttpResponse:
        """Say what became of each; refused ones stay on the list."""
        done = sum(one.acceptance is not None for one in outcomes)
        if done:
            said = ngettext("%(count)d risk accepted.", "%(count)d risks accepted.", done) % {"count": done}
            messages.success(self.request, said)
        for one in outcomes:
            if one.refusal:
                messages.error(self.request, f"{one.risk.ref} {one.risk.title}: {one.refusal}")
        return redirect(self.request.get_full_path())

    def page(self, form: SittingForm, status: int = 200) -> HttpResponse:
        lead = _("What is left of these risks waits for somebody with authority. Each is recorded by itself.")
        header = Header(title=_("Risks to accept"), lead=lead, crumbs=[Crumb(_("Risks"), "/risks/")])
        chosen = form["risks"].value() or []
        rows = [(risk, f"{risk.ref}:{risk.version}", level_badge(risk)) for risk in self._waiting()]
        context = {"header": header, "form": form, "rows": rows, "chosen": chosen, "band": self._band()}
        return render(self.request, "risk/sitting.html", context, status=status)
