"""Deciding about an assessment, asking and giving opinions, meeting conditions: one page each."""

from datetime import timedelta
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import clock
from aims.errors import Hidden
from aims.services import unmet_checks
from aims.ui import Fact
from impact import cards, comparison, policies, services
from impact.forms import (
    AllowForm,
    ApproveForm,
    AskForm,
    DoneForm,
    MetForm,
    OpenForm,
    OpinionForm,
    ReasonForm,
    ReferForm,
)
from impact.models import ImpactAssessment
from impact.services.common import cadence
from impact.states import IMPACT, ImpactState, Use
from impact.tables import tier_badge, use_badge
from impact.views.base import ImpactAct, ImpactDeciding

LATER = 90  # days that an approval outlasts the next look, as proposed


class Decision(ImpactDeciding):
    """A page on which one decides: first what changed since one last approved, then opinions, then what is unmet."""

    template_name = "impact/decide.html"
    edge = ""

    def may(self, record: ImpactAssessment) -> str:
        return policies.can_decide(self.request.user, record, clock.today())

    def extra(self, record: ImpactAssessment) -> dict[str, Any]:
        user = self.request.user
        before, differences = comparison.first_to_see(user, record)
        asked = cards.opinions(record, user, writing=False)
        return {
            "compared_with": before,
            "differences": differences,
            "opinions": asked,
            "unheard": cards.unheard(asked),
            "bare": record.impacts.without_measure().select_related("party").order_by("-severity", "-likelihood"),
            "unmet": unmet_checks(record, IMPACT.name, self.edge) if self.edge else [],
            "facts": [("", self.facts(record))],
            "blocked": self.blocked(record),
        }

    def facts(self, record: ImpactAssessment) -> list[Fact]:
        return [
            Fact(_("Tier"), tier_badge(record)),
            Fact(_("Use"), use_badge(record) or record.get_use_display()),
            Fact(_("Version of the system"), str(record.system_version or ""), missing=_("None")),
            Fact(_("Submitted by"), record.submitted_by),
            Fact(_("Written by"), [row.person for row in record.authors.select_related("person")]),
        ]

    def blocked(self, record: ImpactAssessment) -> str:
        return "" if record.state == ImpactState.IN_REVIEW else _("It is not waiting for this decision.")


class ImpactApprove(Decision):
    """May the system be used as assessed?"""

    form_class, submit, edge = ApproveForm, gettext_lazy("Approve"), "approve"
    said = gettext_lazy("The approval is recorded.")

    def heading(self, record: Any) -> str:
        return _("Approve %(title)s") % {"title": record.title}

    def initial(self, record: Any) -> dict[str, Any]:
        return {"valid_until": cadence(record.tier, clock.today()) + timedelta(days=LATER)}

    def blocked(self, record: ImpactAssessment) -> str:
        if record.use == Use.SENSITIVE:
            return _("A sensitive use is approved by the committee, by quorum, without authors. Put it before them.")
        if record.use == Use.RESTRICTED:
            return _("A restricted use cannot be approved: reject it, or put it before top management.")
        if record.use == Use.PROHIBITED:
            return _("What the law prohibits is approved by nobody; reject it.")
        return super().blocked(record)

    def perform(self, record: ImpactAssessment, form: Any) -> ImpactAssessment:
        data, by = form.cleaned_data, self.request.user
        return services.approve_assessment(
            record, by=by, reason=data["reason"], valid_until=data["valid_until"], conditions=data["conditions"],
            on=clock.today(), version=self.version(form), override=form.override(),
        )  # fmt: skip


class ImpactReject(Decision):
    """The system may not be used as assessed."""

    form_class, submit, said = ReasonForm, gettext_lazy("Reject"), gettext_lazy("The rejection is recorded.")

    def may(self, record: ImpactAssessment) -> str:
        if record.state == ImpactState.ESCALATED:
            return policies.can_allow(self.request.user, record)
        return super().may(record)

    def heading(self, record: Any) -> str:
        return _("Reject %(title)s") % {"title": record.title}

    def blocked(self, record: ImpactAssessment) -> str:
        return "" if record.state == ImpactState.ESCALATED else super().blocked(record)

    def perform(self, record: ImpactAssessment, form: Any) -> ImpactAssessment:
        by, reason = self.request.user, form.cleaned_data["reason"]
        return services.reject_assessment(record, by=by, reason=reason, on=clock.today(), version=self.version(form))


