"""Risk criteria: editions, one edition with its matrix, drafting, approving, and what needs another look under it."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import clock
from aims.charts import Cell, Chart, matrix
from aims.registry import RecordTab, registry
from aims.services import require
from aims.ui import Action, Badge, Empty, Fact
from aims.views.base import KindView
from aims.views.form import ChangeView, FormView
from aims.views.record import RecordView
from aims.views.register import RegisterView
from organization.models import Unit
from risk import pictures, policies, services
from risk.forms import CriteriaApprovalForm, CriteriaForm
from risk.models import Risk, RiskCriteria
from risk.scales import DIMENSIONS
from risk.states import EVALUATION_TONES, CriteriaState, Dimension
from risk.tables import CRITERIA, level_badge
from risk.views.base import Decides


class CriteriaView(KindView):
    model = RiskCriteria

    def rows(self) -> Any:
        return super().rows().select_related("unit", "owner", "approved_by", "drafted_by")


class CriteriaList(CriteriaView, RegisterView):
    """By which scales do we rate, what does a level mean, who may accept it?"""

    table = CRITERIA
    lead = gettext_lazy(
        "Scales, levels and who may accept them. An approved edition never changes; scores keep theirs."
    )

    def actions(self) -> list[Action]:
        root = Unit.objects.filter(parent=None).first()
        draft = RiskCriteria.objects.filter(state=CriteriaState.DRAFT).exists()
        if root is None or draft or not policies.can_draft_criteria(self.request.user, root):
            return []
        return [Action(_("Draft a new edition"), "/criteria/draft/", method="post", icon="plus", primary=True)]

    def empty(self) -> Empty:
        return Empty(
            title=_("There are no risk criteria yet"),
            text=_(
                "Before the first risk is rated, say how likely “likely” is, how bad “severe” is for whom, and who may "
                "live with what. Begin with the draft offered here and make it yours."
            ),
            clause="6.1.1",
            action=next(iter(self.actions()), None),
        )


class CriteriaDraft(CriteriaView):
    """Begins a new edition as a copy of the one in force."""

    def post(self, request: HttpRequest) -> HttpResponse:
        made = services.draft_criteria(by=request.user)  # type: ignore[arg-type]
        return redirect(f"{made.get_absolute_url()}change/")


class CriteriaDetail(CriteriaView, RecordView):
    """What do these criteria say?"""

    summary_template = "risk/riskcriteria_detail.html"

    def lead(self, record: RiskCriteria) -> str:
        return record.appetite

    def actions(self, record: RiskCriteria) -> list[Action]:
        url, found = record.get_absolute_url(), []
        if policies.can_change_criteria(self.request.user, record):
            found.append(Action(_("Change"), f"{url}change/", icon="pencil"))
        if record.draft and policies.can_approve_criteria(self.request.user, record):
            found.append(Action(_("Approve"), f"{url}approve/", icon="rubber-stamp", primary=True))
        return found

    def strip(self, record: RiskCriteria) -> Sequence[Fact]:
        return [
            Fact(_("Drafted by"), record.drafted_by),
            Fact(_("Approved by"), record.approved_by, missing=_("Not approved yet")),
            Fact(_("Approved"), record.approved_at, missing=_("Not approved yet")),
            Fact(_("Next review"), record.due_on, missing=_("Not set")),
        ]

    def extra(self, record: RiskCriteria) -> dict[str, Any]:
        likelihood = (_("Likelihood"), record.likelihood)
        scales = [likelihood, *((str(Dimension(name).label), record.consequence[name]) for name in DIMENSIONS)]
        return {"scales": scales, "levels": list(_levels(record)), "matrix": picture(record)}


def _levels(record: RiskCriteria) -> Any:
    for level in record.levels:
        roles = [registry.roles[role].name for role in record.authority[level["id"]] if role in registry.roles]
        yield level, Badge(level["name"], EVALUATION_TONES[level["evaluation"]]), roles


def picture(criteria: RiskCriteria) -> Chart:
    """The matrix with the score in each cell."""
    rows, columns = pictures.axes(criteria)
    cells = [
        [Cell(one * other, pictures.heat(criteria, one * other)) for other in range(1, len(columns.steps) + 1)]
        for one in range(1, len(rows.steps) + 1)
    ]
    return matrix(_("Score and level"), rows, columns, cells)


class CriteriaChange(CriteriaView, ChangeView):
    """Write the draft."""

    form_class, said = CriteriaForm, gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(policies.can_change_criteria(self.request.user, record))

    def perform(self, record: Any, form: Any) -> RiskCriteria:
        by: Any = self.request.user
        return services.change_criteria(record, by=by, data=form.data_for_service(), version=self.version(form))


class _Approves(CriteriaView, FormView):
    def allowed(self, record: Any) -> None:
        require(policies.can_approve_criteria(self.request.user, record))


class CriteriaApprove(Decides, _Approves):
    """Put an edition in force."""

    form_class, template_name = CriteriaApprovalForm, "kit/act.html"
    submit, said = gettext_lazy("Put in force"), gettext_lazy("These criteria are in force.")

    def heading(self, record: Any) -> str:
        return _("Approve %(title)s") % {"title": record.title}

    def extra(self, record: RiskCriteria) -> dict[str, Any]:
        if not record.draft:
            return {"blocked": _("This edition is approved already.")}
        said = [
            _("Every assessment from now on is rated by these criteria."),
            _("Old scores stay as they were; the page then lists which risks to look at again."),
        ]
        return {"consequences": said}

    def perform(self, record: RiskCriteria, form: Any) -> RiskCriteria:
        by: Any = self.request.user
        return services.approve_criteria(
            record, by=by, reason=form.cleaned_data["reason"], at=clock.now(), on=clock.today(),
            version=self.version(form), override=form.override(),
        )  # fmt: skip


def reevaluation(request: HttpRequest, criteria: RiskCriteria) -> dict[str, Any]:
    """Open risks rated by another edition: the level they have, and the one this edition would give."""
    rows = Risk.objects.visible_to(request.user).open().exclude(criteria=None).exclude(criteria=criteria)
    shown = list(rows.select_related("criteria", "owner").most_severe()[:500])
    return {"rows": [(risk, level_badge(risk), _under(criteria, risk)) for risk in shown], "total": len(shown)}


def _under(criteria: RiskCriteria, risk: Risk) -> Badge:
    level = criteria.level_at(risk.score)  # type: ignore[arg-type]
    return Badge(level["name"], EVALUATION_TONES[level["evaluation"]])


REEVALUATION = RecordTab(
    "criteria", "reevaluate", gettext_lazy("To look at again"), "risk/reevaluation.html", reevaluation, order=10
)
