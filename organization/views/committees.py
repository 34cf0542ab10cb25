"""Committees: the register, one with members, queue and sittings, and its verbs."""

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import asof, clock
from aims.models import Record
from aims.registry import RecordTab
from aims.services import require
from aims.ui import Action, Badge, Empty, Fact, HeadCell, Link, Register, Row
from aims.views.act import ActView
from aims.views.base import KindView
from aims.views.form import ChangeView, CreateView
from aims.views.record import RecordView
from aims.views.register import RegisterView, state_badge
from organization import committee_policies as policies
from organization.committee_forms import CommitteeForm, EndForm, MemberForm, ReasonActForm, SittingForm
from organization.committee_states import MATTER_TONES
from organization.committee_tables import COMMITTEES
from organization.committees import Committee, Matter, Member
from organization.deciding import Decides
from organization.services import committees as services


class CommitteeView(KindView):
    model = Committee


class CommitteeList(CommitteeView, RegisterView):
    """Which bodies decide by vote, and what comes before them?"""

    table = COMMITTEES
    lead = gettext_lazy("Bodies that decide by vote, with a quorum, on what one person should not decide alone.")

    def actions(self) -> list[Action]:
        if not policies.can_found(self.request.user):
            return []
        return [Action(_("Found a committee"), "/committees/new/", icon="plus", primary=True)]

    def empty(self) -> Empty:
        text = _("Sensitive uses of AI are approved by several people of different disciplines, not by one.")
        return Empty(
            title=_("There is no committee yet"), text=text, clause="A.3.2", action=next(iter(self.actions()), None)
        )


class CommitteeDetail(CommitteeView, RecordView):
    """What waits, when does it meet, who decides?"""

    summary_template = "organization/committee_detail.html"

    def lead(self, record: Committee) -> str:
        return record.purpose

    def strip(self, record: Committee) -> Sequence[Fact]:
        return [
            Fact(_("Votes needed"), record.quorum),
            Fact(_("Majority"), record.get_majority_display()),
            Fact(_("Unit"), record.unit.name),
            Fact(_("Owner"), record.owner),
        ]

    def actions(self, record: Committee) -> list[Action]:
        if not record.active:
            return []
        url, user = record.get_absolute_url(), self.request.user
        found = []
        if policies.can_change(user, record):
            found += [
                Action(_("Dissolve"), f"{url}dissolve/", icon="archive"),
                Action(_("Change"), f"{url}change/", icon="pencil"),
                Action(_("Name a member"), f"{url}member/", icon="plus"),
            ]
        if policies.can_plan(user, record):
            found.append(Action(_("Call a sitting"), f"{url}sit/", icon="calendar-event", primary=True))
        return found

    def extra(self, record: Committee) -> dict[str, Any]:
        sittings = record.sittings.visible_to(self.request.user).order_by("-held_on", "-pk")[:12]
        return {
            "queue": queue_table(record.matters.queued(), self.request.user),
            "members": self._members(record),
            "sittings": [(one, state_badge(one)) for one in sittings],
        }

    def _members(self, record: Committee) -> Register:
        today = asof.day()
        may = bool(policies.can_change(self.request.user, record)) and asof.moment() is None
        labels = (_("Member"), _("Function"), _("Brings"), _("From"), _("Until"), "")
        rows = [
            Row([
                one.person, one.get_function_display(), one.ground, one.since, one.until,
                Link(_("End"), f"{record.get_absolute_url()}member/{one.pk}/end/") if may and one.until is None else "",
            ])
            for one in record.members.on(today).select_related("person")
        ]  # fmt: skip
        head = [HeadCell(str(number), label) for number, label in enumerate(labels)]
        return Register(head=head, rows=rows, total=len(rows), caption=_("Members"))


def seen_records(matters: Any, user: Any) -> dict[int, Record]:
    """The records of these matters that the person sees, by key. One query."""
    keys = [matter.record_id for matter in matters]
    return {row.pk: row for row in Record.objects.visible_to(user).filter(pk__in=keys)}


def queue_table(matters: Any, user: Any) -> list[tuple[Matter, Record, Badge]]:
    """Matters about records that the person sees, each with its state."""
    rows = list(matters.select_related("raised_by"))
    seen = seen_records(rows, user)
    return [
        (one, seen[one.record_id], Badge(one.get_state_display(), MATTER_TONES[one.state]))
        for one in rows
        if one.record_id in seen
    ]