class ImpactEscalate(Decision):
    """Put a restricted use before top management."""

    form_class, submit = ReasonForm, gettext_lazy("Put before top management")
    said, edge = gettext_lazy("It is before top management."), "escalate"

    def heading(self, record: Any) -> str:
        return _("Put %(title)s before top management") % {"title": record.title}

    def perform(self, record: ImpactAssessment, form: Any) -> ImpactAssessment:
        by, reason = self.request.user, form.cleaned_data["reason"]
        return services.escalate_assessment(record, by=by, reason=reason, on=clock.today(), version=self.version(form))


class ImpactAllow(Decision):
    """Top management allows what the law allows, on conditions and for a time."""

    form_class, submit, edge = AllowForm, gettext_lazy("Allow it"), "allow"
    said = gettext_lazy("The decision is recorded.")

    def may(self, record: ImpactAssessment) -> str:
        return policies.can_allow(self.request.user, record)

    def heading(self, record: Any) -> str:
        return _("Allow the restricted use: %(title)s") % {"title": record.title}

    def blocked(self, record: ImpactAssessment) -> str:
        return "" if record.state == ImpactState.ESCALATED else _("It is not before top management.")

    def perform(self, record: ImpactAssessment, form: Any) -> ImpactAssessment:
        by = self.request.user
        data = {name: form.cleaned_data[name] for name in ("reason", "conditions", "valid_until")}
        return services.allow_restricted_use(record, by=by, on=clock.today(), version=self.version(form), **data)


class ImpactReturn(ImpactAct):
    """Give it back to its authors."""

    form_class, submit, said = ReasonForm, gettext_lazy("Return it"), gettext_lazy("Returned.")

    def may(self, record: ImpactAssessment) -> str:
        return policies.can_return(self.request.user, record)

    def heading(self, record: Any) -> str:
        return _("Return %(title)s to its authors") % {"title": record.title}

    def perform(self, record: ImpactAssessment, form: Any) -> ImpactAssessment:
        by, reason = self.request.user, form.cleaned_data["reason"]
        return services.return_assessment(record, by=by, reason=reason, on=clock.today(), version=self.version(form))  # type: ignore[arg-type]


class ImpactRefer(ImpactAct):
    """Put it before a committee."""

    form_class, submit = ReferForm, gettext_lazy("Put before the committee")
    said = gettext_lazy("It waits for the committee's next sitting.")

    def may(self, record: ImpactAssessment) -> str:
        return policies.can_refer(self.request.user, record)

    def heading(self, record: Any) -> str:
        return _("Put %(title)s before a committee") % {"title": record.title}

    def perform(self, record: ImpactAssessment, form: Any) -> ImpactAssessment:
        by, committee = self.request.user, form.cleaned_data["committee"]
        services.refer_to_committee(record, committee, by=by, on=clock.today(), version=self.version(form))  # type: ignore[arg-type]
        return record


class ImpactReassess(ImpactAct):
    """Assess again, beginning with what was said last time."""

    form_class, submit = OpenForm, gettext_lazy("Open the assessment")

    def form_for(self, record: Any, **kwargs: Any) -> Any:
        form = super().form_for(record, **kwargs)
        del form.fields["system"], form.fields["template"]
        return form

    def may(self, record: ImpactAssessment) -> str:
        return policies.can_open(self.request.user, record)

    def heading(self, record: Any) -> str:
        return _("Assess again: %(title)s") % {"title": record.title}

    def initial(self, record: Any) -> dict[str, Any]:
        return {"owner": record.owner, "trigger": "planned"}

    def extra(self, record: Any) -> dict[str, Any]:
        return {"consequences": [_("Everything said in %(ref)s is carried over.") % {"ref": record.ref}]}

    def perform(self, record: ImpactAssessment, form: Any) -> ImpactAssessment:
        data = {name: value for name, value in form.data_for_service().items() if value not in (None, "")}
        if record.system is None:
            raise Hidden
        by = self.request.user
        return services.open_assessment(record.system, by=by, on=clock.today(), data=data, predecessor=record)  # type: ignore[arg-type]


