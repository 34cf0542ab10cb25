"""Changes: the register, one change, and its verbs; the tab of a system."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from aims import asof, clock
from aims.access import access_of
from aims.services import require
from aims.ui import Action, Empty, Fact, Link, Row
from aims.views.base import KindView
from aims.views.form import FormView
from aims.views.record import RecordView
from aims.views.register import RegisterView, state_badge
from inventory import policies, services
from inventory.forms_gate import AssessForm, ChangeForm, DecideForm, NoteForm
from inventory.models import AISystem, ChangeRequest, LifecycleRecord
from inventory.services.changes import questions
from inventory.states import CHANGE_LIFE, ChangeState, Significance
from inventory.tables_gate import CHANGES, release_number, significance_badge, system_link
from inventory.views.acts import Act
from inventory.views.systems import SystemView
from inventory.views.tabs import Part
from organization.deciding import Deciding


def changes_tab(request: HttpRequest, system: AISystem) -> Mapping[str, Any]:
    """What was changed, was it asked before, did it matter?"""
    rows = ChangeRequest.objects.visible_to(request.user).filter(system=system).order_by("-pk")
    drawn = [
        Row([Link(f"{row.ref} {row.title}", row.get_absolute_url()), significance_badge(row), state_badge(row), row.planned_on])
        for row in rows[:50]
    ]  # fmt: skip
    may = bool(policies.can_request_change(request.user, system)) and not system.retired and asof.moment() is None
    acts = (
        [Action(_("Ask for a change"), f"/systems/{system.ref}/changes/new/", icon="plus", primary=True)] if may else []
    )
    head = [pgettext("noun", "Change"), _("Significance"), _("State"), _("Planned for")]
    empty = Empty("", _("No change was asked for yet."), "8.1")
    return {"acts": acts, "parts": [Part("changes", _("Changes"), head, drawn, empty)]}


def count_changes(request: HttpRequest, system: AISystem) -> int:
    return int(ChangeRequest.objects.visible_to(request.user).filter(system=system).open().count())


class ChangePage(KindView):
    """A page of changes."""

    model = ChangeRequest

    def rows(self) -> Any:
        related = ("system", "release", "edition", "envelope", "asked_by", "assessed_by", "decided_by", "sampled_by")
        return super().rows().select_related(*related)


class ChangeList(ChangePage, RegisterView):
    """What changes, was it asked before, does it matter?"""

    table = CHANGES
    lead = gettext_lazy("Every change of an AI system, with the answers to the significance questions.")

    def empty(self) -> Empty:
        return Empty(
            title=_("No change yet"),
            text=_(
                "Ask for a change on the page of an AI system before it is made. A changed purpose comes here by itself."
            ),
            clause="6.3, 8.1",
        )


class ChangeDetail(ChangePage, RecordView):
    """What changes, and what follows from it?"""

    def badges(self, record: ChangeRequest) -> list[Any]:
        return [badge for badge in (significance_badge(record), state_badge(record)) if badge]

    def actions(self, record: ChangeRequest) -> list[Action]:
        user, url = self.request.user, record.get_absolute_url()
        verbs = {edge.verb for edge in CHANGE_LIFE.verbs_from(record.state)}
        sampling = record.significance == Significance.NOT_SIGNIFICANT and record.sampled_on is None
        waits = record.significance == Significance.SIGNIFICANT and record.state == ChangeState.ASSESSED
        may = [
            ("sample", _("Sample it"), "zoom-check", sampling and policies.can_sample_change(user, record)),
            ("carry-out", _("Carried out"), "check",
             "carry_out" in verbs and not waits and policies.can_assess_change(user, record)),
            ("decide", _("Decide"), "gavel", "reject" in verbs and policies.can_decide_change(user, record)),
            ("assess", _("Answer the questions"), "list-check", "assess" in verbs and policies.can_assess_change(user, record)),
        ]  # fmt: skip
        return [
            Action(word, f"{url}{verb}/", icon=icon, primary=verb == "assess") for verb, word, icon, ok in may if ok
        ]

    def strip(self, record: ChangeRequest) -> Sequence[Fact]:
        return [
            Fact(_("AI system"), system_link(record)),
            Fact(_("Version it leads to"), release_number(record), missing=_("None")),
            Fact(_("Planned for"), record.planned_on, missing=_("No day")),
            Fact(_("Carried out on"), record.done_on, missing=_("Not yet")),
        ]

    def facts(self, record: ChangeRequest) -> Sequence[tuple[Any, Sequence[Fact]]]:
        about = [
            Fact(_("What changes and why"), record.description, missing=_("Not stated yet")),
            Fact(_("Asked by"), record.asked_by),
        ]
        if record.envelope is not None:
            inside = [
                Fact(_("Change envelope"), self._link(record.envelope)),
                Fact(_("Why nothing is asked"), record.reason),
            ]
            return [(_("The change"), [*about, *inside])]
        decided = [
            Fact(_("Why it is not significant"), record.reason, missing=_("Not said")),
            Fact(_("Answered by"), record.assessed_by, missing=_("Nobody yet")),
            Fact(_("Decided by"), record.decided_by, missing=_("Nobody yet")),
            Fact(_("What the sample showed"), record.sample_note, missing=_("Not sampled")),
        ]
        return [(_("The change"), [*about, *decided]), (_("Does it matter?"), _answers(record))]

    def _link(self, record: LifecycleRecord) -> Any:
        seen = access_of(self.request.user).sees(record)
        return Link(f"{record.ref} {record.title}", record.get_absolute_url()) if seen else record.ref


def _answers(record: ChangeRequest) -> list[Fact]:
    words = {"yes": _("Yes"), "no": _("No")}
    asked = record.edition.content["questions"] if record.edition is not None else questions(clock.today())
    return [Fact(_(one["text"]), words.get(record.answers.get(one["id"], ""), ""), missing=_("Open")) for one in asked]


class ChangeAsk(SystemView, FormView):
    """Ask for a change of a system before it is made."""

    form_class: ClassVar[type[Any]] = ChangeForm
    submit, said = gettext_lazy("Ask"), gettext_lazy("Asked. Now answer the questions.")

    def allowed(self, record: Any) -> None:
        require(policies.can_request_change(self.request.user, record))

    def heading(self, record: Any) -> str:
        return _("Ask for a change of %(title)s") % {"title": record.title}

    def perform(self, record: Any, form: Any) -> Any:
        data = form.data_for_service()
        data["release"] = record.versions.filter(number=data["release"]).first() if data["release"] else None
        by: Any = self.request.user
        return services.request_change(record, by=by, data=data, on=clock.today())


class ChangeAct(ChangePage, Act):
    """One verb on one change."""


class ChangeAssess(ChangeAct):
    """Is the change significant?"""

    form_class = AssessForm
    title, submit = gettext_lazy("Is it significant?"), gettext_lazy("Record the answers")
    said = gettext_lazy("The answers are recorded.")
    may = staticmethod(policies.can_assess_change)

    def form_for(self, record: Any, **kwargs: Any) -> Any:
        return self.form_class(instance=record, user=self.request.user, questions=questions(clock.today()), **kwargs)

    def extra(self, record: Any) -> dict[str, Any]:
        return {"consequences": [_("One yes makes what rests on it stale, and asks its owners to do it again.")]}

    def perform(self, record: Any, form: Any) -> Any:
        reason = form.cleaned_data["reason"]
        return services.assess_change(
            record, by=self.me(), answers=form.answers(), reason=reason, on=clock.today(), version=self.version(form)
        )


class ChangeDecide(Deciding, ChangeAct):
    """Is the change made?"""

    form_class, title = DecideForm, gettext_lazy("Decide")
    submit, said = gettext_lazy("Record the decision"), gettext_lazy("The decision is recorded.")
    may = staticmethod(policies.can_decide_change)

    def perform(self, record: Any, form: Any) -> Any:
        data = {name: form.cleaned_data[name] for name in ("approved", "reason")}
        return services.decide_change(record, by=self.me(), on=clock.today(), version=self.version(form), **data)


class ChangeCarryOut(ChangeAct):
    """The change was made."""

    title, submit = gettext_lazy("Carried out"), gettext_lazy("It was made")
    may = staticmethod(policies.can_assess_change)

    def perform(self, record: Any, form: Any) -> Any:
        reason = form.cleaned_data["reason"]
        return services.carry_out_change(
            record, by=self.me(), on=clock.today(), version=self.version(form), reason=reason
        )


class ChangeSample(ChangeAct):
    """Was “not significant” right?"""

    form_class, title = NoteForm, gettext_lazy("Sample")
    submit, said = pgettext_lazy("verb", "Record"), gettext_lazy("Recorded.")
    may = staticmethod(policies.can_sample_change)

    def perform(self, record: Any, form: Any) -> Any:
        note = form.cleaned_data["sample_note"]
        return services.sample_change(record, by=self.me(), note=note, on=clock.today(), version=self.version(form))