class CommitteeCreate(Decides, CreateView):
    """Found a committee."""

    model, form_class, submit = Committee, CommitteeForm, gettext_lazy("Found the committee")

    def heading(self, record: Any) -> str:
        return _("Found a committee")

    def initial(self, record: Any) -> dict[str, Any]:
        return {"owner": self.request.user, "quorum": 3, "majority": "simple", **super().initial(record)}

    def allowed(self, record: Any) -> None:
        require(policies.can_found(self.request.user))
        super().allowed(record)

    def perform(self, record: Any, form: Any) -> Committee:
        return services.found_committee(by=self.request.user, data=form.data_for_service())


class CommitteeChange(Decides, CommitteeView, ChangeView):
    """Change what the committee is for, or how it decides."""

    form_class, said = CommitteeForm, gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(policies.can_change(self.request.user, record))
        super().allowed(record)

    def perform(self, record: Any, form: Any) -> Committee:
        data, by = form.data_for_service(), self.request.user
        return services.change_committee(record, by=by, data=data, version=self.version(form))


class CommitteeAct(Decides, CommitteeView, ActView):
    def may(self, record: Committee) -> str:
        return policies.can_change(self.request.user, record)


class CommitteeDissolve(CommitteeAct):
    """End the committee."""

    form_class, submit, said = ReasonActForm, gettext_lazy("Dissolve the committee"), gettext_lazy("Dissolved.")

    def heading(self, record: Any) -> str:
        return _("Dissolve %(title)s") % {"title": record.title}

    def perform(self, record: Committee, form: Any) -> Committee:
        reason, by = form.cleaned_data["reason"], self.request.user
        return services.dissolve_committee(record, by=by, reason=reason, version=self.version(form))


class MemberAdd(CommitteeAct):
    """Name a member."""

    form_class, submit, said = MemberForm, gettext_lazy("Name the member"), gettext_lazy("Named.")

    def heading(self, record: Any) -> str:
        return _("Name a member of %(title)s") % {"title": record.title}

    def initial(self, record: Any) -> dict[str, Any]:
        return {"since": clock.today()}

    def perform(self, record: Committee, form: Any) -> Committee:
        data, by = form.data_for_service(), self.request.user
        services.add_member(record, by=by, data=data, version=self.version(form))
        return record


class MemberEnd(CommitteeAct):
    """Let a membership end."""

    form_class, submit, said = EndForm, gettext_lazy("End the membership"), gettext_lazy("Ended.")

    def member(self, record: Committee) -> Member:
        return get_object_or_404(record.members.select_related("committee", "person"), pk=self.kwargs["pk"])

    def heading(self, record: Any) -> str:
        return _("End the membership of %(person)s") % {"person": self.member(record).person}

    def perform(self, record: Committee, form: Any) -> Committee:
        data, by = form.data_for_service(), self.request.user
        services.end_membership(self.member(record), by=by, **data)
        return record


class SittingPlan(CommitteeView, ActView):
    """Call a sitting; the queue becomes its agenda."""

    form_class, submit = SittingForm, gettext_lazy("Call the sitting")

    def may(self, record: Committee) -> str:
        return policies.can_plan(self.request.user, record)

    def heading(self, record: Any) -> str:
        return _("Call a sitting of %(title)s") % {"title": record.title}

    def extra(self, record: Committee) -> dict[str, Any]:
        count = record.matters.queued().count()
        return {"consequences": [_("Everything in the queue goes on the agenda: %(count)d.") % {"count": count}]}

    def perform(self, record: Committee, form: Any) -> Any:
        data, by = form.data_for_service(), self.request.user
        return services.plan_sitting(record, by=by, on=clock.today(), **data)  # type: ignore[arg-type]


def sittings_tab(request: Any, record: Committee) -> dict[str, Any]:
    """Everything that was ever before the committee."""
    return {"matters": queue_table(record.matters.order_by("-pk")[:200], request.user)}


MATTERS = RecordTab(
    "committee", "matters", gettext_lazy("Matters"), "organization/committee_matters.html", sittings_tab, None, 10
)
