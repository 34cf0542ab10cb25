"""Nonconformities, their corrective actions, and how long and how well they are dealt with."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from aims import asof, clock
from aims.models import Record
from aims.registry import RecordTab, registry
from aims.services import require, unmet_checks
from aims.ui import Action, Badge, Crumb, Empty, Fact, Header, Link
from aims.views.base import PageView
from aims.views.form import ChangeView, CreateView
from aims.views.register import RegisterView, state_badge
from audits import policies, services, trends
from audits.acts import ACTION_ACTS, NONCONFORMITY_ACTS
from audits.forms.nonconformities import CorrectiveActionForm, NonconformityForm
from audits.graph import similar_cases
from audits.models import CorrectiveAction, Nonconformity
from audits.reading import related_of
from audits.states import Tie
from audits.tables import CORRECTIVE_ACTIONS, NONCONFORMITIES, age, due_cell, grade_badge
from audits.views.base import ActingView, SeenView
from audits.views.blocks import Block, block
from inventory.models import AISystem


class NonconformityList(SeenView, RegisterView):
    """What is not as it should be, and what do we do so that it does not happen again?"""

    model, table = Nonconformity, NONCONFORMITIES
    lead = gettext_lazy("From detection over cause and action to the proof that it worked.")

    def actions(self) -> list[Action]:
        found = [Action(_("Trend"), "/nonconformities/trend/", icon="chart-line")]
        if policies.may(self.request.user, "nonconformity.raise"):
            found.append(Action(_("Import a sheet"), "/imports/create/?target=nonconformity", icon="upload"))
            found.append(Action(_("Raise a nonconformity"), "/nonconformities/new/", icon="plus", primary=True))
        return found

    def empty(self) -> Empty:
        text = _(
            "Audits, incidents, monitoring and bypassed gates bring nonconformities here; anybody who answers may raise one."
        )
        return Empty(title=_("No nonconformity is on record"), text=text, clause="10.2")


class NonconformityDetail(ActingView):
    """What happened, why, what is done, did it work?"""

    model, acts, summary_template = Nonconformity, NONCONFORMITY_ACTS, "audits/record.html"

    def badges(self, record: Nonconformity) -> list[Any]:
        again = [Badge(_("Round %(number)d") % {"number": record.round}, "warn")] if record.round > 1 else []
        return [grade_badge(record), state_badge(record), *again]

    def lead(self, record: Nonconformity) -> str:
        return record.description.partition("\n")[0]

    def more_actions(self, record: Nonconformity) -> list[Action]:
        may = record.is_open and policies.may(self.request.user, "nonconformity.change", record)
        return [Action(_("Change"), f"{record.get_absolute_url()}change/", icon="pencil")] if may else []

    def strip(self, record: Nonconformity) -> Sequence[Fact]:
        return [
            Fact(_("AI system"), record.system, missing=_("None")),
            Fact(_("Owner"), record.owner),
            Fact(_("Due"), due_cell(record), missing=_("None")),
            Fact(_("Days open"), age(record)),
        ]

    def facts(self, record: Nonconformity) -> Sequence[tuple[Any, Sequence[Fact]]]:
        return [
            (_("What is the case"), self._case(record)),
            (_("At once"), [
                Fact(_("What was done at once"), record.containment, missing=_("Nothing yet")),
                Fact(_("On"), record.contained_on, missing=_("Not yet")),
                Fact(_("Consequences"), record.consequences, missing=_("Not said")),
            ]),
            (_("Cause"), self._cause(record)),
            (_("Plan and effect"), self._plan(record)),
        ]  # fmt: skip

    def _case(self, record: Nonconformity) -> list[Fact]:
        return [
            Fact(_("Requirement"), record.requirement),
            Fact(_("Clause or control"), record.clause or record.control, missing=_("None named")),
            Fact(_("Description"), record.description, wide=True),
            Fact(_("Comes from"), record.get_source_display()),
            Fact(_("Source"), self._source(record), missing=_("None")),
            Fact(_("Detected"), record.detected_on),
        ]

    def _source(self, record: Nonconformity) -> Any:
        shown = Record.objects.visible_to(self.request.user).filter(pk=record.source_record_id).first()
        return Link(str(shown), shown.get_absolute_url()) if shown is not None else ""

    def _cause(self, record: Nonconformity) -> list[Fact]:
        return [
            Fact(
                _("Method"),
                record.get_cause_method_display() if record.cause_method else "",
                missing=_("Not analysed yet"),
            ),
            Fact(_("Steps"), list(record.cause_steps), missing=_("None")),
            Fact(_("Root cause"), record.root_cause, missing=_("Not known yet")),
            Fact(_("Looked for similar cases"), record.similar_where, missing=_("Not yet")),
            Fact(_("Found"), record.similar_result, missing=_("Not said")),
        ]

    def _plan(self, record: Nonconformity) -> list[Fact]:
        return [
            Fact(
                _("Why proportionate"), record.proportionality or record.no_action_reason, missing=_("Not planned yet")
            ),
            Fact(_("How we shall know that it worked"), record.effect_criteria, missing=_("Not set yet")),
            Fact(_("Judged by"), record.reviewer, missing=_("Nobody yet")),
            Fact(_("Judged from"), record.effect_from, missing=_("When the last action is done")),
            Fact(_("Changes to the AIMS"), record.aims_changes, missing=_("Not said")),
            Fact(_("Changes to risks"), record.risk_update, missing=_("Not said")),
        ]

    def extra(self, record: Nonconformity) -> dict[str, Any]:
        unmet = {one["id"] for one in unmet_checks(record, "nonconformity", "close")} if record.is_open else set()
        checks = registry.checks_of("nonconformity", "close") if record.is_open else []
        return {
            "checks": [(check.id not in unmet, check.sentence) for check in checks],
            "checks_title": _("Before it is closed"),
            "blocks": [self._actions(record), self._verdicts(record), self._related(record)],
        }

    def _actions(self, record: Nonconformity) -> Block:
        rows = list(record.actions.visible_to(self.request.user).select_related("owner").order_by("round", "pk"))
        may = record.state == "planned" and policies.can_correct(self.request.user, record)
        add = (
            Link(_("Add an action"), f"{record.get_absolute_url()}add-action/")
            if may and asof.moment() is None
            else None
        )
        cells = [[one.title, one.owner, due_cell(one), state_badge(one), one.round, one.result] for one in rows]
        head = [pgettext("corrective", "Action"), _("Who"), _("By when"), _("State"), _("Round"), _("What came of it")]
        return block("actions", _("Corrective actions"), head, cells, none=_("No action is planned yet."), add=add,
                     urls=[one.get_absolute_url() for one in rows])  # fmt: skip

    def _verdicts(self, record: Nonconformity) -> Block:
        rows = record.reviews.select_related("reviewed_by")
        cells = [
            [one.round, Badge(_("Effective"), "good") if one.effective else Badge(_("Not effective"), "bad"), one.findings,
             one.reviewed_by, one.reviewed_on]
            for one in rows
        ]  # fmt: skip
        head = [_("Round"), _("Verdict"), _("What was seen"), _("Judged by"), _("On")]
        return block("verdicts", _("Verdicts on the effect"), head, cells, none=_("The effect was not judged yet."))

    def _related(self, record: Nonconformity) -> Block:
        rows = related_of(record, self.request.user)
        tones: dict[str, Any] = {Tie.RECURRENCE: "bad", Tie.SIMILAR: "info"}
        cells = [[str(one.other), Badge(one.get_tie_display(), tones[one.tie]), state_badge(one.other)] for one in rows]
        return block("related", _("Similar and repeated"), [_("Nonconformity"), _("How"), _("State")], cells,
                     none=_("None is named."), urls=[one.other.get_absolute_url() for one in rows])  # fmt: skip


class NonconformityCreate(CreateView):
    """Raise a nonconformity."""

    model, form_class, submit = Nonconformity, NonconformityForm, gettext_lazy("Raise")

    def allowed(self, record: Any) -> None:
        require(policies.may(self.request.user, "nonconformity.raise"))

    def heading(self, record: Any) -> str:
        return _("Raise a nonconformity")

    def initial(self, record: Any) -> dict[str, Any]:
        user: Any = self.request.user
        given = dict(self.request.GET.items())
        system = AISystem.objects.visible_to(user).filter(ref=given.pop("system", "")).first()
        here = policies.may(user, "nonconformity.raise", unit=user.unit) and system is None
        return {"owner": user, "system": system, "unit": user.unit if here else None, "detected_on": clock.today(),
                "source": "other", "grade": "minor", **given}  # fmt: skip

    def perform(self, record: Any, form: Any) -> Nonconformity:
        by: Any = self.request.user
        return services.raise_nonconformity(by=by, data=form.data_for_service(), on=clock.today())


class NonconformityChange(SeenView, ChangeView):
    """Change what is said of an open nonconformity."""

    model, form_class, said = Nonconformity, NonconformityForm, gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(policies.may(self.request.user, "nonconformity.change", record))

    def perform(self, record: Any, form: Any) -> Nonconformity:
        by: Any = self.request.user
        return services.change_nonconformity(record, by=by, data=form.data_for_service(), version=self.version(form))


class Trend(PageView):
    """How long do nonconformities stay open, how many come back, is it getting better?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        found = trends.of(request.user, asof.day())
        header = Header(
            title=_("Nonconformities over time"), lead=_("Ageing, reopening and trend of those that you see."),
            crumbs=[Crumb(_("Nonconformities"), "/nonconformities/")],
        )  # fmt: skip
        return render(request, "audits/trend.html", {"header": header, "trend": found})


