"""Findings and the improvement log."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import clock
from aims.services import require
from aims.ui import Action, Empty, Fact
from aims.views.form import ChangeView, CreateView, FormView
from aims.views.register import RegisterView, state_badge
from audits import policies, services
from audits.acts import FINDING_ACTS, IMPROVEMENT_ACTS
from audits.forms.audits import FindingForm
from audits.forms.nonconformities import ImprovementForm
from audits.models import Audit, Finding, Improvement, Nonconformity
from audits.tables import FINDINGS, IMPROVEMENTS, due_cell, grade_badge
from audits.views.base import ActingView, SeenView


class FindingList(SeenView, RegisterView):
    """What did the audits find?"""

    model, table = Finding, FINDINGS
    lead = gettext_lazy("Issued findings of all audits; drafts show to the audit's team alone.")

    def rows(self) -> Any:
        return super().rows().select_related("criterion__clause", "criterion__control")

    def actions(self) -> list[Action]:
        may = policies.may(self.request.user, "audit.plan")
        url = "/imports/create/?target=finding"
        return [Action(_("Import findings of past audits"), url, icon="upload")] if may else []

    def empty(self) -> Empty:
        return Empty(
            title=_("No finding is issued"), text=_("Findings are raised from a running audit."), clause="9.2.2"
        )


class FindingDetail(ActingView):
    """What was found, how grave is it, what is the answer?"""

    model, acts = Finding, FINDING_ACTS

    def badges(self, record: Finding) -> list[Any]:
        return [grade_badge(record), state_badge(record)]

    def more_actions(self, record: Finding) -> list[Action]:
        may = record.is_draft and record.audit and policies.can_judge_finding(self.request.user, record)
        return [Action(_("Change"), f"{record.get_absolute_url()}change/", icon="pencil")] if may else []

    def facts(self, record: Finding) -> Sequence[tuple[Any, Sequence[Fact]]]:
        follow = Nonconformity.objects.visible_to(self.request.user).filter(finding=record).first()
        better = Improvement.objects.visible_to(self.request.user).filter(finding=record).first()
        found = [
            Fact(_("Audit"), record.audit, missing=_("Not for you to see")),
            Fact(_("Criterion"), str(record.criterion)),
            Fact(_("Finding"), record.statement, wide=True),
            Fact(_("Objective evidence"), record.objective_evidence, wide=True),
            Fact(_("Why this grade"), record.rationale, wide=True),
            Fact(_("AI system"), record.system, missing=_("None")),
            Fact(_("Entered by") if record.taken_over else _("Raised by"), record.raised_by),
            Fact(_("Issued"), record.issued_at, missing=_("Not yet")),
        ]
        answer = [
            Fact(_("Auditee"), record.owner, missing=_("Named when it is issued")),
            Fact(_("Response"), record.response, missing=_("Not answered yet"), wide=True),
            Fact(_("Answered by"), record.responded_by, missing=_("Nobody yet")),
            Fact(_("Outcome"), record.outcome, missing=_("Open")),
            Fact(_("Goes on as"), follow or better, missing=_("Nothing further")),
        ]
        return [(_("What was found"), found), (_("What came of it"), answer)]


class FindingRaise(SeenView, FormView):
    """Raise a finding in place, from the audit or from one of its working papers."""

    model, form_class = Audit, FindingForm
    submit = gettext_lazy("Keep as a draft")

    def allowed(self, record: Any) -> None:
        require(policies.can_work(self.request.user, record), _("Only the team of a running audit raises findings."))

    def form_for(self, record: Any, **kwargs: Any) -> Any:
        return FindingForm(audit=record, user=self.request.user, **kwargs)

    def heading(self, record: Any) -> str:
        return _("Raise a finding")

    def _item(self, audit: Audit) -> Any:
        number = self.request.GET.get("item", "")
        return audit.items.filter(pk=number).first() if number.isdigit() else None

    def initial(self, record: Audit) -> dict[str, Any]:
        item = self._item(record)
        if item is None:
            return {}
        return {"criterion": str(item.criterion_id), "statement": item.notes, "objective_evidence": item.evidence_seen}

    def perform(self, record: Audit, form: Any) -> Finding:
        by: Any = self.request.user
        data = {**form.data_for_service(), "item": self._item(record)}
        return services.raise_finding(record, by=by, data=data, on=clock.today())


class FindingChange(SeenView, ChangeView):
    """Change a draft."""

    model, form_class, said = Finding, FindingForm, gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(policies.can_judge_finding(self.request.user, record))

    def perform(self, record: Any, form: Any) -> Finding:
        by: Any = self.request.user
        return services.change_finding(record, by=by, data=form.data_for_service(), version=self.version(form))


class ImprovementList(SeenView, RegisterView):
    """What could be better, who sees to it, by when?"""

    model, table = Improvement, IMPROVEMENTS
    lead = gettext_lazy("Observations and opportunities from audits, and everybody's own ideas.")

    def actions(self) -> list[Action]:
        if not policies.may(self.request.user, "improvement.register"):
            return []
        sheet = Action(_("Import a sheet"), "/imports/create/?target=improvement", icon="upload")
        return [sheet, Action(_("Enter an idea"), "/improvements/new/", icon="plus", primary=True)]

    def empty(self) -> Empty:
        text = _(
            "Observations and opportunities of issued findings come here by themselves; ideas are entered by hand."
        )
        return Empty(title=_("Nothing to improve is on record"), text=text, clause="10.1")


class ImprovementDetail(ActingView):
    """What could be better, and what came of it?"""

    model, acts = Improvement, IMPROVEMENT_ACTS

    def more_actions(self, record: Improvement) -> list[Action]:
        may = record.is_open and policies.can_change_improvement(self.request.user, record)
        return [Action(_("Change"), f"{record.get_absolute_url()}change/", icon="pencil")] if may else []

    def facts(self, record: Improvement) -> Sequence[tuple[Any, Sequence[Fact]]]:
        return [
            ("", [
                Fact(_("What could be better"), record.idea, wide=True),
                Fact(_("Finding"), record.finding, missing=_("An idea of our own")),
                Fact(_("AI system"), record.system, missing=_("None")),
                Fact(_("Owner"), record.owner),
                Fact(_("By when"), due_cell(record)),
                Fact(_("What came of it"), record.outcome, missing=_("Open")),
            ])
        ]  # fmt: skip


class ImprovementCreate(CreateView):
    """Enter an idea."""

    model, form_class, submit = Improvement, ImprovementForm, gettext_lazy("Enter")

    def allowed(self, record: Any) -> None:
        require(policies.may(self.request.user, "improvement.register"))

    def heading(self, record: Any) -> str:
        return _("Enter an idea")

    def initial(self, record: Any) -> dict[str, Any]:
        return {"owner": self.request.user, **self.request.GET.dict()}

    def perform(self, record: Any, form: Any) -> Improvement:
        by: Any = self.request.user
        return services.register_improvement(by=by, data=form.data_for_service(), on=clock.today())


class ImprovementChange(SeenView, ChangeView):
    """Change what is said of an open improvement."""

    model, form_class, said = Improvement, ImprovementForm, gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(policies.can_change_improvement(self.request.user, record))

    def perform(self, record: Any, form: Any) -> Improvement:
        by: Any = self.request.user
        return services.change_improvement(record, by=by, data=form.data_for_service(), version=self.version(form))
