"""The register of assessments, one assessment, opening one, and the tabs it puts on other pages."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import asof, clock
from aims.registry import RecordTab
from aims.services import require
from aims.ui import Action, Empty, Fact
from aims.views.form import CreateView
from aims.views.record import RecordView
from aims.views.register import RegisterView, state_badge
from impact import cards, comparison, policies, services
from impact.forms import OpenForm
from impact.matrix import matrix_of
from impact.missing import missing
from impact.models import ImpactAssessment, Screening
from impact.questions import sections_of
from impact.states import ImpactState, Tier, Use
from impact.tables import ASSESSMENTS, family_links, tier_badge, use_badge
from impact.views.base import ImpactView
from inventory.models import AISystem


class ImpactList(ImpactView, RegisterView):
    """Whom do our systems help or harm, and is that assessed?"""

    table = ASSESSMENTS
    lead = gettext_lazy("Whom each AI system may help or harm, what is done about it, and who approved it.")

    def actions(self) -> list[Action]:
        if not policies.can_open(self.request.user):
            return []
        return [Action(_("Open an assessment"), "/impact-assessments/new/", icon="plus", primary=True)]

    def empty(self) -> Empty:
        return Empty(
            title=_("No system is assessed yet"),
            text=_(
                "An assessment says for every group of people what the system may do to them, for good and for bad, "
                "before it is used. Screen a system first: its tier says how much of this it needs."
            ),
            clause="6.1.4, A.5.2",
            action=next(iter(self.actions()), None),
        )


class ImpactDetail(ImpactView, RecordView):
    """Whom could this harm or help, and how much?"""

    summary_template = "impact/impact_detail.html"

    def badges(self, record: ImpactAssessment) -> list[Any]:
        return [one for one in (state_badge(record), tier_badge(record), use_badge(record)) if one]

    def actions(self, record: ImpactAssessment) -> list[Action]:
        return actions_on(record, self.request.user)

    def strip(self, record: ImpactAssessment) -> Sequence[Fact]:
        return [
            Fact(_("AI systems"), family_links(record), missing=_("None")),
            Fact(_("Version"), str(record.system_version or ""), missing=_("None yet")),
            Fact(_("Owner"), record.owner),
            Fact(_("Valid until"), record.valid_until, missing=_("Not approved")),
            Fact(_("Due"), record.due_on, missing=_("Nothing")),
        ]

    def extra(self, record: ImpactAssessment) -> dict[str, Any]:
        user, now = self.request.user, asof.moment() is None
        seen_first = comparison.first_to_see(user, record) if record.state in _DECIDABLE else (None, [])
        asked = cards.opinions(record, user, writing=now)
        return {
            "notes": list(self._notes(record)),
            "matrix": matrix_of(record),
            "impacts": impacts_of(record),
            "decisions": cards.decisions(record),
            "conditions": cards.conditions(record),
            "opinions": asked,
            "unheard": cards.unheard(asked) if record.open else [],
            "compared_with": seen_first[0],
            "differences": seen_first[1],
            "may_fulfil": now and bool(policies.can_fulfil(user, record)),
            "may_write": now and bool(policies.can_write(user, record)),
            "measures": record.measures.select_related("owner", "control").prefetch_related("covers__impact"),
        }

    def _notes(self, record: ImpactAssessment) -> Iterator[tuple[str, str]]:
        if record.state == ImpactState.STALE:
            yield "bad", _("The approval is stale since %(day)s: %(cause)s") % {
                "day": record.stale_on, "cause": record.stale_cause,
            }  # fmt: skip
        if record.draft:
            gaps = len(missing(record))
            yield (
                "info",
                _("It is being written; %(count)d things are missing before it can be submitted.") % {"count": gaps},
            )
        if record.use in (Use.RESTRICTED, Use.PROHIBITED):
            yield "bad", _USE_NOTES[record.use]()
        if record.state == ImpactState.APPROVED and record.valid_until and record.valid_until < asof.day():
            yield "bad", _("The time of the approval is over.")


_USE_NOTES: dict[str, Any] = {
    Use.RESTRICTED: lambda: _("A restricted use is rejected or put before top management; nobody else may allow it."),
    Use.PROHIBITED: lambda: _("The law prohibits this use. Nobody may approve it."),
}
_DECIDABLE = (ImpactState.IN_REVIEW, ImpactState.ESCALATED)


def impacts_of(record: ImpactAssessment) -> list[tuple[Any, list[Any]]]:
    """Benefits and harms under their party, the worst first. Two queries."""
    rows = list(record.impacts.select_related("party").prefetch_related("coverings__measure"))
    rows.sort(key=lambda one: (not one.harm, -one.score))
    parties = list(dict.fromkeys(row.party for row in sorted(rows, key=lambda one: one.party_id)))
    return [(party, [row for row in rows if row.party_id == party.pk]) for party in parties]


def actions_on(record: ImpactAssessment, user: Any) -> list[Action]:
    """What this person may do to an assessment now; the next step is the last and primary."""
    url, today = record.get_absolute_url(), clock.today()
    review, up = record.state == ImpactState.IN_REVIEW, record.state == ImpactState.ESCALATED
    decides = review and bool(policies.can_decide(user, record, today))
    may = {
        "reassess": record.state in (ImpactState.APPROVED, ImpactState.STALE, ImpactState.REJECTED)
        and policies.can_open(user, record),
        "reject": decides or (up and policies.can_allow(user, record)),
        "return": review and policies.can_return(user, record),
        "escalate": decides and record.use == Use.RESTRICTED,
        "refer": review and record.use != Use.ORDINARY and policies.can_refer(user, record),
        "ask": record.open and policies.can_ask(user, record),
        "write/": record.draft and policies.can_write(user, record),
        "submit": record.draft and policies.can_submit(user, record),
        "approve": decides and record.use == Use.ORDINARY,
        "allow": up and policies.can_allow(user, record),
    }
    found = [verb for verb in _LABELS if may[verb]]
    return [
        Action(str(_LABELS[verb][0]), f"{url}{verb.rstrip('/')}/", icon=_LABELS[verb][1], primary=verb == found[-1])
        for verb in found
    ]


_LABELS = {
    "reassess": (gettext_lazy("Assess again"), "refresh"),
    "ask": (gettext_lazy("Ask for an opinion"), "users"),
    "return": (gettext_lazy("Return"), "arrow-back-up"),
    "reject": (gettext_lazy("Reject"), "ban"),
    "escalate": (gettext_lazy("Put before top management"), "arrow-up"),
    "refer": (gettext_lazy("Put before the committee"), "users-group"),
    "submit": (gettext_lazy("Submit"), "send"),
    "write/": (gettext_lazy("Write"), "pencil"),
    "approve": (gettext_lazy("Approve"), "signature"),
    "allow": (gettext_lazy("Allow the restricted use"), "signature"),
}


class ImpactOpen(CreateView):
    """Begin an assessment."""

    model, form_class = ImpactAssessment, OpenForm
    submit = gettext_lazy("Open the assessment")

    def allowed(self, record: Any) -> None:
        require(policies.can_open(self.request.user))

    def heading(self, record: Any) -> str:
        return _("Open an impact assessment")

    def initial(self, record: Any) -> dict[str, Any]:
        user: Any = self.request.user
        given = super().initial(record)
        system = AISystem.objects.visible_to(user).filter(ref=given.pop("system", "")).first()
        return {"owner": user, "system": system, **given}

    def perform(self, record: Any, form: Any) -> ImpactAssessment:
        data = {name: value for name, value in form.data_for_service().items() if value not in (None, "")}
        system, template, by = data.pop("system"), data.pop("template", ""), self.request.user
        return services.open_assessment(system, by=by, on=clock.today(), data=data, template=template)  # type: ignore[arg-type]

    def success_url(self, done: Any) -> str:
        return f"{done.get_absolute_url()}write/"


class ImpactWork(ImpactView):
    """Where the work on it is done now: the form while it is written, else its page."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        record = self.get_record()
        writes = record.draft and policies.can_write(request.user, record)
        return redirect(f"{record.get_absolute_url()}write/" if writes else record.get_absolute_url())