class OpinionAsk(ImpactAct):
    """Ask somebody for an opinion."""

    form_class, submit, said = AskForm, gettext_lazy("Ask"), gettext_lazy("Asked.")

    def may(self, record: ImpactAssessment) -> str:
        return policies.can_ask(self.request.user, record)

    def heading(self, record: Any) -> str:
        return _("Ask for an opinion on %(title)s") % {"title": record.title}

    def perform(self, record: ImpactAssessment, form: Any) -> ImpactAssessment:
        services.ask_opinion(record, by=self.request.user, on=clock.today(), **form.data_for_service())  # type: ignore[arg-type]
        return record


class PartAct(ImpactAct):
    """A verb on a row that belongs to the assessment; `rows` names which."""

    rows_of: ClassVar[str] = ""

    def part(self, record: ImpactAssessment) -> Any:
        rows: Any = getattr(record, self.rows_of).select_related("assessment")
        found = rows.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Hidden
        return found

    def allowed(self, record: Any) -> None:
        self.part(record)
        super().allowed(record)


class OpinionGive(PartAct):
    """Say what one thinks."""

    rows_of = "opinions"
    form_class, submit, said = OpinionForm, gettext_lazy("Give the opinion"), gettext_lazy("Your opinion is recorded.")

    def may(self, record: ImpactAssessment) -> str:
        return policies.can_give_opinion(self.request.user, self.part(record))

    def heading(self, record: Any) -> str:
        return _("Your opinion on %(title)s") % {"title": record.title}

    def extra(self, record: Any) -> dict[str, Any]:
        row = self.part(record)
        asked = next(one for one in cards.opinions(record, self.request.user, writing=False) if one.row.pk == row.pk)
        facts = [
            Fact(_("Section"), asked.section),
            Fact(_("What is asked"), row.question, missing=_("Nothing in particular")),
            Fact(_("Asked by"), row.asked_by),
            Fact(_("Answer by"), row.due_on, missing=_("No day")),
        ]
        return {"facts": [("", facts)]}

    def perform(self, record: ImpactAssessment, form: Any) -> ImpactAssessment:
        row = self.part(record)
        data = {name: form.cleaned_data[name] for name in ("verdict", "text")}
        services.give_opinion(row, by=self.request.user, at=clock.now(), **data)  # type: ignore[arg-type]
        return record


class OpinionWithdraw(PartAct):
    """Ask no more."""

    rows_of = "opinions"
    form_class, submit, said = ReasonForm, gettext_lazy("Ask no more"), gettext_lazy("Withdrawn.")

    def may(self, record: ImpactAssessment) -> str:
        return policies.can_ask(self.request.user, record)

    def heading(self, record: Any) -> str:
        return _("Ask no more for this opinion")

    def perform(self, record: ImpactAssessment, form: Any) -> ImpactAssessment:
        row = self.part(record)
        services.withdraw_opinion(row, by=self.request.user, on=clock.today(), reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
        return record


class ConditionMeet(PartAct):
    """Is the condition met?"""

    rows_of = "conditions"
    form_class, submit, said = MetForm, gettext_lazy("It is met"), gettext_lazy("Recorded.")

    def may(self, record: ImpactAssessment) -> str:
        return policies.can_fulfil(self.request.user, record)

    def heading(self, record: Any) -> str:
        return _("Condition: %(text)s") % {"text": self.part(record)}

    def perform(self, record: ImpactAssessment, form: Any) -> ImpactAssessment:
        row = self.part(record)
        services.meet_condition(row, by=self.request.user, note=form.cleaned_data["note"], on=clock.today())  # type: ignore[arg-type]
        return record


class MeasureDone(PartAct):
    """Is the measure in place?"""

    rows_of = "measures"
    form_class, submit, said = DoneForm, gettext_lazy("It is in place"), gettext_lazy("Recorded.")

    def may(self, record: ImpactAssessment) -> str:
        return policies.can_write(self.request.user, record)

    def heading(self, record: Any) -> str:
        return _("In place: %(measure)s") % {"measure": self.part(record)}

    def perform(self, record: ImpactAssessment, form: Any) -> ImpactAssessment:
        result, by = form.cleaned_data["result"], self.request.user
        services.complete_measure(record, self.kwargs["pk"], by=by, on=clock.today(), result=result)  # type: ignore[arg-type]
        return record