class ActionList(SeenView, RegisterView):
    """Who takes which cause away, and by when?"""

    model, table = CorrectiveAction, CORRECTIVE_ACTIONS
    lead = gettext_lazy("Every corrective action with who does it and by when.")

    def empty(self) -> Empty:
        text = _("Corrective actions come with nonconformities: open one and plan its correction.")
        return Empty(title=_("There is nothing to correct"), text=text, clause="10.2")


class ActionDetail(ActingView):
    """What takes the cause away, who does it, what shows that it was done?"""

    model, acts = CorrectiveAction, ACTION_ACTS

    def more_actions(self, record: CorrectiveAction) -> list[Action]:
        may = record.is_open and policies.may(self.request.user, "corrective_action.change", record)
        return [Action(_("Change"), f"{record.get_absolute_url()}change/", icon="pencil")] if may else []

    def facts(self, record: CorrectiveAction) -> Sequence[tuple[Any, Sequence[Fact]]]:
        return [
            ("", [
                Fact(_("Nonconformity"), record.nonconformity, missing=_("Not for you to see")),
                Fact(_("Who"), record.owner),
                Fact(_("By when"), due_cell(record)),
                Fact(_("Round"), record.round),
                Fact(_("Done"), record.done_on, missing=_("Not yet")),
                Fact(_("What came of it"), record.result, missing=_("Not said")),
            ])
        ]  # fmt: skip


