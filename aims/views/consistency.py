"""Do the recorded facts agree? The list of contradictions, and one of them with its answers."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from aims import asof, consistency, exports
from aims.consistency import Finding
from aims.errors import invalid
from aims.forms import ReasonForm
from aims.models import Answer
from aims.registry import registry
from aims.states import FindingState
from aims.ui import Action, Badge, Crumb, Empty, Facet, Fact, HeadCell, Header, Link, Option, Register, Row, Tone
from aims.views.base import PageView

PAGE = 50
SHOWN = (FindingState.BREACH, FindingState.QUESTION)  # what is settled shows only when asked for
TONES: dict[str, Tone] = {
    FindingState.BREACH: "bad",
    FindingState.QUESTION: "warn",
    FindingState.ANSWERED: "neutral",
}


class ConsistencyPage(PageView):
    """Which recorded facts contradict each other, and who can put them right?"""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        everything = consistency.findings(request.user, on=asof.day())
        found = self.chosen(everything)
        if request.GET.get("format") in ("csv", "xlsx"):
            return self.export(found, request.GET["format"])
        start = self.start()
        lead = _(
            "Dates, people and states that cannot all be right, or look odd. Gravest first, with who can mend them."
        )
        context = {
            "header": Header(title=_("Consistency"), lead=lead),
            "register": self.register(everything, found, start),
        }
        return render(request, "consistency/list.html", context)

    def chosen(self, everything: Sequence[Finding]) -> list[Finding]:
        """Those of the address: by state (settled ones only when asked for), rule and words."""
        given = self.request.GET
        states = given.getlist("state") or list(SHOWN)
        return consistency.chosen(everything, states=states, rules=given.getlist("rule"), text=given.get("q", ""))

    def start(self) -> int:
        text = self.request.GET.get("after", "0")
        if not text.isdigit() or len(text) > 9:
            raise invalid(after=_("A whole number."))
        return int(text)

    def register(self, everything: Sequence[Finding], found: Sequence[Finding], start: int) -> Register:
        shown = found[start : start + PAGE]
        filtered = any(self.request.GET.get(name) for name in ("q", "state", "rule"))
        return Register(
            head=[HeadCell(key, label) for key, label in self.head()],
            rows=[Row(cells=self.cells(one), group=str(one.rule.sentence)) for one in shown],
            total=len(found),
            searchable=True,
            facets=[self.states(everything), self.rules(everything)],
            query=self.request.GET.get("q", ""),
            hidden=[(key, value) for key in ("state", "rule") for value in self.request.GET.getlist(key)],
            next_url=self.url(after=[str(start + PAGE)]) if start + PAGE < len(found) else "",
            previous_url=self.url(after=[str(max(0, start - PAGE))]) if start else "",
            exports=[Link("CSV", self.url(format=["csv"])), Link("XLSX", self.url(format=["xlsx"]))],
            filtered=filtered,
            reset_url=self.request.path,
            empty=None if shown else self.empty(),
            caption=_("Contradictions"),
        )

    def head(self) -> list[tuple[str, str]]:
        return [
            ("record", _("Record")),
            ("told", _("What does not fit")),
            ("state", _("State")),
            ("owner", _("Owner")),
            ("roles", _("Who can mend it")),
            ("do", _("Do")),
        ]

    def cells(self, one: Finding) -> list[Any]:
        return [
            Link(f"{one.record.ref} {one.record.title}", one.record.get_absolute_url()),
            one.told,
            [state_badge(one), *([backlog_badge()] if one.breach.backlog else [])],
            one.record.owner,
            one.roles,
            Link(_("Look"), one.get_absolute_url()),
        ]

    def states(self, everything: Sequence[Finding]) -> Facet:
        counts, asked = consistency.count_of(everything), self.request.GET.getlist("state")
        options = [
            Option(state, str(state.label), self.toggled("state", state), counts[state], state in asked)
            for state in consistency.SEVERITY
        ]
        return Facet("state", _("State"), options, clear_url=self.url(state=[]) if asked else "")

    def rules(self, everything: Sequence[Finding]) -> Facet:
        asked = self.request.GET.getlist("rule")
        counts = {rule: sum(one.rule.id == rule for one in everything) for rule in registry.rules}
        options = [
            Option(rule.id, str(rule.sentence), self.toggled("rule", rule.id), counts[rule.id], rule.id in asked)
            for rule in registry.rules.values()
        ]
        return Facet("rule", _("Rule"), options, clear_url=self.url(rule=[]) if asked else "")

    def toggled(self, name: str, value: str) -> str:
        values = self.request.GET.getlist(name)
        return self.url(**{name: [one for one in values if one != value] if value in values else [*values, value]})

    def url(self, **changes: list[str]) -> str:
        kept = {key: values for key, values in self.request.GET.lists() if key not in ("after", "format")}
        text = urlencode({**kept, **changes}, doseq=True)
        return f"{self.request.path}?{text}" if text else self.request.path

    def empty(self) -> Empty:
        text = _("%(count)d rules were asked of every record you see, and nothing contradicts them.")
        return Empty(_("Nothing contradicts itself"), text % {"count": len(registry.rules)}, clause="7.5")

    def export(self, found: Sequence[Finding], form: str) -> HttpResponseBase:
        head = [_("Rule"), _("Sentence"), _("Clause"), *[label for key, label in self.head() if key != "do"]]
        rows = ([one.rule.id, one.rule.sentence, one.rule.clause, *_plain(one)] for one in found)
        write = exports.csv_response if form == "csv" else exports.xlsx_response
        return write("consistency", head, rows)


def _plain(one: Finding) -> list[Any]:
    return [one.record.ref, one.told, one.state.label, one.record.owner, one.roles]


def state_badge(one: Finding) -> Badge:
    return Badge(str(one.state.label), TONES[one.state])


def backlog_badge() -> Badge:
    """Says that a day was entered afterwards."""
    return Badge(_("Entered afterwards"), "info", icon="history")


class FindingPage(PageView):
    """What does not fit here, who can mend it, and what was answered?"""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(self.finding(), ReasonForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        one, form = self.finding(), ReasonForm(request.POST)
        if not form.is_valid():
            return self.page(one, form, 400)
        settle = self.settling(one)
        try:
            settle(one, by=request.user, reason=form.cleaned_data["reason"], on=asof.day())
        except ValidationError as error:
            form.refuse(error)
            return self.page(one, form, 400)
        messages.success(request, self.said(one))
        return redirect("consistency")

    def finding(self) -> Finding:
        given = self.kwargs
        return consistency.finding(self.request.user, given["rule"], given["ref"], given["mark"], on=asof.day())

    def settling(self, one: Finding) -> Any:
        answered = one.state == FindingState.ANSWERED
        return consistency.reopen_question if answered else consistency.answer_question

    def said(self, one: Finding) -> str:
        if one.state == FindingState.ANSWERED:
            return _("The question stands again.")
        return _("The question rests until its facts change.")

    def page(self, one: Finding, form: ReasonForm, status: int = 200) -> HttpResponse:
        may = consistency.can_reopen if one.state == FindingState.ANSWERED else consistency.can_answer
        allowed = bool(may(self.request.user, one)) and asof.moment() is None
        context = {
            "header": self.header(one),
            "facts": [(_("What does not fit"), self.facts(one))],
            "answers": self.answers(one),
            "form": form if allowed else None,
            "submit": _("Ask again") if one.state == FindingState.ANSWERED else _("Answer"),
            "cancel": Action(_("Back to the list"), "/consistency/"),
        }
        return render(self.request, "consistency/finding.html", context, status=status)

    def header(self, one: Finding) -> Header:
        mend = Action(_("Go and mend it"), one.mend_url, icon="tool", primary=not one.answerable)
        badges = [state_badge(one), *([backlog_badge()] if one.breach.backlog else [])]
        crumbs = [Crumb(_("Consistency"), "/consistency/"), Crumb(one.record.ref, one.record.get_absolute_url())]
        return Header(
            title=str(one.rule.sentence), ref=one.record.ref, lead=one.told, badges=badges, crumbs=crumbs,
            actions=[mend] if asof.moment() is None else (),
        )  # fmt: skip

    def facts(self, one: Finding) -> list[Fact]:
        return [
            Fact(_("Record"), one.record),
            Fact(_("Clause"), one.rule.clause),
            Fact(_("Owner"), one.record.owner),
            Fact(_("Who can mend it"), one.roles, missing=_("Nobody: it stays as it was recorded")),
        ]

    def answers(self, one: Finding) -> Any:
        """All that was said about this rule and record, also about other facts."""
        rows = Answer.objects.filter(record=one.record, rule=one.rule.id).select_related("answered_by")
        return [(row, row.digest == one.digest) for row in rows.order_by("-pk")]
