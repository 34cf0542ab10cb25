"""The gate of a system: what stops the release, and the ways through it."""

from collections.abc import Mapping, Sequence
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from aims import asof, clock
from aims.errors import Hidden
from aims.ui import Action, Badge, Empty, Fact, Link, Row
from inventory import policies, reality, services
from inventory.forms_gate import AskForm, BreakForm, ExceptionForm, PilotForm, StatementForm, StopForm
from inventory.gating import Answered, passage
from inventory.models import AISystem, GateAttempt, GateStatement
from inventory.rulebook import items
from inventory.services import Brought
from inventory.states import AttemptState, Mode, Said, SystemStage
from inventory.tables_gate import answer_badge
from inventory.views.acts import Act
from inventory.views.systems import SystemView
from inventory.views.tabs import Part
from organization.deciding import Deciding, confirmed

_STATES: dict[str, tuple[Any, Any, str]] = {
    "met": (gettext_lazy("Met"), "good", "circle-check"),
    "unmet": (gettext_lazy("Unmet"), "bad", "circle-x"),
    "waived": (gettext_lazy("Waived"), "warn", "clock-pause"),
    "backlog": (gettext_lazy("Backlog"), "info", "stack-2"),
}
_MODE_TONES: dict[str, Any] = {"observe": "info", "warn": "warn", "enforce": "good"}
TEMPLATE = "inventory/gate.html"


def badge_of(state: str) -> Badge:
    label, tone, icon = _STATES[state]
    return Badge(str(label), tone, icon)


def item_text(item: str) -> str:
    """What an item of the gate is called."""
    return next((_(one.text) for some in items().values() for one in some if one.id == item), item)


def rows_of(answers: Sequence[Answered] | Sequence[Mapping[str, Any]]) -> list[Row]:
    """Each item of the gate as a row: answer, item, why, where to do the work."""
    plain = [one.plain() if isinstance(one, Answered) else one for one in answers]
    return [
        Row(
            [
                badge_of(one["state"]),
                one["text"],
                one["reason"],
                Link(_("Go there"), one["url"]) if one["url"] else "",
            ]
        )
        for one in plain
    ]


def _work_first(answers: Sequence[Answered]) -> list[Answered]:
    """What is unmet comes first, what is met last."""
    return sorted(answers, key=lambda one: ("unmet", "backlog", "waived", "met").index(one.state))


HEAD = (pgettext_lazy("noun", "Answer"), gettext_lazy("Item"), gettext_lazy("Why"), gettext_lazy("Where"))
NOTHING = Empty("", "", "8.1")


def gate_tab(request: HttpRequest, system: AISystem) -> dict[str, Any]:
    """What stops the release of the newest version, the ways through, and what runs where.

    The gate answers for today; of the past there is what it answered then.
    """
    if asof.moment() is not None:
        return {"parts": [_passed(request, system)]}
    release = system.versions.order_by("-pk").first()
    found = passage(services.newest_question(system, clock.today()), SystemStage.DEPLOYMENT)
    writing = not system.retired
    unmet = len(found.unmet)
    return {
        "notes": _notes(system, found, unmet),
        "mode": Badge(str(Mode(found.mode).label), _MODE_TONES[found.mode]),
        "release": release,
        "acts": _acts(request.user, system) if writing else [],
        "parts": [
            Part(
                "items",
                _("What the gate asks"),
                [str(one) for one in HEAD],
                rows_of(_work_first(found.answers)),
                NOTHING,
            ),
            *_said(request, system, writing),
            _runs(system),
            _passed(request, system),
        ],
        "command": release
        and f"aims-gate ask {system.ref} --version {release.number} --digest {release.digest or '…'} "
        "--environment production",
    }


def _notes(system: AISystem, found: Any, unmet: int) -> list[tuple[str, str]]:
    notes = []
    if system.stopped_on is not None:
        notes.append(("bad", _("Stopped on %(day)s: no permit holds.") % {"day": system.stopped_on}))
    if system.flag:
        notes.append(("warn", _("Significant change, not settled yet: %(cause)s") % {"cause": system.flag}))
    if found.never:
        notes.append(("bad", _("This system goes live on no way.")))
    elif not unmet:
        notes.append(("good", _("Nothing stops the release.")))
    elif found.allowed:
        said = ngettext(
            "%(count)d item is unmet. The gate lets it pass and records it; enforcing, it would refuse.",
            "%(count)d items are unmet. The gate lets it pass and records it; enforcing, it would refuse.",
            unmet,
        )
        notes.append(("warn", said % {"count": unmet}))
    else:
        said = ngettext("%(count)d item stops the release.", "%(count)d items stop the release.", unmet)
        notes.append(("bad", said % {"count": unmet}))
    if system.backlog_until is not None and system.backlog_until >= asof.day():
        notes.append(
            ("info", _("In use before it was screened; catches up by %(day)s.") % {"day": system.backlog_until})
        )
    return notes


