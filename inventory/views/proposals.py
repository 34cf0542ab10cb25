"""Proposals of AI uses: the register, proposing, triage."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from aims import clock
from aims.services import require
from aims.ui import Action, Empty, Fact, Link
from aims.views.form import CreateView, FormView
from aims.views.record import RecordView
from aims.views.register import RegisterView
from inventory import policies, services
from inventory.models import AISystem, Proposal
from inventory.proposal_forms import ProposalForm, TriageForm
from inventory.proposal_states import ProposalState
from inventory.proposal_tables import PROPOSALS


class ProposalList(RegisterView):
    """What was proposed, and what became of it?"""

    model, table = Proposal, PROPOSALS
    lead = gettext_lazy("AI uses that people proposed or files brought up. Every answer stays, “not AI” too.")

    def actions(self) -> list[Action]:
        return [Action(_("Propose an AI use"), "/proposals/new/", icon="plus", primary=True)]

    def empty(self) -> Empty:
        text = _("Anybody may propose a use of AI in three fields; who keeps the register answers with a reason.")
        return Empty(_("Nothing was proposed yet"), text, clause="4.3", action=self.actions()[0])


class ProposalCreate(CreateView):
    """Propose a use of AI."""

    model = Proposal
    form_class = ProposalForm
    submit = gettext_lazy("Propose")
    said = gettext_lazy("Thank you. You find the answer here.")

    def heading(self, record: Any) -> str:
        return _("Propose an AI use")

    def allowed(self, record: Any) -> None:
        require(policies.can_propose(self.request.user))

    def perform(self, record: Any, form: Any) -> Proposal:
        return services.propose_use(by=self.request.user, data=form.data_for_service())  # type: ignore[arg-type]


class ProposalDetail(RecordView):
    """What is it, and what was answered?"""

    model = Proposal

    def rows(self) -> Any:
        return super().rows().select_related("system", "answered_by")

    def actions(self, record: Proposal) -> list[Action]:
        if record.state != ProposalState.PROPOSED or not policies.can_triage(self.request.user, record.unit):
            return []
        return [Action(_("Answer"), f"{record.get_absolute_url()}triage/", icon="gavel", primary=True)]

    def facts(self, record: Proposal) -> Sequence[tuple[Any, Sequence[Fact]]]:
        proposed = [
            Fact(_("What it would do, and for whom"), record.purpose, wide=True),
            Fact(_("Product or model"), record.tool, missing=_("Not stated")),
            Fact(_("Source"), record.get_source_display()),
            Fact(_("Proposed by"), record.owner),
            Fact(_("Unit"), record.unit.name),
        ]
        groups = [(_("The proposal"), proposed)]
        if record.state != ProposalState.PROPOSED:
            return [*groups, (_("The answer"), self._answer(record))]
        alike = AISystem.objects.visible_to(self.request.user).in_life().alike(record.title)[:5]
        links = [Link(str(one), one.get_absolute_url()) for one in alike]
        return [*groups, (_("Perhaps the same"), [Fact(_("Systems with a similar name"), links)])] if links else groups

    def _answer(self, record: Proposal) -> list[Fact]:
        seen = record.system and self.request.user.access.sees(record.system)  # type: ignore[union-attr]
        link = Link(str(record.system), record.system.get_absolute_url()) if record.system and seen else ""
        return [
            Fact(pgettext("noun", "Answer"), record.get_state_display()),
            *([Fact(_("System"), link)] if link else []),
            Fact(_("Why"), record.answer, wide=True),
            Fact(_("Answered by"), record.answered_by),
            Fact(_("Answered"), record.answered_on),
        ]


class ProposalTriage(FormView):
    """What is it, and why?"""

    model = Proposal
    form_class, template_name = TriageForm, "kit/act.html"
    submit = gettext_lazy("Answer")
    said = gettext_lazy("Answered. The person who proposed it sees why.")

    def heading(self, record: Proposal) -> str:
        return _("Answer: %(title)s") % {"title": record.title}

    def allowed(self, record: Proposal) -> None:
        require(policies.can_triage(self.request.user, record.unit))

    def extra(self, record: Proposal) -> dict[str, Any]:
        return {"facts": [("", [Fact(_("What it would do, and for whom"), record.purpose, wide=True)])]}

    def perform(self, record: Proposal, form: Any) -> Proposal:
        given = {name: form.cleaned_data[name] for name in ("answer", "reason", "system", "owner")}
        return services.triage_proposal(
            record, by=self.request.user, on=clock.today(), version=self.version(form), **given  # type: ignore[arg-type]
        )  # fmt: skip