def report_tab(request: HttpRequest, record: ImpactAssessment) -> dict[str, Any]:
    """The whole text, section by section, with reasons why something does not apply."""
    return {"sections": report_of(record)}


def report_of(record: ImpactAssessment) -> list[dict[str, Any]]:
    """Sections with their answered questions. One query."""
    held = {row.question: row for row in record.answers.all()}
    return [
        {
            "section": section,
            "answers": [(one, held[one.id]) for one in section.questions if one.id in held],
        }
        for section in sections_of(record.edition, record.tier)
    ]


def changes_tab(request: HttpRequest, record: ImpactAssessment) -> dict[str, Any]:
    """What differs from the predecessor."""
    before = record.predecessor if record.predecessor_id else None
    return {"before": before, "differences": comparison.compare(record, before) if before else []}


REPORT = RecordTab("impact", "report", gettext_lazy("Report"), "impact/report.html", report_tab, None, 10)
CHANGES = RecordTab("impact", "changes", gettext_lazy("Changes"), "impact/changes.html", changes_tab, None, 12)


def system_tab(request: HttpRequest, system: AISystem) -> dict[str, Any]:
    """Screening and assessments of a system: what holds now first."""
    rows = ImpactAssessment.objects.visible_to(request.user).of_system(system).select_related("owner", "system_version")
    found = sorted(rows, key=lambda row: (row.state not in _FIRST, -row.pk))
    screening = Screening.objects.visible_to(request.user).filter(system=system).order_by("-pk").first()
    current = next((row for row in found if row.state in _FIRST), None)
    now = asof.moment() is None
    return {
        "rows": [(row, state_badge(row)) for row in found],
        "screening": screening,
        "screening_badges": [state_badge(screening), tier_badge(screening)] if screening is not None else [],
        "matrix": matrix_of(current) if current is not None else None,
        "current": current,
        "open": f"/impact-assessments/new/?system={system.ref}"
        if now and policies.can_open(request.user, system) and system.tier != Tier.MINIMAL
        else "",
        "screen": f"/screenings/new/?system={system.ref}" if now and policies.can_screen(request.user, system) else "",
    }


_FIRST = (ImpactState.APPROVED, ImpactState.STALE, ImpactState.IN_REVIEW, ImpactState.DRAFT)


def system_count(request: HttpRequest, system: AISystem) -> int:
    return int(ImpactAssessment.objects.visible_to(request.user).of_system(system).count())


SYSTEM_IMPACT = RecordTab(
    "system", "impact", gettext_lazy("Impact"), "impact/system_tab.html", system_tab, system_count, 18
)