def _acts(user: Any, system: AISystem) -> list[Action]:
    url = f"/systems/{system.ref}/gate/"
    may = [
        ("stop", _("Emergency stop"), "hand-stop", policies.can_stop_system(user, system), True),
        ("break-glass", _("Break the glass"), "hammer", policies.can_break_glass(user, system), True),
        ("pilot", _("Allow a pilot"), "flask", policies.can_allow_pilot(user, system), False),
        ("except", _("Ask for an exception"), "clock-pause", policies.can_ask_exception(user, system), False),
        ("attest", _("Vouch for an item"), "signature", policies.can_attest(user, system), False),
    ]
    found = [Action(label, f"{url}{verb}/", icon=icon, danger=danger) for verb, label, icon, ok, danger in may if ok]
    if policies.can_ask_gate(user, system) and system.versions.exists():
        found.append(Action(_("Ask the gate"), f"{url}ask/", icon="traffic-lights", primary=True))
    return found


def _said(request: HttpRequest, system: AISystem, writing: bool) -> list[Part]:
    """What holds or waits to be countersigned; apart from it what holds no more, where there is any."""
    today = asof.day()
    rows = GateStatement.objects.filter(system=system).select_related("said_by", "countersigned_by")
    holding, ended = list[GateStatement](), list[GateStatement]()
    for row in rows:
        (ended if row.over(today) else holding).append(row)
    common = [_("Sort"), _("Item"), _("What is said"), _("By"), _("Until"), _("Countersigned")]
    empty = Empty("", _("Nobody vouched for an item or asked for an exception."), "A.6.2.5")
    may = writing and bool(policies.can_attest(request.user, system))
    drawn = [
        Row([*_words(row), _signed(request, system, row, writing), *([_back(system, row)] if may else [])])
        for row in holding
    ]
    head = [*common, _("Do")] if may else common
    parts = [Part("statements", _("What people vouch for"), head, drawn, empty)]
    if ended:
        past = [Row([*_words(row), row.countersigned_by or "", _ending(row)]) for row in ended]
        parts.append(Part("ended", _("What holds no more"), [*common, _("State")], past, NOTHING))
    return parts


def _words(row: GateStatement) -> list[Any]:
    return [row.get_said_display(), item_text(row.item), row.text, row.said_by, row.until]


def _back(system: AISystem, row: GateStatement) -> Link:
    return Link(_("Take back"), f"/systems/{system.ref}/gate/take-back/{row.pk}/")


def _ending(row: GateStatement) -> Badge:
    if row.ended_on is not None:
        return Badge(_("Taken back on %(day)s") % {"day": date_format(row.ended_on, "SHORT_DATE_FORMAT")})
    if row.said == Said.EXCEPTION and row.countersigned_on is None:
        return Badge(_("Ended, never countersigned"))
    return Badge(_("Ended"))


def _signed(request: HttpRequest, system: AISystem, row: GateStatement, writing: bool) -> Any:
    if row.said == Said.ATTESTATION:
        return ""
    if row.countersigned_by is not None:
        return row.countersigned_by
    may = writing and policies.can_countersign(request.user, system) and row.said_by_id != request.user.pk
    url = f"/systems/{system.ref}/gate/countersign/{row.pk}/"
    return Link(_("Countersign"), url) if may else Badge(_("Waits"), "warn")


def _runs(system: AISystem) -> Part:
    rows = [
        Row([one.environment, one.number, one.digest[:12], Badge(str(one.label), one.tone), one.seen_at])
        for one in reality.of_system(system, clock.now())
    ]
    head = [pgettext("deployment", "Environment"), _("Version"), _("Digest"), _("Compared with permits"), _("Seen")]
    empty = Empty("", _("Nobody reported yet what runs where: let the pipeline call “aims-gate deployed”."), "A.6.2.5")
    return Part("running", _("What runs where"), head, rows, empty)


def _passed(request: HttpRequest, system: AISystem) -> Part:
    seen = GateAttempt.objects.visible_to(request.user).filter(system=system).select_related("asked_by")
    rows = [
        Row(
            [
                Link(row.ref, row.get_absolute_url()), answer_badge(row),
                row.get_way_display(), row.environment or row.get_stage_display(), row.number, row.asked_by, row.asked_at,
            ]
        )
        for row in seen.order_by("-pk")[:10]
    ]  # fmt: skip
    head = [_("Passage"), pgettext("noun", "Answer"), _("Way"), _("Where"), _("Version"), _("By"), _("When")]
    return Part("passages", _("Last passages"), head, rows, Empty("", _("Nobody came to the gate yet."), "8.1"))


class GateAct(SystemView, Act):
    """One way through the gate of a system."""

    def initial(self, record: Any) -> dict[str, Any]:
        return {**dict(self.request.GET.items()), **super().initial(record)}

    def success_url(self, done: Any) -> str:
        return self.kind.url(self.kwargs["ref"], "gate")


