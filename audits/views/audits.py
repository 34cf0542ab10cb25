"""Audits: the register, one audit, planning it, its team and its report."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import asof, clock
from aims.errors import Hidden
from aims.guests import may_write
from aims.registry import RecordTab, registry
from aims.services import require, unmet_checks
from aims.ui import Action, Badge, Crumb, Empty, Fact, Header, Link
from aims.views.form import ChangeView, CreateView, FormView
from aims.views.register import RegisterView, state_badge
from audits import policies, reports, services
from audits.acts import AUDIT_ACTS
from audits.checks import applies
from audits.forms.audits import AuditForm
from audits.forms.nonconformities import ReasonForm
from audits.models import Audit, AuditProgramme, Finding, SampleRow
from audits.reading import systems_of, team_of
from audits.states import AuditState, PaperResult, RowVerdict
from audits.tables import AUDITS, grade_badge
from audits.views.base import ActingView, SeenView
from audits.views.blocks import Block, block
from controls.models.catalogue import OURS
from evidence.sections import period
from organization.models import Unit

WITH_REPORT = (AuditState.REPORTED, AuditState.CLOSED, AuditState.TAKEN_OVER)
_TAKEN_OVER = gettext_lazy(
    "This audit was over before it came here, from a file. Its working papers, samples and signatures are kept where it was "
    "done; whether its auditors were independent was not checked here."
)
NEXT = {"planned": "start", "running": "report", "reported": "close"}


class AuditList(SeenView, RegisterView):
    """Which audits were there, are there, will there be?"""

    model, table = Audit, AUDITS
    lead = gettext_lazy("Internal audits and those of the certification body, from plan to report.")

    def actions(self) -> list[Action]:
        if not policies.may(self.request.user, "audit.plan"):
            return []
        sheet = Action(_("Import past audits"), "/imports/create/?target=audit", icon="upload")
        return [sheet, Action(_("Plan an audit"), "/audits/new/", icon="plus", primary=True)]

    def empty(self) -> Empty:
        text = _(
            "An audit has objectives, criteria and a scope, is done by people who are independent of it, and reports to managers."
        )
        return Empty(title=_("No audit is planned"), text=text, clause="9.2")


class AuditDetail(ActingView):
    """What is audited, by whom, how far is it?"""

    model, acts, summary_template = Audit, AUDIT_ACTS, "audits/record.html"

    def badges(self, record: Audit) -> list[Any]:
        return [state_badge(record), Badge(record.get_sort_display(), "neutral")]

    def more_actions(self, record: Audit) -> list[Action]:
        url, found = record.get_absolute_url(), []
        if record.is_open and policies.may(self.request.user, "audit.change", record):
            found.append(Action(_("Change"), f"{url}change/", icon="pencil"))
        if record.state in WITH_REPORT:
            found.append(Action(_("Report"), f"{url}report-page/", icon="file-text"))
        return found

    def strip(self, record: Audit) -> Sequence[Fact]:
        total = record.items.count()
        looked = record.items.exclude(result=PaperResult.NOT_LOOKED).count()
        papers = Link(
            _("%(looked)d of %(total)d") % {"looked": looked, "total": total}, f"{record.get_absolute_url()}papers/"
        )
        return [
            Fact(_("Begins"), record.starts_on),
            Fact(_("Ends"), record.ends_on),
            *([Fact(_("Looked at"), papers)] if record.keeps_papers else []),
            Fact(_("Programme"), record.programme, missing=_("None")),
        ]

    def facts(self, record: Audit) -> Sequence[tuple[Any, Sequence[Fact]]]:
        aim = [
            Fact(_("Objectives"), record.objectives, missing=_("Not stated yet")),
            Fact(_("Method"), record.method, missing=_("Not stated yet")),
            Fact(_("Plan and agenda"), record.agenda, missing=_("Not stated yet")),
            Fact(_("Conclusions"), record.conclusions, missing=_("Not reported yet")),
        ]
        if record.taken_over:
            aim += [Fact(_("Audited by"), record.audited_by),
                    Fact(_("Where the report is kept"), record.report_at, missing=_("Not said"))]  # fmt: skip
        if record.left_out:
            aim.append(Fact(_("Why the rest was not looked at"), record.left_out))
        criteria = list(record.criteria.select_related("clause__framework", "control__framework"))
        scope = [
            Fact(_("Criteria"), [_framed(row) for row in criteria], missing=_("None yet")),
            Fact(_("Units"), _units(record, self.request.user), missing=_("None named")),
            Fact(_("AI systems"), systems_of(record, self.request.user), missing=_("None named")),
            Fact(_("Period"), period(record.period_from, record.period_to)),
        ]  # fmt: skip
        return [(_("Aim and method"), aim), (_("Criteria and scope"), scope)]

    def extra(self, record: Audit) -> dict[str, Any]:
        step = NEXT.get(record.state, "")
        unmet = {one["id"] for one in unmet_checks(record, "audit", step)} if step else set()
        checks = [one for one in (registry.checks_of("audit", step) if step else []) if applies(one, record)]
        return {
            "checks": [(check.id not in unmet, check.sentence) for check in checks],
            "checks_title": _("Before the next step"),
            "notes": [("info", _TAKEN_OVER)] if record.taken_over else [],
            "blocks": [] if record.taken_over else [team_block(record, self.request.user), self._elsewhere(record)],
        }

    def _elsewhere(self, record: Audit) -> Block:
        rows = record.external_records.all()
        cells = [[one.title, one.held_by, one.address, one.edition, one.dated, one.digest] for one in rows]
        head = [_("Record"), _("Owner"), _("Address"), _("Version"), _("Date"), "SHA-256"]
        return block("elsewhere", _("Records kept elsewhere"), head, cells, none=_("None is relied on."))


def _units(audit: Audit, user: Any) -> list[str]:
    seen = Unit.objects.visible_to(user)
    rows = audit.units.filter(scope_unit__in=seen.values("pk")).select_related("scope_unit")
    return [row.scope_unit.name for row in rows]


def _framed(row: Any) -> str:
    found = row.clause or row.control
    ours = found is None or found.framework.key == OURS
    return str(row) if ours else f"{row} ({found.framework})"


def team_block(audit: Audit, user: Any) -> Block:
    """Who audits, how competent, how independent."""
    rows = team_of(audit, user)
    may = audit.is_open and policies.may(user, "audit.assign", audit) and asof.moment() is None
    url = audit.get_absolute_url()
    cells = [
        [one.person, one.get_role_display(), one.competence.title if one.competence else "–", _independence(one),
         Link(_("Remove"), f"{url}team/{one.pk}/remove/") if may else ""]
        for one in rows
    ]  # fmt: skip
    add = Link(_("Add to the team"), f"{url}assign/") if may else None
    head = [_("Person"), _("Role"), _("Competence"), _("Independence"), _("Change")]
    return block("team", _("Team"), head, cells, none=_("Nobody is on the team yet."), add=add)


def _independence(member: Any) -> Any:
    if not member.conflicts:
        return Badge(_("Independent"), "good")
    return [Badge(_("Overridden"), "bad"), member.override_reason, _("Safeguards: %(words)s") % {"words": member.safeguards},
            _("Approved by %(name)s") % {"name": member.approved_by}]  # fmt: skip


class AuditCreate(CreateView):
    """Plan an audit."""

    model, form_class, submit = Audit, AuditForm, gettext_lazy("Plan the audit")

    def allowed(self, record: Any) -> None:
        require(policies.may(self.request.user, "audit.plan"))

    def heading(self, record: Any) -> str:
        return _("Plan an audit")

    def initial(self, record: Any) -> dict[str, Any]:
        user: Any = self.request.user
        given = self.request.GET.dict()
        programme = AuditProgramme.objects.visible_to(user).filter(ref=given.pop("programme", "")).first()
        return {"owner": user, "programme": programme, "starts_on": clock.today(), **given}

    def perform(self, record: Any, form: Any) -> Audit:
        by: Any = self.request.user
        return services.plan_audit(by=by, **form.data_for_service())


class AuditChange(SeenView, ChangeView):
    """Change what is planned."""

    model, form_class, said = Audit, AuditForm, gettext_lazy("Saved.")

    def allowed(self, record: Any) -> None:
        require(policies.may(self.request.user, "audit.change", record))

    def perform(self, record: Any, form: Any) -> Audit:
        by: Any = self.request.user
        return services.change_audit(record, by=by, version=self.version(form), **form.data_for_service())


class TeamRemove(SeenView, FormView):
    """Take somebody off the team."""

    model, form_class, template_name = Audit, ReasonForm, "kit/act.html"
    submit, said = gettext_lazy("Remove from the team"), gettext_lazy("Removed.")

    def allowed(self, record: Any) -> None:
        require(policies.may(self.request.user, "audit.assign", record))

    def member(self, audit: Audit) -> Any:
        found = audit.team.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Hidden
        return found

    def heading(self, record: Any) -> str:
        return _("Remove %(name)s from the team") % {"name": self.member(record).person}

    def perform(self, record: Audit, form: Any) -> Audit:
        by: Any = self.request.user
        return services.remove_from_team(record, by=by, member=self.member(record), on=clock.today(),
                                         version=self.version(form), **form.data_for_service())  # fmt: skip


class ReportPage(SeenView):
    """The report as it is read and printed: what was audited, how, by whom, what was found, what it means."""

    model = Audit

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        audit = self.get_record()
        if audit.state not in WITH_REPORT:
            raise Hidden
        header = Header(title=_("Audit report: %(title)s") % {"title": audit.title}, ref=audit.ref,
                        badges=[state_badge(audit), Badge(audit.get_sort_display(), "neutral")],
                        crumbs=[*self.crumbs(audit), Crumb(_("Report"))])  # fmt: skip
        return render(request, "audits/report.html", {"header": header, "report": reports.report(audit, request.user)})


def findings_tab(request: HttpRequest, audit: Audit) -> dict[str, Any]:
    """What was found, as far as the reader may know of it."""
    found = Finding.objects.visible_to(request.user).filter(audit=audit).order_by("pk")
    rows = list(found.select_related("criterion__clause", "criterion__control", "owner"))
    cells = [[one.title, grade_badge(one), state_badge(one), str(one.criterion), one.owner] for one in rows]
    may = audit.state == AuditState.RUNNING and policies.can_work(request.user, audit) and asof.moment() is None
    may = may and may_write(request.user, "audit_raise")
    add = Link(_("Raise a finding"), f"{audit.get_absolute_url()}raise/") if may else None
    head = [_("Finding"), _("Grade"), _("State"), _("Criterion"), _("Auditee")]
    none = _("Nothing is found yet, or nothing that you may see.")
    urls = [one.get_absolute_url() for one in rows]
    return {"blocks": [block("findings", _("Findings"), head, cells, none=none, add=add, urls=urls)]}


def findings_count(request: HttpRequest, audit: Audit) -> int:
    return int(Finding.objects.visible_to(request.user).filter(audit=audit).count())


def _rows(match: Q) -> Any:
    """How many rows of a sample match: a subquery, as the past cannot be grouped by its key."""
    rows = SampleRow.objects.filter(match, sample=OuterRef("pk")).order_by().values("sample")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


def samples_block(audit: Audit, add: Link | None = None) -> Block:
    """The samples of an audit."""
    judged = {"judged": _rows(~Q(verdict=RowVerdict.OPEN)), "against": _rows(Q(verdict=RowVerdict.NONCONFORM))}
    rows = audit.samples.select_related("drawn_by").defer("population").annotate(**judged).order_by("pk")
    for one in rows:
        one.audit = audit
    cells = [
        [
            one.title,
            registry.kinds[one.record_kind].plural,
            f"{one.size} / {one.population_count}",
            _judged(one),
            one.drawn_by,
            one.drawn_at,
        ]
        for one in rows
    ]
    head = [_("Sample"), _("Of"), _("Drawn / population"), _("Judged"), _("Drawn by"), _("Drawn")]
    urls = [one.get_absolute_url() for one in rows]
    return block("samples", _("Samples"), head, cells, none=_("No sample is drawn yet."), add=add, urls=urls)


def _judged(sample: Any) -> Any:
    """How many rows have a verdict, and how many of them do not conform."""
    told = _("%(judged)d of %(size)d") % {"judged": sample.judged, "size": sample.size}
    against = _("%(count)d do not conform") % {"count": sample.against}
    return [told, Badge(against, "bad")] if sample.against else told


def samples_tab(request: HttpRequest, audit: Audit) -> dict[str, Any]:
    """What was sampled from what."""
    may = audit.state == AuditState.RUNNING and policies.can_work(request.user, audit) and asof.moment() is None
    add = Link(_("Draw a sample"), f"{audit.get_absolute_url()}draw/") if may else None
    return {"blocks": [samples_block(audit, add)]}


def system_tab(request: HttpRequest, system: Any) -> dict[str, Any]:
    """Audits that looked at the system, and what they found."""
    rows = list(Audit.objects.visible_to(request.user).of_system(system).order_by("-starts_on")[:50])
    found = list(Finding.objects.visible_to(request.user).filter(system=system).order_by("-pk")[:50])
    audits = block(
        "audits", _("Audits"), [_("Audit"), _("Kind"), _("Begins"), _("State")],
        [[one.title, one.get_sort_display(), one.starts_on, state_badge(one)] for one in rows],
        none=_("No audit names this system."), urls=[one.get_absolute_url() for one in rows],
    )  # fmt: skip
    findings = block(
        "findings", _("Findings"), [_("Finding"), _("Grade"), _("State")],
        [[one.title, grade_badge(one), state_badge(one)] for one in found],
        none=_("Nothing was found here."), urls=[one.get_absolute_url() for one in found],
    )  # fmt: skip
    return {"blocks": [audits, findings]}


TABS = (
    RecordTab("audit", "findings", gettext_lazy("Findings"), "audits/record.html", findings_tab, findings_count, 20),
    RecordTab("audit", "samples", gettext_lazy("Samples"), "audits/record.html", samples_tab, order=30),
    RecordTab("system", "audits", gettext_lazy("Audits"), "audits/record.html", system_tab, order=61),
)