class ActionChange(SeenView, ChangeView):
    """Change what an open action says."""

    model, form_class, said = CorrectiveAction, CorrectiveActionForm, gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(policies.may(self.request.user, "corrective_action.change", record))

    def perform(self, record: Any, form: Any) -> CorrectiveAction:
        by: Any = self.request.user
        return services.change_corrective_action(
            record, by=by, data=form.data_for_service(), version=self.version(form)
        )


def similar_tab(request: HttpRequest, row: Nonconformity) -> dict[str, Any]:
    """Where the same may be: found over shared requirements, components and suppliers."""
    cases = similar_cases(row, request.user)
    cells = [[str(one.record), one.why] for one in cases]
    found = block("similar", _("Where to look for similar cases"), [_("Record"), _("Why")], cells,
                  none=_("Nothing shares its requirement, components or supplier."),
                  urls=[one.record.get_absolute_url() for one in cases])  # fmt: skip
    return {"blocks": [found]}


def system_tab(request: HttpRequest, system: AISystem) -> dict[str, Any]:
    """The nonconformities of a system."""
    rows = list(
        Nonconformity.objects.visible_to(request.user).filter(system=system).order_by("-detected_on", "-pk")[:50]
    )
    cells = [[one.title, grade_badge(one), state_badge(one), one.detected_on] for one in rows]
    head = [_("Nonconformity"), _("Grade"), _("State"), _("Detected on")]
    may = policies.can_raise_nonconformity(request.user, system=system) and asof.moment() is None
    add = Link(_("Raise a nonconformity"), f"/nonconformities/new/?system={system.ref}") if may else None
    made = block("nonconformities", _("Nonconformities"), head, cells, none=_("None is on record."), add=add,
                 urls=[one.get_absolute_url() for one in rows])  # fmt: skip
    return {"blocks": [made]}


def system_count(request: HttpRequest, system: AISystem) -> int:
    return int(Nonconformity.objects.visible_to(request.user).filter(system=system).count())


TABS = (
    RecordTab("nonconformity", "similar", gettext_lazy("Similar cases"), "audits/record.html", similar_tab, order=10),
    RecordTab(
        "system", "nonconformities", gettext_lazy("Nonconformities"), "audits/record.html", system_tab, system_count, 60
    ),
)