class GateAsk(GateAct):
    """May this version go there? The same question that CI asks."""

    form_class = AskForm
    title, submit = gettext_lazy("Ask the gate"), gettext_lazy("Ask")
    may = staticmethod(policies.can_ask_gate)

    def perform(self, record: Any, form: Any) -> Any:
        return services.ask_gate(record, Brought(**form.brought()), by=self.me(), at=self.now())

    def success_url(self, done: GateAttempt) -> str:
        if done.state == AttemptState.ALLOWED:
            messages.success(self.request, _("Allowed. The permit is below."))
        else:
            messages.error(self.request, _("Refused. What is unmet is listed below."))
        return str(done.get_absolute_url())


class GatePilot(Deciding, GateAct):
    """A permit for a few, which ends by itself."""

    form_class = PilotForm
    title, submit = gettext_lazy("Allow a pilot"), gettext_lazy("Allow the pilot")
    may = staticmethod(policies.can_allow_pilot)

    def perform(self, record: Any, form: Any) -> Any:
        data = form.cleaned_data
        terms = {name: data[name] for name in ("users", "share", "data_used", "stop")}
        return services.allow_pilot(
            record, Brought(**form.brought()), by=self.me(), terms=terms, reason=data["reason"], until=data["until"],
            at=self.now(),
        )  # fmt: skip


class GateBreak(Deciding, GateAct):
    """Deploy around the gate in an emergency."""

    form_class = BreakForm
    title, submit = gettext_lazy("Break the glass"), gettext_lazy("Deploy around the gate")
    may = staticmethod(policies.can_break_glass)

    def extra(self, record: Any) -> dict[str, Any]:
        sentences = [_("A review follows within 24 hours and decides whether this was a nonconformity.")]
        if not policies.may_bypass(self.me(), record):
            sentences.append(_("You have no authority for this: it will be a nonconformity in any case."))
        return {"consequences": sentences, "danger": True}

    def perform(self, record: Any, form: Any) -> Any:
        reason = form.cleaned_data["reason"]
        return services.break_glass(record, Brought(**form.brought()), by=self.me(), reason=reason, at=self.now())


class GateStop(GateAct):
    """Stop the system now."""

    form_class = StopForm
    title, submit = gettext_lazy("Emergency stop"), gettext_lazy("Stop it")
    said = gettext_lazy("Stopped. Every permit is withdrawn.")
    may = staticmethod(policies.can_stop_system)

    def extra(self, record: Any) -> dict[str, Any]:
        return {"consequences": [_("Every permit is withdrawn at once; only a new one ends the stop.")], "danger": True}

    def perform(self, record: Any, form: Any) -> Any:
        return services.stop_system(record, by=self.me(), at=self.now(), **form.data_for_service())


class GateAttest(GateAct):
    """Vouch for an item that no check answers."""

    form_class = StatementForm
    title, submit = gettext_lazy("Vouch for an item"), gettext_lazy("Vouch for it")
    may = staticmethod(policies.can_attest)

    def perform(self, record: Any, form: Any) -> Any:
        return services.attest(record, by=self.me(), data=form.data_for_service(), on=clock.today())


class GateExcept(GateAct):
    """Ask to wait for an item, for a time."""

    form_class = ExceptionForm
    title, submit = gettext_lazy("Ask for an exception"), gettext_lazy("Ask")
    said = gettext_lazy("Asked. It holds once another person countersigns.")
    may = staticmethod(policies.can_ask_exception)

    def perform(self, record: Any, form: Any) -> Any:
        return services.ask_exception(record, by=self.me(), data=form.data_for_service(), on=clock.today())


class StatementAct(GateAct):
    """One verb on what somebody said at the gate; what is not there is told before asking who one is."""

    def allowed(self, record: Any) -> None:
        self.statement(record)
        super().allowed(record)

    def statement(self, record: AISystem) -> GateStatement:
        found: GateStatement | None = GateStatement.objects.filter(system=record, pk=self.kwargs["pk"]).first()
        if found is None:
            raise Hidden
        return found

    def extra(self, record: Any) -> dict[str, Any]:
        row = self.statement(record)
        facts = [
            Fact(_("Item"), item_text(row.item)), Fact(_("What is said"), row.text), Fact(_("By"), row.said_by),
            Fact(_("Until"), row.until),
        ]  # fmt: skip
        return {"facts": [("", facts)]}


class GateCountersign(StatementAct):
    """Countersign an exception."""

    title, submit = gettext_lazy("Countersign"), gettext_lazy("Countersign")
    may = staticmethod(policies.can_countersign)

    def allowed(self, record: Any) -> None:
        super().allowed(record)
        if not confirmed(self.request):
            raise ReauthenticationRequired

    def perform(self, record: Any, form: Any) -> Any:
        return services.countersign(
            self.statement(record), by=self.me(), reason=form.cleaned_data["reason"], on=clock.today()
        )


class GateTakeBack(StatementAct):
    """End what somebody vouched for, or an exception, before its time."""

    title, submit = gettext_lazy("Take it back"), gettext_lazy("Take it back")
    said = gettext_lazy("Taken back: the gate asks for the item again.")
    may = staticmethod(policies.can_attest)

    def perform(self, record: Any, form: Any) -> Any:
        return services.take_back(
            self.statement(record), by=self.me(), reason=form.cleaned_data["reason"], on=clock.today()
        )
