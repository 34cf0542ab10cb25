"""Passages of the gate: the register, one passage, its verbs; modes of the gate."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aims import clock
from aims.access import access_of
from aims.services import require
from aims.ui import Action, Badge, Crumb, Empty, Fact, HeadCell, Header, Register, Row
from aims.views.base import KindView, PageView
from aims.views.record import RecordView
from aims.views.register import RegisterView
from inventory import policies, services
from inventory.forms_gate import ModeForm, ReviewForm
from inventory.models import GateAttempt, GateMode
from inventory.states import AttemptState, Mode, Tier, Way
from inventory.tables_gate import ATTEMPTS, answer_badge, system_link
from inventory.views.acts import Act
from inventory.views.gate import HEAD, NOTHING, rows_of
from inventory.views.tabs import Part
from organization.deciding import Deciding


class AttemptView(KindView):
    """A page of passages."""

    model = GateAttempt

    def rows(self) -> Any:
        return super().rows().select_related("system", "release", "asked_by", "reviewed_by")


class AttemptList(AttemptView, RegisterView):
    """Who came to the gate with what, and what did it answer?"""

    table = ATTEMPTS
    lead = gettext_lazy("Every attempt to pass the gate, refusals included.")

    def actions(self) -> list[Action]:
        return [
            Action(_("Modes of the gate"), "/gate/modes/", icon="adjustments"),
            Action(_("What runs where"), "/gate/running/", icon="server"),
        ]

    def empty(self) -> Empty:
        return Empty(
            title=_("Nobody came to the gate yet"),
            text=_("A pipeline asks before it deploys; a person asks on the page of an AI system, under “Gate”."),
            clause="8.1, A.6.2.5",
        )


class AttemptDetail(AttemptView, RecordView):
    """What did the gate answer, and why?"""

    summary_template = "inventory/lifecyclerecord_detail.html"

    def badges(self, record: GateAttempt) -> list[Any]:
        return [answer_badge(record)]

    def actions(self, record: GateAttempt) -> list[Action]:
        user, url = self.request.user, record.get_absolute_url()
        found = []
        holds = record.permit and record.state in (AttemptState.ALLOWED, AttemptState.BYPASSED)
        if holds and policies.can_withdraw_permit(user, record):
            found.append(Action(_("Withdraw the permit"), f"{url}withdraw/", icon="ban", danger=True))
        waits = record.review_by is not None and record.reviewed_at is None
        if waits and policies.can_review_bypass(user, record):
            found.append(Action(_("Review the bypass"), f"{url}review/", icon="gavel", primary=True))
        return found

    def strip(self, record: GateAttempt) -> Sequence[Fact]:
        return [
            Fact(_("AI system"), system_link(record)),
            Fact(_("Version"), record.number, missing=_("None")),
            Fact(_("Where"), record.environment or record.get_stage_display(), missing=_("Everywhere")),
            Fact(_("Way"), record.get_way_display()),
            Fact(_("The gate"), record.get_mode_display()),
            Fact(_("Asked by"), record.asked_by),
        ]

    def facts(self, record: GateAttempt) -> Sequence[tuple[Any, Sequence[Fact]]]:
        asked = [
            Fact(_("Asked"), record.asked_at), Fact(_("Model digest (SHA-256)"), record.digest, missing=_("None")),
            Fact(_("Commit"), record.commit, missing=_("None")),
            Fact(_("Reason"), record.reason if record.reason != record.commit else "", missing=_("None")),
        ]  # fmt: skip
        groups = [(_("What was asked"), asked)]
        if record.permit:
            permit = [Fact(_("Holds until"), record.valid_until), Fact(_("Permit"), record.permit, wide=True)]
            groups.append((_("Permit"), [*permit, *_terms(record)]))
        if record.review_by is not None:
            groups.append((_("Review of the bypass"), _review(record)))
        return groups

    def extra(self, record: GateAttempt) -> dict[str, Any]:
        return {
            "notes": _notes(record),
            "parts": [
                Part("items", _("What the gate answered"), [str(h) for h in HEAD], rows_of(record.items), NOTHING)
            ],
        }


def _notes(record: GateAttempt) -> list[tuple[str, str]]:
    """Why the answer is what it is, in a sentence."""
    unmet = len(record.unmet)
    if record.state == AttemptState.REFUSED:
        return [("bad", ngettext("%(count)d item was unmet.", "%(count)d items were unmet.", unmet) % {"count": unmet})]
    if not unmet or record.mode == Mode.ENFORCE or record.way in (Way.BREAK_GLASS, Way.STOP):
        return []
    said = ngettext(
        "%(count)d item was unmet. The gate let it pass and recorded it; enforcing, it would have refused.",
        "%(count)d items were unmet. The gate let it pass and recorded it; enforcing, it would have refused.",
        unmet,
    )
    return [("warn", said % {"count": unmet})]


def _terms(record: GateAttempt) -> list[Fact]:
    words = {"users": _("Users"), "share": _("Share of traffic"), "data_used": _("Data"), "stop": _("Stopped when")}
    return [Fact(words[name], value) for name, value in record.pilot.items() if name in words and value]


def _review(record: GateAttempt) -> list[Fact]:
    done = {True: Badge(_("Nonconformity"), "bad"), False: Badge(_("No nonconformity"), "good"), None: ""}
    return [
        Fact(_("With authority"), _("Yes") if record.by_authority else _("No")),
        Fact(_("To be reviewed by"), record.review_by),
        Fact(_("Outcome"), done[record.nonconformity], missing=_("Open")),
        Fact(_("Reviewed by"), record.reviewed_by, missing=_("Nobody")),
        Fact(_("What the review says"), record.review_reason, missing=_("Nothing yet")),
    ]


class AttemptAct(Deciding, AttemptView, Act):
    """One verb on one passage."""


class AttemptWithdraw(AttemptAct):
    """Take a permit back."""

    title, submit = gettext_lazy("Withdraw the permit"), gettext_lazy("Withdraw")
    said = gettext_lazy("Withdrawn.")
    may = staticmethod(policies.can_withdraw_permit)

    def perform(self, record: Any, form: Any) -> Any:
        reason = form.cleaned_data["reason"]
        return services.withdraw_permit(record, by=self.me(), reason=reason, version=self.version(form))


class AttemptReview(AttemptAct):
    """Was going around the gate a nonconformity?"""

    form_class = ReviewForm
    title, submit = gettext_lazy("Review the bypass"), gettext_lazy("Record the review")
    said = gettext_lazy("The review is recorded.")
    may = staticmethod(policies.can_review_bypass)

    def perform(self, record: Any, form: Any) -> Any:
        data = {name: form.cleaned_data[name] for name in ("nonconformity", "reason")}
        return services.review_bypass(record, by=self.me(), at=self.now(), version=self.version(form), **data)


class ModeList(PageView):
    """What does the gate do, where, since when, by whose decision?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        seen = access_of(request.user)
        rows = GateMode.objects.select_related("unit", "decided_by")
        if not seen.all_units:
            rows = rows.filter(unit__in=seen.seen_units | seen.above)
        drawn = [
            Row([row.unit.name, Tier(row.tier).label if row.tier else _("All"), row.get_mode_display(), row.valid_from,
                 row.decided_by, row.reason])
            for row in rows[:200]
        ]  # fmt: skip
        head = [_("Unit"), _("Tier"), _("The gate"), _("From"), _("Decided by"), _("Reason")]
        empty = Empty(
            _("The gate enforces everywhere"),
            _("Nobody decided otherwise. A decision lets it observe or warn in a unit or tier, from a day on."), "8.1",
        )  # fmt: skip
        may = policies.can_set_mode(request.user)
        acts = [Action(_("Decide"), "/gate/modes/new/", icon="plus", primary=True)] if may else []
        lead = _("The nearest unit decides, a tier before all, a later decision before an earlier one.")
        title = _("Modes of the gate")
        cells = [HeadCell(str(number), label) for number, label in enumerate(head)]
        register = Register(head=cells, rows=drawn, total=len(drawn), caption=title, empty=None if drawn else empty)
        crumbs = [Crumb(_("Passages of the gate"), "/gate/"), Crumb(title)]
        header = Header(title=title, lead=lead, crumbs=crumbs, actions=acts)
        return render(request, "kit/register.html", {"header": header, "register": register})


class ModeSet(Deciding, PageView):
    """Decide what the gate does."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require(policies.can_set_mode(request.user))
        return self._page(ModeForm(user=request.user, initial={"valid_from": clock.today()}))

    def post(self, request: HttpRequest) -> HttpResponse:
        require(policies.can_set_mode(request.user))
        form = ModeForm(request.POST, user=request.user)
        if not form.is_valid():
            return self._page(form, 400)
        by: Any = request.user
        services.set_mode(by=by, on=clock.today(), **form.data_for_service())
        messages.success(request, _("Decided."))
        return redirect("/gate/modes/")

    def _page(self, form: ModeForm, status: int = 200) -> HttpResponse:
        header = Header(title=_("What does the gate do?"), crumbs=[Crumb(_("Modes of the gate"), "/gate/modes/")])
        context = {"header": header, "form": form, "submit": _("Decide"), "cancel": Action(_("Cancel"), "/gate/modes/")}
        return render(self.request, "kit/form.html", context, status=status)
