"""Audit programmes: what is covered by when, what is not, and what to audit next."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from aims import asof, clock
from aims.registry import RecordTab
from aims.services import require
from aims.ui import Action, Empty, Fact, Link
from aims.views.form import ChangeView, CreateView
from aims.views.record import RecordView
from aims.views.register import RegisterView, state_badge
from audits import coverage, leftout, policies, services
from audits.acts import PROGRAMME_ACTS, Act
from audits.forms.audits import ProgrammeForm
from audits.models import Audit, AuditProgramme
from audits.tables import PROGRAMMES
from audits.views.base import ActingView, ActPage, SeenView
from audits.views.blocks import block

CYCLE = 1096  # days: the three years of a certificate


class ProgrammeList(SeenView, RegisterView):
    """When do we audit what?"""

    model, table = AuditProgramme, PROGRAMMES
    lead = gettext_lazy("What is audited in which period, by importance and by what earlier audits found.")

    def actions(self) -> list[Action]:
        may = policies.may(self.request.user, "programme.draft")
        return [Action(_("Draft a programme"), "/programmes/new/", icon="plus", primary=True)] if may else []

    def empty(self) -> Empty:
        text = _(
            "A programme says what is audited in a period, so that every clause and included control has its turn."
        )
        return Empty(title=_("There is no audit programme yet"), text=text, clause="9.2.2")


class ProgrammeDetail(ActingView, RecordView):
    """What do we audit in this period, and what is left out?"""

    model, acts, summary_template = AuditProgramme, PROGRAMME_ACTS, "audits/record.html"

    def _is_next(self, act: Act, record: AuditProgramme) -> bool:
        """Closing is no step of the work before the period is over."""
        return super()._is_next(act, record) and (act.id != "close" or record.ends_on < clock.today())

    def more_actions(self, record: AuditProgramme) -> list[Action]:
        may = record.is_draft and policies.may(self.request.user, "programme.change", record)
        return [Action(_("Change"), f"{record.get_absolute_url()}change/", icon="pencil")] if may else []

    def facts(self, record: AuditProgramme) -> Sequence[tuple[Any, Sequence[Fact]]]:
        said = [
            Fact(_("From"), record.starts_on),
            Fact(_("Until"), record.ends_on),
            Fact(_("Objectives"), record.objectives),
            Fact(_("Risks of the programme"), record.risks, missing=_("Not stated yet")),
            Fact(_("Methods"), record.methods, missing=_("Not stated yet")),
            Fact(_("Responsibilities"), record.responsibilities, missing=_("Not stated yet")),
            Fact(_("Resources"), record.resources, missing=_("Not stated yet")),
            Fact(_("Reporting"), record.reporting, missing=_("Not stated yet")),
        ]
        approved = [
            Fact(_("Approved by"), record.approved_by, missing=_("Not approved yet")),
            Fact(_("Approved"), record.approved_at, missing=_("Not yet")),
        ]  # fmt: skip
        return [(_("The programme"), said), (_("Approval"), approved)]

    def extra(self, record: AuditProgramme) -> dict[str, Any]:
        rows = list(Audit.objects.visible_to(self.request.user).filter(programme=record).order_by("starts_on", "pk"))
        cells = [[one.title, one.get_sort_display(), one.starts_on, state_badge(one)] for one in rows]
        may = policies.may(self.request.user, "audit.plan") and asof.moment() is None
        add = Link(_("Plan an audit"), f"/audits/new/?programme={record.ref}") if may else None
        head = [_("Audit"), _("Kind"), _("Begins"), _("State")]
        made = block("audits", _("Audits"), head, cells, none=_("No audit is planned yet."), add=add,
                     urls=[one.get_absolute_url() for one in rows])  # fmt: skip
        return {"blocks": [made, *([] if record.is_draft else [_left_out(record, self.request.user)])]}


class ProgrammeCreate(CreateView):
    """Draft a programme."""

    model, form_class, submit = AuditProgramme, ProgrammeForm, gettext_lazy("Save the draft")

    def allowed(self, record: Any) -> None:
        require(policies.may(self.request.user, "programme.draft"))

    def heading(self, record: Any) -> str:
        return _("Draft an audit programme")

    def initial(self, record: Any) -> dict[str, Any]:
        user, today = self.request.user, clock.today()
        return {
            "owner": user,
            "starts_on": today,
            "ends_on": today + timedelta(days=CYCLE - 1),
            **self.request.GET.dict(),
        }

    def perform(self, record: Any, form: Any) -> AuditProgramme:
        by: Any = self.request.user
        return services.draft_programme(by=by, data=form.data_for_service())


class ProgrammeChange(SeenView, ChangeView):
    """Change a draft."""

    model, form_class, said = AuditProgramme, ProgrammeForm, gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(policies.may(self.request.user, "programme.change", record))

    def perform(self, record: Any, form: Any) -> AuditProgramme:
        by: Any = self.request.user
        return services.change_programme(record, by=by, data=form.data_for_service(), version=self.version(form))


class ProgrammeAct(ActPage):
    """A verb on a programme; approving shows what is left out."""

    act: Act = PROGRAMME_ACTS[0]

    def extra(self, record: Any) -> dict[str, Any]:
        found = super().extra(record)
        gaps = coverage.gaps_of(record, self.request.user) if self.act.id == "approve" else []
        if not gaps:
            return found
        words = _("This is in no audit of the programme. Plan audits of it, or say below why not.")
        return {
            **found,
            "consequences": [words],
            "danger": True,
            "facts": [(_("Left out"), list(_gap_facts(record, gaps)))],
        }


def _gap_facts(record: AuditProgramme, gaps: Sequence[coverage.Line]) -> Iterator[Fact]:
    """What is left out, part by part; systems by tier."""
    groups: dict[tuple[str, str], list[coverage.Line]] = {}
    for gap in gaps:
        tier = coverage.tier_of(gap.kept) if gap.part == "systems" else ""
        groups.setdefault((gap.part, tier), []).append(gap)
    for (part, tier), lines in groups.items():
        label = str(leftout.LABELS[part])
        rest, url = leftout.rest_of(part, lines), f"{record.get_absolute_url()}coverage/#{part}-title"
        named = [Link(line.number or line.label, line.url, line.label) for line in lines[: len(lines) - rest]]
        more = [Link(_("%(count)d more") % {"count": rest}, url)] if rest else []
        yield Fact(f"{label}: {tier}" if tier else label, [*named, *more],
                   help=_("%(count)d in no audit") % {"count": len(lines)}, wide=True)  # fmt: skip


def _left_out(record: AuditProgramme, user: Any) -> Any:
    """What was left out when it was approved, and why."""
    cells = [
        [one.why, one.numbers, [Link(unit.name, unit.get_absolute_url()) for unit in one.units],
         [Link(system.ref, system.get_absolute_url(), system.title) for system in one.systems]]
        for one in leftout.left_out_of(record, user)
    ]  # fmt: skip
    head = [_("Reason"), _("Clauses and controls"), _("Units"), _("AI systems")]
    return block("left-out", _("Left out on approval"), head, cells, none=_("Nothing was left out."))


def coverage_tab(request: HttpRequest, programme: AuditProgramme) -> dict[str, Any]:
    """The matrix: clauses, controls, units and systems against the audits; and what risk says to audit next."""
    found = coverage.matrix_of(programme, request.user)
    shown = Audit.objects.visible_to(request.user).filter(pk__in=[audit.pk for audit in found.audits])
    may = policies.may(request.user, "audit.plan") and asof.moment() is None
    parts = [
        ("clauses", _("Clauses"), found.clauses),
        ("controls", _("Controls"), found.controls),
        ("units", _("Units"), found.units),
        ("systems", _("AI systems"), found.systems),
    ]
    return {
        "parts": [(*part, sum(line.covered for line in part[2])) for part in parts],
        "audits": list(shown.order_by("starts_on", "pk")), "gaps": leftout.told(found.gaps),
        "suggestions": coverage.suggestions(programme, request.user, asof.day()), "sampled": _sampled(programme, request.user),
        "plan": f"/audits/new/?programme={programme.ref}" if may else "",
    }  # fmt: skip


def _sampled(programme: AuditProgramme, user: Any) -> Any:
    """How much of each register was looked at over the cycle."""
    rows = coverage.sampled_over(programme, user)
    cells = [[one.kind.plural, one.samples, one.drawn, one.total, one.share] for one in rows]
    head = [_("Records"), _("Samples"), _("Drawn so far"), _("All there are"), pgettext("part", "Share")]
    return block("sampled", _("Sampled over the cycle"), head, cells, none=_("No sample was drawn yet."),
                 urls=[f"/{one.kind.path}/" for one in rows])  # fmt: skip


TABS = (RecordTab("programme", "coverage", gettext_lazy("Coverage"), "audits/coverage.html", coverage_tab, order=10),)
